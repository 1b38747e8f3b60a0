"""Proximal policy optimization (Schulman et al. 2017) with a step size that follows the policy's change.

Half of the steps of every minibatch are shown mirrored, so that left and right are learned
as one (Mittal et al. 2024).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from psizero.rl.actor_critic import ActorCritic, log_probability
from psizero.rl.rollout import Batch
from psizero.rl.symmetry import Mirror


@dataclass(frozen=True, slots=True, kw_only=True)
class PPOConfig:
    """Numbers of the update."""

    steps: int = 24
    """Steps of every robot between two updates."""
    epochs: int = 4
    minibatches: int = 4
    learning_rate: float = 1e-3
    """Step size at the start; it then follows the change of the policy."""
    highest_rate: float = 2e-3
    lowest_rate: float = 1e-4
    change: float = 0.015
    """Change of the policy per update that is aimed at (KL divergence)."""
    clip: float = 0.2
    discount: float = 0.99
    trace: float = 0.95
    entropy: float = 0.002
    value_weight: float = 1.0
    largest_gradient: float = 1.0


class PPO:
    """The learner: networks, optimizer, step size."""

    def __init__(self, network: ActorCritic, mirror: Mirror | None, config: PPOConfig, seed: int) -> None:
        self.network, self.config = network, config
        self.rate = config.learning_rate
        self.optimizer = torch.optim.Adam(network.parameters(), lr=self.rate, fused=True)
        self.generator = torch.Generator().manual_seed(seed)
        self._half = torch.cpu._is_amx_tile_supported()
        self._mirror = None
        if mirror is not None:
            self._mirror = {
                name: (torch.as_tensor(index), torch.as_tensor(sign, dtype=torch.float32))
                for name, (index, sign) in (
                    ("seen", mirror.observation), ("privileged", mirror.privileged), ("action", mirror.action),
                )
            }  # fmt: skip

    def _fast(self) -> torch.autocast:
        """Half precision where the processor has tiles for it: twice as fast, and no worse."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._half)

    @torch.no_grad()
    def act(self, seen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return action, mean (N, A) and log-probability (N,)."""
        with self._fast():
            mean = self.network.actor(seen).float()
        spread = self.network.spread()
        action = mean + spread * torch.randn(mean.shape, generator=self.generator)
        return action, mean, log_probability(action, mean, spread)

    @torch.no_grad()
    def value(self, privileged: torch.Tensor) -> torch.Tensor:
        """Return the critic's word (N,)."""
        with self._fast():
            return self.network.critic(privileged).float().squeeze(-1)

    def update(self, batch: Batch) -> dict[str, float]:
        """Improve the networks by one rollout; return what happened."""
        config = self.config
        old_spread = self.network.spread().detach()
        sums: dict[str, float] = {}
        count = batch.action.shape[0]
        size = count // config.minibatches
        for _ in range(config.epochs):
            order = torch.randperm(count, generator=self.generator)
            for start in range(0, size * config.minibatches, size):
                told = self._minibatch(batch, order[start : start + size], old_spread)
                for name, value in told.items():
                    sums[name] = sums.get(name, 0.0) + value / (config.epochs * config.minibatches)
        return sums | {"rate": self.rate, "spread": float(self.network.spread().mean())}

    def _minibatch(self, batch: Batch, ids: torch.Tensor, old_spread: torch.Tensor) -> dict[str, float]:
        config = self.config
        seen, privileged, action, old_mean = (
            getattr(batch, name)[ids] for name in ("seen", "privileged", "action", "mean")
        )
        half = torch.zeros(len(ids), dtype=torch.bool)
        if self._mirror is not None:
            half = torch.rand(len(ids), generator=self.generator) < 0.5
            seen, privileged = self._flipped(seen, half, "seen"), self._flipped(privileged, half, "privileged")
            action, old_mean = self._flipped(action, half, "action"), self._flipped(old_mean, half, "action")
        advantage, target, old_log = (getattr(batch, name)[ids] for name in ("advantage", "target", "log_probability"))
        with self._fast():
            mean = self.network.actor(seen).float()
            value = self.network.critic(privileged).float().squeeze(-1)
        spread = self.network.spread()
        ratio = (log_probability(action, mean, spread) - old_log).exp()
        clipped = ratio.clamp(1 - config.clip, 1 + config.clip)
        surrogate = -torch.minimum(ratio * advantage, clipped * advantage).mean()
        value_loss = ((value - target) ** 2).mean()
        entropy = spread.log().sum()
        loss = surrogate + config.value_weight * value_loss - config.entropy * entropy
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), config.largest_gradient)
        # Seen mirrored, a policy that is not quite symmetric looks changed when it is not.
        same = ~half
        change = self._change(old_mean[same], old_spread, mean.detach()[same], spread.detach())
        self._follow(change)
        self.optimizer.step()
        return {"surrogate": float(surrogate.detach()), "value_loss": float(value_loss.detach()), "change": change}

    def _flipped(self, values: torch.Tensor, half: torch.Tensor, name: str) -> torch.Tensor:
        assert self._mirror is not None
        index, sign = self._mirror[name]
        return torch.where(half[:, None], values[:, index] * sign, values)

    @staticmethod
    def _change(old_mean: torch.Tensor, old: torch.Tensor, mean: torch.Tensor, new: torch.Tensor) -> float:
        """Return the mean KL divergence from the old to the new policy."""
        each = (new / old).log() + (old**2 + (old_mean - mean) ** 2) / (2 * new**2) - 0.5
        return float(each.sum(-1).mean())

    def _follow(self, change: float) -> None:
        if not np.isfinite(change) or change > 2 * self.config.change:
            self.rate = max(self.rate / 1.5, self.config.lowest_rate)
        elif change < 0.5 * self.config.change:
            self.rate = min(self.rate * 1.5, self.config.highest_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate
