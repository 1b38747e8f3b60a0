"""Inverse kinematics of the whole body as one quadratic program per step (mink, solved by daqp).

Head, both wrists, torso orientation and pelvis height are wishes with weights; the feet
stay, the centre of mass stays over them, and the arms stay off the body. Ranges, speeds
and accelerations of joints are hard bounds which always leave a way to stop, so a target that
jumps or cannot be reached makes the robot slow and never wild. Targets are given in the
stance frame. Fingers are not solved for, they follow their own target.
"""

from dataclasses import dataclass

import mink
import mujoco
import numpy as np
import qpsolvers

from psizero.control.filters import FollowLimit, PoseFollow, stoppable_speed
from psizero.control.pelvis import WAIST_PITCH
from psizero.control.standing import (
    HEIGHT_RANGE,
    TORSO_LOWER,
    TORSO_UPPER,
    StandingBalance,
    pelvis_orientation,
)
from psizero.embodiment.mjcf import add_robot
from psizero.embodiment.robot import RobotSpec
from psizero.geometry import Pose, from_rpy, to_rpy
from psizero.types import WholeBodyTarget

_SITES = {"head": "site", "left_wrist_yaw_link": "body", "right_wrist_yaw_link": "body"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IKConfig:
    """Weights and limits of the whole-body inverse kinematics."""

    rate: float = 60.0
    """Steps per second for which the collision margin is tuned (Hz)."""
    wrist_position: float = 10.0
    """Weight of a wrist's place (1/m)."""
    wrist_orientation: float = 3.0
    """Weight of a wrist's orientation (1/rad)."""
    head_position: float = 2.0
    """Weight of the head's place (1/m)."""
    head_orientation: float = 1.5
    """Weight of the head's orientation (1/rad)."""
    torso: float = 6.0
    """Weight of a given torso orientation (1/rad)."""
    height: float = 30.0
    """Weight of a given pelvis height (1/m)."""
    posture: float = 0.03
    """Weight of staying near the rest pose (1/rad)."""
    waist_posture: float = 1.0
    """The same for the waist, which moves the camera and so is used last (1/rad)."""
    feet: float = 100.0
    """Weight of feet that stay and of a pelvis that stays upright (1/m, 1/rad)."""
    balance: float = 60.0
    """Weight of the centre of mass over the middle of the feet (1/m)."""
    height_at_rest: float = 3.0
    """Weight of the rest height when neither height nor head is given (1/m); a tenth of it when a head is."""
    damping: float = 0.01
    """Weight of moving at all, squared (1/rad²): without it, joints chatter near unreachable targets."""
    arm_speed: float = 5.0
    """Fastest joint of an arm (rad/s)."""
    arm_acceleration: float = 50.0
    """Largest acceleration of a joint of an arm (rad/s²)."""
    body_speed: float = 1.5
    """Fastest joint of legs and waist (rad/s)."""
    body_acceleration: float = 10.0
    """Largest acceleration of a joint of legs and waist (rad/s²)."""
    finger_speed: float = 8.0
    """Fastest finger joint (rad/s)."""
    finger_acceleration: float = 150.0
    """Largest acceleration of a finger joint (rad/s²)."""
    hand_speed: float = 1.5
    """Fastest wrist target (m/s)."""
    hand_acceleration: float = 12.0
    """Largest acceleration of a wrist target (m/s²)."""
    turn_speed: float = 4.0
    """Fastest turning of a wrist target (rad/s)."""
    turn_acceleration: float = 40.0
    """Largest acceleration of the turning (rad/s²)."""
    clearance: float = 0.01
    """Distance that arms keep from the body and from each other (m)."""
    joint_margin: float = 0.02
    """Distance that joints keep from the ends of their ranges (rad)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IKResult:
    """One step of the whole body."""

    positions: np.ndarray
    """(J,) rad, in the robot's joint order."""
    torso_rpy: np.ndarray
    """(3,) orientation of the torso in the stance frame (rad)."""
    pelvis_height: float
    """m."""
    errors: dict[str, float]
    """Distance still to go by target frame (m)."""
    solved: bool
    """False if there was no solution and all joints braked instead."""


class MultiTargetIK:
    """Follows head, wrists, torso, height and fingers at once."""

    def __init__(
        self, robot: RobotSpec, config: IKConfig | None = None, *, heights: tuple[float, float] = HEIGHT_RANGE
    ) -> None:
        """Move `robot`, its pelvis between `heights` (m), which its lower body can stand at."""
        self.config, self._heights = config or IKConfig(), heights
        self._robot = robot
        self._balance = StandingBalance(robot)
        self._fingers = np.concatenate([robot.indices("left_hand"), robot.indices("right_hand")])
        self._body = np.setdiff1d(np.arange(len(robot.joints)), self._fingers)
        model = _model_without_fingers(robot, self._fingers)
        names = [robot.joint_names[index] for index in self._body]
        self._qpos = np.array([model.joint(name).qposadr[0] for name in names])
        self._dof = np.array([model.joint(name).dofadr[0] for name in names])
        self._configuration = mink.Configuration(model)
        self._make_tasks(model)
        self._collisions = _collision_limit(model, self.config)
        self._make_limits(robot)
        self._step = np.zeros(model.nv)
        self.reset(robot.column("rest"), np.zeros(3), robot.standing_height)

    def reset(self, positions: np.ndarray, torso_rpy: np.ndarray, pelvis_height: float) -> None:
        """Start at rest with arms and hands as in `positions` (J,), standing as told."""
        robot = self._robot
        start = np.where(np.isfinite(positions), positions, robot.column("rest"))
        start = np.clip(start, robot.column("lower"), robot.column("upper"))
        posture = self._balance.solve(start, torso_rpy, pelvis_height)
        q = self._configuration.q
        q[:7] = posture.pelvis
        q[self._qpos] = np.clip(posture.positions[self._body], self._lower, self._upper)
        self._configuration.update(q)
        self._step[:] = 0.0
        self._finger_follow.reset(start[self._fingers])
        self._finger_target = start[self._fingers].copy()
        self._targets = {name: self._pose(name) for name in _SITES}
        for name, follow in self._follow.items():
            follow.reset(self._targets[name])

    def solve(self, target: WholeBodyTarget, dt: float) -> IKResult:
        """Move one step of `dt` (s) towards `target`, whose missing or broken parts stay as they were."""
        tasks = self._aim(target, dt)
        lower, upper = self._bounds(dt)
        step = self._solve_program(tasks, lower, upper, dt)
        solved = step is not None
        # Without a solution every joint brakes as fast as it may.
        self._step = np.clip(step if step is not None else np.zeros_like(lower), lower, upper)
        q = self._configuration.integrate(self._step, 1.0)
        q[self._qpos] = np.clip(q[self._qpos], self._lower, self._upper)
        self._configuration.update(q)
        positions = np.empty(len(self._robot.joints))
        positions[self._body] = q[self._qpos]
        positions[self._fingers] = self._finger_follow.follow(np.clip(self._finger_target, *self._finger_follow.range))
        torso = self._configuration.get_transform_frame_to_world("torso_link", "body").rotation().wxyz
        return IKResult(
            positions=positions,
            torso_rpy=to_rpy(torso),
            pelvis_height=float(q[2]),
            errors={
                name: float(np.linalg.norm(self._targets[name].position - self._pose(name).position)) for name in _SITES
            },
            solved=solved,
        )

    def _pose(self, name: str) -> Pose:
        """Return where a frame is in the stance frame."""
        found = self._configuration.get_transform_frame_to_world(name, _SITES[name])
        return Pose(found.translation().copy(), found.rotation().wxyz.copy())

    def _make_tasks(self, model: mujoco.MjModel) -> None:
        config = self.config
        weights = {
            "head": (config.head_position, config.head_orientation),
            "left_wrist_yaw_link": (config.wrist_position, config.wrist_orientation),
            "right_wrist_yaw_link": (config.wrist_position, config.wrist_orientation),
        }
        self._frames = {
            name: mink.FrameTask(name, _SITES[name], position, orientation, lm_damping=1.0)
            for name, (position, orientation) in weights.items()
        }
        self._follow = {
            name: PoseFollow(
                speed=config.hand_speed,
                acceleration=config.hand_acceleration,
                turn_speed=config.turn_speed,
                turn_acceleration=config.turn_acceleration,
            )
            for name in _SITES
        }
        self._torso = mink.FrameTask("torso_link", "body", 0.0, config.torso)
        self._pelvis = mink.FrameTask("pelvis", "body", [0.0, 0.0, config.height], config.feet)
        stance = {"left_foot": 0.0, "right_foot": 0.0}
        posture = self._balance.solve(self._robot.column("rest"), np.zeros(3), self._robot.standing_height)
        q = self._configuration.q
        q[:7], q[self._qpos] = posture.pelvis, posture.positions[self._body]
        self._configuration.update(q)
        feet = [mink.FrameTask(name, "site", config.feet, config.feet) for name in stance]
        for foot in feet:
            foot.set_target_from_configuration(self._configuration)
        balance = mink.ComTask([config.balance, config.balance, 0.0])
        balance.set_target(np.zeros(3))
        cost = np.zeros(model.nv)
        cost[self._dof] = config.posture
        cost[[model.joint(name).dofadr[0] for name in self._robot.groups["waist"]]] = config.waist_posture
        cost[[model.joint(n).dofadr[0] for side in ("left", "right") for n in self._robot.groups[f"{side}_leg"]]] = 0.0
        rest = mink.PostureTask(model, cost)
        rest.set_target(q)
        self._steady = [*feet, balance, rest]

    def _make_limits(self, robot: RobotSpec) -> None:
        config = self.config
        margin = np.minimum(config.joint_margin, 0.1 * (robot.column("upper") - robot.column("lower")))
        lower, upper = robot.column("lower") + margin, robot.column("upper") - margin
        # The torso goes no further than the standing controller can take it.
        yaw, roll, pitch = robot.indices("waist")
        reach = np.minimum(-TORSO_LOWER, TORSO_UPPER)
        for joint, end in ((yaw, reach[2]), (roll, reach[0])):
            lower[joint], upper[joint] = -end, end
        lower[pitch], upper[pitch] = TORSO_LOWER[1], WAIST_PITCH
        arms = np.concatenate([robot.indices("left_arm"), robot.indices("right_arm")])
        is_arm = np.isin(self._body, arms)
        self._lower, self._upper = lower[self._body], upper[self._body]
        self._speed = np.where(is_arm, config.arm_speed, config.body_speed)
        self._acceleration = np.where(is_arm, config.arm_acceleration, config.body_acceleration)
        count = len(self._fingers)
        self._finger_follow = FollowLimit(
            lower=robot.column("lower")[self._fingers],
            upper=robot.column("upper")[self._fingers],
            speed=np.full(count, config.finger_speed),
            acceleration=np.full(count, config.finger_acceleration),
            period=1.0 / config.rate,
        )

    def _aim(self, target: WholeBodyTarget, dt: float) -> list[mink.Task]:
        """Take over the wishes that are given; return the tasks of this step."""
        wished = {
            "head": target.stance_from_head,
            "left_wrist_yaw_link": target.stance_from_left_wrist,
            "right_wrist_yaw_link": target.stance_from_right_wrist,
        }
        for name, pose in wished.items():
            if pose is not None and np.isfinite(pose.matrix()).all():
                self._targets[name] = pose
            elif name == "head":
                # Wrists stay in their place; a head that nobody asks for follows the rest.
                self._targets[name] = self._pose(name)
            self._frames[name].set_target(_se3(self._follow[name].follow(self._targets[name], dt)))
        left = len(self._robot.groups["left_hand"])
        for part, fingers in (
            (self._finger_target[:left], target.left_fingers),
            (self._finger_target[left:], target.right_fingers),
        ):
            if fingers is not None and np.isfinite(fingers).all():
                part[:] = fingers
        aimed = [frame for name, frame in self._frames.items() if wished[name] is not None or name != "head"]
        tasks: list[mink.Task] = [*self._steady, *aimed, self._pelvis]
        upright = np.array([1.0, 0.0, 0.0, 0.0])
        if target.torso_rpy is not None and np.isfinite(target.torso_rpy).all():
            torso = np.clip(target.torso_rpy, TORSO_LOWER, TORSO_UPPER)
            self._torso.set_target(_se3(Pose(np.zeros(3), from_rpy(*torso))))
            upright = pelvis_orientation(torso)
            tasks.append(self._torso)
        height, weight = target.pelvis_height, self.config.height
        if height is None or not np.isfinite(height):
            # A height nobody asked for gives way to the head's.
            height = self._robot.standing_height
            weight = self.config.height_at_rest * (1.0 if target.stance_from_head is None else 0.1)
        self._pelvis.set_position_cost([0.0, 0.0, weight])
        self._pelvis.set_target(_se3(Pose(np.array([0.0, 0.0, float(np.clip(height, *self._heights))]), upright)))
        return tasks

    def _bounds(self, dt: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the smallest and largest step (nv,) that keep ranges, speeds and accelerations."""
        lower = np.full(len(self._step), -np.inf)
        upper = np.full(len(self._step), np.inf)
        q = self._configuration.data.qpos
        # Pelvis height is limited like a joint.
        dof = np.append(self._dof, 2)
        place = np.append(q[self._qpos], q[2])
        low, high = np.append(self._lower, self._heights[0]), np.append(self._upper, self._heights[1])
        speed = np.append(self._speed, 0.3)
        acceleration = np.append(self._acceleration, 2.0)
        change = acceleration * dt**2
        above = np.minimum(speed, stoppable_speed(high - place, acceleration, dt)) * dt
        below = np.minimum(speed, stoppable_speed(place - low, acceleration, dt)) * dt
        # A step that may be stopped in time leaves room for the next; only rounding can cross the two.
        lower[dof] = np.maximum(-below, self._step[dof] - change)
        upper[dof] = np.maximum(lower[dof], np.minimum(above, self._step[dof] + change))
        return lower, upper

    def _solve_program(
        self, tasks: list[mink.Task], lower: np.ndarray, upper: np.ndarray, dt: float
    ) -> np.ndarray | None:
        """Return the step (nv,) that serves all tasks best, or None if nothing keeps the limits."""
        problem = mink.build_ik(self._configuration, tasks, dt, damping=self.config.damping, limits=[self._collisions])
        if problem.G is not None and problem.h is not None:
            near = np.isfinite(problem.h)
            problem.G, problem.h = (problem.G[near], problem.h[near]) if near.any() else (None, None)
        problem.lb, problem.ub = lower, upper
        result = qpsolvers.solve_problem(problem, solver="daqp")
        if not result.found or result.x is None or not np.isfinite(result.x).all():
            return None
        return result.x


def _se3(pose: Pose) -> mink.SE3:
    return mink.SE3(wxyz_xyz=np.concatenate([pose.orientation, pose.position]))


def _model_without_fingers(robot: RobotSpec, fingers: np.ndarray) -> mujoco.MjModel:
    """Return the robot with stiff fingers and a capsule around each hand: a smaller and smoother program."""
    spec = mujoco.MjSpec()
    add_robot(spec, robot)
    for actuator in list(spec.actuators):
        spec.delete(actuator)
    for index in fingers:
        spec.delete(spec.joint(robot.joint_names[index]))
    for side in ("left", "right"):
        guard = spec.body(f"{side}_wrist_yaw_link").add_geom(
            name=f"{side}_guard", type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=(0.04, 0, 0, 0.16, 0, 0), size=(0.04, 0, 0)
        )
        guard.mass = 0.0
    return spec.compile()


def _collision_limit(model: mujoco.MjModel, config: IKConfig) -> mink.CollisionAvoidanceLimit:
    """Return the limit that keeps arms off the body and off each other; few pairs, for speed."""

    def arm(side: str) -> list[str]:
        return [f"{side}_guard", f"{side}_wrist_pitch_link_0", f"{side}_elbow_link_0"]

    trunk = ["torso_link_0", "torso_link_1", "pelvis_0", "left_hip_yaw_link_0", "right_hip_yaw_link_0"]
    return mink.CollisionAvoidanceLimit(
        model,
        geom_pairs=[(arm("left"), trunk), (arm("right"), trunk), (arm("left"), arm("right"))],
        # The library bounds a step by gain * distance / dt; times dt it is a share of the distance.
        gain=0.15 / config.rate,
        minimum_distance_from_collisions=config.clearance,
        collision_detection_distance=0.10,
    )
