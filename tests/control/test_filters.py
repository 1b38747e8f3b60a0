import numpy as np
from hypothesis import given, strategies as st

from psizero.control.filters import FollowLimit, PoseFollow, stoppable_speed
from psizero.geometry import Pose, angle_between, exp, from_rpy

PERIOD = 1 / 60
SPEED, ACCELERATION = 2.0, 20.0


def follower(lower: float = -1.0, upper: float = 1.0) -> FollowLimit:
    return FollowLimit(
        lower=np.array([lower]),
        upper=np.array([upper]),
        speed=np.array([SPEED]),
        acceleration=np.array([ACCELERATION]),
        period=PERIOD,
    )


@given(distance=st.floats(0, 10), acceleration=st.floats(0.1, 500))
def test_stopping_from_the_stoppable_speed_takes_exactly_the_distance(distance, acceleration):
    speed = float(stoppable_speed(np.array(distance), np.array(acceleration), PERIOD))
    gone = 0.0
    while speed > 0:
        gone += speed * PERIOD
        speed -= acceleration * PERIOD
    assert abs(gone - distance) < 1e-9 * (1 + distance)


@given(targets=st.lists(st.floats(-1, 1), min_size=2, max_size=80), start=st.floats(-1, 1))
def test_range_speed_and_acceleration_hold_for_any_target(targets, start):
    limit = follower()
    limit.reset(np.array([start]))
    places = [start, start, *(float(limit.follow(np.array([target]))[0]) for target in targets)]
    places += [float(limit.brake()[0]) for _ in range(20)]
    speeds = np.diff(places) / PERIOD
    assert np.all(np.abs(places) <= 1.0)
    assert np.all(np.abs(speeds) <= SPEED + 1e-9)
    assert np.all(np.abs(np.diff(speeds)) <= ACCELERATION * PERIOD + 1e-9)


@given(amplitude=st.floats(0.01, 0.9), hertz=st.floats(0.05, 0.3))
def test_a_target_that_keeps_the_limits_is_met_at_every_step(amplitude, hertz):
    limit = follower()
    limit.reset(np.zeros(1))
    for step in range(1, 200):
        target = np.array([amplitude * (1 - np.cos(2 * np.pi * hertz * step * PERIOD)) / 2])
        np.testing.assert_array_equal(limit.follow(target), target)


def test_a_target_that_jumps_is_reached_without_overshoot():
    limit = follower()
    limit.reset(np.zeros(1))
    places = [float(limit.follow(np.array([0.7]))[0]) for _ in range(120)]
    assert places[-1] == 0.7
    assert max(places) <= 0.7 + 1e-9


@given(
    place=st.tuples(*[st.floats(-1, 1)] * 3),
    turn=st.tuples(*[st.floats(-1.5, 1.5)] * 3),
)
def test_a_pose_that_jumps_is_reached_within_the_limits(place, turn):
    follow = PoseFollow(speed=1.0, acceleration=10.0, turn_speed=3.0, turn_acceleration=30.0)
    follow.reset(Pose())
    target = Pose(np.array(place), from_rpy(*turn))
    last, velocity = Pose(), np.zeros(3)
    for _ in range(240):
        pose = follow.follow(target, PERIOD)
        moved = (pose.position - last.position) / PERIOD
        assert np.linalg.norm(moved) < 1.0 + 1e-9
        assert np.linalg.norm(moved - velocity) < 10.0 * PERIOD + 1e-9
        assert angle_between(pose.orientation, last.orientation) < 3.0 * PERIOD + 1e-6
        last, velocity = pose, moved
    np.testing.assert_allclose(pose.position, target.position, atol=1e-9)
    assert angle_between(pose.orientation, target.orientation) < 1e-6


def test_a_pose_that_keeps_the_limits_is_met_at_every_step():
    follow = PoseFollow(speed=1.0, acceleration=10.0, turn_speed=3.0, turn_acceleration=30.0)
    follow.reset(Pose())
    for step in range(1, 120):
        share = (1 - np.cos(step * PERIOD)) / 2
        target = Pose(share * np.array([0.5, -0.2, 0.1]), exp(share * np.array([0.5, 1.0, -0.3])))
        pose = follow.follow(target, PERIOD)
        np.testing.assert_allclose(pose.position, target.position, atol=1e-12)
        assert angle_between(pose.orientation, target.orientation) < 1e-6
