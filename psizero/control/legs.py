"""Inverse kinematics of both legs of a G1-like robot in closed form, for many robots at once.

Hip pitch, roll, yaw; knee; ankle pitch, roll. The three axes of the hip do not meet, so the
closed form of a leg whose axes do meet is corrected twice by its own miss, which leaves
millimetres: enough for a reference that feedback goes on from.
"""

import numpy as np

from psizero.embodiment.kinematics import BatchKinematics
from psizero.embodiment.robot import RobotSpec

LEG_JOINTS = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll")


class LegInverse:
    """Where the joints of both legs must be for the soles to be at given places."""

    def __init__(self, robot: RobotSpec) -> None:
        """Read the lengths off the robot's table at zero angles, where the legs are straight."""
        names = tuple(name for side in ("left", "right") for name in robot.groups[f"{side}_leg"])
        self._tree = BatchKinematics(robot, names, only="hip|knee|ankle")
        self._lower, self._upper = (robot.column(figure)[_columns(robot, names)] for figure in ("lower", "upper"))
        body = {item.name: item for item in robot.bodies}
        straight = self._tree.solve(np.zeros((1, len(names))))
        hip, roll, knee, ankle = (
            straight.position(f"left_{part}_link")[:, 0] for part in ("hip_pitch", "hip_roll", "knee", "ankle_pitch")
        )
        self._hip = hip
        self._drop, self._out = float(hip[2] - roll[2]), float(roll[1] - hip[1])
        self._thigh, self._shank = float(roll[2] - knee[2]), float(knee[2] - ankle[2])
        sole = next(site for site in robot.sites if site.name == "left_foot")
        # From the sole to the axis of ankle pitch, in the foot's frame.
        self._ankle_from_sole = -np.array(sole.position) - np.array(body["left_ankle_roll_link"].position)
        self._sides = np.array([1.0, -1.0])[:, None]

    def least_forward(self, height: np.ndarray, bend: np.ndarray) -> np.ndarray:
        """Return how far (m, (N,)) the soles must be ahead of the pelvis at least, for ankles to stay in range.

        `height` (N,) is the pelvis over the soles (m), `bend` (N,) the sine of its lean ahead. Below about 0.6 m
        shanks lean as far as they can.
        """
        upright = np.sqrt(1.0 - bend * bend)
        lean = -self._lower[4] - 0.04
        hip = height + upright * self._hip[2] - bend * self._hip[0] - self._ankle_from_sole[2]
        above_knee = np.clip(hip - self._shank * np.cos(lean), 0.0, self._thigh + self._drop)
        behind = np.sqrt((self._thigh + self._drop) ** 2 - above_knee**2) - self._shank * np.sin(lean)
        return behind + upright * self._hip[0] + bend * self._hip[2] - self._ankle_from_sole[0]

    def solve(self, soles: np.ndarray, rotations: np.ndarray, yaws: np.ndarray) -> np.ndarray:
        """Return leg joints (N, 12) rad, left leg first, within their ranges.

        `soles` (2, 3, N) m and `rotations` (2, 3, 3, N) are wanted in the pelvis frame, left first;
        `yaws` (2, N) rad are guesses of the hips' yaw joints: the headings of the feet.
        """
        offset = self._ankle_from_sole
        ankles = soles + rotations[:, :, 0] * offset[0] + rotations[:, :, 2] * offset[2]
        aim = ankles.copy()
        hips = self._hips(aim)
        for _ in range(2):
            reached, knee_frames = self._forward(hips, yaws)
            aim += ankles - reached
            # The shank's y axis must be square to the foot's x axis, or no ankle can point the foot.
            turn = (knee_frames[:, :, 1] * rotations[:, :, 0]).sum(1)
            yaws = yaws + turn
            # Turning the thigh swings the bent shank aside; foreseen, or both corrections chase each other.
            aim[:, 1] += turn * self._shank * np.sin(hips[:, 2])
            hips = self._hips(aim)
        _, knee_frames = self._forward(hips, yaws)
        # knee_frames^T rotations = Ry(ankle pitch) Rx(ankle roll)
        first = (knee_frames[:, :, 0] * rotations[:, :, 0]).sum(1)
        third = (knee_frames[:, :, 2] * rotations[:, :, 0]).sum(1)
        pitch = np.arctan2(-third, first)
        second = (knee_frames[:, :, 1] * rotations[:, :, 1]).sum(1)
        cross = (knee_frames[:, :, 1] * rotations[:, :, 2]).sum(1)
        roll = np.arctan2(-cross, second)
        joints = np.concatenate([hips[:, :2], yaws[:, None], hips[:, 2:], pitch[:, None], roll[:, None]], axis=1)
        flat = np.concatenate([joints[0], joints[1]]).T
        return np.clip(flat, self._lower, self._upper)

    def _hips(self, ankles: np.ndarray) -> np.ndarray:
        """Return hip pitch, hip roll and knee (2, 3, N) for legs whose hip axes meet."""
        x = ankles[:, 0] - self._hip[0]
        y = ankles[:, 1] - self._sides * (self._hip[1] + self._out)
        z = ankles[:, 2] - self._hip[2]
        thigh, shank = self._thigh + self._drop, self._shank
        square = x * x + y * y + z * z
        knee = np.arccos(np.clip((square - thigh**2 - shank**2) / (2 * thigh * shank), -0.99, 0.9999))
        length = self._thigh + shank * np.cos(knee)
        roll = np.arcsin(np.clip(y / length, -0.9, 0.9))
        pitch = np.arctan2(-x, -z) - np.arctan2(shank * np.sin(knee), self._drop + length * np.cos(roll))
        return np.stack([pitch, roll, knee], axis=1)

    def _forward(self, hips: np.ndarray, yaws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the axes of ankle pitch (2, 3, N) and the shanks' frames (2, 3, 3, N) in the pelvis frame."""
        zero = np.zeros_like(yaws)
        q = np.concatenate(
            [np.stack([hips[i, 0], hips[i, 1], yaws[i], hips[i, 2], zero[i], zero[i]]) for i in range(2)]
        ).T
        pose = self._tree.solve(q)
        places = np.stack([pose.position(f"{side}_ankle_pitch_link") for side in ("left", "right")])
        frames = np.stack([pose.rotation(f"{side}_knee_link") for side in ("left", "right")])
        return places, frames


def _columns(robot: RobotSpec, names: tuple[str, ...]) -> np.ndarray:
    place = {name: index for index, name in enumerate(robot.joint_names)}
    return np.array([place[name] for name in names])
