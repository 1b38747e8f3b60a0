"""What is in the hands, in kg, felt by the motors of the arms; for many robots at once.

A motor that holds an arm gives what the arm's own weight asks for and the load times its lever.
Over a second or so what swings and accelerates averages out; the load is what then explains the
torques best, in least squares. The legs must know: 2 kg in each hand put the middle of a G1's mass
4 cm nearer to its toes.
"""

import numpy as np

from psizero.embodiment.kinematics import BatchKinematics, BatchPose

SIDES = ("left", "right")
ARM = ("shoulder_pitch", "shoulder_roll", "shoulder_yaw", "elbow", "wrist_roll", "wrist_pitch", "wrist_yaw")
"""An arm's joints from the shoulder to the hand."""
FELT_BY = {"shoulder_pitch": 1, "shoulder_roll": 0, "elbow": 1}
"""Joints with long levers, and the axis (0 x, 1 y, 2 z of their own frame) that each turns about."""
PALM = np.array([0.11, 0.0, 0.0])
"""Where a load is, in the frame of the last wrist joint (m)."""
MEMORY = 1.5
"""Time over which the load is averaged (s)."""
HEAVIEST = 3.0
"""More than this is not believed (kg)."""
_GRAVITY = 9.81
_DOUBT = 0.5
"""Square of a lever times gravity (N² m² / kg²) below which little is concluded."""


class HandLoads:
    """Loads of both hands of N robots."""

    def __init__(self, tree: BatchKinematics, count: int) -> None:
        self._tree = tree
        self._sums = np.zeros((2, 2, count))
        self.mass = np.zeros((2, count))
        """kg, left first."""

    def reset(self, ids: np.ndarray) -> None:
        """Let the hands of the robots `ids` be empty."""
        self._sums[:, :, ids] = 0.0
        self.mass[:, ids] = 0.0

    def feel(self, pose: BatchPose, up: np.ndarray, torques: np.ndarray, dt: np.ndarray) -> None:
        """Take in the arms' torques (N, 14) N m, left first, in a `pose`; `up` (3, N) is the vertical in its frame."""
        keep = np.exp(-dt / MEMORY)
        for side, name in enumerate(SIDES):
            hand = palm(pose, name)
            now = np.zeros((2, up.shape[1]))
            for joint, axis in FELT_BY.items():
                body = f"{name}_{joint}_link"
                place, turned = pose.position(body), pose.rotation(body)[:, axis]
                # Torque about the axis = weight times (axis x up . way to it).
                lever = np.cross(up, turned, axis=0) * _GRAVITY
                mass, moment = pose.below(body)
                own = (lever * (moment - mass * place)).sum(0)
                per_kg = (lever * (hand - place)).sum(0)
                now[0] += per_kg * (torques[:, 7 * side + ARM.index(joint)] - own)
                now[1] += per_kg**2
            self._sums[side] = keep * self._sums[side] + (1 - keep) * now
        self.mass = np.clip(self._sums[:, 0] / (self._sums[:, 1] + _DOUBT), 0.0, HEAVIEST)

    def shift(self, pose: BatchPose, com: np.ndarray) -> np.ndarray:
        """Return the centre of mass (3, N) m of robot and loads, given the one (3, N) of the robot alone."""
        total = self._tree.mass + self.mass.sum(0)
        moved = self._tree.mass * com
        for side, name in enumerate(SIDES):
            moved = moved + self.mass[side] * palm(pose, name)
        return moved / total

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        return {"_sums": self._sums.copy(), "mass": self.mass.copy()}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name, value in saved.items():
            setattr(self, name, value.copy())


def palm(pose: BatchPose, side: str) -> np.ndarray:
    """Return where a load in a hand is (3, N) m in the pelvis frame."""
    body = f"{side}_wrist_yaw_link"
    return pose.position(body) + np.einsum("ijn,j->in", pose.rotation(body), PALM)
