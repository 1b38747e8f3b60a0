import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console

from psizero.control.locomotion import LocomotionPolicy
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, PolicyError
from psizero.rl.config import PPOConfig
from psizero.rl.export_onnx import largest_difference
from psizero.train.config import LocomotionConfig
from psizero.train.locomotion import POLICY, STATE, LocomotionTraining, recorded_arm_poses, train_locomotion

QUIET = Console(quiet=True)
SMALL = PPOConfig(horizon=4, minibatches=2, epochs=2)
ITERATION = 4 * 8


def settings(out: Path, **changes: object) -> LocomotionConfig:
    return LocomotionConfig(**({"out": out, "robots": 8, "processes": 1, "ppo": SMALL} | changes))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locomotion") / "walk"
    train_locomotion(settings(folder, steps=3 * ITERATION), QUIET)
    return folder


def test_it_leaves_a_policy_that_runs_and_says_where_it_comes_from(trained: Path) -> None:
    policy = LocomotionPolicy.load(trained / POLICY, G1)
    assert policy.card.training.steps == 3 * ITERATION
    lines = [json.loads(line) for line in (trained / STATE.parent / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [ITERATION, 2 * ITERATION, 3 * ITERATION]
    assert {"falls_per_minute", "reward/velocity", "steps_per_second", "level"} <= set(lines[0])


def test_it_resumes_exactly_where_it_was(trained: Path) -> None:
    """Two trainings that go on from one checkpoint tell the same numbers to the last digit."""
    told = []
    for _ in range(2):
        training = LocomotionTraining(settings(trained, resume=True))
        assert training.steps == 3 * ITERATION
        told.append([training.iterate() for _ in range(2)])
    clock = ("seconds", "steps_per_second", "collecting")
    for first, second in zip(*told, strict=True):
        assert {k: v for k, v in first.items() if k not in clock} == {k: v for k, v in second.items() if k not in clock}


def test_interrupted_and_uninterrupted_trainings_are_the_same(trained: Path, tmp_path: Path) -> None:
    whole = LocomotionTraining(settings(tmp_path / "whole"))
    for _ in range(4):
        expected = whole.iterate()
    going_on = LocomotionTraining(settings(trained, resume=True))
    found = going_on.iterate()
    assert found["value_loss"] == expected["value_loss"]
    assert found["reward/velocity"] == expected["reward/velocity"]


def test_a_later_stage_begins_with_the_networks_of_an_earlier_one(trained: Path, tmp_path: Path) -> None:
    earlier = LocomotionTraining(settings(trained, resume=True))
    later = LocomotionTraining(settings(tmp_path / "rough", stage="rough", begin_with=trained, robots=6))
    for mine, theirs in zip(later.network.parameters(), earlier.network.parameters(), strict=True):
        np.testing.assert_array_equal(mine.detach().numpy(), theirs.detach().numpy())
    assert later.steps == later.begun == earlier.steps
    assert np.isfinite(later.iterate()["value_loss"])
    # Steps are counted from there on: one step more is one rollout more, not "nothing to do".
    train_locomotion(settings(tmp_path / "more", begin_with=trained, steps=1))
    assert LocomotionTraining(settings(tmp_path / "more", begin_with=None, resume=True)).steps > earlier.steps


def test_the_critic_of_a_policy_file_learns_first_and_alone(trained: Path, tmp_path: Path) -> None:
    policy = LocomotionPolicy.load(trained / POLICY, G1)
    config = settings(tmp_path / "more", begin_with=trained / POLICY)
    training = LocomotionTraining(config)
    assert training.steps == training.begun == policy.card.training.steps
    assert largest_difference(training.network, policy) < 1e-5
    critic = training.network.critic[0].weight.detach().clone()
    training.iterate()
    assert largest_difference(training.network, policy) < 1e-5
    assert not torch.equal(training.network.critic[0].weight, critic)
    training.save()
    training = LocomotionTraining(replace(config, begin_with=None, resume=True))
    training.steps = training.begun + training.critic_steps  # as if the critic were ready
    training.iterate()
    assert largest_difference(training.network, policy) > 1e-5


def test_a_training_is_not_overwritten_nor_resumed_with_other_settings(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--resume"):
        LocomotionTraining(settings(trained))
    with pytest.raises(ConfigError, match="other settings"):
        LocomotionTraining(settings(trained, resume=True, robots=9))
    with pytest.raises(PolicyError, match="there is no training"):
        LocomotionTraining(settings(tmp_path / "nowhere", resume=True))
    with pytest.raises(ConfigError, match="begin-with"):
        settings(trained, resume=True, begin_with=trained)


def test_a_damaged_checkpoint_is_one_line(trained: Path, tmp_path: Path) -> None:
    broken = tmp_path / STATE
    broken.parent.mkdir()
    broken.write_bytes((trained / STATE).read_bytes()[:5000])
    with pytest.raises(PolicyError, match="cannot be read"):
        LocomotionTraining(settings(tmp_path, resume=True))


def test_nothing_is_done_when_the_steps_are_done(trained: Path) -> None:
    before = (trained / STATE).read_bytes()
    train_locomotion(settings(trained, resume=True, steps=2 * ITERATION), QUIET)
    assert (trained / STATE).read_bytes() == before


def test_recorded_arm_poses_come_from_the_actions_of_a_data_set(tmp_path: Path) -> None:
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        episodes = list(synthetic_episodes(2, length=25))
        for episode in episodes:
            writer.append(episode)
    poses = recorded_arm_poses((tmp_path / "set",))
    assert poses is not None and poses.shape == (6, 14)
    np.testing.assert_allclose(poses[0, :7], G1_DEX3.action.get(episodes[0].action[0], "left_arm"), atol=1e-6)
    assert recorded_arm_poses(()) is None
