"""What our server costs beyond the model: time per answer, missed deadlines of four robots, memory over time.

Overhead: a policy that thinks for no time answers one client over loopback, with an uncompressed picture of
224 x 224. What lies between the question's first byte and the answer's last is the server's and the client's
packing, the sockets and the threads; only `infer_ms` is taken off. Beside it stands what the websockets library
takes alone: an echo of as many bytes from a process that does nothing else. Both are asked without pause, which
tells what the server costs, and at 30 Hz, which tells also how slowly this processor wakes up after 30 ms.

Robots: four clients, each a process with an executor at 30 Hz, ask the tiny policy of `psizero serve`. An answer
is late when it comes after the last action that was promised with its question has run. It is the server's
fault when it would not have been late with the time from the server's first look at the question to the end
of thinking (`total_ms`, which includes waiting for the model while it thinks for another robot).

Run on an idle machine: python -m benchmarks.server_overhead --minutes 10
"""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.sync.client import ClientConnection, connect

from benchmarks.figure import Figure, show
from psizero.clock import MonotonicClock, Rate
from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.ask import AskConfig
from psizero.runtime.codec import LARGEST_MESSAGE, decode, encode
from psizero.runtime.contract import Contract
from psizero.runtime.executor import Executor, Plea
from psizero.runtime.server import PolicyServer
from psizero.runtime.trace import percentiles
from psizero.runtime.wire import WireConfig
from psizero.runtime.wire_openpi import OpenpiWire
from psizero.types import ActionChunk, Observation

ROBOTS = 4
P50_MS, P99_MS = 1.0, 3.0
GROWTH_MB = 5.0
"""Most by which the server's memory may grow after its first tenth."""
QUESTIONS, WARM_UP = 900, 60
PICTURE = (224, 224, 3)
ROWS = 30


class StillPolicy:
    """Asks the robot to stay, without thinking."""

    def reset(self) -> None:
        """Nothing to forget."""

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        values = np.zeros((ROWS, G1_DEX3.action.size), np.float32)
        values[: len(promised)] = promised
        return ActionChunk(values=values, start_tick=observation.tick)


@dataclass(kw_only=True, slots=True)
class RobotReport:
    """What one robot measured."""

    answers: int = 0
    late: int = 0
    """Answers after the last promised action."""
    late_by_server: int = 0
    """Those that the model alone would have given in time."""
    held: int = 0
    """Ticks without a plan, after the first answer."""
    beyond_ms: list[float] = field(default_factory=list)
    """Round trip less the server's `total_ms`: packing, sockets and threads of both sides."""
    unanswered: int = 0


def measure(questions: int = QUESTIONS) -> list[Figure]:
    """Ask a server that need not think, without pause and at 30 Hz."""
    figures = []
    for how, rate in (("without pause", None), ("at 30 Hz", 30.0)):
        asked, echoed = (percentiles(np.array(took(questions, rate)[WARM_UP:])) for took in (_asked, _echoed))
        name = f"answer at 224 x 224 beyond the model, {how}"
        figures += [
            Figure(name=f"{name}, p50", value=asked["p50"], unit="ms", at_most=P50_MS),
            Figure(name=f"{name}, p99", value=asked["p99"], unit="ms", at_most=P99_MS),
            Figure(name=f"{name}, longest", value=asked["max"], unit="ms"),
            Figure(name=f"the websockets library alone, {how}, p50", value=echoed["p50"], unit="ms"),
            Figure(name=f"the websockets library alone, {how}, p99", value=echoed["p99"], unit="ms"),
        ]
    return figures


def _asked(questions: int, rate: float | None) -> list[float]:
    """Return what our server takes beyond the model (ms)."""
    with _process(_serve_still) as port:
        client = _dial(port)
        with client:
            return _round_trips(client, questions, rate)


