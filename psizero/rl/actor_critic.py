"""The two networks of System-0's training: what acts, and what judges with more knowledge."""

import math

import torch
from torch import nn


def perceptron(inputs: int, outputs: int, hidden: tuple[int, ...]) -> nn.Sequential:
    """Return a plain network with ELU between its layers."""
    sizes = (inputs, *hidden)
    layers: list[nn.Module] = []
    for before, after in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(before, after), nn.ELU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))


class ActorCritic(nn.Module):
    """A Gaussian actor whose spread does not depend on what it sees, and a critic."""

    def __init__(self, seen: int, privileged: int, actions: int, *, spread: float = 0.3) -> None:
        """Start with answers near 0, so that the robot begins with its reference; `spread` is their deviation."""
        super().__init__()
        self.actor = perceptron(seen, actions, (256, 256, 128))
        self.critic = perceptron(privileged, 1, (256, 256, 128))
        self.log_spread = nn.Parameter(torch.full((actions,), math.log(spread)))
        last = self.actor[-1]
        assert isinstance(last, nn.Linear)
        nn.init.orthogonal_(last.weight, 0.01)
        nn.init.zeros_(last.bias)

    def spread(self) -> torch.Tensor:
        """Standard deviation of each action, (A,), kept within 0.05 ... 1."""
        return self.log_spread.clamp(math.log(0.05), 0.0).exp()


def log_probability(actions: torch.Tensor, mean: torch.Tensor, spread: torch.Tensor) -> torch.Tensor:
    """Return the log-density (N,) of `actions` (N, A) under independent Gaussians."""
    scaled = (actions - mean) / spread
    return -0.5 * (scaled**2).sum(-1) - spread.log().sum() - 0.5 * actions.shape[-1] * math.log(2 * math.pi)
