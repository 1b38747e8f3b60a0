"""Demonstrations succeed by honest means, stay within every limit and repeat exactly."""

import numpy as np
import pytest

from psizero.cli.collect import collect
from psizero.control.lower_body import driven_joints
from psizero.control.safety import SafetyConfig
from psizero.data.lerobot import LeRobotDataset
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError
from psizero.sim.sim_robot import SimRobot
from psizero.sim.task import TASKS
from psizero.teleop.collect import demonstrate, demonstrations, seeds_from


@pytest.fixture
def sent(monkeypatch):
    """Every command that reaches the robot."""
    commands = []
    command = SimRobot.command
    monkeypatch.setattr(SimRobot, "command", lambda robot, one: (commands.append(one), command(robot, one))[1])
    return commands


@pytest.mark.parametrize("task", TASKS)
def test_a_demonstration_succeeds_and_no_command_leaves_its_limits(task, sent):
    done = demonstrate(task, 0)
    assert done.success, done.reason
    # The targets of legs that balance are forces rather than places; the gate lets them balance.
    balancing = driven_joints(G1) if TASKS[task].walks else ()
    limited = np.array([name not in balancing for name in G1.joint_names])
    positions = np.array([one.positions for one in sent])[:, limited]
    limits = SafetyConfig()
    hands = np.array(["hand" in name for name in G1.joint_names])[limited]
    speed = np.minimum(np.where(hands, limits.hand_speed, limits.speed), G1.column("velocity")[limited])
    acceleration = np.where(hands, limits.hand_acceleration, limits.acceleration)
    steps = np.diff(positions, axis=0) * limits.rate
    assert (positions >= G1.column("lower")[limited] - 1e-9).all()
    assert (positions <= G1.column("upper")[limited] + 1e-9).all()
    assert (np.abs(steps) <= speed + 1e-6).all()
    assert (np.abs(np.diff(steps, axis=0)) * limits.rate <= acceleration + 1e-3).all()
    assert all((np.abs(one.torques) <= G1.column("effort") + 1e-9).all() for one in sent)


def test_what_is_recorded_is_state_action_and_picture_of_one_instant():
    episode = demonstrate("pick_bottle", 1).episode
    assert episode.state.shape[1] == G1_DEX3.state.size
    assert episode.action.shape[1] == G1_DEX3.action.size
    assert episode.images["head"].shape[1:] == (120, 160, 3)
    np.testing.assert_allclose(np.diff(episode.timestamps), 1 / 30, atol=5e-3)
    for times in episode.stream_times.values():
        np.testing.assert_allclose(times, episode.timestamps, atol=1e-6)
    lag = np.abs(G1_DEX3.action.get(episode.action, "right_arm") - G1_DEX3.state.get(episode.state, "right_arm"))
    assert np.median(lag) < 0.1


def test_the_same_seed_repeats_and_another_differs():
    first, again, other = (demonstrate("hug_box", seed).episode.action for seed in (2, 2, 3))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or not np.allclose(first, other)


def test_seeds_that_are_there_already_are_not_repeated():
    seeds = seeds_from(3, frozenset({4, 5}))
    assert [next(seeds) for _ in range(3)] == [3, 6, 7]


def test_two_processes_give_what_one_gives():
    (alone,) = demonstrations("pick_bottle", iter([0]), workers=1)
    (beside,) = demonstrations("pick_bottle", iter([0]), workers=2)
    np.testing.assert_array_equal(alone.episode.numbers.action, beside.episode.numbers.action)
    assert alone.episode.videos == beside.episode.videos


def test_collect_continues_a_data_set(tmp_path, capsys):
    collect("pick_bottle", tmp_path / "d", episodes=1, seed=0, workers=1)
    collect("pick_bottle", tmp_path / "d", episodes=2, seed=0, workers=1)
    episodes = LeRobotDataset(tmp_path / "d").episodes
    assert [episode.info["seed"] for episode in episodes] == [0, 1]
    assert all(episode.info["success"] is True for episode in episodes)
    assert not any(episode.info["walking_legs"] for episode in episodes)


def test_collecting_nothing_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="must be 1 or more"):
        collect("pick_bottle", tmp_path / "d", episodes=0)
    assert not (tmp_path / "d").exists()
