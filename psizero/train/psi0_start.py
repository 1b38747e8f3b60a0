"""What a training of Psi0's network begins with: sizes and weights from one of four kinds of folder.

    an imported policy, or an earlier stage     backbone and expert
    a Qwen3-VL as Hugging Face has it           a backbone; the expert is new, of the paper's sizes
    the folder of this training itself          what it wrote when it began, to be resumed

Of an expert all weights are taken over that have the same name and shape and mean the
same. Those of single numbers of a state or an action do not, if the layouts name these
differently, if the earlier expert answered with steps in place of targets (the
reference's post-training), or saw states as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, PolicyError
from psizero.model.policy_files import CONFIG, LAYOUT, NETWORK, PSI0, parse_json, read_bytes
from psizero.model.psi0_checkpoint import RUN_CONFIG, find_checkpoint
from psizero.model.psi0_contract import Psi0Contract
from psizero.model.psi0_expert import PAPER_SIZE, Psi0ExpertConfig
from psizero.model.psi0_folder import BACKBONE_FILES, RUN_FILES, Psi0Folder, read_begun_psi0, read_psi0_folder
from psizero.model.psi0_weights import BACKBONE, EXPERT
from psizero.model.qwen_shapes import TIED_HEAD, QwenShape
from psizero.model.tensor_file import StoredTensor

_STATE_WEIGHTS = ("obs_proj._obs_proc.",)
"""How the names of those weights begin that mean numbers of a state: of another robot they mean nothing."""
_ACTION_WEIGHTS = ("action_proj_in.ac_proj.", "action_proj_out.linear.")
"""The same for numbers of an action."""
_ARGUMENTS = "argv.txt"
"""File of a run by which the reference finds the kind of its configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Psi0Start:
    """Everything that a folder gives to a training."""

    folder: Path
    expert: Psi0ExpertConfig
    contract: Psi0Contract
    backbone: QwenShape
    tensors: Mapping[str, StoredTensor]
    """Weights by their names with prefixes; those that mean something else are left out."""
    home: Path
    """Where tokenizer and settings of the backbone lie."""
    backbone_files: Mapping[str, Path]
    run_config: Mapping[str, Any]
    """`run_config.json` of the run that the weights come from, empty if there is none."""
    arguments: Path | None
    layout: str
    """Name of the layout that they were trained in; that of the data if they know none."""

    def part(self, prefix: str) -> dict[str, StoredTensor]:
        """Return the weights of `EXPERT` or `BACKBONE`, by their names with prefixes."""
        return {name: stored for name, stored in self.tensors.items() if name.startswith(prefix)}


def find_start(folder: Path, layout: PolicyLayout) -> Psi0Start:
    """Look at what a training on data of `layout` is to begin with."""
    folder = Path(folder)
    if not folder.is_dir():
        raise PolicyError(f"no folder {folder} to begin with; name an imported policy or a Qwen3-VL")
    config = parse_json(folder / CONFIG, read_bytes(folder / CONFIG)) if (folder / CONFIG).is_file() else {}
    if config.get(NETWORK) == PSI0:
        return _of_policy(read_psi0_folder(folder), layout)
    if (folder / LAYOUT).is_file():
        raise PolicyError(f"{folder} holds PsiZero's own network, not that of Psi0; begin with it without --size psi0")
    return _of_backbone(folder, layout)


def find_own_start(out: Path, layout: PolicyLayout) -> Psi0Start:
    """Look at what a training that is resumed has written into its own folder."""
    return _start(read_begun_psi0(out), out, layout)


def check_layout(layout: PolicyLayout, expert: Psi0ExpertConfig) -> None:
    """Refuse data whose numbers the network has no place for."""
    if layout.state.size > expert.state_size or layout.action.size > expert.action_size:
        raise ConfigError(
            f"the network has places for {expert.state_size} numbers of a state and {expert.action_size} of an action, "
            f"layout {layout.name!r} has {layout.state.size} and {layout.action.size}; posttrain carries data of other "
            "robots over with --layout g1_dex3"
        )


def _of_policy(found: Psi0Folder, layout: PolicyLayout) -> Psi0Start:
    """Take a whole policy; what means something else in it is dropped."""
    parts = found.parts
    steps = parts.contract.actions == "delta"
    start = _start(found, found.path, layout)
    foreign: tuple[str, ...] = ()
    if parts.layout.state.names != layout.state.names or parts.state is None:
        foreign += _STATE_WEIGHTS
    if parts.layout.action.names != layout.action.names or steps:
        foreign += _ACTION_WEIGHTS
    dropped = tuple(EXPERT + name for name in foreign)
    chunk = PAPER_SIZE.chunk if steps else parts.expert.chunk
    if chunk != parts.expert.chunk:
        dropped += (f"{EXPERT}action_proj_in.dec_pos",)
    return replace(
        start,
        expert=replace(parts.expert, chunk=chunk),
        tensors={name: stored for name, stored in start.tensors.items() if not name.startswith(dropped)},
        layout=parts.layout.name,
    )


def _start(found: Psi0Folder, folder: Path, layout: PolicyLayout) -> Psi0Start:
    parts, run = found.parts, found.verbatim(RUN_FILES)
    if parts.backbone is None:
        raise PolicyError(f"the policy in {folder} holds the action expert alone; import it with --vlm FOLDER")
    return Psi0Start(
        folder=folder,
        expert=parts.expert,
        contract=parts.contract,
        backbone=parts.backbone,
        tensors={name: stored for name, stored in found.tensors.items() if name != BACKBONE + TIED_HEAD},
        home=folder / BACKBONE_FILES,
        backbone_files=found.verbatim(BACKBONE_FILES),
        run_config=parse_json(run[RUN_CONFIG], read_bytes(run[RUN_CONFIG])) if RUN_CONFIG in run else {},
        arguments=run.get(_ARGUMENTS),
        layout=layout.name,
    )


def _of_backbone(folder: Path, layout: PolicyLayout) -> Psi0Start:
    """Take a backbone alone; the expert will be new."""
    found = find_checkpoint(folder)
    weights = found.weights
    if weights.expert is not None:
        raise PolicyError(f"{folder} is a checkpoint of the reference; make a policy of it first with psizero import")
    if weights.backbone is None:
        raise PolicyError(f"{folder} is neither a policy of Psi0 nor a Qwen3-VL: {weights.problem()}")
    return Psi0Start(
        folder=folder,
        expert=replace(PAPER_SIZE, context_size=weights.backbone.width),
        contract=Psi0Contract(),
        backbone=weights.backbone,
        tensors={name: stored for name, stored in found.tensors.items() if name != BACKBONE + TIED_HEAD},
        home=folder,
        backbone_files=found.backbone_files,
        run_config={},
        arguments=None,
        layout=layout.name,
    )
