"""Psi0's network as a stage trains it: from released weights, or an expert from nothing over a Qwen3-VL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch import Tensor, nn

from psizero.data.bounds import Bounds, Constant
from psizero.data.frames import Frames
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError
from psizero.model.network import PolicyNetwork
from psizero.model.policy_files import CONFIG, json_bytes, parse_json, read_bytes
from psizero.model.psi0_checkpoint import RUN_CONFIG
from psizero.model.psi0_contract import Psi0Contract, run_config_of
from psizero.model.psi0_expert import Psi0Expert
from psizero.model.psi0_folder import BACKBONE_FILES, RUN_FILES, Psi0Parts
from psizero.model.psi0_network import Psi0Network
from psizero.model.psi0_prompt import Psi0Prompt, read_psi0_prompt
from psizero.model.psi0_saving import begin_psi0_folder, renew_psi0_folder
from psizero.model.psi0_weights import BACKBONE, EXPERT, part_of
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_picture import network_picture, network_size
from psizero.model.qwen_weights import fill_qwen
from psizero.model.tensor_file import read_tensors
from psizero.train.beginning import Beginning
from psizero.train.config import ExpertStageConfig
from psizero.train.parallel import processes
from psizero.train.psi0_start import Psi0Start, check_layout, find_own_start, find_start
from psizero.train.stage import BEGUN_WITH, seeded, uses_bfloat16
from psizero.train.trainee import ExampleForm, Scales, Trainee

_MAX_DELAY = Psi0Contract().max_delay
"""Most promised actions, as published."""


class Psi0Trainee(Trainee):
    """A `Psi0Network`, whose policy folder is that of `psizero import`."""

    def __init__(self, network: Psi0Network, prompt: Psi0Prompt, start: Psi0Start, layout: PolicyLayout) -> None:
        """Take the network and what it begins with, for data of `layout`."""
        contract, expert = start.contract, start.expert
        size = (contract.image_height, contract.image_width)
        self._network = network
        self.form = ExampleForm(
            picture=partial(network_picture, size=size),
            image_size=network_size(*size),
            cameras=len(layout.cameras),
            chunk=expert.chunk,
            numbers=expert.action_size,
            max_delay=contract.max_delay,
        )
        self._prompt = prompt
        self._start = start
        self._layout = layout
        self._bounds: tuple[Bounds, Bounds] | None = None

    @property
    def network(self) -> Psi0Network:
        """What learns."""
        return self._network

    @property
    def scales(self) -> Scales:
        """Full ranges to -1 .. 1, filled up with zeros."""
        state, action = self._known()
        return Scales(state=state, action=action)

    def measure(self, training: Frames) -> None:
        """Take minimum and maximum of each number, over the data sets that have it."""
        expert = self._start.expert
        self._bounds = (
            _range(training.state, training.state_known[training.part], expert.state_size, "zero"),
            _range(training.action, training.action_known[training.part], expert.action_size, "pass"),
        )

    def words(self, instructions: Sequence[str]) -> Tensor:
        """Write prompts, all filled up to the longest."""
        return torch.from_numpy(self._prompt(instructions))

    def frozen_backbone(self, device: str) -> tuple[nn.Module, Mapping[str, Any]]:
        """Return the backbone itself: frozen, it is whole in each process."""
        backbone = self._network.backbone
        return backbone, {"backbone": backbone.config.to_json(), "contract": self._start.contract.to_json()}

    def with_weights(self, weights: Mapping[str, torch.Tensor]) -> PolicyNetwork:
        """Return a copy on the device of the network, beside whose backbone it is put if that is frozen."""
        own = self._network
        place = own.action_header.action_proj_out.linear.weight.device
        frozen = not own.learns_to_see
        expert = Psi0Expert(self._start.expert)
        backbone = own.backbone if frozen else QwenBackbone(own.backbone.config)
        network = Psi0Network(backbone, expert, frozen=frozen, euler_steps=own.euler_steps)
        network.load_state_dict(weights)
        return network.to(place).eval().requires_grad_(False)

    def begin(self, out: Path) -> None:
        """Copy the files of the backbone, and its weights if it is frozen; tell the reference's form of the run."""
        start = self._start
        state, action = self._known()
        told = run_config_of(start.contract, start.expert, action, state, before=start.run_config)
        run = {RUN_CONFIG: json_bytes(told)}
        if start.arguments is not None:
            run[start.arguments.name] = read_bytes(start.arguments)
        files = {name: read_bytes(path) for name, path in start.backbone_files.items()}
        files[CONFIG] = json_bytes(self._network.backbone.config.to_json()) if CONFIG not in files else files[CONFIG]
        kept = {} if self._network.learns_to_see else start.part(BACKBONE)
        begin_psi0_folder(out, self._parts(), kept, files={RUN_FILES: run, BACKBONE_FILES: files})

    def save(self, out: Path, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]) -> None:
        """Write what learns."""
        renew_psi0_folder(out, replace(self._parts(), step=int(card["steps"])), weights, card=card)

    def _parts(self) -> Psi0Parts:
        start = self._start
        state, action = self._known()
        return Psi0Parts(
            expert=start.expert,
            backbone=start.backbone,
            contract=start.contract,
            layout=self._layout,
            action=action,
            state=state,
        )

    def _known(self) -> tuple[Bounds, Bounds]:
        assert self._bounds is not None, "measure comes first"
        return self._bounds


