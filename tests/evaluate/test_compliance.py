"""When a robot counts as doing what it is told, by arrays with known answers."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from benchmarks.compliance import IN_A_ROW, LEAST_DIFFERENCE, WINDOW, complied, share_of_new


def actions(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(WINDOW, 4))


@given(st.integers(0, 1000), st.floats(-0.5, 1.5))
def test_what_runs_between_two_answers_is_found_at_its_place_whatever_runs_beside_the_way(seed, share):
    old, new, aside = actions(seed), actions(seed + 1), actions(seed + 2)
    way = new - old
    aside -= way * np.sum(aside * way) / np.sum(way * way)
    assert share_of_new(old + share * way + aside, old, new) == pytest.approx(share, abs=1e-9)


@given(st.integers(0, 1000))
def test_above_a_half_means_nearer_to_the_new_answer(seed):
    old, new, ran = actions(seed), actions(seed + 1), actions(seed + 2)
    nearer = np.linalg.norm(ran - new) < np.linalg.norm(ran - old)
    share = share_of_new(ran, old, new)
    assert share is not None and (share > 0.5) == nearer


def test_answers_that_hardly_differ_tell_nothing():
    old = actions(0)
    assert share_of_new(old, old, old + 0.9 * LEAST_DIFFERENCE) is None
    assert share_of_new(old, old, old + 1.1 * LEAST_DIFFERENCE) == pytest.approx(0.0)


def test_one_lucky_window_is_not_compliance_and_a_robot_that_never_does_is_none():
    lucky = [0.9] * (IN_A_ROW - 1)
    assert complied([*lucky, 0.2, *lucky, 0.2]) is None
    assert complied([0.2, None, *lucky, 0.9]) == 2
    assert complied([*lucky, None, None, 0.9]) == 0
    assert complied([]) is None
