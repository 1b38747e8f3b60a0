"""How much faster than real time the physics of the table-top scene runs.

Run: python -m benchmarks.physics_speed
"""

import time

from benchmarks.figure import Figure, show
from psizero.control.safety import SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.control_loop import hold_action
from psizero.sim.task import open_task

SECONDS = 5.0
"""Simulated time that is measured (s)."""
CONTROL_RATE = 60.0


def measure() -> list[Figure]:
    """Let the robot stand for a while, with and without control and judge in the measurement."""
    episode = open_task("pick_bottle", seed=0)
    controller, gate = WholeBodyController(G1, G1_DEX3), SafetyGate(G1)
    observation = episode.robot.observe()
    controller.reset(observation)
    gate.arm(observation, episode.clock.now())
    hold = hold_action(G1_DEX3, controller.state(observation))
    physics = 0.0
    begin = time.perf_counter()
    for tick in range(1, round(SECONDS * CONTROL_RATE) + 1):
        now = episode.clock.now()
        seen = episode.robot.observe()
        episode.robot.command(gate.check(controller.command(hold, seen, now), seen, now))
        before = time.perf_counter()
        episode.world.step_until(tick / CONTROL_RATE)
        physics += time.perf_counter() - before
    whole = time.perf_counter() - begin
    return [
        Figure(name="physics", value=SECONDS / physics, unit="x real time"),
        Figure(name="physics and control at 60 Hz", value=SECONDS / whole, unit="x real time"),
    ]


if __name__ == "__main__":
    show(measure())
