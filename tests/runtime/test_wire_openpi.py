import os
import subprocess
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from psizero.errors import ConfigError, PsiZeroError
from psizero.runtime.codec import decode, encode
from psizero.runtime.contract import Contract
from psizero.runtime.server import PolicyServer
from psizero.runtime.wire import WireConfig, question_of
from psizero.runtime.wire_openpi import OpenpiWire
from psizero.types import ActionChunk, Lead, Observation, Steering
from tests.runtime.served import CONTRACT, FRAMES, serving
from tests.runtime.toy_robot import LAYOUT, Gate, RampPolicy


def observation(**changes: object) -> dict[str, object]:
    good = {"state": np.zeros(2, np.float32), "images": {"head": np.zeros((4, 4, 3), np.uint8)}, "prompt": "wave"}
    return {**good, **changes}


def dial(wire: OpenpiWire, **settings) -> ClientConnection:
    connection = connect(f"ws://127.0.0.1:{wire.port}", compression=None, proxy=None, **settings)
    connection.metadata = decode(connection.recv(timeout=5))
    return connection


def asked(connection: ClientConnection, message: dict) -> dict:
    connection.send(encode(message))
    return decode(connection.recv(timeout=5))


def page(wire: OpenpiWire, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{wire.port}{path}", timeout=5) as answer:
        return answer.read().decode()


def test_the_server_announces_its_contract_and_answers_in_openpis_words():
    with serving() as wire, dial(wire) as connection:
        assert Contract.from_json(connection.metadata["psizero"]) == CONTRACT
        reply = asked(connection, observation())
        assert reply["actions"].shape == (30, 3)
        assert reply["policy_timing"]["infer_ms"] >= 0
        assert reply["server_timing"]["total_ms"] >= reply["server_timing"]["infer_ms"]


def test_promised_actions_are_gone_on_from_and_stamps_come_back():
    prefix = np.float32([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [9, 9, 9]])
    with serving() as wire, dial(wire) as connection:
        reply = asked(connection, observation(action_prefix=prefix, delay=2, tick=77, epoch=3, time=1.5))
        np.testing.assert_array_equal(reply["actions"][:2], prefix[:2])
        assert reply["actions"][2, 0] == pytest.approx(0.41)
        assert (reply["tick"], reply["epoch"], reply["time"]) == (77, 3, 1.5)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"state": np.zeros(3, np.float32)}, "'state' must have 2 numbers (toy_state), got 3"),
        ({"state": None}, "'state' must be an array"),
        ({"images": {}}, "'head' is missing among the pictures"),
        ({"images": {"head": np.zeros((4, 4), np.uint8)}}, "picture 'head' must be uint8"),
        ({"prompt": 3}, "the instruction must be words"),
        ({"action_prefix": np.zeros((8, 3), np.float32)}, "at most 7 rows of 3 numbers"),
        ({"action_prefix": np.zeros((2, 3), np.float32), "delay": 5}, "'delay' must be a number of rows"),
        ({"action_prefix": np.zeros((2, 3), np.float32), "steer": "exact"}, "cannot be led by a plan"),
        ({"psizero": "dance"}, "unknown request 'dance'"),
        ({"psizero": "hello", "layout": {}}, "not a layout"),
    ],
)
def test_what_does_not_fit_is_told_in_words_before_the_server_hangs_up(change, told):
    with serving() as wire, dial(wire) as connection:
        connection.send(encode(observation(**change)))
        assert told in connection.recv(timeout=5)
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=5)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1011
        with dial(wire) as another:
            assert asked(another, observation())["actions"].shape == (30, 3)


class LedPolicy(RampPolicy):
    """Tells in its first row how it was led: rows of the plan, rows of the promise, place of the way's name."""

    def steer(self, observation: Observation, steering: Steering) -> ActionChunk:
        rows = np.zeros((30, 3), np.float32)
        rows[0] = len(steering.plan), steering.promised, get_args(Lead).index(steering.how)
        return ActionChunk(values=rows, start_tick=observation.tick)


def test_a_plan_longer_than_any_promise_leads_a_policy_that_can_be_led():
    plan = np.zeros((20, 3), np.float32)
    with serving(LedPolicy, contract=replace(CONTRACT, steers=True)) as wire:
        with dial(wire) as connection:
            assert connection.metadata["psizero"]["steers"] is True
            reply = asked(connection, observation(action_prefix=plan, delay=9, steer="ramp"))
            np.testing.assert_array_equal(reply["actions"][0], [20, 9, get_args(Lead).index("ramp")])
            reply = asked(connection, observation(steer="exact"))
            np.testing.assert_array_equal(reply["actions"][0], [0, 0, get_args(Lead).index("exact")])
        for change, told in (
            ({"action_prefix": np.zeros((31, 3), np.float32), "steer": "ramp"}, "at most 30 rows of 3 numbers"),
            ({"action_prefix": plan, "steer": "gently"}, "'steer' must be one of"),
            ({"action_prefix": plan, "steer": [1]}, "'steer' must be one of"),
        ):
            with dial(wire) as connection:
                connection.send(encode(observation(**change)))
                assert told in connection.recv(timeout=5)


def test_a_contract_of_before_says_that_its_policy_cannot_be_led():
    told = CONTRACT.to_json()
    del told["steers"]
    assert Contract.from_json(told) == CONTRACT


