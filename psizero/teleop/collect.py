"""Demonstrations: the scripted operator drives the robot through the whole pipeline, and is recorded.

Nothing is faked on the way: the operator's frames are retargeted, solved, balanced and
gated like a person's, and only tries that the judge calls a success are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Generic, TypeVar

import numpy as np

from psizero.control.safety import SafetyGate
from psizero.data.encoded import EncodedEpisode, encode_episode
from psizero.data.episode import Episode
from psizero.data.recorder import Recorder
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3, PolicyLayout
from psizero.side_by_side import side_by_side
from psizero.sim.task import TASKS, open_task
from psizero.teleop.calibration import Calibration
from psizero.teleop.pipeline import TeleoperationPipeline
from psizero.teleop.retarget import Retargeter
from psizero.teleop.scripted import ScriptedOperator

EpisodeT = TypeVar("EpisodeT", Episode, EncodedEpisode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration(Generic[EpisodeT]):
    """One try of the scripted operator."""

    seed: int
    episode: EpisodeT
    success: bool
    reason: str
    """Why it failed; empty after a success."""
    gate_events: tuple[str, ...]
    """What the safety gate had to hold back."""


class _Memory:
    """Keeps the recorder's episodes instead of writing them."""

    def __init__(self, layout: PolicyLayout) -> None:
        self.layout = layout
        self.episodes: list[Episode] = []

    def append(self, episode: Episode) -> int:
        """Keep one episode."""
        self.episodes.append(episode)
        return len(self.episodes) - 1


def demonstrate(task: str, seed: int, walking_legs: bool = False) -> Demonstration[Episode]:
    """Let the scripted operator do a task once in the scene of `seed`; the same seed gives the same numbers.

    `walking_legs` puts System-0 under the robot also where the task does not walk.
    """
    scene = open_task(task, seed, purpose="collect", walking_legs=walking_legs)
    controller = scene.controller()
    gate = SafetyGate(G1)
    rng = np.random.default_rng([seed, sorted(TASKS).index(task), 3])
    calibration = Calibration.draw(rng)
    operator = ScriptedOperator(scene, calibration, rng)
    memory = _Memory(G1_DEX3)
    with Recorder(memory) as recorder:
        recorder.start(scene.instruction, {"task": task, "seed": seed, "walking_legs": scene.walking_legs})
        pipeline = TeleoperationPipeline(
            operator, Retargeter(calibration), controller, gate, scene.robot, scene.clock, recorder
        )
        while not operator.finished and scene.now() < scene.time_limit and not scene.status().failure:
            pipeline.step()
        status = scene.status()
        recorder.keep({"success": status.success})
    return Demonstration(
        seed=seed,
        episode=memory.episodes[0],
        success=status.success,
        reason="" if status.success else status.failure or "not done in time",
        gate_events=tuple(f"{event.kind}: {event.detail}" for event in gate.events),
    )


def demonstrations(
    task: str, seeds: Iterator[int], *, workers: int, cluster: str | None = None, walking_legs: bool = False
) -> Iterator[Demonstration[EncodedEpisode]]:
    """Yield demonstrations in the order of `seeds`; `workers` and `cluster` are those of `side_by_side`."""
    _ = TASKS[task]
    return side_by_side(partial(_demonstrate, task, walking_legs), seeds, workers=workers, cluster=cluster)


def _demonstrate(task: str, walking_legs: bool, seed: int) -> Demonstration[EncodedEpisode]:
    done = demonstrate(task, seed, walking_legs)
    return Demonstration(
        seed=done.seed,
        episode=encode_episode(done.episode, G1_DEX3.rate),
        success=done.success,
        reason=done.reason,
        gate_events=done.gate_events,
    )


def seeds_from(start: int, taken: frozenset[int]) -> Iterator[int]:
    """Yield `start`, `start` + 1, ... without those that are taken."""
    return (seed for seed in count(start) if seed not in taken)
