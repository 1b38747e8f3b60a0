"""Chunks in, one action per tick out; no thread, no clock.

A chunk that was asked at tick a has its row 0 due at tick a, row 1 at a + 1, and so on:
ticks are absolute, and an action runs in the tick it is due or not at all. Of all chunks
that have come, the one asked last counts; a lost, doubled or overtaken chunk changes
nothing.

    >>> from psizero.embodiment.layout import Field
    >>> queue = ChunkQueue(VectorLayout("toy", (Field("arm", ("a",), "rad"),)), rate=30.0)
    >>> queue.reset(np.zeros(1, np.float32))
    >>> queue.put(ActionChunk(values=np.float32([[0.0], [0.0], [0.01]]), start_tick=0))
    True
    >>> [round(float(queue.next_action().values[0]), 3) for _ in range(3)]
    [0.0, 0.0, 0.01]

The queue is one plan: rows of the newest chunk, then a slow-down to a hold. What was
promised runs, bit for bit: a chunk takes over behind the last promised tick, and where it
disagrees with the plan it is blended in within the limits of `blending`.
"""

from collections import deque

import numpy as np

from psizero.embodiment.layout import VectorLayout
from psizero.errors import PolicyError
from psizero.runtime.blending import BlendConfig, Blending
from psizero.types import Action, ActionChunk

SETTLED_ROWS = 2
"""Rows after a take-over that no other one may touch, so that accelerations of two never add up."""

PAST_TICKS = 64
"""How many executed actions are remembered (2 s at 30 Hz): an observation may be that old."""


class ChunkQueue:
    """The plan from now on: rows of the newest chunk, a slow-down, then a hold without end."""

    def __init__(
        self, layout: VectorLayout, *, rate: float, blend: BlendConfig | None = None, at_once: bool = False
    ) -> None:
        """Take the layout of an action, its `rate` (Hz) and the limits of blending; `at_once` switches without it."""
        self._layout, self._at_once = layout, at_once
        self._blending = Blending(layout, rate, blend)
        self.reset(np.zeros(layout.size, np.float32))

    def reset(self, hold: np.ndarray) -> None:
        """Forget every chunk, start at tick 0 and hold the (A,) action; its velocities become zero."""
        self.tick = 0
        self.asked_at = -1
        """Tick at which the newest chunk was asked; -1 before the first."""
        self.running = -1
        """Tick at which the chunk was asked whose rows run now."""
        still = np.where(self._blending.is_rate, 0.0, hold).astype(np.float32)
        self._past = deque([still] * PAST_TICKS, maxlen=PAST_TICKS)
        self._plan = still[None]  # (rows + slow-down, A), from this tick on
        self._rows = 0  # of the plan that come from a chunk
        self._fixed = 0  # first tick that no promise and no take-over has settled
        self._coming: ActionChunk | None = None

    @property
    def rows_left(self) -> int:
        """Rows of the newest chunk that have not run; 0 means slowing down or holding."""
        coming = 0 if self._coming is None else self._coming.start_tick + len(self._coming.values) - self.tick
        return max(self._rows, coming, 0)

    @property
    def row(self) -> int:
        """Row of the running chunk that is due in this tick."""
        return self.tick - self.running

    def put(self, chunk: ActionChunk) -> bool:
        """Take a chunk; return whether it counts.

        The newest asked wins: an older chunk, the same one again, or one whose rows end
        before it could take over changes nothing. Numbers that are not finite are a
        `PolicyError`.
        """
        self.check(chunk)
        if chunk.start_tick <= self.asked_at or chunk.start_tick + len(chunk.values) <= max(self.tick, self._fixed):
            return False
        self._coming = chunk
        self.asked_at = chunk.start_tick
        return True

    def promise(self, count: int) -> np.ndarray:
        """Return the (count, A) actions from this tick on; only `renew` and `slow_down` can change them now."""
        self._take_over()
        self._fixed = max(self._fixed, self.tick + count)
        return self.planned(count)

    def renew(self) -> None:
        """Drop a chunk that has not taken over, and let the next one take over at once: promises are forgotten."""
        self._coming = None
        self._fixed = min(self._fixed, self.tick + SETTLED_ROWS)

    def planned(self, count: int) -> np.ndarray:
        """Return the (count, A) actions of this tick and the following ones, if no other chunk takes over."""
        return self._plan[np.minimum(np.arange(count), len(self._plan) - 1)]

    def executed(self, count: int) -> np.ndarray:
        """Return the last (count, A) actions; before the first one they were the hold. At most `PAST_TICKS`."""
        return np.array(list(self._past)[PAST_TICKS - count :], np.float32).reshape(count, self._layout.size)

    def next_action(self) -> Action:
        """Return the action of this tick and go on to the next tick."""
        if self.tick >= self._fixed:
            self._take_over()
        values = self._plan[0]
        self._past.append(values)
        self._plan = self._plan[1:] if len(self._plan) > 1 else self._plan
        self._rows = max(self._rows - 1, 0)
        self.tick += 1
        return Action(values=values.copy(), tick=self.tick - 1)

    def slow_down(self) -> None:
        """Drop the rest of the plan and slow to a hold, behind the rows that a take-over has just settled."""
        self.renew()
        kept = max(self._fixed - self.tick, 1)
        if self._rows > kept:
            self._follow(self._plan[:kept])
        self._rows = 0

    def _take_over(self) -> None:
        """Let the newest chunk have all ticks that are not settled yet."""
        chunk, self._coming = self._coming, None
        if chunk is None:
            return
        kept = max(self._fixed - self.tick, 0)
        rows = chunk.values[self.tick + kept - chunk.start_tick :]
        self.running = chunk.start_tick
        before, old = self.planned(kept), self.planned(kept + 2)[kept:]
        if self._at_once:
            self._follow(np.concatenate([before, rows]))
            return
        # How far the old plan is ahead in the first tick of the new one, and how that grows; one row tells no growth.
        gap = old[0] - rows[0].astype(np.float64)
        drift = old[1] - rows[1] - gap if len(rows) > 1 else np.zeros_like(gap)
        drift = np.where(self._blending.is_rate, 0.0, drift)
        self._follow(np.concatenate([before, rows + self._blending.offset(gap - drift, drift, len(rows))]))
        self._fixed = self.tick + kept + SETTLED_ROWS

    def _follow(self, rows: np.ndarray) -> None:
        """Plan the (T, A) rows, then a slow-down."""
        rows = rows.astype(np.float32)
        step = rows[-1] - (rows[-2] if len(rows) > 1 else self._past[-1])
        tail = self._blending.slow_down(rows[-1], step)
        self._plan, self._rows = np.concatenate([rows, tail.astype(np.float32)]), len(rows)

    def check(self, chunk: ActionChunk) -> None:
        """Refuse, with a `PolicyError`, what no robot should be asked to do."""
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
