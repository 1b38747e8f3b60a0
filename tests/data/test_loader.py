import numpy as np
import pytest
import torch

from psizero.data.augment import AugmentConfig, change_light, draw_light, draw_shifts, shifted_pictures
from psizero.data.frames import BadEpisodes, read_frames
from psizero.data.loader import Loader
from psizero.data.mix import Mix, MixPart
from psizero.data.normalize import Normalizer
from psizero.data.synthetic import INSTRUCTIONS, synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError

STILL = AugmentConfig(shift=0, brightness=0.0, contrast=0.0, colour=0.0, state_noise=0.0)
SIZE = (24, 32)


class Source:
    """Made-up episodes behind the interface of a data set."""

    layout = G1_DEX3

    def read(self, index, *, image_size=None, cameras=None):
        return synthetic_episode(index, length=10 + index, image_size=image_size or SIZE)


@pytest.fixture(scope="module")
def frames():
    source = Source()
    return read_frames([(source, 0), (source, 1), (source, 2)])


def loader(frames, *, batch_size=4, seed=0, augment=STILL, **options):
    same_state, same_action = (Normalizer(low=-np.ones(size), high=np.ones(size)) for size in (32, 36))
    return Loader(
        frames,
        image_size=SIZE,
        state_scale=same_state,
        action_scale=same_action,
        chunk=5,
        batch_size=batch_size,
        seed=seed,
        augment=augment,
        **options,
    )


def pictures_of(frames):
    return np.concatenate([frames.decode(episode, SIZE) for episode in range(len(frames.episodes))])


def test_episodes_lie_one_after_the_other_with_their_own_words(frames):
    assert len(frames) == 10 + 11 + 12
    assert pictures_of(frames).shape == (33, 1, 24, 32, 3)
    assert np.unique(frames.last).tolist() == [9, 20, 32]
    assert [frames.instructions[i] for i in frames.instruction[[0, 10, 21]]] == [INSTRUCTIONS[i] for i in (0, 1, 0)]


def test_a_chunk_never_reaches_into_the_next_episode_but_repeats_its_last_action(frames):
    batch = loader(frames).plain_batch(np.array([3, 8]))
    assert np.allclose(batch.action[0], frames.action[3:8], atol=1e-6)
    assert np.allclose(batch.action[1], frames.action[[8, 9, 9, 9, 9]], atol=1e-6)


def test_every_frame_comes_once_per_epoch_in_an_order_of_its_own(frames):
    one = loader(frames, batch_size=11)
    first, second = ([one.batch(step).state for step in range(start, start + 3)] for start in (0, 3))
    for epoch in (first, second):
        rows = {tuple(row.tolist()) for row in torch.cat(epoch)}
        assert len(rows) == len(np.unique(frames.state, axis=0))
    assert not torch.equal(torch.cat(first), torch.cat(second))


def test_a_resumed_loader_gives_exactly_the_examples_that_would_have_come(frames):
    changing = AugmentConfig()
    running = loader(frames, augment=changing)
    for _ in range(10):
        expected = running.batch(10)
    resumed = loader(frames, augment=changing).batch(10)
    for name in ("images", "state", "action", "instruction"):
        assert torch.equal(getattr(resumed, name), getattr(expected, name))
    assert not torch.equal(loader(frames, seed=1, augment=changing).batch(10).images, expected.images)


def test_without_augmentation_pictures_and_states_are_as_recorded(frames):
    batch = loader(frames, batch_size=33).batch(0)
    order = [int(np.flatnonzero((frames.state == row.numpy()).all(1))[0]) for row in batch.state]
    distinct = [place for place, frame in enumerate(order) if frame % 10]  # first frames share a state of zeros
    assert np.array_equal(batch.images[distinct], pictures_of(frames)[[order[place] for place in distinct]])


@pytest.mark.parametrize("window", [None, 11])
def test_rows_of_a_batch_are_the_same_alone_as_in_the_whole(frames, window):
    changing = loader(frames, augment=AugmentConfig(), window=window)
    whole, rows = changing.batch(5), slice(1, 3)
    part = changing.batch(5, rows)
    for name in ("images", "state", "action", "known", "instruction"):
        assert torch.equal(getattr(part, name), getattr(whole, name)[rows])
    assert torch.equal(changing.actions(5), whole.action)


def test_a_batch_taken_in_parts_decodes_nothing_twice(frames):
    decoded = []
    whole = loader(frames, batch_size=8, window=11, progress=decoded.append)
    for step in range(4):  # an epoch without its last frame: batches straddle windows, and all of them are decoded
        for first in range(0, 8, 2):
            whole.batch(step, slice(first, first + 2))
            whole.actions(step)
    assert sum(decoded) <= 2 * len(frames), "more than this epoch and the next window were decoded"


@pytest.mark.parametrize("mixed", [False, True])
def test_what_is_prepared_is_what_the_batch_needs(frames, mixed):
    mix = Mix([MixPart(name="one", frames=len(frames))], draws=100, seed=0) if mixed else None
    decoded = []
    resumed = loader(frames, batch_size=4, window=11, bad=BadEpisodes("skip"), mix=mix, progress=decoded.append)
    resumed.prepare(6)  # frames 24 to 27 of 33: the last of three windows of one episode
    prepared = sum(decoded)
    resumed.batch(6)
    assert 0 < prepared <= sum(decoded) <= 12 + 12, "more than a window and the next one was decoded"


def test_a_shift_moves_all_views_alike_and_repeats_the_border():
    store = np.arange(2 * 6 * 8 * 3, dtype=np.uint8).reshape(1, 2, 6, 8, 3)
    moved = shifted_pictures(store, np.array([[2, -1]]))[0]
    assert np.array_equal(moved[:, :4, 1:], store[0, :, 2:, :-1])
    assert np.array_equal(moved[:, 4], moved[:, 3]) and np.array_equal(moved[:, :, 0], moved[:, :, 1])


def test_light_changes_stay_within_their_strength():
    grey = np.full((50, 1, 4, 4, 3), 128, np.uint8)
    config = AugmentConfig(brightness=0.1, contrast=0.0, colour=0.0)
    light = draw_light(np.random.default_rng(0), len(grey), config)
    changed = change_light(grey, light)
    assert np.abs(changed - 128).max() <= 26
    assert np.abs(changed.mean((1, 2, 3, 4)) - 128).max() > 15
    assert changed.dtype == np.float32
    assert change_light(np.full_like(grey, 255), light).max() == 255


def test_shifts_cover_their_whole_range():
    shifts = draw_shifts(np.random.default_rng(0), 200, AugmentConfig(shift=2))
    assert np.unique(shifts).tolist() == [-2, -1, 0, 1, 2]


def test_nothing_to_learn_from_is_told():
    with pytest.raises(DataError, match="no episode"):
        read_frames([])
    with pytest.raises(ConfigError, match="negative"):
        AugmentConfig(shift=-1)
