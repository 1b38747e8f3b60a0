import threading

import numpy as np
import pytest

from psizero.clock import SimulatedClock
from psizero.errors import ConfigError, PolicyError
from psizero.runtime.worker import Answer, PolicyWorker, Question, SimulatedWorker
from psizero.types import ActionChunk, Observation
from tests.runtime.toy_robot import Gate, RampPolicy, ToyRobot


def question(tick: int) -> Question:
    from dataclasses import replace

    observation = replace(ToyRobot(SimulatedClock()).observe(), tick=tick, state=np.zeros(2, np.float32))
    return Question(observation=observation, promised=np.zeros((0, 3), np.float32))


def wait(worker: PolicyWorker) -> Answer:
    """Poll until the thread has answered; the test fails by its own time limit otherwise."""
    pause = threading.Event()
    for _ in range(2000):
        if (given := worker.poll(0)) is not None:
            return given
        pause.wait(0.005)
    raise AssertionError("no answer within 10 s")


def test_a_real_answer_tells_how_long_it_has_been_there():
    class NotedPolicy(RampPolicy):
        def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
            thought.set()
            return super().act(observation, promised)

    thought, pause = threading.Event(), threading.Event()
    worker = PolicyWorker(NotedPolicy())
    try:
        worker.ask(question(1))
        assert thought.wait(10.0)
        pause.wait(0.5)
        given = wait(worker)
        assert 0.1 < given.spare < 60.0
    finally:
        worker.close()


class BrokenPolicy(RampPolicy):
    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        raise ValueError("a wire is loose")


class WrongTickPolicy(RampPolicy):
    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        return ActionChunk(values=np.zeros((5, 3), np.float32), start_tick=observation.tick + 1)


@pytest.mark.parametrize("delay", [0, 1, 6])
def test_a_simulated_answer_comes_to_light_exactly_as_many_ticks_later(delay):
    worker = SimulatedWorker(RampPolicy(), delay)
    worker.ask(question(10))
    for tick in range(10, 10 + delay):
        assert worker.busy
        assert worker.poll(tick) is None
    given = worker.poll(10 + delay)
    assert given is not None
    assert given.chunk.start_tick == 10
    assert not worker.busy


def test_simulated_answers_take_one_delay_after_the_other():
    worker = SimulatedWorker(RampPolicy(), iter([2, 0]))
    came = []
    for tick in range(4):
        if not worker.busy:
            worker.ask(question(tick))
        if worker.poll(tick) is not None:
            came.append(tick)
    assert came == [2, 3]


def test_a_simulated_answer_does_not_outlive_a_reset():
    worker = SimulatedWorker(RampPolicy(), 3)
    worker.ask(question(0))
    worker.reset()
    assert worker.poll(100) is None


def test_an_answer_before_its_question_is_refused():
    with pytest.raises(ConfigError, match="try 0"):
        SimulatedWorker(RampPolicy(), -1)


def test_an_answer_for_another_tick_is_refused():
    with pytest.raises(PolicyError, match="answered for tick 6, it was asked for tick 5"):
        SimulatedWorker(WrongTickPolicy()).ask(question(5))


def test_the_thread_answers_without_being_waited_for():
    gate = Gate()
    policy = gate.policy()
    worker = PolicyWorker(policy)
    worker.ask(question(3))
    assert gate.begun.acquire(timeout=10)
    assert worker.poll(3) is None
    assert worker.busy
    gate.go.release()
    assert wait(worker).chunk.start_tick == 3
    assert not worker.busy
    worker.close()


def test_only_the_newest_question_is_answered():
    gate = Gate()
    policy = gate.policy()
    worker = PolicyWorker(policy)
    worker.ask(question(0))
    assert gate.begun.acquire(timeout=10)
    for tick in (1, 2, 3):
        worker.ask(question(tick))
    gate.go.release(2)
    assert gate.begun.acquire(timeout=10)
    worker.close()
    assert [tick for tick, _, _ in policy.asked] == [0, 3]


def test_what_was_asked_before_a_reset_never_comes_to_light():
    gate = Gate()
    policy = gate.policy()
    worker = PolicyWorker(policy)
    worker.ask(question(0))
    assert gate.begun.acquire(timeout=10)
    worker.reset()
    worker.ask(question(7))
    gate.go.release(2)
    assert wait(worker).chunk.start_tick == 7
    assert policy.resets == 1
    worker.close()


def test_an_error_of_the_policy_reaches_the_loop_and_the_thread_lives_on():
    worker = PolicyWorker(BrokenPolicy())
    for _ in range(2):
        worker.ask(question(0))
        with pytest.raises(PolicyError, match="ValueError: a wire is loose"):
            wait(worker)
    worker.close()
