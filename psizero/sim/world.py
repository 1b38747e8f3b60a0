"""One MuJoCo world: step, look, save, restore. Same seed, same steps, same numbers."""

import threading
from dataclasses import dataclass

import mujoco
import numpy as np

from psizero.embodiment.mjcf import stand
from psizero.embodiment.robot import RobotSpec
from psizero.errors import SimulationError
from psizero.geometry import Pose, from_matrix
from psizero.sim.rendering import Painter
from psizero.types import JointCommand

_BROKEN = (
    mujoco.mjtWarning.mjWARN_BADQPOS,
    mujoco.mjtWarning.mjWARN_BADQVEL,
    mujoco.mjtWarning.mjWARN_BADQACC,
    mujoco.mjtWarning.mjWARN_BADCTRL,
)
"""Warnings after which nothing that the world shows is true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldState:
    """A copy of everything that moves: enough to draw the world as it was, or to go on from there."""

    numbers: np.ndarray
    """The physics, as MuJoCo packs it."""
    stiffness: np.ndarray
    """(J,) N m/rad, of the command in force."""
    damping: np.ndarray
    """(J,) N m s/rad, of the command in force."""
    valid_until: float
    """Time (s) at which the command in force runs out."""


class World:
    """A compiled scene with a robot in it, driven by joint commands."""

    def __init__(self, spec: mujoco.MjSpec, robot: RobotSpec) -> None:
        self.robot = robot
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        self.painter = Painter(self.model)
        joints = [self.model.joint(name) for name in robot.joint_names]
        self._positions = np.array([joint.qposadr[0] for joint in joints])
        self._velocities = np.array([joint.dofadr[0] for joint in joints])
        self._motors = np.array([self.model.actuator(name).id for name in robot.joint_names])
        # The command's torque rides on the position target, so a target may leave the joint's range.
        self.model.actuator_ctrllimited[:] = 0
        self._shape_owners = [self.model.body(int(index)).name for index in self.model.geom_bodyid]
        self._shapes: dict[str, np.ndarray] = {}
        # Pictures are asked for by the policy's thread and the viewer's, while another steps the physics.
        self._drawing = threading.Lock()
        self._drawn = mujoco.MjData(self.model)
        self._valid_until = 0.0
        self.reset()

    @property
    def time(self) -> float:
        """Simulated time (s)."""
        return float(self.data.time)

    def reset(self) -> None:
        """Stand the robot in its rest pose at the origin; time is 0; props where the model has them."""
        mujoco.mj_resetData(self.model, self.data)
        stand(self.model, self.data, self.robot)
        self.data.ctrl[self._motors] = self.robot.column("rest")
        self._set_gains(self.robot.column("stiffness"), self.robot.column("damping"))
        self._valid_until = np.inf
        mujoco.mj_forward(self.model, self.data)

    def shift_robot(self, x: float, y: float) -> None:
        """Move the robot over the floor by x, y (m)."""
        address = self.model.joint("floating_base").qposadr[0]
        self.data.qpos[address : address + 2] += (x, y)
        mujoco.mj_forward(self.model, self.data)

    def place(self, prop: str, world_from_prop: Pose) -> None:
        """Put a free body, or a piece of furniture that only this moves, at a pose, at rest."""
        furniture = int(self.model.body(prop).mocapid[0])
        if furniture >= 0:
            self.data.mocap_pos[furniture] = world_from_prop.position
            self.data.mocap_quat[furniture] = world_from_prop.orientation
            mujoco.mj_forward(self.model, self.data)
            return
        joint = self.data.joint(prop)
        joint.qpos[:3], joint.qpos[3:] = world_from_prop.position, world_from_prop.orientation
        joint.qvel[:] = 0
        mujoco.mj_forward(self.model, self.data)

    def apply(self, command: JointCommand) -> None:
        """Give the motors a command; it holds until the next one or until `valid_until`."""
        driven = command.stiffness > 0
        stiffness = np.where(driven, command.stiffness, 1.0)
        self.data.ctrl[self._motors] = command.positions + np.where(driven, command.torques / stiffness, 0.0)
        self._set_gains(command.stiffness, command.damping)
        self._valid_until = command.valid_until

    def damp(self) -> None:
        """Take all stiffness from the motors; only damping is left."""
        self._set_gains(np.zeros(len(self._motors)), np.maximum(self.robot.column("damping"), 0.1))
        self._valid_until = np.inf

    def step_until(self, time: float) -> None:
        """Advance the physics to `time` (s); a command that runs out on the way turns into damping."""
        begin = self.time
        count = round((time - begin) / self.model.opt.timestep)
        while count > 0:
            if self.data.time >= self._valid_until:
                self.damp()
            left = (self._valid_until - self.data.time) / self.model.opt.timestep
            chunk = count if np.isinf(left) else max(1, min(count, int(np.ceil(left))))
            mujoco.mj_step(self.model, self.data, nstep=chunk)
            count -= chunk
        # MuJoCo resets the world, its time too, or drops all commands when it meets a number that cannot be.
        if any(self.data.warning[kind].number for kind in _BROKEN) or not np.isfinite(self.data.qpos).all():
            raise SimulationError(
                f"the physics diverged after {begin:.3f} s; send only commands that have passed the safety gate"
            )

    def joint_positions(self) -> np.ndarray:
        """(J,) rad, in the robot's joint order."""
        return self.data.qpos[self._positions].copy()

    def joint_velocities(self) -> np.ndarray:
        """(J,) rad/s."""
        return self.data.qvel[self._velocities].copy()

    def pose(self, body: str) -> Pose:
        """Return `world_from_body`."""
        view = self.data.body(body)
        return Pose(view.xpos.copy(), view.xquat.copy())

    def site(self, name: str) -> Pose:
        """Return `world_from_site` of a named frame on the robot."""
        view = self.data.site(name)
        return Pose(view.xpos.copy(), from_matrix(view.xmat.reshape(3, 3)))

    def centre_of_mass(self, body: str) -> np.ndarray:
        """(3,) of a body and all that hangs on it, in the world (m)."""
        return self.data.body(body).subtree_com.copy()

    def angular_velocity(self, body: str) -> np.ndarray:
        """(3,) rad/s in the body's own frame."""
        result = np.zeros(6)
        mujoco.mj_objectVelocity(self.model, self.data, mujoco.mjtObj.mjOBJ_BODY, self.model.body(body).id, result, 1)
        return result[:3]

    def touching(self, first: str, second: str) -> bool:
        """Whether any shape of a body whose name starts with `first` touches one of `second`."""
        pairs = self.data.contact.geom  # (contacts, 2); asked in every control step, so without a loop over them
        of_first, of_second = self._shapes_of(first)[pairs], self._shapes_of(second)[pairs]
        return bool((of_first & of_second[:, ::-1]).any())

    def _shapes_of(self, name: str) -> np.ndarray:
        """Return which shapes belong to a body whose name starts with `name`, (shapes,)."""
        if name not in self._shapes:
            self._shapes[name] = np.array([owner.startswith(name) for owner in self._shape_owners])
        return self._shapes[name]

    def save(self) -> WorldState:
        """Copy the state of the physics."""
        kind = int(mujoco.mjtState.mjSTATE_INTEGRATION)
        numbers = np.empty(mujoco.mj_stateSize(self.model, kind))
        mujoco.mj_getState(self.model, self.data, numbers, kind)
        return WorldState(
            numbers=numbers,
            stiffness=self.model.actuator_gainprm[self._motors, 0],
            damping=-self.model.actuator_biasprm[self._motors, 2],
            valid_until=self._valid_until,
        )

    def restore(self, state: WorldState) -> None:
        """Go back to a saved state."""
        mujoco.mj_setState(self.model, self.data, state.numbers, int(mujoco.mjtState.mjSTATE_INTEGRATION))
        self._set_gains(state.stiffness, state.damping)
        self._valid_until = state.valid_until
        mujoco.mj_forward(self.model, self.data)

    def picture(
        self, camera: str, height: int, width: int, *, state: WorldState | None = None, pretty: bool = False
    ) -> np.ndarray:
        """Return what a camera sees now, or saw in a saved state; uint8 (height, width, 3)."""
        state = state or self.save()
        with self._drawing:
            mujoco.mj_setState(self.model, self._drawn, state.numbers, int(mujoco.mjtState.mjSTATE_INTEGRATION))
            mujoco.mj_kinematics(self.model, self._drawn)
            mujoco.mj_camlight(self.model, self._drawn)
            return self.painter.picture(self._drawn, camera, height, width, pretty=pretty)

    def close(self) -> None:
        """Free what the graphics hold."""
        self.painter.close()

    def _set_gains(self, stiffness: np.ndarray, damping: np.ndarray) -> None:
        self.model.actuator_gainprm[self._motors, 0] = stiffness
        self.model.actuator_biasprm[self._motors, 1] = -stiffness
        self.model.actuator_biasprm[self._motors, 2] = -damping