def begin_psi0(
    config: ExpertStageConfig, layout: PolicyLayout, settings: dict[str, Any], console: Console
) -> Psi0Trainee:
    """Return the network of a stage, with the weights it begins with; what they were goes into `settings`."""
    frozen = config.backbone == "frozen"
    if not frozen and processes() > 1:
        raise ConfigError(
            f"Qwen3-VL learns in one process, there are {processes()}; give --backbone frozen, as published, or one"
        )
    start = _settled(config, layout)
    check_layout(layout, start.expert)
    backbone = _backbone(start, config, frozen=frozen)
    contract = start.contract
    prompt = read_psi0_prompt(
        start.home,
        backbone.config.picture_token,
        pictures=len(layout.cameras),
        picture_size=(contract.image_height, contract.image_width),
    )
    backbone.config = replace(backbone.config, padding_token=prompt.padding)
    expert = seeded(config.seed, lambda: Psi0Expert(start.expert))
    taken = {name: tensor.float() for name, tensor in read_tensors(part_of(start.tensors, EXPERT))}
    own = expert.state_dict()
    expert.load_state_dict({**own, **taken})
    network = Psi0Network(backbone, expert, frozen=frozen, euler_steps=contract.euler_steps)
    if config.begin_with is not None:
        beginning = Beginning(
            folder=str(start.folder.resolve()),
            layout=start.layout,
            taken=tuple(sorted(start.tensors)),
            anew=tuple(EXPERT + name for name in own if name not in taken),
        )
        console.print(beginning.told(layout), highlight=False, soft_wrap=True)
        settings[BEGUN_WITH] = beginning.to_json()
    return Psi0Trainee(network, prompt, start, layout)


def _settled(config: ExpertStageConfig, layout: PolicyLayout) -> Psi0Start:
    """Return what the training begins with, and what it will answer with: targets, and delays that it learns."""
    if config.begin_with is None:
        return find_own_start(config.out, layout)
    start = find_start(config.begin_with, layout)
    learned = 0 if config.objective.no_delay == 1.0 else min(_MAX_DELAY, start.expert.chunk - 1)
    return replace(start, contract=replace(start.contract, actions="absolute", max_delay=learned))


def _backbone(start: Psi0Start, config: ExpertStageConfig, *, frozen: bool) -> QwenBackbone:
    """Return the backbone, rounded if it is frozen and activations are; resumed, its weights may come later."""
    rounded = frozen and uses_bfloat16(config.precision, config.scale.device)
    path = start.backbone_files.get(CONFIG)
    told = None if path is None else parse_json(path, read_bytes(path))
    stored = part_of(start.tensors, BACKBONE)
    if not stored:  # it learns, and the checkpoint holds what it has learned
        return QwenBackbone(QwenConfig.from_json(told or {}, start.backbone))
    return fill_qwen(stored, told, dtype=torch.bfloat16 if rounded else torch.float32)


def _range(values: np.ndarray, known: np.ndarray, width: int, constant: Constant) -> Bounds:
    """Return minimum and maximum of each of D numbers over those of (N, D) values that are `known`; if none, 0 to 0."""
    low = np.where(known, values, np.inf).min(0)
    high = np.where(known, values, -np.inf).max(0)
    seen = known.any(0)
    return Bounds(low=np.where(seen, low, 0), high=np.where(seen, high, 0), width=width, constant=constant)
