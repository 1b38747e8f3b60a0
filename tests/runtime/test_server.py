import io
import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from psizero.clock import SimulatedClock
from psizero.errors import LayoutError, PolicyError, WireError
from psizero.runtime.contract import Contract
from psizero.runtime.server import MOST_SESSIONS, OvertakenError, PolicyServer
from psizero.runtime.worker import Question
from psizero.types import ActionChunk, Observation
from tests.runtime.served import CONTRACT
from tests.runtime.toy_robot import LAYOUT, Gate, RampPolicy, ToyRobot


def question(tick: int) -> Question:
    observation = replace(ToyRobot(SimulatedClock()).observe(), tick=tick, state=np.zeros(2, np.float32))
    return Question(observation=observation, promised=np.zeros((0, 3), np.float32))


class BrokenPolicy(RampPolicy):
    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        raise ValueError("a wire is loose")


def test_sessions_have_policies_of_their_own():
    server = PolicyServer(CONTRACT, RampPolicy)
    one, other = server.open("one"), server.open("other")
    for tick in (1, 2):
        assert one.ask(question(tick)).result(5).chunk.start_tick == tick
    other.ask(question(9)).result(5)
    assert isinstance(one.policy, RampPolicy) and isinstance(other.policy, RampPolicy)
    assert [tick for tick, _, _ in one.policy.asked] == [1, 2]
    assert [tick for tick, _, _ in other.policy.asked] == [9]
    assert (one.policy.resets, other.policy.resets) == (1, 1)
    one.reset()
    one.ask(question(3)).result(5)
    assert (one.policy.resets, other.policy.resets) == (2, 1)
    server.drain()


def test_the_newest_question_replaces_one_that_waits_and_sessions_take_turns():
    gate = Gate()
    server = PolicyServer(CONTRACT, gate.policy)
    one, other = server.open("one"), server.open("other")
    first = one.ask(question(0))
    assert gate.begun.acquire(timeout=10)
    older, newer, its = one.ask(question(1)), one.ask(question(2)), other.ask(question(5))
    with pytest.raises(OvertakenError, match="newer observation"):
        older.result(5)
    gate.go.release(3)
    assert [future.result(5).chunk.start_tick for future in (first, newer, its)] == [0, 2, 5]
    assert server.metrics["overtaken"] == 1
    server.drain()


def test_what_is_computed_is_finished_when_the_server_ends_and_nothing_new_is_taken():
    gate = Gate()
    server = PolicyServer(CONTRACT, gate.policy)
    session = server.open("one")
    future = session.ask(question(0))
    ending = threading.Thread(target=server.drain)
    ending.start()
    while server.ready:
        pass
    with pytest.raises(WireError, match="shutting down"):
        session.ask(question(1)).result(5)
    with pytest.raises(WireError, match="shutting down"):
        server.open("late")
    gate.go.release()
    assert future.result(5).chunk.start_tick == 0
    ending.join(10)


def test_a_policy_that_fails_is_told_to_who_asked_and_the_server_lives_on():
    log = io.StringIO()
    server = PolicyServer(CONTRACT, BrokenPolicy, log=log)
    session = server.open("one")
    for _ in range(2):
        with pytest.raises(PolicyError, match="ValueError: a wire is loose"):
            session.ask(question(0)).result(5)
    server.drain()
    assert [json.loads(line)["event"] for line in log.getvalue().splitlines()] == ["open", "error", "error", "ended"]
    assert "psizero_errors_total 2" in server.metrics.text()


def test_a_policy_that_takes_long_to_open_keeps_nobody_waiting():
    opened, go = threading.Event(), threading.Event()

    def open_policy() -> RampPolicy:
        if opened.is_set():
            assert go.wait(10)
        opened.set()
        return RampPolicy()

    server = PolicyServer(CONTRACT, open_policy)
    first = server.open("first")
    slow = threading.Thread(target=server.open, args=("slow",))
    slow.start()
    assert first.ask(question(1)).result(5).chunk.start_tick == 1
    go.set()
    slow.join(10)
    server.drain()


def test_a_full_server_says_so():
    server = PolicyServer(CONTRACT, RampPolicy)
    sessions = [server.open(str(number)) for number in range(MOST_SESSIONS)]
    with pytest.raises(WireError, match="32 connections, its most"):
        server.open("one more")
    sessions[0].close()
    server.open("now")
    server.drain()


def test_a_contract_comes_back_from_json_and_names_what_differs():
    assert Contract.from_json(json.loads(json.dumps(CONTRACT.to_json()))) == CONTRACT
    arm, base = LAYOUT.action.fields
    degrees = replace(LAYOUT, action=replace(LAYOUT.action, fields=(replace(arm, unit="deg"), base)))
    with pytest.raises(LayoutError, match="'left_arm' in deg, the policy ramp in rad"):
        CONTRACT.check_robot(degrees, whose="the robot")
    with pytest.raises(LayoutError, match="cameras"):
        CONTRACT.check_robot(replace(LAYOUT, cameras=("wrist",)), whose="the robot")
    with pytest.raises(WireError, match="no contract"):
        Contract.from_json({"name": 3})
