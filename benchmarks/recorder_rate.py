"""Whether recording keeps 30 Hz on the computer's clock while pictures are drawn and episodes encoded.

Run: python -m benchmarks.recorder_rate
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, show
from psizero.clock import MonotonicClock, Rate
from psizero.control.safety import SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.data.lerobot import LeRobotWriter
from psizero.data.recorder import Recorder
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.control_loop import hold_action
from psizero.sim.task import TaskEpisode, open_task

EPISODES, TICKS = 3, 150


def measure() -> list[Figure]:
    """Record episodes back to back: while one runs, the one before it is encoded and written."""
    clock = MonotonicClock()
    lateness: list[float] = []
    seconds = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        LeRobotWriter(Path(folder) / "set", G1_DEX3) as writer,
        Recorder(writer) as recorder,
    ):
        for seed in range(EPISODES):
            episode = open_task("pick_bottle", seed)
            recorder.start("stand still", {"seed": seed})
            begin = clock.now()
            lateness += _episode(episode, recorder, Rate(G1_DEX3.rate, clock))
            seconds += clock.now() - begin
            recorder.keep()
    return [
        Figure(name="recorded frames", value=len(lateness) / seconds, unit="1/s", at_least=0.98 * G1_DEX3.rate),
        Figure(name="lateness of a frame, p99", value=float(np.percentile(lateness, 99)) * 1e3, unit="ms"),
    ]


def _episode(episode: TaskEpisode, recorder: Recorder, rate: Rate) -> list[float]:
    """Record one episode of a standing robot; return how late each tick came (s)."""
    controller, gate = WholeBodyController(G1, G1_DEX3), SafetyGate(G1)
    observation = episode.robot.observe()
    controller.reset(observation)
    gate.arm(observation, episode.clock.now())
    hold = hold_action(G1_DEX3, controller.state(observation))
    lateness = []
    for tick in range(1, TICKS + 1):
        observation = episode.robot.observe()
        observation = replace(observation, state=controller.state(observation), tick=tick)
        recorder.add(observation, hold, episode.clock.now())
        for substep in (0.5, 1.0):
            now = episode.clock.now()
            seen = episode.robot.observe()
            episode.robot.command(gate.check(controller.command(hold, seen, now), seen, now))
            episode.clock.sleep_until((tick - 1 + substep) / G1_DEX3.rate)
        lateness.append(rate.wait())
    return lateness


if __name__ == "__main__":
    show(measure())
