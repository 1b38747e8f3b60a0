"""Qwen3-VL as stage 1 of Psi0 trains it: all of it, to say action tokens as words of its own.

What comes out is a Hugging Face folder of the same model with more words, and beside it

    steps.json     how steps of hands are scaled, and the sizes of the network
    tokenizer/     the FAST tokenizer of these steps
    card.json      how it was made

A later pre-training that begins with such a folder says the same words of the same scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch import Tensor

from psizero.data.atomic_file import whole_file, write_file
from psizero.data.bounds import Bounds
from psizero.data.frames import Frames
from psizero.data.normalize import known_range
from psizero.embodiment.layout import HUMAN_STEPS
from psizero.errors import ConfigError, DataError, PolicyError
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.action_words import ids_of_actions, rows_for, with_action_words, words_for_actions
from psizero.model.policy_files import CARD, CONFIG, WEIGHTS, json_bytes, parse_json, read_bytes
from psizero.model.psi0_checkpoint import backbone_files_in
from psizero.model.psi0_prompt import check_picture_token
from psizero.model.psi0_weights import BACKBONE, part_of
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_picture import network_picture, network_size, vision_tokens
from psizero.model.qwen_prompt import TOKENIZER_FILES, QwenPrompt, add_words, load_qwen_tokenizer
from psizero.model.qwen_shapes import QwenShape
from psizero.model.qwen_speaker import QwenSpeaker, add_rows
from psizero.model.qwen_weights import fill_qwen
from psizero.model.tensor_file import StoredTensor, store_tensors
from psizero.train.config import PretrainConfig
from psizero.train.parallel import processes
from psizero.train.psi0_start import find_start
from psizero.train.speaker import TOKENIZER, Speaker
from psizero.train.stage import BEGUN_WITH
from psizero.train.trainee import ExampleForm, Scales

STEPS = "steps.json"
"""File that says how steps of hands are scaled."""
_BACKBONE = "backbone."
"""Before the names of the weights in the network that learns."""


class Psi0Speaker(Speaker):
    """A `QwenSpeaker`; what it begins with is looked at when this is made, and read by `build`."""

    def __init__(self, config: PretrainConfig) -> None:
        """Look at the folder to begin with, or at `out` if the training is resumed."""
        size = config.picture
        self.form = ExampleForm(
            picture=partial(network_picture, size=size),
            image_size=network_size(*size),
            cameras=1,
            chunk=1,
            numbers=HUMAN_STEPS.action.size,
            max_delay=0,
        )
        self.shares = {f"{_BACKBONE}model.visual.": config.vision_rate}
        self._config = config
        self._stored: dict[str, StoredTensor] = {}
        if config.begin_with is None:  # resumed: the checkpoint holds the weights
            folder = self._home = config.out
            files = backbone_files_in(folder)
        else:
            start = find_start(config.begin_with, HUMAN_STEPS)
            folder, self._home, files = start.folder, start.home, start.backbone_files
            self._stored = part_of(start.tensors, BACKBONE)
        self._files = {name: read_bytes(path) for name, path in files.items()}
        self._before: _Steps | None = None
        self.tokenizer_folder = None
        if (folder / STEPS).is_file() and (config.resume or config.tokenizer is None):
            self._before, self.tokenizer_folder = _Steps.read(folder / STEPS), folder / TOKENIZER
        self._scales: Scales | None = None
        self._made: _Made | None = None

    @property
    def scales(self) -> Scales:
        """Usual ranges to -1 .. 1, and what is outside cut off, as published."""
        assert self._scales is not None, "measure comes first"
        return self._scales

    def measure(self, training: Frames) -> None:
        """Take the range of each number, of actions only if the weights say none yet."""
        before = self._before
        self._scales = Scales(
            state=_range(training.state, training.state_known[training.part]),
            action=before.action if before else _range(training.action, training.action_known[training.part]),
        )

    def build(self, tokenizer: ActionTokenizer) -> None:
        """Fill the network, and give it words for the tokens that it has none for."""
        count, seed = tokenizer.vocabulary, self._config.seed
        if not any(name in self._files for name in TOKENIZER_FILES):
            raise PolicyError(f"{self._home} holds no tokenizer; put the files of Qwen/Qwen3-VL-2B-Instruct there")
        words = load_qwen_tokenizer(self._home)
        add_words(words, words_for_actions(count))
        backbone = self._backbone()
        check_picture_token(words, backbone.config.picture_token, self._home)
        rows = rows_for(words, backbone.config.shape.vocabulary)
        add_rows(backbone, rows, torch.Generator().manual_seed(seed))
        prompt = QwenPrompt(words, tokens_per_picture=vision_tokens(*self._config.picture))
        backbone.config = replace(backbone.config, padding_token=prompt.padding)
        told = {CONFIG: json_bytes(backbone.config.to_json())} | self._files
        codes, end = ids_of_actions(words, count)
        self._made = _Made(
            network=QwenSpeaker(backbone.train().requires_grad_(True)),
            prompt=prompt,
            codes=codes,
            end=end,
            files=with_action_words(told, words, count, rows),
        )

    @property
    def network(self) -> QwenSpeaker:
        """What learns."""
        return self._ready().network

    @property
    def codes(self) -> Sequence[int]:
        """The ids of the action words."""
        return self._ready().codes

    @property
    def end(self) -> Sequence[int]:
        """What ends an answer of the assistant."""
        return (self._ready().end,)

    def words(self, instructions: Sequence[str]) -> Tensor:
        """Write prompts, all filled up to the longest."""
        return torch.from_numpy(self._ready().prompt(instructions))

    def with_weights(self, weights: Mapping[str, torch.Tensor]) -> QwenSpeaker:
        """Return a second network on the device of the first, without making random weights."""
        own = self.network.backbone
        with torch.device("meta"):  # names without numbers
            network = QwenSpeaker(QwenBackbone(own.config))
        network.load_state_dict(weights, assign=True)
        place = own.model.language_model.norm.weight.device
        return network.to(place).eval().requires_grad_(False)

    def begin(self, out: Path) -> None:
        """Write settings and tokenizer, with the new words, and what these mean."""
        action = self.scales.action
        assert isinstance(action, Bounds)
        steps = _Steps(action=action, shape=self.network.backbone.config.shape)
        for name, content in {**self._ready().files, STEPS: steps.to_bytes()}.items():
            write_file(out / name, content)

    def save(self, out: Path, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]) -> None:
        """Write the weights in bfloat16, as the released ones are."""
        rounded = {name.removeprefix(_BACKBONE): value.to(torch.bfloat16).cpu() for name, value in weights.items()}
        with whole_file(out / WEIGHTS) as unfinished:
            store_tensors(unfinished, rounded, metadata={"format": "pt"})
        write_file(out / CARD, json_bytes(card))

    def _ready(self) -> "_Made":
        assert self._made is not None, "build comes first"
        return self._made

    def _backbone(self) -> QwenBackbone:
        told = parse_json(self._home / CONFIG, self._files[CONFIG]) if CONFIG in self._files else None
        if self._stored:
            return fill_qwen(self._stored, told, dtype=torch.float32)
        assert self._before is not None, "what is resumed has been begun"
        with torch.device("meta"):
            backbone = QwenBackbone(QwenConfig.from_json(told or {}, self._before.shape))
        return backbone.to_empty(device="cpu")  # the checkpoint fills it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Made:
    """What `build` makes."""

    network: QwenSpeaker
    prompt: QwenPrompt
    codes: list[int]
    end: int
    files: Mapping[str, bytes]
    """Settings and tokenizer of the backbone with the new words, by name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Steps:
    """Content of `STEPS`."""

    action: Bounds
    shape: QwenShape

    def to_bytes(self) -> bytes:
        layout = HUMAN_STEPS.name
        return json_bytes({"layout": layout, "action": self.action.to_json(), "backbone": self.shape.to_json()})

    @staticmethod
    def read(path: Path) -> "_Steps":
        told = parse_json(path, read_bytes(path))
        try:
            return _Steps(action=Bounds.from_json(told["action"]), shape=QwenShape.from_json(told["backbone"]))
        except (DataError, KeyError, TypeError) as error:
            raise PolicyError(f"{path} is damaged ({error}); train the backbone again") from error


def begin_psi0_speaker(config: PretrainConfig, settings: dict[str, Any], console: Console) -> Psi0Speaker:
    """Return what a stage trains; what it begins with goes into `settings`."""
    if processes() > 1:
        raise ConfigError(f"Qwen3-VL learns to say actions in one process, there are {processes()}; leave torchrun out")
    if config.scale.compile:
        raise ConfigError("--scale.compile does not reach the layers of Qwen3-VL; leave it out")
    if config.begin_with is not None:
        settings[BEGUN_WITH] = {"folder": str(config.begin_with.resolve())}
        console.print(f"begins with the Qwen3-VL in {config.begin_with}", highlight=False, soft_wrap=True)
    return Psi0Speaker(config)


def _range(values: np.ndarray, known: np.ndarray) -> Bounds:
    """Return the usual range of each of D numbers over those of (N, D) values that are `known`."""
    found = known_range(values, known)
    return Bounds(low=found.low, high=found.high, width=found.size, constant="zero")
