"""Several data sets in given shares that may change as training goes on.

Draw number n is a function of the seed and n alone: whoever resumes at draw n sees
exactly what would have come next, in any number of processes. Shares are kept to
within two draws of each data set, and within a data set every frame comes once per
round, in a new order each round.

>>> parts = [MixPart(name="sim", frames=50), MixPart(name="real", frames=10, shares=(0.0, 1.0))]
>>> chosen, frames = Mix(parts, draws=10_240, seed=0).draw(np.arange(10_240))
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
_ROUNDS = 4
"""Of the Feistel network that shuffles; four are enough to look random (Luby and Rackoff 1988)."""


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
        """Return for draws `numbers`, (N,), which data set each is from and which of its frames, each (N,) int64."""
        if len(numbers) and not (numbers.min() >= 0 and numbers.max() < self.draws):
            raise DataError(f"draws are numbered 0 to {self.draws - 1}, got {numbers.min()} to {numbers.max()}")
        parts, frames = np.empty(len(numbers), np.int64), np.empty(len(numbers), np.int64)
        for block in np.unique(numbers // _BLOCK):
            here = np.flatnonzero(numbers // _BLOCK == block)
            order, ranks = self._block(int(block))
            places = numbers[here] % _BLOCK
            parts[here] = order[places]
            turns = self._starts[block, order[places]] + ranks[places]
            for index, part in enumerate(self.parts):
                mine = here[parts[here] == index]
                turn = turns[parts[here] == index]
                for epoch in np.unique(turn // part.frames):
                    chosen = turn // part.frames == epoch
                    keys = np.random.default_rng([self._seed, 1, index, int(epoch)]).integers(0, 2**63, _ROUNDS)
                    frames[mine[chosen]] = shuffled(turn[chosen] % part.frames, part.frames, keys.astype(np.uint64))
        return parts, frames

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


def shuffled(places: np.ndarray, count: int, keys: np.ndarray) -> np.ndarray:
    """Return where a shuffle of `count` things puts each of `places`, without holding the whole shuffle.

    A Feistel network permutes a square of at least `count` places; who lands outside goes on until inside.

    Args:
        places: (N,) int64 in 0..count - 1.
        count: How many things are shuffled.
        keys: (rounds,) uint64 that choose the shuffle.
    """
    bits = max(1, (count - 1).bit_length() + 1 >> 1)
    mask = np.uint64((1 << bits) - 1)
    result = places.astype(np.uint64)
    outside = np.ones(len(result), bool)
    while outside.any():
        left, right = result[outside] >> np.uint64(bits), result[outside] & mask
        for key in keys:
            left, right = right, left ^ (_scrambled(right + key) & mask)
        result[outside] = left << np.uint64(bits) | right
        outside = result >= count
    return result.astype(np.int64)


def _scrambled(values: np.ndarray) -> np.ndarray:
    """Return 64 bits that depend on all bits of each value (the finalizer of MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ values >> np.uint64(33)) * np.uint64(factor)
    return values ^ values >> np.uint64(33)


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
