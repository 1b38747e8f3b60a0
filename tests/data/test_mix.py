"""A mix keeps its shares, and goes on exactly where it stopped."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.data.mix import Mix, MixPart
from psizero.errors import ConfigError, DataError

weights = st.lists(st.floats(0, 5), min_size=1, max_size=3).map(tuple)


@given(shares=st.lists(weights, min_size=1, max_size=4), draws=st.integers(1, 9000))
def test_shares_are_kept_to_within_two_draws(shares, draws):
    parts = [MixPart(name=str(i), frames=7 + i, shares=weight) for i, weight in enumerate(shares)]
    parts.append(MixPart(name="always", frames=3))
    mix = Mix(parts, draws=draws, seed=0)
    blocks = draws // 1024
    middles = np.minimum((np.arange(blocks) + 0.5) * 1024 / draws, 1)
    weight = np.stack([part.weight(middles) for part in parts], axis=1)
    wanted = (weight / weight.sum(1, keepdims=True)).sum(0) * 1024
    assert (np.abs(mix.counts(blocks * 1024) - wanted) <= 2).all()
    assert mix.counts(draws).sum() == draws


def example(seed=0):
    parts = [MixPart(name="sim", frames=500, shares=(1.0, 0.2)), MixPart(name="real", frames=37, shares=(0.0, 0.8))]
    return Mix(parts, draws=5000, seed=seed)


def test_any_draw_comes_out_alone_as_it_does_in_the_row():
    parts, turns = example().draw(np.arange(5000))
    some = np.random.default_rng(0).permutation(5000)[:200]
    for number in some[:20]:
        again = example().draw(np.array([number]))
        assert (again[0][0], again[1][0]) == (parts[number], turns[number])
    np.testing.assert_array_equal(example().draw(some), (parts[some], turns[some]))
    other, _ = example(seed=1).draw(np.arange(5000))
    assert (other != parts).any()


def test_the_draws_of_a_data_set_are_numbered_one_after_the_other():
    parts, turns = example().draw(np.arange(5000))
    for index in range(2):
        np.testing.assert_array_equal(turns[parts == index], np.arange((parts == index).sum()))


def test_counts_tell_what_came_before():
    parts, _ = example().draw(np.arange(5000))
    for draw in (0, 1, 1023, 1024, 3000, 5000):
        np.testing.assert_array_equal(example().counts(draw), np.bincount(parts[:draw], minlength=2))


def test_what_makes_no_mix_is_refused():
    with pytest.raises(ConfigError, match="at some moment all shares are 0"):
        Mix([MixPart(name="a", frames=1, shares=(1.0, 0.0, 0.0))], draws=9000, seed=0)
    with pytest.raises(ConfigError, match="one data set or more"):
        Mix([], draws=1, seed=0)
    with pytest.raises(DataError, match="data set a has no frames"):
        MixPart(name="a", frames=0)
    with pytest.raises(ConfigError, match="shares of a must be 0 or more"):
        MixPart(name="a", frames=1, shares=(-1.0,))
    with pytest.raises(DataError, match="draws are numbered 0 to 4999, got 4999 to 5000"):
        example().draw(np.array([4999, 5000]))
