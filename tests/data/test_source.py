"""Each format is recognized and read: every number in its place, every picture at its frame, damage named."""

import json

import numpy as np
import pytest

from psizero.data.everyday import HumanoidEveryday
from psizero.data.lerobot import LeRobotDataset
from psizero.data.source import FORMATS, open_source
from psizero.data.teleoperation import TeleoperationFolders
from psizero.embodiment.layout import EVERYDAY_G1, EVERYDAY_H1, G1_DEX3, G1_SIMPLE
from psizero.errors import ConfigError, DataError, LayoutError
from tests.data.foreign_files import picture_of, write_everyday, write_simple, write_teleoperation


def assert_pictures(pictures, length):
    for frame in range(length):
        assert np.abs(pictures[frame].astype(int) - picture_of(frame)).max() <= 3  # loss of the codec


def test_teleoperation_folders_become_the_vectors_of_the_reference(tmp_path):
    write_teleoperation(tmp_path / "kitchen" / "Hug_box_and_move", episodes=11)
    source = open_source(tmp_path)
    assert isinstance(source, TeleoperationFolders)
    assert [name.rpartition("_")[2] for name in source.names] == [str(number) for number in range(11)]
    episode = source.read(10)
    state, action = G1_DEX3.state.unpack(episode.state), G1_DEX3.action.unpack(episode.action)
    f = np.arange(6)[:, None] / 100
    np.testing.assert_allclose(state["left_hand"], 100 + np.arange(7) + f)
    np.testing.assert_allclose(state["right_hand"], 107 + np.arange(7) + f)
    np.testing.assert_allclose(state["right_arm"], 207 + np.arange(7) + f)
    np.testing.assert_allclose(state["pelvis_height"][:, 0], [0.75, *(0.7 + np.arange(5) / 100)], rtol=1e-6)
    np.testing.assert_allclose(state["torso_rpy"][:2], [[0, 0, 0], [0.1, 0.2, 0.3]], rtol=1e-6)
    np.testing.assert_allclose(action["left_hand"], 400 + np.arange(7) + f)
    np.testing.assert_allclose(action["right_hand"], 500 + np.arange(7) + f)
    np.testing.assert_allclose(action["left_arm"], 315 + np.arange(7) + f)
    np.testing.assert_allclose(action["right_arm"], 322 + np.arange(7) + f)
    np.testing.assert_allclose(action["torso_rpy"][:, 2], 0.3 + f[:, 0], rtol=1e-6)
    tail = [action[name][3].tolist() for name in ("base_velocity", "yaw_rate", "target_yaw")]
    assert tail == [[0.5, -0.25], [0.125], [1.5]]
    np.testing.assert_allclose(episode.timestamps, np.arange(6) / 30 + 0.001 * (np.arange(6) % 2), atol=1e-9)
    assert episode.instruction == "hug box and move"
    assert_pictures(episode.images["egocentric"], 6)


def test_words_come_from_the_file_of_descriptions(tmp_path):
    write_teleoperation(tmp_path / "Hug_box", episodes=1)
    (tmp_path / "task_description_dict.json").write_text('{"Hug_box": "Hug the box."}')
    assert open_source(tmp_path).read(0, cameras=()).instruction == "Hug the box."
    assert TeleoperationFolders(tmp_path / "Hug_box").read(0, cameras=()).instruction == "hug box"


def test_both_robots_of_humanoid_everyday_are_read_apart(tmp_path):
    write_everyday(tmp_path / "home" / "pour_tea", "g1")
    write_everyday(tmp_path / "home" / "wave", "h1", episodes=2)
    assert open_source(tmp_path).layout == EVERYDAY_G1
    for robot, layout, size in (("g1", EVERYDAY_G1, 28), ("h1", EVERYDAY_H1, 26)):
        source = open_source(tmp_path, f"everyday-{robot}")
        assert source.layout == layout
        episode = source.read(len(source.names) - 1, image_size=(16, 24))
        f = np.arange(5)[:, None] / 100
        np.testing.assert_allclose(episode.state, np.arange(size) + f, rtol=1e-6)
        np.testing.assert_allclose(episode.action, 50 + np.arange(size) + f, rtol=1e-6)
        np.testing.assert_allclose(episode.timestamps, np.arange(5) / 30)
        assert episode.images["egocentric"].shape == (5, 16, 24, 3)
    assert HumanoidEveryday(tmp_path, "h1").names == ["home/wave/episode_0", "home/wave/episode_1"]


