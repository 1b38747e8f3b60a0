import mujoco
import numpy as np
import pytest

from psizero.control.ik import IKConfig, IKResult, MultiTargetIK
from psizero.control.standing import StandingBalance
from psizero.embodiment.g1 import G1
from psizero.embodiment.mjcf import robot_model
from psizero.geometry import Pose, angle_between, exp, from_rpy, multiply
from psizero.types import WholeBodyTarget

DT = 1 / 60
LOWER, UPPER = G1.column("lower"), G1.column("upper")
CONFIG = IKConfig()
MODEL = robot_model(G1)
BALANCE = StandingBalance(G1)


@pytest.fixture
def ik() -> MultiTargetIK:
    return MultiTargetIK(G1)


def placed(positions: np.ndarray, torso: np.ndarray, height: float) -> mujoco.MjData:
    """The robot as the standing controller would place it, in the stance frame."""
    posture = BALANCE.solve(positions, torso, height)
    data = mujoco.MjData(MODEL)
    data.qpos[:7] = posture.pelvis
    for name, angle in zip(G1.joint_names, posture.positions, strict=True):
        data.joint(name).qpos[0] = angle
    mujoco.mj_kinematics(MODEL, data)
    return data


def wrist(data: mujoco.MjData, side: str) -> Pose:
    body = data.body(f"{side}_wrist_yaw_link")
    return Pose(body.xpos.copy(), body.xquat.copy())


def head(data: mujoco.MjData) -> Pose:
    quat = np.zeros(4)
    mujoco.mju_mat2Quat(quat, data.site("head").xmat)
    return Pose(data.site("head").xpos.copy(), quat)


def reachable(rng: np.random.Generator) -> WholeBodyTarget:
    """Head and wrists of a posture that the robot can take, arms before the body."""
    joints = G1.column("rest")
    for side, sign in (("left", 1), ("right", -1)):
        arm = G1.indices(f"{side}_arm")
        joints[arm] = (
            rng.uniform(-0.6, 0.2),
            sign * rng.uniform(0.1, 0.5),
            sign * rng.uniform(-0.3, 0.3),
            rng.uniform(-0.3, 0.6),
            *rng.uniform(-0.4, 0.4, size=3),
        )
    data = placed(joints, rng.uniform((-0.1, -0.1, -0.2), (0.1, 0.3, 0.2)), rng.uniform(0.68, 0.77))
    return WholeBodyTarget(
        stance_from_head=head(data),
        stance_from_left_wrist=wrist(data, "left"),
        stance_from_right_wrist=wrist(data, "right"),
    )


def follow(ik: MultiTargetIK, target: WholeBodyTarget, steps: int) -> list[IKResult]:
    return [ik.solve(target, DT) for _ in range(steps)]


def test_reachable_wrists_are_reached_by_the_robot_that_stands(ik):
    rng = np.random.default_rng(0)
    for _ in range(8):
        target = reachable(rng)
        result = follow(ik, target, 200)[-1]
        data = placed(result.positions, result.torso_rpy, result.pelvis_height)
        for side, wish in (("left", target.stance_from_left_wrist), ("right", target.stance_from_right_wrist)):
            assert np.linalg.norm(wrist(data, side).position - wish.position) < 0.005
            assert angle_between(wrist(data, side).orientation, wish.orientation) < 0.05


def test_it_squats_as_low_as_the_lower_body_can():
    target = WholeBodyTarget(pelvis_height=0.4)
    for heights, lowest in (((0.6, 0.78), 0.6), ((0.48, 0.78), 0.48)):
        result = follow(MultiTargetIK(G1, heights=heights), target, 200)[-1]
        assert result.pelvis_height == pytest.approx(lowest, abs=0.01)


