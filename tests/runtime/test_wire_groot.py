import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, PsiZeroError
from psizero.runtime import wire_groot
from psizero.runtime.codec_groot import Dialect, read, write
from psizero.runtime.contract import Contract
from psizero.runtime.server import MOST_SESSIONS, PolicyServer
from psizero.runtime.wire import WireConfig, question_of
from psizero.runtime.wire_groot import GrootWire, message_of, modalities_of
from psizero.types import ActionChunk, Observation
from tests.runtime.served import CONTRACT, FRAMES, serving
from tests.runtime.toy_robot import LAYOUT, Gate, RampPolicy


def observation(**changes: object) -> dict[str, object]:
    """Two instants, of which the second counts, as NVIDIA's client sends them."""
    return {
        "video": {"ego_view": np.zeros((1, 2, 4, 4, 3), np.uint8)},
        "state": {"left_arm": np.float32([[[9, 9], [0.1, 0.2]]]), "left_leg": np.zeros((1, 2, 6), np.float32)},
        "language": {"annotation.human.task_description": [["wave"]]},
        **changes,
    }


def asking(options: object = None, **changes: object) -> dict[str, object]:
    return {"endpoint": "get_action", "data": {"observation": observation(**changes), "options": options}}


@pytest.fixture
def dial() -> Iterator[Callable[..., Any]]:
    """REQ sockets (others by name) that are closed after the test."""
    zmq = pytest.importorskip("zmq", reason="needs the extra zmq: pip install psizero[zmq]")
    context, clients = zmq.Context(), []

    def dial(wire: GrootWire, kind: str = "REQ") -> Any:
        client = context.socket(getattr(zmq, kind))
        client.setsockopt(zmq.RCVTIMEO, 5000)
        client.connect(f"tcp://127.0.0.1:{wire.port}")
        clients.append(client)
        return client

    yield dial
    context.destroy(linger=0)


def asked(client: Any, request: dict[str, object], dialect: Dialect = Dialect.NPY) -> Any:
    client.send(write(request, dialect))
    return answered(client.recv(), dialect)


def answered(data: bytes, dialect: Dialect = Dialect.NPY) -> Any:
    """A reply; a list is read as a map of one."""
    message, heard = read(b"\x81\xa5reply" + data)
    assert heard is dialect
    return message["reply"]


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_question_is_answered_in_its_own_dialect_by_field(dial, dialect):
    with serving(wire=GrootWire) as wire:
        action, info = asked(dial(wire), asking({"tick": 4}), dialect)
    assert {name: rows.shape for name, rows in action.items()} == {"left_arm": (1, 30, 2), "base_velocity": (1, 30, 1)}
    np.testing.assert_allclose(action["left_arm"][0, 0], [0.11, 0.21], atol=1e-6)
    assert action["left_arm"].dtype == np.float32
    assert info == {"tick": 4}


