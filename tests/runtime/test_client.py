"""The real client, loop and server over a loopback socket; only the robot is a toy."""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from psizero.clock import MonotonicClock
from psizero.control.safety import SafetyConfig, SafetyGate
from psizero.errors import LayoutError, NetworkError
from psizero.runtime.blending import Blending
from psizero.runtime.client import ClientConfig, RemotePolicy
from psizero.runtime.codec import decode, encode
from psizero.runtime.control_loop import ControlLoop, LoopConfig
from psizero.runtime.wire import load_certificate
from psizero.runtime.wire_act import ActWire
from psizero.runtime.wire_openpi import OpenpiWire
from psizero.runtime.worker import PolicyWorker
from psizero.types import ActionChunk, Observation
from tests.runtime.served import CONTRACT, serving
from tests.runtime.toy_robot import LAYOUT, SPEC, RampPolicy, ToyController, ToyRobot

QUICK = ClientConfig(answer_within=0.5, connect_within=0.5, first_pause=0.02, longest_pause=0.1)
HASTY = replace(QUICK, answer_within=0.25)
PATIENT = replace(QUICK, answer_within=20.0, connect_within=20.0)
"""For what has to work: computers that test many things at once stand still for half a second at times."""


def observation(tick: int = 0) -> Observation:
    sensed = ToyRobot(MonotonicClock()).observe()
    return replace(sensed, tick=tick, state=np.zeros(2, np.float32), instruction="wave")


def nothing_promised() -> np.ndarray:
    return np.zeros((0, 3), np.float32)


@pytest.mark.parametrize("jpeg", [None, 80])
def test_a_policy_far_away_answers_as_one_at_hand(jpeg):
    with serving() as wire:
        policy = RemotePolicy(f"ws://127.0.0.1:{wire.port}", LAYOUT, replace(PATIENT, jpeg=jpeg))
        promised = np.float32([[0.1, 0.2, 0.3], [0.2, 0.3, 0.3]])
        far, near = policy.act(observation(7), promised), RampPolicy().act(observation(7), promised)
        np.testing.assert_array_equal(far.values, near.values)
        assert far.start_tick == 7
        assert policy.contract is not None
        assert (policy.contract.rows, policy.contract.max_promised) == (30, 7)
        policy.close()


def test_a_server_for_another_robot_is_refused_at_connect_by_the_first_difference():
    with serving() as wire:
        policy = RemotePolicy(f"ws://127.0.0.1:{wire.port}", replace(LAYOUT, cameras=("wrist",)), PATIENT)
        with pytest.raises(LayoutError, match="cameras, number 0 is 'wrist' instead of 'head'"):
            policy.connect()


def test_a_wrong_token_and_a_server_that_is_not_there_are_told():
    with serving(token="sesame") as wire:
        url = f"ws://127.0.0.1:{wire.port}"
        with pytest.raises(NetworkError, match="is the token right"):
            RemotePolicy(url, LAYOUT, PATIENT).connect()
        good = RemotePolicy(url, LAYOUT, replace(PATIENT, token="sesame"))
        good.connect()
        good.close()
    with pytest.raises(NetworkError, match="is `psizero serve` running"):
        RemotePolicy(url, LAYOUT, PATIENT).connect()
    with pytest.raises(NetworkError, match="expected ws://HOST:PORT"):
        RemotePolicy("http://somewhere", LAYOUT, QUICK).connect()


def answer_to(policy: RemotePolicy, see: Callable[[], Observation]) -> ActionChunk:
    """Ask as the loop does: at every tick, about what is seen then, until there is an answer."""
    until = time.monotonic() + 20.0
    while True:
        with contextlib.suppress(NetworkError):
            return policy.act(see(), nothing_promised())
        assert time.monotonic() < until, "no answer in 20 s"
        time.sleep(1 / LAYOUT.rate)


def test_an_answer_that_is_late_is_passed_over_and_the_connection_is_kept():
    given_up = threading.Event()

    class LatePolicy(RampPolicy):
        def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
            assert given_up.wait(10)
            return super().act(observation, promised)

    with serving(LatePolicy) as wire:
        policy = RemotePolicy(f"ws://127.0.0.1:{wire.port}", LAYOUT, HASTY)
        late, asked = replace(observation(1), state=np.ones(2, np.float32)), observation(2)
        with pytest.raises(NetworkError, match="no answer in time"):
            policy.act(late, nothing_promised())
        given_up.set()
        connection = policy._connection
        answer = answer_to(policy, lambda: asked)
        assert connection is not None and policy._connection is connection
        np.testing.assert_array_equal(answer.values, RampPolicy().act(asked, nothing_promised()).values)
        policy.close()


