"""Random latency traces through our executor and two published ones: what breaks, and how often.

A trace is 4 s of a control loop at 30 Hz whose policy answers late: constantly, with jitter, with spikes
longer than a chunk, lost, doubled, overtaken, with resets and new instructions in between. The
policy itself is well-behaved: it keeps its promises and goes on from them smoothly. So whatever breaks
is the executor's doing. Counted are traces with at least one

- jump: an acceleration within an episode above the policy's own plus what blending may add,
- wrong tick: an action that runs in another tick than the one it was planned for,
- broken promise: executed actions that differ from those the answer in use was told would run,
- stale answer: after a reset or a new instruction, an answer to a question from before takes over,
- velocity kept: still walking half a second after the last row of the plan,
- exit: an exception or the end of the process.

Run: python -m benchmarks.chunk_traces --traces 100000
"""

import itertools
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.queue_models import (
    LAYOUT,
    RATE,
    ROWS,
    Arrival,
    Ask,
    LeRobotQueue,
    OurQueue,
    Queue,
    ReferenceQueue,
    Step,
)
from psizero.runtime.ask import AskConfig
from psizero.runtime.blending import Blending

TICKS = 120
KINDS = ("constant", "jitter", "spikes", "drops", "duplicates", "reorder", "reset", "instruction", "everything")
QUEUES: dict[str, Callable[[], Queue]] = {
    "psizero": OurQueue,
    "Psi0 reference (model)": ReferenceQueue,
    "LeRobot (model)": LeRobotQueue,
}
FAULTS = ("jump", "wrong tick", "broken promise", "stale answer", "velocity kept", "exit")
LIMIT = Blending(LAYOUT, RATE).limit
WALKING = 0.05
"""Velocity that counts as still walking (m/s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What happens to answers and when somebody interferes, drawn once per trace."""

    kind: str
    base: float
    seed: int

    def has(self, what: str) -> bool:
        """Whether this trace contains a kind of trouble."""
        return self.kind in (what, "everything")

    def latency(self, random: np.random.Generator) -> float:
        """Return how long one answer takes (ticks)."""
        late = self.base
        if self.has("jitter"):
            late += random.exponential(2.0)
        if self.has("spikes") and random.random() < 0.15:
            late += random.uniform(0.0, 1.5 * ROWS)
        if self.has("reorder") and random.random() < 0.3:
            late += random.uniform(20.0, 50.0)
        return late


def draw_network(random: np.random.Generator) -> Network:
    """Draw a trace."""
    return Network(
        kind=KINDS[random.integers(len(KINDS))], base=random.uniform(0.05, 7.0), seed=int(random.integers(1 << 31))
    )


class SmoothPolicy:
    """Follows a wave in time, beside it by a little that differs from answer to answer; goes on from its promise."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._phase = random.uniform(0, 6)
        self.own = np.zeros(LAYOUT.size)
        """(A,) largest acceleration in any answer."""

    def answer(self, ask: Ask, tick: int, now: np.ndarray) -> np.ndarray:
        """Return the rows (T, A) of an answer about `tick`; without a promise it begins where the robot is, `now`."""
        t = tick + np.arange(ROWS)
        wish = np.stack([0.3 * np.sin(t / 12 + self._phase), 0.3 + 0.1 * np.sin(t / 15)], axis=1)
        wish += self._random.uniform(-1, 1, LAYOUT.size) * [0.1, 0.05]
        count = min(len(ask.promised), ROWS - 2)
        promised = ask.promised[:count]
        before = np.concatenate([[now, now], promised])[-2:]
        speed = before[1] - before[0]
        gap, drift = before[1] + speed - wish[count], speed - (wish[count + 1] - wish[count])
        share = np.minimum(np.arange(ROWS - count) / 15, 1.0)[:, None]
        wish[count:] += gap * (1 - share) ** 2 * (1 + 2 * share) + 15 * drift * share * (1 - share) ** 2
        rows = np.concatenate([promised, wish[count:]]).astype(np.float32)
        path = np.concatenate([before, rows[count:]])
        own = np.abs(np.diff(path[:, 0], 2)).max(), np.abs(np.diff(path[:, 1])).max()
        self.own = np.maximum(self.own, own)
        return rows


class Judge:
    """Watches what runs and notes what should not."""

    def __init__(self) -> None:
        self.faults: set[str] = set()
        self.ran: list[np.ndarray] = [np.zeros(LAYOUT.size, np.float32)]
        """(A,) per tick; where nothing is sent, the robot stays where it was told to be."""
        self._asked: dict[Ask, tuple[int, int]] = {}
        self._first: Ask | None = None
        self._running: Ask | None = None
        self._over = 0
        self._begun = [0]

    @property
    def now(self) -> np.ndarray:
        """(A,) where the robot was told to be."""
        return self.ran[-1]

    def begin(self) -> None:
        """An episode begins: the robot stands, whatever it did before."""
        self._begun.append(len(self.ran))
        self._first = None

    def asked(self, ask: Ask, tick: int, epoch: int) -> None:
        """Note a question and when it was asked."""
        self._asked[ask] = tick, epoch

    def watch(self, step: Step, tick: int, epoch: int) -> None:
        """Look at one tick."""
        if step.ask is not None:
            asked_at, asked_in = self._asked[step.ask]
            self._first = self._first or step.ask
            late = tick - asked_at - step.row
            # Before the first answer the robot stands, so that one may begin late; past its last row a chunk has
            # no action for this tick: what runs then is a hold, well done or not.
            if late != 0 and tick - asked_at < ROWS and step.ask is not self._first:
                self.faults.add("wrong tick")
            if step.ask is not self._running:
                if asked_in < epoch:
                    self.faults.add("stale answer")
                ran = np.array(self.ran[1:])[asked_at : asked_at + len(step.ask.promised)]
                if not np.array_equal(ran, step.ask.promised[: len(ran)]):
                    self.faults.add("broken promise")
            self._running = step.ask
        values = self.now if step.values is None else step.values
        gone = step.ask is None or tick - self._asked[step.ask][0] >= ROWS
        self._over = self._over + 1 if gone else 0
        if self._over > RATE / 2 and abs(values[1]) > WALKING:
            self.faults.add("velocity kept")
        self.ran.append(values)

    def finish(self, own: np.ndarray) -> None:
        """Compare accelerations with the policy's own, (A,), and what blending may add."""
        most = own + LIMIT + 1e-5
        for begin, end in itertools.pairwise([*self._begun, len(self.ran)]):
            ran = np.array(self.ran[begin:end], np.float64)
            bends, steps = np.diff(ran[:, 0], 2), np.diff(ran[:, 1])
            if (np.abs(bends) > most[0]).any() or (np.abs(steps) > most[1]).any():
                self.faults.add("jump")


