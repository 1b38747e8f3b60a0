"""What happened in the last steps of all robots, and how much better than expected it went."""

from dataclasses import dataclass, fields

import torch


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Steps in no order, (B, ...)."""

    seen: torch.Tensor
    privileged: torch.Tensor
    action: torch.Tensor
    log_probability: torch.Tensor
    mean: torch.Tensor
    advantage: torch.Tensor
    target: torch.Tensor
    """What the critic should have said."""

    def __getitem__(self, ids: torch.Tensor) -> "Batch":
        """Return the steps `ids`."""
        return Batch(**{item.name: getattr(self, item.name)[ids] for item in fields(self)})


class Rollout:
    """T steps of N robots."""

    def __init__(self, steps: int, robots: int, seen: int, privileged: int, actions: int, device: torch.device) -> None:
        self.seen = torch.zeros(steps, robots, seen, device=device)
        self.privileged = torch.zeros(steps, robots, privileged, device=device)
        self.action = torch.zeros(steps, robots, actions, device=device)
        self.mean = torch.zeros(steps, robots, actions, device=device)
        self.log_probability = torch.zeros(steps, robots, device=device)
        self.value = torch.zeros(steps, robots, device=device)
        self.reward = torch.zeros(steps, robots, device=device)
        self.ended = torch.zeros(steps, robots, dtype=torch.bool, device=device)

    def advantages(self, next_value: torch.Tensor, discount: float, trace: float) -> torch.Tensor:
        """Return generalized advantages (T, N) (Schulman et al. 2016); an end cuts what comes after."""
        result = torch.zeros_like(self.reward)
        later = torch.zeros_like(next_value)
        value_after = next_value
        for step in range(len(self.reward) - 1, -1, -1):
            goes_on = (~self.ended[step]).float()
            surprise = self.reward[step] + discount * value_after * goes_on - self.value[step]
            later = surprise + discount * trace * goes_on * later
            result[step] = later
            value_after = self.value[step]
        return result

    def batch(self, next_value: torch.Tensor, discount: float, trace: float) -> Batch:
        """Return all steps, advantages scaled to deviation 1."""
        advantage = self.advantages(next_value, discount, trace)
        target = (advantage + self.value).flatten()
        advantage = advantage.flatten()
        return Batch(
            seen=self.seen.flatten(0, 1),
            privileged=self.privileged.flatten(0, 1),
            action=self.action.flatten(0, 1),
            log_probability=self.log_probability.flatten(),
            mean=self.mean.flatten(0, 1),
            advantage=(advantage - advantage.mean()) / (advantage.std() + 1e-8),
            target=target,
        )
