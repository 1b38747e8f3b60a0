"""Frames are paired with their own actions, none is lost, and the loop never waits."""

import threading
from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from psizero.data.episode import Episode
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.recorder import Recorder
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import DataError, StorageError
from psizero.types import Observation


class Camera(Mapping[str, np.ndarray]):
    """Draws when asked, always into the same memory, and counts how often."""

    def __init__(self) -> None:
        self.picture = np.zeros((32, 32, 3), np.uint8)
        self.brightness = 0
        self.draws = 0

    def __getitem__(self, name: str) -> np.ndarray:
        if name != "head":
            raise KeyError(name)
        self.draws += 1
        self.picture[:] = self.brightness
        return self.picture

    def __iter__(self) -> Iterator[str]:
        return iter(("head",))

    def __len__(self) -> int:
        return 1


class Shelf:
    """A sink that keeps episodes in memory, and can be made to wait or to fail."""

    layout = G1_DEX3

    def __init__(self) -> None:
        self.episodes: list[Episode] = []
        self.open = threading.Event()
        self.open.set()
        self.failure: Exception | None = None

    def append(self, episode: Episode) -> int:
        self.open.wait()
        if self.failure is not None:
            raise self.failure
        self.episodes.append(episode)
        return len(self.episodes) - 1


def frame(number: int, camera: Camera) -> Observation:
    """The observation of frame `number`: state, brightness and time all tell the number."""
    camera.brightness = number
    time = 5.0 + number / 30
    return Observation(
        time=time - 0.001,
        joint_positions=np.zeros(1),
        joint_velocities=np.zeros(1),
        world_from_pelvis=np.zeros(4),
        pelvis_angular_velocity=np.zeros(3),
        images=camera,
        image_times={"head": time - 0.010},
        state=np.full(32, number, np.float32),
    )


def record(recorder: Recorder, first: int, last: int) -> None:
    camera = Camera()
    recorder.start("count", {"seed": first})
    for number in range(first, last):
        recorder.add(frame(number, camera), np.full(36, 100 + number), 5.0 + number / 30)
    assert camera.draws == last - first, "a picture is fetched exactly once per frame"


def test_each_action_lies_beside_the_observation_it_was_chosen_for():
    shelf = Shelf()
    with Recorder(shelf) as recorder:
        record(recorder, 3, 40)
        recorder.keep({"success": True})
    (episode,) = shelf.episodes
    numbers = np.arange(3, 40)
    np.testing.assert_array_equal(episode.state[:, 0], numbers)
    np.testing.assert_array_equal(episode.action[:, 0], 100 + numbers)
    np.testing.assert_array_equal(episode.images["head"][:, 0, 0, 0], numbers)
    np.testing.assert_allclose(episode.timestamps, (numbers - 3) / 30)
    np.testing.assert_allclose(episode.stream_times["action"], episode.timestamps)
    np.testing.assert_allclose(episode.stream_times["joints"], episode.timestamps - 0.001)
    np.testing.assert_allclose(episode.stream_times["head"], episode.timestamps - 0.010)
    assert episode.info == {"seed": 3, "success": True}
    assert episode.instruction == "count"


def test_discarded_takes_leave_no_trace():
    shelf = Shelf()
    with Recorder(shelf) as recorder:
        record(recorder, 0, 5)
        recorder.discard()
        assert not recorder.recording
        record(recorder, 5, 8)
        assert recorder.frame_count == 3
        recorder.keep()
        record(recorder, 8, 9)  # never kept: closing discards it
    assert [episode.info["seed"] for episode in shelf.episodes] == [5]


def test_recording_goes_on_while_the_episode_before_is_still_being_written():
    shelf = Shelf()
    shelf.open.clear()
    with Recorder(shelf) as recorder:
        record(recorder, 0, 5)
        recorder.keep()
        record(recorder, 5, 10)  # would wait for ever if it had to wait for the writer
        recorder.keep()
        assert shelf.episodes == []
        shelf.open.set()
        recorder.flush()
        assert len(shelf.episodes) == 2


def test_a_failure_to_write_is_told_at_the_next_call_and_recording_can_go_on():
    shelf = Shelf()
    shelf.failure = StorageError("cannot write: the disk is full")
    with Recorder(shelf) as recorder:
        record(recorder, 0, 5)
        recorder.keep()
        with pytest.raises(StorageError, match="the disk is full"):
            recorder.flush()
        shelf.failure = None
        record(recorder, 5, 10)
        recorder.keep()
    assert [episode.info["seed"] for episode in shelf.episodes] == [5]


def test_calls_out_of_order_are_told():
    with Recorder(Shelf()) as recorder:
        with pytest.raises(DataError, match="call start first"):
            recorder.add(frame(0, Camera()), np.zeros(36), 5.0)
        with pytest.raises(DataError, match="nothing to keep"):
            recorder.keep()
        recorder.start("once")
        with pytest.raises(DataError, match="nothing to keep"):
            recorder.keep()
        with pytest.raises(DataError, match="being recorded already"):
            recorder.start("twice")


def test_a_camera_the_robot_lacks_is_named():
    observation = frame(0, Camera())
    blind = Observation(**{name: getattr(observation, name) for name in ("time", "state")}, **_body())
    with Recorder(Shelf()) as recorder:
        recorder.start("look")
        with pytest.raises(DataError, match="no picture of camera 'head', which layout 'g1_dex3' records"):
            recorder.add(blind, np.zeros(36), 5.0)


def _body() -> dict[str, np.ndarray]:
    return {
        "joint_positions": np.zeros(1),
        "joint_velocities": np.zeros(1),
        "world_from_pelvis": np.zeros(4),
        "pelvis_angular_velocity": np.zeros(3),
    }


def test_a_recording_lands_in_the_data_set(tmp_path):
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer, Recorder(writer) as recorder:
        record(recorder, 0, 20)
        recorder.keep({"success": False})
    episode = LeRobotDataset(tmp_path / "set").read(0)
    np.testing.assert_array_equal(episode.action[:, 0], 100 + np.arange(20))
    np.testing.assert_allclose(episode.images["head"][:, 0, 0, 0], np.arange(20), atol=3)
