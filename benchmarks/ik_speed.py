"""How long one step of the whole-body inverse kinematics and of the standing controller takes.

Both wrists and the head chase moving targets in front of the robot, some of them near
the body, so that collision limits are at work.

Run: python -m benchmarks.ik_speed
"""

import time

import numpy as np

from benchmarks.figure import Figure, show
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.geometry import Pose, from_rpy
from psizero.types import Observation, WholeBodyTarget

STEPS = 3000
"""Solves that are measured, after a tenth as many to warm up."""
DT = 1 / 60
LIMIT = 1.0
"""Longest 95th percentile of one solve (ms)."""


def moving_target(t: float) -> WholeBodyTarget:
    """Hands that reach out, come back to the body and turn, with a head that nods."""
    reach = 0.24 + 0.12 * np.sin(1.3 * t)
    side = 0.16 + 0.14 * np.sin(0.7 * t)
    height = 0.92 + 0.12 * np.sin(0.9 * t)
    return WholeBodyTarget(
        stance_from_head=Pose(np.array([0.05, 0.018, 1.21]), from_rpy(0.0, 0.83 + 0.1 * np.sin(t), 0.0)),
        stance_from_left_wrist=Pose(np.array([reach, side, height]), from_rpy(0.3 * np.sin(t), 0.0, -0.2)),
        stance_from_right_wrist=Pose(np.array([reach, -side, height]), from_rpy(-0.3 * np.sin(t), 0.0, 0.2)),
    )


def measure() -> list[Figure]:
    """Chase the targets and take the time of each step."""
    controller = WholeBodyController(G1, G1_DEX3)
    observation = Observation(
        time=0.0,
        joint_positions=G1.column("rest"),
        joint_velocities=np.zeros(len(G1.joints)),
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
    )
    times: dict[str, list[float]] = {"inverse kinematics": [], "standing controller": []}
    for step in range(-STEPS // 10, STEPS):
        target = moving_target(step * DT)
        start = time.perf_counter()
        action = controller.act_on_target(target, DT)
        solved = time.perf_counter()
        controller.command(action, observation, 0.0)
        done = time.perf_counter()
        if step >= 0:
            times["inverse kinematics"].append(1e3 * (solved - start))
            times["standing controller"].append(1e3 * (done - solved))
    figures = []
    for name, taken in times.items():
        middle, most = np.percentile(taken, [50, 95])
        figures.append(Figure(name=f"{name}, median", value=float(middle), unit="ms"))
        figures.append(Figure(name=f"{name}, 95th percentile", value=float(most), unit="ms", at_most=LIMIT))
    return figures


if __name__ == "__main__":
    show(measure())