def _echoed(questions: int, rate: float | None) -> list[float]:
    """Return the round trips of as many bytes as a question and an answer have (ms)."""
    question = encode(_question(0, np.zeros((2, G1_DEX3.action.size), np.float32)))
    took = []
    with _process(_serve_echo) as port, connect(f"ws://127.0.0.1:{port}", compression=None, proxy=None) as client:
        for _ in _paced(questions, rate):
            began = time.perf_counter()
            client.send(question)
            client.recv(timeout=5)
            took.append(1e3 * (time.perf_counter() - began))
    return took


@contextmanager
def _process(serve: Callable[[Connection], None]) -> Iterator[int]:
    """Let a process of its own serve; yield its port."""
    ours, its = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(its,))
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        server.join(20)


def measure_robots(minutes: float) -> list[Figure]:
    """Let four robots ask `psizero serve` for as long."""
    code = [sys.executable, "-m", "psizero", "serve", "--port", "0"]
    with subprocess.Popen(code, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline().rsplit(":", 1)[1].split()[0])
        memory: list[float] = []
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(server.pid, ended, memory))
        watch.start()
        try:
            with multiprocessing.get_context("spawn").Pool(ROBOTS) as pool:
                reports = pool.map(_run_robot, [(port, 60.0 * minutes, robot) for robot in range(ROBOTS)])
        finally:
            ended.set()
            watch.join()
            server.send_signal(signal.SIGTERM)
    return _figures_of(reports, memory)


