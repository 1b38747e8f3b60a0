"""How often the scripted operator succeeds through the whole pipeline, and whether a command ever leaves its limits.

Run: python -m benchmarks.operator_success [SEEDS]   (100 seeds of all tasks take about 25 minutes on one core)
"""

import sys

import numpy as np

from benchmarks.figure import Figure, show
from psizero.control.lower_body import driven_joints
from psizero.control.safety import SafetyConfig
from psizero.embodiment.g1 import G1
from psizero.evaluate.score import Score
from psizero.sim.sim_robot import SimRobot
from psizero.sim.task import TASKS, Task
from psizero.teleop.collect import demonstrate
from psizero.types import JointCommand

SEEDS = 100
AT_LEAST = {"pick_bottle": 95.0, "hug_box": 95.0, "walk_and_place": 90.0}
"""Success that is promised (%)."""


class Watch:
    """Counts commands that reach the robot outside of a joint's range, speed or acceleration."""

    def __init__(self) -> None:
        limits = SafetyConfig()
        hands = np.array(["hand" in name for name in G1.joint_names])
        self._rate = limits.rate
        self._speed = np.minimum(np.where(hands, limits.hand_speed, limits.speed), G1.column("velocity"))
        self._acceleration = np.where(hands, limits.hand_acceleration, limits.acceleration)
        self._lower, self._upper = G1.column("lower"), G1.column("upper")
        legs = np.isin(G1.joint_names, driven_joints(G1))
        self._limited = {True: ~legs, False: np.ones_like(legs)}
        """Joints that the gate limits, by whether the task walks: targets of legs that balance are forces."""
        self.commands = 0
        self.outside = 0
        self._walks = False
        self._sent: list[np.ndarray] = []

    def begin(self, task: Task) -> None:
        """A new episode: nothing was sent before."""
        self._walks = task.walks
        self._sent: list[np.ndarray] = []

    def look(self, command: JointCommand) -> None:
        """Judge one command that was sent."""
        self._sent = [*self._sent[-2:], command.positions]
        self.commands += 1
        speeds = np.diff(np.array(self._sent), axis=0) * self._rate
        good = bool(np.isfinite(command.positions).all())
        within = (command.positions >= self._lower - 1e-9) & (command.positions <= self._upper + 1e-9)
        within &= (np.abs(speeds) <= self._speed + 1e-6).all(0)
        within &= (np.abs(np.diff(speeds, axis=0)) * self._rate <= self._acceleration + 1e-3).all(0)
        good &= bool(within[self._limited[self._walks]].all())
        self.outside += not good


def measure(seeds: int = SEEDS) -> list[Figure]:
    """Let the operator do every task in the scenes of training seeds 0, 1, ..."""
    watch = Watch()
    send = SimRobot.command

    def watched(self: SimRobot, command: JointCommand) -> None:
        watch.look(command)
        send(self, command)

    SimRobot.command = watched
    figures = []
    for task in TASKS:
        successes = 0
        for seed in range(seeds):
            watch.begin(TASKS[task])
            successes += demonstrate(task, seed).success
        low, high = Score(episodes=seeds, successes=successes).interval
        name = f"operator on {task}, {seeds} seeds (95 % interval {100 * low:.0f} to {100 * high:.0f})"
        figures.append(Figure(name=name, value=100 * successes / seeds, unit="%", at_least=AT_LEAST[task]))
    SimRobot.command = send
    figures.append(
        Figure(name=f"commands outside limits, of {watch.commands}", value=watch.outside, unit="", at_most=0)
    )
    return figures


if __name__ == "__main__":
    show(measure(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS))
