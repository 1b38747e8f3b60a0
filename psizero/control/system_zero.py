"""System-0 as a lower body: legs and waist by the locomotion policy, arms and hands as they are told."""

import numpy as np

from psizero.control.locomotion import LocomotionPolicy
from psizero.control.lower_body import Senses
from psizero.control.lower_body_controller import VALIDITY, BodyGoal
from psizero.control.weight import Weight
from psizero.embodiment.robot import RobotSpec
from psizero.errors import ConfigError
from psizero.types import JointCommand, Observation

_LONGEST_GAP = 0.25
"""Longest time between two observations that the policy is told (s)."""
_CARRIED = 0.2
"""Share of the weight on the feet below which the robot hangs; it counts as standing again above twice this."""
_GLIDE = 1.0
"""Speed with which the joints of a hanging robot go to their rest pose (rad/s)."""
_FORGETTING = 0.08
"""Time over which that share is averaged (s)."""
_PATIENCE = 0.2
"""For how long it must be that small (s): a step of a walk, or a push, unloads the feet for less."""


class SystemZero:
    """Stands, squats, leans, turns and walks. Each command follows from all observations since `reset`.

    An observation with a number that is not finite is not shown to the policy, which would remember
    it for six instants: legs and waist stay as they are, and the safety gate decides what follows.
    A robot that is lifted off the ground would chase its own legs. So while the feet carry nothing,
    the policy is not asked, and the legs go slowly to where they are in standing.
    """

    def __init__(self, robot: RobotSpec, policy: LocomotionPolicy | None = None, *, rate: float = 60.0) -> None:
        """Run `policy`, or the one in the package, with `rate` (Hz) calls of `command` per second."""
        self._policy = policy or LocomotionPolicy.load(None, robot)
        card = self._policy.card
        if not card.rates[0] <= rate <= card.rates[1]:
            raise ConfigError(f"the locomotion policy runs at {card.rates[0]:g} to {card.rates[1]:g} Hz, not at "
                              f"{rate:g} Hz; try {card.rates[1]:g}")  # fmt: skip
        place = {name: index for index, name in enumerate(robot.joint_names)}
        self._driven = np.array([place[name] for name in card.driven_joints])
        self._sensed = np.array([place[name] for name in card.sensed_joints])
        self._stiffness, self._damping = robot.column("stiffness"), robot.column("damping")
        self._stiffness[self._driven], self._damping[self._driven] = self._policy.stiffness, self._policy.damping
        self._rest, self._effort = robot.column("rest"), robot.column("effort")
        self._arms = np.array([place[name] for name in card.sensed_joints if name not in card.driven_joints])
        self._weight = Weight(robot)
        self._lower, self._upper = np.array(card.command_lower), np.array(card.command_upper)
        self._period = 1.0 / rate
        self._slew = np.array(card.slew) * self._period
        self._upright = np.array([0.0, 0.0, 0.0, robot.standing_height, 0.0, 0.0, 0.0])
        self._command = self._upright.copy()
        self._targets = self._rest[self._driven]
        self._last_time: float | None = None
        self._sent: JointCommand | None = None
        self._carried, self._unloaded, self.hangs = 1.0, 0.0, False
        """Whether the feet have no ground."""

    @property
    def trunk_range(self) -> tuple[np.ndarray, np.ndarray]:
        """What the policy was trained for."""
        order = [4, 5, 6, 3]
        return self._lower[order], self._upper[order]

    def reset(self, observation: Observation) -> None:
        """Forget the past; the robot stands still where it is."""
        self._policy.reset()
        self._command = self._upright.copy()
        self._targets = self._rest[self._driven]
        self._last_time, self._sent = None, None
        self._carried, self._unloaded, self.hangs = 1.0, 0.0, False

    def command(self, goal: BodyGoal, observation: Observation, now: float) -> JointCommand:
        """Let the policy answer to this observation; velocities and posture change no faster than it has learned."""
        senses = self._senses(observation)
        if senses is not None:
            self._feel_ground(observation)
        velocity = np.zeros(3) if self.hangs else goal.velocity
        wanted = np.concatenate([velocity, [goal.pelvis_height], goal.torso_rpy])
        step = np.clip(np.clip(wanted, self._lower, self._upper) - self._command, -self._slew, self._slew)
        self._command = self._command + step
        positions = goal.positions.copy()
        if self.hangs:
            glide = _GLIDE * self._period
            self._targets = self._targets + np.clip(self._rest[self._driven] - self._targets, -glide, glide)
        elif senses is not None:
            self._targets = self._policy.act(self._command[None], senses, self._elapsed(observation.time))[0]
        positions[self._driven] = self._targets
        self._sent = JointCommand(
            positions=positions,
            stiffness=self._stiffness,
            damping=self._damping,
            torques=self._carrying_arms(),
            valid_until=now + VALIDITY,
            balancing=True,
        )
        return self._sent

    def _senses(self, observation: Observation) -> Senses | None:
        """Return what the policy sees, or `None` if a part of it is missing or broken."""
        measured = (observation.joint_positions, observation.joint_velocities)
        imu = (observation.world_from_pelvis, observation.pelvis_angular_velocity)
        shapes = [np.shape(part) for part in (*measured, *imu)]
        if shapes != [self._rest.shape, self._rest.shape, (4,), (3,)]:
            return None
        senses = Senses(
            world_from_pelvis=np.asarray(observation.world_from_pelvis, np.float64)[None],
            angular_velocity=np.asarray(observation.pelvis_angular_velocity, np.float64)[None],
            positions=np.asarray(observation.joint_positions, np.float64)[None, self._sensed],
            velocities=np.asarray(observation.joint_velocities, np.float64)[None, self._sensed],
            arm_torques=None if self._sent is None else self._torques(self._arms, observation)[None],
        )
        parts = (senses.world_from_pelvis, senses.angular_velocity, senses.positions, senses.velocities)
        unit = 0.9 < float(np.linalg.norm(senses.world_from_pelvis)) < 1.1
        return senses if unit and all(np.isfinite(part).all() for part in parts) else None

    def _feel_ground(self, observation: Observation) -> None:
        """Find out from the legs' torques whether the robot hangs; if so, begin anew."""
        self._weight.feel(observation.joint_positions, observation.world_from_pelvis)
        torques = np.zeros_like(self._rest)
        torques[self._driven] = self._torques(self._driven, observation)
        keep = np.exp(-self._period / _FORGETTING)
        self._carried = keep * self._carried + (1 - keep) * float(np.clip(self._weight.carried(torques), -1.0, 2.0))
        self._unloaded = self._unloaded + self._period if self._carried < _CARRIED else 0.0
        self.hangs = self._unloaded >= _PATIENCE or (self.hangs and self._carried < 2 * _CARRIED)
        if self.hangs:
            self._policy.reset()

    def _torques(self, joints: np.ndarray, observation: Observation) -> np.ndarray:
        """Return what the motors of `joints` (K,) give (N m): they follow the last command by their own law."""
        targets, torques = (self._rest, 0.0) if self._sent is None else (self._sent.positions, self._sent.torques)
        off = (targets - observation.joint_positions) * self._stiffness
        given = off - self._damping * observation.joint_velocities + torques
        return np.clip(given, -self._effort, self._effort)[joints]

    def _carrying_arms(self) -> np.ndarray:
        """Return (J,) N m that carry arms and hands; the legs' policy has learned to do without."""
        torques = self._weight.torques()
        torques[self._driven] = 0.0
        return torques

    def _elapsed(self, time: float) -> float:
        """Return the time since the last observation that was shown to the policy (s)."""
        last, self._last_time = self._last_time, time
        passed = self._period if last is None else time - last
        # A clock that stands or jumps back tells nothing.
        return min(passed, _LONGEST_GAP) if passed > 0.25 * self._period else self._period