def _figures_of(reports: list[RobotReport], memory: list[float]) -> list[Figure]:
    def sum_of(count: Callable[[RobotReport], int]) -> float:
        return float(sum(count(report) for report in reports))

    beyond = percentiles(np.concatenate([report.beyond_ms for report in reports]))
    settled = memory[len(memory) // 10 :] or [0.0]
    return [
        Figure(name="robots: answers", value=sum_of(lambda report: report.answers), unit=""),
        Figure(name="robots: without an answer", value=sum_of(lambda report: report.unanswered), unit="", at_most=0),
        Figure(name="robots: answers too late", value=sum_of(lambda report: report.late), unit=""),
        Figure(name="of them by the server", value=sum_of(lambda report: report.late_by_server), unit="", at_most=0),
        Figure(name="robots: ticks without a plan", value=sum_of(lambda report: report.held), unit="", at_most=0),
        Figure(name="robots: time on the way, p50", value=beyond["p50"], unit="ms"),
        Figure(name="robots: time on the way, p99", value=beyond["p99"], unit="ms"),
        Figure(name="memory of the server at the end", value=settled[-1], unit="MB"),
        Figure(name="its growth", value=settled[-1] - settled[0], unit="MB", at_most=GROWTH_MB),
    ]


def _serve_still(pipe: Connection) -> None:
    """Serve in a process of its own until told to end."""
    contract = Contract(name="still", layout=G1_DEX3, rows=ROWS, max_promised=7)

    async def serve() -> None:
        async with OpenpiWire(PolicyServer(contract, StillPolicy), WireConfig(port=0)) as wire:
            pipe.send(wire.port)
            await asyncio.to_thread(pipe.recv)

    asyncio.run(serve())


def _serve_echo(pipe: Connection) -> None:
    """Answer every message with as many bytes as a chunk has, until told to end."""
    answer = bytes(ROWS * G1_DEX3.action.size * 4)

    async def reply(connection: ServerConnection) -> None:
        async for _ in connection:
            await connection.send(answer)

    async def run() -> None:
        async with serve(reply, "127.0.0.1", 0, compression=None, max_size=LARGEST_MESSAGE) as server:
            pipe.send(next(iter(server.sockets)).getsockname()[1])
            await asyncio.to_thread(pipe.recv)

    asyncio.run(run())


def _dial(port: int) -> ClientConnection:
    connection = connect(f"ws://127.0.0.1:{port}", compression=None, max_size=LARGEST_MESSAGE, proxy=None)
    connection.recv(timeout=30)  # the contract
    return connection


def _question(tick: int, promised: np.ndarray) -> dict[str, object]:
    picture = np.random.default_rng(tick).integers(0, 256, PICTURE, dtype=np.uint8)
    state = np.zeros(G1_DEX3.state.size, np.float32)
    told = {"state": state, "images": {"head": picture}, "prompt": "pick the bottle", "tick": tick}
    return told if len(promised) == 0 else {**told, "action_prefix": promised, "delay": len(promised)}


def _paced(count: int, rate: float | None) -> Iterator[int]:
    """Count up to `count`, at a rate (Hz) or as fast as is asked for."""
    pace = None if rate is None else Rate(rate, MonotonicClock())
    for number in range(count):
        if pace is not None:
            pace.wait()
        yield number


def _round_trips(client: ClientConnection, count: int, rate: float | None) -> list[float]:
    """Return the time of each round trip less that of the model (ms)."""
    took = []
    questions = [_question(number, np.zeros((2, G1_DEX3.action.size), np.float32)) for number in range(count)]
    for tick in _paced(count, rate):
        question = questions[tick]
        began = time.perf_counter()
        client.send(encode(question))
        frame = client.recv(timeout=5)
        assert isinstance(frame, bytes), frame
        reply = decode(frame)
        took.append(1e3 * (time.perf_counter() - began) - reply["policy_timing"]["infer_ms"])
    return took


def _run_robot(job: tuple[int, float, int]) -> RobotReport:
    """Be one robot for some seconds: 30 ticks a second, questions when the executor asks for them."""
    port, seconds, number = job
    report, rate = RobotReport(), Rate(G1_DEX3.rate, MonotonicClock())
    executor = Executor(G1_DEX3.action, rate=G1_DEX3.rate, ask=AskConfig(), first_delay=2)
    came: list[tuple[bytes, float]] = []
    with _dial(port) as connection:
        ears = threading.Thread(target=_listen, args=(connection, came), daemon=True)
        ears.start()
        time.sleep(number / 97)  # robots are not in step
        asked: dict[int, tuple[Plea, float]] = {}
        begun = False
        for _ in range(round(seconds * G1_DEX3.rate)):
            while came:
                begun |= _take(report, executor, asked, *came.pop(0))
            if (plea := executor.ask()) is not None:
                frame = encode(_question(plea.start_tick, plea.promised))
                asked[plea.start_tick] = plea, time.perf_counter()
                connection.send(frame)
            report.held += begun and executor.holding
            executor.next_action()
            rate.wait()
        report.unanswered = max(len(asked) - 1, 0)  # one may be under way
    return report


def _listen(connection: ClientConnection, came: list[tuple[bytes, float]]) -> None:
    for frame in connection:
        assert isinstance(frame, bytes), frame
        came.append((frame, time.perf_counter()))


def _take(
    report: RobotReport, executor: Executor, asked: dict[int, tuple[Plea, float]], frame: bytes, when: float
) -> bool:
    """Note how an answer came and put it into the plan; return whether it counts."""
    reply = decode(frame)
    plea, since = asked.pop(reply["tick"])
    if "overtaken" in reply:
        return False
    whole, model = 1e3 * (when - since), reply["server_timing"]["total_ms"]
    deadline = 1e3 * len(plea.promised) / G1_DEX3.rate
    first = report.answers == 0  # nothing runs yet that it could be late for
    report.answers += 1
    report.late += not first and whole > deadline
    report.late_by_server += not first and whole > deadline >= model
    report.beyond_ms.append(whole - model)
    chunk = ActionChunk(values=reply["actions"], start_tick=plea.start_tick)
    return executor.hear(chunk, epoch=plea.epoch, spare=time.perf_counter() - when)


def _watch(process: int, ended: threading.Event, memory: list[float]) -> None:
    """Note the resident memory of a process (MB), once a second."""
    page = os.sysconf("SC_PAGE_SIZE")
    while not ended.wait(1.0):
        memory.append(int(Path(f"/proc/{process}/statm").read_text().split()[1]) * page / 1e6)


if __name__ == "__main__":
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the four robots ask")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="questions to the server that need not think")
    given = parser.parse_args()
    figures = measure(given.questions) + measure_robots(given.minutes)
    show(figures)
    sys.exit(any(not figure.good for figure in figures))
