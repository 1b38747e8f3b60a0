import mujoco
import numpy as np

from psizero.embodiment.g1 import G1
from psizero.embodiment.kinematics import BatchKinematics
from psizero.embodiment.mjcf import robot_model


def test_it_agrees_with_mujoco_for_any_joint_angles() -> None:
    model = robot_model(G1)
    data = mujoco.MjData(model)
    q = np.random.default_rng(0).uniform(G1.column("lower"), G1.column("upper"), (5, len(G1.joints)))
    pose = BatchKinematics(G1, G1.joint_names).solve(q)
    for index, row in enumerate(q):
        data.qpos[:7] = (0, 0, 0, 1, 0, 0, 0)
        for name, angle in zip(G1.joint_names, row, strict=True):
            data.qpos[model.joint(name).qposadr[0]] = angle
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        for site in ("left_foot", "right_foot", "left_palm", "imu_in_torso"):
            np.testing.assert_allclose(pose.site(site)[:, index], data.site(site).xpos, atol=1e-6)
        np.testing.assert_allclose(pose.com()[:, index], data.subtree_com[1], atol=1e-6)
        for body in ("left_knee_link", "torso_link", "right_hand_index_1_link"):
            np.testing.assert_allclose(pose.position(body)[:, index], data.body(body).xpos, atol=1e-6)
            np.testing.assert_allclose(pose.rotation(body)[:, :, index], data.body(body).xmat.reshape(3, 3), atol=1e-6)


def test_joints_that_are_left_out_stay_at_rest_and_weigh_what_they_weigh() -> None:
    few = tuple(name for name in G1.joint_names if "hand" not in name)
    place = {name: index for index, name in enumerate(G1.joint_names)}
    rest = G1.column("rest")
    part = BatchKinematics(G1, few).solve(rest[None, [place[name] for name in few]])
    whole = BatchKinematics(G1, G1.joint_names).solve(rest[None])
    np.testing.assert_allclose(part.com(), whole.com(), atol=1e-12)
    assert BatchKinematics(G1, few).mass == BatchKinematics(G1, G1.joint_names).mass
