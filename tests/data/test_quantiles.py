"""A quantile of a stream is the value of a rank no further off than promised, in memory that hardly grows."""

import numpy as np
from hypothesis import given, strategies as st

from psizero.data.quantiles import QuantileSketch

SHARES = (0.01, 0.25, 0.5, 0.99)


@given(
    count=st.integers(1, 5000),
    piece=st.integers(1, 700),
    kind=st.sampled_from(["normal", "rising", "falling", "few"]),
    seed=st.integers(0, 5),
)
def test_ranks_are_off_by_no_more_than_promised(count, piece, kind, seed):
    rng = np.random.default_rng(seed)
    values = {
        "normal": rng.normal(size=(count, 2)),
        "rising": np.arange(2.0 * count).reshape(count, 2),
        "falling": -np.arange(2.0 * count).reshape(count, 2),
        "few": rng.integers(0, 3, (count, 2)).astype(float),
    }[kind]
    sketch = QuantileSketch(buffer=64)
    for start in range(0, count, piece):
        sketch.add(values[start : start + piece])
    found = sketch.quantiles(SHARES)
    if count < 64:
        np.testing.assert_array_equal(found, np.quantile(values, SHARES, axis=0))
    slack = sketch.rank_error + 1.5 / count
    for share, row in zip(SHARES, found, strict=True):
        below, up_to = (values < row).mean(0), (values <= row).mean(0)
        assert (below <= share + slack).all()
        assert (up_to >= share - slack).all()


def test_memory_grows_with_the_logarithm_and_the_error_stays_small():
    sketch = QuantileSketch(buffer=1024)
    rng = np.random.default_rng(0)
    for _ in range(200):
        sketch.add(rng.normal(size=(1000, 1)))
    kept = sum(len(part) for level in sketch._levels for part in level)
    assert kept <= 9 * 1024  # of 200,000
    assert 0 < sketch.rank_error < 0.01
    np.testing.assert_allclose(sketch.quantiles((0.01, 0.99))[:, 0], [-2.326, 2.326], atol=0.05)


def test_what_is_added_may_change_afterwards():
    values = np.zeros((4, 1))
    sketch = QuantileSketch()
    sketch.add(values)
    values += 9
    assert sketch.quantiles((0.5,)) == 0
