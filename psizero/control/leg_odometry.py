"""How fast the pelvis moves, by the soles that stand: no sensor tells it, but a foot that bears does not move."""

import numpy as np

from psizero.embodiment.kinematics import BatchPose
from psizero.embodiment.robot import SOLE_POINTS

LOW = 0.002
"""A point of a sole that is this much higher than the lowest one (m) counts e times less."""
SWINGING = 0.005
"""Weight of a foot that swings: it is low at the ends of its way too, and moves."""
JUMP = 0.1
"""A point that tells of a change of speed by this much (m/s) counts half: it slips while another holds."""
_ARRAYS = ("_points", "_velocity")


class LegOdometry:
    """Velocity of the pelvises of N robots."""

    def __init__(self, count: int) -> None:
        self._points = np.zeros((2 * len(SOLE_POINTS), 3, count))
        self._velocity = np.zeros((3, count))

    def velocity(
        self, turn: np.ndarray, pose: BatchPose, bearing: np.ndarray, fresh: np.ndarray, dt: np.ndarray
    ) -> np.ndarray:
        """Return the velocity (3, N) m/s since the last call, `dt` (N,) s ago; 0 for the robots that are `fresh` (N,).

        `turn` (3, 3, N) is `world_from_pelvis`, `pose` that of the joints, `bearing` (2, N) tells which feet
        should stand. Frame: the world's.
        """
        points = np.empty_like(self._points)
        for foot, side in enumerate(("left", "right")):
            body = f"{side}_ankle_roll_link"
            frame = np.einsum("ijn,jkn->ikn", turn, pose.rotation(body))
            ankle = np.einsum("ijn,jn->in", turn, pose.position(body))
            for number, (x, y, z) in enumerate(SOLE_POINTS):
                points[4 * foot + number] = ankle + x * frame[:, 0] + y * frame[:, 1] + z * frame[:, 2]
        weight = np.exp((points[:, 2].min(0) - points[:, 2]) / LOW)
        weight *= np.repeat(np.where(bearing, 1.0, SWINGING), len(SOLE_POINTS), axis=0)
        moved = (self._points - points) / dt
        jump = np.hypot(*(moved - self._velocity)[:, :2].swapaxes(0, 1))
        weight /= 1.0 + (jump / JUMP) ** 2
        weight /= weight.sum(0)
        self._points = points
        self._velocity = np.where(fresh, 0.0, (weight[:, None] * moved).sum(0))
        return self._velocity

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        return {name: getattr(self, name).copy() for name in _ARRAYS}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name in _ARRAYS:
            setattr(self, name, saved[name].copy())
