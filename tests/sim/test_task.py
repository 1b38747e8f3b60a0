"""Scenes are drawn within their bounds, by their seed alone; the judge is not to be fooled."""

import numpy as np
import pytest

from psizero.errors import ConfigError
from psizero.geometry import Pose, from_rpy, rotate, to_rpy
from psizero.sim import scene
from psizero.sim.task import (
    ACROSS,
    ALONG,
    HAND_GAP,
    ROBOT_SHIFT,
    TABLE_SHIFT,
    TABLE_TURN,
    TASKS,
    TaskEpisode,
    open_task,
)


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


def test_tasks_of_a_seed_share_one_scene_and_differ_in_words():
    for seed in (3, 4):
        start = poses(seed)
        for task, words in (("pick_bottle", "bottle"), ("hug_box", "box"), ("walk_and_place", "table")):
            episode = open_task(task, seed)
            assert words in episode.instruction
            for body, pose in start.items():
                np.testing.assert_array_equal(episode.world.pose(body).position, pose.position)
                np.testing.assert_array_equal(episode.world.pose(body).orientation, pose.orientation)


@pytest.mark.parametrize(
    ("name", "asked", "walks"),
    [("pick_bottle", False, False), ("pick_bottle", True, True), ("walk_and_place", False, True)],
)
def test_system_zero_moves_the_legs_where_one_walks_or_asks_for_it(name, asked, walks):
    episode = open_task(name, 0, walking_legs=asked)
    assert episode.walking_legs is walks
    # Legs that only stand hold their places; those of System-0 are driven by forces.
    controller = episode.controller()
    observation = episode.robot.observe()
    controller.reset(observation)
    assert controller.command(None, observation, episode.now()).balancing is walks


def test_a_second_table_is_only_where_one_walks_and_stands_within_its_bounds():
    model = open_task("pick_bottle", 0).world.model
    bodies = [model.body(index).name for index in range(model.nbody)]
    assert "table" in bodies
    assert scene.SECOND_TABLE not in bodies
    drawn = [open_task("walk_and_place", seed).world.pose(scene.SECOND_TABLE) for seed in range(40)]
    shifts = np.array([pose.position[:2] for pose in drawn]) - scene.SECOND_PLACE
    turns = np.array([to_rpy(pose.orientation)[2] for pose in drawn]) - scene.SECOND_YAW
    assert np.abs(shifts).max() <= TABLE_SHIFT
    assert (np.ptp(shifts, axis=0) > 1.5 * TABLE_SHIFT).all()
    assert np.abs(turns).max() <= TABLE_TURN
    assert np.ptp(turns) > 1.5 * TABLE_TURN


def test_the_second_table_is_seen_after_turning_and_not_before():
    world = open_task("walk_and_place", 1).world

    def green() -> float:
        picture = world.picture("head", 60, 80).astype(float)
        return float((picture[..., 1] > 1.3 * np.maximum(picture[..., 0], picture[..., 2])).mean())

    assert green() == 0
    world.place("bottle", Pose(np.array([0.0, -1.0, 0.1])))
    base = world.data.joint("floating_base")
    base.qpos[:2], base.qpos[3:] = (-0.4, 0.0), from_rpy(0.0, 0.0, np.pi / 2)
    world.shift_robot(0.0, 0.0)
    assert 0.02 < green() < 0.2
    world.shift_robot(0.0, 1.5)
    assert green() > 0.4


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


def stand_by_the_second_table() -> TaskEpisode:
    """Return an episode whose robot stands with its right hand over the second table, the bottle in it."""
    episode = open_task("walk_and_place", 1)
    world = episode.world
    table = world.pose(scene.SECOND_TABLE)
    palm = world.site("right_palm").position
    world.shift_robot(*(table.position[:2] - palm[:2]))
    world.place("bottle", Pose(world.site("right_palm").position))
    episode.sleep_until(1 / 30)
    return episode


def put(episode: TaskEpisode, right: float, tilt: float = 0.0) -> Pose:
    """Stand the bottle on the second table, `right` (m) of its middle; return where."""
    table = episode.world.pose(scene.SECOND_TABLE)
    place = table.apply(np.array([0.0, -right, scene.SECOND_HALF[2] + scene.BOTTLE.height]))
    episode.world.place("bottle", Pose(place, from_rpy(tilt, 0.0, 0.0)))
    return episode.world.pose("bottle")


def test_a_bottle_brought_in_a_hand_and_left_standing_is_placed_after_half_a_second():
    episode = stand_by_the_second_table()
    assert episode.status().subtasks["brought"]
    put(episode, right=0.3)
    begin = episode.now()
    episode.sleep_until(begin + 0.4)
    assert not episode.status().success
    episode.sleep_until(begin + 0.7)
    assert episode.status().success, episode.status()


def test_a_bottle_that_nobody_brought_is_not_placed():
    episode = open_task("walk_and_place", 1)
    put(episode, right=0.3)
    episode.sleep_until(0.8)
    assert not episode.status().subtasks["placed"]


def test_a_bottle_that_lies_moves_or_is_still_held_is_not_placed():
    lying = stand_by_the_second_table()
    put(lying, right=0.3, tilt=np.pi / 2)
    lying.sleep_until(lying.now() + 0.7)
    assert not lying.status().subtasks["placed"]
    moving = stand_by_the_second_table()
    for step in range(40):
        put(moving, right=0.3 + 0.002 * step)
        moving.sleep_until(moving.now() + 1 / 60)
    assert not moving.status().subtasks["placed"]
    held = stand_by_the_second_table()
    held.sleep_until(held.now() + 0.1)
    assert not held.status().subtasks["placed"]


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
