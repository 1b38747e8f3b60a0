"""A robot whose camera is broken on purpose: does the policy look at its pictures at all?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from psizero.types import JointCommand, Observation, Robot

CameraMode = Literal["normal", "noise", "frozen"]
"""What the policy sees: the picture, random pixels, or the first picture for ever."""


class BrokenCamera:
    """Stands before a robot and replaces its pictures; all else passes through."""

    def __init__(self, robot: Robot, mode: CameraMode, random: np.random.Generator) -> None:
        self._robot = robot
        self._mode = mode
        self._random = random
        self._first: dict[str, np.ndarray] = {}

    def observe(self) -> Observation:
        """Return the robot's observation with other pictures, made when they are looked at."""
        observation = self._robot.observe()
        return replace(observation, images=_Replaced(observation.images, self._picture))

    def command(self, command: JointCommand) -> None:
        """Pass on."""
        self._robot.command(command)

    def stop(self) -> None:
        """Pass on."""
        self._robot.stop()

    def _picture(self, images: Mapping[str, np.ndarray], name: str) -> np.ndarray:
        if self._mode == "normal":
            return images[name]
        if name not in self._first:
            self._first[name] = images[name]
        first = self._first[name]
        if self._mode == "frozen":
            return first
        return self._random.integers(0, 256, first.shape, np.uint8)


class _Replaced(Mapping[str, np.ndarray]):
    """Pictures by name, each asked from a function once, on first access."""

    def __init__(self, images: Mapping[str, np.ndarray], picture: Callable[..., np.ndarray]) -> None:
        self._images, self._picture = images, picture
        self._made: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._made:
            self._made[name] = self._picture(self._images, name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._images)

    def __len__(self) -> int:
        return len(self._images)
