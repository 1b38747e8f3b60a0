"""How long one step of the whole-body inverse kinematics and of the standing controller takes.

Both wrists and the head chase moving targets in front of the robot, some of them near
the body, so that collision limits are at work. Usage: python benchmarks/ik_speed.py
"""

import time

import numpy as np

from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.geometry import Pose, from_rpy
from psizero.types import WholeBodyTarget

LIMIT_MS = 1.0
"""Longest allowed 95th percentile of one solve (ms)."""
STEPS = 3000
DT = 1 / 60


def moving_target(t: float) -> WholeBodyTarget:
    """Hands that reach out, come back to the body and cross, with a head that nods."""
    reach = 0.24 + 0.12 * np.sin(1.3 * t)
    side = 0.16 + 0.14 * np.sin(0.7 * t)
    height = 0.92 + 0.12 * np.sin(0.9 * t)
    return WholeBodyTarget(
        stance_from_head=Pose(np.array([0.05, 0.018, 1.21]), from_rpy(0.0, 0.83 + 0.1 * np.sin(t), 0.0)),
        stance_from_left_wrist=Pose(np.array([reach, side, height]), from_rpy(0.3 * np.sin(t), 0.0, -0.2)),
        stance_from_right_wrist=Pose(np.array([reach, -side, height]), from_rpy(-0.3 * np.sin(t), 0.0, 0.2)),
    )


def main() -> None:
    """Print percentiles (ms) and their ratio to the limit."""
    controller = WholeBodyController(G1, G1_DEX3)
    solve_times, command_times = [], []
    for step in range(STEPS):
        target = moving_target(step * DT)
        start = time.perf_counter()
        action = controller.act_on_target(target, DT)
        solved = time.perf_counter()
        controller.command(action, 0.0)
        solve_times.append(solved - start)
        command_times.append(time.perf_counter() - solved)
    for name, times in (("inverse kinematics", solve_times), ("standing controller", command_times)):
        p50, p95 = 1e3 * np.percentile(times[STEPS // 10 :], [50, 95])
        print(f"{name}: p50 {p50:.3f} ms, p95 {p95:.3f} ms, p95 / limit {p95 / LIMIT_MS:.2f}")


if __name__ == "__main__":
    main()
