import numpy as np
import pytest

from psizero.control.drift import FASTEST, GAIN, LARGEST, LARGEST_POSTURE, Drift

DT = np.full(1, 0.02)
STILL = np.zeros((3, 1))
NEVER, FIRST = np.zeros(1, bool), np.ones(1, bool)


def walk(asked: tuple[float, float, float], share: float, seconds: float = 30.0) -> np.ndarray:
    """Return the place and heading reached by a robot that does `share` of what it is told to."""
    drift, place, speed, first = Drift(1), np.zeros(3), np.zeros((3, 1)), FIRST
    for _ in range(round(seconds / 0.02)):
        told = drift.correct(np.array(asked)[:, None], speed[:2], np.full(1, place[2]), first, DT)
        speed, first = share * told, NEVER
        vx, vy, turn = speed[:, 0]
        cosine, sine = np.cos(place[2]), np.sin(place[2])
        place += 0.02 * np.array([cosine * vx - sine * vy, sine * vx + cosine * vy, turn])
    return place


def test_nothing_is_corrected_as_long_as_nothing_is_missing() -> None:
    drift = Drift(1)
    asked = np.array([[0.3], [0.1], [0.2]])
    for tick in range(200):
        told = drift.correct(asked, asked[:2], np.full(1, 0.2 * 0.02 * tick), FIRST if tick == 0 else NEVER, DT)
    np.testing.assert_allclose(told, asked, atol=1e-9)


def test_a_robot_that_is_too_slow_still_goes_as_far_as_it_was_told() -> None:
    place = walk((0.4, 0.0, 0.0), 0.8)
    assert place[0] == pytest.approx(0.4 * 30, abs=0.1)
    assert walk((0.0, 0.0, 0.4), 0.8)[2] == pytest.approx(0.4 * 30, abs=0.1)


def test_a_standing_robot_that_was_moved_and_turned_is_sent_back_to_where_it_stood() -> None:
    drift = Drift(1)
    drift.correct(STILL, STILL[:2], np.zeros(1), FIRST, DT)
    for _ in range(5):
        drift.correct(STILL, np.array([[1.0], [0.0]]), np.zeros(1), NEVER, DT)
    # It has gone 10 cm ahead; then it is turned to the left, and what it misses is behind it on its left.
    drift.trim[:] = 0.0
    told = drift.correct(STILL, STILL[:2], np.full(1, np.pi / 2), NEVER, DT)
    np.testing.assert_allclose(drift.missed[:2, 0], (0.0, 0.1), atol=1e-9)
    np.testing.assert_allclose(told[:2, 0], (0.0, 0.1 * GAIN[1, 0]), atol=1e-9)
    assert told[2, 0] == -FASTEST[2, 0]


def test_a_robot_that_is_held_forgets_what_it_cannot_do() -> None:
    drift = Drift(1)
    for tick in range(1000):
        told = drift.correct(np.full((3, 1), 0.5), STILL[:2], np.zeros(1), FIRST if tick == 0 else NEVER, DT)
    assert (drift.missed == LARGEST).all() and (told == 0.5 + FASTEST).all()


def test_a_standing_robot_steps_back_when_it_is_off_and_stops_once_it_is_well_back() -> None:
    drift, place, off = Drift(1), 0.0, []
    drift.correct(STILL, STILL[:2], np.zeros(1), FIRST, DT)
    for speed in [0.0] * 3 + [0.5] * 10 + [0.0] * 100 + [-0.2] * 25 + [0.0] * 300:
        place += 0.02 * speed
        drift.correct(STILL, np.array([[speed], [0.0]]), np.zeros(1), NEVER, DT)
        off.append(bool(drift.off[0]))
    assert not any(off[:13]) and all(off[100:113]) and not any(off[-100:])
    # A sway to and fro is not being off.
    for tick in range(300):
        speed = 0.4 * np.cos(2 * np.pi * tick / 30)
        drift.correct(STILL, np.array([[0.0], [speed]]), np.zeros(1), NEVER, DT)
        assert not drift.off[0]


def test_legs_that_walk_a_little_all_the_time_are_trimmed() -> None:
    drift, speed, missed = Drift(1), 0.0, []
    for tick in range(1500):
        measured = np.array([[speed], [0.0]])
        told = drift.correct(np.array([[0.3], [0.0], [0.0]]), measured, np.zeros(1), FIRST if tick == 0 else NEVER, DT)
        speed = told[0, 0] - 0.1
        missed.append(drift.missed[0, 0])
    assert max(missed) > 0.03 and abs(missed[-1]) < 0.002
    assert drift.trim[0, 0] == pytest.approx(0.1, abs=0.005)


def test_a_torso_that_sags_is_asked_for_more_until_it_is_as_commanded() -> None:
    drift = Drift(1)
    posture = np.array([0.6, 0.1, 0.5, -0.3])[:, None]
    measured = 0.0 * posture
    for _ in range(500):
        # It does four fifths of what it is told, at once.
        measured = 0.8 * drift.correct_posture(posture, measured, DT)
    np.testing.assert_allclose(measured[1:], posture[1:], atol=1e-3)
    # Its height lacks more than the largest correction.
    assert drift.lacking[0, 0] == LARGEST_POSTURE[0, 0]


def test_what_is_saved_goes_on_as_before() -> None:
    drift, other = Drift(1), Drift(1)
    drift.correct(STILL, STILL[:2], np.ones(1), FIRST, DT)
    drift.correct(STILL, STILL[:2] + 0.3, np.full(1, 1.1), NEVER, DT)
    drift.correct_posture(np.ones((4, 1)), np.zeros((4, 1)), DT)
    other.restore(drift.save())
    posture = [each.correct_posture(np.zeros((4, 1)), np.zeros((4, 1)), DT) for each in (drift, other)]
    np.testing.assert_array_equal(*posture)
    told = [each.correct(STILL, STILL[:2], np.full(1, 1.2), NEVER, DT) for each in (drift, other)]
    np.testing.assert_array_equal(*told)
