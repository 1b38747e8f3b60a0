"""Foreign data sets of version 2.1 and 3.0 are read, and damage is named by file."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.data.video import encode_video
from psizero.embodiment.layout import G1_DEX3, G1_INSPIRE
from psizero.errors import DataError


def write_v21(root, *, state_key="observation.state", names=None, shape=-1, episodes=2, length=6):
    """A small data set as the Psi0 reference writes it: state i of frame k is k, action i is 100 + k."""
    features = {
        state_key: {"dtype": "float32", "shape": [shape], "names": names},
        "action": {"dtype": "float32", "shape": [shape], "names": names},
        "observation.images.egocentric": {"dtype": "video", "shape": [32, 32, 3], "names": None},
        "timestamp": {"dtype": "float32", "shape": [1], "names": None},
    }
    info = {
        "codebase_version": "v2.1",
        "robot_type": "g1",
        "total_episodes": episodes,
        "chunks_size": 1000,
        "fps": 30,
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": "videos/chunk-{episode_chunk:03d}/egocentric/episode_{episode_index:06d}.mp4",
        "features": features,
    }
    (root / "meta").mkdir(parents=True)
    (root / "meta" / "info.json").write_text(json.dumps(info))
    rows = [{"episode_index": index, "tasks": ["pour"], "length": length} for index in range(episodes)]
    (root / "meta" / "episodes.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for index in range(episodes):
        frame = np.arange(length, dtype=np.float32)
        columns = {
            state_key: [[k] * 32 for k in frame],
            "action": [[100 + k] * 36 for k in frame],
            "timestamp": frame / 30,
            "episode_index": np.full(length, index),
            "index": np.arange(length),  # the reference starts anew in each episode
        }
        path = root / info["data_path"].format(episode_chunk=0, episode_index=index)
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), path)
        video = root / info["video_path"].format(episode_chunk=0, episode_index=index)
        video.parent.mkdir(parents=True, exist_ok=True)
        video.write_bytes(encode_video(np.full((length, 32, 32, 3), 40 * index, np.uint8), 30))


def test_a_data_set_of_the_reference_is_read_and_known_by_its_sizes(tmp_path):
    write_v21(tmp_path, state_key="states")
    dataset = LeRobotDataset(tmp_path)
    assert (dataset.version, dataset.fps, dataset.cameras) == ("v2.1", 30.0, ("egocentric",))
    assert (dataset.layout.state, dataset.layout.action) == (G1_DEX3.state, G1_DEX3.action)
    episode = dataset.read(1)
    np.testing.assert_array_equal(episode.state[:, 0], np.arange(6))
    np.testing.assert_array_equal(episode.action[:, 35], 100 + np.arange(6))
    np.testing.assert_allclose(episode.timestamps, np.arange(6) / 30, atol=1e-6)
    assert episode.images["egocentric"].shape == (6, 32, 32, 3)
    assert episode.instruction == "pour"


def test_public_teleoperation_data_is_read_whole(shared_data):
    dataset = LeRobotDataset(shared_data / "g1_pick_bottle")
    assert (len(dataset), dataset.frame_count) == (80, 27847)
    assert dataset.layout == G1_INSPIRE
    assert dataset.episodes[79].instruction == "Pick up the yellow bottle on the table."
    for index in range(len(dataset)):
        assert len(dataset.read(index, cameras=())) == dataset.episodes[index].length
    episode = dataset.read(3, image_size=(96, 128))
    assert episode.images["cam_high"].shape == (len(episode), 96, 128, 3)


def packed_v3(root, lengths):
    """Rewrite a data set of ours as others do: all episodes in one parquet file and one video."""
    with LeRobotWriter(root, G1_DEX3) as writer:
        episodes = [synthetic_episode(seed, length=length) for seed, length in enumerate(lengths)]
        for episode in episodes:
            writer.append(episode)
    data, meta = root / "data/chunk-000", root / "meta/episodes/chunk-000/file-000.parquet"
    videos = root / "videos/observation.images.head/chunk-000"
    tables = [pq.read_table(path) for path in sorted(data.iterdir())]
    rows = pq.read_table(meta).to_pylist()
    start = 0.0
    for row in rows:
        row["data/file_index"] = row["videos/observation.images.head/file_index"] = 0
        row["videos/observation.images.head/from_timestamp"] = start
        start += row["length"] / 30
        row["videos/observation.images.head/to_timestamp"] = start
    for folder in (data, videos):
        for path in folder.iterdir():
            path.unlink()
    pq.write_table(pa.concat_tables(tables), data / "file-000.parquet")
    (videos / "file-000.mp4").write_bytes(encode_video(np.concatenate([e.images["head"] for e in episodes]), 30))
    pq.write_table(pa.Table.from_pylist(rows), meta)
    return episodes


def test_episodes_packed_into_one_file_come_out_apart(tmp_path):
    episodes = packed_v3(tmp_path / "set", (7, 12, 9))
    dataset = LeRobotDataset(tmp_path / "set")
    for index, expected in enumerate(episodes):
        episode = dataset.read(index)
        np.testing.assert_array_equal(episode.action, expected.action)
        difference = np.abs(episode.images["head"].astype(int) - expected.images["head"])
        assert difference.mean() < 2.0  # the video's loss
        assert episode.images["head"].shape == expected.images["head"].shape


@pytest.fixture
def small_set(tmp_path):
    root = tmp_path / "set"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for seed in range(2):
            writer.append(synthetic_episode(seed, length=8))
    return root


def test_cameras_can_be_left_out_and_an_unknown_one_is_told(small_set):
    dataset = LeRobotDataset(small_set)
    assert dataset.read(0, cameras=()).images == {}
    with pytest.raises(DataError, match=r"no camera \['wrist'\].*it has \['head'\]"):
        dataset.read(0, cameras=("wrist",))
    with pytest.raises(DataError, match=r"no episode 2 in .*; it has episodes 0 to 1"):
        dataset.read(2)


def test_a_folder_that_is_no_data_set_is_told(tmp_path):
    with pytest.raises(DataError, match=r"no data set in .*: expected meta/info\.json"):
        LeRobotDataset(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ('{"codebase_version": "v1.6"}', "says version 'v1.6', expected one of"),
        ('{"codebase_version": "v3.0"}', r"lacks \['data_path', 'features', 'fps', 'total_episodes'\]"),
    ],
)
def test_a_description_that_cannot_be_used_is_told(small_set, content, message):
    (small_set / "meta/info.json").write_text(content)
    with pytest.raises(DataError, match=message):
        LeRobotDataset(small_set)


def test_damaged_and_missing_files_are_named_and_the_others_still_read(small_set):
    data, video = small_set / "data/chunk-000/file-000.parquet", small_set / "videos/observation.images.head/chunk-000"
    whole = data.read_bytes()
    data.write_bytes(whole[: len(whole) // 2])
    dataset = LeRobotDataset(small_set)
    with pytest.raises(DataError, match=r"file-000\.parquet cannot be read"):
        dataset.read(0)
    data.unlink()
    with pytest.raises(DataError, match=r"file-000\.parquet is missing"):
        dataset.read(0)
    data.write_bytes(whole)
    (video / "file-000.mp4").write_bytes((video / "file-001.mp4").read_bytes()[:200])
    with pytest.raises(DataError, match=r"file-000\.mp4 cannot be decoded"):
        dataset.read(0)
    assert len(dataset.read(0, cameras=())) == len(dataset.read(1)) == 8


def test_a_video_of_another_length_is_refused(small_set):
    video = small_set / "videos/observation.images.head/chunk-000/file-001.mp4"
    video.write_bytes(encode_video(np.zeros((5, 120, 160, 3), np.uint8), 30))
    with pytest.raises(DataError, match="shows 5 pictures of episode 1, expected 8"):
        LeRobotDataset(small_set).read(1)
