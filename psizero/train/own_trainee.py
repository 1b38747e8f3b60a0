"""PsiZero's own network as a stage trains it: tiny, of random weights or those of an earlier stage."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from torch import nn

from psizero.embodiment.layout import PolicyLayout
from psizero.model.config import config_of_size
from psizero.model.network import FlowNetwork, PolicyNetwork
from psizero.model.policy import Normalizers
from psizero.model.policy_folder import PolicyParts, save_policy
from psizero.train.beginning import begin_with
from psizero.train.config import ExpertStageConfig
from psizero.train.own_inputs import OwnInputs
from psizero.train.parallel import whole
from psizero.train.stage import BEGUN_WITH, seeded
from psizero.train.trainee import ExampleForm, Trainee


class OwnTrainee(OwnInputs, Trainee):
    """A `FlowNetwork` in one of its sizes."""

    def __init__(self, network: FlowNetwork, layout: PolicyLayout, normalizers: Normalizers | None = None) -> None:
        """Take the network, for data of `layout`."""
        model = network.config
        super().__init__(model, normalizers)
        self._network = network
        self.form = ExampleForm(
            picture=model.image_size,
            image_size=model.image_size,
            cameras=model.cameras,
            chunk=model.chunk,
            numbers=model.action_size,
            max_delay=model.max_delay,
        )
        self._layout = layout

    @property
    def network(self) -> FlowNetwork:
        """What learns."""
        return self._network

    def frozen_backbone(self, device: str) -> tuple[nn.Module, Mapping[str, Any]]:
        """Put the pieces of the backbone together in a copy."""
        backbone = FlowNetwork(self._model).backbone
        own = self._network.backbone.state_dict()
        backbone.load_state_dict({name: whole(value) for name, value in own.items()})
        return backbone.to(device), self._model.to_json()

    def with_weights(self, weights: Mapping[str, torch.Tensor]) -> PolicyNetwork:
        """Return a copy in main memory."""
        network = FlowNetwork(self._model)
        network.load_state_dict(weights)
        return network

    def begin(self, out: Path) -> None:
        """Write nothing: the folder is small and written as a whole."""

    def save(self, out: Path, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]) -> None:
        """Write the whole folder."""
        parts = PolicyParts(config=self._model, layout=self._layout, normalizers=self._known())
        save_policy(out, parts, weights, card=card)


def begin_own(
    config: ExpertStageConfig, layout: PolicyLayout, settings: dict[str, Any], console: Console
) -> OwnTrainee:
    """Return the network of a stage, with the weights it begins with; what they were goes into `settings`."""
    sizes = {"state_size": layout.state.size, "action_size": layout.action.size, "cameras": len(layout.cameras)}
    model = config_of_size(config.size, **sizes)
    network = seeded(config.seed, lambda: FlowNetwork(model))
    if config.begin_with is not None:
        beginning = begin_with(network, config.begin_with, layout)
        console.print(beginning.told(layout), highlight=False, soft_wrap=True)
        settings[BEGUN_WITH] = beginning.to_json()
    if config.backbone == "frozen":
        network.backbone.requires_grad_(False)
    return OwnTrainee(network, layout)
