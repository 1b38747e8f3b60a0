"""A policy with the network of the Psi0 paper on disk: the files of `policy_folder`, and what came with the weights.

    config.json          network "psi0": sizes of the expert and of the backbone, the contract
    layout.json          what each number of its states and actions means
    stats.json           bounds by which they are scaled; no state bounds: it is taken as it is
    card.json            training step, and a SHA-256 of each part's weights
    model.safetensors    weights as they were, in their own type: `action_header.` before the expert's
                         names, `vlm_model.` before the backbone's, as in the reference
    reference/           files of the reference's run, untouched: run_config.json, argv.txt, stats_psi0.json
    backbone/            tokenizer and image processor of the backbone, untouched

An import appears whole or not at all. A training writes its folder in two steps
(`psi0_saving`), and puts the weights of a backbone that does not learn into a file of
their own, `backbone.safetensors`. Weights are read one tensor at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from psizero.data.atomic_file import make_folder, whole_folder, write_file
from psizero.data.bounds import Bounds
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, DataError, LayoutError, PolicyError
from psizero.model.policy_files import (
    CARD,
    CONFIG,
    DIGEST,
    LAYOUT,
    NETWORK,
    PSI0,
    STATS,
    WEIGHTS,
    digest_of,
    json_bytes,
    parse_json,
    read_bytes,
)
from psizero.model.psi0_contract import Psi0Contract
from psizero.model.psi0_expert import Psi0Expert, Psi0ExpertConfig, load_expert
from psizero.model.psi0_weights import BACKBONE, EXPERT, part_of
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_shapes import QwenShape
from psizero.model.qwen_weights import fill_qwen
from psizero.model.tensor_file import (
    StoredTensor,
    combined_digest,
    read_metadata,
    read_tensor_names,
    read_tensors,
    write_tensors,
)

RUN_FILES, BACKBONE_FILES = "reference", "backbone"
"""Sub-folders of files that are kept as they came."""
KEPT_WEIGHTS = "backbone.safetensors"
"""Weights of a backbone that did not learn in the training that wrote the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Psi0Parts:
    """All of a policy but its weights."""

    expert: Psi0ExpertConfig
    backbone: QwenShape | None
    """None: the backbone is loaded from elsewhere."""
    contract: Psi0Contract
    layout: PolicyLayout
    action: Bounds
    state: Bounds | None
    """None: states are taken as they are, filled up with zeros."""
    step: int = 0
    """Optimizer steps of the training, 0 if nobody told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Psi0Folder:
    """A policy folder that was read: everything but the numbers of its weights."""

    path: Path
    parts: Psi0Parts
    tensors: Mapping[str, StoredTensor]
    """All weights, by their names with prefixes."""

    def load_expert(self, dtype: torch.dtype = torch.float32) -> Psi0Expert:
        """Return the action expert with weights of type `dtype`."""
        own = part_of(self.tensors, EXPERT)
        expert = load_expert(dict(read_tensors(own)), heads=self.parts.expert.heads)
        return expert.to(dtype)

    def load_backbone(
        self, *, layers: tuple[int, ...] | None = None, dtype: torch.dtype = torch.bfloat16
    ) -> QwenBackbone:
        """Return the backbone with weights of type `dtype`; `layers` as in `QwenBackbone`."""
        if self.parts.backbone is None:
            raise PolicyError(f"the policy in {self.path} holds the action expert alone; import it with --vlm FOLDER")
        path = self.verbatim(BACKBONE_FILES).get(CONFIG)
        config = None if path is None else parse_json(path, read_bytes(path))
        return fill_qwen(part_of(self.tensors, BACKBONE), config, layers=layers, dtype=dtype)

    def verbatim(self, folder: str) -> dict[str, Path]:
        """Return the files of `RUN_FILES` or `BACKBONE_FILES`, by name."""
        root = self.path / folder
        return {path.name: path for path in sorted(root.iterdir())} if root.is_dir() else {}

    def card(self) -> dict[str, Any]:
        """Return where the weights come from and their digests."""
        return parse_json(self.path / CARD, read_bytes(self.path / CARD))


def save_psi0_folder(
    folder: Path,
    parts: Psi0Parts,
    tensors: Mapping[str, StoredTensor],
    *,
    verbatim: Mapping[str, Mapping[str, Path]],
) -> Psi0Folder:
    """Write a policy whose weights are copied from where they lie; `folder` must not hold anything yet.

    `verbatim` has files to keep as they are: by sub-folder (`RUN_FILES`, `BACKBONE_FILES`), then by name.
    """
    files = files_of(parts)
    with whole_folder(folder) as unfinished:
        for name, content in files.items():
            write_file(unfinished / name, content)
        for kind, sources in verbatim.items():
            for name, source in sources.items():
                make_folder(unfinished / kind)
                write_file(unfinished / kind / name, read_bytes(source))
        digests = write_tensors(unfinished / WEIGHTS, tensors, metadata={DIGEST: digest_of(files), "format": "pt"})
        card = {"step": parts.step, "weights": {}}
        for part in (EXPERT, BACKBONE):
            own = {name: stored for name, stored in tensors.items() if name.startswith(part)}
            if own:
                card["weights"][part.rstrip(".")] = combined_digest(own, digests)
        write_file(unfinished / CARD, json_bytes(card))
    return read_psi0_folder(folder)


def files_of(parts: Psi0Parts) -> dict[str, bytes]:
    """Return the files to which the weights belong, by name."""
    return {
        CONFIG: json_bytes(
            {
                NETWORK: PSI0,
                "expert": asdict(parts.expert),
                "backbone": parts.backbone.to_json() if parts.backbone else None,
                "contract": parts.contract.to_json(),
            }
        ),
        LAYOUT: json_bytes(parts.layout.to_json()),
        STATS: json_bytes(
            {"state": parts.state.to_json() if parts.state else None, "action": parts.action.to_json()},
        ),
    }


def read_psi0_folder(folder: Path) -> Psi0Folder:
    """Read all of a policy but the numbers of its weights; anything missing, damaged or foreign is a `PolicyError`."""
    folder = Path(folder)
    parts, digest = _read_parts(folder)
    card = parse_json(folder / CARD, read_bytes(folder / CARD))
    try:
        parts = replace(parts, step=int(card["step"]))
    except (KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"the policy in {folder} is damaged: {error}; import or fetch it again") from error
    apart = (KEPT_WEIGHTS,) if (folder / KEPT_WEIGHTS).is_file() else ()
    return Psi0Folder(path=folder, parts=parts, tensors=_weights(folder, (WEIGHTS, *apart), digest))


def read_begun_psi0(folder: Path) -> Psi0Folder:
    """Read what a training wrote before its first step: all but what learns."""
    folder = Path(folder)
    parts, digest = _read_parts(folder)
    apart = (KEPT_WEIGHTS,) if (folder / KEPT_WEIGHTS).is_file() else ()
    return Psi0Folder(path=folder, parts=parts, tensors=_weights(folder, apart, digest))


def _read_parts(folder: Path) -> tuple[Psi0Parts, str]:
    """Return what all but weights and card tell, and the digest that the weights must be marked with."""
    if not folder.is_dir():
        raise PolicyError(f"no policy folder {folder}; make one with `psizero import`")
    files = {name: read_bytes(folder / name) for name in (CONFIG, LAYOUT, STATS)}
    config = parse_json(folder / CONFIG, files[CONFIG])
    if config.get(NETWORK) != PSI0:
        raise PolicyError(f"the policy in {folder} does not hold the network of Psi0; it needs no import or export")
    stats, layout = parse_json(folder / STATS, files[STATS]), parse_json(folder / LAYOUT, files[LAYOUT])
    try:
        parts = Psi0Parts(
            expert=Psi0ExpertConfig(**config["expert"]),
            backbone=QwenShape.from_json(config["backbone"]) if config["backbone"] else None,
            contract=Psi0Contract.from_json(config["contract"]),
            layout=PolicyLayout.from_json(layout),
            action=Bounds.from_json(stats["action"]),
            state=Bounds.from_json(stats["state"]) if stats["state"] else None,
        )
    except (ConfigError, DataError, LayoutError, PolicyError, KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"the policy in {folder} is damaged: {error}; import or fetch it again") from error
    return parts, digest_of(files)


def _weights(folder: Path, names: Sequence[str], digest: str) -> dict[str, StoredTensor]:
    """Return the tensors of some files, all of which must be marked with a digest."""
    found: dict[str, StoredTensor] = {}
    for path in (folder / name for name in names):
        if read_metadata(path).get(DIGEST) != digest:
            raise PolicyError(
                f"{path} was not made for the {CONFIG}, {LAYOUT} and {STATS} beside it; fetch the whole folder again"
            )
        found |= read_tensor_names(path)
    return found
