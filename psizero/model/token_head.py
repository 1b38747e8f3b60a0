"""Context tokens of a backbone -> action tokens, one after the other: what a backbone is pre-trained with.

Each token is guessed from the context and from the tokens before it. It has to be one
after the other: a byte pair stands for one number or for many, so which number a place
speaks of is known only from what was said before. The head is thrown away when the
backbone has learned.

Letters in shapes: B batch, N context tokens, D width, K action tokens, V vocabulary.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

PADDING = -1
"""In place of a token behind the last one of a chunk; nothing is learned there."""


class TokenHead(nn.Module):
    """A transformer layer over action tokens, each of which sees those before it and the whole context."""

    def __init__(self, *, width: int, heads: int, vocabulary: int, longest: int) -> None:
        """Make a head for chunks of at most `longest` tokens."""
        super().__init__()
        self.tokens = nn.Embedding(vocabulary + 1, width)  # the last one stands before the first token
        self.place = nn.Parameter(torch.randn(longest, width) * 0.02)
        self.layer = nn.TransformerDecoderLayer(width, heads, 4 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, vocabulary)

    def forward(
        self, context: Float[Tensor, "B N D"], mask: Bool[Tensor, "B N"], tokens: Int[Tensor, "B K"]
    ) -> Float[Tensor, "B K V"]:
        """Return how likely each token is (logits), given the context and the tokens before it."""
        start = tokens.new_full((len(tokens), 1), self.tokens.num_embeddings - 1)
        before = torch.cat([start, tokens[:, :-1].clamp(min=0)], dim=1)  # (B, K)
        count = before.shape[1]
        hidden = self.tokens(before) + self.place[:count]
        later = torch.ones(count, count, dtype=torch.bool, device=tokens.device).triu(1)
        hidden = self.layer(hidden, context.to(hidden.dtype), tgt_mask=later, memory_key_padding_mask=~mask)
        return self.out(self.norm(hidden))
