import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.evaluate.locomotion_director import FASTEST, STAND, HeadingSteps, Timetable, Tour, asked, difference
from psizero.evaluate.locomotion_world import Truth


def truth_at(*places: tuple[float, float, float]) -> Truth:
    place = np.array(places)
    half = 0.5 * place[:, 2]
    pelvis = np.stack([np.cos(half), 0 * half, 0 * half, np.sin(half)], axis=1)
    return Truth(place=place, following=np.zeros((len(place), 7)), world_from_pelvis=pelvis, tilt=np.zeros(len(place)))


def test_a_timetable_gives_each_command_from_its_time_on():
    table = Timetable(np.array([0.0, 2.0]), np.stack([asked(), asked(vx=0.5)]))
    here = truth_at((0, 0, 0))
    assert [table.goals(time, here)[0, 0] for time in (0.0, 1.98, 2.0, 9.0)] == [0.0, 0.0, 0.5, 0.5]


@given(yaw=st.floats(-3.1, 3.1))
def test_a_follower_walks_straight_at_its_way_point_from_any_heading(yaw):
    tour = Tour(np.array([3]))
    target = tour.points[0, 0]
    velocity = tour.goals(0.0, truth_at((0.0, 0.0, yaw)))[0]
    ahead = np.arctan2(velocity[1], velocity[0]) + yaw
    # Limits bend the direction, but it never walks away.
    assert np.cos(ahead - np.arctan2(target[1], target[0])) > 0
    assert (velocity[:3] >= FASTEST[0]).all() and (velocity[:3] <= FASTEST[1]).all()
    assert np.sign(velocity[2]) == np.sign(difference(target[2], yaw))


def test_who_has_arrived_is_told_to_stand():
    tour = Tour(np.array([0, 1]))
    arrived = truth_at(tuple(tour.points[0, 0]), (5.0, 5.0, 0.0))
    goals = tour.goals(0.0, arrived)
    np.testing.assert_array_equal(goals[0], STAND)
    assert np.abs(goals[1, :2]).max() > 0.2


def test_a_tour_is_its_seeds_alone():
    np.testing.assert_array_equal(Tour(np.array([4, 7])).points[1], Tour(np.array([7])).points[0])
    steps = np.linalg.norm(np.diff(Tour(np.arange(20)).points[..., :2], axis=1), axis=2)
    assert steps.min() >= 0.8 and steps.max() <= 1.2


def test_headings_are_turned_to_the_short_way():
    steps = HeadingSteps(2, rate=50.0, each=6.0)
    for tick in range(50):
        turning = steps.goals(tick / 50, truth_at((0, 0, 0), (0, 0, 2.0)))[:, 2]
    # The loop counts from the heading at the start, so both turn to their left.
    assert (turning > 0).all()
    assert steps.wanted_place(0.0)[0, 2] == pytest.approx(np.pi / 2)
    assert steps.wanted_place(23.9)[0, 2] == 0.0


@given(wanted=st.floats(-20, 20), yaw=st.floats(-20, 20))
def test_a_difference_is_the_short_turn_that_leads_there(wanted, yaw):
    turn = difference(wanted, np.array(yaw))
    assert -np.pi <= turn <= np.pi
    assert np.cos(yaw + turn - wanted) == pytest.approx(1.0)
