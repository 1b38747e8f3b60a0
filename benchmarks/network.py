"""The real loop, client and `psizero serve` over a bad network: every fault, in every mode that goes over a wire.

A simulated robot does a task in real time. Between it and the server, which is a process of its own, is a
`BadWire`; in three faults the connection is lost: it ends, it goes silent without an end, or the server is killed
and started again. Measured per episode are

- success and time,
- held: share of the ticks after the first answer in which the robot had no plan left; longest hold (s),
- jump: step at chunk boundaries / step within (median), and bend: largest acceleration of the arms' targets (rad/s²),
- missed: ticks in which a command was later than the next one was due: the loop must never wait for a network,
- down: from the beginning of an outage to its end (s); of a dead server, most of it is the time it takes to start,
- recovery: from the end of an outage to the first tick that runs an answer to a question from after it (s). Both by
  the computer's clock: a loop that is too slow leaves out ticks.

Seeds are paired scenes. Each condition has a file in the folder; a second run goes on where the first stopped.
What it measures is real time: nothing else should run meanwhile.

Run: python -m benchmarks.network runs/network
     python -m benchmarks.network runs/network --faults none death --modes prefix --episodes 1
"""

import json
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.bad_wire import BadWire, Trouble
from benchmarks.kept_rows import KeptRows, Row
from benchmarks.live_robot import LiveRobot
from psizero.cli.policies import policy_of, remote_policy
from psizero.clock import punctual_thread
from psizero.control.safety import SafetyGate
from psizero.data.atomic_file import write_file
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import PsiZeroError
from psizero.evaluate.rollout import ReadyPolicy
from psizero.evaluate.score import Score
from psizero.runtime.ask import AskConfig
from psizero.runtime.client import RemotePolicy, SteeredRemotePolicy
from psizero.runtime.control_loop import ControlLoop, LoopConfig, hold_action
from psizero.runtime.modes import MODES, Mode
from psizero.runtime.trace import Trace, arm_columns
from psizero.runtime.worker import PolicyWorker
from psizero.sim.task import open_task
from psizero.types import SteeredPolicy

CONTROL_RATE = LoopConfig().control_rate
OUTAGE = (3.0, 5.0)
"""When an outage begins and when somebody does something about it (s): the plan has run out in between."""
LONGEST_START = 60.0
"""Time that a server may take to load its policy (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with the network."""

    trouble: Trouble = field(default_factory=Trouble)
    outage: Literal["cut", "silence", "death"] | None = None
    """Connections that end, that carry nothing any more and do not end, or a server that is killed."""


FAULTS = {
    "none": Fault(),
    "latency": Fault(trouble=Trouble(latency=0.08)),  # 5 ticks there and back
    "far away": Fault(trouble=Trouble(latency=0.15)),  # 9 ticks: more than a policy was trained to promise
    "jitter": Fault(trouble=Trouble(latency=0.02, jitter=0.04)),
    "stalls": Fault(trouble=Trouble(latency=0.01, stalls=0.1)),
    "loss": Fault(trouble=Trouble(latency=0.01, dropped=0.1)),
    "reorder": Fault(trouble=Trouble(latency=0.01, overtaken=0.1)),
    "narrow": Fault(trouble=Trouble(latency=0.01, bandwidth=250e3)),  # 2 Mbit/s
    "cut": Fault(outage="cut"),
    "silence": Fault(outage="silence"),
    "death": Fault(outage="death"),
    "everything": Fault(
        trouble=Trouble(latency=0.03, jitter=0.02, stalls=0.05, dropped=0.03, overtaken=0.03, bandwidth=1e6),
        outage="cut",
    ),
}


