"""Where a G1's hands are, in the hand space of human video."""

import mujoco
import numpy as np

from psizero.embodiment.g1 import G1
from psizero.embodiment.g1_hands import KNOWN, hands_of_g1
from psizero.embodiment.hand_space import hands_and_steps, hands_in_camera, unpack_hands
from psizero.embodiment.human import CAMERA_IN_HEAD, bones_of_wrist
from psizero.embodiment.human_hand import SIDES
from psizero.embodiment.layout import HUMAN_HANDS, PSI0_STATE
from psizero.embodiment.mjcf import robot_model

PARTS = ("left_hand", "right_hand", "left_arm", "right_arm")
AT_REST = {"torso_rpy": np.zeros(3), "pelvis_height": [0.75]}


def state_of(joints, **trunk):
    values = {part: joints[G1.indices(part)] for part in PARTS}
    return PSI0_STATE.pack({**values, **AT_REST, **trunk})


def seen(states):
    """Hands in the robot's own camera: wrists (N, 2, 4, 4), fingertips (N, 2, 5, 3)."""
    camera, hands = hands_of_g1(np.stack(states))
    return unpack_hands(hands_in_camera(camera, hands))


def test_hands_are_where_mujoco_has_them_seen_from_the_camera():
    model = robot_model(G1)
    data = mujoco.MjData(model)
    rng = np.random.default_rng(0)
    joints = rng.uniform(G1.column("lower"), G1.column("upper"))
    joints[G1.indices("waist")] = 0.0
    data.qpos[:7] = (0, 0, 0.75, 1, 0, 0, 0)
    for name, angle in zip(G1.joint_names, joints, strict=True):
        data.qpos[model.joint(name).qposadr[0]] = angle
    mujoco.mj_kinematics(model, data)
    eye = data.site("head")
    camera = eye.xmat.reshape(3, 3) @ CAMERA_IN_HEAD
    (wrists,), (tips,) = seen([state_of(joints)])
    for number, side in enumerate(SIDES):
        expected = camera.T @ (data.body(f"{side}_wrist_yaw_link").xpos - eye.xpos)
        np.testing.assert_allclose(wrists[number, :3, 3], expected, atol=1e-5)
        for place, (link, end) in enumerate((("thumb_2", (0, -0.041, 0)), ("index_1", (0.041, 0, 0)))):
            body = data.body(f"{side}_hand_{link}_link")
            offset = np.array(end) * (1, 1 if side == "left" else -1, 1)
            expected = camera.T @ (body.xpos + body.xmat.reshape(3, 3) @ offset - eye.xpos)
            np.testing.assert_allclose(tips[number, place], expected, atol=1e-5)


def test_a_wrist_has_the_axes_of_a_persons():
    joints = G1.column("rest")
    bent = joints.copy()
    for side, sign in (("left", -1.0), ("right", 1.0)):
        bent[[G1.joint_names.index(f"{side}_hand_{part}_joint") for part in ("index_0", "middle_0")]] = 0.5 * sign
    wrists, tips = seen([state_of(joints), state_of(bent)])
    for number, side in enumerate(SIDES):
        camera_from_bones = bones_of_wrist(side, wrists[0, number])
        straight, curled = (
            (tips[row, number] - camera_from_bones[:3, 3]) @ camera_from_bones[:3, :3] for row in (0, 1)
        )
        index, middle = straight[1], straight[2]
        assert index[0] > 0.15 and middle[0] > 0.15, "x goes to the fingers"
        assert curled[1, 2] < index[2] - 0.02, "fingers bend away from z, the back of the hand"
        thumb_side = 1 if side == "right" else -1
        assert (index[1] - middle[1]) * thumb_side > 0.05, "y goes to the thumb's side on the right, away on the left"


def test_leaning_moves_hands_in_the_world_and_not_in_the_camera():
    joints = G1.column("rest")
    upright, leaning = state_of(joints), state_of(joints, torso_rpy=[0.0, 0.2, 0.0])
    camera, hands = hands_of_g1(np.stack([upright, leaning]))
    in_camera = hands_in_camera(camera, hands)
    np.testing.assert_allclose(in_camera[0], in_camera[1], atol=1e-6)
    _, steps = hands_and_steps(camera, hands, 1)
    turns = HUMAN_HANDS.size // 2 * np.arange(2)[:, None] + np.arange(3, 6)
    np.testing.assert_allclose(np.linalg.norm(steps[0][turns], axis=1), 0.2, atol=1e-3)


def test_ring_and_little_finger_are_not_known():
    names = [name for name, known in zip(HUMAN_HANDS.names, KNOWN, strict=True) if not known]
    assert len(names) == 12 and all("ring" in name or "little" in name for name in names)
