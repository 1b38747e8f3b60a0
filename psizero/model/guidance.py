"""Real-time chunking at inference time: a velocity that pulls a new chunk towards the one under way.

Source: arXiv 2506.07339 and its authors' code (Physical-Intelligence/real-time-chunking-kinetix
@cc6c5f5, `model.py`), turned into the convention of `flow`: they count flow time
from noise (0) to action (1), here sigma = 1 - their time and velocities have the
other sign. With Y the previous chunk (row 0 is the first action that has not been
executed when the question is asked), W a weight per row, a(x) = x - sigma v(x) the
estimated clean chunk, and J = da/dx:

    v_guided = v - min(limit, (sigma^2 + (1 - sigma)^2) / (sigma (1 - sigma))) J' W (Y - a)

J needs a backward pass through the network in every step. The identity in its
place costs nothing. It is another method, not an approximation that is close: in a
toy with delays of one or two steps its chunks were smoother and succeeded less often,
while users with large networks report that only this one is stable. So it is asked
for by name.

No training is needed. A network that was trained with promised rows does
better with `sampler.Promise`.

`ramp` is another way without training, that of NVIDIA's GR00T N1.7: the sampler starts from the previous
chunk where the two overlap, and moves its rows the less the sooner they run. It costs nothing either.

Letters in shapes: B batch, A action tokens (rows of a chunk), X numbers of an action.
"""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from psizero.errors import ConfigError
from psizero.model.flow import Velocity
from psizero.types import Lead

MaskSchedule = Literal["exp", "linear", "ones", "zeros"]
"""How weights fall between the promised rows and the end: softly, evenly, not at all, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """How firmly, and where, a new chunk follows the previous one."""

    delay: int
    """Rows that will have been executed before the new chunk arrives: full weight."""
    end: int
    """First row that is free: the chunk's rows less those executed per chunk, in the paper."""
    schedule: MaskSchedule = "exp"
    """Weights from `delay` to `end`; the paper's choice."""
    limit: float = 5.0
    """Largest weight of the pull; it would be infinite at both ends of the flow. 5 in the paper."""
    jacobian: Literal["exact", "identity"] = "exact"
    """Whether the pull goes through the network's derivative, as in the paper, or straight."""

    def __post_init__(self) -> None:
        if self.delay < 0 or self.end < 0:
            raise ConfigError(f"delay and end are rows of a chunk, 0 or more; got {self.delay} and {self.end}")
        if not (math.isfinite(self.limit) and self.limit >= 0):
            raise ConfigError(f"limit must be a finite number, 0 or more; got {self.limit}")


RAMP_RATE = 6.0
"""How fast rows behind the promised ones become free: 1 - exp(-6 t), t from 0 to 1 over the overlap (GR00T N1.7)."""


def row_weights(guidance: Guidance, rows: int) -> Float[Tensor, " A"]:
    """Return the weight of each row: 1 down to 0; a delay beyond the end counts as the end."""
    end = guidance.end
    start = min(guidance.delay, end)
    row = torch.arange(rows)
    falling = ((end - row) / (end - start + 1)).clamp(0.0, 1.0)
    match guidance.schedule:
        case "zeros":
            return (row < start).float()
        case "ones":
            return (row < end).float()
        case "linear":
            return falling
        case "exp":
            return falling * falling.expm1() / math.expm1(1.0)


def guide(velocity: Velocity, previous: Float[Tensor, "B A X"], guidance: Guidance) -> Velocity:
    """Return `velocity` with the pull towards `previous`; give it to a sampler in its place.

    The exact pull needs derivatives: run it under `torch.no_grad`, if at all, never under `torch.inference_mode`.
    """
    rows = previous.shape[1]
    if max(guidance.delay, guidance.end) > rows:
        raise ConfigError(f"a chunk has {rows} rows, guidance asks for delay {guidance.delay}, end {guidance.end}")
    weights = row_weights(guidance, rows).to(previous)[:, None]  # (A, 1)

    def straight(x: Tensor, sigma: Tensor) -> Tensor:
        v = velocity(x, sigma)
        missing = weights * (previous - (x - sigma[..., None] * v))
        return v - _strength(sigma, guidance.limit)[..., None] * missing

    def exact(x: Tensor, sigma: Tensor) -> Tensor:
        if torch.is_inference_mode_enabled():
            raise ConfigError("exact guidance needs derivatives: use torch.no_grad() or jacobian identity")
        with torch.enable_grad():
            here = x.detach().requires_grad_()
            v = velocity(here, sigma)
            estimate = here - sigma[..., None] * v
            missing = weights * (previous - estimate.detach())
            (pull,) = torch.autograd.grad(estimate, here, missing)
        return v.detach() - _strength(sigma, guidance.limit)[..., None] * pull

    return exact if guidance.jacobian == "exact" else straight


def ramp(
    velocity: Velocity, noise: Float[Tensor, "B A X"], previous: Float[Tensor, "B A X"], guidance: Guidance
) -> tuple[Velocity, Float[Tensor, "B A X"]]:
    """Return a slower `velocity` and where to start: promised rows stay what they are in `previous`.

    Of `guidance`, only `delay` and `end` matter.
    """
    row = torch.arange(noise.shape[1], device=noise.device)
    share = ((row - guidance.delay + 1) / (max(guidance.end - guidance.delay, 0) + 1)).clamp(0.0, 1.0)
    speed = ((-RAMP_RATE * share).expm1() / math.expm1(-RAMP_RATE)).to(noise)[:, None]  # (A, 1)
    start = torch.where((row < guidance.end)[:, None], previous, noise)

    def slower(x: Tensor, sigma: Tensor) -> Tensor:
        return speed * velocity(x, sigma)

    return slower, start


def lead(
    velocity: Velocity, noise: Float[Tensor, "1 A X"], plan: Float[Tensor, "P X"], *, promised: int, how: Lead
) -> tuple[Velocity, Float[Tensor, "1 A X"]]:
    """Return the velocity and the start of a walk that goes on from a normalized plan, at most a chunk long.

    Its first `promised` rows run while the chunk is drawn.
    """
    guidance = Guidance(
        delay=min(promised, len(plan)), end=len(plan), jacobian="exact" if how == "exact" else "identity"
    )
    previous = torch.zeros_like(noise)
    previous[0, : len(plan)] = plan.to(noise)
    if how == "ramp":
        return ramp(velocity, noise, previous, guidance)
    return guide(velocity, previous, guidance), noise


def _strength(sigma: Float[Tensor, "B A"], limit: float) -> Float[Tensor, "B A"]:
    """Return the weight of the pull: large at both ends of the flow, least (2) in the middle."""
    return ((sigma**2 + (1.0 - sigma) ** 2) / (sigma * (1.0 - sigma))).clamp(max=limit)
