"""Hello, robot: stand a G1 at the table, ask its hand to rise, look through its head camera.

Run: python examples/00_hello_robot.py [PICTURE.png]
"""

import sys
from pathlib import Path

from PIL import Image

from psizero.control.safety import SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.control_loop import hold_action
from psizero.sim.task import open_task

CONTROL_RATE = 60.0
SECONDS = 2.0


def main() -> None:
    """Raise the right forearm by half a radian and save what the robot sees."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("hello_robot.png")
    episode = open_task("pick_bottle", seed=0)
    robot, clock = episode.robot, episode.clock
    controller, gate = WholeBodyController(G1, G1_DEX3), SafetyGate(G1)

    # Every command, from here or from a policy, passes the same controller and the same gate.
    observation = robot.observe()
    controller.reset(observation)
    gate.arm(observation, clock.now())
    action = hold_action(G1_DEX3, controller.state(observation))

    elbow = G1_DEX3.action.slice_of("right_arm").start + 3
    start = action[elbow]
    steps = round(SECONDS * CONTROL_RATE)
    for step in range(steps):
        action[elbow] = start - 0.5 * (step + 1) / steps  # rad, in small steps: a jump would be limited by the gate
        now = clock.now()
        seen = robot.observe()
        robot.command(gate.check(controller.command(action, seen, now), seen, now))
        clock.sleep_until((step + 1) / CONTROL_RATE)  # deadlines are absolute, so that no error adds up

    seen = robot.observe()
    state = controller.state(seen)
    height = episode.world.pose("pelvis").position[2]
    print(f"after {seen.time:.2f} s the pelvis is {height:.2f} m over the floor")
    angles = G1_DEX3.state.get(state, "right_arm")
    print(f"right arm (rad): {', '.join(f'{angle:.2f}' for angle in angles)}")
    Image.fromarray(seen.images["head"]).save(picture)
    print(f"its head camera: {picture}")


if __name__ == "__main__":
    main()
