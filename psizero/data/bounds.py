"""Normalization of Psi0 checkpoints: bounds to [-1, 1], clipped, as their training did it.

Facts from the reference implementation (`config/transform.py`, class
ActionStateTransform): with bounds low and high, in float32,

    2 (value - low) / (high - low) - 1, limited to [-1, 1]

A number whose bounds are equal is passed on as it is (an action; then limited) or
becomes 0 (a state). The inverse is not limited, and gives such a number back as
its constant. Behind the last number, vectors are filled up with zeros.

Bounds are minimum and maximum (fine-tuned policies) or the quantiles q01 and q99
(post-trained ones). Policies trained here use `data.normalize` instead, which
clips nothing.

>>> bounds = Bounds(low=[0, 5], high=[10, 5], width=3, constant="zero")
>>> bounds.normalize(np.array([7.5, 5.0])).tolist()
[0.5, 0.0, 0.0]
>>> bounds.denormalize(np.array([0.5, 0.9, 0.1])).tolist()
[7.5, 5.0]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from psizero.errors import DataError, LayoutError

Method = Literal["minmax", "quantile"]
"""Which statistics are the bounds."""
Constant = Literal["pass", "zero"]
"""What becomes of a number whose bounds are equal."""

_KEYS: Mapping[Method, tuple[str, str]] = {"minmax": ("min", "max"), "quantile": ("q01", "q99")}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """Maps D physical numbers to the `width` numbers that the network sees."""

    low: np.ndarray
    """(D,) float32, physical units; becomes -1."""
    high: np.ndarray
    """(D,) float32, physical units; becomes 1."""
    width: int
    """Numbers of the network's vector, D of them and then zeros."""
    constant: Constant
    """What becomes of a number whose bounds are equal."""

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.float32))
        if self.low.ndim != 1 or self.low.shape != self.high.shape:
            raise DataError(f"bounds must be two vectors of one size, got {self.low.shape} and {self.high.shape}")
        if not (np.isfinite(self.low).all() and np.isfinite(self.high).all() and (self.low <= self.high).all()):
            raise DataError("bounds must be finite, and low not above high; compute the statistics again")
        if self.width < self.size:
            raise DataError(f"{self.size} numbers do not fit into the network's {self.width}; take its own statistics")
        if self.constant not in ("pass", "zero"):
            raise DataError(f"a constant number is passed on or becomes zero, got {self.constant!r}")

    @property
    def size(self) -> int:
        """How many physical numbers are mapped."""
        return len(self.low)

    def normalize(self, values: np.ndarray) -> np.ndarray:
        """Return (..., D) physical numbers as (..., width) numbers in [-1, 1], float32."""
        self._check(values, self.size)
        values = values.astype(np.float32)
        level = self.low == self.high
        span = np.where(level, np.float32(1), self.high - self.low)
        rest = values if self.constant == "pass" else np.zeros_like(values)
        scaled = np.where(level, rest, (values - self.low) / span * 2 - 1).clip(-1, 1)
        return np.concatenate([scaled, np.zeros((*values.shape[:-1], self.width - self.size), np.float32)], axis=-1)

    def denormalize(self, values: np.ndarray) -> np.ndarray:
        """Return (..., width) numbers of the network as (..., D) physical ones, float32; nothing is limited."""
        self._check(values, self.width)
        values = values[..., : self.size].astype(np.float32)
        return np.float32(0.5) * (values + 1) * (self.high - self.low) + self.low

    def trimmed(self, size: int) -> "Bounds":
        """Return the bounds of the first `size` numbers; the others must be padding, which is zero throughout."""
        if size > self.size or self.low[size:].any() or self.high[size:].any():
            raise LayoutError(
                f"the statistics are of {self.size} numbers, the layout has {size}; choose another layout"
            )
        return Bounds(low=self.low[:size], high=self.high[:size], width=self.width, constant=self.constant)

    def same_as(self, other: "Bounds") -> bool:
        """Tell whether both are equal, but for padding."""
        size = max(self.size, other.size)
        mine, theirs = (np.zeros((2, size), np.float32) for _ in range(2))
        mine[:, : self.size] = self.low, self.high
        theirs[:, : other.size] = other.low, other.high
        return bool((mine == theirs).all())

    def _check(self, values: np.ndarray, size: int) -> None:
        if values.shape[-1:] != (size,):
            raise LayoutError(f"these bounds are of vectors of {size} numbers, got an array of shape {values.shape}")

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, for a file; float32 numbers come back exactly."""
        low, high = self.low.tolist(), self.high.tolist()
        return {"low": low, "high": high, "width": self.width, "constant": self.constant}

    @staticmethod
    def from_json(data: Mapping) -> "Bounds":
        """Read what `to_json` wrote; anything else is a `DataError`."""
        try:
            low, high = (np.asarray(data[name], np.float32) for name in ("low", "high"))
            return Bounds(low=low, high=high, width=int(data["width"]), constant=data["constant"])
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"not bounds: {error!r}; expected low, high, width, constant") from error


def bounds_of_stats(stats: Mapping[str, Any], *, method: Method, width: int, constant: Constant) -> Bounds:
    """Return the bounds from statistics of one vector: min, max, q01, q99, each a list of numbers."""
    low, high = _KEYS[method]
    try:
        return bounds_of_lists(stats[low], stats[high], width=width, constant=constant)
    except (KeyError, TypeError) as error:
        raise DataError(f"these are no statistics of a vector: expected lists {low} and {high}") from error


def bounds_of_lists(low: Sequence[float], high: Sequence[float], *, width: int, constant: Constant) -> Bounds:
    """Return the bounds from plain lists; anything but numbers is a `DataError`."""
    try:
        return Bounds(low=np.asarray(low, float), high=np.asarray(high, float), width=width, constant=constant)
    except (TypeError, ValueError) as error:
        raise DataError(f"bounds must be lists of numbers: {error}") from error
