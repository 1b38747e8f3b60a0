import mujoco
import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.control.standing import HEIGHT_RANGE, TORSO_LOWER, TORSO_UPPER, StandingBalance
from psizero.embodiment.g1 import G1
from psizero.embodiment.mjcf import robot_model
from psizero.geometry import angle_between, from_matrix, from_rpy

REST = G1.column("rest")
BALANCE = StandingBalance(G1)
MODEL = robot_model(G1)
ARMS = np.concatenate([G1.indices("left_arm"), G1.indices("right_arm")])


def placed(posture) -> mujoco.MjData:
    """The robot of a posture, in the stance frame."""
    data = mujoco.MjData(MODEL)
    data.qpos[:7] = posture.pelvis
    for name, angle in zip(G1.joint_names, posture.positions, strict=True):
        data.joint(name).qpos[0] = angle
    mujoco.mj_forward(MODEL, data)
    return data


def arms_reaching(seed: int) -> np.ndarray:
    """Arms somewhere in the middle half of their ranges."""
    lower, upper = G1.column("lower")[ARMS], G1.column("upper")[ARMS]
    joints = REST.copy()
    joints[ARMS] = np.random.default_rng(seed).uniform(0.75 * lower + 0.25 * upper, 0.25 * lower + 0.75 * upper)
    return joints


@given(
    seed=st.integers(0, 10_000),
    shares=st.tuples(*[st.floats(0.15, 0.85)] * 3),
    height=st.floats(0.65, 0.78),
)
def test_feet_stay_flat_and_the_weight_is_over_them(seed, shares, height):
    torso = TORSO_LOWER + np.array(shares) * (TORSO_UPPER - TORSO_LOWER)
    posture = BALANCE.solve(arms_reaching(seed), torso, height)
    data = placed(posture)
    for side, y in (("left", 1), ("right", -1)):
        foot = data.site(f"{side}_foot")
        np.testing.assert_allclose(foot.xpos, [0.0, y * 0.1185, 0.0], atol=1e-4)
        assert angle_between(from_matrix(foot.xmat.reshape(3, 3)), np.array([1.0, 0, 0, 0])) < 1e-3
    np.testing.assert_allclose(data.subtree_com[1][:2], 0.0, atol=1e-4)
    assert angle_between(data.body("torso_link").xquat, from_rpy(*torso)) < 1e-3


@given(height=st.floats(*HEIGHT_RANGE))
def test_an_upright_pelvis_is_as_high_as_it_is_told(height):
    assert BALANCE.solve(REST, np.zeros(3), height).pelvis[2] == pytest.approx(height)


def test_the_torques_hold_the_robot_against_gravity():
    posture = BALANCE.solve(arms_reaching(3), np.array([0.1, 0.3, 0.2]), 0.70)
    data = placed(posture)
    push = np.zeros(MODEL.nv)
    jacobian = np.zeros((3, MODEL.nv))
    for side in ("left", "right"):
        mujoco.mj_jacSite(MODEL, data, jacobian, None, MODEL.site(f"{side}_foot").id)
        push += 0.5 * 9.81 * MODEL.body_mass.sum() * jacobian[2]
    motors = np.zeros(MODEL.nv)
    motors[[MODEL.joint(name).dofadr[0] for name in G1.joint_names]] = posture.torques
    # What is left after gravity, motors and the floor is next to nothing, at the pelvis too.
    assert np.max(np.abs(data.qfrc_bias - push - motors)) < 0.1


def test_the_answer_does_not_depend_on_what_was_asked_before():
    first = BALANCE.solve(REST, np.array([0.0, 0.2, 0.1]), 0.72)
    BALANCE.solve(arms_reaching(1), np.array([0.3, -0.3, 0.9]), 0.61)
    again = BALANCE.solve(REST, np.array([0.0, 0.2, 0.1]), 0.72)
    np.testing.assert_array_equal(first.positions, again.positions)
    np.testing.assert_array_equal(first.torques, again.torques)


@given(seed=st.integers(0, 10_000), torso=st.tuples(*[st.floats(-9, 9)] * 3), height=st.floats(-5, 5))
def test_any_wish_gives_a_posture_within_the_joint_ranges(seed, torso, height):
    rng = np.random.default_rng(seed)
    posture = BALANCE.solve(rng.uniform(G1.column("lower"), G1.column("upper")), np.array(torso), height)
    assert np.all(posture.positions >= G1.column("lower"))
    assert np.all(posture.positions <= G1.column("upper"))
    assert np.isfinite(posture.torques).all()
