"""A window starts at its frame, follows the episode and repeats its last action, marked as padding."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.data.synthetic import synthetic_episode
from psizero.data.window import cut_converted, cut_window
from psizero.embodiment.convert import Conversion
from psizero.embodiment.layout import G1_DEX3, G1_INSPIRE
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


def test_a_loss_looks_at_no_padding_and_at_nothing_a_body_lacks():
    layout = G1_INSPIRE
    episode = synthetic_episode(0, length=10, layout=layout, image_size=(16, 16))
    state, action = (
        Conversion.between(theirs, ours)
        for theirs, ours in ((layout.state, G1_DEX3.state), (layout.action, G1_DEX3.action))
    )
    window = cut_converted(episode, 7, 5, state=state, action=action)
    known = G1_DEX3.action.unpack(window.mask)
    assert known["left_arm"].tolist() == [[True] * 7] * 3 + [[False] * 7] * 2
    assert not known["left_hand"].any()
    np.testing.assert_array_equal(
        G1_DEX3.action.get(window.actions, "right_arm")[:3], layout.action.get(episode.action, "right_arm")[7:]
    )
    assert (window.actions[:, ~window.action_known] == 0).all()
    assert window.state_known.sum() == 14
    with pytest.raises(DataError, match="no frame 10"):
        cut_converted(episode, 10, 5, state=state, action=action)


def test_without_a_word_about_the_body_every_number_counts():
    window = cut_window(np.zeros((4, 2)), np.zeros((4, 3)), 3, 2)
    assert window.mask.tolist() == [[True] * 3, [False] * 3]
