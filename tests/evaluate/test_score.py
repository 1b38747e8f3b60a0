import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.errors import ConfigError
from psizero.evaluate.score import Score, clopper_pearson, median_interval, wilson


@pytest.mark.parametrize(
    ("successes", "episodes", "low", "high"),
    [
        # Published values, percent with one decimal.
        (10, 10, 69.2, 100.0),
        (7, 10, 34.8, 93.3),
        (40, 50, 66.3, 90.0),
        (80, 100, 70.8, 87.3),
        (0, 10, 0.0, 30.8),
    ],
)
def test_the_interval_has_the_known_values(successes, episodes, low, high):
    found = clopper_pearson(successes, episodes)
    assert [round(100 * end, 1) for end in found] == [low, high]


def test_the_interval_of_a_median_holds_it_as_often_as_it_says():
    # Ranks of published tables: 40th and 61st of 100; 2nd and 9th of 10; none below six.
    assert median_interval([float(value) for value in range(1, 101)]) == (40.0, 61.0)
    assert median_interval([float(value) for value in range(10, 0, -1)]) == (2.0, 9.0)
    assert median_interval([1.0] * 5) is None and median_interval([]) is None
    draws = np.random.default_rng(0).exponential(size=(400, 15))
    held = sum(low <= np.log(2) <= high for low, high in filter(None, map(median_interval, draws.tolist())))
    assert 0.95 <= held / 400 <= 0.995


def test_no_successes_end_where_the_formula_says():
    """With 0 of n the upper end is 1 - (alpha / 2)^(1 / n)."""
    for episodes in (1, 5, 100, 1000):
        assert clopper_pearson(0, episodes)[1] == pytest.approx(1 - 0.025 ** (1 / episodes), abs=1e-9)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate_and_mirrors(counts):
    successes, episodes = counts
    low, high = clopper_pearson(successes, episodes)
    assert 0.0 <= low <= successes / episodes <= high <= 1.0
    mirrored = clopper_pearson(episodes - successes, episodes)
    np.testing.assert_allclose(mirrored, (1 - high, 1 - low), atol=1e-9)


def test_the_interval_covers_the_truth_at_least_as_often_as_it_says():
    random = np.random.default_rng(0)
    for truth in (0.5, 0.8, 0.95):
        counts = random.binomial(30, truth, 2000)
        covered = [low <= truth <= high for low, high in (clopper_pearson(int(k), 30) for k in np.unique(counts))]
        share = np.isin(counts, np.unique(counts)[covered]).mean()
        assert share >= 0.95 - 0.01


def test_a_score_of_nothing_has_no_rate_and_knows_nothing():
    assert Score.of([]).rate == 0.0
    assert Score.of([]).interval == (0.0, 1.0)


def test_an_impossible_count_is_refused():
    with pytest.raises(ConfigError, match="11 successes of 10 episodes"):
        clopper_pearson(11, 10)


@pytest.mark.parametrize(
    ("successes", "episodes", "low", "high"),
    # Published values, percent with one decimal.
    [(0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (40, 50, 67.0, 88.8)],
)
def test_wilsons_interval_has_the_known_values(successes, episodes, low, high):
    assert [round(100 * end, 1) for end in wilson(successes, episodes)] == [low, high]


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_lies_within_the_exact_one_but_for_a_little(counts):
    inner, outer = wilson(*counts), clopper_pearson(*counts)
    assert outer[0] - 0.02 <= inner[0] <= counts[0] / counts[1] <= inner[1] <= outer[1] + 0.02
