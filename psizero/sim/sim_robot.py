"""A world behind the `Robot` protocol, and the clock that makes it move."""

import time
from collections.abc import Iterator, Mapping

import numpy as np

from psizero.sim.world import World, WorldState
from psizero.types import JointCommand, Observation

HEAD_CAMERA = "head"
PICTURE_SIZE = (120, 160)
"""Height and width of the head camera's picture."""


class _LazyPictures(Mapping[str, np.ndarray]):
    """The picture of one instant, drawn when somebody looks at it, and only once.

    Drawing costs more than all the physics of a tick; most ticks need no picture.
    """

    def __init__(self, world: World, state: WorldState, size: tuple[int, int]) -> None:
        self._world, self._state, self._size = world, state, size
        self._drawn: np.ndarray | None = None

    def __getitem__(self, name: str) -> np.ndarray:
        if name != HEAD_CAMERA:
            raise KeyError(name)
        if self._drawn is None:
            self._drawn = self._world.picture(HEAD_CAMERA, *self._size, state=self._state)
        return self._drawn

    def __iter__(self) -> Iterator[str]:
        return iter((HEAD_CAMERA,))

    def __len__(self) -> int:
        return 1


class SimRobot:
    """The simulated robot: what it senses, and where commands go."""

    def __init__(self, world: World, picture_size: tuple[int, int] = PICTURE_SIZE) -> None:
        self._world = world
        self._picture_size = picture_size

    def observe(self) -> Observation:
        """Return joints and IMU of this instant; the picture of this instant is drawn on first access."""
        world = self._world
        return Observation(
            time=world.time,
            joint_positions=world.joint_positions(),
            joint_velocities=world.joint_velocities(),
            world_from_pelvis=world.pose("pelvis").orientation,
            pelvis_angular_velocity=world.angular_velocity("pelvis"),
            images=_LazyPictures(world, world.save(), self._picture_size),
            image_times={HEAD_CAMERA: world.time},
        )

    def command(self, command: JointCommand) -> None:
        """Hand a command to the motors."""
        self._world.apply(command)

    def stop(self) -> None:
        """Damp every joint."""
        self._world.damp()


class WorldClock:
    """A clock whose passing moves the world: waiting until t simulates until t.

    With `pace` 1 it also waits for the real time to pass, so that a person can watch;
    with `pace` 0 it runs as fast as the computer can, and always to the same result.
    """

    def __init__(self, world: World, pace: float = 0.0) -> None:
        self._world = world
        self._pace = pace
        self._start = time.monotonic() - world.time * pace

    def now(self) -> float:
        """Simulated time (s)."""
        return self._world.time

    def sleep_until(self, deadline: float) -> None:
        """Simulate until `deadline` (s); at once if it has passed."""
        self._world.step_until(deadline)
        if self._pace:
            time.sleep(max(0.0, self._start + deadline * self._pace - time.monotonic()))
