"""How one plan goes over into another, and how it comes to rest, within a limit of acceleration.

A blend is an offset that is added to the new plan. It begins where the old plan is, with
the old plan's speed, and falls to nothing on a cubic; a plan that agrees with the old one
gets an offset of exactly zero. A slow-down goes on with falling speed. What either adds to
the plan never accelerates a number by more than half its limit, so that a blend which
begins in the middle of another one stays within the whole of it.

A blend that starts from rest runs a third faster than its plan for a moment, more if the plan is far ahead: what
was lost has to be caught up, because actions keep their ticks. A gentler one hardly helps: with the same acceleration,
twice the length leaves a fifth, and a limit of the added speed so low that it matters doubles the time to get there.

Positions are limited in their second difference (from tick to tick), velocities in their
first: both are accelerations.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psizero.embodiment.layout import Field, VectorLayout
from psizero.errors import ConfigError

SLOW_DOWN_TICKS = 8
"""Fewest ticks from full speed to standing when a plan ends: 0.27 s at 30 Hz."""

MOST_SLOW_DOWN_TICKS = 300
"""Longest slow-down, 10 s at 30 Hz: a plan that is faster than any robot must not be stretched over all memory."""

BLEND_TICKS = 6
"""Fewest ticks over which a new chunk takes over from the old plan: 0.2 s at 30 Hz.

A network keeps its promises, but the row after the last promise is its own; with answers
six ticks late it lay two ordinary steps off (median). Long enough to hide that, short
enough that the robot still reacts within the chunk that saw the reason.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlendConfig:
    """Largest acceleration that blending and slowing down may add, by the unit of a number."""

    angle: float = 100.0
    """Of numbers in rad (rad/s²): below the safety gate's limit for arms, so that the gate need not act."""
    length: float = 10.0
    """Of numbers in m (m/s²)."""
    velocity: float = 5.0
    """Of numbers in m/s (m/s²): a walk of 0.5 m/s stops in 0.2 s."""
    turning: float = 10.0
    """Of numbers in rad/s (rad/s²)."""
    share: float = 100.0
    """Of numbers of any other unit, such as openings from 0 to 1 (1/s²)."""

    def __post_init__(self) -> None:
        for name, setting in self.__dataclass_fields__.items():
            if not 0 < getattr(self, name) < np.inf:
                raise ConfigError(
                    f"the limit {name!r} of blending must be a number above 0, got {getattr(self, name)}; "
                    f"try {setting.default}"
                )


class Blending:
    """The limits of one layout at one rate."""

    def __init__(self, layout: VectorLayout, rate: float, config: BlendConfig | None = None) -> None:
        """Take the layout of an action and its `rate` (Hz)."""
        config = config or BlendConfig()
        by_unit = {"rad": config.angle, "m": config.length, "m/s": config.velocity, "rad/s": config.turning}
        per_second = _per_number(layout, lambda field: by_unit.get(field.unit, config.share))
        self.is_rate = _per_number(layout, is_rate).astype(bool)
        """(A,) Which numbers are velocities: a hold makes them zero."""
        self.limit = per_second / np.where(self.is_rate, rate, rate**2)
        """(A,) Largest acceleration, per tick² of a position and per tick of a velocity."""

    def offset(self, gap: np.ndarray, drift: np.ndarray, rows: int) -> np.ndarray:
        """Return (rows, A) to add to a new plan, in the ticks after the last one that the old plan ran.

        In that last tick the old plan is ahead of the new one by `gap` (A,), and the gap
        grows by `drift` (A,) per tick.
        """
        half = self.limit / 2
        size, speed = np.abs(gap), np.where(self.is_rate, 0.0, np.abs(drift))
        # A cubic from (gap, drift) to rest in n ticks accelerates by at most 6 gap / n² + 4 drift / n.
        shortest = np.where(self.is_rate, size / half, (2 * speed + np.sqrt(4 * speed**2 + 6 * half * size)) / half)
        ticks = np.maximum(np.ceil(shortest), BLEND_TICKS)
        t = np.minimum(np.arange(1, rows + 1)[:, None] / ticks, 1.0)  # (rows, A)
        left = np.where(self.is_rate, 1.0 - t, (1.0 - t) ** 2 * (1.0 + 2.0 * t))
        return gap * left + np.where(self.is_rate, 0.0, drift * ticks * t * (1.0 - t) ** 2)

    def slow_down(self, last: np.ndarray, step: np.ndarray) -> np.ndarray:
        """Return (n, A) from `last` (A,), reached with a `step` (A,) per tick, to a hold: velocities fall to zero.

        What is too fast for `MOST_SLOW_DOWN_TICKS` slows down harder; the safety gate cuts it anyway.
        """
        speed = np.where(self.is_rate, last, step)
        ticks = np.ceil(np.abs(speed) / (self.limit / 2)).clip(SLOW_DOWN_TICKS, MOST_SLOW_DOWN_TICKS)
        left = np.maximum(1.0 - np.arange(1, int(ticks.max()) + 1)[:, None] / ticks, 0.0) * speed  # (n, A)
        return np.where(self.is_rate, left, last + np.cumsum(left, axis=0))


def is_rate(field: Field) -> bool:
    """Tell velocities, which a hold sets to zero, from positions, which it keeps."""
    return field.unit.endswith("/s")


def _per_number(layout: VectorLayout, value: Callable[[Field], float]) -> np.ndarray:
    """Return (A,) one value per number, by its field."""
    return np.concatenate([np.full(field.size, value(field), np.float64) for field in layout.fields])