def test_health_metrics_and_pings_are_answered_while_the_policy_computes():
    gate = Gate()
    with serving(gate.policy) as wire, dial(wire) as connection:
        connection.send(encode(observation()))
        assert gate.begun.acquire(timeout=10)
        assert page(wire, "/healthz") == "OK\n"
        assert "psizero_questions_total 1" in page(wire, "/metrics")
        assert connection.ping().wait(5)
        for tick in (1, 2):
            connection.send(encode(observation(tick=tick)))
        assert decode(connection.recv(timeout=5))["overtaken"]
        gate.go.release(2)
        assert "tick" not in decode(connection.recv(timeout=5))
        assert decode(connection.recv(timeout=5))["tick"] == 2


def test_without_the_token_nobody_gets_in_but_health_is_told():
    with serving(token="sesame") as wire:
        with pytest.raises(InvalidStatus, match="401"):
            dial(wire, additional_headers={"Authorization": "Api-Key open"})
        with pytest.raises(urllib.error.HTTPError, match="401"):
            page(wire, "/metrics")
        assert page(wire, "/healthz") == "OK\n"
        with dial(wire, additional_headers={"Authorization": "Api-Key sesame"}) as connection:
            assert asked(connection, observation())["actions"].shape == (30, 3)


def test_a_server_that_others_can_reach_needs_a_token():
    with pytest.raises(ConfigError, match="can be reached by others and needs a token"):
        WireConfig(host="0.0.0.0")
    assert WireConfig(host="0.0.0.0", token="sesame").token


def test_open_questions_are_answered_before_the_server_ends():
    gate = Gate()
    with serving(gate.policy) as wire:
        connection = dial(wire)
        connection.send(encode(observation()))
        assert gate.begun.acquire(timeout=10)
        threading.Timer(0.2, gate.go.release).start()
    assert decode(connection.recv(timeout=5))["actions"].shape == (30, 3)
    with pytest.raises(ConnectionClosed):
        connection.recv(timeout=5)


OPENPI_CLIENT = """
import sys
import numpy as np
from openpi_client.websocket_client_policy import WebsocketClientPolicy

policy = WebsocketClientPolicy("127.0.0.1", int(sys.argv[1]), api_key="sesame")
assert policy.get_server_metadata()["psizero"]["name"] == "ramp"
picture = np.zeros((4, 4, 3), np.uint8)
for step in range(20):
    state = np.full(2, step / 10, np.float32)
    reply = policy.infer({"state": state, "images": {"head": picture}, "prompt": "wave"})
    assert reply["actions"].shape == (30, 3), reply["actions"].shape
    assert np.allclose(reply["actions"][0, :2], step / 10 + 0.01)
try:
    policy.infer({"state": np.zeros(3, np.float32), "images": {"head": picture}, "prompt": "wave"})
except RuntimeError as error:
    assert "'state' must have 2 numbers" in str(error)
    print("done")
"""


def test_the_client_of_openpi_drives_our_server():
    python = os.environ.get("PSIZERO_OPENPI_PYTHON")
    if python is None:
        pytest.skip("PSIZERO_OPENPI_PYTHON names no Python with openpi-client (it needs numpy 1)")
    with serving(token="sesame") as wire:
        code = [python, "-c", OPENPI_CLIENT, str(wire.port)]
        result = subprocess.run(code, capture_output=True, text=True, timeout=60)
    assert result.stdout.endswith("done\n"), result.stderr


def damaged(random: np.random.Generator) -> bytes | str:
    """A frame that was good once, or never."""
    good = bytearray(encode(observation(action_prefix=np.zeros((2, 3), np.float32), tick=1)))
    kind = random.integers(4)
    if kind == 0:
        return random.bytes(int(random.integers(300)))
    if kind == 1:
        return good[: random.integers(len(good))].decode("latin-1")
    for place in random.integers(len(good), size=random.integers(1, 6)):
        good[place] ^= random.integers(1, 256)
    return bytes(good[: random.integers(1, len(good))]) if kind == 2 else bytes(good)


def test_a_damaged_frame_is_a_question_or_a_clear_error():
    random = np.random.default_rng(1)
    server = PolicyServer(CONTRACT, RampPolicy)
    refused = 0
    for _ in range(FRAMES):
        frame = damaged(random)
        try:
            question = question_of(decode(frame if isinstance(frame, bytes) else frame.encode()), server)
            assert np.isfinite(question.promised).all() and question.observation.state.shape == (2,)
        except PsiZeroError:
            refused += 1
    server.drain()
    assert FRAMES / 2 < refused < FRAMES


def test_damaged_frames_are_refused_in_words_and_the_server_lives_on():
    random = np.random.default_rng(0)
    with serving() as wire:
        refused = 0
        for _ in range(40):
            with dial(wire) as connection:
                connection.send(damaged(random))
                reply = connection.recv(timeout=10)
                refused += isinstance(reply, str) and len(reply) > 0
        assert refused > 20
        with dial(wire) as another:
            assert asked(another, observation())["actions"].shape == (30, 3)
        assert "psizero_errors_total" not in page(wire, "/metrics"), "nothing damaged reached the policy"


def test_the_layout_of_the_robot_is_compared_at_connect():
    with serving() as wire, dial(wire) as connection:
        assert asked(connection, {"psizero": "hello", "layout": LAYOUT.to_json()}) == {"psizero": "welcome"}
        other = {**LAYOUT.to_json(), "rate": 50.0}
        connection.send(encode({"psizero": "hello", "layout": other}))
        assert "at 50 Hz, expected 'toy' at 30 Hz" in connection.recv(timeout=5)
