"""Standing on two feet: where legs and waist must be so that the feet stay and the robot does not tip.

Given arms, torso orientation and pelvis height there is one posture with both feet
where they are, the pelvis upright and the centre of mass over the middle of the feet.
It is found by Newton's method from a table of guesses, not from the last posture, so
the same action always gives the same command.
"""

from dataclasses import dataclass

import mujoco
import numpy as np

from psizero.control.pelvis import WAIST_PITCH
from psizero.embodiment.mjcf import robot_model, stand
from psizero.embodiment.robot import RobotSpec
from psizero.geometry import conjugate, from_rpy, multiply, to_matrix

TORSO_LOWER = np.array([-0.4, -0.4, -1.0])
"""Smallest torso roll, pitch, yaw that is stood with (rad)."""
TORSO_UPPER = np.array([0.4, 0.9, 1.0])
"""Largest torso roll, pitch, yaw that is stood with (rad)."""
HEIGHT_RANGE = (0.6, 0.78)
"""Lowest and highest pelvis that is stood with (m); lower, the ankles reach their end, higher, the knees lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """A whole posture of the standing robot."""

    positions: np.ndarray
    """(J,) rad, in the robot's joint order."""
    torques: np.ndarray
    """(J,) N m that hold the posture against gravity, each foot carrying what lies over it."""
    pelvis: np.ndarray
    """(7,) pelvis in the stance frame: position (m) and orientation wxyz."""
    error: float
    """Largest miss of a foot or of the centre of mass (m, rad); about 1e-6 when it can be done."""


def pelvis_orientation(torso_rpy: np.ndarray) -> np.ndarray:
    """Return the pelvis's orientation (4,) wxyz for a torso roll, pitch, yaw (rad): upright while the waist can do it.

    Beyond, the hips bend about the torso's own side axis, so that roll and pitch of the waist stay apart.
    """
    _, pitch, yaw = torso_rpy
    bend = max(pitch - WAIST_PITCH, 0.0) + min(pitch + WAIST_PITCH, 0.0)
    turn = from_rpy(0.0, 0.0, yaw)
    return multiply(multiply(turn, from_rpy(0.0, bend, 0.0)), conjugate(turn))


