"""From what a person or a policy wants to what the motors get.

A person's `WholeBodyTarget` becomes an action (inverse kinematics), an action becomes
a `JointCommand`: arms and hands as they are told, legs and waist by a `LowerBodyController`
that stands (`Standing`) or walks too (`SystemZero`). The policy enters at the action, so person
and policy share everything below it, and the recorded action is what was really done.

`command` wants the action that is valid now: whoever runs at a higher rate than the
layout's interpolates between two actions first. Arms and hands go straight to the gate; torso
and height are followed within limits, because legs that jerk topple the robot. A person's actions
keep those limits, so they pass unchanged. The same actions give the same commands to a robot that
stands; one that walks answers to what it feels as well.

Velocities. `base_velocity` and `yaw_rate` are those of the pelvis in its own heading. `target_yaw` is
the heading relative to the one at `reset`, whole turns counted; `yaw_rate` is how fast it changes. A
person's yaw rate is integrated into it, so that nothing drifts (`control.heading`). Targets of hands
and head are relative to the stance frame, which goes with the robot, so walking changes none of them.

An action that is missing (`None`: its source is silent) or not finite asks to stand still: no
velocity, this heading, arms and posture as they were. The command says so in `fault`.
"""

from dataclasses import replace

import numpy as np

from psizero.control.filters import FollowLimit
from psizero.control.heading import HeadingConfig, HeadingLoop
from psizero.control.ik import IKConfig, MultiTargetIK
from psizero.control.lower_body import COMMAND_LOWER, COMMAND_UPPER
from psizero.control.lower_body_controller import BodyGoal, LowerBodyController, Standing
from psizero.embodiment.layout import PolicyLayout
from psizero.embodiment.robot import RobotSpec
from psizero.errors import LayoutError
from psizero.types import JointCommand, Observation, WholeBodyTarget

_TORSO_SPEED, _TORSO_ACCELERATION = 1.6, 25.0
"""What the torso may do (rad/s, rad/s²): a little more than inverse kinematics asks for at the policy's rate."""
_HEIGHT_SPEED, _HEIGHT_ACCELERATION = 0.35, 5.0
"""What the pelvis may do (m/s, m/s²); half of gravity leaves the feet on the floor."""
_LARGEST_LEAD = 0.35
"""How far a person's heading may run ahead of the robot's (rad): so far it turns on when the stick is let go."""
_PARTS = ("left_hand", "right_hand", "left_arm", "right_arm")


