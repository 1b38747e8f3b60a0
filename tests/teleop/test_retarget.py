from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from psizero.geometry import Pose, from_rpy
from psizero.teleop.calibration import Calibration
from psizero.teleop.operator import OperatorFrame
from psizero.teleop.retarget import Retargeter

CALIBRATION = Calibration.draw(np.random.default_rng(0))
PERIOD = 1 / 60


def frame(time: float, reach: float = 0.3, engaged: bool = True) -> OperatorFrame:
    """A person whose wrists are so far ahead that the robot's are `reach` (m) ahead."""

    def mine(x: float, y: float, z: float) -> Pose:
        return CALIBRATION.operator_from_stance(Pose(np.array([x, y, z])))

    return OperatorFrame(
        time=time,
        head=mine(0.04, 0.0, 1.22),
        left_wrist=mine(reach, 0.2, 0.9),
        right_wrist=mine(reach, -0.2, 0.9),
        left_curl=np.zeros(3),
        right_curl=np.array([1.0, 1.0, 1.0, 0.5]),
        engaged=engaged,
    )


@pytest.fixture
def retargeter() -> Retargeter:
    return Retargeter(CALIBRATION)


def wrist(target) -> np.ndarray:
    assert target.stance_from_left_wrist is not None
    return target.stance_from_left_wrist.position


def test_the_person_s_size_and_place_are_gone(retargeter):
    target = retargeter.retarget(frame(1.0), 1.0)
    np.testing.assert_allclose(wrist(target), (0.3, 0.2, 0.9), atol=1e-9)
    assert target.stance_from_head is not None
    np.testing.assert_allclose(target.stance_from_head.position, (0.04, 0.0, 1.22), atol=1e-9)
    assert retargeter.refused == ""


def test_before_the_first_frame_the_robot_stays_as_it_is(retargeter):
    target = retargeter.retarget(None, 0.0)
    assert target.stance_from_left_wrist is None
    assert target.stance_from_head is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"time": 0.5}, "old"),
        ({"time": 9.0}, "old"),
        ({"time": float("nan")}, "old"),
        ({"left_wrist": Pose()}, "left_wrist is not tracked"),
        ({"head": Pose(np.array([0.0, np.nan, 1.0]))}, "head is not a pose"),
        ({"right_wrist": Pose(np.ones(3), np.zeros(4))}, "right_wrist is not a pose"),
        ({"right_wrist": Pose(np.array([3.0, 0.0, 1.0]))}, "right_wrist jumped"),
        ({"left_curl": np.zeros(5)}, "curl"),
        ({"left_curl": np.full(3, np.nan)}, "curl"),
        ({"base_velocity": np.zeros(2)}, "base_velocity"),
        ({"base_velocity": np.array([np.inf, 0.0, 0.0])}, "base_velocity"),
    ],
)
def test_a_frame_that_cannot_be_true_changes_nothing(retargeter, changes, why):
    before = retargeter.retarget(frame(1.0), 1.0)
    after = retargeter.retarget(replace(frame(1.0 + PERIOD), **changes), 1.0 + PERIOD)
    assert why in retargeter.refused
    assert after is before
    assert retargeter.retarget(frame(1.0 + 2 * PERIOD), 1.0 + 2 * PERIOD) is not before


def test_the_robot_goes_on_from_where_it_is_after_the_clutch_was_open(retargeter):
    before = wrist(retargeter.retarget(frame(1.0, reach=0.30), 1.0))
    time = 1.0
    for reach in np.linspace(0.30, 0.10, 30):
        time += PERIOD
        np.testing.assert_array_equal(wrist(retargeter.retarget(frame(time, reach, engaged=False), time)), before)
    np.testing.assert_allclose(wrist(retargeter.retarget(frame(time + PERIOD, 0.10), time + PERIOD)), before, atol=1e-9)
    for step in range(2, 60):
        target = retargeter.retarget(frame(time + step * PERIOD, 0.15), time + step * PERIOD)
    np.testing.assert_allclose(wrist(target), before + np.array([0.05, 0.0, 0.0]), atol=1e-6)


@pytest.mark.parametrize("missing", ["link", "clutch", "sense"])
def test_the_robot_walks_as_the_sticks_say_and_stands_when_they_cannot_be_read(retargeter, missing):
    sticks = np.array([0.3, -0.1, 0.5])
    walking = retargeter.retarget(replace(frame(1.0), base_velocity=sticks), 1.0)
    np.testing.assert_array_equal(walking.base_velocity, sticks)
    late = {
        "link": (replace(frame(1.0), base_velocity=sticks), 1.3),
        "clutch": (replace(frame(1.3, engaged=False), base_velocity=sticks), 1.3),
        "sense": (replace(frame(1.3), base_velocity=np.full(3, np.nan)), 1.3),
    }
    standing = retargeter.retarget(*late[missing])
    np.testing.assert_array_equal(standing.base_velocity, np.zeros(3))
    np.testing.assert_array_equal(wrist(standing), wrist(walking))


@given(seed=st.integers(0, 1000))
@settings(max_examples=10)
def test_shaking_is_smoothed_and_holding_still_is_exact(seed):
    retargeter = Retargeter(CALIBRATION)
    rng = np.random.default_rng(seed)
    raw, smooth = [], []
    for step in range(120):
        now = 1.0 + step * PERIOD
        reach = 0.3 + 0.003 * float(rng.normal())
        raw.append(reach)
        smooth.append(wrist(retargeter.retarget(frame(now, reach), now))[0])
    assert np.std(np.diff(smooth)) < 0.7 * np.std(np.diff(raw))
    for step in range(120, 240):
        now = 1.0 + step * PERIOD
        target = retargeter.retarget(frame(now, 0.3), now)
    np.testing.assert_allclose(wrist(target)[0], 0.3, atol=1e-9)


def test_the_head_turns_the_camera_by_the_same_angles():
    straight = frame(1.0)
    person = replace(straight, head=Pose(np.array([0.0, 0.0, 1.6]), from_rpy(0.0, 0.0, 0.0)))
    calibration = Calibration.measure(
        replace(
            person,
            left_wrist=Pose(np.array([0.5, 0.2, 1.4])),
            right_wrist=Pose(np.array([0.5, -0.2, 1.4])),
        )
    )
    retargeter = Retargeter(calibration)
    target = retargeter.retarget(replace(person, head=Pose(person.head.position, from_rpy(0.0, 0.2, 0.0))), 1.0)
    assert target.stance_from_head is not None
    np.testing.assert_allclose(target.stance_from_head.orientation, from_rpy(0.0, 0.2 + 0.8307767, 0.0), atol=1e-9)