def test_ranges_speeds_and_accelerations_hold_even_for_wild_targets(ik):
    rng = np.random.default_rng(1)
    results = []
    for _ in range(20):
        wild = [
            Pose(rng.normal(size=3) * (1, 1, 1) + (0, 0, 0.8), multiply(exp(rng.normal(size=3)), from_rpy(0, 0, 0)))
            for _ in range(3)
        ]
        target = WholeBodyTarget(
            stance_from_head=wild[0],
            stance_from_left_wrist=wild[1],
            stance_from_right_wrist=wild[2],
            left_fingers=rng.normal(size=7) * 3,
            pelvis_height=float(rng.uniform(0.2, 1.2)),
            torso_rpy=rng.normal(size=3),
        )
        results += follow(ik, target, int(rng.integers(1, 40)))
    places = np.array([result.positions for result in results])
    assert np.all((places >= LOWER) & (places <= UPPER))
    speeds = np.diff(places, axis=0) / DT
    accelerations = np.diff(speeds, axis=0) / DT
    for group, speed, acceleration in (
        ("left_arm", CONFIG.arm_speed, CONFIG.arm_acceleration),
        ("right_arm", CONFIG.arm_speed, CONFIG.arm_acceleration),
        ("waist", CONFIG.body_speed, CONFIG.body_acceleration),
        ("left_hand", CONFIG.finger_speed, CONFIG.finger_acceleration),
    ):
        assert np.max(np.abs(speeds[:, G1.indices(group)])) <= speed + 1e-6
        assert np.max(np.abs(accelerations[:, G1.indices(group)])) <= acceleration + 1e-4


def test_an_unreachable_target_ends_in_calm_and_not_in_chatter(ik):
    far = WholeBodyTarget(
        stance_from_left_wrist=Pose(np.array([1.5, 0.3, 1.2])), stance_from_right_wrist=Pose(np.array([1.5, -0.3, 0.2]))
    )
    places = np.array([result.positions for result in follow(ik, far, 400)[-60:]])
    assert np.max(np.abs(np.diff(places, axis=0))) < 1e-3
    assert np.max(np.abs(np.diff(places, n=2, axis=0))) < 1e-4


def test_crossing_hands_do_not_touch(ik):
    for height in (0.85, 1.0):
        crossed = WholeBodyTarget(
            stance_from_left_wrist=Pose(np.array([0.2, -0.2, height])),
            stance_from_right_wrist=Pose(np.array([0.2, 0.2, height])),
        )
        for result in follow(ik, crossed, 240):
            data = placed(result.positions, result.torso_rpy, result.pelvis_height)
            for other in ("right_wrist_yaw_link_0", "right_wrist_pitch_link_0", "torso_link_0"):
                pair = MODEL.geom("left_wrist_yaw_link_0").id, MODEL.geom(other).id
                assert mujoco.mj_geomDistance(MODEL, data, *pair, 0.05, None) > 0.0


def test_torso_and_height_are_taken_as_asked(ik):
    torso = np.array([0.1, 0.3, -0.2])
    result = follow(ik, WholeBodyTarget(torso_rpy=torso, pelvis_height=0.68), 240)[-1]
    np.testing.assert_allclose(result.torso_rpy, torso, atol=0.03)
    assert result.pelvis_height == pytest.approx(0.68, abs=0.005)


def test_nothing_asked_means_nothing_moves(ik):
    start = ik.solve(WholeBodyTarget(), DT)
    result = follow(ik, WholeBodyTarget(), 120)[-1]
    np.testing.assert_allclose(result.positions, start.positions, atol=2e-3)


def test_a_start_outside_the_ranges_is_clamped(ik):
    ik.reset(G1.column("upper") + 1.0, np.zeros(3), 0.75)
    result = ik.solve(WholeBodyTarget(), DT)
    assert np.all((result.positions >= LOWER) & (result.positions <= UPPER))


def test_broken_wishes_are_as_good_as_none(ik):
    nan = Pose(np.full(3, np.nan))
    broken = WholeBodyTarget(
        stance_from_head=nan,
        stance_from_left_wrist=nan,
        left_fingers=np.full(7, np.inf),
        torso_rpy=np.full(3, np.nan),
        pelvis_height=float("nan"),
    )
    places = np.array([result.positions for result in follow(ik, broken, 60)])
    assert np.isfinite(places).all()
    assert follow(ik, reachable(np.random.default_rng(2)), 200)[-1].errors["left_wrist_yaw_link"] < 0.005


def test_the_same_targets_give_the_same_answers():
    targets = [reachable(np.random.default_rng(5)) for _ in range(3)]
    runs = [
        [follow(ik, target, 5)[-1].positions for target in targets] for ik in (MultiTargetIK(G1), MultiTargetIK(G1))
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
