"""How a human hand lies on a prop: where the wrist must be, and how far each finger bends until it touches.

Nothing pushes: the hand is put where a person's would be, finger by finger, bone by
bone, until flesh meets the surface.
"""

import numpy as np

from psizero.embodiment.human_hand import BONE_RADII, PALM_HALF, HandSize, finger_frames
from psizero.geometry import from_rpy, to_matrix
from psizero.sim.scene import BOTTLE_RADIUS, BOX_HALF

OPEN = np.array([[0.35, 0.10, 0.15, 0.15], [0.10, 0.20, 0.25, 0.15], [0.0, 0.20, 0.25, 0.15],
                 [-0.08, 0.22, 0.28, 0.15], [-0.12, 0.25, 0.30, 0.15]])  # fmt: skip
"""(5, 4) rad: a hand about to take something."""
RELAXED = np.array([[0.15, 0.15, 0.30, 0.25], [0.03, 0.45, 0.45, 0.25], [0.0, 0.50, 0.50, 0.30],
                    [-0.03, 0.55, 0.55, 0.30], [-0.06, 0.60, 0.55, 0.30]])  # fmt: skip
"""(5, 4) rad: a hand that rests."""
FLAT = np.array([[-0.70, 0.0, 0.1, 0.1], [0.06, -0.05, 0.08, 0.05], [0.0, -0.05, 0.08, 0.05],
                 [-0.05, -0.05, 0.08, 0.05], [-0.10, -0.05, 0.10, 0.05]])  # fmt: skip
"""(5, 4) rad: a hand pressed to a wall."""

_PALM_AHEAD = 0.44
"""Where the middle of a grip is ahead of the wrist, as a share of the hand's length."""
_LIMITS = np.deg2rad([85.0, 95.0, 65.0])
"""How far the three joints of a finger bend (rad)."""
_THUMB_GRID = ((0.3, 1.5, 12), (-0.7, 0.9, 12), (-0.1, 0.9, 6), (0.0, 1.0, 6))
"""Lowest, highest (rad) and number of tries of a thumb's four angles."""
_THUMB_HIGH = 0.03
"""How far a thumb's tip may be above or below the middle of the grip (m)."""
_STEP = float(np.deg2rad(2.0))
_ALONG = np.linspace(0.15, 1.0, 5)
"""Places along a bone that may touch, as shares of its length."""


def upright_hand(side: str, yaw: float, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """Return (3, 3): a hand with the thumb up and fingers ahead, then turned by roll, pitch, yaw (rad)."""
    out = 1.0 if side == "left" else -1.0
    thumb_up = np.column_stack([(1.0, 0.0, 0.0), (0.0, 0.0, -out), (0.0, out, 0.0)])
    return to_matrix(from_rpy(roll, pitch, yaw)) @ thumb_up


def around_bottle(hand: HandSize, rotation: np.ndarray, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the wrist's pose (4, 4) and the fingers' angles (5, 4) of a hand around an upright bottle.

    `rotation` (3, 3) of the wrist and `middle` (3,), the point of the bottle's axis in the middle of the grip,
    are given in the world, and so is the wrist.
    """
    centre = np.array([_PALM_AHEAD * hand.length, 0.0, -PALM_HALF * hand.length - BOTTLE_RADIUS])
    axis = rotation.T @ np.array([0.0, 0.0, 1.0])
    return _pose(rotation, middle - rotation @ centre), _closed(hand, centre, axis)


def beside_box(hand: HandSize, world_from_box: np.ndarray, *, apart: float, back: float, pitch: float) -> np.ndarray:
    """Return the wrist's pose (4, 4) of a flat hand at a side of the box, thumb up, `apart` from it (m).

    `back` is how far the palm's middle is behind the box's middle (m).
    """
    sign = 1.0 if hand.side == "left" else -1.0
    rotation = upright_hand(hand.side, 0.0, pitch)
    palm = np.array([-back, sign * (BOX_HALF[1] + PALM_HALF * hand.length + apart), -0.01])
    place = palm - rotation @ np.array([_PALM_AHEAD * hand.length, 0.0, 0.0])
    return world_from_box @ _pose(rotation, place)


def _closed(hand: HandSize, centre: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Return the angles (5, 4) of fingers that touch a bottle with as many of their bones as can."""
    angles = OPEN.copy()
    angles[0] = _opposed_thumb(hand, centre, axis)
    angles[1:, 1:] = (-0.2, 0.0, 0.0)
    tries = np.arange(-0.35, 1.7, _STEP)
    for joint in range(3):
        candidates = np.repeat(angles[None], len(tries), axis=0)
        candidates[:, 1:, joint + 1] = tries[:, None]
        gap = _gaps(hand, candidates, centre, axis)[:, :, joint]
        allowed = (gap >= -1e-4) & (tries[:, None] <= _LIMITS[joint])
        for finger in range(1, 5):
            free = np.flatnonzero(allowed[:, finger])
            if len(free):
                # Bending from straight on ends where the finger first touches.
                first_touch = np.flatnonzero(np.diff(free, append=free[-1] + 2) > 1)[0]
                angles[finger, joint + 1] = tries[free[first_touch]]
    return angles


def _opposed_thumb(hand: HandSize, centre: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Return the angles (4,) of a thumb whose last two bones lie on the bottle as well as can be."""
    grids = np.meshgrid(*(np.linspace(*limits) for limits in _THUMB_GRID), indexing="ij")
    candidates = np.zeros((grids[0].size, 5, 4))
    candidates[:, 0] = np.stack([grid.ravel() for grid in grids], axis=-1)
    gap = _gaps(hand, candidates, centre, axis)[:, 0]  # (K, 3)
    # The bottle ends: a thumb that is as high as its cap holds nothing.
    height = (finger_frames(hand, candidates)[:, 0, 3, :3, 3] - centre) @ axis
    high = np.maximum(np.abs(height) - _THUMB_HIGH, 0.0)
    badness = np.abs(gap[:, 1:]).sum(-1) + 10.0 * np.maximum(-gap, 0.0).sum(-1) + high
    return candidates[np.argmin(badness), 0]


def _gaps(hand: HandSize, angles: np.ndarray, centre: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Return (N, 5, 3): how far the flesh of each bone is from the bottle, below 0 inside it (m)."""
    frames = finger_frames(hand, angles)[:, :, :3]
    ends = frames[..., :3, 0] * hand.bones[:, :, None]
    points = frames[..., None, :3, 3] + _ALONG[:, None] * ends[..., None, :]  # (N, 5, 3, P, 3)
    away = points - centre
    away -= (away @ axis)[..., None] * axis
    return np.linalg.norm(away, axis=-1).min(-1) - BOTTLE_RADIUS - hand.length * BONE_RADII


def _pose(rotation: np.ndarray, place: np.ndarray) -> np.ndarray:
    result = np.eye(4)
    result[:3, :3], result[:3, 3] = rotation, place
    return result
