"""The human hand: 25 joints, five fingers of three bones each (the thumb's first lies in the palm).

Frames of bones are the same for both hands: x along the bone to the fingertip, z out of
the back of the hand, y = z × x; so y points to the thumb on the right hand and away from
it on the left. N is the number of frames of a motion.

Sources: bone lengths as shares of the hand's length, rounded, after Buchholz, Armstrong and
Goldstein 1992 (Ergonomics 35); where knuckles lie: mean over the 621 frames of one tracked
hand (dexsuite/dex-retargeting, MIT). Points of a tracked hand come in the order of
MediaPipe: the wrist, then four points of each finger from thumb to little finger.
"""

from dataclasses import dataclass

import numpy as np

SIDES = ("left", "right")
FINGERS = ("thumb", "index", "middle", "ring", "little")

_KNUCKLES = np.array(
    [[0.12, 0.12, -0.08], [0.44, 0.115, -0.03], [0.446, 0.0, 0.0], [0.42, -0.10, -0.012], [0.345, -0.175, -0.03]]
)
"""Where fingers begin in the right wrist's frame, as shares of the hand's length."""
_ROOTS = np.array([[0.10, 0.05, -0.015], [0.10, 0.0, 0.0], [0.10, -0.04, -0.006], [0.10, -0.075, -0.015]])
"""Where the bones of the palm begin, index to little finger, likewise."""
_BONES = np.array(
    [[0.251, 0.196, 0.158], [0.245, 0.143, 0.097], [0.266, 0.170, 0.108], [0.244, 0.165, 0.107], [0.204, 0.117, 0.093]]
)
"""Lengths of the three bones of each finger, as shares of the hand's length."""
_FAN = np.deg2rad([0.0, 4.0, 0.0, -4.0, -9.0])
"""How far straight fingers point to the thumb's side (rad)."""
_THUMB_AHEAD, _THUMB_FLEXES = np.array([0.62, 0.66, -0.42]), np.array([0.45, -0.65, -0.55])
"""Where the right thumb points when its angles are 0, and where it goes when it bends."""
_SPREAD = float(np.deg2rad(20.0))
"""Fingers are taken to spread by no more than this to either side (rad)."""
_OPPOSED = np.deg2rad(np.arange(-40.0, 71.0, 2.0))
"""How far thumbs are tried to stand across the palm (rad)."""

BONE_RADII = np.array([[0.066, 0.058, 0.050], *([[0.050, 0.045, 0.040]] * 3), [0.044, 0.040, 0.035]])
"""Thickness of the bones with their flesh, as shares of the hand's length."""
PALM_HALF = 0.09
"""Half the thickness of the palm, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSize:
    """How large one hand is."""

    side: str
    length: float = 0.185
    """Wrist to tip of the middle finger (m)."""

    @property
    def thumb_side(self) -> float:
        """Sign of y towards the thumb."""
        return 1.0 if self.side == "right" else -1.0

    @property
    def bones(self) -> np.ndarray:
        """(5, 3) lengths of the bones (m)."""
        return _BONES * self.length

    @property
    def knuckles(self) -> np.ndarray:
        """(5, 3) beginnings of the fingers in the wrist's frame (m)."""
        return _KNUCKLES * self._mirror * self.length

    @property
    def roots(self) -> np.ndarray:
        """(4, 3) beginnings of the palm's bones, index to little finger, in the wrist's frame (m)."""
        return _ROOTS * self._mirror * self.length

    @property
    def _mirror(self) -> np.ndarray:
        return np.array([1.0, self.thumb_side, 1.0])


def turn(axis: int, angle: np.ndarray) -> np.ndarray:
    """Return (..., 3, 3) rotations by `angle` (...) rad about x, y or z (0, 1, 2)."""
    angle = np.asarray(angle, float)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    result = np.zeros((*angle.shape, 3, 3))
    result[..., axis, axis] = 1.0
    result[..., first, first] = result[..., second, second] = np.cos(angle)
    result[..., second, first] = np.sin(angle)
    result[..., first, second] = -np.sin(angle)
    return result


