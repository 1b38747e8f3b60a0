"""What carries the arms: a lower body that stands, and what every lower body is asked for.

`control.system_zero` is the other one: it stands, squats, turns and walks.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from psizero.control.standing import HEIGHT_RANGE, TORSO_LOWER, TORSO_UPPER, StandingBalance
from psizero.embodiment.robot import RobotSpec
from psizero.types import JointCommand, Observation

VALIDITY: Final = 0.1
"""Time for which a joint command holds (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyGoal:
    """What the whole body is asked for at one instant."""

    positions: np.ndarray
    """(J,) rad, arms and hands; legs and waist in it are ignored."""
    torso_rpy: np.ndarray
    """(3,) of the torso against a level pelvis with the pelvis's heading (rad)."""
    pelvis_height: float
    """m."""
    velocity: np.ndarray
    """(3,) vx, vy (m/s) and yaw rate (rad/s), heading corrections included."""


class LowerBodyController(Protocol):
    """Keeps the robot on its feet while arms and hands do what they are told."""

    @property
    def trunk_range(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest torso roll, pitch, yaw (rad) and pelvis height (m), each (4,)."""
        ...

    def reset(self, observation: Observation) -> None:
        """Begin anew where the robot is."""

    def command(self, goal: BodyGoal, observation: Observation, now: float) -> JointCommand:
        """Return the command of all joints at clock time `now` (s); called once per period."""
        ...


class Standing:
    """Both feet stay where they are; velocities have no effect. The same goals give the same commands."""

    def __init__(self, robot: RobotSpec) -> None:
        self._balance = StandingBalance(robot)
        self._stiffness, self._damping = robot.column("stiffness"), robot.column("damping")

    @property
    def trunk_range(self) -> tuple[np.ndarray, np.ndarray]:
        """What `StandingBalance` can stand with."""
        return np.append(TORSO_LOWER, HEIGHT_RANGE[0]), np.append(TORSO_UPPER, HEIGHT_RANGE[1])

    def reset(self, observation: Observation) -> None:
        """Nothing is remembered."""

    def command(self, goal: BodyGoal, observation: Observation, now: float) -> JointCommand:
        """Return the posture that balances the goal, with the torques that carry it."""
        posture = self._balance.solve(goal.positions, goal.torso_rpy, goal.pelvis_height)
        return JointCommand(
            positions=posture.positions,
            stiffness=self._stiffness,
            damping=self._damping,
            torques=posture.torques,
            valid_until=now + VALIDITY,
        )
