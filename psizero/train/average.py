"""A running average of the weights: steadier than the weights themselves, and what the policy folder gets."""

from collections.abc import Mapping

import torch
from torch import nn

from psizero.train.parallel import whole


class RunningAverage:
    """Exponential average over about the last `1 / (1 - decay)` steps, shorter at the start."""

    def __init__(self, network: nn.Module, decay: float = 0.999) -> None:
        self._decay = decay
        self._weights = {name: value.detach().clone() for name, value in network.state_dict().items()}

    def update(self, network: nn.Module, step: int) -> None:
        """Take in the weights after step number `step`, from 0."""
        decay = min(self._decay, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            self._weights[name].lerp_(value.detach(), 1.0 - decay)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the averaged weights by name, each in one piece; every process must ask at the same time."""
        return {name: whole(value) for name, value in self._weights.items()}

    def shares(self) -> dict[str, torch.Tensor]:
        """Return them as this process keeps them: divided if the network is, on its device, and not copied."""
        return dict(self._weights)

    def restore(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Continue from saved averages."""
        for name, value in self._weights.items():
            value.copy_(weights[name])
