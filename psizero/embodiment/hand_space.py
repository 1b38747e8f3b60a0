"""The 48-number hand space: poses of both hands <-> one vector, and the steps between vectors.

A vector (`layout.HUMAN_HANDS`) holds, for the left hand and then the right: where the wrist is, the
first two columns of its rotation, and where the five fingertips are, thumb to little finger,
all in one frame: that of the head camera at the instant of the prediction. A step
(`layout.HUMAN_HANDS_STEP`) holds what changes from one vector to the next in the same frame: metres, and the
turn R2 R1ᵀ as roll, pitch, yaw about the frame's fixed axes, then three zeros.

Every function is inverted by its partner to rounding error; leading axes are free.
Source of both forms: the Psi0 reference implementation (EgoDex pre-training).
"""

from collections.abc import Mapping

import numpy as np

from psizero.embodiment.human import fingertips
from psizero.embodiment.human_hand import SIDES, turn
from psizero.embodiment.layout import HUMAN_HANDS

_HALF = HUMAN_HANDS.size // 2


def pack_hands(wrists: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Return (..., 48) of the wrists' poses (..., 2, 4, 4) and fingertips (..., 2, 5, 3), left first, in one frame."""
    columns = np.swapaxes(wrists[..., :3, :2], -1, -2).reshape(*wrists.shape[:-2], 6)
    flat = tips.reshape(*tips.shape[:-2], 15)
    halves = np.concatenate([wrists[..., :3, 3], columns, flat], axis=-1)
    return halves.reshape(*halves.shape[:-2], HUMAN_HANDS.size)


def unpack_hands(vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the wrists' poses (..., 2, 4, 4) and fingertips (..., 2, 5, 3) of (..., 48).

    Columns that are not quite at right angles, as a network predicts them, are made so (Gram and Schmidt).
    """
    halves = vector.reshape(*vector.shape[:-1], 2, _HALF)
    first, second = halves[..., 3:6], halves[..., 6:9]
    x = first / np.linalg.norm(first, axis=-1, keepdims=True)
    y = second - np.sum(second * x, axis=-1, keepdims=True) * x
    y = y / np.linalg.norm(y, axis=-1, keepdims=True)
    wrists = np.zeros((*halves.shape[:-1], 4, 4), vector.dtype)
    wrists[..., :3, :3] = np.stack([x, y, np.cross(x, y)], axis=-1)
    wrists[..., :3, 3], wrists[..., 3, 3] = halves[..., :3], 1.0
    return wrists, halves[..., 9:].reshape(*halves.shape[:-1], 5, 3)


def hands_of(poses: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return (..., 48) of poses (..., 4, 4) under EgoDex's names, in their frame."""
    wrists = np.stack([poses[f"{side}Hand"] for side in SIDES], axis=-3)
    tips = np.stack([np.stack([poses[name][..., :3, 3] for name in fingertips(side)], -2) for side in SIDES], -3)
    return pack_hands(wrists, tips)


def to_frame(new_from_old: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return vectors (..., 48) as seen from another frame, `new_from_old` (..., 4, 4)."""
    triples = vector.reshape(*vector.shape[:-1], 16, 3)
    rotation, shift = new_from_old[..., None, :3, :3], new_from_old[..., None, :3, 3]
    result = (rotation @ triples[..., None])[..., 0]
    # Of each hand's eight triples the second and third are directions, the others places.
    places = np.array([True, False, False, True, True, True, True, True] * 2)
    result[..., places, :] += shift
    return result.reshape(vector.shape)


def hands_in_camera(world_from_camera: np.ndarray, hands_in_world: np.ndarray) -> np.ndarray:
    """Return vectors (..., 48) in the frame of a camera (..., 4, 4): one camera for a chunk, or one for each row."""
    return to_frame(_inverse(world_from_camera), hands_in_world)


def steps_of(vectors: np.ndarray) -> np.ndarray:
    """Return the steps (..., T, 48) between consecutive vectors (..., T + 1, 48) of one frame."""
    wrists, tips = unpack_hands(vectors)
    turns = wrists[..., 1:, :, :3, :3] @ np.swapaxes(wrists[..., :-1, :, :3, :3], -1, -2)
    moves = np.diff(wrists[..., :3, 3], axis=-3)
    slides = np.diff(tips, axis=-4)
    parts = [moves, _rpy(turns), np.zeros_like(moves), slides.reshape(*slides.shape[:-2], 15)]
    return np.concatenate(parts, axis=-1).reshape(*moves.shape[:-2], HUMAN_HANDS.size)


def hands_and_steps(world_from_camera: np.ndarray, world: np.ndarray, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Return hands and their steps over the next `frames` frames, both (N - frames, 48) float32.

    Given are N cameras (N, 4, 4) and hands (N, 48) in the world; each row is seen from the camera of its frame.
    """
    cameras = world_from_camera[:-frames]
    ends = np.stack([hands_in_camera(cameras, hands) for hands in (world[:-frames], world[frames:])], axis=1)
    return ends[:, 0].astype(np.float32), steps_of(ends)[:, 0].astype(np.float32)


def follow_steps(first: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return the vectors (..., T + 1, 48) that begin with `first` (..., 48) and go on by `steps` (..., T, 48)."""
    rows = [first]
    halves = steps.reshape(*steps.shape[:-1], 2, _HALF)
    for index in range(steps.shape[-2]):
        step = halves[..., index, :, :]
        wrists, tips = unpack_hands(rows[-1])
        roll, pitch, yaw = (step[..., column] for column in (3, 4, 5))
        wrists[..., :3, :3] = turn(2, yaw) @ turn(1, pitch) @ turn(0, roll) @ wrists[..., :3, :3]
        wrists[..., :3, 3] += step[..., :3]
        rows.append(pack_hands(wrists, tips + step[..., 9:].reshape(tips.shape)))
    return np.stack(rows, axis=-2)


def _rpy(rotation: np.ndarray) -> np.ndarray:
    """Return (..., 3) roll, pitch, yaw (rad) about the fixed axes of rotations (..., 3, 3)."""
    roll = np.arctan2(rotation[..., 2, 1], rotation[..., 2, 2])
    pitch = np.arcsin(np.clip(-rotation[..., 2, 0], -1.0, 1.0))
    yaw = np.arctan2(rotation[..., 1, 0], rotation[..., 0, 0])
    return np.stack([roll, pitch, yaw], axis=-1)


def _inverse(pose: np.ndarray) -> np.ndarray:
    result = np.zeros(pose.shape, pose.dtype)
    back = np.swapaxes(pose[..., :3, :3], -1, -2)
    result[..., :3, :3], result[..., 3, 3] = back, 1.0
    result[..., :3, 3] = -(back @ pose[..., :3, 3, None])[..., 0]
    return result
