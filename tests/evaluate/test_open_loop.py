from dataclasses import replace

import numpy as np
import pytest

from psizero.data.episode import Episode
from psizero.embodiment.layout import Field, PolicyLayout, VectorLayout
from psizero.errors import DataError, PolicyError
from psizero.evaluate.open_loop import SAMPLES, mean_trajectory, open_loop
from psizero.evaluate.rollout import ReadyPolicy
from psizero.types import ActionChunk, Observation

STATE = VectorLayout("toy_state", (Field("left_arm", ("a",), "rad"),))
ACTION = VectorLayout("toy_action", (Field("left_arm", ("a",), "rad"), Field("base_velocity", ("vx",), "m/s")))
LAYOUT = PolicyLayout("toy", STATE, ACTION, 30.0, ("head",))


def straight(length: int, slope: float = 0.01) -> Episode:
    """An arm that moves on evenly; its state is the action of the same frame."""
    arm = (slope * np.arange(length, dtype=np.float32))[:, None]
    return Episode(
        instruction="reach",
        state=arm,
        action=np.concatenate([arm, np.full_like(arm, 0.2)], axis=1),
        timestamps=np.arange(length) / 30.0,
        images={"head": np.zeros((length, 4, 4, 3), np.uint8)},
    )


class KnowingPolicy:
    """Predicts the truth, plus `error` on the arm."""

    def __init__(self, error: float) -> None:
        self.error = error

    def reset(self) -> None:
        pass

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        arm = observation.state[0] + 0.01 * np.arange(10, dtype=np.float32) + self.error
        return ActionChunk(values=np.stack([arm, np.full_like(arm, 0.2)], axis=1), start_tick=observation.tick)


def ready(error: float) -> ReadyPolicy:
    return ReadyPolicy(policy=KnowingPolicy(error), name="knowing", layout=LAYOUT, max_promised=0, rows=30)


def test_errors_and_baselines_are_what_they_are_called():
    mean = mean_trajectory([straight(50).action, straight(50, slope=0.03).action])
    result = open_loop(ready(0.005), {7: lambda: straight(41)}, mean, every=10)
    assert result.episodes == (7,)
    assert result.chunks == 4
    assert result.arms.policy == pytest.approx(0.005, rel=1e-3)
    assert result.arms.hold == pytest.approx(0.045, rel=1e-3)
    np.testing.assert_allclose(result.by_row["hold"], 0.01 * np.arange(10), atol=1e-6)
    # The mean of slopes over 50 frames reaches 0.98 where the episode reaches 0.40.
    share = np.arange(40) / 40
    assert result.arms.mean == pytest.approx(float(np.mean((0.98 - 0.40) * share)), rel=1e-3)
    assert result.arms.ratio == pytest.approx(0.005 / 0.045, rel=1e-3)
    base = next(group for group in result.groups if group.group == "base_velocity")
    assert (base.policy, base.hold) == (pytest.approx(0.0, abs=1e-6), pytest.approx(0.2))


def test_rows_beyond_the_end_of_an_episode_are_not_counted():
    result = open_loop(ready(0.0), {0: lambda: straight(15)}, mean_trajectory([straight(15).action]), every=10)
    assert result.arms.policy == pytest.approx(0.0, abs=1e-6)
    assert result.arms.mean == pytest.approx(0.0, abs=1e-6)
    assert np.isfinite(result.example["predicted"]).all()


def test_the_mean_trajectory_of_equal_episodes_is_that_episode():
    values = mean_trajectory([straight(101).action] * 3)
    np.testing.assert_allclose(values, straight(101).action, atol=1e-6)


def test_without_held_out_or_training_episodes_there_is_nothing_to_compare():
    with pytest.raises(DataError, match="no held-out episode"):
        open_loop(ready(0.0), {}, np.zeros((101, 2)))
    with pytest.raises(DataError, match="no training episode"):
        mean_trajectory([])


class LookingPolicy(KnowingPolicy):
    """Remembers the first pixel of every picture it is shown."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.seen: list[int] = []

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.seen.append(int(observation.images["head"][0, 0, 0]))
        return super().act(observation, promised)


def test_a_frozen_camera_shows_the_first_picture_of_the_episode_for_ever():
    policy = LookingPolicy()
    looking = ReadyPolicy(policy=policy, name="looking", layout=LAYOUT, max_promised=0, rows=30)
    pictures = np.broadcast_to(np.arange(41, dtype=np.uint8)[:, None, None, None], (41, 4, 4, 3))
    episode = replace(straight(41), images={"head": pictures})
    mean = mean_trajectory([episode.action])
    open_loop(looking, {0: lambda: episode}, mean, every=10)
    open_loop(looking, {0: lambda: episode}, mean, every=10, camera="frozen")
    assert policy.seen[::SAMPLES] == [0, 10, 20, 30, 0, 0, 0, 0]


def test_a_policy_that_gives_no_numbers_has_no_error_to_report():
    with pytest.raises(PolicyError, match="not finite in frame 0"):
        open_loop(ready(float("nan")), {0: lambda: straight(15)}, mean_trajectory([straight(15).action]))
