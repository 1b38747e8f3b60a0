from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from psizero.embodiment.g1 import G1
from psizero.errors import ConfigError
from psizero.geometry import Pose, angle_between, from_rpy, rotate
from psizero.teleop.calibration import Calibration
from psizero.teleop.operator import OperatorFrame

NUMBER = st.floats(-1, 1)
PLACE = st.tuples(NUMBER, NUMBER, NUMBER)


def stretched(tall: float, arm: float, yaw: float, place: tuple[float, float]) -> OperatorFrame:
    """A person of a height (m) and arm length (m) with both arms stretched forward, anywhere, facing anywhere."""
    turn = from_rpy(0.0, 0.0, yaw)
    shoulders = np.array([*place, 0.818 * tall])
    ahead = rotate(turn, np.array([1.0, 0.0, 0.0]))
    aside = rotate(turn, np.array([0.0, 0.19, 0.0]))
    return OperatorFrame(
        time=0.0,
        head=Pose(shoulders + 0.08 * ahead + np.array([0.0, 0.0, 0.118 * tall]), turn),
        left_wrist=Pose(shoulders + arm * ahead + aside, turn),
        right_wrist=Pose(shoulders + arm * ahead - aside, turn),
        left_curl=np.zeros(3),
        right_curl=np.zeros(3),
    )


@settings(max_examples=20)
@given(tall=st.floats(1.5, 2.0), yaw=st.floats(-3, 3), place=st.tuples(NUMBER, NUMBER))
def test_arms_stretched_by_a_person_of_any_size_are_arms_stretched_by_the_robot(tall, yaw, place):
    frame = stretched(tall, 0.33 * tall, yaw, place)
    calibration = Calibration.measure(frame)
    for wrist in (frame.left_wrist, frame.right_wrist):
        pose = calibration.stance_from_operator(wrist)
        ahead, _, above = pose.position - calibration.robot_origin
        assert ahead == pytest.approx(0.369, abs=0.001)  # the robot's arm from shoulder to wrist
        assert above == pytest.approx(0.0, abs=1e-9)
        assert angle_between(pose.orientation, Pose().orientation) < 1e-6


@settings(max_examples=20)
@given(place=PLACE, turn=PLACE, seed=st.integers(0, 1000))
def test_there_and_back_is_where_it_was(place, turn, seed):
    calibration = Calibration.draw(np.random.default_rng(seed))
    pose = Pose(np.array(place), from_rpy(*turn))
    back = calibration.stance_from_operator(calibration.operator_from_stance(pose))
    np.testing.assert_allclose(back.position, pose.position, atol=1e-9)
    assert angle_between(back.orientation, pose.orientation) < 1e-6


def test_a_level_gaze_is_the_rest_of_the_tilted_camera():
    calibration = Calibration.measure(stretched(1.7, 0.56, 0.4, (0.2, 0.1)))
    assert angle_between(calibration.gaze_from_camera, from_rpy(*G1.head_camera.rpy)) < 1e-6


def test_hanging_arms_are_no_calibration():
    frame = stretched(1.7, 0.56, 0.0, (0.0, 0.0))
    hanging = replace(frame, left_wrist=Pose(np.array([0.0, 0.2, 0.9])), right_wrist=Pose(np.array([0.0, -0.2, 0.9])))
    with pytest.raises(ConfigError, match="stretch both arms forward"):
        Calibration.measure(hanging)
