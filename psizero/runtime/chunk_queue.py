"""Chunks in, one action per tick out; no thread, no clock.

A chunk that was asked at tick a has its row 0 due at tick a. It arrives later, at
tick b; from then on its row b - a is used, the row that is due. Its first rows are
the actions that were promised when it was asked; what comes after them fades over
from the old plan to the new one, so nothing jumps at the change:

    >>> queue = ChunkQueue(VectorLayout("toy", (Field("arm", ("a",), "rad"),)))
    >>> queue.reset(np.zeros(1, np.float32))
    >>> queue.put(ActionChunk(values=np.float32([[0.1], [0.2], [0.3]]), start_tick=0))
    True
    >>> [round(float(queue.next_action().values[0]), 2) for _ in range(3)]
    [0.1, 0.2, 0.3]

The queue is one plan: the rows of the newest chunk, then a slow-down to a hold. What
`promised` shows is what `next_action` will give, bit for bit, unless a newer chunk is
put in between.
"""

import numpy as np

from psizero.embodiment.layout import Field, VectorLayout
from psizero.errors import PolicyError
from psizero.types import Action, ActionChunk

SLOW_DOWN_TICKS = 8
"""Ticks from full speed to standing when the plan ends: 0.27 s at 30 Hz."""

FADE_TICKS = 6
"""Ticks over which a new chunk takes over from the old plan: 0.2 s at 30 Hz.

A network keeps its promises, but the row after the last promise is its own; with answers
six ticks late it lay two ordinary steps off (median). Long enough to hide that, short
enough that the robot still reacts within the chunk that saw the reason.
"""


class ChunkQueue:
    """The plan from now on: rows of the newest chunk, a slow-down, then a hold without end."""

    def __init__(self, layout: VectorLayout) -> None:
        self._layout = layout
        self._is_rate = np.concatenate([np.full(field.size, _is_rate(field)) for field in layout.fields])
        self.reset(np.zeros(layout.size, np.float32))

    def reset(self, hold: np.ndarray) -> None:
        """Forget every chunk, start at tick 0 and hold the (A,) action; its velocities become zero."""
        self.tick = 0
        self.asked_at = -1
        self._next = 0
        self._rows = 0
        self._plan = np.where(self._is_rate, 0.0, hold).astype(np.float32)[None]  # (rows + slow-down, A)
        self._last = self._plan[0]

    @property
    def rows_left(self) -> int:
        """Rows of the newest chunk that have not run; 0 means slowing down or holding."""
        return max(self._rows - self._next, 0)

    @property
    def row(self) -> int:
        """Row of the newest chunk that is due in this tick."""
        return self.tick - self.asked_at

    def put(self, chunk: ActionChunk) -> bool:
        """Take over a chunk; return whether it was used.

        The newest asked wins: an older chunk, the same one again, or one whose rows
        are all past changes nothing. It takes over from the old plan gradually, also
        when it comes later than was promised to it and so expected another past than
        what ran. Numbers that are not finite are a `PolicyError`.
        """
        self._check(chunk)
        elapsed = self.tick - chunk.start_tick
        if chunk.start_tick <= self.asked_at or elapsed >= len(chunk.values):
            return False
        rows = np.array(chunk.values[elapsed:], np.float32)
        if self.rows_left > 0:
            common = min(self.rows_left, len(rows), FADE_TICKS)
            apart = self.promised(common) - rows[:common]
            rows += _fading(len(rows)) * apart[np.minimum(np.arange(len(rows)), common - 1)]
        elif elapsed > 0:
            # The old plan has run out: what is left of it is the place where the robot is.
            rows += _fading(len(rows)) * (self._last - chunk.values[elapsed - 1])
        self._plan = self._with_slow_down(rows)
        self._rows, self._next = len(rows), 0
        self.asked_at = chunk.start_tick
        return True

    def promised(self, count: int) -> np.ndarray:
        """Return the (count, A) actions of this tick and the following ones."""
        indices = np.minimum(np.arange(self._next, self._next + count), len(self._plan) - 1)
        return self._plan[indices].copy()

    def next_action(self) -> Action:
        """Return the action of this tick and go on to the next tick."""
        self._last = self._plan[min(self._next, len(self._plan) - 1)]
        action = Action(values=self._last.copy(), tick=self.tick)
        self.tick += 1
        self._next += 1
        return action

    def slow_down(self) -> None:
        """Drop the rest of the plan and slow to a hold from here on."""
        if self.rows_left == 0:
            return
        coming = self._plan[self._next]
        self._plan = self._with_slow_down(coming[None])
        self._rows, self._next = 0, 0

    def _check(self, chunk: ActionChunk) -> None:
        """Refuse what no robot should be asked to do."""
        if chunk.values.ndim != 2 or chunk.values.shape[1] != self._layout.size or len(chunk.values) == 0:
            raise PolicyError(
                f"the policy gave a chunk of shape {chunk.values.shape}, "
                f"expected (1 or more ticks, {self._layout.size}); use a policy of layout {self._layout.name!r}"
            )
        if not np.isfinite(chunk.values).all():
            row, column = np.argwhere(~np.isfinite(chunk.values))[0]
            raise PolicyError(
                f"the policy gave {chunk.values[row, column]} for {self._layout.names[column]!r} "
                f"in row {row} of the chunk of tick {chunk.start_tick}; its weights or its input are damaged"
            )
        if chunk.start_tick > self.tick:
            raise PolicyError(f"the policy gave a chunk from tick {chunk.start_tick}, but this is tick {self.tick}")

    def _with_slow_down(self, rows: np.ndarray) -> np.ndarray:
        """Return (T + slow-down, A): positions run out with falling speed, velocities fall to zero."""
        last = rows[-1]
        step = last - (rows[-2] if len(rows) > 1 else self._last)
        speed = 1.0 - np.arange(1, SLOW_DOWN_TICKS + 1)[:, None] / SLOW_DOWN_TICKS  # (slow-down, 1)
        tail = np.where(self._is_rate, speed * last, last + np.cumsum(speed, axis=0) * step)
        return np.concatenate([rows, tail]).astype(np.float32)


def _fading(length: int) -> np.ndarray:
    """Return (length, 1) shares of the old plan, falling to zero; the first step is already one down."""
    return np.clip(1.0 - np.arange(1, length + 1) / (FADE_TICKS + 1), 0.0, 1.0).astype(np.float32)[:, None]


def _is_rate(field: Field) -> bool:
    """Tell velocities, which a hold sets to zero, from positions, which it keeps."""
    return field.unit.endswith("/s")
