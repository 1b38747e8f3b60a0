"""What a body that follows velocities has missed, and the command that makes up for it; for many robots at once.

No policy walks exactly as fast as it is told, and one that stands is moved a little by every swing
of its arms. What is missing in place and heading, by the legs and the IMU, is summed up, up to a
step's length, and asked for on top of the command. So errors of speed average out, and a robot
that was moved while it stood goes back. Height and torso are corrected by what they lack, summed up.
"""

import numpy as np

GAIN = np.array([2.5, 2.5, 3.0])[:, None]
"""Correction per missing way and turn (1/s)."""
TRIM_GAIN = 0.5
"""Growth of the lasting part of the correction (1/s²): legs that lean walk a little all the time."""
LARGEST_TRIM = np.array([0.15, 0.1, 0.2])[:, None]
"""Largest lasting part (m/s, m/s, rad/s)."""
FASTEST = np.array([0.35, 0.25, 0.5])[:, None]
"""Largest correction (m/s, m/s, rad/s)."""
LARGEST = np.array([0.25, 0.25, 1.0])[:, None]
"""More than this much missing (m, m, rad) is forgotten: a wall or a hand holds the robot."""
OFF = np.array([0.045, 0.045, 0.08])[:, None]
"""Way and turn (m, m, rad) of which a standing robot that misses more steps back. The legs
measure a step to a centimetre or two, and a foot comes down a few from where it should: less is not worth one.
Arms and waist turn the pelvis over feet that stand: only what they hardly reach is stepped for."""
BACK = np.array([0.025, 0.025, 0.03])[:, None]
"""Those with which it stops."""
SWAY = 2.0
"""Time over which the sway from foot to foot, and with the arms, is averaged out before that is decided (s)."""
STEPS = 0.4
"""The same for a robot that steps back, from foot to foot (s)."""
POSTURE_GAIN = 1.0
"""Growth of the correction per error of height and torso (1/s)."""
LARGEST_POSTURE = np.array([0.05, 0.25, 0.3, 0.25])[:, None]
"""Largest correction of height (m), roll, pitch and yaw (rad)."""


class Drift:
    """Way (x, y in the pelvis's heading frame) and turn that N robots have missed."""

    def __init__(self, count: int) -> None:
        self.missed = np.zeros((3, count))
        """Ahead and to the left (m), and turn (rad)."""
        self.trim = np.zeros((3, count))
        """Lasting part of the correction (m/s, m/s, rad/s)."""
        self.lacking = np.zeros((4, count))
        """Correction of height (m) and torso (rad)."""
        self._slow = np.zeros((3, count))
        self.off: np.ndarray = np.zeros(count, bool)
        """Whether a robot must step to make up for what it missed."""
        self._yaw = np.zeros(count)

    def reset(self, ids: np.ndarray) -> None:
        """Let the robots `ids` miss nothing."""
        self.missed[:, ids] = 0.0
        self.trim[:, ids] = 0.0
        self.lacking[:, ids] = 0.0
        self._slow[:, ids] = 0.0
        self.off[ids] = False

    def correct(
        self, velocity: np.ndarray, measured: np.ndarray, yaw: np.ndarray, fresh: np.ndarray, dt: np.ndarray
    ) -> np.ndarray:
        """Return the velocity (3, N) to ask for instead of the commanded one (3, N), m/s and rad/s.

        `measured` (2, N) is the velocity of the middle between the feet in the pelvis's heading frame (m/s),
        `yaw` (N,) the pelvis's heading (rad), `dt` (N,) s since the last call; `fresh` (N,) tells
        which robots have had none.
        """
        turned = np.where(fresh, 0.0, (yaw - self._yaw + np.pi) % (2 * np.pi) - np.pi)
        self._yaw = yaw
        x, y = self.missed[:2]
        cosine, sine = np.cos(turned), np.sin(turned)
        self.missed[0], self.missed[1] = cosine * x + sine * y, cosine * y - sine * x
        self.missed += np.where(fresh, 0.0, velocity * dt - np.concatenate([measured * dt, turned[None]]))
        self.missed = np.clip(self.missed, -LARGEST, LARGEST)
        self._slow += (1 - np.exp(-dt / np.where(self.off, STEPS, SWAY))) * (self.missed - self._slow)
        self.off = np.asarray((np.abs(self._slow) > np.where(self.off, BACK, OFF)).any(0))
        # Feet that stand have nothing to learn about walking.
        going = self.off | (velocity != 0.0).any(0)
        self.trim += np.where(going, TRIM_GAIN * self.missed * dt, 0.0)
        self.trim = np.clip(self.trim, -LARGEST_TRIM, LARGEST_TRIM)
        return velocity + np.clip(GAIN * self.missed + self.trim, -FASTEST, FASTEST)

    def correct_posture(self, posture: np.ndarray, measured: np.ndarray, dt: np.ndarray) -> np.ndarray:
        """Return the height (m) and torso roll, pitch, yaw (rad), (4, N), to ask for instead of the commanded ones.

        `measured` (4, N) are those of the robot; what sags under its own weight or a load is asked for in advance.
        """
        self.lacking += POSTURE_GAIN * (posture - measured) * dt
        self.lacking = np.clip(self.lacking, -LARGEST_POSTURE, LARGEST_POSTURE)
        return posture + self.lacking

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        return {name: getattr(self, name).copy() for name in ("missed", "trim", "lacking", "off", "_slow", "_yaw")}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name, value in saved.items():
            setattr(self, name, value.copy())
