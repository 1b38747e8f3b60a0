"""What a judge can see: lifted, held, moved, fallen. Each looks at every control step and remembers."""

import numpy as np

from psizero.geometry import rotate
from psizero.sim.scene import PROPS, TABLE_TOP
from psizero.sim.world import World


def _height_over_table(world: World, prop: str) -> float:
    """Return how far the prop's centre is above its height when standing on the table (m)."""
    rest = next(p.height for p in PROPS if p.name == prop)
    return float(world.pose(prop).position[2]) - TABLE_TOP - rest


class Lifted:
    """A prop lifted by given hands to a height, and held there without a gap."""

    def __init__(self, world: World, prop: str, hands: tuple[str, ...], *, height: float, hold: float) -> None:
        self._world, self._prop, self._hands = world, prop, hands
        self._height, self._hold = height, hold
        self._since: float | None = None
        self.touched = False
        self.lifted = False
        self.held = False
        self.lost = False

    def look(self) -> None:
        """Judge this instant."""
        world = self._world
        in_hands = all(
            world.touching(f"{side}_hand", self._prop) or world.touching(f"{side}_wrist", self._prop)
            for side in self._hands
        )
        self.touched = self.touched or in_hands
        height = _height_over_table(world, self._prop)
        up = in_hands and height >= self._height
        self.lifted = self.lifted or up
        self.lost = self.lost or height < -0.15
        if not up:
            self._since = None
        elif self._since is None:
            self._since = world.time
        # 1 ms of slack: the clock counts in physics steps.
        self.held = self.held or (self._since is not None and world.time - self._since >= self._hold - 1e-3)


class MovedFromStart:
    """A prop that was pushed or tipped: moved by 3 cm from where it stood, or leaning by 15 degrees."""

    def __init__(self, world: World, prop: str, distance: float = 0.03, angle: float = np.deg2rad(15.0)) -> None:
        self._world, self.prop = world, prop
        self._distance, self._angle = distance, angle
        self._start = world.pose(prop)
        self.seen = False

    def look(self) -> None:
        """Judge this instant."""
        pose = self._world.pose(self.prop)
        moved = float(np.linalg.norm(pose.position - self._start.position))
        up = np.array([0.0, 0.0, 1.0])
        tilt = np.arccos(np.clip(rotate(pose.orientation, up) @ up, -1.0, 1.0))
        self.seen = self.seen or moved > self._distance or bool(tilt > self._angle)


class Fallen:
    """The robot's pelvis is low or tilted: it no longer stands."""

    def __init__(self, world: World, height: float = 0.5, tilt: float = np.deg2rad(45.0)) -> None:
        self._world, self._height, self._tilt = world, height, tilt
        self.seen = False

    def look(self) -> None:
        """Judge this instant."""
        pose = self._world.pose("pelvis")
        up = np.array([0.0, 0.0, 1.0])
        tilt = np.arccos(np.clip(rotate(pose.orientation, up) @ up, -1.0, 1.0))
        self.seen = self.seen or bool(pose.position[2] < self._height) or bool(tilt > self._tilt)
