"""The person's size and place, and the robot's: one similarity takes the one to the other."""

from dataclasses import dataclass, field

import mujoco
import numpy as np

from psizero.embodiment.g1 import G1
from psizero.embodiment.mjcf import robot_model, stand
from psizero.embodiment.robot import RobotSpec
from psizero.errors import ConfigError
from psizero.geometry import Pose, conjugate, from_rpy, multiply, rotate, to_rpy
from psizero.teleop.operator import OperatorFrame

# Mean adult (Drillis and Contini 1966, as shares of the body's height): eyes, shoulders, shoulder to wrist.
_EYES, _SHOULDERS, _ARM = 0.936, 0.818, 0.332
_EYES_AHEAD = 0.08
"""How far the eyes are ahead of the shoulders (m)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Takes places of the person to places of the robot: shoulders on shoulders, arm length on arm length."""

    operator_origin: np.ndarray
    """(3,) middle between the person's shoulders at calibration, in the operator frame (m)."""
    operator_yaw: float
    """Where the person faced at calibration (rad)."""
    robot_origin: np.ndarray
    """(3,) middle between the robot's shoulders at rest, in the stance frame (m)."""
    scale: float
    """Length of the robot's arm over the person's."""
    gaze_from_camera: np.ndarray = field(default_factory=lambda: np.array([1.0, 0.0, 0.0, 0.0]))
    """(4,) wxyz, how the head camera is turned against the person's gaze at calibration."""

    @staticmethod
    def measure(frame: OperatorFrame, robot: RobotSpec = G1) -> "Calibration":
        """Calibrate on a person who stands upright and stretches both arms forward, palms inward."""
        yaw = float(to_rpy(frame.head.orientation)[2])
        shoulders = frame.head.position * (1.0, 1.0, _SHOULDERS / _EYES)
        shoulders = shoulders - rotate(from_rpy(0.0, 0.0, yaw), np.array([_EYES_AHEAD, 0.0, 0.0]))
        back = from_rpy(0.0, 0.0, -yaw)
        reach = [rotate(back, wrist.position - shoulders)[0] for wrist in (frame.left_wrist, frame.right_wrist)]
        arm, height = float(np.mean(reach)), float(frame.head.position[2])
        if not (0.35 < arm < 0.85 and 1.1 < height < 2.2 and abs(reach[0] - reach[1]) < 0.15):
            raise ConfigError(
                f"cannot calibrate: eyes at {height:.2f} m, left and right wrist {reach[0]:.2f} and {reach[1]:.2f} m "
                "ahead of the shoulders; expected 1.1 to 2.2 m and 0.35 to 0.85 m: "
                "stand upright and stretch both arms forward"
            )
        place = _robot_shoulders(robot)
        gaze = multiply(back, frame.head.orientation)
        return Calibration(
            operator_origin=shoulders,
            operator_yaw=yaw,
            robot_origin=place[0],
            scale=place[1] / arm,
            gaze_from_camera=multiply(conjugate(gaze), from_rpy(*robot.head_camera.rpy)),
        )

    @staticmethod
    def draw(rng: np.random.Generator, robot: RobotSpec = G1) -> "Calibration":
        """Return the calibration of a person drawn at random, who sees along the robot's camera."""
        tall = rng.uniform(1.55, 1.95)
        origin, arm = _robot_shoulders(robot)
        return Calibration(
            operator_origin=np.array([*rng.uniform(-0.1, 0.1, size=2), _SHOULDERS * tall]),
            operator_yaw=float(rng.uniform(-0.3, 0.3)),
            robot_origin=origin,
            scale=arm / (_ARM * tall * rng.uniform(0.95, 1.05)),
        )

    def stance_from_operator(self, pose: Pose) -> Pose:
        """Take a pose of the person's body to the robot's stance frame."""
        back = from_rpy(0.0, 0.0, -self.operator_yaw)
        position = self.robot_origin + self.scale * rotate(back, pose.position - self.operator_origin)
        return Pose(position, multiply(back, pose.orientation))

    def operator_from_stance(self, pose: Pose) -> Pose:
        """Take a pose in the stance frame to the person's body: the inverse of `stance_from_operator`."""
        turn = from_rpy(0.0, 0.0, self.operator_yaw)
        position = self.operator_origin + rotate(turn, pose.position - self.robot_origin) / self.scale
        return Pose(position, multiply(turn, pose.orientation))


def _robot_shoulders(robot: RobotSpec) -> tuple[np.ndarray, float]:
    """Return the middle between the shoulders at rest in the stance frame (3,) and the arm's length (m)."""
    model = robot_model(robot)
    data = mujoco.MjData(model)
    stand(model, data, robot)
    shoulders = [data.body(f"{side}_shoulder_roll_link").xpos for side in ("left", "right")]
    joints = [data.body(f"left_{part}_link").xpos for part in ("shoulder_roll", "elbow", "wrist_yaw")]
    length = np.linalg.norm(joints[1] - joints[0]) + np.linalg.norm(joints[2] - joints[1])
    return 0.5 * (shoulders[0] + shoulders[1]), float(length)
