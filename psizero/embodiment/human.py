"""The human of egocentric video: the 68 joints that EgoDex tracks, body sizes, and where each joint is.

World: as in `sim`, x ahead, y left, z up. EgoDex's world is that of ARKit, y up:
`ARKIT_FROM_WORLD` leads there. Camera: x right, y down, z into the picture.
N is the number of frames of a motion.

Sources: joint names, frames and camera of EgoDex: its paper (arXiv 2505.11709, A.3) and the
reference implementation of Psi0. Axes of the wrists: yjang43/egodex-retargeting, which turns the
right one into MANO's; they are not told by EgoDex itself. Lengths as shares of a person's height:
Drillis and Contini 1966, as tabled by Winter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from psizero.embodiment.human_hand import FINGERS, SIDES, HandSize, finger_frames, turn

CAMERA = "camera"
_FINGER_JOINTS = {
    "thumb": ("ThumbKnuckle", "ThumbIntermediateBase", "ThumbIntermediateTip", "ThumbTip"),
    **{
        finger: tuple(
            f"{finger.capitalize()}Finger{part}" for part in ("Knuckle", "IntermediateBase", "IntermediateTip", "Tip")
        )
        for finger in FINGERS[1:]
    },
}


def hand_joints(side: str) -> tuple[str, ...]:
    """Return EgoDex's names of the 25 joints of one hand: wrist, palm bones, then fingers from knuckle to tip."""
    palm = tuple(f"{side}{finger.capitalize()}FingerMetacarpal" for finger in FINGERS[1:])
    return (f"{side}Hand", *palm, *(f"{side}{part}" for finger in FINGERS for part in _FINGER_JOINTS[finger]))


def fingertips(side: str) -> tuple[str, ...]:
    """Return EgoDex's names of the five fingertips of one hand, thumb to little finger."""
    return tuple(f"{side}{_FINGER_JOINTS[finger][-1]}" for finger in FINGERS)


_TRUNK = ("hip", *(f"spine{i}" for i in range(1, 8)), *(f"neck{i}" for i in range(1, 5)))
JOINTS = (
    *_TRUNK,
    *(f"{side}{part}" for side in SIDES for part in ("Shoulder", "Arm", "Forearm")),
    *(name for side in SIDES for name in hand_joints(side)),
)
"""The 68 joints; `leftHand` is the left wrist."""

ARKIT_FROM_WORLD = np.array([[0.0, -1, 0, 0], [0, 0, 1, 0], [-1, 0, 0, 0], [0, 0, 0, 1]])
"""From our world (x ahead, z up) to one with x right, y up and z back."""
_BONE_FROM_EGODEX = {
    # Columns: EgoDex's axes in the bone's frame. Left: x to the fingers, y out of the palm; right: both reversed.
    "left": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "right": np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]]),
}
CAMERA_IN_HEAD = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])
"""Columns: the camera's axes in a frame with x ahead and z up."""
_REACH = 0.985
"""Share of an arm's length at which the shoulder gives, not the elbow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanSize:
    """How large a person is."""

    height: float = 1.70
    """From the floor to the top of the head (m)."""
    arm_scale: float = 1.0
    """Length of the arms against the average of this height."""
    hand_scale: float = 1.0
    """Length of the hands likewise."""

    @property
    def upper_arm(self) -> float:
        """Shoulder to elbow (m)."""
        return 0.186 * self.height * self.arm_scale

    @property
    def forearm(self) -> float:
        """Elbow to wrist (m)."""
        return 0.146 * self.height * self.arm_scale

    @property
    def trunk(self) -> float:
        """Hip to the level of the shoulders (m)."""
        return 0.288 * self.height

    @property
    def half_shoulders(self) -> float:
        """Middle to shoulder joint (m)."""
        return 0.115 * self.height

    def hand(self, side: str) -> HandSize:
        """Return the size of one hand."""
        return HandSize(side=side, length=0.108 * self.height * self.hand_scale)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HumanMotion:
    """N frames of a person: what the person decides; all other joints follow."""

    world_from_hip: np.ndarray
    """(N, 4, 4) middle of the hips: x ahead, z up."""
    lean: np.ndarray
    """(N,) how far the trunk bends forward (rad)."""
    world_from_head: np.ndarray
    """(N, 3, 3) turn of the head: x where it looks, z up."""
    world_from_wrist: Mapping[str, np.ndarray]
    """(N, 4, 4) by side, in the frame of the hand's bones (`human_hand`)."""
    fingers: Mapping[str, np.ndarray]
    """(N, 5, 4) rad by side, as `finger_frames` takes them."""

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.lean)


def shoulders(size: HumanSize, world_from_hip: np.ndarray, lean: np.ndarray) -> dict[str, np.ndarray]:
    """Return where both shoulder joints are (N, 3), by side, when nothing pulls at them (m)."""
    trunk = _trunk(world_from_hip, lean)
    aside = {"left": size.half_shoulders, "right": -size.half_shoulders}
    return {side: _apply(trunk, np.array([0.0, y, size.trunk - 0.01])) for side, y in aside.items()}


