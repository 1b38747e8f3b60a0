"""Proximal policy optimization (Schulman et al. 2017) with a step size that follows the policy's change."""

import numpy as np
import torch
from torch import nn

from psizero.rl.actor_critic import ActorCritic, log_probability
from psizero.rl.config import PPOConfig
from psizero.rl.rollout import Batch


class PPO:
    """The learner: networks, optimizer, step size."""

    def __init__(self, network: ActorCritic, config: PPOConfig, seed: int) -> None:
        self.network, self.config = network, config
        self.rate = config.learning_rate
        self.optimizer = torch.optim.Adam(network.parameters(), lr=self.rate, fused=True)
        self.generator = torch.Generator().manual_seed(seed)
        self.device = next(network.parameters()).device
        self._half = self.device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()

    def _fast(self) -> torch.autocast:
        """Half precision where the hardware multiplies it: twice as fast, and no worse."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self._half)

    @torch.no_grad()
    def act(self, seen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return action, mean (N, A) and log-probability (N,)."""
        with self._fast():
            mean = self.network.actor(seen).float()
        spread = self.network.spread()
        action = mean + spread * torch.randn(mean.shape, generator=self.generator).to(self.device)
        return action, mean, log_probability(action, mean, spread)

    @torch.no_grad()
    def value(self, privileged: torch.Tensor) -> torch.Tensor:
        """Return the critic's word (N,)."""
        with self._fast():
            return self.network.critic(privileged).float().squeeze(-1)

    def update(self, batch: Batch, *, critic_only: bool = False) -> dict[str, float]:
        """Improve the networks by one rollout, or only what the critic says; return what happened."""
        config = self.config
        old_spread = self.network.spread().detach()
        sums: dict[str, float] = {}
        count = batch.action.shape[0]
        size = count // config.minibatches
        for _ in range(config.epochs):
            order = torch.randperm(count, generator=self.generator).to(self.device)
            for start in range(0, size * config.minibatches, size):
                for name, value in self._step(batch[order[start : start + size]], old_spread, critic_only).items():
                    sums[name] = sums.get(name, 0.0) + value / (config.epochs * config.minibatches)
        return sums | {"rate": self.rate, "spread": float(old_spread.mean())}

    def _step(self, batch: Batch, old_spread: torch.Tensor, critic_only: bool) -> dict[str, float]:
        """Take one step of the optimizer."""
        config = self.config
        with self._fast():
            mean = self.network.actor(batch.seen).float()
            value = self.network.critic(batch.privileged).float().squeeze(-1)
        spread = self.network.spread()
        ratio = (log_probability(batch.action, mean, spread) - batch.log_probability).exp()
        clipped = ratio.clamp(1 - config.clip, 1 + config.clip)
        surrogate = -torch.minimum(ratio * batch.advantage, clipped * batch.advantage).mean()
        value_loss = ((value - batch.target) ** 2).mean()
        explained = 1 - value_loss.detach() / batch.target.var()
        loss = value_loss if critic_only else surrogate + value_loss - config.entropy * spread.log().sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), config.largest_gradient)
        change = self._change(batch.mean, old_spread, mean.detach(), spread.detach())
        if not critic_only:
            self._follow(change)
        self.optimizer.step()
        return {
            "surrogate": float(surrogate.detach()),
            "value_loss": float(value_loss.detach()),
            "explained": float(explained),
            "change": change,
        }

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