def test_an_episode_of_simple_keeps_its_turning_flag_its_rate_and_its_words(tmp_path):
    write_simple(tmp_path / "set")
    source = open_source(tmp_path / "set")
    assert source.layout == G1_SIMPLE
    episode = source.read(0)
    assert G1_SIMPLE.action.get(episode.action, "turning").tolist() == [[134.0]] * 8
    assert episode.instruction == "pick the can"
    assert_pictures(episode.images["egocentric"], 8)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"tasks": [1]}, "open the door"),
        ({"tasks": ["by name"]}, "by name"),
        ({"tasks": [1], "instruction": "its own"}, "its own"),
        ({"tasks": [7]}, ""),
        ({"tasks": []}, ""),
    ],
)
def test_words_of_version_2_come_from_wherever_they_were_written(tmp_path, row, words):
    write_simple(tmp_path)
    tasks = {"task_index": 1, "task": "home/Open_door", "description": "open the door"}
    (tmp_path / "meta/tasks.jsonl").write_text(json.dumps(tasks))
    (tmp_path / "meta/episodes.jsonl").write_text(json.dumps({"episode_index": 0, "length": 8, **row}))
    assert LeRobotDataset(tmp_path).episodes[0].instruction == words


def spoil(path, change):
    frames = json.loads(path.read_text())
    change(frames)
    path.write_text(json.dumps(frames))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: f[2]["actions"].update(sol_q=[0.0] * 28), r"frame 2 needs 29 numbers in actions\.sol_q, got 28"),
        (lambda f: f[4]["actions"].pop("torso_height"), r"frame 4 needs 1 numbers in actions\.torso_height, got None"),
        (lambda f: f[1]["states"].update(arm_state="?"), r"frame 1 needs 14 numbers in states\.arm_state"),
        (lambda f: f[3].update(image="color/none.jpg"), r"none\.jpg of frame 3 is missing"),
        (lambda f: f[1].update(time=999.0), "timestamps must rise"),
        (lambda f: f.clear(), "must be a list of frames"),
    ],
)
def test_damage_is_named_with_file_and_frame(tmp_path, damage, message):
    write_teleoperation(tmp_path / "task", episodes=1)
    source = TeleoperationFolders(tmp_path)
    spoil(tmp_path / "task/episode_0/data.json", damage)
    with pytest.raises(DataError, match=message):
        source.read(0)


def test_a_damaged_picture_and_a_torn_file_are_named(tmp_path):
    write_teleoperation(tmp_path / "task", episodes=1)
    source = TeleoperationFolders(tmp_path)
    (tmp_path / "task/episode_0/color/frame_000002.jpg").write_bytes(b"not a picture")
    with pytest.raises(DataError, match=r"frame_000002\.jpg of frame 2 is damaged"):
        source.read(0)
    (tmp_path / "task/episode_0/data.json").write_text('[{"robot_type": "g1"')
    with pytest.raises(DataError, match=r"episode_0/data\.json cannot be read"):
        source.read(0)


def test_teleoperation_of_another_robot_is_refused(tmp_path):
    write_teleoperation(tmp_path / "task", episodes=1)
    spoil(tmp_path / "task/episode_0/data.json", lambda frames: [frame.update(robot_type="h1") for frame in frames])
    with pytest.raises(LayoutError, match="another robot than the G1"):
        TeleoperationFolders(tmp_path).read(0)


def test_an_unknown_folder_names_the_known_formats(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(
        DataError, match=r"expected meta/info\.json, or recordings of a known format .*teleoperation.*everyday-h1"
    ):
        open_source(tmp_path)
    with pytest.raises(DataError, match="there is no such folder"):
        open_source(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="unknown format 'lerobott'"):
        open_source(tmp_path, "lerobott")
    for name in FORMATS:
        with pytest.raises(DataError):
            open_source(tmp_path, name)