def test_promised_actions_are_gone_on_from(dial):
    prefix = np.float32([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    with serving(wire=GrootWire) as wire:
        action, _ = asked(dial(wire), asking({"action_prefix": prefix, "delay": 2}))
    np.testing.assert_array_equal(action["left_arm"][0, :2], prefix[:, :2])


def test_ping_reset_and_modalities_are_answered_and_nobody_kills_the_server(dial):
    with serving(wire=GrootWire) as wire:
        client = dial(wire)
        assert asked(client, {"endpoint": "ping"}) == {"status": "ok", "message": "Server is running"}
        assert asked(client, {"endpoint": "reset", "data": {"options": None}}) == {}
        modalities = asked(client, {"endpoint": "get_modality_config"})
        assert modalities == modalities_of(CONTRACT)
        assert modalities["state"]["as_json"] == {"delta_indices": [0], "modality_keys": ["left_arm"]}
        assert len(modalities["action"]["as_json"]["delta_indices"]) == 30
        assert "not by its clients" in asked(client, {"endpoint": "kill"})["error"]
        assert len(asked(client, asking())) == 2


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"endpoint": "dance"}, "unknown endpoint 'dance'"),
        ({"endpoint": "get_action"}, "'data' must hold an 'observation'"),
        (asking(video=None), "must hold the maps"),
        (asking(video={}), "looks through ('head',), pictures of [] came"),
        (asking(video={"a": np.zeros((4, 4, 3), np.uint8)}), "'a' must be an array (1, T, H, W, 3), got uint8"),
        (asking(video={"a": np.zeros((1, 1, 4, 4, 3))}), "picture 'head' must be uint8"),
        (asking(state={"left_arm": np.zeros((2, 1, 2))}), "one robot asks at a time"),
        (asking(state={"left_arm": np.zeros((1, 1, 3))}), "'state' needs 'left_arm', 2 numbers (rad), got shape (3,)"),
        (asking(state={"left_arm": np.full((1, 1, 2), np.nan)}), "not finite"),
        (asking(language={}), "the instruction must be words"),
        (asking({"action_prefix": np.zeros((8, 3), np.float32)}), "at most 7 rows of 3 numbers"),
    ],
)
def test_what_does_not_fit_is_told_in_words_and_the_next_question_is_answered(dial, request_, told):
    with serving(wire=GrootWire) as wire:
        client = dial(wire)
        assert told in asked(client, request_)["error"]
        assert len(asked(client, asking())) == 2


def test_without_the_token_nothing_is_answered(dial):
    with serving(wire=GrootWire, token="sesame") as wire:
        client = dial(wire)
        for token in ({}, {"api_token": "open"}, {"api_token": 3}):
            assert "the token ('api_token')" in asked(client, {"endpoint": "ping", **token})["error"]
        assert len(asked(client, {**asking(), "api_token": "sesame"})) == 2


def test_the_newest_question_of_a_socket_wins_and_pings_are_answered_while_the_policy_computes(dial):
    gate = Gate()
    with serving(gate.policy, wire=GrootWire) as wire:
        client = dial(wire, "DEALER")

        def send(request: dict[str, object]) -> None:
            client.send_multipart([b"", write(request, Dialect.NPY)])

        send(asking({"tick": 0}))
        assert gate.begun.acquire(timeout=10)
        assert asked(dial(wire), {"endpoint": "ping"})["status"] == "ok"
        send(asking({"tick": 1}))
        send(asking({"tick": 2}))
        assert "newer observation" in answered(client.recv_multipart()[1])["error"]
        gate.go.release(2)
        assert [answered(client.recv_multipart()[1])[1]["tick"] for _ in range(2)] == [0, 2]
        assert gate.begun.acquire(timeout=10)


def test_what_is_open_is_answered_before_the_server_ends(dial):
    gate = Gate()
    with serving(gate.policy, wire=GrootWire) as wire:
        client = dial(wire)
        client.send(write(asking(), Dialect.NPY))
        assert gate.begun.acquire(timeout=10)
        threading.Timer(0.2, gate.go.release).start()
    assert len(answered(client.recv())) == 2


def test_sockets_that_have_gone_make_room_but_robots_that_speak_do_not(dial, monkeypatch):
    with serving(wire=GrootWire) as wire:
        for _ in range(MOST_SESSIONS):
            assert len(asked(dial(wire), asking())) == 2
        assert "32 connections, its most" in asked(dial(wire), asking())["error"]
        monkeypatch.setattr(wire_groot, "SILENT", 0.0)
        assert len(asked(dial(wire), asking())) == 2


def test_tls_is_refused_before_a_socket_is_opened(dial):
    server = PolicyServer(CONTRACT, RampPolicy)
    with pytest.raises(ConfigError, match="the GR00T wire has no TLS"):
        GrootWire(server, WireConfig(tls=object()))  # type: ignore[arg-type]
    server.drain()


