"""The instruction changes in mid-motion, or the object vanishes: how many ticks until the robot complies?

A policy that is told what runs meanwhile may go on with it although it is told to do something else: the
prefix shortcut. Both props are in every scene and the policy knows a task for each. Two thirds of a second
to a little over one second into the first task the words of the other one are said ("said"), or the prop
of the task is taken away ("gone"). `compliance` says when a robot complies; ticks are counted from the
switch, so that 1 would be the very first action after it. The same is asked of the half second before the
switch: the share of episodes that seem to comply there ("too soon") is how often the measure is wrong.
Outcomes are those of the second task.

Seeds are paired: seed n is the same scene and the same tick in every condition. Each condition has a file in
the folder; a second run goes on where the first stopped.

Run: python -m benchmarks.instruction_switch runs/switch
     python -m benchmarks.instruction_switch runs/switch --modes prefix blend --delays 6 --episodes 20
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.compliance import WINDOW, complied, share_of_new
from benchmarks.kept_rows import KeptRows, Row
from psizero.cli.policies import PolicyFromFolder, policy_of
from psizero.control.safety import SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.data.atomic_file import write_file
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError
from psizero.evaluate.many import run_many
from psizero.evaluate.rollout import ReadyPolicy
from psizero.evaluate.score import Score
from psizero.geometry import Pose
from psizero.runtime.ask import AskConfig
from psizero.runtime.control_loop import ControlLoop, LoopConfig
from psizero.runtime.modes import MODES
from psizero.runtime.trace import arm_columns
from psizero.runtime.worker import SimulatedWorker, uneven_delays
from psizero.sim.task import TASKS, TaskEpisode, open_task
from psizero.types import Observation, Policy

OTHER = {"pick_bottle": "hug_box", "hug_box": "pick_bottle"}
"""Which task is said in the middle of which."""
DELAYS = {"0": 0, "3": 3, "6": 6, "uneven": 2}
"""Least ticks from a question to its answer, by the name of a distribution; "uneven" adds exponential ones."""
UNEVEN, LONGEST = 2.0, 14
"""Mean of what is added, and the most of both (ticks)."""
SWITCH = (24, 36)
"""First and past-last tick of the switch: the hands are on their way and touch nothing yet, most of the time."""
BEFORE = 15
"""Windows before the switch that are judged."""
WATCHED = 120
"""Ticks after the switch in which the robot must comply: 4 s."""
AWAY = Pose(np.array([-3.0, 0.0, 0.2]), np.array([1.0, 0.0, 0.0, 0.0]))
"""Where a prop is taken: on the floor, behind the robot's back."""
ARMS = arm_columns(G1_DEX3.action)

