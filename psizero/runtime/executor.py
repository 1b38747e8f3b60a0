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

A policy that is told what runs meanwhile likes to go on with it, whatever it is asked to
do now. So until the first answer of an epoch it is told no more of the old plan than what
surely runs: as many ticks as the fastest of the last answers took, and nothing to follow.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from psizero.embodiment.layout import VectorLayout
from psizero.runtime.ask import AskConfig, DelayEstimate, should_ask
from psizero.runtime.blending import BlendConfig
from psizero.runtime.chunk_queue import PAST_TICKS, ChunkQueue
from psizero.runtime.modes import DEFAULT_MODE, MODES, Ensemble, Mode
from psizero.types import Action, ActionChunk, Steering


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What the policy is to be asked now."""

    start_tick: int
    """Tick at which the picture was taken: row 0 of the answer is due then."""
    epoch: int
    """Which episode and instruction it belongs to."""
    promised: np.ndarray
    """(d, A) actions from `start_tick` on that have run, or will run bit for bit while the answer is computed."""
    steering: Steering | None = None
    """How the answer is to be led by the plan, in the modes that do so."""


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
        mode: Mode = MODES[DEFAULT_MODE],
    ) -> None:
        """Take the action's layout, its `rate` (Hz) and the delay to expect before any was measured (ticks)."""
        self._queue = ChunkQueue(layout, rate=rate, blend=blend, at_once=not mode.blends)
        self._mode, self._config = mode, ask
        self._ensemble = Ensemble()
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
        self._ensemble.forget()
        self._heeded = False  # whether the plan knows of this epoch
        self._asked_at: int | None = None
        self._open: int | None = None  # tick which the unanswered question is about

    def ask(self, age: int = 0) -> Plea | None:
        """Return what to ask now, with a picture `age` ticks old; None if it is not the time."""
        if not self._is_time():
            return None
        past = min(age, self.tick, PAST_TICKS)
        self._asked_at, self._open = self.tick, self.tick - past
        count = max(self._delay.ticks if self._heeded else self._delay.shortest, self._config.min_promised)
        coming = max(count - past, 0)
        rows = np.concatenate([self._queue.executed(past), self._queue.promise(coming)])
        return Plea(
            start_tick=self.tick - past, epoch=self.epoch, promised=rows[:count], steering=self._steering(past, count)
        )

    def hear(self, chunk: ActionChunk, *, epoch: int, spare: float = math.inf) -> bool:
        """Take an answer to a question of `epoch`; return whether it counts. A damaged one is a `PolicyError`.

        `spare` is for how long it has been there (s): one that came at the last moment tells the next to be expected
        later.
        """
        if epoch != self.epoch:
            return False
        if chunk.start_tick > self._queue.asked_at:
            took = max(self.tick - chunk.start_tick, 0)
            self._delay.measured(took, just_in_time=spare < self._config.margin)
        waited_for = self._open is not None and chunk.start_tick >= self._open
        if waited_for:
            self._open = None
        if self._mode.waits:
            if not waited_for:
                return False
            chunk = replace(chunk, start_tick=self.tick)  # the plan has waited, and begins now
        if self._mode.averages and chunk.start_tick > self._queue.asked_at:
            self._queue.check(chunk)
            chunk = self._ensemble.merge(chunk)
        counts = self._queue.put(chunk)
        self._heeded |= counts
        return counts

    def give_up_waiting(self) -> None:
        """Ask again at the next tick: the answer under way is known to be lost."""
        self._asked_at = self._open = None

    def planned(self) -> np.ndarray:
        """Return the (A,) action that comes next, if nothing happens before."""
        return self._queue.planned(1)[0].copy()

    def next_action(self) -> Action:
        """Return the action of this tick and go on to the next tick."""
        if self._mode.waits and self._open is not None and not self.holding:
            self._queue.slow_down()
        return self._queue.next_action()

    def slow_down(self) -> None:
        """Drop the plan and slow to a hold."""
        self._queue.slow_down()

    def _steering(self, past: int, count: int) -> Steering | None:
        """Return the plan from `past` ticks ago, `count` rows of it promised: to its end, unless that is outdated."""
        if self._mode.steers is None:
            return None
        coming = max(self._queue.rows_left if self._heeded else 0, count - past, 0)
        plan = np.concatenate([self._queue.executed(past), self._queue.planned(coming)])
        return Steering(plan=plan, promised=count, how=self._mode.steers)

    def _is_time(self) -> bool:
        if self._asked_at is None:
            return True
        since = self.tick - self._asked_at
        if self._open is not None:
            return since >= self._config.patience
        if self._mode.waits:
            return self.holding or self.tick - self._queue.asked_at >= self._config.min_executed
        return should_ask(
            since_asked=since,
            rows_left=self._queue.rows_left,
            delay=self._delay.uncapped,
            min_executed=self._config.min_executed,
        )
