"""How many pictures per second the head camera gives, robot and scene in view.

Run: python -m benchmarks.render_speed
"""

import time

from benchmarks.figure import Figure, show
from psizero.sim.sim_robot import PICTURE_SIZE
from psizero.sim.task import open_task

PICTURES = 200


def measure() -> list[Figure]:
    """Draw the same instant again and again, at the usual size and at 224 x 224."""
    world = open_task("pick_bottle", seed=0).world
    figures = []
    for (height, width), at_least in ((PICTURE_SIZE, None), ((224, 224), 100.0)):
        world.picture("head", height, width)  # opens the graphics
        begin = time.perf_counter()
        for _ in range(PICTURES):
            world.picture("head", height, width)
        rate = PICTURES / (time.perf_counter() - begin)
        figures.append(Figure(name=f"pictures of {height} x {width}", value=rate, unit="1/s", at_least=at_least))
    return figures


if __name__ == "__main__":
    show(measure())
