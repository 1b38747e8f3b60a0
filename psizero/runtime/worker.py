"""Runs the policy beside the loop; only the newest observation counts.

Two workers with one face: `PolicyWorker` thinks in a thread while a real clock
runs; `SimulatedWorker` thinks at once and shows the answer a fixed number of ticks
later, so that an evaluation with delay gives the same result on any computer.
"""

import math
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Protocol

import numpy as np

from psizero.errors import ConfigError, NetworkError, PolicyError, PsiZeroError
from psizero.types import ActionChunk, Observation, Policy, SteeredPolicy, Steering

SWITCH_TIME = 0.0005
"""How soon the interpreter must let the loop's thread go on (s); its usual 5 ms would be seen as jitter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the policy is asked: a chunk from `observation.tick` on."""

    observation: Observation
    promised: np.ndarray
    """(d, A) actions that run while the answer is computed."""
    epoch: int = 0
    """Episode and instruction that the loop asks in; only the loop knows what it means."""
    steering: Steering | None = None
    """How the answer is to be led by the plan; None for a policy that takes promises, or knows of no plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the policy said to a question."""

    question: Question
    chunk: ActionChunk
    seconds: float
    """Time the policy took to compute (s)."""
    spare: float = math.inf
    """For how long it was there before the loop looked (s); unknown where time is simulated."""


class Worker(Protocol):
    """Takes questions, gives answers, never makes the loop wait."""

    @property
    def busy(self) -> bool:
        """Whether a question has not been answered yet."""
        ...

    def reset(self) -> None:
        """Forget open questions; a new episode or a new instruction begins."""

    def ask(self, question: Question) -> None:
        """Take a question; it replaces one that has not been begun."""

    def poll(self, tick: int) -> Answer | None:
        """Return an answer that has come by this tick.

        A policy that is broken raises its `PolicyError`, one that cannot be reached a `NetworkError`.
        """
        ...

    def close(self) -> None:
        """End what runs beside the loop."""


def uneven_delays(least: int, more: float, longest: int, random: np.random.Generator) -> Iterator[int]:
    """Yield one delay after the other (ticks): `least`, exponential ones of mean `more` on top, `longest` at most.

    >>> delays = uneven_delays(2, 2.0, 6, np.random.default_rng(0))
    >>> [next(delays) for _ in range(6)]
    [3, 4, 2, 2, 3, 5]
    """
    while True:
        yield min(least + int(random.exponential(more)), longest)


def answer(policy: Policy, question: Question) -> Answer:
    """Ask the policy and take the time; its answer must fit the question."""
    begin = time.perf_counter()
    if question.steering is None:
        chunk = policy.act(question.observation, question.promised)
    else:
        assert isinstance(policy, SteeredPolicy), "`Mode.check` lets no other policy into a loop that steers"
        chunk = policy.steer(question.observation, question.steering)
    if chunk.start_tick != question.observation.tick:
        raise PolicyError(
            f"the policy answered for tick {chunk.start_tick}, it was asked for tick {question.observation.tick}"
        )
    return Answer(question=question, chunk=chunk, seconds=time.perf_counter() - begin)


class SimulatedWorker:
    """Answers are computed at once and come to light `delay_ticks` after the first look for them.

    A number is the delay of every answer; an iterator gives one delay after the other.
    """

    def __init__(self, policy: Policy, delay_ticks: int | Iterator[int] = 0) -> None:
        if isinstance(delay_ticks, int) and delay_ticks < 0:
            raise ConfigError(f"an answer cannot come {-delay_ticks} ticks before its question; try 0")
        self._policy = policy
        self._delays = repeat(delay_ticks) if isinstance(delay_ticks, int) else delay_ticks
        self._answer: Answer | None = None
        self._due: int | None = None  # known from the first look after the question

    @property
    def busy(self) -> bool:
        return self._answer is not None

    def reset(self) -> None:
        self._answer = None
        self._policy.reset()

    def ask(self, question: Question) -> None:
        self._answer, self._due = answer(self._policy, question), None

    def poll(self, tick: int) -> Answer | None:
        given = self._answer
        if given is None:
            return None
        if self._due is None:
            self._due = tick + next(self._delays)
        if tick < self._due:
            return None
        self._answer = None
        return given

    def close(self) -> None:
        self._answer = None


class PolicyWorker:
    """Thinks in a thread of its own; the newest question waits, older ones are dropped."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._wake = threading.Condition()
        self._waiting: Question | None = None
        self._running = False
        self._result: Answer | PsiZeroError | None = None
        self._came = 0.0  # when the result was there
        self._era = 0  # counts resets: what was asked before one must not come to light after it
        self._reset_policy = False
        self._closed = False
        self._usual_switch_time = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_TIME)
        self._thread = threading.Thread(target=self._work, name="psizero-policy", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        with self._wake:
            return self._waiting is not None or self._running or self._result is not None

    def reset(self) -> None:
        with self._wake:
            self._era += 1
            self._waiting = None
            self._result = None
            self._running = False
            self._reset_policy = True

    def ask(self, question: Question) -> None:
        with self._wake:
            self._waiting = question
            self._wake.notify()

    def poll(self, tick: int) -> Answer | None:
        with self._wake:
            result, self._result = self._result, None
            spare = time.perf_counter() - self._came
        if isinstance(result, PsiZeroError):
            raise result
        return None if result is None else replace(result, spare=spare)

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(timeout=5.0)
        sys.setswitchinterval(self._usual_switch_time)

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting is not None or self._closed)
                if self._closed or self._waiting is None:
                    return
                question, self._waiting = self._waiting, None
                era, self._running = self._era, True
                forget, self._reset_policy = self._reset_policy, False
            result = self._think(question, forget=forget)
            with self._wake:
                if era == self._era:
                    self._result, self._running = result, False
                    self._came = time.perf_counter()

    def _think(self, question: Question, *, forget: bool) -> Answer | PsiZeroError:
        try:
            if forget:
                self._policy.reset()
            return answer(self._policy, question)
        except (NetworkError, PolicyError) as error:
            return error
        except PsiZeroError as error:
            return PolicyError(str(error))
        except Exception as error:
            # Whatever goes wrong in a policy must reach the loop, which then slows to a hold, and not end the thread.
            wrapped = PolicyError(f"the policy failed: {type(error).__name__}: {error}")
            wrapped.__cause__ = error
            return wrapped
