"""What the robot's weight asks of its joints: torques that carry the arms, and how much of it the feet carry."""

import mujoco
import numpy as np

from psizero.embodiment.mjcf import robot_model
from psizero.embodiment.robot import RobotSpec

_SIDES = ("left", "right")


class Weight:
    """The robot's own model, in the posture and orientation that it feels."""

    def __init__(self, robot: RobotSpec) -> None:
        self._model = robot_model(robot)
        self._data = mujoco.MjData(self._model)
        joints = [self._model.joint(name) for name in robot.joint_names]
        self._qpos = np.array([joint.qposadr[0] for joint in joints])
        self._dof = np.array([joint.dofadr[0] for joint in joints])
        self._legs = [robot.indices(f"{side}_leg") for side in _SIDES]
        self._feet = [self._model.site(f"{side}_foot").id for side in _SIDES]
        self._weight = 9.81 * float(self._model.body_mass.sum())
        self._effort = robot.column("effort")
        self._bias = np.zeros(self._model.nv)
        self._jacobian = np.zeros((6, self._model.nv))

    def feel(self, positions: np.ndarray, world_from_pelvis: np.ndarray) -> None:
        """Take joints (J,) rad and orientation (4,) wxyz as they are now."""
        self._data.qpos[3:7] = world_from_pelvis
        self._data.qpos[self._qpos] = positions
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_comPos(self._model, self._data)
        mujoco.mj_rne(self._model, self._data, 0, self._bias)

    def torques(self) -> np.ndarray:
        """Return (J,) N m that carry every limb as if the pelvis hung; right for arms and hands."""
        return self._bias[self._dof]

    def carried(self, torques: np.ndarray) -> float:
        """Return the share of the weight that the feet carry, given the motors' `torques` (J,) N m.

        What is left of a leg's torques when its own weight is taken off presses the foot on the
        ground. Legs that are thrown about mislead it, but not for long.
        """
        own = self.torques() - np.clip(torques, -self._effort, self._effort)
        upwards = 0.0
        for site, leg in zip(self._feet, self._legs, strict=True):
            mujoco.mj_jacSite(self._model, self._data, self._jacobian[:3], self._jacobian[3:], site)
            square = self._jacobian[:, self._dof[leg]]
            # Damped, because a straight leg can press without any torque.
            force = np.linalg.solve(square @ square.T + 1e-4 * np.eye(6), square @ own[leg])
            upwards += float(force[2])
        return upwards / self._weight
