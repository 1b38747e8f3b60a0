"""`OperatorFrame` -> `WholeBodyTarget`: the person's size and place removed, bad frames refused.

While a frame is old, broken or impossible, or the clutch is open, the target stays what
it was but for walking, so the robot stops and stays as it is. After the clutch was open,
hands and head go on from where the robot is, as a mouse does that was lifted.
"""

from dataclasses import dataclass, replace

import numpy as np

from psizero.control.hand import fingers_from_curl
from psizero.geometry import Pose, angle_between, interpolate, multiply
from psizero.teleop.calibration import Calibration
from psizero.teleop.operator import OperatorFrame
from psizero.types import WholeBodyTarget

_PARTS = ("head", "left_wrist", "right_wrist")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetargetConfig:
    """What counts as a bad frame, and how much is smoothed."""

    timeout: float = 0.2
    """Age at which a frame is stale (s)."""
    speed: float = 6.0
    """Faster than this no hand moves: a tracking jump (m/s)."""
    jump: float = 0.08
    """Distance that is never taken for a jump (m)."""
    cutoff: float = 8.0
    """Shaking above this frequency is smoothed out (Hz)."""


class Retargeter:
    """Turns frames of one calibrated person into targets for the robot."""

    def __init__(self, calibration: Calibration, config: RetargetConfig | None = None) -> None:
        self._calibration = calibration
        self._config = config or RetargetConfig()
        self.reset()

    def reset(self) -> None:
        """Forget the past; the next good frame is taken as it is."""
        self._accepted: OperatorFrame | None = None
        self._poses: dict[str, Pose] = {}
        self._offsets = {part: np.zeros(3) for part in _PARTS}
        self._clutched = False
        self._last_time = 0.0
        self.target = WholeBodyTarget()
        """The latest target."""
        self.refused = ""
        """Why the latest frame was not followed; empty if it was."""

    def retarget(self, frame: OperatorFrame | None, now: float) -> WholeBodyTarget:
        """Return the target at clock time `now` (s); the previous one, standing, if `frame` cannot be followed."""
        self.refused = self._fault(frame, now)
        if self.refused or frame is None:
            return self._standing()
        self._accepted = frame
        if not frame.engaged:
            self.refused = "the clutch is open"
            self._clutched = bool(self._poses)
            return self._standing()
        poses = {part: self._mapped(part, getattr(frame, part)) for part in _PARTS}
        if self._clutched:
            for part, pose in poses.items():
                self._offsets[part] = self._poses[part].position - pose.position
            self._clutched = False
        share = 1.0
        if self._poses:
            share = 1.0 - float(np.exp(-2.0 * np.pi * self._config.cutoff * max(now - self._last_time, 0.0)))
        for part, pose in poses.items():
            moved = Pose(pose.position + self._offsets[part], pose.orientation)
            self._poses[part] = interpolate(self._poses.get(part, moved), moved, share)
        self._last_time = now
        self.target = replace(
            self.target,
            stance_from_head=self._poses["head"],
            stance_from_left_wrist=self._poses["left_wrist"],
            stance_from_right_wrist=self._poses["right_wrist"],
            left_fingers=fingers_from_curl("left", frame.left_curl),
            right_fingers=fingers_from_curl("right", frame.right_curl),
            base_velocity=frame.base_velocity,
        )
        return self.target

    def _standing(self) -> WholeBodyTarget:
        """Return the previous target without its velocity: nobody walks on blindly."""
        if self.target.base_velocity.any():
            self.target = replace(self.target, base_velocity=np.zeros(3))
        return self.target

    def _mapped(self, part: str, pose: Pose) -> Pose:
        mapped = self._calibration.stance_from_operator(pose)
        if part == "head":
            return Pose(mapped.position, multiply(mapped.orientation, self._calibration.gaze_from_camera))
        return mapped

    def _fault(self, frame: OperatorFrame | None, now: float) -> str:
        """Say why a frame must not be followed; empty if it may."""
        if frame is None:
            return "no frame yet"
        if not abs(now - frame.time) <= self._config.timeout:
            return f"the frame is {now - frame.time:.2f} s old"
        for part in _PARTS:
            if fault := self._pose_fault(getattr(frame, part)):
                return f"{part} {fault}"
        for curl in (frame.left_curl, frame.right_curl):
            if np.shape(curl) not in ((3,), (4,)) or not np.isfinite(curl).all():
                return f"curl is {curl}, expected 3 or 4 finite numbers"
        if np.shape(frame.base_velocity) != (3,) or not np.isfinite(frame.base_velocity).all():
            return f"base_velocity is {frame.base_velocity}, expected 3 finite numbers"
        return self._jump(frame)

    @staticmethod
    def _pose_fault(pose: Pose) -> str:
        numbers = np.concatenate([pose.position, pose.orientation])
        if not np.isfinite(numbers).all() or not 0.99 < np.linalg.norm(pose.orientation) < 1.01:
            return "is not a pose"
        # Devices that have lost a hand report the identity.
        untracked = np.linalg.norm(pose.position) < 1e-6 and angle_between(pose.orientation, Pose().orientation) < 1e-6
        return "is not tracked" if untracked else ""

    def _jump(self, frame: OperatorFrame) -> str:
        if self._accepted is None:
            return ""
        far = self._config.jump + self._config.speed * max(frame.time - self._accepted.time, 0.0)
        for part in _PARTS:
            moved = float(np.linalg.norm(getattr(frame, part).position - getattr(self._accepted, part).position))
            if moved > far:
                return f"{part} jumped by {moved:.2f} m"
        return ""
