"""What a judge can see: lifted, held, placed, moved, fallen. Each looks at every control step and remembers."""

import numpy as np

from psizero.geometry import rotate
from psizero.sim.scene import PROPS, SECOND_HALF, TABLE_TOP
from psizero.sim.world import World

_UP = np.array([0.0, 0.0, 1.0])


def _height_over_table(world: World, prop: str) -> float:
    """Return how far the prop's centre is above its height when standing on the table (m)."""
    rest = next(p.height for p in PROPS if p.name == prop)
    return float(world.pose(prop).position[2]) - TABLE_TOP - rest


def _tilt(world: World, body: str) -> float:
    """Return how far the body's z axis is from upright (rad)."""
    return float(np.arccos(np.clip(rotate(world.pose(body).orientation, _UP)[2], -1.0, 1.0)))


def _in_hand(world: World, side: str, prop: str) -> bool:
    return world.touching(f"{side}_hand", prop) or world.touching(f"{side}_wrist", prop)


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
        in_hands = all(_in_hand(world, side, self._prop) for side in self._hands)
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


class Placed:
    """A prop that was put on a table: carried there in a hand, then standing there upright, still and let go."""

    def __init__(self, world: World, prop: str, table: str, *, still: float) -> None:
        self._world, self._prop, self._table, self._still = world, prop, table, still
        self._rest = next(p.height for p in PROPS if p.name == prop)
        self._since: float | None = None
        self._spot = np.zeros(3)
        self.brought = False
        self.placed = False

    def look(self) -> None:
        """Judge this instant."""
        world = self._world
        spot = world.pose(self._table).inverse().apply(world.pose(self._prop).position)
        above = bool((np.abs(spot[:2]) < SECOND_HALF[:2]).all())
        held = _in_hand(world, "left", self._prop) or _in_hand(world, "right", self._prop)
        self.brought = self.brought or (above and held)
        on_top = abs(float(spot[2]) - SECOND_HALF[2] - self._rest) < 0.01
        stands = on_top and _tilt(world, self._prop) < np.deg2rad(10.0)
        alone = not held and world.touching(self._table, self._prop)
        if not (self.brought and above and stands and alone):
            self._since = None
        elif self._since is None or float(np.linalg.norm(spot - self._spot)) > 0.003:
            self._since, self._spot = world.time, spot
        # 1 ms of slack: the clock counts in physics steps.
        self.placed = self.placed or (self._since is not None and world.time - self._since >= self._still - 1e-3)


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
        self.seen = self.seen or moved > self._distance or _tilt(self._world, self.prop) > self._angle


class Fallen:
    """The robot's pelvis is low or tilted: it no longer stands."""

    def __init__(self, world: World, height: float = 0.5, tilt: float = np.deg2rad(45.0)) -> None:
        self._world, self._height, self._tilt = world, height, tilt
        self.seen = False

    def look(self) -> None:
        """Judge this instant."""
        height = float(self._world.pose("pelvis").position[2])
        self.seen = self.seen or height < self._height or _tilt(self._world, "pelvis") > self._tilt
