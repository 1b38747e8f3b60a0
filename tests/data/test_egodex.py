"""EgoDex files: what was written is read, chunks are those of the definition, damage is named in one line."""

import re
import subprocess
import sys

import h5py
import numpy as np
import pytest

from psizero.data.egodex import EgoDexClip, EgoDexDataset, EgoDexRecording, write_episode
from psizero.embodiment.hand_space import hands_in_camera, hands_of, steps_of
from psizero.embodiment.human import CAMERA, JOINTS
from psizero.embodiment.human_hand import turn
from psizero.embodiment.layout import HUMAN_HANDS
from psizero.errors import DataError

COUNT = 20


def recording(seed: int = 0, **changes) -> EgoDexRecording:
    rng = np.random.default_rng(seed)
    transforms = {}
    for name in (CAMERA, *JOINTS):
        poses = np.zeros((COUNT, 4, 4), np.float32)
        yaw, pitch = rng.uniform(-1, 1, (2, COUNT))
        poses[:, :3, :3], poses[:, :3, 3], poses[:, 3, 3] = (
            turn(2, yaw) @ turn(1, pitch),
            rng.normal(size=(COUNT, 3)),
            1,
        )
        transforms[name] = poses
    ramp = np.arange(48)[:, None] + np.arange(64)[None, :] + 2 * np.arange(COUNT)[:, None, None]
    values = {
        "transforms": transforms,
        "intrinsic": np.array([[50.0, 0, 32], [0, 50.0, 24], [0, 0, 1]]),
        "frames": np.repeat(ramp[..., None], 3, axis=-1).astype(np.uint8),
        "attributes": {"llm_description": "stack the cups", "llm_type": "reset"},
        "confidences": {name: rng.uniform(size=COUNT).astype(np.float32) for name in transforms},
    }
    return EgoDexRecording(**(values | changes))


@pytest.fixture
def clip(tmp_path):
    write_episode(tmp_path / "stack_cups" / "3.hdf5", recording())
    return EgoDexClip(tmp_path / "stack_cups" / "3.hdf5")


def test_poses_come_back_bit_for_bit_and_pictures_within_the_codec(clip):
    written = recording()
    assert len(clip) == COUNT and clip.instruction == "stack the cups"
    for name, poses in written.transforms.items():
        np.testing.assert_array_equal(clip.poses(name), poses)
    np.testing.assert_array_equal(clip.intrinsic, written.intrinsic.astype(np.float32))
    np.testing.assert_array_equal(clip.poses("leftHand", 4, 9), written.transforms["leftHand"][4:9])
    error = clip.pictures(5, 8).astype(int) - written.frames[5:8]
    assert np.abs(error).mean() < 3.0
    assert clip.pictures(0, 2, size=(24, 32)).shape == (2, 24, 32, 3)
    assert list(clip.problems()) == []


def test_a_chunk_is_every_third_frame_in_the_camera_of_its_first(clip):
    poses = {name: values.astype(np.float64) for name, values in recording().transforms.items()}
    chunk = clip.chunk(4, 5)
    expected = hands_in_camera(poses[CAMERA][4], hands_of(poses)[4:20:3])
    np.testing.assert_allclose(np.concatenate([chunk.now[None], chunk.actions]), expected, atol=1e-6)
    np.testing.assert_allclose(chunk.steps, steps_of(expected), atol=1e-5)
    assert chunk.mask.all()


def test_rows_behind_the_end_repeat_the_last_and_are_masked(clip):
    chunk = clip.chunk(13, 4)  # frames 13, then 16 and 19, then nothing
    assert chunk.mask.all(axis=1).tolist() == [True, True, False, False]
    np.testing.assert_array_equal(chunk.actions[2:], chunk.actions[[1, 1]])
    np.testing.assert_allclose(chunk.steps[2:], 0.0, atol=1e-12)
    with pytest.raises(DataError, match="frames 0 to 19, got 20"):
        clip.chunk(20, 4)


