"""N robots side by side, one per episode, driven by a walker below and by fixed targets above.

A robot has fallen when its pelvis tilts by more than `FALLEN_TILT`, comes lower than
`FALLEN_HEIGHT` over the ground, or when a knee or a palm touches the ground. It is not stepped any further.
"""

from dataclasses import dataclass
from typing import Protocol

import mujoco
import numpy as np
from mujoco.batch import Batch

from psizero.control.lower_body import Senses, sensed_joints
from psizero.embodiment.robot import RobotSpec
from psizero.evaluate.locomotion_arena import Ground, arena

FALLEN_TILT = 0.8
"""rad."""
FALLEN_HEIGHT = 0.35
"""m."""
KNEE_TOUCHES, PALM_TOUCHES = 0.06, 0.02
"""Heights of the knee's axis and of the palm over the ground at which they touch it (m)."""
SIDES = ("left", "right")


class Walker(Protocol):
    """What is judged: it drives some joints, and follows a command as well as it can."""

    joints: tuple[str, ...]
    """Names of the joints that it drives."""
    stiffness: np.ndarray
    """N m/rad of each."""
    damping: np.ndarray
    """N m s/rad of each."""

    def reset(self, ids: np.ndarray | None = None) -> None:
        """Forget the past of the robots `ids`, or of all."""
        ...

    def act(self, command: np.ndarray, senses: Senses, dt: float) -> np.ndarray:
        """Return targets (N, len(joints)) rad for a command (N, 7), `dt` (s) after the last."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Where N robots are and how they move; no sensor of theirs tells it."""

    place: np.ndarray
    """(N, 3) x, y (m) and yaw (rad, -pi..pi) of the pelvis."""
    following: np.ndarray
    """(N, 7) what they do in the terms of the command: vx, vy, yaw rate, height, torso roll, pitch, yaw."""
    world_from_pelvis: np.ndarray
    """(N, 4) orientation, wxyz."""
    tilt: np.ndarray
    """(N,) angle (rad) of the pelvis's z axis to the vertical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What the motors did in one tick, mean over its physics steps; rows are the robots that were stepped."""

    power: np.ndarray
    """(K,) sum over all joints of |torque x speed| (W)."""
    leg_power: np.ndarray
    """(K,) the same of the walker's joints alone (W)."""
    saturation: np.ndarray
    """(K,) share of the walker's torques at their limit."""


