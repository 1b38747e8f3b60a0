"""Statistics agree with numpy over all frames, whatever the episodes they came in, and with those of the reference."""

import json
from dataclasses import replace

import numpy as np
import pytest

from psizero.data.bounds import bounds_of_stats
from psizero.data.normalize import Normalizer
from psizero.data.stats import (
    EpisodeStats,
    StreamingStats,
    VectorStats,
    episode_stats,
    psi0_stats,
    vector_stats,
)
from psizero.data.synthetic import synthetic_episode, synthetic_episodes
from psizero.embodiment.layout import EVERYDAY_G1, HUMAN_HANDS_STEP
from psizero.errors import DataError


def test_each_figure_is_the_exact_one():
    values = np.random.default_rng(0).normal(3.0, 2.0, (1000, 4)).astype(np.float32)
    stats = vector_stats(values)
    exact = values.astype(np.float64)
    np.testing.assert_allclose(stats.mean, exact.mean(0))
    np.testing.assert_allclose(stats.std, exact.std(0))
    np.testing.assert_array_equal(stats.min, exact.min(0))
    np.testing.assert_array_equal(stats.max, exact.max(0))
    np.testing.assert_allclose([stats.q01, stats.q99], np.quantile(exact, (0.01, 0.99), axis=0))
    assert stats.count == 1000


def test_episodes_count_by_their_frames_and_are_visited_once():
    episodes = list(synthetic_episodes(3, length=20))
    stats = episode_stats(episode for episode in episodes)  # a generator can be visited only once
    together = vector_stats(np.concatenate([episode.action for episode in episodes]))
    np.testing.assert_array_equal(stats.action.q99, together.q99)
    assert stats.state.count == 60


def test_a_trip_through_json_changes_nothing():
    stats = episode_stats(synthetic_episodes(1, length=10))
    back = EpisodeStats.from_json(json.loads(json.dumps(stats.to_json())))
    np.testing.assert_array_equal(back.action.std, stats.action.std)
    assert back.state.count == 10


def test_nothing_to_count_and_foreign_json_are_refused():
    with pytest.raises(DataError, match="at least one frame"):
        episode_stats([])
    with pytest.raises(DataError, match="not statistics"):
        VectorStats.from_json({"mean": [1.0]})
    with pytest.raises(DataError, match="expected state and action"):
        EpisodeStats.from_json({})


def test_pieces_of_any_size_give_what_the_whole_gives():
    values = np.random.default_rng(0).normal(1e4, 1e-2, (5000, 3))  # far from zero: sums of squares would cancel
    stream = StreamingStats()
    for part in np.split(values, [1, 2, 700, 4000]):
        stream.add(part)
    whole, pieces = vector_stats(values), stream.result()
    for name in ("mean", "std", "min", "max", "q01", "q99"):
        np.testing.assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-9)
    assert stream.rank_error == 0


def test_a_number_that_never_changes_has_no_spread_at_all():
    stream = StreamingStats()
    for _ in range(7):
        stream.add(np.full((3, 1), 0.1, np.float32))
    stats = stream.result()
    assert stats.std == 0
    assert stats.mean == stats.min == stats.q01 == np.float32(0.1)


def test_steps_stay_within_their_episode_and_resting_frames_can_be_left_out():
    action = np.zeros((6, 36), np.float32)
    action[:, 0] = [0, 1, 1, 1, 3, 3]
    episode = replace(synthetic_episode(0, length=6), action=action)
    steps = episode_stats([episode, episode], form="step")
    assert (steps.action.count, steps.action.min[0], steps.action.max[0]) == (10, 0, 2)
    moving = episode_stats([episode, episode], form="step", moving_only=True)
    assert (moving.action.count, moving.action.min[0]) == (4, 1)
    assert episode_stats([episode], moving_only=True).action.count == 2


@pytest.fixture(params=["egodex_stat_all", "he_raw_rel_stats_combined", "he_raw_rel_stats_combined_no_static"])
def reference(request, shared_data):
    """Statistics of the reference, all its blocks."""
    return json.loads((shared_data / "stats" / f"{request.param}.json").read_text())


def test_values_that_have_the_statistics_of_the_reference_get_its_file_back(reference):
    for block in reference.values():
        low, q01, q99, high = (np.asarray(block[name], np.float32) for name in ("min", "q01", "q99", "max"))
        inside = np.linspace(q01, q99, 981, dtype=np.float32)
        inside[[0, -1]] = q01, q99
        values = np.concatenate([[low] * 10, inside, [high] * 10])  # ranks 10 and 990 of 0..1000 are 1 % and 99 %
        stream = StreamingStats()
        for part in np.split(np.random.default_rng(0).permutation(values), 7):
            stream.add(part)
        ours = psi0_stats(EpisodeStats(state=stream.result(), action=stream.result()))["action"]
        assert set(ours) == set(block)
        for name in ("min", "max", "q01", "q99"):
            np.testing.assert_array_equal(np.float32(ours[name]), np.float32(block[name]))


def test_statistics_of_the_reference_normalize_and_return_every_number(reference):
    layouts = {48: HUMAN_HANDS_STEP, 28: EVERYDAY_G1.action}
    for block in reference.values():
        low, high = np.asarray(block["q01"]), np.asarray(block["q99"])
        layout = layouts[len(low)]
        constant = [name for name, level in zip(layout.names, low == high, strict=True) if level]
        assert all("unused" in name for name in constant)
        assert len(constant) == (6 if layout is HUMAN_HANDS_STEP else 0)
        bounds = bounds_of_stats(block, method="quantile", width=layout.size, constant="pass")
        ours = Normalizer.from_stats(VectorStats.from_json({**block, "count": [1]}))
        moving = low < high
        np.testing.assert_allclose(bounds.normalize(low)[moving], -1, atol=1e-6)
        np.testing.assert_allclose(bounds.normalize(np.asarray(block["max"]))[moving], 1, atol=1e-6)  # limited
        assert (ours.normalize(low)[~moving] == 0).all()
        values = np.random.default_rng(0).uniform(low, high, (20, layout.size))
        for normalizer in (bounds, ours):
            np.testing.assert_allclose(normalizer.denormalize(normalizer.normalize(values)), values, atol=1e-6)
            assert (normalizer.denormalize(np.full(layout.size, 0.7))[~moving] == low[~moving]).all()