def run_trace(make: Callable[[], Queue], network: Network) -> set[str]:
    """Run one trace; return which faults it shows."""
    random = np.random.default_rng(network.seed)
    queue, policy, judge = make(), SmoothPolicy(np.random.default_rng(network.seed + 1)), Judge()
    under_way: list[tuple[float, Arrival]] = []
    interfered = sorted(int(tick) for tick in random.integers(20, 100, 2))
    epoch = 0
    queue.begin(judge.now)
    try:
        for tick in range(TICKS):
            if tick in interfered and (network.has("reset") or network.has("instruction")):
                epoch += 1
                if network.kind == "reset" or (network.kind == "everything" and tick == interfered[0]):
                    queue.begin(judge.now)
                    judge.begin()
                else:
                    queue.say()
            for when, arrival in sorted(under_way, key=lambda item: item[0]):
                if when <= tick:
                    under_way.remove((when, arrival))
                    queue.hear(arrival)
            if (ask := queue.ask()) is not None:
                judge.asked(ask, tick, epoch)
                under_way += _travel(network, random, queue, tick, ask, policy.answer(ask, tick, judge.now))
            judge.watch(queue.step(), tick, epoch)
    except Exception:
        return judge.faults | {"exit"}
    judge.finish(policy.own)
    return judge.faults


def _travel(
    network: Network, random: np.random.Generator, queue: Queue, tick: int, ask: Ask, rows: np.ndarray
) -> list[tuple[float, Arrival]]:
    """Return when copies of an answer come."""
    latency = network.latency(random)
    lost = network.has("drops") and random.random() < 0.25
    copies = 2 if network.has("duplicates") and random.random() < 0.5 else 1
    early, later = random.random(), random.uniform(0, 40)
    if queue.repeats:
        arrival = Arrival(ask=ask, rows=rows, latency=latency)
        return [] if lost else [(tick + latency, arrival), (tick + latency + later, arrival)][:copies]
    latency += AskConfig().patience if lost else 0
    # Its own thread asked a little before this tick.
    return [(tick - early + latency, Arrival(ask=ask, rows=rows, latency=latency))]


def count_faults(traces: int, seed: int = 0) -> dict[str, dict[str, Counter[str]]]:
    """Return how many traces of each kind showed each fault, by queue and kind; "traces" counts them all."""
    random = np.random.default_rng(seed)
    counts = {name: {kind: Counter[str]() for kind in KINDS} for name in QUEUES}
    for _ in range(traces):
        network = draw_network(random)
        for name, make in QUEUES.items():
            faults = run_trace(make, network)
            counts[name][network.kind].update([*faults, "traces", *(["any"] if faults else [])])
    return counts


def show_faults(counts: dict[str, dict[str, Counter[str]]]) -> None:
    """Print shares of traces with faults."""
    for name, by_kind in counts.items():
        table = Table(title=f"{name}: traces with a fault", title_justify="left")
        for heading in ("trouble", "traces", *FAULTS, "any"):
            table.add_column(heading, justify="left" if heading == "trouble" else "right")
        rows = {**by_kind, "all": sum(by_kind.values(), Counter[str]())}
        for kind, found in rows.items():
            table.add_row(kind, str(found["traces"]), *(str(found[fault]) for fault in (*FAULTS, "any")))
        Console(width=120).print(table)


def main() -> None:
    """Run and print; exit status 1 if our own executor showed a fault."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--traces", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    counts = count_faults(arguments.traces, arguments.seed)
    show_faults(counts)
    sys.exit(any(found["any"] for found in counts["psizero"].values()))


if __name__ == "__main__":
    main()
