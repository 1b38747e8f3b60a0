"""From what a person or a policy wants to what the motors get.

A person's `WholeBodyTarget` becomes an action (inverse kinematics), an action becomes
a `JointCommand` (standing balance). The policy enters at the action, so person and
policy share everything below it, and the recorded action is what was really done.

`command` wants the action that is valid now: whoever runs at a higher rate than the
layout's interpolates between two actions first. Arms and hands go straight to the gate; torso
and height are followed within limits, because legs that jerk topple the robot. A person's actions
keep those limits, so they pass unchanged. The same actions give the same commands.
The robot stands: `base_velocity`, `yaw_rate` and `target_yaw` are accepted and have
no effect until there is a walking controller.
"""

import numpy as np

from psizero.control.filters import FollowLimit
from psizero.control.ik import IKConfig, MultiTargetIK
from psizero.control.standing import HEIGHT_RANGE, TORSO_LOWER, TORSO_UPPER, StandingBalance
from psizero.embodiment.layout import PolicyLayout
from psizero.embodiment.robot import RobotSpec
from psizero.errors import LayoutError
from psizero.types import JointCommand, Observation, WholeBodyTarget

_TORSO_SPEED, _TORSO_ACCELERATION = 1.6, 25.0
"""What the torso may do (rad/s, rad/s²): a little more than inverse kinematics asks for at the policy's rate."""
_HEIGHT_SPEED, _HEIGHT_ACCELERATION = 0.35, 5.0
"""What the pelvis may do (m/s, m/s²); half of gravity leaves the feet on the floor."""
_PARTS = ("left_hand", "right_hand", "left_arm", "right_arm")


class WholeBodyController:
    """Keeps the robot standing while arms, hands, torso and height do what the action says."""

    def __init__(
        self, robot: RobotSpec, layout: PolicyLayout, ik: IKConfig | None = None, *, rate: float = 60.0
    ) -> None:
        """Control `robot` by actions of `layout`, with `rate` (Hz) calls of `command` per second."""
        self._robot = robot
        self.layout = layout
        self._indices = {part: robot.indices(part) for part in _PARTS}
        self._balance = StandingBalance(robot)
        self._ik = MultiTargetIK(robot, ik)
        self._rest = robot.column("rest")
        self._lower, self._upper = robot.column("lower"), robot.column("upper")
        self._stiffness, self._damping = robot.column("stiffness"), robot.column("damping")
        self._trunk = FollowLimit(
            lower=np.append(TORSO_LOWER, HEIGHT_RANGE[0]),
            upper=np.append(TORSO_UPPER, HEIGHT_RANGE[1]),
            speed=np.array([_TORSO_SPEED] * 3 + [_HEIGHT_SPEED]),
            acceleration=np.array([_TORSO_ACCELERATION] * 3 + [_HEIGHT_ACCELERATION]),
            period=1.0 / rate,
        )
        self._upright = np.array([0.0, 0.0, 0.0, robot.standing_height])
        self._trunk.reset(self._upright)

    def reset(self, observation: Observation) -> None:
        """Start from the measured pose, standing upright at rest height."""
        self._trunk.reset(self._upright)
        self._ik.reset(observation.joint_positions, self._upright[:3], self._upright[3])

    def act_on_target(self, target: WholeBodyTarget, dt: float) -> np.ndarray:
        """Move a person's target one step of `dt` (s) ahead; return the action (A,) float32 of it."""
        found = self._ik.solve(target, dt)
        return self.action(found.positions, found.torso_rpy, found.pelvis_height)

    def action(self, positions: np.ndarray, torso_rpy: np.ndarray, pelvis_height: float) -> np.ndarray:
        """Pack arms and hands of `positions` (J,), torso (3,) and height (m) into an action (A,) float32."""
        return self.layout.action.pack(
            {part: positions[index] for part, index in self._indices.items()}
            | {"torso_rpy": torso_rpy, "pelvis_height": pelvis_height}
            | {"base_velocity": np.zeros(2), "yaw_rate": 0.0, "target_yaw": 0.0}
        )

    def command(self, action: np.ndarray, now: float) -> JointCommand:
        """Return the joint command (valid 0.1 s from `now`) of the action (A,) that is valid now.

        A wrong size is a `LayoutError`. Numbers that are not finite come out as positions
        that are not finite, for the safety gate to refuse.
        """
        values = np.asarray(action, np.float64)
        if values.shape != (self.layout.action.size,):
            raise LayoutError(
                f"layout {self.layout.name!r} has actions of {self.layout.action.size} numbers, got shape "
                f"{values.shape}; give one row of a chunk"
            )
        if not np.isfinite(values).all():
            return self._joint_command(np.full_like(self._rest, np.nan), np.zeros_like(self._rest), now)
        fields = self.layout.action.unpack(values)
        wanted = self._rest.copy()
        for part, index in self._indices.items():
            wanted[index] = fields[part]
        wanted = np.clip(wanted, self._lower, self._upper)
        trunk = np.concatenate([fields["torso_rpy"], fields["pelvis_height"]])
        trunk = self._trunk.follow(np.clip(trunk, *self._trunk.range))
        posture = self._balance.solve(wanted, trunk[:3], trunk[3])
        return self._joint_command(posture.positions, posture.torques, now)

    def state(self, observation: Observation) -> np.ndarray:
        """Return what a policy may see of the body (S,) float32: measured arms and hands, last torso and height."""
        measured = observation.joint_positions
        return self.layout.state.pack(
            {part: measured[index] for part, index in self._indices.items()}
            | {"torso_rpy": self._trunk.position[:3], "pelvis_height": self._trunk.position[3]}
        )

    def _joint_command(self, positions: np.ndarray, torques: np.ndarray, now: float) -> JointCommand:
        return JointCommand(
            positions=positions,
            stiffness=self._stiffness,
            damping=self._damping,
            torques=torques,
            valid_until=now + 0.1,
        )
