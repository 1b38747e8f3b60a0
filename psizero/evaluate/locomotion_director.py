"""Who gives the commands in an episode: a timetable, a heading loop, or a follower of way-points."""

from typing import ClassVar, Protocol

import numpy as np

from psizero.control.heading import HeadingConfig, HeadingLoop
from psizero.control.lower_body import COMMAND
from psizero.evaluate.locomotion_world import Truth

STAND = np.array([0.0, 0.0, 0.0, 0.74, 0.0, 0.0, 0.0])
"""The command to stand upright."""
FASTEST = np.array([[-0.4, -0.3, -0.6], [0.5, 0.3, 0.6]])
"""Smallest and largest vx, vy (m/s) and yaw rate (rad/s) that a follower asks for."""


def asked(**numbers: float) -> np.ndarray:
    """Return a command (7,): upright standing, but for the numbers given by name.

    >>> asked(vx=0.5)
    array([0.5 , 0.  , 0.  , 0.74, 0.  , 0.  , 0.  ])
    """
    command = STAND.copy()
    for name, value in numbers.items():
        command[COMMAND.index(name)] = value
    return command


class Director(Protocol):
    """Gives a command to every robot at every instant."""

    def goals(self, time: float, truth: Truth) -> np.ndarray:
        """Return what is wanted (N or 1, 7) at `time` (s)."""
        ...

    def wanted_place(self, time: float) -> np.ndarray | None:
        """Return the place x, y (m) and yaw (rad) aimed at (N, 3), NaN where there is none; `None` without any."""
        ...


class Timetable:
    """The same commands for all, each from its time on."""

    def __init__(self, begins: np.ndarray, goals: np.ndarray) -> None:
        """Take times (K,) s and commands (K, 7)."""
        self._begins, self._goals = begins, goals

    def goals(self, time: float, truth: Truth) -> np.ndarray:
        """Return the command (1, 7) in force."""
        return self._goals[int(np.searchsorted(self._begins, time + 1e-9, side="right")) - 1][None]

    def wanted_place(self, time: float) -> np.ndarray | None:
        """Return `None`."""
        return None


class HeadingSteps:
    """Turns to one heading after the other, by the product's heading loop: 90°, 0°, -90°, 0°."""

    HEADINGS: ClassVar[np.ndarray] = np.deg2rad([90.0, 0.0, -90.0, 0.0])

    def __init__(self, count: int, *, rate: float, each: float) -> None:
        """Hold each heading for `each` (s), with `rate` (Hz) calls per second."""
        self._loops = [HeadingLoop(HeadingConfig(), rate=rate) for _ in range(count)]
        self._each = each
        self._started = False

    def goals(self, time: float, truth: Truth) -> np.ndarray:
        """Return commands (N, 7) that turn towards the heading."""
        command = np.tile(STAND, (len(self._loops), 1))
        for row, loop, pelvis in zip(command, self._loops, truth.world_from_pelvis, strict=True):
            if not self._started:
                loop.reset(pelvis)
            row[2] = loop.yaw_rate(np.zeros(3), self._heading(time), pelvis)
        self._started = True
        return command

    def wanted_place(self, time: float) -> np.ndarray | None:
        """Return the heading alone."""
        return np.tile([np.nan, np.nan, self._heading(time)], (len(self._loops), 1))

    def _heading(self, time: float) -> float:
        return float(self.HEADINGS[min(int((time + 1e-9) / self._each), len(self.HEADINGS) - 1)])


class Tour:
    """Walks to one way-point after the other, each with a heading, in a fixed time.

    A way-point lies 0.8 to 1.2 m from the last one, up to 100° off the last heading,
    and asks for a heading up to 90° off it.
    """

    POINTS: ClassVar[int] = 18
    EACH: ClassVar[float] = 5.0
    """Time for one way-point (s)."""

    def __init__(self, seeds: np.ndarray) -> None:
        """Draw the tour of each seed (N,)."""
        self.points = np.stack([self._draw(int(seed)) for seed in seeds])
        """(N, 18, 3) x, y (m) and heading (rad)."""

    def goals(self, time: float, truth: Truth) -> np.ndarray:
        """Return commands (N, 7) that walk and turn towards the way-point at once."""
        target = self.points[:, self._number(time)]
        away = target[:, :2] - truth.place[:, :2]
        yaw = truth.place[:, 2]
        cosine, sine = np.cos(yaw), np.sin(yaw)
        command = np.tile(STAND, (len(target), 1))
        command[:, 0] = 1.2 * (cosine * away[:, 0] + sine * away[:, 1])
        command[:, 1] = 1.2 * (cosine * away[:, 1] - sine * away[:, 0])
        command[:, 2] = 1.5 * difference(target[:, 2], yaw)
        command[:, :3] = np.clip(command[:, :3], *FASTEST)
        # Close enough is close enough: no steps of a centimetre.
        there = (np.hypot(*away.T) < 0.05) & (np.abs(difference(target[:, 2], yaw)) < np.deg2rad(4.0))
        command[there, :3] = 0.0
        return command

    def wanted_place(self, time: float) -> np.ndarray | None:
        """Return the way-points in force."""
        return self.points[:, self._number(time)]

    def _number(self, time: float) -> int:
        return min(int((time + 1e-9) / self.EACH), self.POINTS - 1)

    def _draw(self, seed: int) -> np.ndarray:
        rng = np.random.default_rng((seed, 18))
        points = np.zeros((self.POINTS, 3))
        place, heading = np.zeros(2), 0.0
        for number in range(self.POINTS):
            direction = heading + rng.uniform(-1.0, 1.0) * np.deg2rad(100.0)
            place = place + rng.uniform(0.8, 1.2) * np.array([np.cos(direction), np.sin(direction)])
            heading += rng.uniform(-1.0, 1.0) * np.deg2rad(90.0)
            points[number] = *place, heading
        return points


def difference(wanted: np.ndarray | float, yaw: np.ndarray) -> np.ndarray:
    """Return the shortest turn (rad) from `yaw` to `wanted`."""
    return (np.asarray(wanted) - yaw + np.pi) % (2 * np.pi) - np.pi
