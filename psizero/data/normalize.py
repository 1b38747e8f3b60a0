"""Numbers with units <-> numbers the model likes, with an exact inverse.

Each number is mapped linearly so that its usual range becomes [-1, 1]. Nothing
is clipped unless asked: a rare value outside the range comes out beyond 1 and
returns unharmed. A number that never changes becomes 0 and returns exactly.

    >>> normalizer = Normalizer(low=np.array([0.0, 5.0]), high=np.array([10.0, 5.0]))
    >>> normalizer.normalize(np.array([10.0, 5.0])).tolist()
    [1.0, 0.0]
    >>> normalizer.denormalize(np.array([1.0, 0.3])).tolist()
    [10.0, 5.0]

The reference implementation clips to [-1, 1]; we do not, because its quantiles
would then cut 2 % of all recorded targets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from psizero.data.stats import VectorStats, vector_stats
from psizero.errors import DataError, LayoutError

Method = Literal["quantile", "minmax"]
"""Which range becomes [-1, 1]: that of 98 % of the values, or of all."""

_NARROW = 0.1
"""Share of the full range below which the quantiles' range is no usual range.

A number that rests in 98 % of the frames (a base velocity) has q01 = q99; scaling
by that would drop or blow up its few movements, so the full range is taken.
"""
_CONSTANT = 1e-6
"""Range (relative to the value, at least to 1) below which a number counts as constant."""


class Scale(Protocol):
    """How physical numbers become those of a network."""

    @property
    def size(self) -> int:
        """How many physical numbers are mapped."""
        ...

    @property
    def width(self) -> int:
        """How many numbers the network sees; those behind `size` are zero and mean nothing."""
        ...

    def normalize(self, values: np.ndarray) -> np.ndarray:
        """Return (..., size) physical values as (..., width) float32."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Normalizer:
    """A linear map of D numbers; `low` becomes -1 and `high` becomes 1."""

    low: np.ndarray
    """(D,) float64, physical units."""
    high: np.ndarray
    """(D,) float64, physical units; equal to `low` for a number that never changes."""

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.float64))
        if self.low.ndim != 1 or self.low.shape != self.high.shape:
            raise DataError(f"low and high must be two vectors of one size, got {self.low.shape} and {self.high.shape}")
        if not (np.isfinite(self.low).all() and np.isfinite(self.high).all() and (self.low <= self.high).all()):
            raise DataError("low and high must be finite, and low not above high; compute the statistics again")

    @property
    def size(self) -> int:
        """How many numbers are mapped."""
        return len(self.low)

    @property
    def width(self) -> int:
        """How many numbers the network sees: the same."""
        return self.size

    @property
    def constant(self) -> np.ndarray:
        """(D,) bool: True where the number never changes."""
        return self.low == self.high

    @staticmethod
    def from_stats(stats: VectorStats, *, method: Method = "quantile") -> "Normalizer":
        """Take the range from statistics; `quantile` uses q01..q99, `minmax` all values."""
        low, high = stats.min.copy(), stats.max.copy()
        if method == "quantile":
            usual = stats.q99 - stats.q01 >= _NARROW * (stats.max - stats.min)
            low[usual], high[usual] = stats.q01[usual], stats.q99[usual]
        constant = high - low <= _CONSTANT * np.maximum(1.0, np.abs(high))
        middle = np.where(stats.min == stats.max, stats.min, stats.mean)
        low[constant] = high[constant] = middle[constant]
        return Normalizer(low=low, high=high)

    def normalize(self, values: np.ndarray, *, clip: float | None = None) -> np.ndarray:
        """Return (..., D) physical values as float32, limited to [-clip, clip] if `clip` is given."""
        self._check_size(values)
        span = np.where(self.constant, 1.0, self.high - self.low)
        middle = 0.5 * (self.low + self.high)
        result = np.where(self.constant, 0.0, (values.astype(np.float64) - middle) * (2.0 / span))
        if clip is not None:
            result = np.clip(result, -clip, clip)
        return result.astype(np.float32)

    def denormalize(self, values: np.ndarray) -> np.ndarray:
        """Return (..., D) physical values as float32; nothing is clipped, constants come back exactly."""
        self._check_size(values)
        middle = np.where(self.constant, self.low, 0.5 * (self.low + self.high))
        return (middle + 0.5 * (self.high - self.low) * values.astype(np.float64)).astype(np.float32)

    def _check_size(self, values: np.ndarray) -> None:
        if values.shape[-1:] != self.low.shape:
            raise LayoutError(f"this normalizer maps {self.size} numbers, got an array of shape {values.shape}")

    def to_json(self) -> dict:
        """Return plain lists, for a file."""
        return {"low": self.low.tolist(), "high": self.high.tolist()}

    @staticmethod
    def from_json(data: Mapping) -> "Normalizer":
        """Read what `to_json` wrote; anything else is a `DataError`."""
        try:
            return Normalizer(low=np.asarray(data["low"], np.float64), high=np.asarray(data["high"], np.float64))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"not a normalizer: {error!r}; expected low and high") from error


def known_range(values: np.ndarray, known: np.ndarray) -> Normalizer:
    """Return the range of each of D numbers over those of (N, D) values that are `known`, (N, D); if none, 0 to 0."""
    low, high = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    for number in np.flatnonzero(known.any(axis=0)):
        here = Normalizer.from_stats(vector_stats(values[known[:, number], number, None]))
        low[number], high[number] = here.low[0], here.high[0]
    return Normalizer(low=low, high=high)
