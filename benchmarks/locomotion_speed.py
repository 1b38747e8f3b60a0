"""How fast System-0 learns and runs: steps of training with physics, policy and learning, and one answer on the robot.

Run: python -m benchmarks.locomotion_speed
"""

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks.figure import Figure, show
from psizero.control.locomotion import LocomotionPolicy
from psizero.control.lower_body import Senses, sensed_joints
from psizero.embodiment.g1 import G1
from psizero.train.config import LocomotionConfig, Stage
from psizero.train.locomotion import LocomotionTraining

ITERATIONS = 8
"""Updates that are timed, after two that are not."""
ANSWERS = 600


def measure() -> list[Figure]:
    """Train for a moment in two stages, then answer as on the robot."""
    torch.set_num_threads(os.cpu_count() or 1)
    return [
        *_training("walk", "on flat ground", at_least=6000.0),
        *_training("rough", "on rough ground", at_least=None),
        _answer(),
    ]


def _training(stage: Stage, where: str, at_least: float | None) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        training = LocomotionTraining(LocomotionConfig(out=Path(folder), stage=stage))
        for _ in range(2):
            training.iterate()
        told = [training.iterate() for _ in range(ITERATIONS)]
    whole = np.median([line["steps_per_second"] for line in told])
    alone = np.median([line["steps_per_second"] / line["collecting"] for line in told])
    cores = os.cpu_count()
    return [
        Figure(
            name=f"physics and policy {where}, {cores} cores", value=float(alone), unit="steps/s", at_least=at_least
        ),
        Figure(name=f"the same with learning, {cores} cores", value=float(whole), unit="steps/s"),
    ]


def _answer() -> Figure:
    policy = LocomotionPolicy.load(None, G1)
    policy.reset()
    place = {name: index for index, name in enumerate(G1.joint_names)}
    rest = G1.column("rest")[[place[name] for name in sensed_joints(G1)]][None]
    senses = Senses(
        world_from_pelvis=np.array([[1.0, 0.0, 0.0, 0.0]]),
        angular_velocity=np.zeros((1, 3)),
        positions=rest,
        velocities=np.zeros((1, 29)),
    )
    command = np.array([[0.3, 0.0, 0.0, 0.74, 0.0, 0.0, 0.0]])
    times = []
    for _ in range(ANSWERS):
        begin = time.perf_counter()
        policy.act(command, senses, 1 / 60)
        times.append(time.perf_counter() - begin)
    return Figure(name="System-0's answer p95", value=1e3 * float(np.percentile(times[50:], 95)), unit="ms", at_most=10)


if __name__ == "__main__":
    show(measure())
