"""The one training loop: step, clip, average, tell, save, until the steps or the minutes are over."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import nn

from psizero.errors import ConfigError
from psizero.train.average import RunningAverage
from psizero.train.config import OptimizerConfig
from psizero.train.metrics import Metrics
from psizero.train.optimizer import rate_factor, set_rate
from psizero.train.parallel import own_rows, processes, same_for_all, sum_of_all, whole

_TELL_EVERY = 20
"""Steps between two lines of metrics."""


@dataclass(slots=True, kw_only=True)
class TrainingState:
    """All that changes while training."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    average: RunningAverage
    step: int = 0
    seconds: float = 0.0
    """Time spent training, earlier runs included (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a training is over; at least one of the two is given."""

    steps: int | None
    seconds: float | None

    def progress(self, state: TrainingState) -> float:
        """Return how much is done, from 0 to 1."""
        by_steps = 0.0 if self.steps is None else state.step / self.steps
        by_clock = 0.0 if self.seconds is None else state.seconds / self.seconds
        return min(1.0, max(by_steps, by_clock))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What a stage adds to the loop."""

    loss: Callable[[int, slice], torch.Tensor]
    """Step number and rows of its batch -> their share in its loss, always the same for the same weights."""
    save: Callable[[TrainingState], None]
    """Called at every checkpoint and at the end."""
    measure: Callable[[TrainingState], dict[str, float]] = field(default=lambda state: {})
    """Numbers on held-out data, computed after each save."""


def train(
    state: TrainingState,
    hooks: Hooks,
    *,
    limits: Limits,
    optimizer: OptimizerConfig,
    save_seconds: float,
    batch_size: int,
    accumulate: int = 1,
    metrics: Metrics,
) -> None:
    """Train until the limits are reached; saves at least once, at the end."""
    parts = own_rows(batch_size, accumulate)
    last = time.monotonic()
    last_saved = told_at = state.seconds
    told_step = state.step
    while (progress := limits.progress(state)) < 1.0:
        rate = optimizer.rate * rate_factor(progress, optimizer)
        loss, gradient_norm = _step(state, hooks, parts, rate, optimizer.clip_norm)
        now = time.monotonic()
        state.seconds += same_for_all(now - last)  # who saves alone, or falls silent alone, waits for ever
        last = now
        done = limits.progress(state)
        due = done == 1.0 or state.seconds - last_saved >= save_seconds
        if due or state.step % _TELL_EVERY == 0:  # told before saved: what diverged never replaces a good checkpoint
            length = whole(gradient_norm).item()
            value = _finite(sum_of_all(loss), length, state.step)
            metrics.show(done, state.step, value)
            speed = batch_size * (state.step - told_step) / max(state.seconds - told_at, 1e-9)
            told_at, told_step = state.seconds, state.step
            numbers = {"loss": value, "learning_rate": rate, "gradient_norm": length}
            metrics.write(state.step, {**numbers, "samples_per_second": speed, "seconds": state.seconds})
        if due:
            _save_and_measure(state, hooks, metrics)
            last, last_saved = time.monotonic(), state.seconds  # measuring and saving is not training time


def _step(
    state: TrainingState, hooks: Hooks, parts: Sequence[slice], rate: float, clip_norm: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Learn from a batch, part by part; return this process's share in the loss, and the length of the gradient."""
    set_rate(state.optimizer, rate)
    state.optimizer.zero_grad()
    losses = []
    for rows in parts:
        loss = hooks.loss(state.step, rows)
        (processes() * loss).backward()  # gradients are averaged over the processes, but shares add up
        losses.append(loss.detach())
    gradient_norm = torch.nn.utils.clip_grad_norm_(state.network.parameters(), clip_norm)
    state.optimizer.step()
    state.average.update(state.network, state.step)
    state.step += 1
    return torch.stack(losses).sum(), gradient_norm


def _finite(loss: float, gradient_norm: float, step: int) -> float:
    if not (math.isfinite(loss) and math.isfinite(gradient_norm)):
        raise ConfigError(f"the training diverged before step {step}; lower --optimizer.learning-rate and resume")
    return loss


def _save_and_measure(state: TrainingState, hooks: Hooks, metrics: Metrics) -> None:
    hooks.save(state)
    numbers = hooks.measure(state)
    if numbers:
        metrics.write(state.step, numbers)
        metrics.say(f"step {state.step}: " + ", ".join(f"{name} {value:.4f}" for name, value in numbers.items()))
