"""From a slow, late, unreliable policy to one action per tick: when to ask, what to promise, what to believe.

Pure: no thread, no clock, no socket. Whoever owns a clock calls it once per tick:

    executor.reset(hold)                                   # an episode begins
    plea = executor.ask(age)                               # time for a question? about which tick, promising what
    executor.hear(chunk, epoch=plea.epoch)                 # an answer, whenever it comes, in whatever order
    executor.next_action()                                 # always gives one

An episode and an instruction are an epoch: an answer to a question of an older one
never runs. A question is about the tick in which its picture was taken, so the delay
that is measured, promised and made up for includes the camera and the network. An
answer that does not come is given up after a while, and another question is asked; if
it comes after all, it counts as long as no newer one has.
"""

from dataclasses import dataclass

import numpy as np

from psizero.embodiment.layout import VectorLayout
from psizero.runtime.ask import AskConfig, DelayEstimate, should_ask
from psizero.runtime.blending import BlendConfig
from psizero.runtime.chunk_queue import PAST_TICKS, ChunkQueue
from psizero.types import Action, ActionChunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What the policy is to be asked now."""

    start_tick: int
    """Tick at which the picture was taken: row 0 of the answer is due then."""
    epoch: int
    """Which episode and instruction it belongs to."""
    promised: np.ndarray
    """(d, A) actions from `start_tick` on that have run, or will run bit for bit while the answer is computed."""


class Executor:
    """Keeps one plan for one robot and says when a new one is needed."""

    def __init__(
        self,
        layout: VectorLayout,
        *,
        rate: float,
        ask: AskConfig,
        first_delay: int = 0,
        blend: BlendConfig | None = None,
    ) -> None:
        """Take the action's layout, its `rate` (Hz) and the delay to expect before any was measured (ticks)."""
        self._queue = ChunkQueue(layout, rate=rate, blend=blend)
        self._config = ask
        self._first_delay = first_delay
        self.epoch = 0
        """Counts episodes and instructions."""
        self.reset(np.zeros(layout.size, np.float32))

    @property
    def tick(self) -> int:
        """The tick whose action comes next, counted from the last reset."""
        return self._queue.tick

    @property
    def holding(self) -> bool:
        """Whether there is nothing left but to slow down and hold."""
        return self._queue.rows_left == 0

    @property
    def running(self) -> tuple[int, int]:
        """Tick at which the running chunk was asked, -1 before the first, and its row that is due now."""
        return self._queue.running, self._queue.row

    def reset(self, hold: np.ndarray) -> None:
        """Begin an episode: hold the (A,) action, whose velocities become zero, until an answer comes."""
        self._queue.reset(hold)
        config = self._config
        self._delay = DelayEstimate(
            first=self._first_delay, cap=config.max_promised, window=config.window, quantile=config.quantile
        )
        self.renew()

    def renew(self) -> None:
        """Begin an epoch with another instruction; the plan so far runs on until an answer to it comes."""
        self.epoch += 1
        self._queue.renew()
        self._asked_at: int | None = None
        self._open: int | None = None  # tick which the unanswered question is about

    def ask(self, age: int = 0) -> Plea | None:
        """Return what to ask now, with a picture `age` ticks old; None if it is not the time."""
        if not self._is_time():
            return None
        past = min(age, self.tick, PAST_TICKS)
        self._asked_at, self._open = self.tick, self.tick - past
        count = max(self._delay.ticks, self._config.min_promised)
        coming = max(count - past, 0)
        rows = np.concatenate([self._queue.executed(past), self._queue.promise(coming)])
        return Plea(start_tick=self.tick - past, epoch=self.epoch, promised=rows[:count])

    def hear(self, chunk: ActionChunk, *, epoch: int) -> bool:
        """Take an answer to a question of `epoch`; return whether it counts. A damaged one is a `PolicyError`."""
        if epoch != self.epoch:
            return False
        if chunk.start_tick > self._queue.asked_at:
            self._delay.measured(max(self.tick - chunk.start_tick, 0))
        if self._open is not None and chunk.start_tick >= self._open:
            self._open = None
        return self._queue.put(chunk)

    def give_up_waiting(self) -> None:
        """Ask again at the next tick: the answer under way is known to be lost."""
        self._asked_at = self._open = None

    def planned(self) -> np.ndarray:
        """Return the (A,) action that comes next, if nothing happens before."""
        return self._queue.planned(1)[0].copy()

    def next_action(self) -> Action:
        """Return the action of this tick and go on to the next tick."""
        return self._queue.next_action()

    def slow_down(self) -> None:
        """Drop the plan and slow to a hold."""
        self._queue.slow_down()

    def _is_time(self) -> bool:
        if self._asked_at is None:
            return True
        since = self.tick - self._asked_at
        if self._open is not None:
            return since >= self._config.patience
        return should_ask(
            since_asked=since,
            rows_left=self._queue.rows_left,
            delay=self._delay.uncapped,
            min_executed=self._config.min_executed,
        )
