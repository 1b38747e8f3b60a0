"""Made-up episodes are the same each time, and their pictures tell what their actions are made from."""

import numpy as np

from psizero.data.synthetic import INSTRUCTIONS, synthetic_episode, true_action
from psizero.embodiment.layout import G1_INSPIRE


def test_a_seed_gives_the_same_episode_each_time_and_seeds_differ():
    first, again, other = synthetic_episode(1), synthetic_episode(1), synthetic_episode(3)
    np.testing.assert_array_equal(first.images["head"], again.images["head"])
    np.testing.assert_array_equal(first.action, again.action)
    assert np.abs(first.action - other.action).max() > 0.1


def test_any_layout_can_be_asked_for():
    episode = synthetic_episode(0, layout=G1_INSPIRE, image_size=(24, 32))
    assert episode.action.shape == (60, 26)
    assert episode.images["cam_high"].shape == (60, 24, 32, 3)


def test_actions_can_be_read_off_the_pictures():
    for seed, instruction in enumerate(INSTRUCTIONS):
        episode = synthetic_episode(seed)
        assert episode.instruction == instruction
        pictures = episode.images["head"].astype(int)
        places = []
        for picture in pictures:
            rows, columns = np.nonzero(np.ptp(picture, axis=-1))
            places.append(((columns.mean() + 0.5) / 159, (rows.mean() + 0.5) / 119))
        np.testing.assert_allclose(true_action(np.array(places), instruction), episode.action, atol=0.01)
