"""Time: a real monotonic clock, a simulated one, and a fixed rate with absolute deadlines."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Clock(Protocol):
    """Tells the time in seconds and waits until a given time."""

    def now(self) -> float:
        """Return the time in seconds; only differences mean anything."""
        ...

    def sleep_until(self, deadline: float) -> None:
        """Return at `deadline` (s), or at once if it has passed."""


class MonotonicClock:
    """The computer's monotonic clock."""

    def now(self) -> float:
        return time.monotonic()

    def sleep_until(self, deadline: float) -> None:
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(left)


class SimulatedClock:
    """A clock that moves only when told: what runs on it gives the same result on any computer.

    >>> clock = SimulatedClock()
    >>> clock.sleep_until(0.5)
    >>> clock.now()
    0.5
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def sleep_until(self, deadline: float) -> None:
        self._now = max(self._now, deadline)


class Rate:
    """Ticks at a fixed rate (Hz) whose deadlines are absolute, so that no error adds up.

    A tick that is missed by more than one period is dropped, not caught up:
    a burst of late commands is worse for a robot than a missing one.

    >>> rate = Rate(10.0, SimulatedClock())
    >>> [round(rate.wait(), 3) for _ in range(3)]
    [0.0, 0.0, 0.0]
    """

    def __init__(self, hertz: float, clock: Clock) -> None:
        self.period = 1.0 / hertz
        self._clock = clock
        self._deadline = clock.now() + self.period

    def wait(self) -> float:
        """Sleep until the next tick; return how late it came (s)."""
        self._clock.sleep_until(self._deadline)
        late = self._clock.now() - self._deadline
        # A hair more than late, so that rounding cannot give two ticks at one instant.
        missed = int(late / self.period + 1e-9)
        self._deadline += (1 + missed) * self.period
        return late


@contextmanager
def punctual_thread() -> Iterator[bool]:
    """Let the calling thread run before all ordinary ones for a while; yields whether the system allows it.

    Drawing and thinking fill the cores; an ordinary loop then waits some milliseconds for
    its turn. Linux allows a real-time priority to root and to users with an `rtprio` limit.
    Threads started meanwhile stay ordinary.
    """
    try:
        policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except (AttributeError, OSError):  # another system, or no permission
        yield False
        return
    try:
        yield True
    finally:
        os.sched_setscheduler(0, policy, parameters)
