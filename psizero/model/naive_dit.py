"""The plain DiT that MM-DiT is compared with: actions look at each other, then at what the backbone saw.

The paper of Psi0 (arXiv 2603.12263) calls it naive: self-attention over the actions and cross-attention to the
observation, in place of one softmax over both and a stream of layers for the observation. Blocks and modulation
as in DiT (arXiv 2212.09748), with the cross-attention modulated too. So each block has 25 D² weights, keys and
values of the observation among them; two blocks have as many as two of MM-DiT, 50 D².

Letters in shapes: B batch, A action tokens, N context tokens, D width, `_` several times D.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.model.attention import attend, hide, join_heads, split_heads
from psizero.model.block_parts import FeedForward, ModulatedBlock, modulate, start_unmodulated
from psizero.model.joint_attention import KeysValues

_SHIFT_SCALE_GATE_THRICE = 9


class NaiveBlock(ModulatedBlock):
    """One layer of the plain DiT."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.modulation = nn.Linear(width, _SHIFT_SCALE_GATE_THRICE * width)
        self.self_attention = _SelfAttention(width, heads)
        self.cross_attention = _CrossAttention(width, heads)
        self.feed_forward = FeedForward(width)
        start_unmodulated(self.modulation, parts=_SHIFT_SCALE_GATE_THRICE)

    def modulated(
        self,
        action: Float[Tensor, "B A D"],
        shown: KeysValues,
        mask: Bool[Tensor, "B N"],
        modulation: Float[Tensor, "B A _"],
    ) -> Float[Tensor, "B A D"]:
        """Mix the actions, look at the context, then transform each token; all three steps are gated."""
        parts = modulation.chunk(_SHIFT_SCALE_GATE_THRICE, -1)  # each (B, A, D)
        action = torch.addcmul(action, parts[2], self.self_attention(modulate(action, parts[0], parts[1])))
        seen = self.cross_attention(modulate(action, parts[3], parts[4]), shown, mask)
        action = torch.addcmul(action, parts[5], seen)
        return torch.addcmul(action, parts[8], self.feed_forward(modulate(action, parts[6], parts[7])))


class _SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, action: Float[Tensor, "B A D"]) -> Float[Tensor, "B A D"]:
        queries, keys, values = (split_heads(part, self.heads) for part in self.qkv(action).chunk(3, -1))
        everywhere = torch.ones(action.shape[:2], dtype=torch.bool, device=action.device)
        return self.out(join_heads(attend(queries, keys, values, hide(everywhere[:, None], queries.dtype))))


class _CrossAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(
        self, action: Float[Tensor, "B A D"], shown: KeysValues, mask: Bool[Tensor, "B N"]
    ) -> Float[Tensor, "B A D"]:
        queries = split_heads(self.query(action), self.heads)
        return self.out(join_heads(attend(queries, shown.keys, shown.values, hide(mask[:, None], queries.dtype))))