Kind = Literal["said", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What all episodes of a file have in common."""

    task: str
    """What the robot does first."""
    kind: Kind
    mode: str
    delays: str

    def path(self, folder: Path) -> Path:
        """Return its file."""
        return folder / f"{self.kind}_{self.task}_{self.mode}_{self.delays}.json"


def delays_of(name: str, seed: int) -> Iterator[int]:
    """Return one delay after the other (ticks)."""
    if name != "uneven":
        return repeat(DELAYS[name])
    return uneven_delays(DELAYS[name], UNEVEN, LONGEST, np.random.default_rng([seed, 3]))


class Situations:
    """One instant as it is, as it was before the switch, or as it will be behind it."""

    def __init__(self, episode: TaskEpisode, condition: Condition, controller: WholeBodyController) -> None:
        self._world, self._robot, self._controller = episode.world, episode.robot, controller
        self._prop = TASKS[condition.task].prop
        self._removes = condition.kind == "gone"
        self._words = (words_of(condition.task, episode.seed), episode.instruction)
        self._place: Pose | None = None  # of the prop, before it was taken away

    def switch(self, loop: ControlLoop) -> None:
        """Say the other words, or take the prop away."""
        if self._removes:
            self._place = self._world.pose(self._prop)
            self._world.place(self._prop, AWAY)
        else:
            loop.say(self._words[1])

    def old(self) -> Observation:
        """Return what the robot would sense now if nothing had been switched."""
        return self._seen(self._words[0], self._place)

    def new(self) -> Observation:
        """Return what it would sense now if all had been switched."""
        words = self._words[0] if self._removes else self._words[1]
        return self._seen(words, AWAY if self._removes and self._place is None else None)

    def _seen(self, words: str, place: Pose | None) -> Observation:
        """Return an observation with the prop at a place, or where it is; the world stays as it is."""
        world = self._world
        kept = world.save()
        if place is not None:
            world.place(self._prop, place)
        sensed = self._robot.observe()
        world.restore(kept)
        return replace(sensed, state=self._controller.state(sensed), instruction=words)


def words_of(task: str, seed: int) -> str:
    """Return the words of a task in the scene of a seed."""
    return TASKS[task].instructions[seed % len(TASKS[task].instructions)]


def would_do(policy: Policy, observation: Observation) -> np.ndarray:
    """Return (WINDOW, J) what the policy would do with its arms from here on, if it had no plan."""
    policy.reset()  # the same noise every time
    nothing = np.zeros((0, G1_DEX3.action.size), np.float32)
    return policy.act(observation, nothing).values[:WINDOW, ARMS]


class Watch:
    """Judges one window per tick."""

    def __init__(self, policy: Policy, situations: Situations) -> None:
        self._policy, self._situations = policy, situations
        self._open: list[tuple[np.ndarray, np.ndarray]] = []  # answers (old, new) at the first ticks of windows
        self.shares: list[float | None] = []
        """Of every window that has ended."""

    def look(self) -> None:
        """Begin a window with the tick that comes."""
        situations = self._situations
        self._open.append((would_do(self._policy, situations.old()), would_do(self._policy, situations.new())))

    def ran(self, actions: Sequence[np.ndarray]) -> None:
        """End the window that the last of all actions so far, each (A,), belongs to."""
        if len(self._open) == WINDOW:
            self.shares.append(share_of_new(np.array(actions[-WINDOW:])[:, ARMS], *self._open.pop(0)))


def run_switch(ready: ReadyPolicy, request: tuple[Condition, int]) -> Row:
    """Run one episode with a switch in it, by condition and seed."""
    condition, seed = request
    removes = condition.kind == "gone"
    asked = condition.task if removes else OTHER[condition.task]
    episode = open_task(asked, seed, words_of(asked, seed))
    controller = episode.controller()
    loop = _loop(ready, condition, episode, controller)
    situations = Situations(episode, condition, controller)
    watch = Watch(_beside(ready), situations)
    loop.start(words_of(condition.task, seed))
    at = int(np.random.default_rng([seed, 4]).integers(*SWITCH))
    verdict, seconds = None, None
    for tick in range(at + round(episode.time_limit * G1_DEX3.rate)):
        if tick == at:
            situations.switch(loop)
        watched = tick > at + WATCHED or _complied(watch) is not None
        if watched and (removes or verdict is not None):
            break
        if tick > at - BEFORE - WINDOW and not watched:
            watch.look()
        loop.step()
        if loop.error is not None:
            raise loop.error
        watch.ran([record.action for record in loop.trace.records[-WINDOW:]])
        status = episode.status()
        if verdict is None and tick >= at and (status.success or status.failure):
            verdict, seconds = status, (tick + 1 - at) / G1_DEX3.rate
    ticks = _complied(watch)
    return {
        "seed": seed,
        "switch": at,
        "ticks": None if ticks is None else ticks + 1,
        "too_soon": complied(watch.shares[:BEFORE]) is not None,
        "telling": float(np.mean([share is not None for share in watch.shares])),
        "success": None if removes else verdict is not None and verdict.success,
        "failure": None if removes or verdict is None else verdict.failure,
        "seconds": None if removes else seconds,
    }


def _loop(
    ready: ReadyPolicy, condition: Condition, episode: TaskEpisode, controller: WholeBodyController
) -> ControlLoop:
    """Return the loop of an episode, with answers as late as the condition says."""
    mode = MODES[condition.mode]
    mode.check(ready.policy, ready.name)
    return ControlLoop(
        robot=episode.robot,
        clock=episode.clock,
        controller=controller,
        gate=SafetyGate(G1),
        worker=SimulatedWorker(ready.policy, delays_of(condition.delays, episode.seed)),
        layout=G1_DEX3,
        config=LoopConfig(
            first_delay=DELAYS[condition.delays],
            ask=mode.ask(AskConfig(), max_promised=ready.max_promised, rows=ready.rows),
            mode=mode,
        ),
    )


def _beside(ready: ReadyPolicy) -> Policy:
    """Return the same policy with noise of its own, to be asked beside the loop."""
    if ready.fork is None:
        raise ConfigError(f"the policy {ready.name} cannot be asked beside the loop; name a folder with --policy")
    return ready.fork()


def _complied(watch: Watch) -> int | None:
    """Return how many windows after the switch the robot complies."""
    return complied(watch.shares[BEFORE:])


def summary_of(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the figures of a condition; a robot that does not comply counts as one that would some time later."""
    ticks = [np.inf if row["ticks"] is None else row["ticks"] for row in rows]
    quartiles = [float(np.quantile(ticks, share, method="higher")) for share in (0.25, 0.5, 0.75)]
    judged = [row["success"] for row in rows if row["success"] is not None]
    score = Score.of(judged) if judged else None
    return {
        "episodes": len(rows),
        "median": _finite(quartiles[1]),
        "quartiles": [_finite(quartiles[0]), _finite(quartiles[2])],
        "within_a_second": float(np.mean(np.array(ticks) <= G1_DEX3.rate)),
        "never": float(np.mean(np.isinf(ticks))),
        "too_soon": float(np.mean([row["too_soon"] for row in rows])),
        "telling": float(np.mean([row["telling"] for row in rows])),
        "successes": None if score is None else score.successes,
        "interval_95": None if score is None else [100 * end for end in score.interval],
    }


def _finite(ticks: float) -> float | None:
    return ticks if np.isfinite(ticks) else None


def show(entries: Sequence[Mapping[str, Any]]) -> None:
    """Print the figures; ticks of a thirtieth of a second."""
    table = Table(
        "what", "first task", "mode", "delay", "ticks", "half of all", "≤ 1 s", "never", "too soon", "then done"
    )
    for entry in entries:
        low, high = ("–" if end is None else f"{end:.0f}" for end in entry["quartiles"])
        done = "–" if entry["successes"] is None else f"{entry['successes']} of {entry['episodes']}"
        table.add_row(
            *(entry[name] for name in ("kind", "task", "mode", "delays")),
            "–" if entry["median"] is None else f"{entry['median']:.0f}",
            f"{low} to {high}",
            *(f"{100 * entry[name]:.0f} %" for name in ("within_a_second", "never", "too_soon")),
            done,
        )
    Console(width=120).print(table)


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--kinds", nargs="+", default=["said", "gone"], choices=["said", "gone"])
    parser.add_argument("--tasks", nargs="+", default=list(OTHER), choices=list(OTHER))
    parser.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    parser.add_argument("--delays", nargs="+", default=list(DELAYS), choices=list(DELAYS))
    parser.add_argument("--episodes", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def run_condition(
    folder: Path, condition: Condition, make_policy: PolicyFromFolder, *, episodes: int, workers: int
) -> list[Row]:
    """Run the episodes that the folder lacks; return all of them, by seed."""
    kept = KeptRows(condition.path(folder), make_policy.folder)
    missing = [(condition, seed) for seed in kept.missing(episodes)]
    run_many(run_switch, make_policy, missing, workers=workers, done=kept.add)
    return kept.first(episodes)


def main() -> None:
    """Run what is missing; results are written after each condition."""
    arguments = _arguments()
    make_policy = policy_of(arguments.policy)
    entries: list[dict[str, Any]] = []
    for kind in arguments.kinds:
        for delays in arguments.delays:
            for task in arguments.tasks:
                for mode in arguments.modes:
                    condition = Condition(task=task, kind=kind, mode=mode, delays=delays)
                    rows = run_condition(
                        arguments.folder,
                        condition,
                        make_policy,
                        episodes=arguments.episodes,
                        workers=arguments.workers,
                    )
                    named = {"kind": kind, "task": task, "mode": mode, "delays": delays}
                    entries.append(named | summary_of(rows))
                    content = {"policy": make_policy.name, "conditions": entries}
                    write_file(arguments.folder / "results.json", (json.dumps(content, indent=1) + "\n").encode())
    show(entries)


if __name__ == "__main__":
    main()
