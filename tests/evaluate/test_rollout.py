"""Real episodes in the real world, with a policy that stands still; short, because the limit is cut."""

from dataclasses import replace

import numpy as np
import pytest

from psizero.embodiment.layout import G1_INSPIRE
from psizero.errors import ConfigError, LayoutError, PolicyError
from psizero.evaluate.many import run_episodes
from psizero.evaluate.rollout import EpisodeRequest, run_episode
from psizero.types import ActionChunk, Observation
from tests.evaluate.still_policy import MakeStillPolicy, StillPolicy

READY = MakeStillPolicy()()


def request_for(task: str, seed: int, **settings) -> EpisodeRequest:
    return EpisodeRequest(task=task, seed=seed, time_limit=1.0, **settings)


class BrokenPolicy(StillPolicy):
    """Fails at its second chunk."""

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        if observation.tick > 0:
            raise PolicyError("the weights are gone")
        return super().act(observation, promised)


def test_standing_still_fails_in_time_and_moves_nothing():
    result = run_episode(READY, request_for("pick_bottle", 1, delay_ticks=4))
    assert not result.success
    assert result.outcome == "not done within 1 s"
    assert result.subtasks["other_left_alone"]
    assert not result.subtasks["touched"]
    assert result.seconds == pytest.approx(1.0, abs=0.01)
    assert set(result.trace.delay_ticks) == {4}
    assert result.gate == {}
    assert result.video is None


def test_uneven_delays_are_those_of_the_seed_and_at_most_half_a_chunk():
    request = request_for("pick_bottle", 1, delay_ticks=1, delay_jitter=400.0)
    first, again = (run_episode(READY, request).trace.delay_ticks for _ in range(2))
    assert first == again and max(first) == READY.rows // 2
    with pytest.raises(ConfigError, match=r"cannot come 0\.5 ticks before its question"):
        request_for("pick_bottle", 1, delay_jitter=-0.5)


def test_a_filmed_episode_keeps_its_video_and_its_actions():
    result = run_episode(READY, request_for("hug_box", 1, film=True))
    assert result.video is not None
    assert result.video[4:8] == b"ftyp"
    assert result.actions is not None
    assert result.actions.shape == (30, 36)
    assert result.states is not None
    assert result.states.shape == (30, 32)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    request = request_for("pick_bottle", 3, camera="noise", film=True)
    first, again = run_episode(READY, request), run_episode(READY, request)
    other = run_episode(READY, replace(request, seed=4))
    np.testing.assert_array_equal(first.states, again.states)
    assert first.instruction == again.instruction
    assert first.video != other.video  # a robot that stands still feels no other scene, but it shows


def test_another_task_can_be_asked_in_the_same_scene():
    request = request_for("pick_bottle", 2, asked_task="hug_box", instruction="hug the box")
    result = run_episode(READY, request)
    assert result.instruction == "hug the box"
    assert result.request.judged == "hug_box"


def test_a_policy_that_fails_ends_the_evaluation_with_its_own_words():
    with pytest.raises(PolicyError, match="the weights are gone"):
        run_episode(replace(READY, policy=BrokenPolicy()), request_for("pick_bottle", 0))


def test_a_policy_of_another_robot_is_refused():
    with pytest.raises(LayoutError, match=r"the policy other has layout 'g1_inspire', expected 'g1_dex3'"):
        run_episode(replace(READY, name="other", layout=G1_INSPIRE), request_for("pick_bottle", 0))


def test_a_misspelt_task_is_answered_with_the_right_one_before_anything_runs():
    with pytest.raises(ConfigError, match="Did you mean 'pick_bottle'"):
        EpisodeRequest(task="pick_botle", seed=0)


def test_an_episode_runs_in_the_mode_that_was_asked_for():
    result = run_episode(READY, request_for("pick_bottle", 1, delay_ticks=4, mode="sync"))
    assert result.trace.holding_ticks >= 3 * 2, "it waits for each answer"
    with pytest.raises(ConfigError, match="the policy still does not offer"):
        run_episode(READY, request_for("pick_bottle", 1, mode="guidance"))
    with pytest.raises(ConfigError, match="Did you mean 'naive'"):
        EpisodeRequest(task="pick_bottle", seed=0, mode="naiv")


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_an_episode_without_time_is_refused(seconds):
    with pytest.raises(ConfigError, match="longer than 0 s"):
        EpisodeRequest(task="pick_bottle", seed=0, time_limit=seconds)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_do_not_depend_on_the_number_of_processes(workers):
    requests = [request_for("pick_bottle", seed, film=True) for seed in (5, 6)]
    told: list[int] = []
    results = run_episodes(
        MakeStillPolicy(), requests, workers=workers, done=lambda result: told.append(result.request.seed)
    )
    assert told == [5, 6]
    alone = [run_episode(READY, request) for request in requests]
    for one, two in zip(results, alone, strict=True):
        np.testing.assert_array_equal(one.states, two.states)
        assert one.instruction == two.instruction


def test_no_worker_is_refused():
    with pytest.raises(ConfigError, match="try --workers 1"):
        run_episodes(MakeStillPolicy(), [], workers=0)
