"""From noise to actions in Euler steps: how many, at which flow times, from which seed.

`flow` states the convention: sigma = 1 is noise, sigma = 0 the action. The
reference spreads its N calls of the network from sigma 1 to 0.001 and then steps
to 0: its last call moves an action by a thousandth of the velocity, so N calls
do the work of N - 1. The even schedule ends at 0 and uses all of them: it is the
default, also for weights that were trained by the reference, which has seen
every sigma in training.

Letters in shapes: B batch, A action tokens (rows of a chunk), X numbers of an
action, N + 1 flow times.
"""

import itertools
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from psizero.errors import ConfigError
from psizero.model.flow import Velocity, euler_schedule, promised_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerConfig:
    """How a chunk is drawn."""

    steps: int = 10
    """Calls of the network per chunk; the reference makes 10, and 8 when it answers in real time."""
    schedule: Literal["even", "reference"] = "even"
    """Flow times of these calls; `reference` for comparing numbers."""
    clip: bool = False
    """Cut the chunk to -1 .. 1, where normalized training actions end; the reference does not."""

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ConfigError(f"steps must be 1 or more, got {self.steps}")

    def sigmas(self) -> Float[Tensor, " N"]:
        """Return the flow times, from 1 (noise) down to 0 (action)."""
        return euler_schedule(self.steps) if self.schedule == "even" else reference_schedule(self.steps)


class Promise(NamedTuple):
    """Actions that are on their way to the robot and cannot change (training-time chunking, arXiv 2512.05964)."""

    actions: Float[Tensor, "B A X"]
    """Normalized; rows that are not kept are ignored."""
    kept: Bool[Tensor, "B A"]
    """Which rows are promised. A mask, so that one compiled graph serves every delay."""


def promise_first(actions: Float[Tensor, "B A X"], delay: Int[Tensor, " B"]) -> Promise:
    """Promise the first `delay` rows of each chunk; the others may hold anything."""
    return Promise(actions, promised_rows(delay, actions.shape[1]))


def reference_schedule(steps: int) -> Float[Tensor, " N"]:
    """Return the reference's flow times: `steps` equal ones from 1 to 0.001, then 0 (diffusers' FlowMatchEuler)."""
    return torch.from_numpy(np.append(np.linspace(1000.0, 1.0, steps) / 1000.0, 0.0).astype(np.float32))


def draw_noise(batch: int, rows: int, numbers: int, *, generator: torch.Generator) -> Float[Tensor, "B A X"]:
    """Draw the start of a walk on the generator's device; the same seed gives the same noise."""
    return torch.randn(batch, rows, numbers, generator=generator, device=generator.device)


def walk(
    velocity: Velocity, noise: Float[Tensor, "B A X"], sigmas: Float[Tensor, " N"], promise: Promise | None = None
) -> Float[Tensor, "B A X"]:
    """Make the Euler steps and nothing else, as the reference does.

    Promised rows are shown to the network clean, at flow time 0, but the last step moves them: `sample` puts
    them back.
    """
    x = noise
    for now, after in itertools.pairwise(sigmas.to(noise)):
        sigma = now.expand(x.shape[:2])
        if promise is not None:
            x = keep_promised(x, promise)
            sigma = sigma.masked_fill(promise.kept, 0.0)
        x = x + (after - now) * velocity(x, sigma)
    return x


def sample(
    velocity: Velocity, noise: Float[Tensor, "B A X"], config: SamplerConfig, promise: Promise | None = None
) -> Float[Tensor, "B A X"]:
    """Walk from `noise` to a chunk; promised rows come back bit for bit, never clipped."""
    chunk = walk(velocity, noise, config.sigmas(), promise)
    if config.clip:
        chunk = chunk.clamp(-1.0, 1.0)
    return chunk if promise is None else keep_promised(chunk, promise)


def keep_promised(x: Float[Tensor, "B A X"], promise: Promise) -> Float[Tensor, "B A X"]:
    """Return `x` with the promised rows as they were promised."""
    return torch.where(promise.kept[..., None], promise.actions, x)
