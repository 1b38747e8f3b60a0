"""What training minimizes: the flow-matching loss with promised actions in front.

Each observation is encoded once and used with several independent draws of
noise, flow time and delay: the pictures cost most, the draws are cheap.

The delay follows training-time real-time chunking (arXiv 2512.05964): the first
d actions of a chunk are given clean (sigma 0) and not learned from. They are
slightly disturbed, because copying a perfect past would be easier than looking.

Letters in shapes: B observations, R draws each, A action tokens, X numbers of an action.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from psizero.model import flow
from psizero.model.backbone import VisionLanguage
from psizero.model.network import FlowNetwork
from psizero.train.config import ObjectiveConfig


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The random part of one step, for B * R chunks."""

    noise: Float[Tensor, "BR A X"]
    sigma: Float[Tensor, "BR A"]
    """0 for promised rows, else the chunk's flow time."""
    promise_noise: Float[Tensor, "BR A X"]
    blind: Bool[Tensor, " B"]


def draw(
    generator: torch.Generator, *, batch: int, rows: int, numbers: int, max_delay: int, config: ObjectiveConfig
) -> Draws:
    """Draw everything random of a step from one generator."""
    count = batch * config.draws
    sigma = torch.rand(count, 1, generator=generator)
    delay = torch.randint(1, max_delay + 1, (count,), generator=generator) if max_delay else torch.zeros(count).long()
    delay = delay * (torch.rand(count, generator=generator) >= config.no_delay)
    promised = flow.promised_rows(delay, rows)
    return Draws(
        noise=torch.randn(count, rows, numbers, generator=generator),
        sigma=sigma.masked_fill(promised, 0.0),
        promise_noise=config.promise_noise * torch.randn(count, rows, numbers, generator=generator),
        blind=torch.rand(batch, generator=generator) < config.blind,
    )


def flow_loss(
    network: FlowNetwork,
    seen: VisionLanguage,
    state: Float[Tensor, "B S"],
    action: Float[Tensor, "B A X"],
    known: Bool[Tensor, "B X"],
    draws: Draws,
    config: ObjectiveConfig,
) -> Float[Tensor, ""]:
    """Return the mean weighted squared error over all actions that are not promised; `seen` is of the backbone.

    The error of an action is the mean over the numbers that its body has (`known`).
    """
    shown = network.show(seen, state, draws.blind).repeat(config.draws)
    clean = action.repeat_interleave(config.draws, 0)
    promised = draws.sigma == 0.0
    noisy = flow.interpolate(clean, draws.noise, draws.sigma)
    noisy = torch.where(promised[..., None], clean + draws.promise_noise, noisy)
    estimate = network.expert.estimate(noisy, draws.sigma, shown)
    weight = draws.sigma.clamp(min=flow.SMALLEST_SIGMA) ** -config.weight_power * ~promised
    counted = (known / known.sum(-1, keepdim=True)).repeat_interleave(config.draws, 0)[:, None]  # (BR, 1, X)
    error = ((estimate - clean).square() * counted).sum(-1)
    return (weight * error).sum() / (~promised).sum().clamp(min=1)
