"""`psizero data ...`: what recordings hold, whether they are sound, and what can be made of them."""

import itertools
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro
from rich.console import Console
from rich.table import Table

from psizero.errors import DataError

if TYPE_CHECKING:
    from psizero.data.check import Finding
    from psizero.data.source import Source

_MARKS = {"error": "[red]✗ error", "warning": "[yellow]! warning", "note": "· note"}
_SHOWN = 12
"""Episode numbers listed per kind of finding."""


def info(root: tyro.conf.Positional[Path]) -> None:
    """Show what a data set holds.

    Args:
        root: Folder of a data set, or of recordings in any other readable format.
    """
    from psizero.data.lerobot import LeRobotDataset
    from psizero.data.source import format_of, open_source

    source = open_source(root)
    lerobot = source if isinstance(source, LeRobotDataset) else None
    layout = source.layout
    table = Table(title=f"Data set {root}", title_justify="left", show_header=False)
    table.add_row("format", format_of(root) if lerobot is None else f"LeRobot {lerobot.version}")
    table.add_row("layout", f"{layout.name}: {layout.state.size} state numbers, {layout.action.size} action numbers")
    frames, words, known = _told_by(source)
    table.add_row("episodes", f"{len(source.names)}")
    table.add_row("frames", f"{frames} at {layout.rate:g} Hz, {frames / layout.rate / 60:.1f} min")
    for camera in layout.cameras if lerobot is None else lerobot.cameras:
        size = "" if lerobot is None else _size_of(lerobot.features[f"observation.images.{camera}"]["shape"])
        table.add_row("camera", f"{camera}{size}")
    for instruction, count in words.most_common():
        table.add_row("instruction", f'"{instruction}" in {count} episodes')
    table.add_row("success", f"{sum(known)} of {len(known)} episodes" if known else "not recorded")
    Console().print(table)


def _told_by(source: "Source") -> tuple[int, Counter[str], list[bool]]:
    """Return the number of frames, how often each instruction is given, and which episodes were a success."""
    from psizero.data.lerobot import LeRobotDataset

    if isinstance(source, LeRobotDataset):
        words = Counter(entry.instruction for entry in source.episodes)
        known = [bool(entry.info["success"]) for entry in source.episodes if "success" in entry.info]
        return source.frame_count, words, known
    # Other formats have no tables that tell: episodes are read, one at a time.
    frames, words, known = 0, Counter[str](), list[bool]()
    for place in range(len(source.names)):
        episode = source.read(place, cameras=())
        frames += len(episode)
        words[episode.instruction] += 1
        if "success" in episode.info:
            known.append(bool(episode.info["success"]))
    return frames, words, known


def _size_of(shape: Sequence[int]) -> str:
    return f", {shape[1]} x {shape[0]} pixels"


def check(root: tyro.conf.Positional[Path], format: str | None = None) -> None:
    """Look for damage in recordings: files, pictures, times, motion. Exit status 1 if there are errors.

    Args:
        root: Folder of a data set, or of recordings in any other readable format.
        format: What they are, if the folder does not tell: lerobot, teleoperation, everyday-g1,
            everyday-h1, egodex.
    """
    from psizero.data.check import check_dataset

    findings = list(check_dataset(root, format))
    if findings:
        Console().print(_table_of(findings, f"Data set {root}"))
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        raise DataError(f"{root} has {errors} error(s); record or fetch what is damaged again")
    print(f"{root}: no errors")


def convert(
    root: tyro.conf.Positional[Path],
    out: Path,
    format: str | None = None,
    image_size: tuple[int, int] | None = None,
    instruction: str | None = None,
    skip_damaged: bool = False,
    workers: int = min(8, os.cpu_count() or 1),
    ray: str | None = None,
) -> None:
    """Make a LeRobot v3.0 data set of recordings in any readable format; one that was stopped goes on.

    Args:
        root: Folder of the recordings.
        out: Folder for the data set.
        format: What they are, if the folder does not tell: lerobot, teleoperation, everyday-g1,
            everyday-h1, egodex.
        image_size: Height and width of the pictures; they stay as they are by default.
        instruction: Words for every episode, in place of the recorded ones.
        skip_damaged: Leave out what cannot be read; otherwise the first damage ends the conversion.
        workers: Processes that read and encode side by side.
        ray: Address of a Ray cluster, such as auto: all of its cores work instead.
    """
    from psizero.data.convert import convert_source
    from psizero.data.source import open_source

    source = open_source(root, format)
    done = convert_source(
        source,
        out,
        image_size=image_size,
        instruction=instruction,
        skip_damaged=skip_damaged,
        workers=workers,
        cluster=ray,
        progress=lambda name: print(name, flush=True),
    )
    for reason in done.skipped:
        print(f"left out: {reason}")
    again = f", {done.resumed} of them from before" if done.resumed else ""
    print(f"{out}: {done.episodes} episodes{again}")