def finger_frames(hand: HandSize, angles: np.ndarray) -> np.ndarray:
    """Return (N, 5, 4, 4, 4): `wrist_from_joint` of knuckle, two joints and tip of every finger.

    `angles` (N, 5, 4) rad: for the thumb how far it stands across the palm, then the bend of
    its three joints; for the others the spread towards the thumb, then three bends towards the palm.
    """
    count = len(angles)
    result = np.zeros((count, 5, 4, 4, 4))
    result[..., 3, 3] = 1.0
    for finger in range(5):
        rotation = _first_frame(hand, finger, angles[:, finger, 0]) @ turn(1, angles[:, finger, 1])
        place = np.broadcast_to(hand.knuckles[finger], (count, 3))
        for joint in range(4):
            result[:, finger, joint, :3, :3], result[:, finger, joint, :3, 3] = rotation, place
            if joint < 3:
                place = place + rotation[:, :, 0] * hand.bones[finger, joint]
            if joint < 2:
                rotation = rotation @ turn(1, angles[:, finger, joint + 2])
    return result


def _first_frame(hand: HandSize, finger: int, aside: np.ndarray) -> np.ndarray:
    """Return (..., 3, 3): the first bone's frame before it bends."""
    sign = hand.thumb_side
    if finger:
        return turn(2, sign * (_FAN[finger] + aside))
    mirror = np.array([1.0, sign, 1.0])
    ahead, bend = _THUMB_AHEAD * mirror, _THUMB_FLEXES * mirror
    x = ahead / np.linalg.norm(ahead)
    z = -(bend - (bend @ x) * x)
    z /= np.linalg.norm(z)
    return turn(0, -sign * aside) @ np.column_stack([x, np.cross(z, x), z])


def pose_of_points(hand: HandSize, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the turn (N, 3, 3) of a tracked hand's wrist and the angles (N, 5, 4) of its fingers (rad).

    `points` (N, 21, 3) in any frame and unit, in MediaPipe's order: bones have directions of
    the tracked ones, as far as hinges can, and the lengths of `hand`. The turn takes the wrist's frame to the
    frame of the points.
    """
    along = points[:, 9] - points[:, 0]
    x = along / np.linalg.norm(along, axis=-1, keepdims=True)
    z = np.cross(x, hand.thumb_side * (points[:, 5] - points[:, 17]))
    z /= np.linalg.norm(z, axis=-1, keepdims=True)
    wrist = np.stack([x, np.cross(z, x), z], axis=-1)
    seen = (points - points[:, :1]) @ wrist  # (N, 21, 3) in the wrist's frame
    chains = seen[:, 1:].reshape(-1, 5, 4, 3)
    bones = np.diff(chains, axis=2)  # (N, 5, 3, 3)
    angles = np.zeros((len(points), 5, 4))
    for finger in range(5):
        aside = _aside(hand, finger, bones[:, finger])
        frame = _first_frame(hand, finger, aside)
        first = np.einsum("nji,nj->ni", frame, bones[:, finger, 0])
        angles[:, finger, 0] = aside
        angles[:, finger, 1] = np.arctan2(-first[:, 2], first[:, 0])
        for joint in (1, 2):
            before, after = bones[:, finger, joint - 1], bones[:, finger, joint]
            sine = np.einsum("ni,ni->n", np.cross(before, after), frame[:, :, 1])
            angles[:, finger, joint + 1] = np.arctan2(sine, np.einsum("ni,ni->n", before, after))
    return wrist, angles


def _aside(hand: HandSize, finger: int, bones: np.ndarray) -> np.ndarray:
    """Return (N,) rad: the first angle of a finger whose bones lie along `bones` (N, 3, 3)."""
    if finger:
        # A finger that points down tells nothing of its spread; a hinge cannot bend backwards by much.
        first = bones[:, 0]
        ahead = np.maximum(first[:, 0], 0.2 * np.linalg.norm(first, axis=-1))
        return np.clip(np.arctan2(hand.thumb_side * first[:, 1], ahead) - _FAN[finger], -_SPREAD, _SPREAD)
    hinges = _first_frame(hand, 0, _OPPOSED)[:, :, 1]  # (K, 3)
    missed = np.abs(np.einsum("ki,nji->nkj", hinges, bones)).sum(-1)
    return _OPPOSED[np.argmin(missed, axis=1)]
