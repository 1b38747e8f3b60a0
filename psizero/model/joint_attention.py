"""Joint attention of the action expert: two streams of tokens, one softmax.

Source: MM-DiT of Stable Diffusion 3 (arXiv 2403.03206), which Psi0 (arXiv
2603.12263) uses for actions instead of pixels. Each stream has its own
projections, because noisy actions and words have different statistics.

Here the context tokens (words, pictures, state) do not look at the noisy
actions. So their keys and values depend on the observation alone: they are
computed once per observation, for all Euler steps of a sample and for all noise
draws of a training example.

Letters in shapes: B batch, R draws per observation, A action tokens, N context
tokens, D width, H heads, K width of one head.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.model.attention import attend, hide, join_heads, split_heads


class KeysValues(NamedTuple):
    """What a stream offers to those who look at it: two (B, H, N, K) tensors."""

    keys: Tensor
    values: Tensor

    def repeat(self, draws: int) -> "KeysValues":
        """Return the same for `draws` consecutive copies of each element of the batch."""
        return KeysValues(self.keys.repeat_interleave(draws, 0), self.values.repeat_interleave(draws, 0))


class ContextAttention(nn.Module):
    """The context's half: context tokens look at context tokens and show keys and values to the actions."""

    def __init__(self, width: int, heads: int, *, looks: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.key_value = nn.Linear(width, 2 * width)
        self.query = nn.Linear(width, width) if looks else None
        self.out = nn.Linear(width, width) if looks else None

    def forward(
        self, context: Float[Tensor, "B N D"], mask: Bool[Tensor, "B N"]
    ) -> tuple[Float[Tensor, "B N D"] | None, KeysValues]:
        """Return the attended context (None if this layer only shows) and what the actions may look at."""
        keys, values = (split_heads(part, self.heads) for part in self.key_value(context).chunk(2, -1))
        shown = KeysValues(keys, values)
        if self.query is None or self.out is None:
            return None, shown
        queries = split_heads(self.query(context), self.heads)
        mixed = attend(queries, keys, values, hide(mask[:, None], queries.dtype))
        return self.out(join_heads(mixed)), shown


class JointAttention(nn.Module):
    """The actions' half: one softmax over all action tokens and all context tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(
        self, action: Float[Tensor, "B A D"], shown: KeysValues, mask: Bool[Tensor, "B N"]
    ) -> Float[Tensor, "B A D"]:
        """Mix; context tokens whose mask is false are never looked at."""
        queries, keys, values = (split_heads(part, self.heads) for part in self.qkv(action).chunk(3, -1))
        keys = torch.cat([keys, shown.keys], dim=2)  # (B, H, A + N, K)
        values = torch.cat([values, shown.values], dim=2)
        everywhere = torch.cat([mask.new_ones(action.shape[:2]), mask], dim=1)  # (B, A + N)
        mixed = attend(queries, keys, values, hide(everywhere[:, None], queries.dtype))
        return self.out(join_heads(mixed))
