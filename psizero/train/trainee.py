"""The network that a stage trains, and all that only those need to know who know which one it is.

There are two: PsiZero's own (`own_trainee`) and that of the paper (`psi0_trainee`).
Stages, examples and the loop are the same for both.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from psizero.data.frames import Frames
from psizero.data.image import PictureSize
from psizero.data.normalize import Scale
from psizero.model.network import PolicyNetwork


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleForm:
    """What an example looks like to a network."""

    picture: PictureSize
    """How a recorded picture is brought to its size."""
    image_size: tuple[int, int]
    """That size: height and width (pixels)."""
    cameras: int
    """Pictures of an observation."""
    chunk: int
    """Actions of a chunk."""
    numbers: int
    """Numbers of an action, filled up."""
    max_delay: int
    """Most promised actions in front of a chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """How states and actions become a network's numbers."""

    state: Scale
    action: Scale


class Trainee(ABC):
    """One of the two kinds of network, with what it learns from and where it is written."""

    form: ExampleForm

    @property
    @abstractmethod
    def network(self) -> PolicyNetwork:
        """What learns."""

    @property
    @abstractmethod
    def scales(self) -> Scales:
        """How numbers are scaled; known after `measure`."""

    @abstractmethod
    def measure(self, training: Frames) -> None:
        """Take the ranges of states and actions from the frames to learn from."""

    @abstractmethod
    def words(self, instructions: Sequence[str]) -> Tensor:
        """Return instructions in the codes of the backbone, (I, L, G) int64."""

    @abstractmethod
    def frozen_backbone(self, device: str) -> tuple[nn.Module, Mapping[str, Any]]:
        """Return the undivided backbone whose features are kept, and what they depend on besides its weights."""

    @abstractmethod
    def with_weights(self, weights: Mapping[str, torch.Tensor]) -> PolicyNetwork:
        """Return a network of these weights to measure with, in one piece."""

    @abstractmethod
    def begin(self, out: Path) -> None:
        """Write into the policy folder what no step changes; `measure` came before."""

    @abstractmethod
    def save(self, out: Path, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]) -> None:
        """Write or renew the policy folder."""
