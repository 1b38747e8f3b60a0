"""What transformer blocks of the action expert and of the tiny backbone are made of, besides attention.

Letters in shapes: B batch, A action tokens, N context tokens, D width, `_` several times D.
"""

from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.model.joint_attention import KeysValues


class FeedForward(nn.Sequential):
    """Two linear layers, four times as wide in between."""

    def __init__(self, width: int) -> None:
        super().__init__(nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, width))


class ModulatedBlock(nn.Module, ABC):
    """One layer of the actions' stream, modulated token by token."""

    modulation: nn.Linear
    """Makes all parts of a token's modulation, side by side."""

    def forward(
        self,
        action: Float[Tensor, "B A D"],
        shown: KeysValues,
        mask: Bool[Tensor, "B N"],
        condition: Float[Tensor, "B A D"],
    ) -> Float[Tensor, "B A D"]:
        """Transform the actions, given what the context shows and what modulates each of them."""
        return self.modulated(action, shown, mask, self.modulation(condition))

    @abstractmethod
    def modulated(
        self,
        action: Float[Tensor, "B A D"],
        shown: KeysValues,
        mask: Bool[Tensor, "B N"],
        modulation: Float[Tensor, "B A _"],
    ) -> Float[Tensor, "B A D"]:
        """Do the same for a modulation that is known already."""


def start_unmodulated(modulation: nn.Linear, *, parts: int) -> None:
    """Set adaLN-zero: shift 0, scale 1 (the second of each three parts), gate 0, whatever the condition."""
    nn.init.zeros_(modulation.weight)
    bias = torch.zeros(parts, modulation.out_features // parts)
    bias[1::3] = 1.0
    modulation.bias.data.copy_(bias.flatten())


def modulate(
    tokens: Float[Tensor, "B A D"], shift: Float[Tensor, "B A D"], scale: Float[Tensor, "B A D"]
) -> Float[Tensor, "B A D"]:
    """Normalize each token, then scale and shift it by its own modulation."""
    return torch.addcmul(shift, F.layer_norm(tokens, tokens.shape[-1:]), scale)
