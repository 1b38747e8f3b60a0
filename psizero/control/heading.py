"""The heading loop: turns a robot that walks until it looks where it should, and lets one that stands alone.

`target_yaw` of an action is the heading relative to the one at the start, and `yaw_rate` is how fast
the target moves. The turning that is asked of the legs is the rate plus a correction of what is
missing, so errors of walking do not add up. A robot that stands is turned back, in steps on the
spot, when it is off for a while by more than arms and sensors alone can move the pelvis.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingConfig:
    """How a wrong heading is corrected."""

    gain: float = 2.0
    """Correction per error (1/s)."""
    fastest: float = 0.5
    """Largest correction (rad/s)."""
    slowest: float = 0.15
    """Smallest correction on the spot (rad/s): less is not stepped for."""
    start: float = float(np.deg2rad(2.0))
    """Error from which on a standing robot is turned back (rad)."""
    patience: float = 0.3
    """For how long it must be that large (s)."""
    stop: float = float(np.deg2rad(0.5))
    """Error with which turning back ends (rad)."""
    moving: float = 0.05
    """Commanded velocity (m/s, rad/s) above which the robot does not stand."""


class HeadingLoop:
    """Measures how far the robot has turned since the start, and corrects it."""

    def __init__(self, config: HeadingConfig, *, rate: float) -> None:
        """Correct `rate` times per second (Hz)."""
        self._config = config
        self._period = 1.0 / rate
        self.yaw = 0.0
        """Heading now relative to the start, whole turns counted (rad)."""
        self._last: float | None = None
        self._waited = 0.0
        self._turning = False

    def reset(self, world_from_pelvis: np.ndarray) -> None:
        """Start with the heading that the robot has."""
        self.yaw, self._last = 0.0, None
        self._waited, self._turning = 0.0, False
        self._measure(world_from_pelvis)

    def yaw_rate(self, velocity: np.ndarray, target_yaw: float, world_from_pelvis: np.ndarray) -> float:
        """Return how fast to turn (rad/s) for commanded `velocity` (3,) and heading (rad), given the IMU's wxyz."""
        config = self._config
        self._measure(world_from_pelvis)
        error = _wrap(target_yaw - self.yaw)
        correction = float(np.clip(config.gain * error, -config.fastest, config.fastest))
        if (np.abs(velocity) > config.moving).any():
            self._turning, self._waited = True, 0.0
            return float(velocity[2]) + correction
        self._waited = self._waited + self._period if abs(error) > config.start else 0.0
        self._turning = abs(error) > config.stop and (self._turning or self._waited >= config.patience)
        if not self._turning:
            return 0.0
        return float(np.sign(error) * max(abs(correction), config.slowest))

    def _measure(self, world_from_pelvis: np.ndarray) -> None:
        """Take in the IMU's orientation (4,); one that is no rotation is passed over."""
        if np.shape(world_from_pelvis) != (4,) or not np.isfinite(world_from_pelvis).all():
            return
        w, x, y, z = world_from_pelvis
        yaw = float(np.arctan2(2 * (w * z + x * y), w * w + x * x - y * y - z * z))
        self.yaw += 0.0 if self._last is None else _wrap(yaw - self._last)
        self._last = yaw


def _wrap(angle: float) -> float:
    """Return the same angle within ±pi (rad)."""
    return float((angle + np.pi) % (2 * np.pi) - np.pi)