def test_a_server_that_does_not_echo_is_hung_up_on_so_that_its_late_answer_is_lost():
    dialled, given_up = [], threading.Event()

    def talk(connection: ServerConnection) -> None:
        dialled.append(connection)
        connection.send(encode({}))
        for frame in connection:
            asked = decode(frame)
            assert len(dialled) > 1 or given_up.wait(10)
            with contextlib.suppress(ConnectionClosed):
                connection.send(encode({"actions": np.full((30, 3), asked["state"][0], np.float32)}))

    with serve(talk, "127.0.0.1", 0, compression=None) as server:
        threading.Thread(target=server.serve_forever).start()
        policy = RemotePolicy(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", LAYOUT, HASTY)
        with pytest.raises(NetworkError, match="no answer in time"):
            policy.act(replace(observation(1), state=np.ones(2, np.float32)), nothing_promised())
        given_up.set()
        answer = answer_to(policy, lambda: observation(2))
        assert (answer.start_tick, float(answer.values[0, 0]), len(dialled)) == (2, 0.0, 2)
        policy.close()


def test_pauses_between_attempts_grow_and_end_at_the_longest():
    policy = RemotePolicy("ws://127.0.0.1:9", LAYOUT, QUICK)
    pauses = []
    for _ in range(6):
        with pytest.raises(NetworkError, match="is `psizero serve` running"):
            policy.act(observation(), nothing_promised())
        pauses.append(policy._not_before - time.monotonic())
        time.sleep(max(pauses[-1], 0.0))
    assert pauses[0] <= 0.02
    assert max(pauses) <= 0.1
    assert len({round(pause, 6) for pause in pauses}) == 6


def test_in_a_pause_a_question_is_refused_at_once_so_that_the_next_one_is_fresh():
    policy = RemotePolicy("ws://127.0.0.1:9", LAYOUT, ClientConfig(first_pause=60.0, longest_pause=60.0))
    with pytest.raises(NetworkError, match="is `psizero serve` running"):
        policy.act(observation(), nothing_promised())
    with pytest.raises(NetworkError, match="cannot be reached; trying again"):
        policy.act(observation(), nothing_promised())


def test_after_a_server_has_come_back_a_robot_gets_a_chunk_that_it_can_still_run_within_two_seconds():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begin, got = time.monotonic(), []

    def see() -> Observation:
        return observation(int((time.monotonic() - begin) * LAYOUT.rate))

    def robot(sleeps: float) -> None:
        """Begin to ask at another time than the others, so that the pauses of all are at different places."""
        time.sleep(sleeps)
        # The first pause is the longest, so that nobody must wait for it to grow.
        config = ClientConfig(first_pause=ClientConfig().longest_pause)
        policy = RemotePolicy(f"ws://127.0.0.1:{port}", LAYOUT, config)
        while see().tick - answer_to(policy, see).start_tick >= CONTRACT.rows:
            pass  # an answer to what was seen long ago
        got.append(time.monotonic())
        policy.close()

    robots = [threading.Thread(target=robot, args=(0.13 * place,)) for place in range(8)]
    for thread in robots:
        thread.start()
    time.sleep(2.0)
    assert not got
    with serving(port=port):
        up = time.monotonic()
        for thread in robots:
            thread.join(20)
    assert len(got) == 8
    assert max(got) - up <= 2.0


def test_who_is_refused_leaves_no_place_taken_at_the_server():
    with serving() as wire:
        other = replace(LAYOUT, cameras=("wrist",))
        for _ in range(3):
            with pytest.raises(LayoutError):
                RemotePolicy(f"ws://127.0.0.1:{wire.port}", other, PATIENT).connect()
        for _ in range(100):
            if "psizero_open_sessions 0" in (told := wire._server.metrics.text()):
                break
            time.sleep(0.05)
        assert "psizero_open_sessions 0" in told


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux gives up what nobody takes")
def test_a_server_that_takes_nothing_any_more_does_not_keep_its_client_for_ever():
    ends = threading.Event()

    def talk(connection: ServerConnection) -> None:
        connection.send(encode({}))
        with connection.protocol_mutex:  # without it nothing is read
            ends.wait(20)

    with serve(talk, "127.0.0.1", 0, compression=None, max_size=None) as server:
        threading.Thread(target=server.serve_forever).start()
        config = replace(QUICK, connect_within=2.0)
        policy = RemotePolicy(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", LAYOUT, config)
        huge = replace(observation(), images={"head": np.zeros((2000, 5000, 3), np.uint8)})
        begin = time.monotonic()
        with pytest.raises(NetworkError, match="lost the policy"):
            policy.act(huge, nothing_promised())
        took = time.monotonic() - begin
        ends.set()
        assert took < 10.0


def step_until(loop: ControlLoop, happened: Callable[[np.ndarray], bool]) -> None:
    """Step until the last moves of the arm (rad per tick) are as expected, however slow the computer is."""
    for _ in range(2000):
        loop.step()
        moves = np.diff(loop.trace.actions[:, 0])
        if len(moves) >= 5 and happened(moves[-5:]):
            return
    raise AssertionError(f"not within 2000 ticks; the last trouble was {loop.trace.records[-1].trouble!r}")


def test_a_server_killed_and_started_again_makes_the_robot_hold_and_go_on_without_a_jump():
    clock, fast = MonotonicClock(), replace(LAYOUT, rate=100.0)
    contract = replace(CONTRACT, layout=fast)
    with serving(contract=contract) as first:
        port = first.port
        policy = RemotePolicy(f"ws://127.0.0.1:{port}", fast, QUICK)
        worker = PolicyWorker(policy)
        loop = ControlLoop(
            robot=ToyRobot(clock),
            clock=clock,
            controller=ToyController(),
            gate=SafetyGate(SPEC, SafetyConfig(rate=100.0, ramp_time=0.05)),
            worker=worker,
            layout=fast,
            config=LoopConfig(control_rate=100.0),
        )
        loop.start("wave")
        step_until(loop, lambda moves: moves.min() > 0.005)
    step_until(loop, lambda moves: not moves.any())
    held = len(loop.trace.records)
    with serving(contract=contract, port=port):
        step_until(loop, lambda moves: moves.min() > 0.005)
        worker.close()
        policy.close()
    records, steps = loop.trace.records, np.diff(loop.trace.actions[:, 0])
    assert loop.error is None
    assert records[held - 1].holding
    assert "lost the policy" in (told := " ".join(r.trouble for r in records[:held])) or "cannot reach" in told
    assert (records[-1].holding, records[-1].trouble) == (False, "")
    assert np.abs(np.diff(steps)).max() <= Blending(fast.action, fast.rate).limit[0]


def test_a_robot_speaks_to_a_server_with_a_certificate_it_trusts_and_to_no_other(tmp_path, monkeypatch):
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("needs the command openssl to make a certificate")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = f"req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout {key} -out {certificate}"
    subprocess.run(
        [openssl, *made.split(), "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True, timeout=60
    )
    for make_wire, path in ((OpenpiWire, ""), (ActWire, "/healthz")):
        with serving(wire=make_wire, tls=load_certificate(certificate, key)) as wire:
            url = f"wss://127.0.0.1:{wire.port}"
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            with pytest.raises(NetworkError, match=r"CERTIFICATE_VERIFY_FAILED|certificate verify failed"):
                RemotePolicy(url, LAYOUT, PATIENT).connect()
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            if path:
                with urllib.request.urlopen(f"https://127.0.0.1:{wire.port}{path}", timeout=5) as page:
                    assert page.read() == b"OK\n"
                continue
            policy = RemotePolicy(url, LAYOUT, PATIENT)
            assert policy.act(observation(3), nothing_promised()).start_tick == 3
            policy.close()


OPENPI_SERVER = """
import sys
import numpy as np
from openpi_client.base_policy import BasePolicy
from openpi_server.websocket_policy_server import WebsocketPolicyServer

class Ramp(BasePolicy):
    def infer(self, obs):
        assert obs["images"]["head"].shape == (4, 4, 3) and obs["images"]["head"].dtype == np.uint8
        assert obs["prompt"] == "wave"
        if obs["state"][0] > 5:
            raise ValueError("too far")
        rows = np.zeros((30, 3))
        rows[:, :2] = obs["state"] + 0.01 * np.arange(1, 31)[:, None]
        prefix = obs.get("action_prefix", np.zeros((0, 3)))
        rows[: len(prefix)] = prefix
        return {"actions": rows}

    def reset(self):
        pass

WebsocketPolicyServer(Ramp(), host="127.0.0.1", port=int(sys.argv[1]), metadata={"env": "toy"}).serve_forever()
"""


def test_our_client_drives_the_server_of_openpi():
    python = os.environ.get("PSIZERO_OPENPI_SERVER_PYTHON")
    if python is None:
        pytest.skip("PSIZERO_OPENPI_SERVER_PYTHON names no Python with openpi-server (it needs numpy 1)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = [python, "-c", OPENPI_SERVER, str(port)]
    with subprocess.Popen(code, stderr=subprocess.PIPE, text=True) as process:
        try:
            policy = RemotePolicy(f"ws://127.0.0.1:{port}", LAYOUT, PATIENT)
            for _ in range(600):
                with contextlib.suppress(NetworkError):
                    policy.connect()
                    break
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.1)
            assert policy.contract is None, "it announces nothing"
            promised = np.float32([[0.1, 0.2, 0.3], [0.2, 0.3, 0.3]])
            for tick in range(5):
                seen = replace(observation(tick), state=np.full(2, tick, np.float32))
                chunk = policy.act(seen, promised)
                assert (chunk.start_tick, chunk.values.shape) == (tick, (30, 3))
                np.testing.assert_array_equal(chunk.values[:2], promised)
                np.testing.assert_allclose(chunk.values[2, :2], tick + 0.03, rtol=1e-6)
            with pytest.raises(NetworkError, match="ValueError: too far"):
                policy.act(replace(seen, state=np.full(2, 9, np.float32)), promised)
            assert answer_to(policy, lambda: observation(6)).start_tick == 6, "on a fresh connection"
            policy.close()
        finally:
            process.terminate()