def test_a_hand_that_was_not_surely_seen_is_masked_with_its_fingers(tmp_path):
    sure = {name: np.ones(COUNT, np.float32) for name in (CAMERA, *JOINTS)}
    sure["leftHand"] = np.where(np.arange(COUNT) == 6, 0.1, 1.0).astype(np.float32)
    sure["rightThumbTip"] = np.zeros(COUNT, np.float32)
    write_episode(tmp_path / "0.hdf5", recording(confidences=sure))
    mask = EgoDexClip(tmp_path / "0.hdf5").chunk(0, 3, surely=0.5).mask
    assert mask[0, 24:33].all() and not mask[:, HUMAN_HANDS.slice_of("right_fingertips")][:, :3].any()
    assert mask[:, HUMAN_HANDS.slice_of("right_fingertips")][:, 3:].all()
    assert mask[:, :24].all(axis=1).tolist() == [True, False, True]
    assert not mask[1, :24].any()


@pytest.mark.parametrize(
    ("kind", "which", "words"),
    [("reversible", "2", "unplug"), ("reversible", "1", "plug in"), ("reset", "2", "plug in")],
)
def test_a_reversible_task_is_called_by_the_direction_that_was_recorded(tmp_path, kind, which, words):
    attributes = {"llm_description": "plug in", "llm_description2": "unplug"}
    attributes |= {"llm_type": kind, "which_llm_description": which}
    write_episode(tmp_path / "0.hdf5", recording(attributes=attributes))
    assert EgoDexClip(tmp_path / "0.hdf5").instruction == words


def test_older_files_without_confidences_and_with_other_words_are_read(clip):
    with h5py.File(clip.path, "a") as file:
        del file["confidences"]
        del file.attrs["llm_description"]
        file.attrs["description"] = "cups, stacked"
    assert EgoDexClip(clip.path).instruction == "cups, stacked"
    assert EgoDexClip(clip.path).chunk(0, 2, surely=0.5).mask.all()


def test_episodes_come_in_the_order_of_their_numbers_and_half_written_ones_do_not_count(tmp_path):
    for number in (10, 2):
        write_episode(tmp_path / "task" / f"{number}.hdf5", recording())
    (tmp_path / "task" / "11.mp4").write_bytes(b"only a video: its writer was killed")
    assert [clip.path.stem for clip in EgoDexDataset(tmp_path).clips] == ["2", "10"]
    with pytest.raises(DataError, match="holds no EgoDex episode"):
        EgoDexDataset(tmp_path / "nothing")


def damage(clip: EgoDexClip, what: str) -> None:
    if what == "cut off":
        clip.path.write_bytes(clip.path.read_bytes()[: clip.path.stat().st_size // 2])
    elif what == "no video":
        clip.video.unlink()
    elif what == "no HDF5":
        clip.path.write_bytes(b"not at all")
    else:
        with h5py.File(clip.path, "a") as file:
            if what == "joint missing":
                del file["transforms/leftThumbTip"]
            elif what == "too short":
                del file["transforms/rightHand"]
                file["transforms/rightHand"] = np.zeros((7, 4, 4), np.float32)
            else:
                file["transforms/rightHand"][3] = np.nan


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("cut off", "is damaged"),
        ("no HDF5", "is damaged"),
        ("no video", "cannot be read"),
        ("joint missing", "has no 'transforms/leftThumbTip'"),
        ("too short", r"must be \(20, 4, 4\), got \(7, 4, 4\)"),
        ("not finite", "'rightHand' is not finite, first in frame 3"),
    ],
)
def test_damage_is_told_in_one_line_that_names_the_file(clip, what, told):
    damage(clip, what)
    problems = list(EgoDexClip(clip.path).problems())
    assert len(problems) == 1
    assert re.search(told, problems[0])
    assert "\n" not in problems[0] and "3." in problems[0]


def test_a_recording_that_lacks_a_hand_is_refused():
    poses = dict(recording().transforms)
    del poses["leftHand"]
    with pytest.raises(DataError, match=r"\['leftHand'\] are missing"):
        recording(transforms=poses)


def test_reading_many_chunks_keeps_the_memory_flat(clip):
    code = f"""
import resource
from pathlib import Path
from psizero.data.egodex import EgoDexClip
def read(times):
    for i in range(times):
        EgoDexClip(Path({str(clip.path)!r})).chunk(i % 20, 4)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
first = read(60)
grown = read(240) - first
assert grown < 4000, grown  # kB
"""
    subprocess.run([sys.executable, "-c", code], check=True)
