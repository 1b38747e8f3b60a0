"""Normalizing and back is the identity, for any statistics; nothing is lost by clipping."""

import json

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.errors import DataError, LayoutError

recordings = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40),
    elements=st.floats(-1000, 1000, width=32),
)
methods = st.sampled_from(["quantile", "minmax"])


@given(values=recordings, method=methods)
def test_back_and_forth_is_the_identity(values, method):
    normalizer = Normalizer.from_stats(vector_stats(values), method=method)
    back = normalizer.denormalize(normalizer.normalize(values))
    assert back.dtype == np.float32
    tolerance = 1e-5 * np.maximum(1.0, np.abs(values).max(axis=0))
    assert (np.abs(back - values) <= tolerance).all()


@given(values=recordings)
def test_all_values_lie_within_one_by_their_whole_range(values):
    normalizer = Normalizer.from_stats(vector_stats(values), method="minmax")
    assert np.abs(normalizer.normalize(values)).max() <= 1.0 + 1e-6


@given(values=recordings, method=methods)
def test_normalized_values_stay_in_reach_of_the_model(values, method):
    """A narrow quantile range never blows a value up: at most 2 / 0.1 beyond the middle."""
    normalizer = Normalizer.from_stats(vector_stats(values), method=method)
    assert np.abs(normalizer.normalize(values)).max() <= 21.0


@given(constant=st.floats(-1000, 1000, width=32), wished=st.floats(-5, 5))
def test_a_number_that_never_changes_becomes_zero_and_returns_exactly(constant, wished):
    values = np.full((10, 1), constant, np.float32)
    normalizer = Normalizer.from_stats(vector_stats(values))
    assert normalizer.constant.all()
    assert (normalizer.normalize(values) == 0).all()
    assert normalizer.denormalize(np.array([[wished]]))[0, 0] == np.float32(constant)


def test_quantiles_become_one_and_rare_values_are_not_clipped():
    values = np.linspace(0, 100, 10001)[:, None]
    normalizer = Normalizer.from_stats(vector_stats(values))
    np.testing.assert_allclose(normalizer.normalize(np.array([[1.0], [50.0], [99.0]])), [[-1], [0], [1]], atol=1e-6)
    assert normalizer.normalize(np.array([[100.0]])) > 1.0
    assert normalizer.normalize(np.array([[100.0]]), clip=1.0) == 1.0


def test_a_command_that_rests_most_of_the_time_keeps_its_few_movements():
    values = np.zeros((1000, 1))
    values[:5] = 0.4  # fewer than 1 %: both quantiles are 0
    normalizer = Normalizer.from_stats(vector_stats(values))
    assert not normalizer.constant.any()
    np.testing.assert_allclose(normalizer.normalize(np.array([[0.0], [0.4]])), [[-1], [1]])


def test_a_trip_through_json_changes_nothing():
    normalizer = Normalizer.from_stats(vector_stats(np.random.default_rng(0).normal(size=(50, 3))))
    back = Normalizer.from_json(json.loads(json.dumps(normalizer.to_json())))
    np.testing.assert_array_equal(back.low, normalizer.low)
    np.testing.assert_array_equal(back.high, normalizer.high)


def test_wrong_sizes_and_wrong_files_are_refused():
    normalizer = Normalizer(low=np.zeros(3), high=np.ones(3))
    with pytest.raises(LayoutError, match=r"maps 3 numbers, got an array of shape \(5, 2\)"):
        normalizer.normalize(np.zeros((5, 2)))
    with pytest.raises(DataError, match="low not above high"):
        Normalizer(low=np.ones(2), high=np.zeros(2))
    with pytest.raises(DataError, match="not a normalizer"):
        Normalizer.from_json({})
