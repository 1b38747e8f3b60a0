"""The two networks of System-0's training: what acts, and what judges with more knowledge."""

import math
from itertools import pairwise

import torch
from torch import nn

from psizero.rl.symmetry import Mirror


def perceptron(inputs: int, outputs: int, hidden: tuple[int, ...]) -> nn.Sequential:
    """Return a plain network with ELU between its layers."""
    sizes = (inputs, *hidden)
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ELU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))


class SymmetricActor(nn.Module):
    """A network made left-right symmetric: the mean of its answer and of the mirrored answer to the mirrored view.

    So half as much is to be learned, and the robot favours no side.
    """

    seen_index: torch.Tensor
    seen_sign: torch.Tensor
    action_index: torch.Tensor
    action_sign: torch.Tensor

    def __init__(self, network: nn.Sequential, mirror: Mirror) -> None:
        super().__init__()
        self.network = network
        for name, (index, sign) in (("seen", mirror.observation), ("action", mirror.action)):
            self.register_buffer(f"{name}_index", torch.as_tensor(index), persistent=False)
            self.register_buffer(f"{name}_sign", torch.as_tensor(sign, dtype=torch.float32), persistent=False)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        """Return the answer (N, A) to what is seen (N, S)."""
        both = self.network(torch.cat([seen, seen[:, self.seen_index] * self.seen_sign]))
        straight, mirrored = both.chunk(2)
        return 0.5 * (straight + mirrored[:, self.action_index] * self.action_sign)


class ActorCritic(nn.Module):
    """A Gaussian actor whose spread does not depend on what it sees, and a critic."""

    def __init__(self, seen: int, privileged: int, actions: int, mirror: Mirror, *, spread: float = 0.3) -> None:
        """Start with answers near 0, so that the robot begins with its reference; `spread` is their deviation."""
        super().__init__()
        self.actor = SymmetricActor(perceptron(seen, actions, (256, 256, 128)), mirror)
        self.critic = perceptron(privileged, 1, (256, 256, 128))
        self.log_spread = nn.Parameter(torch.full((actions,), math.log(spread)))
        last = self.actor.network[-1]
        assert isinstance(last, nn.Linear)
        nn.init.orthogonal_(last.weight, 0.01)
        nn.init.zeros_(last.bias)

    def spread(self) -> torch.Tensor:
        """Standard deviation of each action (A,), within 0.05 ... 1 and the same on both sides."""
        mirrored = self.log_spread[self.actor.action_index]
        return (0.5 * (self.log_spread + mirrored)).clamp(math.log(0.05), 0.0).exp()


def log_probability(actions: torch.Tensor, mean: torch.Tensor, spread: torch.Tensor) -> torch.Tensor:
    """Return the log-density (N,) of `actions` (N, A) under independent Gaussians."""
    scaled = (actions - mean) / spread
    return -0.5 * (scaled**2).sum(-1) - spread.log().sum() - 0.5 * actions.shape[-1] * math.log(2 * math.pi)
