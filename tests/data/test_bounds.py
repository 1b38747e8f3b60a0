import json

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.data.bounds import Bounds, bounds_of_lists, bounds_of_stats
from psizero.data.normalize import Normalizer
from psizero.errors import DataError, LayoutError


def bounds(low=(-1 / 3, 2.0, 0.0), high=(0.1, 2.0, 0.0), width=5, constant="zero") -> Bounds:
    return bounds_of_lists(low, high, width=width, constant=constant)


@given(low=st.floats(-5, 4.9), span=st.floats(0.01, 10), value=st.floats(-20, 20))
def test_a_number_is_scaled_in_float32_and_limited_as_the_reference_does(low, span, value):
    low, high, value = np.float32(low), np.float32(low) + np.float32(span), np.float32(value)
    expected = np.clip((value - low) / (high - low) * 2 - 1, -1, 1)
    assert bounds([low], [high], width=1).normalize(np.array([value]))[0] == expected


@given(value=st.floats(-5, 4.9), low=st.floats(-5, 4.9), span=st.floats(0.01, 10))
def test_the_inverse_gives_back_what_lies_within_the_bounds(value, low, span):
    ours = bounds([low], [low + span], width=1)
    inside = np.clip(np.float32(value), ours.low, ours.high)
    back = ours.denormalize(ours.normalize(inside))
    assert np.abs(back - inside).max() <= 1e-6 * max(1.0, abs(low) + span)


def test_the_inverse_limits_nothing():
    assert bounds([0], [10], width=1).denormalize(np.array([1.5])).tolist() == [12.5]


def test_within_the_bounds_it_is_the_normalizer_of_policies_trained_here():
    low, high = np.array([-0.3, 0.0]), np.array([0.1, 7.0])
    values = np.random.default_rng(0).uniform(low, high, (50, 2))
    theirs = Normalizer(low=low, high=high).normalize(values)
    np.testing.assert_allclose(bounds(low, high, width=2).normalize(values), theirs, atol=1e-6)


def test_a_constant_state_becomes_zero_and_a_constant_action_is_passed_on_and_limited():
    values = np.array([0.1, 2.0, 0.5])
    assert bounds().normalize(values).tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert bounds(constant="pass").normalize(values).tolist() == [1.0, 1.0, 0.5, 0.0, 0.0]


def test_a_constant_comes_back_exactly_whatever_the_network_says():
    assert bounds().denormalize(np.array([-1.0, 0.7, 0.7, 9.0, 9.0]))[1:].tolist() == [2.0, 0.0]


def test_vectors_keep_their_leading_axes():
    assert bounds().normalize(np.zeros((2, 4, 3))).shape == (2, 4, 5)
    assert bounds().denormalize(np.zeros((2, 4, 5))).shape == (2, 4, 3)


def test_padding_can_be_cut_off_but_no_number():
    assert bounds().trimmed(2).normalize(np.array([0.1, 2.0])).tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    with pytest.raises(LayoutError, match="choose another layout"):
        bounds().trimmed(1)
    with pytest.raises(LayoutError, match="choose another layout"):
        bounds().trimmed(4)


def test_equal_means_equal_but_for_padding():
    assert bounds().same_as(bounds().trimmed(2))
    assert not bounds().same_as(bounds([-1 / 3, 2.1, 0.0], [0.1, 2.1, 0.0]))


def test_json_brings_every_bit_back():
    back = Bounds.from_json(json.loads(json.dumps(bounds(constant="pass").to_json())))
    assert back.low.tobytes() == bounds().low.tobytes()
    assert back.high.tobytes() == bounds().high.tobytes()
    assert (back.width, back.constant) == (5, "pass")


@pytest.mark.parametrize("method", ["minmax", "quantile"])
def test_statistics_of_the_reference_give_these_very_numbers(method, shared_data):
    stats = json.loads((shared_data / "stats" / "egodex_stat_all.json").read_text())["egodex"]
    found = bounds_of_stats(stats, method=method, width=48, constant="pass")
    keys = ("min", "max") if method == "minmax" else ("q01", "q99")
    for key, numbers in zip(keys, (found.low, found.high), strict=True):
        assert numbers.tobytes() == np.array(stats[key], np.float32).tobytes()


def test_the_quantiles_are_the_published_ones(shared_data):
    stats = json.loads((shared_data / "stats" / "he_raw_rel_stats_combined_no_static.json").read_text())["action"]
    found = bounds_of_stats(stats, method="quantile", width=36, constant="pass")
    np.testing.assert_allclose(found.low[:4], [-0.03268, -0.02772, -0.0485, -0.02933], atol=5e-6)
    np.testing.assert_allclose(found.high[-4:], [0.05045, 0.02161, 0.02056, 0.02237], atol=5e-6)


@pytest.mark.parametrize(
    ("low", "high"),
    [([0, 0], [1]), ([2], [1]), ([np.nan], [1]), ([0], [np.inf]), ([[0]], [[1]]), (["a"], ["b"]), ([[0], 1], [1, 2])],
)
def test_bounds_that_are_none_are_refused(low, high):
    with pytest.raises(DataError):
        bounds(low, high)


def test_more_numbers_than_the_network_has_are_refused():
    with pytest.raises(DataError, match="do not fit"):
        bounds(width=2)


def test_statistics_of_another_kind_are_refused():
    with pytest.raises(DataError, match="expected lists q01 and q99"):
        bounds_of_stats({"min": [0], "max": [1]}, method="quantile", width=1, constant="zero")


@pytest.mark.parametrize("data", [{}, {"low": [0], "high": [1]}, {"low": 1, "high": 2, "width": 1, "constant": "zero"}])
def test_damaged_json_is_refused(data):
    with pytest.raises(DataError):
        Bounds.from_json(data)
    with pytest.raises(DataError, match="passed on or becomes zero"):
        Bounds.from_json({"low": [0], "high": [1], "width": 1, "constant": "half"})


def test_a_vector_of_another_size_is_refused():
    with pytest.raises(LayoutError, match="vectors of 3 numbers"):
        bounds().normalize(np.zeros(5))
    with pytest.raises(LayoutError, match="vectors of 5 numbers"):
        bounds().denormalize(np.zeros(3))
