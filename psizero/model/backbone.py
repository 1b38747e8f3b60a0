"""What every vision-language backbone promises: pictures and words -> context tokens.

Letters in shapes: B batch, C pictures (cameras times remembered frames), H x W
pixels, L words, G codes of a word, N context tokens, D width.
"""

from typing import NamedTuple, Protocol

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor


class VisionLanguage(NamedTuple):
    """What a backbone made of an observation."""

    tokens: Float[Tensor, "B N D"]
    mask: Bool[Tensor, "B N"]
    """False where a token is padding."""
    summary: Float[Tensor, "B D"]
    """One vector of the whole, which modulates the action expert."""
    layers: tuple[Float[Tensor, "B N D"], ...] = ()
    """Tokens after several layers, shallow first, for an expert that reads one per block; `tokens` is the last."""

    def to(self, device: torch.device) -> "VisionLanguage":
        """Return the same on a device."""
        layers = tuple(layer.to(device) for layer in self.layers)
        return VisionLanguage(self.tokens.to(device), self.mask.to(device), self.summary.to(device), layers)


class VLMBackbone(Protocol):
    """Pictures and words -> context tokens of the width that the action expert wants."""

    def __call__(
        self,
        images: Float[Tensor, "B C H W 3"] | UInt8[Tensor, "B C H W 3"],
        words: Int[Tensor, "B L G"],
    ) -> VisionLanguage:
        """Encode pictures (0..255) and the instruction in the codes of the backbone's own coder.

        The tiny backbone reads `words.encode_words`, whose padding is 0; Qwen3-VL
        reads whole prompts of `qwen_prompt.QwenPrompt`, with one code per token.
        """
        ...