def human_joints(size: HumanSize, motion: HumanMotion) -> dict[str, np.ndarray]:
    """Return `world_from_joint` (N, 4, 4) of all 68 joints and of the head camera, under EgoDex's names.

    Wrists are exactly where the motion has them: a shoulder gives when an arm is too short.
    Joints of the trunk and arms have x along the bone; only their places are EgoDex's.
    """
    trunk = _trunk(motion.world_from_hip, motion.lean)
    result = {"hip": _pose(motion.world_from_hip[:, :3, :3], trunk[:, :3, 3])}
    upright = trunk[:, :3, :3] @ turn(1, np.array(-np.pi / 2))
    for index in range(1, 8):
        result[f"spine{index}"] = _pose(upright, _apply(trunk, np.array([0, 0, index / 7 * size.trunk])))
    eyes = _eyes(size, trunk, motion.world_from_head)
    neck = _apply(trunk, np.array([0.0, 0.0, size.trunk]))
    top = eyes - motion.world_from_head @ np.array([0.09, 0.0, 0.0])
    for index in range(1, 5):
        result[f"neck{index}"] = _pose(upright, neck + index / 4 * (top - neck))
    result[CAMERA] = _pose(motion.world_from_head @ CAMERA_IN_HEAD, eyes)
    free = shoulders(size, motion.world_from_hip, motion.lean)
    for side in SIDES:
        wrist = motion.world_from_wrist[side]
        result |= _arm(size, side, trunk, free[side], wrist[:, :3, 3])
        result |= _hand(size.hand(side), wrist, motion.fingers[side])
    return {name: result[name] for name in (CAMERA, *JOINTS)}


def bones_of_wrist(side: str, world_from_wrist: np.ndarray) -> np.ndarray:
    """Return the frame of the hand's bones (..., 4, 4), from the pose of one of the hand's joints in EgoDex."""
    result = world_from_wrist.copy()
    result[..., :3, :3] = world_from_wrist[..., :3, :3] @ _BONE_FROM_EGODEX[side].T
    return result


def wrist_of_bones(side: str, world_from_bones: np.ndarray) -> np.ndarray:
    """Undo `bones_of_wrist`: return the pose of one of the hand's joints in EgoDex (..., 4, 4)."""
    result = world_from_bones.copy()
    result[..., :3, :3] = world_from_bones[..., :3, :3] @ _BONE_FROM_EGODEX[side]
    return result


def _eyes(size: HumanSize, trunk: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Return (N, 3): the eyes are 0.118 of the height over the shoulders, half of it above the head's pivot."""
    pivot = _apply(trunk, np.array([0.0, 0.0, size.trunk + 0.055 * size.height]))
    return pivot + head @ np.array([0.09, 0.0, 0.063 * size.height])


def _arm(
    size: HumanSize, side: str, trunk: np.ndarray, shoulder: np.ndarray, wrist: np.ndarray
) -> dict[str, np.ndarray]:
    """Return collar bone, shoulder and elbow of one arm that ends at `wrist` (N, 3)."""
    upper, fore = size.upper_arm, size.forearm
    way = wrist - shoulder
    distance = np.linalg.norm(way, axis=-1, keepdims=True)
    towards = way / distance
    shoulder = shoulder + towards * np.maximum(distance - _REACH * (upper + fore), 0.0)
    distance = np.minimum(distance, _REACH * (upper + fore))
    along = (upper**2 - fore**2 + distance**2) / (2 * distance)
    aside = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    # Elbows hang down and a little outward.
    hang = trunk[:, :3, :3] @ np.array([-0.2, 0.9 if side == "left" else -0.9, -1.0])
    hang = hang - np.sum(hang * towards, axis=-1, keepdims=True) * towards
    hang /= np.linalg.norm(hang, axis=-1, keepdims=True)
    elbow = shoulder + along * towards + aside * hang
    collar = _apply(trunk, np.array([0.0, 0.02 if side == "left" else -0.02, size.trunk - 0.01]))
    return {
        f"{side}Shoulder": _pose(_looking(shoulder - collar, hang), collar),
        f"{side}Arm": _pose(_looking(elbow - shoulder, hang), shoulder),
        f"{side}Forearm": _pose(_looking(wrist - elbow, hang), elbow),
    }


def _hand(hand: HandSize, world_from_wrist: np.ndarray, angles: np.ndarray) -> dict[str, np.ndarray]:
    """Return the 25 joints of one hand with EgoDex's axes."""
    names = iter(hand_joints(hand.side))
    result = {next(names): world_from_wrist.copy()}
    for root, knuckle in zip(hand.roots, hand.knuckles[1:], strict=True):
        in_wrist = _pose(_looking((knuckle - root)[None], np.array([[0.0, 0.0, -1.0]])), root[None])
        result[next(names)] = world_from_wrist @ in_wrist
    frames = finger_frames(hand, angles)
    for finger in range(5):
        for joint in range(4):
            result[next(names)] = world_from_wrist @ frames[:, finger, joint]
    for pose in result.values():
        pose[:, :3, :3] = pose[:, :3, :3] @ _BONE_FROM_EGODEX[hand.side]
    return result


def _trunk(world_from_hip: np.ndarray, lean: np.ndarray) -> np.ndarray:
    return _pose(world_from_hip[:, :3, :3] @ turn(1, lean), world_from_hip[:, :3, 3])


def _apply(frame: np.ndarray, point: np.ndarray) -> np.ndarray:
    return frame[..., :3, :3] @ point + frame[..., :3, 3]


def _looking(ahead: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Return (N, 3, 3) frames with x along `ahead` and z away from `down`, both (N, 3)."""
    x = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
    z = -(down - np.sum(down * x, axis=-1, keepdims=True) * x)
    z /= np.linalg.norm(z, axis=-1, keepdims=True)
    return np.stack([x, np.cross(z, x), z], axis=-1)


def _pose(rotation: np.ndarray, place: np.ndarray) -> np.ndarray:
    result = np.zeros((len(place), 4, 4))
    result[:, :3, :3], result[:, :3, 3], result[:, 3, 3] = rotation, place, 1.0
    return result
