"""What training minimizes: the flow-matching loss with promised actions in front.

Each observation is encoded once and used with several independent draws of
noise, flow time and delay: the pictures cost most, the draws are cheap.

The delay follows training-time real-time chunking (arXiv 2512.05964): the first
d actions of a chunk are given clean (sigma 0) and not learned from. They are
slightly disturbed, because copying a perfect past would be easier than looking.

Letters in shapes: B observations, R draws each, A action tokens, X numbers of an action.
"""

from dataclasses import dataclass, fields

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from psizero.model import flow
from psizero.model.backbone import VisionLanguage
from psizero.model.network import PolicyNetwork, Sight
from psizero.train.config import ObjectiveConfig


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The random part of one step, for B * R chunks."""

    noise: Float[Tensor, "BR A X"]
    sigma: Float[Tensor, "BR A"]
    """0 for promised rows, else the chunk's flow time."""
    promise_noise: Float[Tensor, "BR A X"]
    blind: Bool[Tensor, " B"]
    learned: Int[Tensor, ""]
    """Rows of the whole step that are not promised: of its loss, each is an equal share."""

    def of(self, rows: slice) -> "Draws":
        """Return what belongs to some observations of the step."""
        count = len(self.noise) // len(self.blind)
        first, last, _ = rows.indices(len(self.blind))
        chunks = slice(first * count, last * count)
        return Draws(
            noise=self.noise[chunks],
            sigma=self.sigma[chunks],
            promise_noise=self.promise_noise[chunks],
            blind=self.blind[rows],
            learned=self.learned,
        )

    def to(self, device: torch.device) -> "Draws":
        """Return the same on a device."""
        return Draws(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})


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
        learned=(~promised).sum(),
    )


def flow_loss(
    network: PolicyNetwork,
    sight: Sight | VisionLanguage,
    state: Float[Tensor, "B S"],
    action: Float[Tensor, "B A X"],
    known: Bool[Tensor, "B X"],
    draws: Draws,
    config: ObjectiveConfig,
) -> Float[Tensor, ""]:
    """Return the mean weighted squared error over all actions of the step that are not promised.

    The error of an action is the mean over the numbers that its body has (`known`). Given some
    observations of a step, it is their share: the losses of all parts add up to that of the step.
    """
    clean = action.repeat_interleave(config.draws, 0)
    promised = draws.sigma == 0.0
    noisy = flow.interpolate(clean, draws.noise, draws.sigma)
    noisy = torch.where(promised[..., None], clean + draws.promise_noise, noisy)
    estimate = network(sight, state, noisy, draws.sigma, draws.blind)
    weight = draws.sigma.clamp(min=flow.SMALLEST_SIGMA) ** -config.weight_power * ~promised
    counted = (known / known.sum(-1, keepdim=True)).repeat_interleave(config.draws, 0)[:, None]  # (BR, 1, X)
    error = ((estimate - clean).square() * counted).sum(-1)
    return (weight * error).sum() / draws.learned.clamp(min=1)
