import base64
import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import PsiZeroError
from psizero.runtime import act_stream, http_door
from psizero.runtime.act_words import message_of
from psizero.runtime.blending import Blending
from psizero.runtime.codec_json import read, write
from psizero.runtime.contract import Contract
from psizero.runtime.server import PolicyServer
from psizero.runtime.wire import question_of
from psizero.runtime.wire_act import ActWire
from psizero.types import ActionChunk, Observation
from tests.runtime.served import CONTRACT, FRAMES, serving
from tests.runtime.toy_robot import LAYOUT, Gate, RampPolicy


def question(**changes: object) -> dict[str, object]:
    """All keys that Psi0's own client sends."""
    return {
        "image": {"video": np.zeros((4, 4, 3), np.uint8)},
        "instruction": "wave",
        "history": None,
        "state": {"states": np.zeros((1, 2), np.float32)},
        "condition": None,
        "gt_action": None,
        "dataset_name": "toy",
        "timestamp": "",
        **changes,
    }


class Caller:
    """Posts on one connection."""

    all: ClassVar[list["Caller"]] = []

    def __init__(self, wire: ActWire, **headers: str) -> None:
        self.all.append(self)
        self.connection = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=10)
        self.headers = headers

    def ask(self, body: str | bytes, path: str = "/act") -> tuple[int, str]:
        self.connection.request("POST", path, body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def page(self, path: str) -> tuple[int, str]:
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    yield
    while Caller.all:
        Caller.all.pop().connection.close()


def posted(wire: ActWire, message: dict[str, object]) -> dict:
    status, body = Caller(wire).ask(write(message))
    assert status == 200, body
    return read(body)


def test_a_question_in_the_words_of_psi0_is_answered_in_them():
    with serving(wire=ActWire) as wire:
        caller = Caller(wire)
        status, body = caller.ask(write(question(tick=7)))
        raw = json.loads(body)
        assert status == 200
        assert raw["action"].keys() == {"__numpy__", "dtype", "shape"}
        assert (raw["action"]["dtype"], raw["action"]["shape"], raw["err"], raw["tick"]) == ("<f4", [30, 3], 0.0, 7)
        assert len(base64.b64decode(raw["action"]["__numpy__"])) == 4 * 90
        assert read(body)["traj_image"].shape == (1, 1, 3)
        for _ in range(3):
            assert caller.ask(write(question()))[0] == 200
        assert "psizero_sessions_total 1\n" in Caller(wire).page("/metrics")[1], "one connection is one session"


def test_promised_actions_are_gone_on_from():
    prefix = np.float32([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    with serving(wire=ActWire) as wire:
        action = posted(wire, question(action_prefix=prefix))["action"]
        np.testing.assert_array_equal(action[:2], prefix)


def test_both_ways_to_tell_a_state_mean_the_same_numbers():
    hands, arms = np.arange(14, dtype=np.float32), np.arange(20, 34, dtype=np.float32)
    whole = np.concatenate([hands, arms, [0, 0, 0, 0.75]]).astype(np.float32)[None]
    parts = {"arm_joints": arms, "hand_joints": hands}
    one, other = (message_of(question(state=state), G1_DEX3)["state"] for state in ({"states": whole}, parts))
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(G1_DEX3.state.get(other, "right_hand"), np.arange(7, 14))


class RememberingPolicy(RampPolicy):
    """Counts the episodes of all of its kind."""

    episodes = 0

    def reset(self) -> None:
        RememberingPolicy.episodes += 1


def test_the_mere_word_reset_in_the_history_begins_an_episode():
    RememberingPolicy.episodes = 0
    with serving(RememberingPolicy, wire=ActWire) as wire:
        caller = Caller(wire)
        for history in (None, {}, {"reset": False}, {}):
            assert caller.ask(write(question(history=history)))[0] == 200
    assert RememberingPolicy.episodes == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{", "not a message in JSON"),
        ("[" * 100_000, "not a message in JSON"),
        ("3", "must be an object"),
        (write(question(image=None)), "pictures must be a map"),
        (write(question(image={})), "looks through ('head',), pictures of [] came"),
        (write(question(image={"a": np.zeros((4, 4), np.uint8)})), "picture 'head' must be uint8"),
        (write(question(instruction=3)), "the instruction must be words"),
        (write(question(state=None)), "'state' must be an object with 'states'"),
        (write(question(state={})), "'state' needs 'left_arm', 2 numbers (rad), got NoneType"),
        (write(question(state={"states": np.zeros(3)})), "'state' must have 2 numbers (toy_state), got 3"),
        (write(question(state={"states": np.full(2, np.nan)})), "not finite"),
        (write(question(state={"arm_joints": None})), "'arm_joints' must be an array of numbers"),
        (write(question()).replace("<f4", "|O"), "arrays of type '|O' are not taken"),
        (write(question()).replace("AAAA", "!!!!"), "not a message in JSON"),
        (write(question(action_prefix=np.zeros((8, 3), np.float32))), "at most 7 rows of 3 numbers"),
    ],
)
def test_what_does_not_fit_is_400_and_one_line_and_the_next_question_is_answered(body, told):
    with serving(wire=ActWire) as wire:
        caller = Caller(wire)
        status, text = caller.ask(body)
        assert (status, text.count("\n")) == (400, 1), text
        assert told in text
        assert caller.ask(write(question()))[0] == 200


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("POST /act HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        ("POST /act HTTP/1.1\r\n\r\n", 411),
        ("POST /act HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 411),
        ("POST /act HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 411),
        ("POST /other HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
        ("PUT /act HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405),
        ("GET /act HTTP/1.1\r\n\r\n", 405),
        ("POST /act HTTP/1.1\r\nX: " + "x" * 20_000 + "\r\n\r\n", 431),
        ("POST /act HTTP/1.1\r\n" + "X: x\r\n" * 200 + "\r\n", 400),
        ("POST what is this HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_requests_that_are_none_are_refused_by_their_head(request_text, status):
    with serving(wire=ActWire) as wire:
        with socket.create_connection(("127.0.0.1", wire.port), timeout=10) as client:
            client.sendall(request_text.encode())
            answer = client.makefile("rb").readline().decode()
        assert f"HTTP/1.1 {status} " in answer
        posted(wire, question())


def test_whoever_says_nothing_or_stops_halfway_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(http_door, "REQUEST_WITHIN", 0.2)
    with serving(wire=ActWire) as wire, contextlib.ExitStack() as clients:
        begun = []
        for words in (b"", b"PO", b"POST /act HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"):
            begun.append(clients.enter_context(socket.create_connection(("127.0.0.1", wire.port), timeout=10)))
            begun[-1].sendall(words)
        assert [client.recv(100) for client in begun] == [b"", b"", b""]


def test_a_client_that_waits_to_be_told_to_go_on_is_told():
    body = write(question()).encode()
    with serving(wire=ActWire) as wire, socket.create_connection(("127.0.0.1", wire.port), timeout=10) as client:
        client.sendall(f"POST /act HTTP/1.1\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode())
        lines = client.makefile("rb")
        assert lines.readline() == b"HTTP/1.1 100 Continue\r\n"
        client.sendall(body)
        assert [lines.readline(), lines.readline()] == [b"\r\n", b"HTTP/1.1 200 OK\r\n"]


def test_health_is_told_to_all_and_the_rest_to_who_knows_the_token():
    with serving(wire=ActWire, token="sesame") as wire:
        for stranger in (Caller(wire), Caller(wire, Authorization="Api-Key open")):
            assert stranger.page("/health") == (200, '{"status": "ok"}')
            assert stranger.page("/healthz") == (200, "OK\n")
            for status, _ in (stranger.page("/metrics"), stranger.page("/ws"), stranger.ask(write(question()))):
                assert status == 401
        friend = Caller(wire, Authorization="Api-Key sesame")
        assert friend.ask(write(question()))[0] == 200
        assert "psizero_refused_total 6" in friend.page("/metrics")[1]


class BrokenPolicy(RampPolicy):
    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        raise ValueError("a wire is loose")


def test_a_policy_that_fails_is_500_on_post_and_words_on_the_stream():
    with serving(BrokenPolicy, wire=ActWire) as wire:
        for _ in range(2):
            status, text = Caller(wire).ask(write(question()))
            assert status == 500 and "ValueError: a wire is loose" in text
        with stream(wire) as connection:
            connection.send(write(question()))
            assert "ValueError: a wire is loose" in connection.recv(timeout=5)


def test_what_is_open_is_answered_before_the_server_ends():
    gate = Gate()
    answers = []
    with serving(gate.policy, wire=ActWire) as wire:
        idle = Caller(wire)
        assert idle.page("/healthz")[0] == 200
        asking = threading.Thread(target=lambda: answers.append(Caller(wire).ask(write(question()))))
        asking.start()
        assert gate.begun.acquire(timeout=10)
        assert Caller(wire).page("/healthz") == (200, "OK\n"), "pages are told while the policy computes"
        threading.Timer(0.2, gate.go.release).start()
    asking.join(10)
    assert answers[0][0] == 200


def stream(wire: ActWire, **settings) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{wire.port}/ws", compression=None, proxy=None, **settings)


def played(connection: ClientConnection, count: int) -> np.ndarray:
    """The (count, 3) actions that come next."""
    return np.concatenate([read(connection.recv(timeout=5))["action"] for _ in range(count)])


def test_the_stream_gives_one_action_per_tick_and_never_jumps():
    with serving(wire=ActWire) as wire, stream(wire) as connection:
        connection.send(write(question()))
        first = read(connection.recv(timeout=5))
        assert (first["action"].shape, first["version"], first["err"]) == ((1, 3), 0, 0.0)
        begin = time.monotonic()
        rows = [first["action"][0]]
        for _ in range(45):
            connection.send(write(question(state={"states": rows[-1][None, :2]})))
            rows.append(read(connection.recv(timeout=5))["action"][0])
        assert 1.2 < time.monotonic() - begin < 4.0, "45 ticks at 30 Hz"
    steps = np.diff(np.stack(rows)[:, 0])
    assert steps[30:].mean() == pytest.approx(0.01, abs=0.002)
    assert np.abs(np.diff(steps)).max() <= Blending(LAYOUT.action, LAYOUT.rate).limit[0]


def test_a_robot_that_sees_nothing_any_more_is_slowed_to_a_hold(monkeypatch):
    monkeypatch.setattr(act_stream, "STALE", 0.3)
    fast = replace(CONTRACT, layout=replace(LAYOUT, rate=100.0))
    with serving(wire=ActWire, contract=fast) as wire, stream(wire) as connection:
        connection.send(write(question()))
        rows = played(connection, 100)
    assert np.diff(rows[:, 0])[20] > 0.005
    np.testing.assert_array_equal(np.diff(rows[:, 0])[-3:], 0.0)
    assert rows[-1, 2] == 0.0


class SayingPolicy(RampPolicy):
    """Remembers all instructions it was asked with."""

    heard: ClassVar[list[str]] = []

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.heard.append(observation.instruction)
        return super().act(observation, promised)


def test_a_new_instruction_on_the_stream_is_asked_about_at_once():
    SayingPolicy.heard.clear()
    with serving(SayingPolicy, wire=ActWire) as wire, stream(wire) as connection:
        connection.send(write(question()))
        played(connection, 3)
        connection.send(write(question(instruction="stop")))
        played(connection, 5)
    assert SayingPolicy.heard[:2] == ["wave", "stop"]


def test_the_newest_observation_wins_on_the_stream():
    SayingPolicy.heard.clear()
    with serving(SayingPolicy, wire=ActWire) as wire, stream(wire) as connection:
        for number in range(30):
            connection.send(write(question(instruction=f"number {number}")))
        played(connection, 10)
    assert SayingPolicy.heard[-1] == "number 29"
    assert len(SayingPolicy.heard) < 30


@pytest.mark.parametrize(
    ("frame", "told"),
    [("{", "not a message in JSON"), (b"{}", "observations are text"), (write(question(state={})), "needs 'left_arm'")],
)
def test_a_bad_frame_on_the_stream_is_told_in_words_before_the_server_hangs_up(frame, told):
    with serving(wire=ActWire) as wire:
        with stream(wire) as connection:
            connection.send(frame)
            assert told in connection.recv(timeout=5)
            with pytest.raises(ConnectionClosed) as closed:
                connection.recv(timeout=5)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1011
        posted(wire, question())


def test_the_stream_tells_a_g1_what_was_commanded_before_if_the_robot_does_not():
    layout = replace(G1_DEX3, cameras=("head",), rate=100.0)

    class Heights(RampPolicy):
        seen: ClassVar[list[float]] = []

        def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
            self.seen.append(float(layout.state.get(observation.state, "pelvis_height")[0]))
            rows = np.zeros((30, layout.action.size), np.float32)
            layout.action.get(rows, "pelvis_height")[:] = 0.7
            return ActionChunk(values=rows, start_tick=observation.tick)

    contract = Contract(name="crouch", layout=layout, rows=30, max_promised=7)
    state = {"arm_joints": np.zeros(14, np.float32), "hand_joints": np.zeros(14, np.float32)}
    with serving(Heights, wire=ActWire, contract=contract) as wire, stream(wire) as connection:
        for _ in range(40):
            connection.send(write(question(state=state)))
            connection.recv(timeout=5)
    assert Heights.seen[0] == pytest.approx(0.75)
    assert Heights.seen[-1] == pytest.approx(0.7, abs=0.01)


def damaged(random: np.random.Generator) -> bytes:
    """A question that was good once, or never."""
    good = bytearray(write(question(action_prefix=np.zeros((2, 3), np.float32), tick=1)).encode())
    if random.integers(4) == 0:
        return random.bytes(int(random.integers(300)))
    for place in random.integers(len(good), size=random.integers(1, 6)):
        good[place] ^= random.integers(1, 256)
    return bytes(good[: random.integers(1, len(good))]) if random.integers(2) else bytes(good)


def test_a_damaged_question_is_a_question_or_a_clear_error():
    random = np.random.default_rng(1)
    server = PolicyServer(CONTRACT, RampPolicy)
    refused = 0
    for _ in range(FRAMES):
        try:
            asked = question_of(message_of(read(damaged(random)), LAYOUT), server)
            assert np.isfinite(asked.promised).all() and asked.observation.state.shape == (2,)
        except PsiZeroError:
            refused += 1
    server.drain()
    assert FRAMES / 2 < refused < FRAMES


def test_damaged_questions_are_400_and_the_server_lives_on():
    random = np.random.default_rng(0)
    with serving(wire=ActWire) as wire:
        caller = Caller(wire)
        told = [caller.ask(damaged(random))[0] for _ in range(200)]
        assert set(told) == {200, 400}
        posted(wire, question())
        assert "psizero_errors_total" not in Caller(wire).page("/metrics")[1], "nothing damaged reached the policy"