class StandingBalance:
    """Finds legs and waist for given arms, torso orientation and pelvis height."""

    def __init__(self, robot: RobotSpec) -> None:
        self._robot = robot
        self._model = robot_model(robot)
        self._data = mujoco.MjData(self._model)
        stand(self._model, self._data, robot)
        self._qpos = np.array([self._model.joint(name).qposadr[0] for name in robot.joint_names])
        self._dof = np.array([self._model.joint(name).dofadr[0] for name in robot.joint_names])
        self._legs = np.concatenate([robot.indices("left_leg"), robot.indices("right_leg")])
        self._waist = robot.indices("waist")
        self._unknown = np.concatenate([[0, 1], self._dof[self._legs]])
        self._sites = [self._model.site(f"{side}_foot").id for side in ("left", "right")]
        self._feet = self._data.site_xpos[self._sites].copy()
        self._lower, self._upper = robot.column("lower"), robot.column("upper")
        self._weight = 9.81 * float(self._model.body_mass.sum())
        self._jacobian = np.zeros((14, self._model.nv))
        self._residual = np.zeros(14)
        self._guesses = self._table()

    def solve(self, upper_body: np.ndarray, torso_rpy: np.ndarray, pelvis_height: float) -> Posture:
        """Return the posture for the arms and hands in `upper_body` (J,); its legs and waist are ignored.

        `torso_rpy` (3,) rad and `pelvis_height` (m) are brought into `TORSO_LOWER` ...
        `TORSO_UPPER` and `HEIGHT_RANGE` first.
        """
        torso_rpy = np.clip(torso_rpy, TORSO_LOWER, TORSO_UPPER)
        # Bending the hips moves the pelvis back, for which the legs must not be stretched.
        highest = HEIGHT_RANGE[1] - 0.17 * max(torso_rpy[1] - WAIST_PITCH, 0.0)
        height = float(np.clip(pelvis_height, HEIGHT_RANGE[0], highest))
        place = (height - HEIGHT_RANGE[0]) / (HEIGHT_RANGE[1] - HEIGHT_RANGE[0]) * (len(self._guesses) - 1)
        below = min(int(place), len(self._guesses) - 2)
        guess = self._guesses[below] + (place - below) * (self._guesses[below + 1] - self._guesses[below])
        self._set_upper_body(upper_body, torso_rpy)
        error = self._newton(guess, height, steps=6)
        positions = np.clip(self._data.qpos[self._qpos], self._lower, self._upper)
        return Posture(
            positions=positions, torques=self._hold_torques(), pelvis=self._data.qpos[:7].copy(), error=error
        )

    def _set_upper_body(self, upper_body: np.ndarray, torso_rpy: np.ndarray) -> None:
        """Put arms, hands, waist and the orientation of the pelvis into the model."""
        pelvis = pelvis_orientation(torso_rpy)
        waist = to_matrix(multiply(conjugate(pelvis), from_rpy(*torso_rpy)))
        qpos = self._data.qpos
        qpos[self._qpos] = upper_body
        qpos[3:7] = pelvis
        # The waist turns about z, then x, then y.
        qpos[self._qpos[self._waist]] = (
            np.arctan2(-waist[0, 1], waist[1, 1]),
            np.arcsin(np.clip(waist[2, 1], -1.0, 1.0)),
            np.arctan2(-waist[2, 0], waist[2, 2]),
        )

    def _newton(self, guess: np.ndarray, height: float, steps: int) -> float:
        """Solve for pelvis x, y and both legs from `guess` (14,); return the largest miss left."""
        qpos = self._data.qpos
        qpos[:2] = guess[:2]
        qpos[2] = height
        qpos[self._qpos[self._legs]] = guess[2:]
        error = self._evaluate()
        for _ in range(steps):
            if error < 1e-7:
                break
            square = self._jacobian[:, self._unknown]
            # A trace of damping keeps nearly straight knees from jumping.
            change = np.linalg.solve(square.T @ square + 1e-9 * np.eye(14), square.T @ self._residual)
            change = np.clip(change, -0.3, 0.3)
            qpos[:2] += change[:2]
            qpos[self._qpos[self._legs]] += change[2:]
            error = self._evaluate()
        return error

    def _evaluate(self) -> float:
        """Fill residual and Jacobian of feet and centre of mass; return the largest residual."""
        model, data = self._model, self._data
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        for index, site in enumerate(self._sites):
            rows = slice(6 * index, 6 * index + 6)
            part = self._jacobian[rows]
            mujoco.mj_jacSite(model, data, part[:3], part[3:], site)
            matrix = data.site_xmat[site].reshape(3, 3)
            self._residual[rows.start : rows.start + 3] = self._feet[index] - data.site_xpos[site]
            # Half of the antisymmetric part: the rotation vector to level, forward feet.
            self._residual[rows.start + 3 : rows.stop] = -0.5 * np.array(
                [matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]]
            )
        com = np.zeros((3, model.nv))
        mujoco.mj_jacSubtreeCom(model, data, com, 1)
        self._jacobian[12:] = com[:2]
        self._residual[12:] = -data.subtree_com[1][:2]
        return float(np.max(np.abs(self._residual)))

    def _hold_torques(self) -> np.ndarray:
        """Return (J,) torques against gravity, with the weight shared by the feet so that nothing tips."""
        model, data = self._model, self._data
        bias = np.zeros(model.nv)
        mujoco.mj_rne(model, data, 0, bias)
        left, right = self._feet[:, 1]
        left_share = float(np.clip((data.subtree_com[1][1] - right) / (left - right), 0.0, 1.0))
        push = self._weight * np.array([left_share, 1.0 - left_share])
        torques = bias - push[0] * self._jacobian[2] - push[1] * self._jacobian[8]
        return torques[self._dof]

    def _table(self) -> np.ndarray:
        """Return pelvis x, y and legs (12, 14), with the arms at rest, for heights evenly over `HEIGHT_RANGE`."""
        rest = self._robot.column("rest")
        guess = np.concatenate([self._data.qpos[:2], rest[self._legs]])
        heights = np.linspace(*HEIGHT_RANGE, 12)
        rows = np.zeros((len(heights), 14))
        # From the height of the rest pose outwards, each height starting from its neighbour.
        first = int(np.argmin(np.abs(heights - self._data.qpos[2])))
        for order in (range(first, len(heights)), range(first, -1, -1)):
            row = guess
            for index in order:
                self._set_upper_body(rest, np.zeros(3))
                self._newton(row, heights[index], steps=20)
                row = np.concatenate([self._data.qpos[:2], self._data.qpos[self._qpos[self._legs]]])
                rows[index] = row
        return rows
