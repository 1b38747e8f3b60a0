"""One block of the Psi0 action expert: two streams of tokens, one softmax, as in the released weights.

A joint block of Stable Diffusion 3 (arXiv 2403.03206) with actions in place of
pixels. Every name of a submodule is the name in the released checkpoints, so
that a checkpoint loads without a table of names. What the names do not tell:

- both streams are modulated: normalize without learned gain (epsilon 1e-6), times
  (1 + scale), plus shift; each of the two steps is gated.
- the observation looks at the noisy actions too, so no layer of it can be kept
  from one Euler step to the next.
- the last block asks nothing of the observation but keys and values. Its
  modulation has the order (scale, shift), all others start with the shift.

Letters in shapes: B batch, A action tokens, N observation tokens, J = A + N, T one
or A rows of flow time, D width, H heads, K width of one head, `_` several times D.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.model.attention import attend, hide, join_heads, split_heads

NORM_EPSILON = 1e-6
"""Added to the variance of a token before it is normalized."""
SHIFT_SCALE_GATE_TWICE = 6
"""Parts of a modulation: (shift, scale, gate) of the attention, then of the feed-forward step."""
SCALE_SHIFT = 2
"""Parts of the modulation of the observation in the last block."""


class Modulation(NamedTuple):
    """What flow time does to the two streams of one block."""

    action: Float[Tensor, "B T _"]
    """Six parts, for each action token its own where T is A."""
    observation: Float[Tensor, "B 1 _"]
    """Six parts; two in the last block."""


class AdaptiveNorm(nn.Module):
    """Makes the parts of a modulation from the embedded flow time."""

    def __init__(self, width: int, *, parts: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, parts * width)

    def forward(self, condition: Float[Tensor, "B T D"]) -> Float[Tensor, "B T _"]:
        """Return all parts side by side; `condition` is SiLU of the embedded time."""
        return self.linear(condition)


class GeluLayer(nn.Module):
    """A linear layer and a GELU (tanh approximation)."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, inner)

    def forward(self, tokens: Float[Tensor, "B N D"]) -> Float[Tensor, "B N _"]:
        """Widen each token."""
        return F.gelu(self.proj(tokens), approximate="tanh")


class FeedForward(nn.Module):
    """Two linear layers with a GELU in between."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        # The middle one was a dropout of 0: it keeps the number 2 for the last layer.
        self.net = nn.Sequential(GeluLayer(width, inner), nn.Identity(), nn.Linear(inner, width))

    def forward(self, tokens: Float[Tensor, "B N D"]) -> Float[Tensor, "B N D"]:
        """Transform each token by itself."""
        return self.net(tokens)


class JointAttention(nn.Module):
    """One softmax over action tokens, then observation tokens; projections of its own for each stream."""

    def __init__(self, width: int, heads: int, *, last: bool) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width)
        self.to_k = nn.Linear(width, width)
        self.to_v = nn.Linear(width, width)
        # In the last block nobody reads what the observation's queries find: the weights exist, but are not used.
        self.add_q_proj = nn.Linear(width, width)
        self.add_k_proj = nn.Linear(width, width)
        self.add_v_proj = nn.Linear(width, width)
        self.to_out = nn.Sequential(nn.Linear(width, width))
        self.to_add_out = None if last else nn.Linear(width, width)

    def forward(
        self, action: Float[Tensor, "B A D"], observation: Float[Tensor, "B N D"], mask: Bool[Tensor, "B J"] | None
    ) -> tuple[Float[Tensor, "B A D"], Float[Tensor, "B N D"] | None]:
        """Mix both streams; a token whose mask is false is never looked at."""
        count = action.shape[1]
        queries = self.to_q(action)
        if self.to_add_out is not None:
            queries = torch.cat([queries, self.add_q_proj(observation)], dim=1)  # (B, J, D)
        keys = torch.cat([self.to_k(action), self.add_k_proj(observation)], dim=1)  # (B, J, D)
        values = torch.cat([self.to_v(action), self.add_v_proj(observation)], dim=1)  # (B, J, D)
        hidden = None if mask is None else hide(mask[:, None], queries.dtype)
        queries, keys, values = (split_heads(each, self.heads) for each in (queries, keys, values))
        tokens = join_heads(attend(queries, keys, values, hidden))
        if self.to_add_out is None:
            return self.to_out(tokens), None
        return self.to_out(tokens[:, :count]), self.to_add_out(tokens[:, count:])


class JointBlock(nn.Module):
    """Attention over both streams, then each token by itself; both steps modulated and gated."""

    called_beside_forward = ("modulation",)
    """Methods that use weights outside of `forward`: whoever divides these among processes must know."""

    def __init__(self, width: int, heads: int, inner: int, *, last: bool) -> None:
        super().__init__()
        self.norm1_act = AdaptiveNorm(width, parts=SHIFT_SCALE_GATE_TWICE)
        self.norm1_obs = AdaptiveNorm(width, parts=SCALE_SHIFT if last else SHIFT_SCALE_GATE_TWICE)
        self.attn = JointAttention(width, heads, last=last)
        self.ff_act = FeedForward(width, inner)
        self.ff_obs = None if last else FeedForward(width, inner)

    def modulation(self, action_time: Float[Tensor, "B T D"], observation_time: Float[Tensor, "B 1 D"]) -> Modulation:
        """Return what flow time does to this block: it depends on nothing else."""
        return Modulation(self.norm1_act(action_time), self.norm1_obs(observation_time))

    def forward(
        self,
        action: Float[Tensor, "B A D"],
        observation: Float[Tensor, "B N D"],
        modulation: Modulation,
        mask: Bool[Tensor, "B J"] | None,
    ) -> tuple[Float[Tensor, "B A D"], Float[Tensor, "B N D"]]:
        """Return both streams for the next block; the last one returns the observation as it came."""
        own = modulation.action.chunk(SHIFT_SCALE_GATE_TWICE, -1)  # each (B, T, D)
        its = modulation.observation.chunk(SCALE_SHIFT if self.ff_obs is None else SHIFT_SCALE_GATE_TWICE, -1)
        shift, scale = (its[1], its[0]) if self.ff_obs is None else (its[0], its[1])
        mixed, seen = self.attn(
            normalize(action, shift=own[0], scale=own[1]), normalize(observation, shift=shift, scale=scale), mask
        )
        action = action + own[2] * mixed
        action = action + own[5] * self.ff_act(normalize(action, shift=own[3], scale=own[4]))
        if self.ff_obs is None or seen is None:
            return action, observation
        observation = observation + its[2] * seen
        return action, observation + its[5] * self.ff_obs(normalize(observation, shift=its[3], scale=its[4]))


def normalize(
    tokens: Float[Tensor, "B N D"], *, shift: Float[Tensor, "B T D"], scale: Float[Tensor, "B T D"]
) -> Float[Tensor, "B N D"]:
    """Normalize each token, then scale it by 1 + `scale` and shift it."""
    return F.layer_norm(tokens, tokens.shape[-1:], eps=NORM_EPSILON) * (1.0 + scale) + shift
