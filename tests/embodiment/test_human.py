"""A person's joints: where people have them, under EgoDex's names, for tracked hands too."""

import numpy as np
import pytest

from psizero.embodiment.hand_space import hands_of, unpack_hands
from psizero.embodiment.human import CAMERA, JOINTS, HumanMotion, HumanSize, bones_of_wrist, hand_joints, human_joints
from psizero.embodiment.human_hand import SIDES, HandSize, finger_frames, pose_of_points


def bones_between(points: np.ndarray) -> np.ndarray:
    """(N, 5, 3, 3) directions of the bones of (N, 21, 3) points, each of length 1."""
    bones = np.diff(points[:, 1:].reshape(-1, 5, 4, 3), axis=2)
    return bones / np.linalg.norm(bones, axis=-1, keepdims=True)


def points_of(hand: HandSize, angles: np.ndarray) -> np.ndarray:
    """(N, 21, 3) in MediaPipe's order, in the wrist's frame."""
    places = finger_frames(hand, angles)[..., :3, 3].reshape(len(angles), 20, 3)
    return np.concatenate([np.zeros((len(angles), 1, 3)), places], axis=1)


def drawn_motion(count: int) -> HumanMotion:
    rng = np.random.default_rng(0)
    still = np.repeat(np.eye(4)[None], count, axis=0)
    hip, wrists = still.copy(), {side: still.copy() for side in SIDES}
    hip[:, 2, 3] = 0.55
    for side, sign in (("left", 1), ("right", -1)):
        wrists[side][:, :3, 3] = (0.35, 0.2 * sign, 0.85)
        wrists[side][:, :3, 3] += rng.uniform(-0.15, 0.15, (count, 3))
    angles = {side: rng.uniform(0.0, 0.8, (count, 5, 4)) for side in SIDES}
    return HumanMotion(
        world_from_hip=hip,
        lean=np.full(count, 0.2),
        world_from_head=still[:, :3, :3],
        world_from_wrist=wrists,
        fingers=angles,
    )


def test_there_are_68_joints_25_of_them_on_each_hand():
    assert len(set(JOINTS)) == 68
    assert all(len(hand_joints(side)) == 25 and set(hand_joints(side)) <= set(JOINTS) for side in SIDES)


def test_limbs_keep_their_lengths_and_every_pose_is_rigid():
    size = HumanSize(height=1.6)
    joints = human_joints(size, drawn_motion(20))
    assert set(joints) == {CAMERA, *JOINTS}
    for side in SIDES:
        arm, elbow, wrist = (joints[f"{side}{part}"][:, :3, 3] for part in ("Arm", "Forearm", "Hand"))
        np.testing.assert_allclose(np.linalg.norm(elbow - arm, axis=-1), size.upper_arm)
        np.testing.assert_allclose(np.linalg.norm(wrist - elbow, axis=-1), size.forearm)
        assert (elbow[:, 2] < arm[:, 2]).all()
    for pose in joints.values():
        np.testing.assert_allclose(
            pose[:, :3, :3] @ np.swapaxes(pose[:, :3, :3], 1, 2), np.tile(np.eye(3), (20, 1, 1)), atol=1e-9
        )
        np.testing.assert_allclose(np.linalg.det(pose[:, :3, :3]), 1.0)


def test_hands_are_mirror_images_and_their_wrists_have_the_axes_of_egodex():
    size, motion = HumanSize(), drawn_motion(3)
    for side in SIDES:
        pose = np.repeat(np.eye(4)[None], 3, axis=0)
        pose[:, 1, 3] = 0.2 if side == "left" else -0.2
        motion.world_from_wrist[side][:] = pose
        motion.fingers[side][:] = motion.fingers["left"]
    joints = human_joints(size, motion)
    mirror = np.array([1.0, -1.0, 1.0])
    for left, right in zip(hand_joints("left"), hand_joints("right"), strict=True):
        np.testing.assert_allclose(joints[left][:, :3, 3], joints[right][:, :3, 3] * mirror, atol=1e-12)
    # With palms down and fingers ahead: the left x points to the fingers, the right one away; both z to the left.
    assert joints["leftHand"][0, :3, 0].tolist() == [1, 0, 0] and joints["rightHand"][0, :3, 0].tolist() == [-1, 0, 0]
    assert joints["leftHand"][0, :3, 1].tolist() == [0, 0, -1] and joints["rightHand"][0, :3, 1].tolist() == [0, 0, 1]
    for side in SIDES:
        np.testing.assert_allclose(
            bones_of_wrist(side, joints[f"{side}Hand"]), motion.world_from_wrist[side], atol=1e-12
        )


def test_a_bent_finger_goes_to_the_palm():
    bent, straight = np.full((1, 5, 4), 0.6), np.zeros((1, 5, 4))
    for side in SIDES:
        hand = HandSize(side=side)
        tips = [finger_frames(hand, angles)[0, 1:, 3, 2, 3] for angles in (bent, straight)]
        assert (tips[0] < tips[1] - 0.03).all()


@pytest.mark.parametrize("side", SIDES)
def test_angles_are_found_again_from_points(side):
    rng = np.random.default_rng(1)
    angles = rng.uniform(0.0, 1.2, (60, 5, 4))
    angles[:, :, 0] = rng.uniform(-0.2, 0.2, (60, 5))
    hand = HandSize(side=side)
    _, found = pose_of_points(hand, points_of(hand, angles))
    np.testing.assert_allclose(found[:, 1:], angles[:, 1:], atol=1e-6)
    np.testing.assert_allclose(found[:, 0], angles[:, 0], atol=0.03)  # thumbs are searched in steps of 2 degrees


def test_a_tracked_hand_drives_ours_and_passes_through_48_numbers(shared_data):
    tracked = np.load(shared_data / "hands" / "webcam_right_hand_joints.npz")["joints_m"].astype(np.float64)
    hand = HandSize(side="right")
    turned, angles = pose_of_points(hand, tracked)
    assert len(tracked) == 621 and np.isfinite(angles).all()
    own = points_of(hand, angles) @ np.swapaxes(turned, 1, 2)
    cosine = np.sum(bones_between(own) * bones_between(tracked), axis=-1)
    missed = np.rad2deg(np.median(np.arccos(np.clip(cosine, -1, 1)), axis=0))  # (5, 3)
    # Hinges cannot follow a noisy tracker everywhere; the thumb's twist is not a joint of ours.
    assert missed[1:].max() < 10.0 and missed[0].max() < 20.0

    motion = drawn_motion(621)
    motion.fingers["right"][:] = angles
    motion.world_from_wrist["right"][:, :3, :3] = turned
    joints = human_joints(HumanSize(), motion)
    wrists, tips = unpack_hands(hands_of(joints))
    np.testing.assert_allclose(wrists[:, 1], joints["rightHand"], atol=1e-12)
    np.testing.assert_allclose(tips[:, 1, 1], joints["rightIndexFingerTip"][:, :3, 3], atol=1e-12)
