"""Differences between two ways in the same scenes."""

import numpy as np
import pytest

from psizero.errors import ConfigError
from psizero.evaluate.paired import PairedDifference


def paired(both, only_first, only_second, neither):
    """Return successes (1, E) of two ways with so many scenes of each outcome."""
    counts = (both, only_first, only_second, neither)
    first, second = (np.repeat(outcome, counts)[None] for outcome in ([1, 1, 0, 0], [1, 0, 1, 0]))
    return first.astype(bool), second.astype(bool)


def test_one_training_each_gives_the_published_formula():
    found = PairedDifference.of(*paired(53, 8, 16, 9))
    # Agresti and Min 2005: half a scene added to each of the four counts, then the plain large-sample interval.
    total, b, c = 88, 8.5, 16.5
    spread = np.sqrt((b + c) - (c - b) ** 2 / total) / total
    middle = (c - b) / total
    assert found.interval == pytest.approx((middle - 1.959964 * spread, middle + 1.959964 * spread))
    assert found.difference == pytest.approx(8 / 86)
    assert (found.won, found.lost) == (16, 8)


def test_scenes_that_all_end_alike_are_no_proof_of_equality():
    low, high = PairedDifference.of(*paired(100, 0, 0, 0)).interval
    assert low == pytest.approx(-high) and 0.01 < high < 0.05


@pytest.mark.parametrize(
    ("only_first", "only_second", "verdict"), [(2, 20, "better"), (20, 2, "worse"), (9, 10, "not")]
)
def test_the_verdict_is_that_of_the_interval(only_first, only_second, verdict):
    assert PairedDifference.of(*paired(50, only_first, only_second, 28)).verdict.startswith(verdict)


def test_two_trainings_that_agree_scene_by_scene_prove_no_more_than_one():
    first, second = paired(40, 5, 15, 40)
    once = PairedDifference.of(first, second)
    twice = PairedDifference.of(np.repeat(first, 2, axis=0), np.repeat(second, 2, axis=0))
    assert twice.interval == pytest.approx(once.interval) and twice.won == 2 * once.won


@pytest.mark.parametrize(("rate", "gain"), [(0.5, 0.0), (0.6, 0.1), (0.9, 0.05), (0.02, 0.0)])
def test_the_interval_holds_the_truth_in_95_of_100_experiments(rate, gain):
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(1000):
        hard = rng.uniform(-0.02, 0.02, 100)  # scenes that are hard are so for both
        first, second = (rng.uniform(size=100) < rate + more + hard for more in (0.0, gain))
        low, high = PairedDifference.of(first[None], second[None]).interval
        held += low <= gain <= high
    assert held >= 935, "95 % but for the chance of a thousand draws"


def test_other_scenes_are_no_pairs():
    with pytest.raises(ConfigError, match="as many trainings and scenes"):
        PairedDifference.of(np.zeros((1, 3), bool), np.zeros((1, 4), bool))
