"""Checkpoints of the Psi0 reference: found on disk, checked, made into a policy folder, and written back.

What is understood, from the reference's own scripts and its released files:

    RUN/run_config.json, argv.txt, checkpoints/ckpt_STEP/model.safetensors   a fine-tuned policy
    FOLDER/action_header.safetensors                                         an expert alone
    FOLDER/model.safetensors, config.json, tokenizer.json, ...               a backbone alone
    FOLDER/model.safetensors.index.json and its files                        either in several files
    FOLDER/ with an expert and a backbone side by side                       both

An exported policy has the form of a RUN, an expert without backbone that of the
second line. Importing it again gives the same policy folder, byte for byte.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from psizero.data.atomic_file import make_folder, whole_folder, write_file
from psizero.data.public import PICKLES
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import PolicyError
from psizero.model.policy_files import parse_json, read_bytes
from psizero.model.psi0_contract import PSI0_LAYOUTS, STAGE_LAYOUT, Psi0Run, Stage
from psizero.model.psi0_folder import BACKBONE_FILES, RUN_FILES, Psi0Folder, Psi0Parts, save_psi0_folder
from psizero.model.psi0_weights import BACKBONE, EXPERT, WeightReport, inspect_weights, part_of, with_prefixes
from psizero.model.qwen_prompt import TOKENIZER_FILES
from psizero.model.tensor_file import (
    INDEX,
    SINGLE,
    StoredTensor,
    read_metadata,
    read_tensor_names,
    refuse_pickle,
    write_tensors,
)

EXPERT_FILE = "action_header.safetensors"
"""Name of the weights of an expert alone."""
RUN_CONFIG, STATS = "run_config.json", "stats_psi0.json"
_KEPT = (RUN_CONFIG, "argv.txt", "dataset_statistics.json", STATS)
"""Files of a run that are kept; others, `envs.txt` above all, may hold secrets."""
_MODEL_FILES = ("config.json", "generation_config.json", "preprocessor_config.json", "video_preprocessor_config.json")
_WORD_FILES = (
    *TOKENIZER_FILES,
    "merges.txt",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
)
"""Files of a backbone and of its tokenizer beside the weights, as transformers names them."""
_STEP = re.compile(r"ckpt_(\d+)")
_TOLD = "psizero.import"
"""Key in the header of exported weights: the settings that another import needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a checkpoint itself may not tell."""

    vlm: Path | None = None
    """Folder or file of the backbone, when it is not in the checkpoint."""
    tokenizer: Path | None = None
    """Folder with the tokenizer of the backbone, when there is none beside its weights."""
    stats: Path | None = None
    """Statistics file; by default `stats_psi0.json` beside the weights or in `meta/`."""
    run_config: Path | None = None
    """Run configuration; by default `run_config.json` beside the weights or in the run's folder."""
    stage: Stage | None = None
    """Stage of the training, for a checkpoint without run configuration; fine-tuning if nobody tells."""
    layout: str | None = None
    """Name of the robot's layout (`PSI0_LAYOUTS`); by default that of the stage."""
    heads: int | None = None
    """Attention heads of an expert whose heads are not 64 wide."""
    own_layout: PolicyLayout | None = None
    """Layout of a policy that was trained here on a robot without a name in `PSI0_LAYOUTS`."""

    def completed(self, told: Mapping[str, Any]) -> "Settings":
        """Return the settings with what an exported checkpoint tells of itself in place of what is None."""
        own = {name: getattr(self, name) for name in ("stage", "layout", "heads")}
        whole = told.get("own_layout") if self.layout is None else None
        return replace(
            self,
            own_layout=None if whole is None else PolicyLayout.from_json(whole),
            **{name: told.get(name) for name, value in own.items() if value is None},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A checkpoint that was found: names and places, no numbers."""

    tensors: Mapping[str, StoredTensor]
    """By name with prefix."""
    weights: WeightReport
    settings: Settings
    """What was asked for, completed by what the checkpoint tells of itself."""
    step: int
    """Optimizer steps of its training, 0 if its folder does not tell."""
    run_files: Mapping[str, Path] = field(default_factory=dict)
    backbone_files: Mapping[str, Path] = field(default_factory=dict)

    def parts(self) -> Psi0Parts:
        """Return all of the policy but its weights; a checkpoint that does not fit is a `PolicyError`."""
        problem, expert = self.weights.problem(), self.weights.expert
        if problem or expert is None:
            raise PolicyError(f"this is no checkpoint of Psi0's network: {problem}; nothing was written")
        run = Psi0Run(
            config=self._json(RUN_CONFIG),
            stats=self._json(STATS),
            stage=self.settings.stage or "finetune",
        )
        run.check_expert(expert)
        layout = self.settings.own_layout
        if layout is None:
            layout = PSI0_LAYOUTS[self.settings.layout or STAGE_LAYOUT[run.trained_stage]]
        return Psi0Parts(
            expert=expert,
            backbone=self.weights.backbone,
            contract=run.contract(),
            layout=layout,
            action=run.action_bounds(layout, expert),
            state=run.state_bounds(layout, expert),
            step=self.step,
        )

    def _json(self, name: str) -> dict[str, Any] | None:
        path = self.run_files.get(name)
        return None if path is None else parse_json(path, read_bytes(path))


def find_checkpoint(source: Path, settings: Settings | None = None) -> Checkpoint:
    """Look at a checkpoint: a run, a folder, or one file of weights."""
    files = _weight_files(source)
    settings = (settings or Settings()).completed(_told_by(files[0]))
    folder = files[0].parent
    homes = [folder, folder / "meta"]
    if folder.parent.name == "checkpoints":
        homes += [folder.parent.parent, folder.parent.parent / "meta"]
    if settings.vlm is not None:
        files += _weight_files(settings.vlm)
    tensors: dict[str, StoredTensor] = {}
    # The files of a backbone lie where an export put them, or beside its weights.
    beside = [home / BACKBONE_FILES for home in homes]
    for file in files:
        more = with_prefixes(read_tensor_names(file))
        if twice := sorted(set(more) & set(tensors)):
            raise PolicyError(f"{file} and {tensors[twice[0]].file} both hold {twice[0]}; name the one file to read")
        tensors |= more
        if any(name.startswith(BACKBONE) for name in more):
            beside.append(file.parent)
    if len(beside) == len(homes):
        beside = []  # an expert alone has no use for them
    words = beside if settings.tokenizer is None else [_tokenizer_folder(settings.tokenizer)]
    run_files = _first_of(homes, _KEPT)
    chosen = {RUN_CONFIG: settings.run_config, STATS: settings.stats}
    run_files |= {name: path for name, path in chosen.items() if path is not None}
    step = _STEP.fullmatch(folder.name)
    return Checkpoint(
        tensors=tensors,
        weights=inspect_weights(tensors, heads=settings.heads),
        settings=settings,
        step=int(step[1]) if step else 0,
        run_files=run_files,
        backbone_files=_first_of(beside, _MODEL_FILES) | _first_of(words, _WORD_FILES),
    )


def import_checkpoint(checkpoint: Checkpoint, out: Path) -> Psi0Folder:
    """Make a policy folder of a checkpoint; weights are copied as they are, one after another."""
    return save_psi0_folder(
        out,
        checkpoint.parts(),
        checkpoint.tensors,
        verbatim={RUN_FILES: checkpoint.run_files, BACKBONE_FILES: checkpoint.backbone_files},
    )


def export_checkpoint(policy: Psi0Folder, out: Path) -> Path:
    """Write a policy in the reference's form and return the file of its weights."""
    if policy.parts.backbone is None:
        place, tensors = Path(EXPERT_FILE), part_of(policy.tensors, EXPERT)
    else:
        place, tensors = Path("checkpoints", f"ckpt_{policy.parts.step}", SINGLE), dict(policy.tensors)
    parts = policy.parts
    stage = "posttrain" if parts.contract.actions == "delta" else "finetune"
    named = parts.layout in PSI0_LAYOUTS.values()
    layout = {"layout": parts.layout.name} if named else {"own_layout": parts.layout.to_json()}
    told = json.dumps({"stage": stage, **layout, "heads": parts.expert.heads})
    with whole_folder(out) as unfinished:
        for name, path in policy.verbatim(RUN_FILES).items():
            write_file(unfinished / name, read_bytes(path))
        for name, path in policy.verbatim(BACKBONE_FILES).items():
            write_file(unfinished / BACKBONE_FILES / name, read_bytes(path))
        make_folder((unfinished / place).parent)
        write_tensors(unfinished / place, tensors, metadata={_TOLD: told, "format": "pt"})
    return out / place


def backbone_files_in(folder: Path) -> dict[str, Path]:
    """Return where settings and tokenizer of a backbone lie in its folder, by name."""
    return _first_of([folder], (*_MODEL_FILES, *_WORD_FILES))


def _told_by(file: Path) -> Mapping[str, Any]:
    """Return the settings that an export wrote into the header of its weights, none for any other file."""
    told = read_metadata(file).get(_TOLD) if file.suffix == ".safetensors" else None
    return parse_json(file, told.encode()) if told else {}


def _weight_files(source: Path) -> list[Path]:
    """Return the files of weights that `source` means; a folder without any is a `PolicyError`."""
    if source.is_file():
        refuse_pickle(source)
        return [source]
    if not source.is_dir():
        raise PolicyError(f"no checkpoint {source}; name a run, a folder or a safetensors file")
    found = [source / EXPERT_FILE] if (source / EXPERT_FILE).is_file() else []
    whole = next((source / name for name in (INDEX, SINGLE) if (source / name).is_file()), None)
    found += [whole] if whole is not None else []
    if found:
        return found
    steps = {int(match[1]): path for path in source.glob("checkpoints/*") if (match := _STEP.fullmatch(path.name))}
    if steps:
        return _weight_files(steps[max(steps)])
    for path in sorted(source.iterdir()):
        if path.suffix in PICKLES:
            refuse_pickle(path)
    raise PolicyError(
        f"{source} holds no checkpoint: expected {SINGLE}, {INDEX}, {EXPERT_FILE} or checkpoints/ckpt_STEP/ in it"
    )


def _tokenizer_folder(folder: Path) -> Path:
    """Return a folder that holds a tokenizer; any other is a `PolicyError`."""
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        raise PolicyError(
            f"{folder} holds no tokenizer: expected {' or '.join(TOKENIZER_FILES)} in it; "
            "for released checkpoints take the files of Qwen/Qwen3-VL-2B-Instruct"
        )
    return folder


def _first_of(homes: list[Path], names: tuple[str, ...]) -> dict[str, Path]:
    """Return where each of the names lies first; those that lie nowhere are left out."""
    found: dict[str, Path] = {}
    for name in names:
        place = next((home / name for home in homes if (home / name).is_file()), None)
        if place is not None:
            found[name] = place
    return found
