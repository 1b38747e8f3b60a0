"""Curl of a person's fingers -> joint angles of a Dex3-1 hand.

The Dex3-1 has a thumb of three joints opposite to two fingers of two joints; its middle
finger stands for the person's middle, ring and little finger.
"""

import numpy as np

from psizero.errors import ConfigError

# Left hand. The thumb's first joint swings it sideways, the other joints bend; fingers bend with negative angles.
_THUMB_OPEN = np.array([0.0, -0.6, 0.0])
_THUMB_CLOSED = np.array([0.0, 0.75, 1.2])
_FINGER_CLOSED = np.array([-1.4, -1.6])
_THUMB_SWING = 0.9
# The right hand is the mirror image: bending changes its sign, the thumb's swing does not.
_MIRROR = np.array([1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0])


def fingers_from_curl(side: str, curls: np.ndarray) -> np.ndarray:
    """Return the (7,) joint angles (rad), in the robot's order, of a `left` or `right` hand.

    `curls` are thumb, index and middle from 0 (open) to 1 (power grasp), and optionally the
    swing of the thumb from -1 (towards the middle finger) to 1 (towards the index finger).

    >>> fingers_from_curl("left", np.array([0.0, 1.0, 0.0])).round(2).tolist()
    [0.0, -0.6, 0.0, 0.0, 0.0, -1.4, -1.6]
    >>> fingers_from_curl("right", np.array([0.0, 1.0, 0.0])).round(2).tolist()
    [0.0, 0.6, 0.0, 1.4, 1.6, 0.0, 0.0]
    """
    curls = np.asarray(curls, np.float64)
    if side not in ("left", "right") or curls.shape not in ((3,), (4,)):
        raise ConfigError(f"expected side 'left' or 'right' and 3 or 4 curls, got {side!r} and shape {curls.shape}")
    thumb, index, middle = np.clip(curls[:3], 0.0, 1.0)
    bent_thumb = (1.0 - thumb) * _THUMB_OPEN + thumb * _THUMB_CLOSED
    if len(curls) == 4:
        bent_thumb[0] = -_THUMB_SWING * np.clip(curls[3], -1.0, 1.0)
    # The hands differ in the order of middle and index.
    first, second = (middle, index) if side == "left" else (index, middle)
    joints = np.concatenate([bent_thumb, first * _FINGER_CLOSED, second * _FINGER_CLOSED]) + 0.0
    return joints if side == "left" else joints * _MIRROR + 0.0
