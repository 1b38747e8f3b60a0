"""The action expert: a noisy chunk and the context of an observation -> the velocity of the flow.

An MM-DiT (arXiv 2403.03206) over the actions of one chunk, as in Psi0 (arXiv
2603.12263). Three things differ from the reference, each for learning speed:

- the context does not look at the noisy actions (`joint_attention` says why).
- the modulation, which is per action token so that promised actions (sigma = 0)
  and noisy ones share a chunk, also sees a summary vector of the observation, as
  Stable Diffusion 3 adds its pooled text.
- the network estimates the clean chunk, and the velocity follows from it
  (`flow.velocity_towards`): a chunk is smooth and lies on a thin manifold, noise
  does not, so a small network learns the estimate much sooner (arXiv 2511.13720).

The plain DiT that the paper compares it with (`naive_dit`) sits in the same place: its layers show the
observation as the backbone gave it.

Letters in shapes: B batch, R draws per observation, A action tokens, N context
tokens, D width, X numbers of an action, `_` several times D.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.model.block_parts import FeedForward, ModulatedBlock, modulate, start_unmodulated
from psizero.model.config import ModelConfig
from psizero.model.embeddings import TimeEmbedding
from psizero.model.flow import Velocity, euler_schedule, place_in_schedule, velocity_towards
from psizero.model.joint_attention import ContextAttention, JointAttention, KeysValues
from psizero.model.naive_dit import NaiveBlock

_SHIFT_SCALE_GATE_TWICE = 6


class ShownContext(NamedTuple):
    """All that the action tokens see of an observation: computed once, used in every Euler step."""

    layers: tuple[KeysValues, ...]
    mask: Bool[Tensor, "B N"]
    summary: Float[Tensor, "B D"]
    proposal: Float[Tensor, "B A X"]
    """A first guess of the clean chunk, which the expert corrects."""

    def repeat(self, draws: int) -> "ShownContext":
        """Return the same for `draws` consecutive copies of each element of the batch."""
        layers = tuple(layer.repeat(draws) for layer in self.layers)
        rest = (part.repeat_interleave(draws, 0) for part in (self.mask, self.summary, self.proposal))
        return ShownContext(layers, *rest)


class ContextBlock(nn.Module):
    """One layer of the context's stream; the last one only shows keys and values, as each does for a naive DiT."""

    def __init__(self, width: int, heads: int, *, last: bool) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = ContextAttention(width, heads, looks=not last)
        self.forward_norm = None if last else nn.LayerNorm(width)
        self.feed_forward = None if last else FeedForward(width)

    def forward(
        self, context: Float[Tensor, "B N D"], mask: Bool[Tensor, "B N"]
    ) -> tuple[Float[Tensor, "B N D"], KeysValues]:
        """Return the context for the next layer and what the actions may look at in this one."""
        mixed, shown = self.attention(self.attention_norm(context), mask)
        if mixed is None or self.forward_norm is None or self.feed_forward is None:
            return context, shown
        context = context + mixed
        return context + self.feed_forward(self.forward_norm(context)), shown


