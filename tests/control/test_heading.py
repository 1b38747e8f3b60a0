import numpy as np
import pytest

from psizero.control.heading import HeadingConfig, HeadingLoop
from psizero.geometry import from_rpy

PERIOD = 1 / 60
STILL = np.zeros(3)


def turner(start: float = 0.0) -> HeadingLoop:
    loop = HeadingLoop(HeadingConfig(), rate=60.0)
    loop.reset(from_rpy(0.0, 0.0, start))
    return loop


def walk(loop: HeadingLoop, seconds: float, velocity: np.ndarray, target, *, yaw: float, share: float = 1.0) -> float:
    """Let a robot that turns at `share` of what is asked go on from heading `yaw`; return its heading."""
    for step in range(round(seconds / PERIOD)):
        rate = loop.yaw_rate(velocity, target(step * PERIOD), from_rpy(0.05, -0.03, yaw))
        yaw += share * rate * PERIOD
    return yaw


def test_a_robot_that_turns_too_little_ends_where_it_was_asked_to():
    loop = turner(start=2.0)
    yaw = walk(loop, 4.0, np.array([0.3, 0.0, 0.6]), lambda t: 0.6 * t, yaw=2.0, share=0.8)
    assert loop.yaw == pytest.approx(2.4, abs=0.1)
    assert yaw - 2.0 == pytest.approx(2.4, abs=0.1)
    yaw = walk(loop, 4.0, STILL, lambda _: 2.4, yaw=yaw, share=0.8)
    assert yaw - 2.0 == pytest.approx(2.4, abs=np.deg2rad(3))


def test_whole_turns_are_counted():
    loop = turner()
    walk(loop, 15.0, np.array([0.0, 0.0, 0.6]), lambda t: 0.6 * t, yaw=0.0)
    assert loop.yaw == pytest.approx(9.0, abs=0.05)


def test_a_robot_that_stands_does_not_step_for_noise():
    loop, rng = turner(), np.random.default_rng(0)
    rates = [
        loop.yaw_rate(STILL, 0.0, from_rpy(0, 0, 0.02 + rng.normal(scale=0.02))) for _ in range(round(60 / PERIOD))
    ]
    assert not np.any(rates)


def test_a_robot_that_was_turned_while_it_stood_turns_back():
    loop = turner()
    yaw = walk(loop, 5.0, STILL, lambda _: 0.0, yaw=0.3)
    assert abs(yaw) < np.deg2rad(1.1)
    assert loop.yaw_rate(STILL, 0.0, from_rpy(0, 0, yaw)) == 0.0


def test_the_shorter_way_round_is_taken_no_faster_than_allowed():
    loop = turner()
    rate = loop.yaw_rate(np.array([0.3, 0.0, 0.0]), 4.0, from_rpy(0, 0, 0))
    assert rate == -HeadingConfig().fastest


def test_an_imu_that_fails_changes_nothing():
    loop = turner()
    walk(loop, 1.0, STILL, lambda _: 0.0, yaw=0.01)
    before = loop.yaw
    for broken in (np.full(4, np.nan), np.zeros(3)):
        loop.yaw_rate(STILL, 0.0, broken)
    assert loop.yaw == before
