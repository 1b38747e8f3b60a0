"""The network that stage 1 trains to say action tokens, and all that only those need to know who know which one it is.

There are two: PsiZero's own backbone with a head that is thrown away (`own_speaker`),
and Qwen3-VL, which says tokens as words of its own (`psi0_speaker`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from psizero.data.frames import Frames
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.train.trainee import ExampleForm, Scales

TOKENIZER = "tokenizer"
"""Folder of the FAST tokenizer, in the folder of the backbone that says its tokens."""


class Speaker(ABC):
    """One of the two kinds of network, with what it learns from and where it is written.

    A network is a module: pictures (B, C, H, W, 3), words (B, L, G), and tokens (B, K) as it calls them, filled up
    with `token_head.PADDING` -> logits (B, K, V) of each token, given those before it.
    """

    form: ExampleForm
    shares: Mapping[str, float]
    """How the names of some of its weights begin, and which share of the step size these get."""
    tokenizer_folder: Path | None
    """Where the tokenizer lies whose tokens its weights say already; `None` if they say none."""

    @property
    @abstractmethod
    def scales(self) -> Scales:
        """How numbers are scaled; known after `measure`."""

    @abstractmethod
    def measure(self, training: Frames) -> None:
        """Take the ranges of states and actions from the frames to learn from."""

    @abstractmethod
    def build(self, tokenizer: ActionTokenizer) -> None:
        """Make the network for the tokens of `tokenizer`."""

    @property
    @abstractmethod
    def network(self) -> nn.Module:
        """What learns; there is one after `build`."""

    @property
    @abstractmethod
    def codes(self) -> Sequence[int]:
        """What the network calls each token of the tokenizer; known after `build`."""

    @property
    @abstractmethod
    def end(self) -> Sequence[int]:
        """What it says behind the last token of a step."""

    @abstractmethod
    def words(self, instructions: Sequence[str]) -> Tensor:
        """Return instructions in the codes of the backbone, (I, L, G) int64; `build` came before."""

    @abstractmethod
    def with_weights(self, weights: Mapping[str, torch.Tensor]) -> nn.Module:
        """Return a network of these weights to measure with."""

    @abstractmethod
    def begin(self, out: Path) -> None:
        """Write into the folder what no step changes."""

    @abstractmethod
    def save(self, out: Path, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]) -> None:
        """Write or renew the backbone in the folder."""
