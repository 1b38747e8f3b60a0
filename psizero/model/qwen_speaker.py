"""Qwen3-VL as it answers with action tokens: what stage 1 of Psi0 trains.

The answer stands behind a prompt as words of the model's own vocabulary, each guessed
from the prompt and from the words before it. The head is the word embedding, behind
the final norm. It is computed where an answer is guessed and nowhere else: over a
whole prompt, 150,000 numbers for each token would be most of the memory.

Prompts are filled up on the right, so there is a gap before a short prompt's answer.
Padding has no place and nobody looks at it: the numbers are those without the gap.

Source: Psi0 (arXiv 2603.12263, section III-B).

Letters in shapes: B batch, C pictures, H x W pixels, N tokens of a prompt, K words of
an answer, D width, V vocabulary.
"""

from dataclasses import replace

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.token_head import PADDING

_SPREAD = 0.1
"""How far new words differ from each other at first, as a share of how far known words do."""


class QwenSpeaker(nn.Module):
    """A whole Qwen3-VL, all of which learns."""

    def __init__(self, backbone: QwenBackbone) -> None:
        """Take a backbone whose last layer is wanted; it is the speaker's from then on."""
        super().__init__()
        self.backbone = backbone

    def forward(
        self, images: Tensor, words: Int[Tensor, "B N 1"], tokens: Int[Tensor, "B K"]
    ) -> Float[Tensor, "B K V"]:
        """Return logits of each word of the answer, given pictures (B, C, H, W, 3), the prompt and the words before it.

        Of `tokens`, `PADDING` fills up short answers, and the last one is never looked at.
        """
        backbone, decoder = self.backbone, self.backbone.model.language_model
        prompt, before = words[..., 0], tokens[:, :-1]
        asked = prompt != backbone.config.padding_token
        ids = torch.cat([prompt, before.clamp(min=0)], dim=1)
        present = torch.cat([asked, before != PADDING], dim=1)
        seen = backbone.see(images)
        features = backbone.read(backbone.reading(ids, present, seen.grid), seen)[-1]  # (B, N + K - 1, D)
        ends = asked.sum(1) - 1
        first = features[torch.arange(len(ends), device=ends.device), ends][:, None]
        guessing = torch.cat([first, features[:, prompt.shape[1] :]], dim=1)  # (B, K, D)
        return F.linear(decoder.norm(guessing), decoder.embed_tokens.weight)


def add_rows(backbone: QwenBackbone, rows: int, generator: torch.Generator) -> None:
    """Give the word embedding more rows, `rows` in all: near the mean word, so that none is likely at first."""
    embedding = backbone.model.language_model.embed_tokens
    known = embedding.weight.detach()
    if rows > len(known):
        deviation, mean = torch.std_mean(known.float(), dim=0)
        noise = torch.randn(rows - len(known), known.shape[1], generator=generator)
        new = mean + _SPREAD * deviation * noise
        embedding.weight = nn.Parameter(torch.cat([known, new.to(known.dtype)]))
        embedding.num_embeddings = rows
        backbone.config = replace(backbone.config, shape=replace(backbone.config.shape, vocabulary=rows))
