"""From one layout to another, with a mask for what has no counterpart.

Numbers are matched by field, part and unit, never by place. A body that lacks a
number leaves a zero there, and the mask says so: no loss may look at it.

    >>> toy = VectorLayout("toy", (Field("left_arm", ("kLeftElbow",), "rad"), Field("tail", ("tip",), "rad")))
    >>> other = VectorLayout("other", (Field("left_arm", ("shoulder_pitch", "elbow"), "rad"),))
    >>> conversion = Conversion.between(toy, other)
    >>> conversion.convert(np.array([0.5, 9.0])).tolist(), conversion.mask.tolist(), conversion.lost
    ([0.0, 0.5], [False, True], ('tail.tip',))
"""

import re
from dataclasses import dataclass

import numpy as np

from psizero.embodiment.layout import Field, VectorLayout
from psizero.errors import LayoutError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conversion:
    """Carries vectors of one layout over into another."""

    source: VectorLayout
    target: VectorLayout
    columns: np.ndarray
    """(D,) int64: place in the source of each number of the target, -1 where there is none."""

    @staticmethod
    def between(source: VectorLayout, target: VectorLayout) -> "Conversion":
        """Match the numbers of two layouts; two that share nothing are a `LayoutError`."""
        places = {name: place for place, name in enumerate(_meanings(source))}
        columns = np.array([places.get(name, -1) for name in _meanings(target)], np.int64)
        if (columns < 0).all():
            raise LayoutError(
                f"layout {source.name!r} has nothing that {target.name!r} has; their fields are "
                f"{[field.name for field in source.fields]} and {[field.name for field in target.fields]}"
            )
        return Conversion(source=source, target=target, columns=columns)

    @property
    def mask(self) -> np.ndarray:
        """(D,) bool: True where the target's number comes from the source."""
        return self.columns >= 0

    @property
    def lost(self) -> tuple[str, ...]:
        """Numbers of the source for which the target has no place."""
        kept = set(self.columns.tolist())
        return tuple(name for place, name in enumerate(self.source.names) if place not in kept)

    def convert(self, values: np.ndarray) -> np.ndarray:
        """Return (..., S) numbers of the source as (..., D) of the target; zero where the mask is False."""
        if values.shape[-1:] != (self.source.size,):
            raise LayoutError(
                f"layout {self.source.name!r} holds {self.source.size} numbers, got an array of shape {values.shape}"
            )
        return np.where(self.mask, values[..., np.maximum(self.columns, 0)], 0).astype(values.dtype)


def _meanings(layout: VectorLayout) -> list[tuple[str, str, str]]:
    """What each number is: field, part in plain words, unit."""
    return [(field.name, _plain(field, part), field.unit) for field in layout.fields for part in field.parts]


def _plain(field: Field, part: str) -> str:
    """Return a part's name as ours are written: Unitree's data sets say kLeftShoulderPitch for shoulder_pitch."""
    side = field.name.partition("_")[0].capitalize()
    words = re.findall("[A-Z][a-z]*", part.removeprefix(f"k{side}")) if part.startswith("k") else []
    return "_".join(words).lower() or part
