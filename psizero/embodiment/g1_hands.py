"""The hands of a G1 in the space of human hands: the same 48 numbers, seen from its own head camera.

Where they are follows from the joints that a policy is told (`layout.PSI0_STATE`): arms and fingers
by forward kinematics, the trunk by its angles and the pelvis's height. The trunk is taken to turn about
one point over the pelvis; how the pelvis walks, tilts and sways is in no state, so it is left out.

The wrist is the last link of the arm, with the axes that EgoDex gives to a person's. Dex3 has a thumb, an
index and a middle finger: ring and little finger have no counterpart, and `KNOWN` says so.

N is the number of frames.
"""

import numpy as np

from psizero.embodiment.g1 import G1
from psizero.embodiment.hand_space import pack_hands, to_frame
from psizero.embodiment.human import CAMERA_IN_HEAD, wrist_of_bones
from psizero.embodiment.human_hand import FINGERS, SIDES, turn
from psizero.embodiment.kinematics import BatchKinematics, BatchPose
from psizero.embodiment.layout import HUMAN_HANDS, PSI0_STATE
from psizero.geometry import from_rpy, to_matrix

_PARTS = ("left_hand", "right_hand", "left_arm", "right_arm")
_LAST_LINKS = {"thumb": "thumb_2", "index": "index_1", "middle": "middle_1"}
_MISSING = tuple(finger for finger in FINGERS if finger not in _LAST_LINKS)
_BONES_IN_WRIST = {
    # Columns: x to the fingers, y across the palm, z out of its back; z of the link points to the index finger.
    "left": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "right": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
}
_KINEMATICS = BatchKinematics(
    G1, tuple(name for part in _PARTS for name in G1.groups[part]), only="waist|torso|shoulder|elbow|wrist|hand"
)
_TIPS = {body.name: np.array(body.shapes[-1].place[3:]) for body in G1.bodies if "_hand_" in body.name}
"""Where the capsule of each finger's link ends, in the link's frame (m)."""

KNOWN = np.array([not any(finger in name for finger in _MISSING) for name in HUMAN_HANDS.names])
"""(48,) bool: which numbers of the hand space a G1 with Dex3 hands has; those of a step are the same ones."""


def hands_of_g1(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `stance_from_camera` (N, 4, 4) and the hands (N, 48) in the stance frame, of states (N, 32).

    In place of the fingers that the robot lacks stands its middle finger.
    """
    state = state.astype(np.float64)
    pose = _KINEMATICS.solve(np.concatenate([PSI0_STATE.get(state, part) for part in _PARTS], axis=1))
    stance_from_torso = _poses(len(state))
    roll, pitch, yaw = PSI0_STATE.get(state, "torso_rpy").T
    stance_from_torso[:, :3, :3] = turn(2, yaw) @ turn(1, pitch) @ turn(0, roll)
    stance_from_torso[:, 2, 3] = PSI0_STATE.get(state, "pelvis_height")[:, 0]
    torso_from_pelvis = np.linalg.inv(_link(pose, "torso_link"))
    torso_from_camera = np.eye(4)
    torso_from_camera[:3, :3] = to_matrix(from_rpy(*G1.head_camera.rpy)) @ CAMERA_IN_HEAD
    torso_from_camera[:3, 3] = G1.head_camera.position
    hands = to_frame(stance_from_torso @ torso_from_pelvis, _hands_in_pelvis(pose))
    return stance_from_torso @ torso_from_camera, hands


def _hands_in_pelvis(pose: BatchPose) -> np.ndarray:
    wrists, tips = [], []
    for side in SIDES:
        link = _link(pose, f"{side}_wrist_yaw_link")
        link[:, :3, :3] = link[:, :3, :3] @ _BONES_IN_WRIST[side]
        wrists.append(wrist_of_bones(side, link))
        fingers = [f"{side}_hand_{_LAST_LINKS.get(finger, _LAST_LINKS['middle'])}_link" for finger in FINGERS]
        tips.append(np.stack([_apply(_link(pose, name), _TIPS[name]) for name in fingers], axis=1))
    return pack_hands(np.stack(wrists, axis=1), np.stack(tips, axis=1))


def _link(pose: BatchPose, body: str) -> np.ndarray:
    """Return `pelvis_from_body` (N, 4, 4)."""
    place = pose.position(body)
    result = _poses(place.shape[1])
    result[:, :3, :3], result[:, :3, 3] = np.moveaxis(pose.rotation(body), -1, 0), place.T
    return result


def _poses(count: int) -> np.ndarray:
    return np.tile(np.eye(4), (count, 1, 1))


def _apply(frame: np.ndarray, point: np.ndarray) -> np.ndarray:
    return frame[:, :3, :3] @ point + frame[:, :3, 3]
