"""Statistics agree with numpy over all frames, whatever the episodes they came in."""

import json

import numpy as np
import pytest

from psizero.data.stats import EpisodeStats, VectorStats, episode_stats, vector_stats
from psizero.data.synthetic import synthetic_episodes
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
    with pytest.raises(DataError, match="at least one episode"):
        episode_stats([])
    with pytest.raises(DataError, match="not statistics"):
        VectorStats.from_json({"mean": [1.0]})
    with pytest.raises(DataError, match="expected state and action"):
        EpisodeStats.from_json({})
