import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import msgpack
import numpy as np
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from psizero.errors import PsiZeroError
from psizero.runtime.blending import Blending
from psizero.runtime.codec_vla_eval import Told, read, write
from psizero.runtime.server import PolicyServer
from psizero.runtime.wire import question_of
from psizero.runtime.wire_vla_eval import VlaEvalWire, message_of
from psizero.types import ActionChunk, Observation
from tests.runtime.served import CONTRACT, FRAMES, serving
from tests.runtime.toy_robot import LAYOUT, Gate, RampPolicy

PEER = Path(__file__).with_name("vla_eval_peer.py")


def payload(**changes: object) -> dict[str, object]:
    """What a benchmark tells; cameras have other names there."""
    picture = np.zeros((4, 4, 3), np.uint8)
    return {"images": {"agentview": picture}, "state": np.zeros(2), "task_description": "wave", **changes}


class Client:
    """Speaks as the harness does."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.seq = 0

    def send(self, kind: str, **told: object) -> int:
        self.seq += 1
        self.connection.send(write(kind, told, seq=self.seq))
        return self.seq

    def hear(self) -> Told:
        return read(self.connection.recv(timeout=5))

    def act(self, **changes: object) -> np.ndarray:
        seq = self.send("observation", **payload(**changes))
        told = self.hear()
        assert (told.kind, told.seq) == ("action", seq), told.payload
        return told.payload["actions"]


def dial(wire: VlaEvalWire, user: str = "") -> ClientConnection:
    return connect(f"ws://{user}127.0.0.1:{wire.port}", compression=None, proxy=None)


def page(wire: VlaEvalWire, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{wire.port}{path}", timeout=5) as answer:
        return answer.read().decode()


def test_hello_is_answered_with_what_the_policy_looks_at_and_gives():
    with serving(wire=VlaEvalWire) as wire, dial(wire) as connection:
        client = Client(connection)
        seq = client.send("hello", harness_version="0.8.0", protocol_version=1)
        told = client.hear()
        assert (told.kind, told.seq, told.payload["protocol_version"]) == ("hello", seq, 1)
        assert told.payload["model_server"] == "ramp"
        assert told.payload["action_spec"]["left_arm"] == {"name": "left_arm", "dims": 2, "format": "rad"}
        assert told.payload["observation_spec"]["state"]["dims"] == 2


def test_in_sync_mode_each_observation_is_a_tick_and_gets_its_action():
    with serving(wire=VlaEvalWire) as wire, dial(wire) as connection:
        client = Client(connection)
        for _ in range(2):
            client.send("episode_start", task={"name": "wave"})
            rows = [client.act()]
            for _ in range(60):
                rows.append(client.act(state=rows[-1][:2]))
            client.send("episode_end", metrics={"success": True})
            steps = np.diff(np.stack(rows)[:, 0])
            assert abs(rows[0][0]) < 0.01, "an episode begins where the robot is"
            assert steps[20:].min() > 0.005
            assert np.abs(np.diff(steps)).max() <= Blending(LAYOUT.action, LAYOUT.rate).limit[0]


def test_in_live_mode_the_plan_under_way_answers_while_the_policy_thinks():
    gate = Gate()
    with serving(gate.policy, wire=VlaEvalWire) as wire, dial(wire) as connection:
        client = Client(connection)
        client.send("episode_start", mode="live")
        client.send("observation", **payload())
        assert gate.begun.acquire(timeout=10)
        newest = client.send("observation", **payload())
        gate.go.release()
        first = client.hear()
        assert (first.kind, first.seq) == ("action", newest), "one action for all that waited"
        rows = [client.act() for _ in range(20)]
        assert gate.begun.acquire(timeout=10)
        assert np.diff(np.stack(rows)[:, 0]).min() > 0, "the second question is open, and the robot moves"
        assert [tick for tick, _ in gate.heard] == [0, 10]
        gate.go.release(10)


def test_a_new_instruction_and_a_new_episode_are_asked_about_at_once():
    gate = Gate()
    gate.go.release(100)
    with serving(gate.policy, wire=VlaEvalWire) as wire, dial(wire) as connection:
        client = Client(connection)
        for words in ("wave", "wave", "stop"):
            client.act(task_description=words)
        client.send("episode_start")
        client.act(task_description="stop")
    assert gate.heard == [(0, "wave"), (2, "stop"), (0, "stop")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"state": None}, "'state' must be an array"),
        ({"state": np.zeros(3)}, "'state' must have 2 numbers (toy_state), got 3"),
        ({"images": {}}, "looks through ('head',), pictures of [] came"),
        ({"images": {"agentview": np.zeros((4, 4), np.uint8)}}, "picture 'head' must be uint8"),
        ({"task_description": None}, "the instruction must be words"),
    ],
)
def test_what_does_not_fit_is_told_and_the_connection_stays(change, told):
    with serving(wire=VlaEvalWire) as wire, dial(wire) as connection:
        client = Client(connection)
        seq = client.send("observation", **payload(**change))
        reply = client.hear()
        assert (reply.kind, reply.seq) == ("error", seq)
        assert told in reply.payload["error"]
        for frame in ("words", b"\x00", write("dance", {}, seq=5)):
            connection.send(frame)
            assert client.hear().kind == "error"
        assert client.act().shape == (3,)


class BrokenPolicy(RampPolicy):
    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        raise ValueError("a wire is loose")


def test_a_policy_that_fails_is_told_and_asked_again():
    with serving(BrokenPolicy, wire=VlaEvalWire) as wire, dial(wire) as connection:
        client = Client(connection)
        for _ in range(2):
            client.send("episode_start")
            client.send("observation", **payload())
            reply = client.hear()
            assert reply.kind == "error" and "ValueError: a wire is loose" in reply.payload["error"]


def test_the_token_comes_as_the_password_of_the_url():
    with serving(wire=VlaEvalWire, token="sesame") as wire:
        for user in ("", "psizero:open@"):
            with pytest.raises(InvalidStatus, match="401"):
                dial(wire, user)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            page(wire, "/metrics")
        assert page(wire, "/health") == page(wire, "/healthz") == "OK\n"
        with dial(wire, "psizero:sesame@") as connection:
            assert Client(connection).act().shape == (3,)


def damaged(random: np.random.Generator) -> bytes:
    """A message that was good once, or never."""
    good = bytearray(write("observation", payload(), seq=1))
    if random.integers(4) == 0:
        return random.bytes(int(random.integers(300)))
    for place in random.integers(len(good), size=random.integers(1, 6)):
        good[place] ^= random.integers(1, 256)
    return bytes(good[: random.integers(1, len(good))]) if random.integers(2) else bytes(good)


def test_a_damaged_message_is_a_question_or_a_clear_error():
    random = np.random.default_rng(1)
    server = PolicyServer(CONTRACT, RampPolicy)
    refused = 0
    for _ in range(FRAMES):
        try:
            asked = question_of(message_of(read(damaged(random)), CONTRACT), server)
            assert asked.observation.state.shape == (2,)
        except PsiZeroError:
            refused += 1
    server.drain()
    assert FRAMES / 2 < refused < FRAMES


def test_damaged_messages_do_not_end_the_server():
    random = np.random.default_rng(0)
    with serving(wire=VlaEvalWire) as wire:
        with dial(wire) as connection:
            for _ in range(100):
                connection.send(damaged(random))
                client = Client(connection)
                client.send("hello")
                while client.hear().kind != "hello":
                    pass
        with dial(wire) as another:
            assert Client(another).act().shape == (3,)
        assert "psizero_errors_total" not in page(wire, "/metrics"), "nothing damaged reached the policy"


@pytest.mark.parametrize("mode", ["sync", "live"])
def test_the_real_harness_evaluates_a_policy(mode, tmp_path):
    python = os.environ.get("PSIZERO_VLA_EVAL_PYTHON")
    if python is None:
        pytest.skip("PSIZERO_VLA_EVAL_PYTHON names no Python with vla-eval 0.8")
    with serving(wire=VlaEvalWire, token="sesame") as wire:
        code = [python, str(PEER), f"ws://psizero:sesame@127.0.0.1:{wire.port}", mode]
        done = subprocess.run(code, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    told = msgpack.unpackb(bytes.fromhex(done.stdout.splitlines()[-1]))
    assert told["successes"] == 1.0, done.stderr[-3000:]
    assert told["server"] == "ramp"
    assert told["mismatches"] == []
    if mode == "live":
        assert told["stale"] < 0.3