def stats(
    root: tyro.conf.Positional[Path],
    out: Path | None = None,
    format: str | None = None,
    form: Literal["absolute", "step"] = "absolute",
    moving_only: bool = False,
) -> None:
    """Show mean, deviation, range and quantiles of every number, from one pass over the recordings.

    Args:
        root: Folder of a data set, or of recordings in any other readable format.
        out: Also write them to this file, in the form of the reference's stats_psi0.json.
        format: What they are, if the folder does not tell: lerobot, teleoperation, everyday-g1,
            everyday-h1, egodex.
        form: The numbers as recorded, or their change from one frame to the next.
        moving_only: Leave out frames in which no target moves.
    """
    from psizero.data.atomic_file import write_file
    from psizero.data.source import open_source
    from psizero.data.stats import episode_stats, psi0_stats

    source = open_source(root, format)
    episodes = (source.read(index, cameras=()) for index in range(len(source.names)))
    found = episode_stats(episodes, form=form, moving_only=moving_only)
    for label, layout, part in (
        ("state", source.layout.state, found.state),
        ("action", source.layout.action, found.action),
    ):
        table = Table(title=f"{label}, {part.count} frames", title_justify="left")
        columns = ("min", "q01", "mean", "q99", "max", "std")
        for heading in ("number", *columns):
            table.add_column(heading, justify="left" if heading == "number" else "right")
        for place, name in enumerate(layout.names):
            constant = " (constant)" if part.min[place] == part.max[place] else ""
            table.add_row(name + constant, *(f"{getattr(part, column)[place]:.4g}" for column in columns))
        Console().print(table)
    if out is not None:
        write_file(out, json.dumps(psi0_stats(found)).encode())


def mix(
    data: tyro.conf.Positional[tuple[str, ...]],
    steps: int = 10_000,
    batch_size: int = 32,
    seed: int = 0,
) -> None:
    """Show what a mix of data sets gives over a training: shares, samples, and how often each frame is seen.

    Args:
        data: Folders with their weight: sim=1 real=0.2, or weights over time, real=0:0.5:1 rises from start to end.
        steps: Training steps.
        batch_size: Examples per step.
        seed: Of the order.
    """
    from psizero.data.mix import Mix, MixPart, folder_and_shares
    from psizero.data.source import open_source

    parts = []
    for item in data:
        folder, shares = folder_and_shares(item)
        frames, _, _ = _told_by(open_source(folder))
        parts.append(MixPart(name=str(folder), frames=frames, shares=shares))
    plan = Mix(parts, draws=steps * batch_size, seed=seed)
    tenths = [plan.counts(plan.draws * tenth // 10) for tenth in range(11)]
    table = Table(title=f"{plan.draws} examples in {steps} steps", title_justify="left")
    for heading in ("data set", "frames", "examples", "rounds", "share of each tenth of the training"):
        table.add_column(heading, overflow="fold")
    for place, part in enumerate(parts):
        shares = [(b[place] - a[place]) / max(1, (b - a).sum()) for a, b in itertools.pairwise(tenths)]
        total = int(tenths[-1][place])
        shown = " ".join(f"{share:.0%}" for share in shares)
        table.add_row(part.name, f"{part.frames}", f"{total}", f"{total / part.frames:.2f}", shown)
    Console().print(table)


def view(
    root: tyro.conf.Positional[Path],
    out: Path,
    episode: int = 0,
    format: str | None = None,
) -> None:
    """Write one episode as a web page of its own: pictures, and every number of state and action over time.

    Args:
        root: Folder of a data set, or of recordings in any other readable format.
        out: File of the page.
        episode: Which one, from 0.
        format: What they are, if the folder does not tell: lerobot, teleoperation, everyday-g1,
            everyday-h1, egodex.
    """
    from psizero.data.source import open_source
    from psizero.data.view import write_view

    source = open_source(root, format)
    if not 0 <= episode < len(source.names):
        raise DataError(f"no episode {episode} in {root}; it has {len(source.names)}, counted from 0")
    write_view(source.read(episode), source.layout, out, title=f"{root}, {source.names[episode]}")
    print(f"{out}: open it in a browser")


def _table_of(findings: Sequence["Finding"], title: str) -> Table:
    """One row per kind of finding, the worst first."""
    table = Table(title=title, title_justify="left")
    for heading in ("", "what", "episodes", "first"):
        table.add_column(heading, overflow="fold")
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.severity, finding.kind), []).append(finding)
    order = list(_MARKS)
    for (severity, kind), group in sorted(kinds.items(), key=lambda item: order.index(item[0][0])):
        episodes = sorted({finding.episode for finding in group if finding.episode is not None})
        shown = ", ".join(map(str, episodes[:_SHOWN])) + (", ..." if len(episodes) > _SHOWN else "")
        table.add_row(_MARKS[severity], kind, shown, group[0].message)
    return table
