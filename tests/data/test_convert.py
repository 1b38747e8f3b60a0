"""What is converted is what was recorded; a stopped conversion goes on, a second one is refused."""

import numpy as np
import pytest

from psizero.data.convert import convert_source
from psizero.data.lerobot import LeRobotDataset
from psizero.data.source import open_source
from psizero.errors import DataError, StorageError
from tests.data.foreign_files import write_everyday, write_simple, write_teleoperation
from tests.data.test_lerobot_reader import write_v21


@pytest.mark.parametrize("write", [write_v21, write_simple, write_teleoperation, write_everyday])
def test_numbers_and_words_come_over_to_the_last_bit(tmp_path, write):
    write(tmp_path / "old")
    source = open_source(tmp_path / "old")
    done = convert_source(source, tmp_path / "new")
    new = LeRobotDataset(tmp_path / "new")
    assert (new.version, new.layout, len(new)) == ("v3.0", source.layout, len(source.names))
    assert (done.episodes, done.resumed, done.skipped) == (len(new), 0, ())
    for index in range(len(new)):
        before, after = source.read(index), new.read(index)
        np.testing.assert_array_equal(before.state, after.state)
        np.testing.assert_array_equal(before.action, after.action)
        np.testing.assert_array_equal(before.timestamps, after.timestamps)
        assert before.instruction == after.instruction
        for camera, pictures in before.images.items():
            assert np.abs(pictures.astype(int) - after.images[camera]).max() <= 4  # loss of the codec
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


class StoppedError(Exception):
    """The user pulled the plug."""


def test_a_stopped_conversion_leaves_nothing_and_goes_on_where_it_was(tmp_path):
    write_teleoperation(tmp_path / "task", episodes=4)
    source = open_source(tmp_path)
    heard = []

    def stop_at_two(name):
        heard.append(name)
        if len(heard) == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        convert_source(source, tmp_path / "out" / "new", progress=stop_at_two)
    assert not (tmp_path / "out" / "new").exists()
    done = convert_source(source, tmp_path / "out" / "new", progress=heard.append)
    assert (done.episodes, done.resumed) == (4, 2)
    assert heard == [f"task/episode_{number}" for number in range(4)]
    assert [entry.info["source"] for entry in LeRobotDataset(tmp_path / "out" / "new").episodes] == heard


def test_what_is_there_and_what_was_begun_from_elsewhere_are_refused(tmp_path):
    write_teleoperation(tmp_path / "a" / "task", episodes=2)
    write_teleoperation(tmp_path / "b" / "other", episodes=1)

    def stop(name):
        raise StoppedError

    with pytest.raises(StoppedError):
        convert_source(open_source(tmp_path / "a"), tmp_path / "new", progress=stop)
    with pytest.raises(StorageError, match="conversion of another source that was stopped; delete it"):
        convert_source(open_source(tmp_path / "b"), tmp_path / "new")
    convert_source(open_source(tmp_path / "a"), tmp_path / "new")
    with pytest.raises(StorageError, match="is there already"):
        convert_source(open_source(tmp_path / "a"), tmp_path / "new")


def test_a_damaged_episode_ends_it_or_is_left_out_by_choice(tmp_path):
    write_teleoperation(tmp_path / "task", episodes=3)
    source = open_source(tmp_path)
    (tmp_path / "task/episode_1/color/frame_000003.jpg").unlink()
    with pytest.raises(DataError, match=r"episode_1/color/frame_000003\.jpg of frame 3 is missing"):
        convert_source(source, tmp_path / "new", image_size=(16, 24))
    done = convert_source(source, tmp_path / "new", skip_damaged=True, instruction="hug it", image_size=(16, 24))
    assert (done.episodes, done.resumed) == (2, 1)
    assert "frame_000003.jpg" in done.skipped[0]
    new = LeRobotDataset(tmp_path / "new")
    assert [entry.info["source"] for entry in new.episodes] == ["task/episode_0", "task/episode_2"]
    assert [entry.instruction for entry in new.episodes] == ["task", "hug it"]  # the first was written before
    assert new.read(1).images["egocentric"].shape == (6, 16, 24, 3)


def test_nothing_readable_leaves_nothing(tmp_path):
    write_teleoperation(tmp_path / "task", episodes=1)
    source = open_source(tmp_path)
    (tmp_path / "task/episode_0/data.json").write_text("[]")
    with pytest.raises(DataError, match=r"none of 1 episodes could be read; the first: .*list of frames"):
        convert_source(source, tmp_path / "new", skip_damaged=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["task"]


def test_public_teleoperation_data_of_version_2_comes_over(shared_data, tmp_path):
    source = LeRobotDataset(shared_data / "g1_pick_bottle")
    source.episodes = source.episodes[29:30]  # one of 80 keeps the test short
    convert_source(source, tmp_path / "new", image_size=(60, 80))
    before, after = source.read(0, cameras=()), LeRobotDataset(tmp_path / "new").read(0)
    np.testing.assert_array_equal(before.action, after.action)
    assert len(after.images["cam_high"]) == len(before)
