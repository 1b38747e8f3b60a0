"""`psizero import` and `psizero export`: checkpoints of the Psi0 reference <-> policy folders."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

if TYPE_CHECKING:
    from psizero.model.psi0_contract import Psi0Contract
    from psizero.model.psi0_folder import Psi0Folder, Psi0Parts
    from psizero.model.psi0_weights import WeightReport

_SHOWN = 8
"""Names listed per kind of finding."""


def import_(
    checkpoint: tyro.conf.Positional[Path],
    *,
    out: Path | None = None,
    vlm: Path | None = None,
    tokenizer: Path | None = None,
    stats: Path | None = None,
    run_config: Path | None = None,
    stage: Literal["finetune", "posttrain"] | None = None,
    layout: str | None = None,
    heads: int | None = None,
) -> None:
    """Make a policy folder of a checkpoint of the Psi0 reference, after checking every name and shape.

    Args:
        checkpoint: Run folder, folder of weights (one safetensors file or several with an index), or one file.
        out: Policy folder to write; without it, the checkpoint is only checked.
        vlm: Folder or file of the vision-language model, when the checkpoint holds the expert alone.
        tokenizer: Folder with the tokenizer of the vision-language model; released runs of the reference bring none.
        stats: Statistics file; by default `stats_psi0.json` beside the weights or in `meta/`.
        run_config: Run configuration; by default `run_config.json` beside the weights or in the run folder.
        stage: What the expert was trained on last, if no run configuration tells; by default finetune.
        layout: Robot of the checkpoint: g1_dex3, g1_upper_body or simple; by default that of the stage.
        heads: Attention heads of an expert whose heads are not 64 wide.
    """
    from psizero.model.psi0_checkpoint import Settings, find_checkpoint, import_checkpoint

    settings = Settings(
        vlm=vlm, tokenizer=tokenizer, stats=stats, run_config=run_config, stage=stage, layout=layout, heads=heads
    )
    found = find_checkpoint(checkpoint, settings)
    console = Console()
    console.print(_table_of(found.weights, f"Checkpoint {checkpoint}"))
    if not found.weights.problem():
        kept = [*found.run_files, *found.backbone_files]
        console.print(_settings_of(found.parts(), kept))
    if out is None:
        found.parts()
        print("all names and shapes fit; write a policy folder with --out FOLDER")
        return
    policy = import_checkpoint(found, out)
    _print_digests(policy)
    print(f"policy written to {out}")


def export(policy: tyro.conf.Positional[Path], *, out: Path) -> None:
    """Write a policy folder with Psi0's network back in the form of the reference.

    Args:
        policy: Folder made by `psizero import`.
        out: Folder to write: a run with its checkpoint, or an expert alone.
    """
    from psizero.model.psi0_checkpoint import export_checkpoint
    from psizero.model.psi0_folder import read_psi0_folder

    folder = read_psi0_folder(policy)
    weights = export_checkpoint(folder, out)
    _print_digests(folder)
    print(f"checkpoint written to {weights}")


def _table_of(report: "WeightReport", title: str) -> Table:
    """One row per group of tensors, then what does not fit."""
    table = Table(title=title, title_justify="left")
    table.add_column("part", overflow="fold")
    for heading in ("tensors", "numbers", "size", "types"):
        table.add_column(heading, justify="right")
    for group in report.groups:
        table.add_row(group.title, str(group.tensors), f"{group.numbers:,}", decimal(group.byte_count), group.dtypes)
    tensors, numbers, size = (
        sum(getattr(group, name) for group in report.groups) for name in ("tensors", "numbers", "byte_count")
    )
    table.add_section()
    table.add_row("all", str(tensors), f"{numbers:,}", decimal(size), "")
    for mark, names in (
        ("[red]✗ missing", report.missing),
        ("[red]✗ foreign", report.foreign),
        ("[red]✗ other shape", report.misshapen),
    ):
        if names:
            more = f"\n... and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            table.add_section()
            table.add_row(f"{mark}[/]\n" + "\n".join(names[:_SHOWN]) + more, str(len(names)))
    return table


def _settings_of(parts: "Psi0Parts", kept: list[str]) -> Table:
    """What the policy will do with the weights, one row per choice."""
    expert, contract = parts.expert, parts.contract
    table = Table(show_header=False)
    sizes = f"{expert.blocks} blocks of width {expert.width}, {expert.heads} heads, chunks of {expert.chunk} actions"
    table.add_row("action expert", sizes)
    if parts.backbone is None:
        table.add_row("backbone", "none in it; add one with --vlm FOLDER")
    else:
        table.add_row("backbone", f"Qwen3-VL, {parts.backbone.layers} layers, {parts.backbone.vocabulary:,} words")
    table.add_row("robot", f"{parts.layout.name} at {parts.layout.rate:g} Hz")
    scaled = "as they are" if parts.state is None else f"{parts.state.size} numbers, scaled and clipped to [-1, 1]"
    table.add_row("states", scaled)
    table.add_row("actions", f"{parts.action.size} numbers, {contract.actions}, scaled and clipped to [-1, 1]")
    table.add_row("pictures", f"{contract.image_width} x {contract.image_height} pixels")
    table.add_row("sampling", _sampling(contract))
    table.add_row("kept beside", ", ".join(kept) or "nothing")
    return table


def _sampling(contract: "Psi0Contract") -> str:
    promised = f"up to {contract.max_delay} promised actions" if contract.max_delay else "no promised actions"
    return f"{contract.euler_steps} Euler steps, {promised}"


def _print_digests(policy: "Psi0Folder") -> None:
    for part, digest in policy.card()["weights"].items():
        print(f"{part}: sha256 {digest}")
