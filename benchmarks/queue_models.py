"""Three executors of chunks behind one face, for the same traces: ours and two published ones.

The other two are test models, written from what is known of their logic, not their code:

- `ReferenceQueue`: the real-time server of the Psi0 reference (Psi0 @15d7d3a). Asks when 15 ticks
  have run, promises the longest of its last six delays, swaps at the tick it counts itself, repeats
  the last action when the chunk is over, and ends its process when the promise would be 0, 8 or more.
- `LeRobotQueue`: the queue of real-time chunking of LeRobot (lerobot @7427f31). Asks when half a
  chunk is left, drops as many rows as the *measured latency* says, consumes row by row, gives
  nothing when it is empty, and remembers the longest latency for ever.

Both think in a thread of their own that is not in step with the control loop, and neither knows
of lost or doubled answers: they get each answer exactly once, a lost one after it was repeated.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from psizero.embodiment.layout import Field, VectorLayout
from psizero.runtime.ask import AskConfig
from psizero.runtime.executor import Executor, Plea
from psizero.types import ActionChunk

LAYOUT = VectorLayout("trace", (Field("arm", ("a",), "rad"), Field("base_velocity", ("vx",), "m/s")))
RATE = 30.0
ROWS = 30


class ProcessExitError(Exception):
    """The process that drives the robot has ended itself."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Ask:
    """A question under way."""

    promised: np.ndarray
    """(d, A) what the answer shall begin with."""
    plea: Plea | None = None
    """The same in our own words."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Arrival:
    """An answer that comes now."""

    ask: Ask
    rows: np.ndarray
    latency: float
    """Time it took, in ticks, as its receiver would measure it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one tick did."""

    values: np.ndarray | None = None
    """(A,) the action; None if there is none, and the robot gets no command."""
    ask: Ask | None = None
    """The question whose answer runs; None while holding."""
    row: int = 0
    """Row of that answer."""


class Queue(Protocol):
    """An executor of chunks on a trace."""

    in_step: bool
    """Whether it asks in step with the control loop."""
    repeats: bool
    """Whether it asks again by itself when an answer is lost, and may get one twice."""

    def begin(self, hold: np.ndarray) -> None:
        """Begin an episode at tick 0."""

    def say(self) -> None:
        """Take another instruction."""

    def hear(self, arrival: Arrival) -> None:
        """Take an answer."""

    def ask(self) -> Ask | None:
        """Return a question, if it is time for one."""

    def step(self) -> Step:
        """Run one tick."""
        ...


class OurQueue:
    """`psizero.runtime.executor`."""

    in_step, repeats = True, True

    def __init__(self) -> None:
        self._executor = Executor(LAYOUT, rate=RATE, ask=AskConfig(), first_delay=2)
        self._taken: dict[int, Ask] = {}

    def begin(self, hold: np.ndarray) -> None:
        """Hold, forget all answers."""
        self._executor.reset(hold)
        self._taken = {}

    def say(self) -> None:
        """Begin an epoch."""
        self._executor.renew()

    def hear(self, arrival: Arrival) -> None:
        """Hand an answer on."""
        plea = arrival.ask.plea
        assert plea is not None
        chunk = ActionChunk(values=arrival.rows, start_tick=plea.start_tick)
        if self._executor.hear(chunk, epoch=plea.epoch):
            self._taken[plea.start_tick] = arrival.ask

    def ask(self) -> Ask | None:
        """Ask when the executor wants to."""
        plea = self._executor.ask()
        return None if plea is None else Ask(promised=plea.promised, plea=plea)

    def step(self) -> Step:
        """Run one tick."""
        holding = self._executor.holding
        values = self._executor.next_action().values
        start, row_after = self._executor.running
        if holding or start < 0:
            return Step(values=values)
        return Step(values=values, ask=self._taken[start], row=row_after - 1)


class ReferenceQueue:
    """The reference's controller."""

    in_step, repeats = False, False

    def __init__(self) -> None:
        self._chunk: Arrival | None = None
        self._run = 0  # rows of the present chunk that have run
        self._delays: deque[int] = deque([6], maxlen=6)
        self._asked: int | None = None

    def begin(self, hold: np.ndarray) -> None:
        """It is never told."""

    def say(self) -> None:
        """The instruction is part of each observation; nothing else changes."""

    def hear(self, arrival: Arrival) -> None:
        """Swap, and count the delay in its own ticks."""
        if self._asked is not None:
            self._run -= self._asked
            self._delays.append(self._run)
        self._chunk, self._asked = arrival, None

    def ask(self) -> Ask | None:
        """Ask when 15 rows have run; the first question promises nothing."""
        if self._asked is not None:
            return None
        if self._chunk is None:
            self._asked = 0
            return Ask(promised=np.zeros((0, LAYOUT.size), np.float32))
        if self._run < 15:
            return None
        delay = max(self._delays)
        if not 0 < delay < 8:
            raise ProcessExitError(f"delay {delay}")
        self._asked = self._run
        rows = np.concatenate([self._chunk.rows[self._run :], np.zeros((8, LAYOUT.size), np.float32)])
        return Ask(promised=rows[:delay])

    def step(self) -> Step:
        """Emit the next row, or the last one again."""
        if self._chunk is None:
            return Step()
        row = min(self._run, ROWS - 1)
        self._run += 1
        return Step(values=self._chunk.rows[row], ask=self._chunk.ask, row=row)


class LeRobotQueue:
    """LeRobot's queue."""

    in_step, repeats = False, False

    def __init__(self) -> None:
        self._longest = 0.0
        self.begin(np.zeros(LAYOUT.size, np.float32))

    def begin(self, hold: np.ndarray) -> None:
        """The queue is cleared; an answer under way is not recalled."""
        self._chunk: Arrival | None = None
        self._next = ROWS
        self._thinking = False

    def say(self) -> None:
        """The task is part of each question; the queue runs on."""

    def hear(self, arrival: Arrival) -> None:
        """Replace the queue, less the rows that the latency says are past."""
        self._longest = max(self._longest, arrival.latency)
        self._chunk, self._next = arrival, min(math.ceil(arrival.latency), ROWS)
        self._thinking = False

    def ask(self) -> Ask | None:
        """Ask when half a chunk is left."""
        if self._thinking or ROWS - self._next > ROWS // 2:
            return None
        self._thinking = True
        left = np.zeros((0, LAYOUT.size), np.float32) if self._chunk is None else self._chunk.rows[self._next :]
        return Ask(promised=left[: math.ceil(self._longest)])

    def step(self) -> Step:
        """Pop a row; nothing is sent when there is none."""
        if self._chunk is None or self._next >= ROWS:
            return Step()
        self._next += 1
        return Step(values=self._chunk.rows[self._next - 1], ask=self._chunk.ask, row=self._next - 1)
