"""The weights of a Psi0 checkpoint, looked at by name and shape: what is there, what is missing, what is foreign.

In one file the reference writes `action_header.` before the names of the expert
and `vlm_model.` before those of the backbone; an expert or a backbone alone has
no prefix. Names are told apart by these, then compared with those of the networks.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import torch

from psizero.errors import PolicyError
from psizero.model.psi0_expert import Psi0Expert, Psi0ExpertConfig, config_from_shapes
from psizero.model.qwen_shapes import EMBEDDING, TIED_HEAD, QwenShape, qwen_shape_of
from psizero.model.tensor_file import StoredTensor

EXPERT, BACKBONE = "action_header.", "vlm_model."
"""Prefixes of the two parts."""

_EXPERT_GROUPS = {
    "time_ins_embed.": "flow time",
    "obs_proj.": "observation input",
    "action_proj_in.": "action input",
    "transformer_blocks.": "joint blocks",
    "action_proj_out.": "head",
}
_BACKBONE_GROUPS = {
    "model.visual.": "vision tower",
    EMBEDDING: "word embedding",
    "model.language_model.": "decoder",
    TIED_HEAD: "word head (the embedding again)",
}
GROUPS: Mapping[str, Mapping[str, str]] = {EXPERT: _EXPERT_GROUPS, BACKBONE: _BACKBONE_GROUPS}
"""How the names of each part begin, and what that is in words."""
TITLES: Mapping[str, str] = {EXPERT: "action expert", BACKBONE: "vision-language model"}
"""What each part is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tensors of one purpose."""

    title: str
    tensors: int
    numbers: int
    """Parameters."""
    byte_count: int
    dtypes: str
    """Their types with how many tensors have it, as "BF16 390"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightReport:
    """What was found in a checkpoint, beside what was expected; all names are with prefixes."""

    groups: tuple[Group, ...]
    expert: Psi0ExpertConfig | None
    """Sizes told by the shapes; None if the expert cannot be recognized."""
    backbone: QwenShape | None
    """The same of the backbone; None also if there is none."""
    missing: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    misshapen: tuple[str, ...] = ()
    """Name, expected shape and found shape, in words."""
    unknown: str = ""
    """Why a part was not recognized at all."""

    def problem(self) -> str:
        """Return what is wrong in one line, "" if all fits."""
        if self.unknown:
            return self.unknown
        parts = [
            f"{len(names)} {what}, first {names[0]}"
            for what, names in (
                ("missing tensor(s)", self.missing),
                ("foreign tensor(s)", self.foreign),
                ("tensor(s) of another shape", self.misshapen),
            )
            if names
        ]
        return "; ".join(parts)


def with_prefixes(tensors: Mapping[str, StoredTensor]) -> dict[str, StoredTensor]:
    """Return the tensors of one file by their names with prefixes; a part that stands alone gets its own."""
    if any(name.startswith((EXPERT, BACKBONE)) for name in tensors):
        return dict(tensors)
    for part, groups in GROUPS.items():
        if any(name.startswith(tuple(groups)) for name in tensors):
            return {part + name: stored for name, stored in tensors.items()}
    return dict(tensors)


def part_of(tensors: Mapping[str, StoredTensor], part: str) -> dict[str, StoredTensor]:
    """Return the tensors of `EXPERT` or `BACKBONE` by their names without prefix."""
    return {name.removeprefix(part): stored for name, stored in tensors.items() if name.startswith(part)}


def inspect_weights(tensors: Mapping[str, StoredTensor], *, heads: int | None = None) -> WeightReport:
    """Compare a checkpoint's tensors with those of the two networks; `heads` of the expert if they are not 64 wide."""
    foreign = [name for name in tensors if not name.startswith((EXPERT, BACKBONE))]
    expected: dict[str, tuple[int, ...]] = {}
    found: dict[str, Psi0ExpertConfig | QwenShape] = {}
    unknown = ""
    for part in (EXPERT, BACKBONE):
        shapes = {name: stored.shape for name, stored in part_of(tensors, part).items()}
        if not shapes:
            continue
        try:
            found[part], own = _expert(shapes, heads) if part == EXPERT else _backbone(shapes)
        except PolicyError as error:
            unknown = unknown or str(error)
            continue
        expected |= {part + name: shape for name, shape in own.items()}
    if EXPERT not in found and not unknown:
        unknown = "there is no action expert in it (names that begin with action_header. or transformer_blocks.)"
    expert, backbone = found.get(EXPERT), found.get(BACKBONE)
    known = tuple(part for part in found)
    foreign += [name for name in tensors if name.startswith(known) and name not in expected] if known else []
    return WeightReport(
        groups=tuple(_groups(tensors)),
        expert=expert if isinstance(expert, Psi0ExpertConfig) else None,
        backbone=backbone if isinstance(backbone, QwenShape) else None,
        missing=tuple(sorted(set(expected) - set(tensors))),
        foreign=tuple(sorted(foreign)),
        misshapen=tuple(
            f"{name}: expected {list(shape)}, got {list(tensors[name].shape)}"
            for name, shape in sorted(expected.items())
            if name in tensors and tensors[name].shape != shape
        ),
        unknown=unknown,
    )


def _expert(
    shapes: Mapping[str, tuple[int, ...]], heads: int | None
) -> tuple[Psi0ExpertConfig, dict[str, tuple[int, ...]]]:
    config = config_from_shapes(shapes, heads=heads)
    with torch.device("meta"):  # names and shapes alone
        network = Psi0Expert(config)
    return config, {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def _backbone(shapes: Mapping[str, tuple[int, ...]]) -> tuple[QwenShape, dict[str, tuple[int, ...]]]:
    shape = qwen_shape_of(shapes)
    expected = shape.shapes()
    if TIED_HEAD in shapes:  # some files repeat the embedding there
        expected[TIED_HEAD] = expected[EMBEDDING]
    return shape, expected


def _groups(tensors: Mapping[str, StoredTensor]) -> list[Group]:
    """Sort tensors by purpose; what has none is not listed."""
    titles = [f"{TITLES[part]}: {title}" for part, groups in GROUPS.items() for title in groups.values()]
    sorted_in: dict[str, list[StoredTensor]] = {title: [] for title in titles}
    for part, groups in GROUPS.items():
        for name, stored in part_of(tensors, part).items():
            title = next((title for start, title in groups.items() if name.startswith(start)), None)
            if title is not None:
                sorted_in[f"{TITLES[part]}: {title}"].append(stored)
    return [
        Group(
            title=title,
            tensors=len(stored),
            numbers=sum(one.numel for one in stored),
            byte_count=sum(one.byte_count for one in stored),
            dtypes=", ".join(f"{dtype} {count}" for dtype, count in Counter(one.dtype for one in stored).items()),
        )
        for title, stored in sorted_in.items()
        if stored
    ]
