"""System-0's contract: command, senses and history in; 15 joint targets out. The same code trains and runs.

Command (7): vx, vy (m/s), yaw rate (rad/s), pelvis height (m), torso roll, pitch, yaw (rad), the
torso relative to a level pelvis with the pelvis's heading. The policy sees what IMU and
encoders tell (`FRAME`), for the last `HISTORY` instants, and answers with 15 numbers: legs
and waist, each `ACTION_SCALE` rad away from a reference that follows the command (`gait`).
The command, the 86 numbers and the scale are those of NVIDIA's decoupled whole-body controller;
the clock, the velocity by the standing leg and the height are computed from the same senses.
"""

from dataclasses import dataclass

import numpy as np

from psizero.control.drift import Drift
from psizero.control.gait import Gait, GaitConfig
from psizero.control.leg_odometry import LegOdometry
from psizero.control.legs import LEG_JOINTS, LegInverse
from psizero.control.load import HandLoads
from psizero.control.pelvis import bent_pelvis
from psizero.embodiment.kinematics import BatchKinematics, BatchPose
from psizero.embodiment.robot import RobotSpec

COMMAND = ("vx", "vy", "yaw_rate", "height", "roll", "pitch", "yaw")
COMMAND_LOWER = np.array([-0.5, -0.4, -0.8, 0.48, -0.4, -0.4, -1.0])
COMMAND_UPPER = np.array([0.7, 0.4, 0.8, 0.78, 0.4, 0.9, 1.0])
COMMAND_MIDDLE = np.array([0.0, 0.0, 0.0, 0.68, 0.0, 0.0, 0.0])
COMMAND_SCALE = np.array([2.0, 2.0, 1.0, 5.0, 1.0, 1.0, 1.0])
SLEW = np.array([1.2, 1.2, 2.5, 0.4, 1.6, 1.6, 1.6])
"""Fastest change of each number of the command (its unit per s)."""
ACTION_SCALE = 0.25
HISTORY = 6
FRAME = (
    ("command", 7), ("angular_velocity", 3), ("gravity", 3), ("joint_positions", 29), ("joint_velocities", 29),
    ("last_action", 15), ("clock", 2), ("velocity_by_leg", 2), ("height_by_leg", 1),
    ("capture_point", 2),
)  # fmt: skip
"""Names and sizes of the parts of one instant, in order."""
FRAME_SIZE = sum(size for _, size in FRAME)
GROUPS = ("left_leg", "right_leg", "waist", "left_arm", "right_arm")
LEG_STIFFNESS = (150.0, 150.0, 150.0, 250.0, 80.0, 60.0)
LEG_DAMPING = (4.0, 4.0, 4.0, 5.0, 3.0, 2.0)
_ARRAYS = (
    "_frames",
    "_fresh",
    "_action",
    "_soles",
    "_com",
    "_speed",
    "_level",
    "_capture",
    "height",
    "reference",
)
AHEAD = 0.02
"""How far the feet are put behind the centre of mass (m); right under it robots step backwards by 0.1 m/s in place."""
BALANCE = 1.6
"""How far beyond the capture point the feet push, as a share of its distance."""
UPRIGHT = (200.0, 12.0)
WAIST_STIFFNESS, WAIST_DAMPING = (250.0,) * 3, (6.0,) * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Senses:
    """What N robots feel at one instant."""

    world_from_pelvis: np.ndarray
    """(N, 4) by the IMU, wxyz."""
    angular_velocity: np.ndarray
    """(N, 3) rad/s in the pelvis frame, by the IMU."""
    positions: np.ndarray
    """(N, 29) rad: legs, waist, arms, in the order of `sensed_joints`."""
    velocities: np.ndarray
    """(N, 29) rad/s."""
    arm_torques: np.ndarray | None = None
    """(N, 14) N m that the motors of the arms give; `None`: not known, the hands count as empty."""


