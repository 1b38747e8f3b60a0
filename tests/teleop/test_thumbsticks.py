"""A person with thumb-sticks gets the robot to where it should be, and leaves it alone when it is there."""

import numpy as np
from hypothesis import given, settings, strategies as st

from psizero.teleop.thumbsticks import SteeringConfig, Thumbsticks

PERIOD = 1 / 60


def drive(sticks: Thumbsticks, way: np.ndarray, seconds: float) -> np.ndarray:
    """Let a robot that does what it is told follow the sticks; return the way left (3,)."""
    (x, y, yaw), seen = -way, way
    for step in range(round(seconds / PERIOD)):
        cosine, sine = np.cos(yaw), np.sin(yaw)
        seen = np.array([-x * cosine - y * sine, x * sine - y * cosine, -yaw])
        sticks.steer(seen, step * PERIOD, PERIOD)
        if sticks.arrived(step * PERIOD, 0.5):
            return seen
        vx, vy, rate = sticks.velocity
        x, y = x + PERIOD * (cosine * vx - sine * vy), y + PERIOD * (sine * vx + cosine * vy)
        yaw += PERIOD * rate
    raise AssertionError(f"not there after {seconds} s: {seen}")


@given(
    seed=st.integers(0, 1000),
    x=st.floats(-1.0, 2.0),
    y=st.floats(-0.6, 0.6),
    yaw=st.floats(-1.8, 1.8),
)
@settings(max_examples=40, deadline=None)
def test_wherever_the_robot_is_it_is_brought_to_its_place(seed, x, y, yaw):
    left = drive(Thumbsticks(np.random.default_rng(seed)), np.array([x, y, yaw]), 25.0)
    assert (np.abs(left) <= SteeringConfig().begin).all()


def test_a_small_miss_is_left_alone():
    sticks = Thumbsticks(np.random.default_rng(0))
    for step in range(60):
        sticks.steer(np.array([0.05, -0.06, 0.1]), step * PERIOD, PERIOD)
        assert not sticks.velocity.any()
    assert sticks.arrived(59 * PERIOD, 0.9)


def test_who_must_turn_far_turns_first():
    sticks = Thumbsticks(np.random.default_rng(0))
    for step in range(60):
        sticks.steer(np.array([1.5, 0.2, 1.2]), step * PERIOD, PERIOD)
    assert not sticks.velocity[:2].any()
    assert sticks.velocity[2] > 0.3


def test_sticks_that_are_let_go_come_to_rest_exactly():
    sticks = Thumbsticks(np.random.default_rng(0))
    for step in range(60):
        sticks.steer(np.array([1.5, 0.4, 0.3]), step * PERIOD, PERIOD)
    assert sticks.velocity.all()
    for step in range(60, 120):
        sticks.steer(None, step * PERIOD, PERIOD)
    np.testing.assert_array_equal(sticks.velocity, np.zeros(3))


def test_what_is_seen_comes_to_the_thumbs_late_and_softly():
    sticks = Thumbsticks(np.random.default_rng(0))
    sticks.steer(np.zeros(3), 0.0, PERIOD)
    speeds = []
    for step in range(1, 40):
        sticks.steer(np.array([1.5, 0.0, 0.0]), step * PERIOD, PERIOD)
        speeds.append(sticks.velocity[0])
    moved = np.flatnonzero(speeds)[0] * PERIOD
    assert moved >= SteeringConfig().delay - 2 * PERIOD
    assert np.max(np.diff(speeds)) / PERIOD < 3.0