def test_without_the_library_the_extra_is_named():
    code = (
        "import sys; sys.modules['zmq'] = None\n"
        "from psizero.runtime.wire_groot import GrootWire, WireConfig\n"
        "try: GrootWire(None, WireConfig())\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout
    assert told.startswith("MissingExtraError") and "psizero[zmq]" in told


def test_a_g1_without_the_previous_command_stands():
    arms, hands = np.float32(np.arange(7))[None, None], np.zeros((1, 1, 7), np.float32)
    state = {"left_arm": arms, "right_arm": arms, "left_hand": hands, "right_hand": hands}
    message = message_of({"observation": observation(state=state)}, G1_DEX3)
    np.testing.assert_array_equal(G1_DEX3.state.get(message["state"], "right_arm"), np.arange(7))
    np.testing.assert_array_equal(message["state"][-4:], np.float32([0, 0, 0, 0.75]))


class StillPolicy(RampPolicy):
    """A G1 that does not move."""

    seen: ClassVar[list[Observation]] = []

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.seen.append(observation)
        rows = np.full((30, G1_DEX3.action.size), 0.25, np.float32)
        return ActionChunk(values=rows, start_tick=observation.tick)


def test_the_g1_client_of_inspect_robots_drives_our_server(dial):
    pytest.importorskip("inspect_robots_unitree_g1", reason="needs the package inspect-robots-unitree-g1")
    pytest.importorskip("msgpack_numpy", reason="needs msgpack-numpy")
    from inspect_robots.types import Observation as Sensed
    from inspect_robots_unitree_g1.policy import Gr00tPolicy

    contract = Contract(name="still", layout=G1_DEX3, rows=30, max_promised=7)
    with serving(StillPolicy, wire=GrootWire, contract=contract) as wire:
        client = Gr00tPolicy(host="127.0.0.1", port=wire.port, hand_type="dex3")
        sensed = Sensed(
            images={"head_cam": np.zeros((4, 4, 3), np.uint8)},
            state={
                "joint_pos": np.linspace(0, 1, 16),
                "left_leg": np.zeros(6),
                "right_leg": np.zeros(6),
                "waist": np.zeros(3),
            },
            instruction="wave",
        )
        chunk = client.act(sensed)
        client._infer().__self__.close()
    assert np.asarray(chunk.actions[0].data)[:7] == pytest.approx(0.25)
    np.testing.assert_allclose(
        G1_DEX3.state.get(StillPolicy.seen[0].state, "left_arm"), np.linspace(0, 1, 16)[:7], atol=1e-6
    )


def damaged(random: np.random.Generator) -> bytes:
    """A request that was good once, or never."""
    options = {"action_prefix": np.zeros((2, 3), np.float32), "tick": 1}
    good = bytearray(write(asking(options), random.choice(list(Dialect))))
    if random.integers(4) == 0:
        return random.bytes(int(random.integers(300)))
    for place in random.integers(len(good), size=random.integers(1, 6)):
        good[place] ^= random.integers(1, 256)
    return bytes(good[: random.integers(1, len(good))]) if random.integers(2) else bytes(good)


def test_a_damaged_request_is_a_question_or_a_clear_error():
    random = np.random.default_rng(1)
    server = PolicyServer(CONTRACT, RampPolicy)
    refused = 0
    for _ in range(FRAMES):
        try:
            request, _ = read(damaged(random))
            question = question_of(message_of(request.get("data"), LAYOUT), server)
            assert np.isfinite(question.promised).all() and question.observation.state.shape == (2,)
        except PsiZeroError:
            refused += 1
    server.drain()
    assert FRAMES / 2 < refused < FRAMES


def test_damaged_requests_are_answered_in_words_and_the_server_lives_on(dial):
    random = np.random.default_rng(0)
    with serving(wire=GrootWire) as wire:
        client, refused = dial(wire), 0
        for _ in range(200):
            client.send(damaged(random))
            reply = client.recv()
            refused += reply.startswith(b"\x81\xa5error")
        assert refused > 100
        dial(wire, "DEALER").send_multipart([b"no", b"request", b"at", b"all"])
        assert len(asked(dial(wire), asking())) == 2
