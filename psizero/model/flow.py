"""Straight-line flow matching: the one place that states the convention.

Flow time is sigma, as in the Psi0 reference: **sigma = 1 is noise, sigma = 0 is
the action** (other code bases run the other way). With action a, noise e:

    x(sigma) = (1 - sigma) a + sigma e        velocity v = dx/dsigma = e - a

Sampling starts from noise at sigma = 1 and walks down to 0. Actions that are
already promised are clean: their rows have sigma = 0 all the way, which is how
the network is told that they cannot change (training-time real-time chunking,
arXiv 2512.05964).

Letters in shapes: B batch, A action tokens (rows of a chunk), D numbers of an action.
"""

import itertools
from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

SMALLEST_SIGMA = 0.05
"""Below it the velocity of an estimate is not divided further; no Euler step of at most 20 starts below it."""

Velocity = Callable[[Tensor, Tensor], Tensor]
"""(x (B, A, D), sigma per row (B, A)) -> velocity (B, A, D)."""


def interpolate(
    action: Float[Tensor, "B A D"], noise: Float[Tensor, "B A D"], sigma: Float[Tensor, "B A"]
) -> Float[Tensor, "B A D"]:
    """Return the point at `sigma` of the straight line from the action (0) to the noise (1)."""
    return action + sigma[..., None] * (noise - action)


def target_velocity(action: Float[Tensor, "B A D"], noise: Float[Tensor, "B A D"]) -> Float[Tensor, "B A D"]:
    """Return the velocity of that line, the same everywhere on it."""
    return noise - action


def velocity_towards(
    estimate: Float[Tensor, "B A D"], x: Float[Tensor, "B A D"], sigma: Float[Tensor, "B A"]
) -> Float[Tensor, "B A D"]:
    """Return the velocity that leads from `x` at `sigma` straight to the estimated action at 0."""
    return (x - estimate) / sigma.clamp(min=SMALLEST_SIGMA)[..., None]


def action_at_the_end(
    velocity: Float[Tensor, "B A D"], x: Float[Tensor, "B A D"], sigma: Float[Tensor, "B A"]
) -> Float[Tensor, "B A D"]:
    """Return the estimate of the action to which `velocity` leads straight from `x` at `sigma`."""
    return x - sigma[..., None] * velocity


def promised_rows(delay: Int[Tensor, " B"], rows: int) -> Bool[Tensor, "B A"]:
    """Return a mask (B, rows), true for the first `delay` rows of each chunk."""
    return torch.arange(rows, device=delay.device)[None] < delay[:, None]


def euler_schedule(steps: int) -> Float[Tensor, " N"]:
    """Return the steps + 1 equally spaced values of sigma from 1 to exactly 0."""
    return torch.linspace(1.0, 0.0, steps + 1)


def place_in_schedule(sigma: Float[Tensor, "B A"], steps: int) -> Int[Tensor, "B A"]:
    """Return where in `euler_schedule` flow times stand that are in it; promised rows stand at its end."""
    return ((1.0 - sigma) * steps).round().long()


def sample(
    velocity: Velocity,
    noise: Float[Tensor, "B A D"],
    *,
    steps: int,
    promised: Float[Tensor, "B P D"] | None = None,
) -> Float[Tensor, "B A D"]:
    """Walk from `noise` to actions in Euler steps; the first P rows are `promised`, bit for bit."""
    kept = 0 if promised is None else promised.shape[1]
    x = noise.clone()
    schedule = euler_schedule(steps).to(noise)
    for now, after in itertools.pairwise(schedule):
        sigma = now.expand(x.shape[:2]).clone()
        sigma[:, :kept] = 0.0
        if promised is not None:
            x[:, :kept] = promised
        x = x + (after - now) * velocity(x, sigma)
    if promised is not None:
        x[:, :kept] = promised
    return x