class ActionBlock(ModulatedBlock):
    """One layer of MM-DiT."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.modulation = nn.Linear(width, _SHIFT_SCALE_GATE_TWICE * width)
        self.attention = JointAttention(width, heads)
        self.feed_forward = FeedForward(width)
        start_unmodulated(self.modulation, parts=_SHIFT_SCALE_GATE_TWICE)

    def modulated(
        self,
        action: Float[Tensor, "B A D"],
        shown: KeysValues,
        mask: Bool[Tensor, "B N"],
        modulation: Float[Tensor, "B A _"],
    ) -> Float[Tensor, "B A D"]:
        """Mix with the context, then transform each token; both steps are gated."""
        parts = modulation.chunk(_SHIFT_SCALE_GATE_TWICE, -1)  # each (B, A, D)
        action = torch.addcmul(action, parts[2], self.attention(modulate(action, parts[0], parts[1]), shown, mask))
        return torch.addcmul(action, parts[5], self.feed_forward(modulate(action, parts[3], parts[4])))


class ActionExpert(nn.Module):
    """Noisy chunk, its flow time row by row, context -> velocity."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, layers = config.width, config.expert_layers
        self.rows_and_numbers = (config.chunk, config.action_size)
        self.action_in = nn.Linear(config.action_size, width)
        self.row = nn.Parameter(torch.randn(config.chunk, width) * 0.02)
        self.time = TimeEmbedding(width)
        naive = config.expert == "naive_dit"
        self.context_blocks = nn.ModuleList(
            ContextBlock(width, config.heads, last=naive or layer == layers - 1) for layer in range(layers)
        )
        block = NaiveBlock if naive else ActionBlock
        self.action_blocks = nn.ModuleList(block(width, config.heads) for _ in range(layers))
        self.head_modulation = nn.Linear(width, 2 * width)
        self.head = nn.Linear(width, config.action_size)
        proposed = nn.Linear(2 * width, config.chunk * config.action_size)
        self.proposal = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), proposed)
        # The first estimate is the middle of each number's range, for any input.
        for last in (self.head, proposed):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
        start_unmodulated(self.head_modulation, parts=2)

    def show(
        self, context: Float[Tensor, "B N D"], mask: Bool[Tensor, "B N"], summary: Float[Tensor, "B D"]
    ) -> ShownContext:
        """Run the context's stream once; the result serves any number of chunks."""
        layers: list[KeysValues] = []
        for block in self.context_blocks:
            context, shown = block(context, mask)
            layers.append(shown)
        proposal = self.proposal(summary).unflatten(-1, self.rows_and_numbers).float()
        return ShownContext(tuple(layers), mask, summary, proposal)

    def estimate(
        self, noisy: Float[Tensor, "B A X"], sigma: Float[Tensor, "B A"], shown: ShownContext
    ) -> Float[Tensor, "B A X"]:
        """Return the expected clean chunk."""
        condition = self._condition(sigma, shown)
        layers = [partial(block, condition=condition) for block in self._blocks()]
        return self._through(layers, noisy, shown, self.head_modulation(condition))

    def forward(
        self, noisy: Float[Tensor, "B A X"], sigma: Float[Tensor, "B A"], shown: ShownContext
    ) -> Float[Tensor, "B A X"]:
        """Return the velocity of the flow at `noisy`; rows with sigma 0 are promised actions."""
        return velocity_towards(self.estimate(noisy, sigma, shown), noisy, sigma)

    def in_steps(self, shown: ShownContext, steps: int) -> Velocity:
        """Return `forward` for the flow times of `euler_schedule` alone: what only they decide is computed once."""
        schedule = euler_schedule(steps).to(shown.summary.device)
        condition = self._condition(schedule.expand(len(shown.summary), -1), shown)
        blocks = self._blocks()
        parts = [layer(condition) for layer in (*(block.modulation for block in blocks), self.head_modulation)]

        def velocity(noisy: Tensor, sigma: Tensor) -> Tensor:
            rows = place_in_schedule(sigma, steps)
            rows = rows + torch.arange(len(rows), device=rows.device)[:, None] * (steps + 1)
            *own, head = (F.embedding(rows, part.flatten(0, 1)) for part in parts)
            layers = [partial(block.modulated, modulation=one) for block, one in zip(blocks, own, strict=True)]
            return velocity_towards(self._through(layers, noisy, shown, head), noisy, sigma)

        return velocity

    def _condition(self, sigma: Float[Tensor, "B A"], shown: ShownContext) -> Float[Tensor, "B A D"]:
        time = self.time(sigma)
        return F.silu(time + shown.summary[:, None].to(time.dtype))

    def _through(
        self, layers: Sequence[Callable[..., Tensor]], noisy: Tensor, shown: ShownContext, modulation: Tensor
    ) -> Float[Tensor, "B A X"]:
        """Return the expected clean chunk, given the layers and the modulation of the head, (B, A, 2 D)."""
        action = self.action_in(noisy)
        action = action + self.row.to(action.dtype)
        for layer, seen in zip(layers, shown.layers, strict=True):
            action = layer(action, seen, shown.mask)
        shift, scale = modulation.chunk(2, -1)
        return shown.proposal + self.head(modulate(action, shift, scale)).float()

    def _blocks(self) -> list[ModulatedBlock]:
        return cast("list[ModulatedBlock]", list(self.action_blocks))  # a ModuleList forgets the type
