"""Several data sets in given shares that may change as training goes on.

Draw number n is a function of the seed and n alone: whoever resumes at draw n sees
exactly what would have come next, in any number of processes. Shares are kept to
within two draws of each data set. Which of its frames a data set then gives is told by
its own order (`order`), in which every frame comes once per round.

>>> parts = [MixPart(name="sim", frames=50), MixPart(name="real", frames=10, shares=(0.0, 1.0))]
>>> chosen, turns = Mix(parts, draws=10_240, seed=0).draw(np.arange(10_240))
>>> int((chosen[:1024] == 1).sum()), int((chosen[-1024:] == 1).sum())
(49, 499)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from psizero.errors import ConfigError, DataError

_BLOCK = 1024
"""Draws within which shares are constant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixPart:
    """One data set of a mix."""

    name: str
    frames: int
    """How many frames it has."""
    shares: tuple[float, ...] = (1.0,)
    """Weight beside the other parts, at evenly spaced moments from the first draw to the last, straight in between."""

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise DataError(f"data set {self.name} has no frames; record some or leave it out")
        if not self.shares or min(self.shares) < 0 or not np.isfinite(self.shares).all():
            raise ConfigError(f"shares of {self.name} must be 0 or more, one or several, got {self.shares}")

    def weight(self, progress: np.ndarray) -> np.ndarray:
        """Return the weight at progress 0 to 1."""
        return np.interp(progress, np.linspace(0, 1, len(self.shares)), self.shares)


def folder_and_shares(item: str) -> tuple[Path, tuple[float, ...]]:
    """Read what a user types: a folder, with a weight, or with weights over time.

    >>> folder_and_shares("runs/real=0:0.5")[1], folder_and_shares("runs/sim")[1]
    ((0.0, 0.5), (1.0,))
    """
    folder, _, weights = item.rpartition("=") if "=" in item else (item, "", "1")
    try:
        return Path(folder), tuple(float(weight) for weight in weights.split(":"))
    except ValueError as error:
        raise ConfigError(f"expected FOLDER=WEIGHT or FOLDER=WEIGHT:WEIGHT, got {item!r}") from error


class Mix:
    """The order in which the frames of several data sets are learned from."""

    def __init__(self, parts: Sequence[MixPart], *, draws: int, seed: int) -> None:
        if not parts or draws < 1:
            raise ConfigError("a mix needs one data set or more, and one draw or more")
        self.parts = tuple(parts)
        self.draws = draws
        self._seed = seed
        blocks = -(-draws // _BLOCK)
        middles = np.minimum((np.arange(blocks) + 0.5) * _BLOCK / draws, 1.0)
        weights = np.stack([part.weight(middles) for part in self.parts], axis=1)  # (blocks, parts)
        total = weights.sum(axis=1, keepdims=True)
        if (total == 0).any():
            raise ConfigError("at some moment all shares are 0; give one data set a share then")
        self._starts = _cumulative_counts(weights / total)  # (blocks + 1, parts)

    def draw(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return for draws `numbers`, (N,), which data set each is from and how many draws it had before, each (N,)."""
        if len(numbers) and not (numbers.min() >= 0 and numbers.max() < self.draws):
            raise DataError(f"draws are numbered 0 to {self.draws - 1}, got {numbers.min()} to {numbers.max()}")
        parts, turns = np.empty(len(numbers), np.int64), np.empty(len(numbers), np.int64)
        for block in np.unique(numbers // _BLOCK):
            here = np.flatnonzero(numbers // _BLOCK == block)
            order, ranks = self._block(int(block))
            places = numbers[here] % _BLOCK
            parts[here] = order[places]
            turns[here] = self._starts[block, order[places]] + ranks[places]
        return parts, turns

    def counts(self, draw: int) -> np.ndarray:
        """Return how many draws before number `draw` were from each data set, (parts,)."""
        block, rest = divmod(draw, _BLOCK)
        if rest == 0:
            return self._starts[block].copy()
        return self._starts[block] + np.bincount(self._block(block)[0][:rest], minlength=len(self.parts))

    def _block(self, block: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the data set of each draw of a block, and how many of that data set came before it there."""
        sizes = np.diff(self._starts[block : block + 2], axis=0)[0]
        order = np.random.default_rng([self._seed, 0, block]).permutation(np.repeat(np.arange(len(sizes)), sizes))
        ranks = np.empty_like(order)
        for index, size in enumerate(sizes):
            ranks[order == index] = np.arange(size)
        return order, ranks


def _cumulative_counts(shares: np.ndarray) -> np.ndarray:
    """Return (blocks + 1, parts) draws of each part before each block; what rounding owes a part comes in the next."""
    counts = np.zeros((len(shares) + 1, shares.shape[1]), np.int64)
    owed = np.zeros(shares.shape[1])
    for block, share in enumerate(shares):
        owed += share * _BLOCK
        sizes = np.maximum(np.floor(owed + 1e-9), 0).astype(np.int64)
        rest = int(_BLOCK - sizes.sum())
        by_claim = np.argsort(sizes - owed, kind="stable")
        if rest >= 0:
            sizes[by_claim[:rest]] += 1
        else:
            sizes[[part for part in by_claim[::-1] if sizes[part] > 0][:-rest]] -= 1
        owed -= sizes
        counts[block + 1] = counts[block] + sizes
    return counts
