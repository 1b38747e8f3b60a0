"""A window starts at its frame, follows the episode and repeats its last action, marked as padding."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.data.window import cut_window
from psizero.errors import DataError


@given(count=st.integers(1, 50), length=st.integers(1, 40), data=st.data())
def test_row_i_is_the_action_of_frame_plus_i_or_the_last_one(count, length, data):
    frame = data.draw(st.integers(0, count - 1))
    state = np.arange(count, dtype=np.float32)[:, None]
    window = cut_window(state, state, frame, length)
    wanted = frame + np.arange(length)
    assert window.state.tolist() == [frame]
    np.testing.assert_array_equal(window.actions[:, 0], np.minimum(wanted, count - 1))
    np.testing.assert_array_equal(window.is_padding, wanted >= count)


def test_a_frame_outside_the_episode_is_refused():
    with pytest.raises(DataError, match="no frame 3 in an episode of 3"):
        cut_window(np.zeros((3, 1)), np.zeros((3, 1)), 3)
