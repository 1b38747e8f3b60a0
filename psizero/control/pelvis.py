"""How the pelvis leans for what torso and height are asked for; for many robots at once."""

import numpy as np

WAIST_PITCH = 0.45
"""Torso pitch beyond which the hips bend instead of the waist, which ends at 0.52 (rad)."""
SQUAT = (0.62, 0.50)
"""Heights of the pelvis (m) at which the ankles reach their end, and at which the waist has no room left.

Between them the pelvis leans ahead under an upright torso, which so comes over feet that cannot come further back."""


def pelvis_bend(posture: np.ndarray) -> np.ndarray:
    """Return how far the pelvis is to lean, ahead and to the left (2, N) rad, for height and torso roll, pitch, yaw.

    It is level while the waist alone can do the torso's pitch (`posture` is (4, N)). Beyond, it bends where the torso
    heads; in a deep squat it leans ahead under an upright torso.
    """
    height, _, pitch, yaw = posture
    beyond = np.maximum(pitch - WAIST_PITCH, 0.0) + np.minimum(pitch + WAIST_PITCH, 0.0)
    deep = np.clip((SQUAT[0] - height) / (SQUAT[0] - SQUAT[1]), 0.0, 1.0)
    squat = np.maximum(deep * (WAIST_PITCH + np.minimum(pitch, 0.0)) - np.abs(beyond), 0.0)
    return beyond * np.stack([np.cos(yaw), np.sin(yaw)]) + np.stack([squat, np.zeros_like(yaw)])


def bent_pelvis(posture: np.ndarray) -> np.ndarray:
    """Return (3, 3, N): the pelvis that leans by `pelvis_bend` of a posture (4, N) and does not turn."""
    x, y = pelvis_bend(posture)
    angle = np.hypot(x, y)
    sine, cosine = np.sinc(angle / np.pi), np.cos(angle)
    rest = 1.0 / (1.0 + cosine)
    x, y = sine * x, sine * y
    return np.array(
        [
            [1.0 - rest * x * x, -rest * x * y, x],
            [-rest * x * y, 1.0 - rest * y * y, y],
            [-x, -y, cosine],
        ]
    )
