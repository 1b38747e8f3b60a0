"""Scenes are drawn within their bounds, by their seed alone; the judge is not to be fooled."""

import numpy as np
import pytest

from psizero.errors import ConfigError
from psizero.geometry import Pose, rotate, to_rpy
from psizero.sim import scene
from psizero.sim.task import ACROSS, ALONG, HAND_GAP, ROBOT_SHIFT, TASKS, open_task


def poses(seed: int, **settings) -> dict[str, Pose]:
    world = open_task("pick_bottle", seed, **settings).world
    return {name: world.pose(name) for name in ("bottle", "box", "pelvis")}


def test_starts_stay_within_their_bounds_and_use_them():
    drawn = [poses(seed) for seed in range(60)]
    for prop in scene.PROPS:
        offsets = np.array([start[prop.name].position[:2] for start in drawn]) - prop.place
        assert np.abs(offsets[:, 0]).max() <= ACROSS
        assert np.abs(offsets[:, 1]).max() <= ALONG
        assert np.ptp(offsets[:, 0]) > 1.7 * ACROSS
        assert np.ptp(offsets[:, 1]) > 1.5 * ALONG
    yaws = np.array([to_rpy(start["box"].orientation)[2] for start in drawn])
    assert np.abs(yaws).max() <= np.deg2rad(20.0) + 1e-6
    shifts = np.array([start["pelvis"].position[:2] for start in drawn])
    assert (np.ptp(shifts, axis=0) <= 2 * ROBOT_SHIFT).all()
    assert (np.ptp(shifts, axis=0) > 1.5 * ROBOT_SHIFT).all()


def test_a_hand_fits_between_bottle_and_box():
    for seed in range(30):
        start = poses(seed)
        corner_gap = np.linalg.norm(start["bottle"].position[:2] - start["box"].position[:2])
        assert corner_gap > HAND_GAP + scene.BOTTLE_RADIUS


def test_both_tasks_of_a_seed_share_one_scene_and_differ_in_words():
    for seed in (3, 4):
        one, other = open_task("pick_bottle", seed), open_task("hug_box", seed)
        assert "bottle" in one.instruction
        assert "box" in other.instruction
        np.testing.assert_array_equal(poses(seed)["box"].position, other.world.pose("box").position)


def test_training_never_sees_a_scene_of_the_evaluation():
    assert not np.allclose(poses(5)["box"].position, poses(5, purpose="collect")["box"].position)


def test_the_same_seed_shows_the_same_picture():
    first = open_task("hug_box", 8).robot.observe().images["head"].copy()
    open_task("hug_box", 9)
    np.testing.assert_array_equal(open_task("hug_box", 8).robot.observe().images["head"], first)


def test_a_prop_can_be_moved_on_purpose():
    moved = poses(5, shift={"bottle": (0.0, 0.1)})["bottle"].position - poses(5)["bottle"].position
    np.testing.assert_allclose(moved, [0, 0.1, 0], atol=1e-6)


def test_a_prop_that_is_not_there_cannot_be_moved():
    with pytest.raises(ConfigError, match=r"unknown prop 'botle'; known: bottle, box\. Did you mean 'bottle'\?"):
        open_task("hug_box", 5, shift={"botle": (0.0, 0.1)})


def test_words_that_are_given_are_the_words_even_if_there_are_none():
    assert open_task("hug_box", 5, "").instruction == ""


def test_a_bottle_that_floats_up_by_itself_is_no_success():
    episode = open_task("pick_bottle", 1)
    start = episode.world.pose("bottle")
    for tick in range(1, 100):
        episode.world.place("bottle", Pose(start.position + np.array([0, 0, 0.3]), start.orientation))
        episode.sleep_until(tick / 60)
    assert not episode.status().success
    assert not episode.status().subtasks["touched"]


def test_moving_the_other_prop_spoils_the_episode():
    episode = open_task("pick_bottle", 1)
    box = episode.world.pose("box")
    episode.world.place("box", Pose(box.position + np.array([0.04, 0, 0]), box.orientation))
    episode.sleep_until(0.1)
    assert episode.status().failure == "the box was moved"
    assert not episode.status().subtasks["other_left_alone"]


def test_a_robot_without_commands_falls_and_the_judge_says_so():
    episode = open_task("pick_bottle", 1)
    episode.robot.stop()
    episode.sleep_until(2.0)
    assert episode.status().failure == "the robot fell"


def test_the_bottle_stands_upright_on_the_table():
    episode = open_task("pick_bottle", 2)
    episode.sleep_until(0.5)
    pose = episode.world.pose("bottle")
    assert rotate(pose.orientation, np.array([0.0, 0.0, 1.0]))[2] > 0.999
    assert pose.position[2] == pytest.approx(scene.TABLE_TOP + scene.BOTTLE.height, abs=2e-3)


def test_an_unknown_task_is_answered_with_the_nearest():
    with pytest.raises(ConfigError, match="Did you mean 'pick_bottle'"):
        open_task("pick_botle", 0)


def test_a_negative_seed_is_refused():
    with pytest.raises(ConfigError, match="0 or more, got -1"):
        open_task("pick_bottle", -1)


def test_every_instruction_names_its_prop():
    for task in TASKS.values():
        assert len(set(task.instructions)) >= 5
        assert all(task.prop in words for words in task.instructions)