class Served:
    """`psizero serve` in a process that can be killed and started again on the same port."""

    def __init__(self, policy: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._command = [sys.executable, "-m", "psizero", "serve", "--policy", str(policy), "--port", str(self.port)]
        self._process: subprocess.Popen[str] | None = None
        self.up = threading.Event()
        """Whether it listens."""

    def start(self) -> None:
        """Start it; it listens when `up` is set, and whoever waits for a server that died waits in vain."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
        )
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def kill(self) -> None:
        """End it as a crash would."""
        self.up.clear()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _watch(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as said:
            for line in said:
                if line.startswith("Serving"):
                    self.up.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A connection that is lost and comes back."""

    begin: Callable[[], None]
    repair: Callable[[], None]
    """May take its time, but must return at once."""
    whole: Callable[[], bool]
    """Whether the repair is done."""
    ticks: tuple[int, int]
    """When it begins and when the repair begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What an outage cost, by the computer's clock; None is an end that did not come."""

    down: float | None = None
    """From its beginning to its end (s)."""
    after: float | None = None
    """From its end until the robot went on (s)."""


def drive(loop: ControlLoop, *, ticks: int, outage: Outage | None = None, over: Callable[[], bool]) -> Recovery:
    """Run until it is `over`; return how an outage went."""
    begun_at = whole_at = after = None
    whole_tick = ticks
    for tick in range(ticks):
        if outage is not None:
            if tick == outage.ticks[0]:
                begun_at = time.monotonic()
                outage.begin()
            if tick == outage.ticks[1]:
                outage.repair()
            if whole_at is None and tick >= outage.ticks[1] and outage.whole():
                whole_at, whole_tick = time.monotonic(), tick
        record = loop.step()
        if loop.error is not None:
            raise loop.error
        if after is None and whole_at is not None and record.chunk >= whole_tick and not record.holding:
            after = time.monotonic() - whole_at
        if over():
            break
    down = None if begun_at is None or whole_at is None else whole_at - begun_at
    return Recovery(down=down, after=after)


def measured(trace: Trace, arms: np.ndarray, rate: float) -> dict[str, Any]:
    """Return what a run shows, the columns of the arms being `arms`, at `rate` (Hz)."""
    records, summary = trace.records, trace.summary()
    first = next((place for place, record in enumerate(records) if record.chunk >= 0), len(records))
    held = [record.holding for record in records[first:]]
    longest = max((len(run) for run in "".join("h" if hold else " " for hold in held).split()), default=0)
    bends = np.diff(trace.actions[:, arms], n=2, axis=0) * rate**2
    return {
        "held": float(np.mean(held)) if held else 1.0,
        "longest_hold": longest / rate,
        "boundary_step": float(np.median(summary.boundary_steps)) if len(summary.boundary_steps) else None,
        "inner_step": float(np.median(summary.inner_steps)) if len(summary.inner_steps) else None,
        "bend": float(np.abs(bends).max(initial=0.0)),
        "missed": sum(record.lateness > 1 / CONTROL_RATE for record in records),
        "ticks": len(records),
        "delay": float(np.median(summary.delay_ticks)) if summary.delay_ticks else None,
        "troubled": float(np.mean([record.trouble != "" for record in records])),
    }


def run_episode(server: Served, ready: ReadyPolicy, task: str, fault: Fault, mode: Mode, seed: int) -> Row:
    """Run one episode in real time; `ready` is the same policy over a good wire."""
    with ExitStack() as cleanup:
        wire = cleanup.enter_context(BadWire(server.port, fault.trouble, seed=seed))
        policy = RemotePolicy(f"ws://127.0.0.1:{wire.port}", G1_DEX3)
        cleanup.callback(policy.close)
        worker = PolicyWorker(policy if mode.steers is None else SteeredRemotePolicy(policy, rows=ready.rows))
        cleanup.callback(worker.close)
        episode = open_task(task, seed)
        robot = LiveRobot(episode)
        loop = ControlLoop(
            robot=robot,
            clock=robot,
            controller=episode.controller(),
            gate=SafetyGate(G1),
            worker=worker,
            layout=G1_DEX3,
            config=LoopConfig(
                ask=mode.ask(AskConfig(), max_promised=ready.max_promised, rows=ready.rows),
                mode=mode,
            ),
        )
        cleanup.enter_context(punctual_thread())
        loop.start(episode.instruction)
        limit = episode.time_limit + (LONGEST_START if fault.outage == "death" else 0.0)

        def over() -> bool:
            status = episode.status()
            return status.success or status.failure is not None

        recovery = drive(loop, ticks=round(limit * loop.rate), outage=_outage(fault, wire, server), over=over)
        measures = measured(loop.trace, arm_columns(G1_DEX3.action), loop.rate)
        status = episode.status()
    if not server.up.wait(LONGEST_START):
        raise PsiZeroError("`psizero serve` did not come back; try it by hand")
    return {
        "seed": seed,
        "success": status.success,
        "failure": status.failure,
        "seconds": len(loop.trace.records) / loop.rate,
        "outage": fault.outage is not None,
        "down": recovery.down,
        "recovery": recovery.after,
        **measures,
    }


def _outage(fault: Fault, wire: BadWire, server: Served) -> Outage | None:
    begin, end = (round(seconds * G1_DEX3.rate) for seconds in OUTAGE)
    match fault.outage:
        case "cut":
            return Outage(begin=wire.cut, repair=wire.mend, whole=lambda: True, ticks=(begin, end))
        case "silence":
            return Outage(begin=wire.silence, repair=wire.mend, whole=lambda: True, ticks=(begin, end))
        case "death":
            # The next one is started at once, as a supervisor does; loading the policy is what takes time.
            return Outage(begin=server.kill, repair=server.start, whole=server.up.is_set, ticks=(begin, begin + 1))
        case None:
            return None


def connect(server: Served) -> ReadyPolicy:
    """Wait for the server and return its policy over a good wire, warm."""
    if not server.up.wait(LONGEST_START):
        raise PsiZeroError(f"`psizero serve` does not listen after {LONGEST_START:g} s; try it by hand")
    ready = remote_policy(f"ws://127.0.0.1:{server.port}", None)
    episode = open_task("pick_bottle", 0)
    sensed = episode.robot.observe()
    state = episode.controller().state(sensed)
    for _ in range(4):  # first answers are slow
        ready.policy.act(replace(sensed, state=state, instruction=""), hold_action(G1_DEX3, state)[None][:0])
    return ready


def summary_of(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the figures of a condition."""
    score = Score.of(row["success"] for row in rows)
    inner, boundary = _median(rows, "inner_step"), _median(rows, "boundary_step")
    return {
        "episodes": score.episodes,
        "successes": score.successes,
        "interval_95": [100 * end for end in score.interval],
        "seconds": _median([row for row in rows if row["success"]], "seconds"),
        "delay": _median(rows, "delay"),
        "held": float(np.mean([row["held"] for row in rows])),
        "longest_hold": max(row["longest_hold"] for row in rows),
        "jump": boundary / inner if boundary is not None and inner else None,
        "bend": max(row["bend"] for row in rows),
        "missed": sum(row["missed"] for row in rows),
        "ticks": sum(row["ticks"] for row in rows),
        "down": _median(rows, "down"),
        "recovery": _median(rows, "recovery"),
        "longest_recovery": max((row["recovery"] for row in rows if row["recovery"] is not None), default=None),
        "not_recovered": sum(row["outage"] and row["recovery"] is None for row in rows),
    }


def _median(rows: Sequence[Row], name: str) -> float | None:
    values = [row[name] for row in rows if row[name] is not None]
    return float(np.median(values)) if values else None


def show(entries: Sequence[Mapping[str, Any]]) -> None:
    """Print the figures."""
    figures = ("seconds", "delay", "held", "longest_hold", "jump", "bend", "missed", "down", "recovery")
    figures += ("longest_recovery",)
    table = Table("fault", "mode", "successes", *(name.replace("_", " ") for name in figures))
    for entry in entries:
        table.add_row(
            entry["fault"],
            entry["mode"],
            f"{entry['successes']} of {entry['episodes']}",
            *("–" if entry[name] is None else f"{entry[name]:.3g}" for name in figures),
        )
    Console(width=120).print(table)


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--task", default="pick_bottle")
    parser.add_argument("--faults", nargs="+", default=list(FAULTS), choices=list(FAULTS))
    parser.add_argument("--modes", nargs="+", default=[], choices=list(MODES))
    parser.add_argument("--episodes", type=int, default=10)
    return parser.parse_args()


def main() -> None:
    """Run what is missing; results are written after each fault."""
    arguments = _arguments()
    make_policy = policy_of(arguments.policy)
    server = Served(make_policy.folder)
    server.start()
    entries: list[dict[str, Any]] = []
    try:
        ready = connect(server)
        for fault in arguments.faults:
            for mode in arguments.modes or modes_over_a_wire(ready):
                kept = KeptRows(arguments.folder / f"{arguments.task}_{fault}_{mode}.json", make_policy.folder)
                for seed in kept.missing(arguments.episodes):
                    kept.add(run_episode(server, ready, arguments.task, FAULTS[fault], MODES[mode], seed))
                figures = summary_of(kept.first(arguments.episodes))
                entries.append({"task": arguments.task, "fault": fault, "mode": mode, **figures})
            content = {"policy": make_policy.name, "conditions": entries}
            write_file(arguments.folder / "results.json", (json.dumps(content, indent=1) + "\n").encode())
    finally:
        server.kill()
    show(entries)


def modes_over_a_wire(ready: ReadyPolicy) -> list[str]:
    """Return the modes that this policy can be used in: those that lead the network need one that can be led."""
    steered = isinstance(ready.policy, SteeredPolicy)
    return [name for name, mode in MODES.items() if mode.steers is None or steered]


if __name__ == "__main__":
    main()
