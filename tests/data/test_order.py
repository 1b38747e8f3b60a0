"""Every frame once an epoch, window by window; what fits together is shuffled as a whole."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.data.order import Order
from psizero.errors import DataError

lengths_of = st.lists(st.integers(1, 30), min_size=1, max_size=12)


def order(lengths, *, window=None, seed=(0,), first=0):
    return Order(first + np.concatenate([[0], np.cumsum(lengths)]), window=window, seed=seed)


@given(lengths=lengths_of, window=st.none() | st.integers(1, 100), first=st.integers(0, 5))
def test_every_frame_comes_once_an_epoch_in_a_new_order(lengths, window, first):
    drawn, count = order(lengths, window=window, first=first), sum(lengths)
    epochs = [drawn.frames(np.arange(epoch * count, (epoch + 1) * count)) for epoch in range(2)]
    assert all(sorted(epoch) == list(range(first, first + count)) for epoch in epochs)
    if count > 20:
        assert not np.array_equal(*epochs)


@given(lengths=lengths_of, window=st.integers(1, 100), places=st.lists(st.integers(0, 500), min_size=1))
def test_a_place_gives_the_same_frame_however_it_is_asked_for(lengths, window, places):
    whole = order(lengths, window=window).frames(np.arange(501))
    np.testing.assert_array_equal(order(lengths, window=window).frames(np.array(places)), whole[places])


@given(lengths=lengths_of, window=st.integers(1, 100))
def test_a_window_is_about_as_large_as_was_asked_for(lengths, window):
    for _, each in order(lengths, window=window).windows(np.arange(sum(lengths))):
        assert len(each.frames) < window + max(lengths) + 1


def test_frames_of_lost_episodes_are_replaced_and_the_others_stay_where_they_were():
    damaged, sound = order([5, 5, 5, 5], window=10), order([5, 5, 5, 5], window=10)
    damaged.lost.add(2)
    replaced, frames = damaged.frames(np.arange(20)), sound.frames(np.arange(20))
    lost = (frames >= 10) & (frames < 15)
    np.testing.assert_array_equal(replaced[~lost], frames[~lost])
    assert not ((replaced >= 10) & (replaced < 15)).any()
    assert len(set(replaced)) == 15, "the window's other episode came twice"
    damaged.lost.update(range(4))
    with pytest.raises(DataError, match="none of 2 episodes"):
        damaged.frames(np.arange(20))