class LocomotionWorld:
    """The physics of N episodes."""

    def __init__(
        self, robot: RobotSpec, walker: Walker, count: int, ground: Ground, payload: float = 0.0, threads: int = 0
    ) -> None:
        self.model = arena(robot, ground, payload)
        self.count, self.ground = count, ground
        place = {name: index for index, name in enumerate(robot.joint_names)}
        self._driven = np.array([place[name] for name in walker.joints])
        gain, bias = self.model.actuator_gainprm, self.model.actuator_biasprm
        gain[self._driven, 0] = walker.stiffness
        bias[self._driven, 1], bias[self._driven, 2] = -walker.stiffness, -walker.damping
        self._batch = Batch(self.model, nsim=count, nthread=threads)
        self.qpos, self._qvel, self._ctrl, self._push = (
            self._batch.bind(name) for name in ("qpos", "qvel", "ctrl", "xfrc_applied")
        )
        self._xpos, self._xquat, self._site_xpos, self._touch = (
            self._batch.bind(name) for name in ("xpos", "xquat", "site_xpos", "sensordata")
        )
        self._rest = robot.column("rest")
        self._joint_qpos = np.array([self.model.joint(name).qposadr[0] for name in robot.joint_names])
        self._joint_dof = np.array([self.model.joint(name).dofadr[0] for name in robot.joint_names])
        self._sensed = np.array([place[name] for name in sensed_joints(robot)])
        self._arms = np.concatenate([robot.indices(f"{side}_arm") for side in SIDES])
        self._torques = np.zeros((count, len(self._arms)))
        self._effort = robot.column("effort")[self._driven]
        self._torso = self.model.body("torso_link").id
        self._knees = [self.model.body(f"{side}_knee_link").id for side in SIDES]
        self._feet = [self.model.site(f"{side}_foot").id for side in SIDES]
        self._palms = [self.model.site(f"{side}_palm").id for side in SIDES]
        self.mass = float(self.model.body_mass.sum())
        """Of robot and payload (kg)."""

    def reset(self, places: np.ndarray) -> None:
        """Stand the robots in their rest pose at `places` (N, 3): x, y (m) and yaw (rad)."""
        self._batch.reset(stage=mujoco.mjtStage.mjSTAGE_NONE.value)
        self.qpos[:, :2] = places[:, :2]
        self.qpos[:, 3], self.qpos[:, 6] = np.cos(0.5 * places[:, 2]), np.sin(0.5 * places[:, 2])
        self.qpos[:, 4:6] = 0.0
        self.qpos[:, self._joint_qpos] = self._rest
        self._ctrl[:] = self._rest
        self._torques[:] = 0.0
        self.qpos[:, 2] = 0.0
        self._batch.forward()
        soles = self._site_xpos[:, self._feet]
        over = soles[..., 2] - self.ground.under(soles[..., 0], soles[..., 1])
        self.qpos[:, 2] = 0.002 - over.min(1)
        self._batch.forward()

    def senses(self) -> Senses:
        """Return what IMU, encoders and the arms' motors feel."""
        return Senses(
            world_from_pelvis=self.qpos[:, 3:7].copy(),
            angular_velocity=self._qvel[:, 3:6].copy(),
            positions=self.qpos[:, self._joint_qpos[self._sensed]],
            velocities=self._qvel[:, self._joint_dof[self._sensed]],
            arm_torques=self._torques.copy(),
        )

    def advance(self, targets: np.ndarray, arms: np.ndarray, push: np.ndarray, steps: int, ids: np.ndarray) -> Effort:
        """Step the robots `ids` (K,) by `steps` physics steps.

        `targets` (N, walker's joints) and `arms` (N, 14) rad are held meanwhile, as is the force
        `push` (N, 3) N on the torso.
        """
        self._ctrl[:, self._driven] = targets
        self._ctrl[:, self._arms] = arms
        self._push[:, self._torso, :3] = push
        seen = self._batch.rollout(steps, record=("actuator_force", "qvel"), ids=ids)
        torque = seen["actuator_force"]
        self._torques[ids] = torque[:, -1, self._arms]
        power = np.abs(torque * seen["qvel"][..., self._joint_dof])
        return Effort(
            power=power.sum(2).mean(1),
            leg_power=power[..., self._driven].sum(2).mean(1),
            saturation=(np.abs(torque[..., self._driven]) > 0.99 * self._effort).mean((1, 2)),
        )

    def driven_velocities(self) -> np.ndarray:
        """Return the speeds (N, walker's joints) rad/s."""
        return self._qvel[:, self._joint_dof[self._driven]]

    def feet(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the soles' places (N, 2, 3) m and whether each carries load (N, 2)."""
        return self._site_xpos[:, self._feet].copy(), self._touch > 5.0

    def truth(self) -> Truth:
        """Return where the robots are and how they move."""
        x, y, z = self.qpos[:, :3].T
        pelvis = rotations(self.qpos[:, 3:7])
        yaw = np.arctan2(pelvis[:, 1, 0], pelvis[:, 0, 0])
        cosine, sine = np.cos(yaw), np.sin(yaw)
        vx, vy = self._qvel[:, :2].T
        torso = rotations(self._xquat[:, self._torso])
        ahead, aside = (
            cosine[:, None] * torso[:, 0] + sine[:, None] * torso[:, 1],
            (cosine[:, None] * torso[:, 1] - sine[:, None] * torso[:, 0]),
        )
        # The turn about the vertical, which on a leaning pelvis is not the third number of the gyroscope.
        yaw_rate = np.einsum("nj,nj->n", pelvis[:, 2], self._qvel[:, 3:6])
        following = np.stack(
            [
                cosine * vx + sine * vy,
                cosine * vy - sine * vx,
                yaw_rate,
                z - self.ground.under(x, y),
                np.arctan2(torso[:, 2, 1], torso[:, 2, 2]),
                np.arcsin(np.clip(-torso[:, 2, 0], -1.0, 1.0)),
                np.arctan2(aside[:, 0], ahead[:, 0]),
            ],
            axis=1,
        )
        return Truth(
            place=np.stack([x, y, yaw], axis=1),
            following=following,
            world_from_pelvis=self.qpos[:, 3:7].copy(),
            tilt=np.arccos(np.clip(pelvis[:, 2, 2], -1.0, 1.0)),
        )

    def fallen(self, truth: Truth) -> list[str]:
        """Return for each robot why it counts as fallen; empty while it does not."""
        broken = ~np.isfinite(self.qpos).all(1) | (self._batch.warning[:, _BROKEN, 1] > 0).any(1)
        checks = {
            "diverged": broken,
            "tilted": truth.tilt > FALLEN_TILT,
            "sank": truth.following[:, 3] < FALLEN_HEIGHT,
            "knee": (self._over(self._xpos[:, self._knees]) < KNEE_TOUCHES).any(1),
            "hand": (self._over(self._site_xpos[:, self._palms]) < PALM_TOUCHES).any(1),
        }
        reasons = [""] * self.count
        for reason, those in checks.items():
            for index in np.flatnonzero(those):
                reasons[index] = reasons[index] or reason
        return reasons

    def _over(self, places: np.ndarray) -> np.ndarray:
        return places[..., 2] - self.ground.under(places[..., 0], places[..., 1])


_BROKEN = [
    int(kind)
    for kind in (
        mujoco.mjtWarning.mjWARN_BADQPOS,
        mujoco.mjtWarning.mjWARN_BADQVEL,
        mujoco.mjtWarning.mjWARN_BADQACC,
        mujoco.mjtWarning.mjWARN_BADCTRL,
    )
]


def rotations(quaternions: np.ndarray) -> np.ndarray:
    """Return rotation matrices (N, 3, 3) of quaternions (N, 4) wxyz."""
    w, x, y, z = quaternions.T
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    ).transpose(2, 0, 1)