class WholeBodyController:
    """Keeps the robot on its feet while arms, hands, torso, height and velocity do what the action says."""

    def __init__(
        self,
        robot: RobotSpec,
        layout: PolicyLayout,
        ik: IKConfig | None = None,
        *,
        rate: float = 60.0,
        lower_body: LowerBodyController | None = None,
        heading: HeadingConfig | None = None,
    ) -> None:
        """Control `robot` by actions of `layout`, with `rate` (Hz) calls of `command` per second.

        `lower_body` stands (`Standing`) if it is not given.
        """
        self._robot = robot
        self.layout = layout
        self._indices = {part: robot.indices(part) for part in _PARTS}
        self._lower_body = lower_body or Standing(robot)
        self._heading = HeadingLoop(heading or HeadingConfig(), rate=rate)
        lowest, highest = self._lower_body.trunk_range
        self._ik = MultiTargetIK(robot, ik, heights=(float(lowest[3]), float(highest[3])))
        self._rest = robot.column("rest")
        self._lower, self._upper = robot.column("lower"), robot.column("upper")
        self._trunk = FollowLimit(
            lower=lowest,
            upper=highest,
            speed=np.array([_TORSO_SPEED] * 3 + [_HEIGHT_SPEED]),
            acceleration=np.array([_TORSO_ACCELERATION] * 3 + [_HEIGHT_ACCELERATION]),
            period=1.0 / rate,
        )
        self._upright = np.array([0.0, 0.0, 0.0, robot.standing_height])
        self._trunk.reset(self._upright)
        self._start(self._rest)

    def _start(self, positions: np.ndarray) -> None:
        """Be asked for nothing but to stay, with arms and hands as in `positions` (J,)."""
        measured = np.where(np.isfinite(positions), positions, self._rest)
        self._wanted = np.clip(measured, self._lower, self._upper)
        self._wanted_trunk = self._upright
        self._velocity = np.zeros(3)
        self._wanted_yaw = self._target_yaw = 0.0
        self._is_lost = False

    def reset(self, observation: Observation) -> None:
        """Start from the measured pose, standing upright at rest height; this heading is 0 from now on."""
        self._trunk.reset(self._upright)
        self._ik.reset(observation.joint_positions, self._upright[:3], self._upright[3])
        self._heading.reset(observation.world_from_pelvis)
        self._lower_body.reset(observation)
        self._start(observation.joint_positions)

    def act_on_target(self, target: WholeBodyTarget, dt: float) -> np.ndarray:
        """Move a person's target one step of `dt` (s) ahead; return the action (A,) float32 of it."""
        found = self._ik.solve(target, dt)
        velocity = np.clip(np.nan_to_num(target.base_velocity), COMMAND_LOWER[:3], COMMAND_UPPER[:3])
        yaw = self._heading.yaw
        ahead = self._target_yaw + float(velocity[2]) * dt
        self._target_yaw = min(max(ahead, yaw - _LARGEST_LEAD), yaw + _LARGEST_LEAD)
        return self.action(found.positions, found.torso_rpy, found.pelvis_height, velocity, self._target_yaw)

    def action(
        self,
        positions: np.ndarray,
        torso_rpy: np.ndarray,
        pelvis_height: float,
        velocity: np.ndarray | None = None,
        target_yaw: float = 0.0,
    ) -> np.ndarray:
        """Pack what the body should do into an action (A,) float32.

        Arms and hands of `positions` (J,) rad, torso (3,) rad, height m, `velocity` (3,) m/s and
        rad/s (`None`: stand), heading relative to the one at `reset` (rad).
        """
        velocity = np.zeros(3) if velocity is None else velocity
        return self.layout.action.pack(
            {part: positions[index] for part, index in self._indices.items()}
            | {"torso_rpy": torso_rpy, "pelvis_height": pelvis_height}
            | {"base_velocity": velocity[:2], "yaw_rate": velocity[2], "target_yaw": target_yaw}
        )

    def command(self, action: np.ndarray | None, observation: Observation, now: float) -> JointCommand:
        """Return the joint command (valid 0.1 s from `now`) of the action (A,) that is valid now.

        `observation` is the newest one. A wrong size is a `LayoutError`; `None` or numbers that are not
        finite let the robot stand still as it is, and the command tells of it.
        """
        fault = self._take(action)
        trunk = self._trunk.follow(np.clip(self._wanted_trunk, *self._trunk.range))
        turning = self._heading.yaw_rate(self._velocity, self._wanted_yaw, observation.world_from_pelvis)
        goal = BodyGoal(
            positions=self._wanted,
            torso_rpy=trunk[:3],
            pelvis_height=float(trunk[3]),
            velocity=np.array([self._velocity[0], self._velocity[1], turning]),
        )
        return replace(self._lower_body.command(goal, observation, now), fault=fault)

    def _take(self, action: np.ndarray | None) -> str:
        """Take over what an action asks for; return why it could not be, or an empty text."""
        values = np.full(self.layout.action.size, np.nan) if action is None else np.asarray(action, np.float64)
        if values.shape != (self.layout.action.size,):
            raise LayoutError(
                f"layout {self.layout.name!r} has actions of {self.layout.action.size} numbers, got shape "
                f"{values.shape}; give one row of a chunk"
            )
        broken = np.flatnonzero(~np.isfinite(values))
        if broken.size:
            self._velocity = np.zeros(3)
            # A turn under way ends here, not where the last good action wanted to go.
            self._wanted_yaw = self._wanted_yaw if self._is_lost else self._heading.yaw
            self._is_lost = True
            return "no action" if action is None else f"{self.layout.action.names[broken[0]]} is {values[broken[0]]}"
        self._is_lost = False
        fields = self.layout.action.unpack(values)
        wanted = self._rest.copy()
        for part, index in self._indices.items():
            wanted[index] = fields[part]
        self._wanted = np.clip(wanted, self._lower, self._upper)
        self._wanted_trunk = np.concatenate([fields["torso_rpy"], fields["pelvis_height"]])
        self._velocity = np.concatenate([fields["base_velocity"], fields["yaw_rate"]])
        self._wanted_yaw = float(fields["target_yaw"][0])
        return ""

    def state(self, observation: Observation) -> np.ndarray:
        """Return what a policy may see of the body (S,) float32: measured arms and hands, last torso and height."""
        measured = observation.joint_positions
        return self.layout.state.pack(
            {part: measured[index] for part, index in self._indices.items()}
            | {"torso_rpy": self._trunk.position[:3], "pelvis_height": self._trunk.position[3]}
        )