def driven_joints(robot: RobotSpec) -> tuple[str, ...]:
    """Return the 15 joints that System-0 drives, in the order of its actions."""
    return tuple(name for group in GROUPS[:3] for name in robot.groups[group])


def sensed_joints(robot: RobotSpec) -> tuple[str, ...]:
    """Return the 29 joints that System-0 sees, in the order of its observation."""
    return tuple(name for group in GROUPS for name in robot.groups[group])


class LowerBody:
    """What N robots remember between two instants: history, gait, last action."""

    def __init__(self, robot: RobotSpec, count: int, gait: GaitConfig | None = None) -> None:
        self._tree = BatchKinematics(robot, sensed_joints(robot))
        self._inverse = LegInverse(robot)
        place = {name: index for index, name in enumerate(robot.joint_names)}
        sensed = [place[name] for name in sensed_joints(robot)]
        self._rest = robot.column("rest")[sensed]
        axis = {joint.name: "xyz".index(joint.hinge.axis) for joint in robot.joints}
        self._leg_axes = tuple((f"{part}_link", axis[f"left_{part}_joint"]) for part in LEG_JOINTS)
        self._weight = 9.81 * self._tree.mass
        self._stiffness = np.array([*LEG_STIFFNESS, *LEG_STIFFNESS, *WAIST_STIFFNESS])
        self._support = np.zeros((count, 12))
        self._lower, self._upper = robot.column("lower")[sensed][:15], robot.column("upper")[sensed][:15]
        self.gait = Gait(gait or GaitConfig(), count)
        self.drift = Drift(count)
        self.loads = HandLoads(self._tree, count)
        self._odometry = LegOdometry(count)
        self._count = count
        self._frames = np.zeros((count, HISTORY, FRAME_SIZE), np.float32)
        self._fresh = np.ones(count, bool)
        self._action = np.zeros((count, 15))
        self._soles = np.zeros((2, 3, count))
        self._com = np.zeros((2, 2, count))
        # Of the pelvis, of the mass as a whole, and of the middle between the feet.
        self._speed = np.zeros((3, 2, count))
        # Where the mass and that middle are, off the pelvis.
        self._level = np.zeros((2, 3, count))
        self._capture = np.zeros((2, count))
        self.height = np.zeros(count)
        """Height of the pelvis over the lower sole (m), by the legs."""
        self.reference = np.zeros((count, 15))
        """Joint targets (N, 15) rad before the policy adds to them."""

    @property
    def velocity(self) -> np.ndarray:
        """Velocity of the pelvis (2, N) m/s in its heading frame, by the standing leg."""
        return self._speed[0]

    @property
    def capture(self) -> np.ndarray:
        """Where the feet would have to be to stop the mass, off those that bear it (2, N) m, in the heading frame."""
        return self._capture

    def reset(self, ids: np.ndarray) -> None:
        """Forget the past of the robots `ids`; they stand."""
        self.gait.reset(ids)
        self.drift.reset(ids)
        self.loads.reset(ids)
        self._fresh[ids] = True
        self._action[ids] = 0.0
        self._speed[:, :, ids] = 0.0

    def observe(self, command: np.ndarray, senses: Senses, dt: np.ndarray | float) -> np.ndarray:
        """Take in one instant, `dt` (N,) s after the last; return the observation (N, HISTORY * FRAME_SIZE) float32.

        `command` (N, 7) is within `COMMAND_LOWER` ... `COMMAND_UPPER`. History runs from old to new.
        """
        dt = np.broadcast_to(np.asarray(dt, np.float64), (self._count,))
        turn = _matrices(senses.world_from_pelvis)
        pose = self._tree.solve(senses.positions)
        if senses.arm_torques is not None:
            self.loads.feel(pose, turn[2], senses.arm_torques, dt)
        com = self.loads.shift(pose, pose.com())
        soles = self._feel_ground(turn, pose, com, command.T[:2], dt)
        asked, command = command.T[:3], command.copy()
        yaw = np.arctan2(turn[1, 0], turn[0, 0])
        command[:, :3] = self.drift.correct(command.T[:3], self._speed[2], yaw, self._fresh, dt).T
        command[:, 3:] = self.drift.correct_posture(command.T[3:], self._posture(turn, pose), dt).T
        command[:, 3] = np.clip(command[:, 3], COMMAND_LOWER[3], COMMAND_UPPER[3])
        self._right_up(turn, senses.angular_velocity, command)
        stance = self.gait.config.half_width
        stagger = np.hypot(soles[0, 0] - soles[1, 0], soles[0, 1] - soles[1, 1] - 2 * stance)
        moving = np.asarray((np.abs(asked) > self.gait.config.dead_band).any(0) | self.drift.off)
        self.gait.advance(command.T[:3], moving, self.velocity, self._capture, stagger, dt)
        self._refer(command, com)
        frame = np.concatenate(
            [
                (command - COMMAND_MIDDLE) * COMMAND_SCALE,
                senses.angular_velocity * 0.5,
                -turn[2].T,
                senses.positions - self._rest,
                senses.velocities * 0.05,
                self._action,
                self.gait.clock().T,
                self.velocity.T * 2.0,
                (self.height[:, None] - command[:, 3:4]) * 10.0,
                self._capture.T * 10.0,
            ],
            axis=1,
        )
        self._frames[:, :-1] = self._frames[:, 1:]
        self._frames[:, -1] = np.clip(frame, -10.0, 10.0)
        fresh = self._fresh
        self._frames[fresh] = self._frames[fresh, -1:]
        self._fresh[:] = False
        return self._frames.reshape(self._count, -1)

    def targets(self, action: np.ndarray) -> np.ndarray:
        """Return joint targets (N, 15) rad for the policy's answer (N, 15)."""
        self._action = np.clip(action, -8.0, 8.0)
        return np.clip(self.reference + ACTION_SCALE * self._action, self._lower - 0.3, self._upper + 0.3)

    def _posture(self, turn: np.ndarray, pose: BatchPose) -> np.ndarray:
        """Return height (m) and torso roll, pitch, yaw (rad) as in the command, (4, N)."""
        cosine, sine = _heading(turn)
        torso = np.einsum("ijn,jkn->ikn", turn, pose.rotation("torso_link"))
        ahead = _ahead(torso[:, 0], cosine, sine)
        pitch = -np.arcsin(np.clip(torso[2, 0], -1.0, 1.0))
        return np.stack([self.height, np.arctan2(torso[2, 1], torso[2, 2]), pitch, np.arctan2(ahead[1], ahead[0])])

    def _feel_ground(
        self, turn: np.ndarray, pose: BatchPose, com: np.ndarray, asked: np.ndarray, dt: np.ndarray
    ) -> np.ndarray:
        """Update velocity and height by the lower foot; return the soles (2, 3, N) m in the heading frame.

        A foot that stands does not move, so the pelvis moves against it. `com` (3, N) is the centre of mass (m),
        `asked` (2, N) the commanded velocity.
        """
        local = np.stack([pose.site(f"{side}_foot") for side in ("left", "right")])
        world = np.einsum("ijn,fjn->fin", turn, local)
        # Both feet count when equally low; a centimetre higher counts little.
        weight = np.exp((world[:, 2].min(0) - world[:, 2]) / 0.005)
        weight /= weight.sum(0)
        self._soles, self._down = world, weight
        moved = self._odometry.velocity(turn, pose, self.gait.bearing(), self._fresh, dt)
        self.height = -(weight * world[:, 2]).sum(0)
        cosine, sine = _heading(turn)
        self._tilted = np.stack([cosine * turn[0] + sine * turn[1], -sine * turn[0] + cosine * turn[1], turn[2]])
        # Arms that swing move the pelvis one way and themselves the other; what falls is the mass as a whole.
        # Who leans moves the pelvis over feet that stand; where a robot stands is the middle between its feet.
        level = np.stack([np.einsum("ijn,jn->in", turn, com), world.mean(0)])
        swung = np.where(self._fresh, 0.0, level - self._level) / dt
        self._level = level
        keep = np.exp(-dt / 0.02)
        now = np.clip(_ahead(np.stack([moved, moved + swung[0], moved + swung[1]]), cosine, sine), -3.0, 3.0)
        self._speed = keep * self._speed + (1 - keep) * now
        level = level[0] - (weight[:, None] * world).sum(0)
        fall_time = np.sqrt(np.maximum(level[2], 0.2) / 9.81)
        self._capture = _ahead(level, cosine, sine) + self._speed[1] * fall_time
        # Going as fast as commanded is not falling.
        excess = self._capture - asked * fall_time
        self._shares, self._support = self._carry(turn, pose, weight, np.stack([cosine, sine]), excess)
        x, y, z = world[:, 0], world[:, 1], world[:, 2]
        return np.stack([cosine * x + sine * y, -sine * x + cosine * y, z], axis=1)

    def _carry(
        self, turn: np.ndarray, pose: BatchPose, weight: np.ndarray, heading: np.ndarray, excess: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return leg torques (N, 12) N m that carry the weight with the ground's push where it stops a fall.

        The push acts a little beyond the capture point (Pratt et al. 2006) of the speed that is not asked for,
        within the soles.
        """
        cosine, sine = heading
        push = (1.0 + BALANCE) * excess
        ahead = np.clip(push[0], -0.045, 0.075)
        across = self._soles[0, :2] - self._soles[1, :2]
        apart = np.maximum(-sine * across[0] + cosine * across[1], 0.1)
        # Which foot carries how much: both when both are down, by where the push should be.
        left = np.clip(0.5 + push[1] / apart + 0.5 * (weight[1] - weight[0]), 0.0, 1.0)
        # A foot that is about to swing pushes no more, or it would never come off the ground.
        stays = 1.0 - np.clip(self.gait.lift() / 0.02, 0.0, 1.0)
        shares = np.stack([left * weight[0], (1.0 - left) * weight[1]]) * stays + 1e-6
        shares /= shares.sum(0)
        aside = np.clip(push[1], -0.02, 0.02)
        offset = np.stack([cosine * ahead - sine * aside, sine * ahead + cosine * aside, np.zeros_like(ahead)])
        up = turn[2]
        weighs = self._weight + 9.81 * self.loads.mass.sum(0)
        torques = np.empty((12, self._count))
        for foot, side in enumerate(("left", "right")):
            point = np.einsum("jin,jn->in", turn, self._soles[foot] + offset)
            force = shares[foot] * weighs * up
            for number, (body, axis) in enumerate(self._leg_axes):
                name = f"{side}_{body}"
                arm = point - pose.position(name)
                moment = np.cross(arm, force, axis=0)
                torques[6 * foot + number] = -(pose.rotation(name)[:, axis] * moment).sum(0)
        return shares, torques.T

    def _right_up(self, turn: np.ndarray, rate: np.ndarray, command: np.ndarray) -> None:
        """Let the hips of the standing legs turn the pelvis upright (SIMBICON, Yin et al. 2007)."""
        wanted = bent_pelvis(command.T[3:])
        # World's up as the pelvis should feel it, against as it feels it.
        error = np.cross(wanted[2], turn[2], axis=0)
        for foot in range(2):
            for joint, axis in ((0, 1), (1, 0)):
                moment = UPRIGHT[0] * error[axis] - UPRIGHT[1] * rate[:, axis]
                self._support[:, 6 * foot + joint] -= self._shares[foot] * moment

    def _refer(self, command: np.ndarray, com: np.ndarray) -> None:
        """Compute the reference targets: feet by the gait under the centre of mass, waist by the torso's command."""
        height, torso = command[:, 3], command[:, 4:7]
        pelvis = bent_pelvis(command.T[3:])
        # Standing legs work on the wanted posture of the pelvis, a free foot goes by the one it has.
        free = np.clip(1.0 - 2.0 * self._down, 0.0, 1.0)
        frames = pelvis[None] + free[:, None, None] * (self._tilted - pelvis)[None]
        level = np.einsum("fijn,jn->fin", frames, com)[:, :2]
        self._com = np.where(self._fresh, level, 0.85 * self._com + 0.15 * level)
        soles, yaws = self.gait.feet(command.T[:3])
        under = np.stack(
            [
                np.maximum(self._com[:, 0] - AHEAD, self._inverse.least_forward(height, pelvis[0, 2])),
                self._com[:, 1],
            ],
            axis=1,
        )
        soles[:, :2] += np.clip(under, -0.2, 0.2)
        soles[:, 2] -= height
        soles = np.einsum("fjin,fjn->fin", frames, soles)
        cosine, sine, zero = np.cos(yaws), np.sin(yaws), np.zeros_like(yaws)
        flat = np.stack(
            [
                np.stack([cosine, sine, zero], axis=1),
                np.stack([-sine, cosine, zero], axis=1),
                np.stack([zero, zero, zero + 1.0], axis=1),
            ],
            axis=2,
        )
        feet = np.einsum("fjin,fjkn->fikn", frames, flat)
        self.reference[:, :12] = self._inverse.solve(soles, feet, yaws)
        self.reference[:, :12] += self._support / self._stiffness[:12]
        waist = np.einsum("jin,jkn->ikn", pelvis, _from_rpy(torso))
        # The waist turns about z, then x, then y.
        self.reference[:, 12] = np.arctan2(-waist[0, 1], waist[1, 1])
        self.reference[:, 13] = np.arcsin(np.clip(waist[2, 1], -1.0, 1.0))
        self.reference[:, 14] = np.arctan2(-waist[2, 0], waist[2, 2])

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        own = {name: getattr(self, name).copy() for name in _ARRAYS}
        own |= {f"gait.{name}": value for name, value in self.gait.save().items()}
        own |= {f"drift.{name}": value for name, value in self.drift.save().items()}
        own |= {f"odometry.{name}": value for name, value in self._odometry.save().items()}
        return own | {f"loads.{name}": value for name, value in self.loads.save().items()}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name in _ARRAYS:
            setattr(self, name, saved[name].copy())
        self.gait.restore(dict(_part(saved, "gait.")))
        self.drift.restore(dict(_part(saved, "drift.")))
        self._odometry.restore(dict(_part(saved, "odometry.")))
        self.loads.restore(dict(_part(saved, "loads.")))


def _part(saved: dict[str, np.ndarray], prefix: str) -> list[tuple[str, np.ndarray]]:
    return [(name.removeprefix(prefix), value) for name, value in saved.items() if name.startswith(prefix)]


def _matrices(quaternions: np.ndarray) -> np.ndarray:
    """Return (3, 3, N) of (N, 4)."""
    w, x, y, z = quaternions.T
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def _ahead(vectors: np.ndarray, cosine: np.ndarray, sine: np.ndarray) -> np.ndarray:
    """Return x and y (..., 2, N) of vectors (..., 3, N), x along the heading."""
    x, y = vectors[..., 0, :], vectors[..., 1, :]
    return np.stack([cosine * x + sine * y, -sine * x + cosine * y], axis=-2)


def _heading(turn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return cosine and sine (N,) of the yaw of rotations (3, 3, N)."""
    length = np.maximum(np.hypot(turn[0, 0], turn[1, 0]), 1e-6)
    return turn[0, 0] / length, turn[1, 0] / length


def _from_rpy(rpy: np.ndarray) -> np.ndarray:
    """Return (3, 3, N) rotations Rz(yaw) Ry(pitch) Rx(roll) of (N, 3) rad."""
    (sr, sp, sy), (cr, cp, cy) = np.sin(rpy.T), np.cos(rpy.T)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )
