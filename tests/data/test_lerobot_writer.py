"""What is appended is read back; whatever goes wrong, what was finished before stays readable."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from psizero.data.encoded import encode_episode
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.stats import vector_stats
from psizero.data.synthetic import INSTRUCTIONS, synthetic_episode
from psizero.embodiment.layout import G1_DEX3, G1_INSPIRE, PolicyLayout
from psizero.errors import DataError, LayoutError, StorageError

LENGTH = 8
STEPS = ("videos", "data", "tasks", "episodes", "info")


def append(root: Path, *seeds: int) -> None:
    with LeRobotWriter(root, G1_DEX3) as writer:
        for seed in seeds:
            writer.append(synthetic_episode(seed, length=LENGTH))


def assert_holds(root: Path, *seeds: int) -> None:
    dataset = LeRobotDataset(root)
    assert len(dataset) == len(seeds)
    for index, seed in enumerate(seeds):
        episode, expected = dataset.read(index), synthetic_episode(seed, length=LENGTH)
        np.testing.assert_array_equal(episode.state, expected.state)
        np.testing.assert_array_equal(episode.action, expected.action)
        np.testing.assert_array_equal(episode.timestamps, expected.timestamps)
        assert episode.stream_times.keys() == expected.stream_times.keys()
        assert (episode.instruction, episode.info) == (expected.instruction, expected.info)
        assert np.abs(episode.images["head"].astype(int) - expected.images["head"]).mean() < 2.0  # the video's loss


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_everything_comes_back_also_over_several_sessions(tmp_path):
    append(tmp_path / "set", 0, 1)
    append(tmp_path / "set", 2)
    assert_holds(tmp_path / "set", 0, 1, 2)
    assert LeRobotDataset(tmp_path / "set").layout == G1_DEX3


def test_an_episode_that_was_encoded_before_is_stored_as_if_it_were_not(tmp_path):
    append(tmp_path / "here", 1, 2)
    with LeRobotWriter(tmp_path / "before", G1_DEX3) as writer:
        for seed in (1, 2):
            writer.append(encode_episode(synthetic_episode(seed, length=LENGTH), G1_DEX3.rate))
    assert files(tmp_path / "here") == files(tmp_path / "before")


def test_videos_of_another_rate_are_refused_and_harm_nothing(tmp_path):
    append(tmp_path, 1)
    before = files(tmp_path)
    with LeRobotWriter(tmp_path, G1_DEX3) as writer, pytest.raises(DataError, match="15 frames a second"):
        writer.append(encode_episode(synthetic_episode(2, length=LENGTH), 15.0))
    assert files(tmp_path) == before


def test_real_sample_times_are_kept_beside_the_even_grid(tmp_path):
    episode = synthetic_episode(0, length=LENGTH)
    late = episode.timestamps + np.linspace(0, 0.01, LENGTH)
    episode = replace(episode, timestamps=late, stream_times={**episode.stream_times, "head": late - 0.02})
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        writer.append(episode)
    back = LeRobotDataset(tmp_path / "set").read(0)
    np.testing.assert_array_equal(back.timestamps, late)
    np.testing.assert_array_equal(back.stream_times["head"], late - 0.02)
    grid = pq.read_table(tmp_path / "set/data/chunk-000/file-000.parquet")["timestamp"].to_numpy()
    np.testing.assert_array_equal(grid, (np.arange(LENGTH) / 30).astype(np.float32))


def test_the_files_are_those_lerobot_expects(tmp_path):
    append(tmp_path / "set", 0, 1, 2)
    root = tmp_path / "set"
    info = json.loads((root / "meta/info.json").read_text())
    assert (info["codebase_version"], info["fps"], info["robot_type"]) == ("v3.0", 30, "g1_dex3")
    assert (info["total_episodes"], info["total_frames"], info["total_tasks"]) == (3, 3 * LENGTH, 2)
    assert info["splits"] == {"train": "0:3"}
    assert info["features"]["observation.state"]["names"] == list(G1_DEX3.state.names)
    tables = [pq.read_table(root / f"data/chunk-000/file-{index:03d}.parquet") for index in range(3)]
    in_parquet = [key for key, feature in info["features"].items() if feature["dtype"] != "video"]
    assert set(tables[0].column_names) == set(in_parquet)
    assert str(tables[0].schema.field("action").type) == "fixed_size_list<element: float>[36]"
    index = np.concatenate([table["index"].to_numpy() for table in tables])
    np.testing.assert_array_equal(index, np.arange(3 * LENGTH))
    tasks = pq.read_table(root / "meta/tasks.parquet")
    assert json.loads(tasks.schema.metadata[b"pandas"])["index_columns"] == ["task"]
    assert tasks["task"].to_pylist() == list(INSTRUCTIONS)
    rows = pq.read_table(root / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    assert [(row["dataset_from_index"], row["dataset_to_index"]) for row in rows] == [(0, 8), (8, 16), (16, 24)]
    assert [row["videos/observation.images.head/file_index"] for row in rows] == [0, 1, 2]


def test_statistics_are_exact_over_all_sessions(tmp_path):
    append(tmp_path / "set", 0, 1, 2)
    append(tmp_path / "set", 3)
    stats = json.loads((tmp_path / "set/meta/stats.json").read_text())
    episodes = [synthetic_episode(seed, length=LENGTH) for seed in range(4)]
    expected = vector_stats(np.concatenate([episode.action for episode in episodes]))
    for name, values in expected.to_json().items():
        np.testing.assert_allclose(stats["action"][name], values, rtol=1e-12)
    colours = np.concatenate([episode.images["head"] for episode in episodes]).reshape(-1, 3) / 255
    np.testing.assert_allclose(np.ravel(stats["observation.images.head"]["mean"]), colours.mean(0), atol=1e-9)
    np.testing.assert_allclose(np.ravel(stats["observation.images.head"]["std"]), colours.std(0), atol=1e-9)


def test_another_layout_is_refused_and_harms_nothing(tmp_path):
    append(tmp_path / "set", 0)
    before = files(tmp_path / "set")
    with pytest.raises(LayoutError, match="has layout 'g1_dex3', expected 'g1_inspire'"):
        LeRobotWriter(tmp_path / "set", G1_INSPIRE)
    faster = PolicyLayout(G1_DEX3.name, G1_DEX3.state, G1_DEX3.action, 50.0, G1_DEX3.cameras)
    with pytest.raises(LayoutError, match="at 30 Hz, expected 'g1_dex3' at 50 Hz"):
        LeRobotWriter(tmp_path / "set", faster)
    assert files(tmp_path / "set") == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"action": np.zeros((LENGTH, 26), np.float32)}, "32 state and 26 action numbers"),
        ({"images": {}}, r"has cameras \[\], layout 'g1_dex3' needs \['head'\]"),
        ({"images": {"head": np.zeros((LENGTH, 32, 32, 3), np.uint8)}}, r"holds \(120, 160, 3\)"),
        ({"stream_times": {}}, r"tells when \[\] were sampled"),
    ],
)
def test_an_episode_that_does_not_fit_is_refused_and_harms_nothing(tmp_path, change, message):
    append(tmp_path / "set", 0)
    with (
        LeRobotWriter(tmp_path / "set", G1_DEX3) as writer,
        pytest.raises((LayoutError, DataError), match=message),
    ):
        writer.append(replace(synthetic_episode(1, length=LENGTH), **change))
    assert_holds(tmp_path / "set", 0)


def test_a_second_writer_is_refused_until_the_first_is_done(tmp_path):
    with (
        LeRobotWriter(tmp_path / "set", G1_DEX3),
        pytest.raises(StorageError, match="is being written by another process"),
    ):
        LeRobotWriter(tmp_path / "set", G1_DEX3)
    append(tmp_path / "set", 0)


def test_a_closed_writer_says_so(tmp_path):
    writer = LeRobotWriter(tmp_path / "set", G1_DEX3)
    writer.close()
    writer.close()
    with pytest.raises(StorageError, match="is closed"):
        writer.append(synthetic_episode(0, length=LENGTH))


def test_folders_of_other_things_and_data_of_others_are_not_touched(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(DataError, match=r"not empty \(it holds 'thesis.tex'\); choose a new folder"):
        LeRobotWriter(tmp_path, G1_DEX3)
    append(tmp_path / "set", 0)
    info = json.loads((tmp_path / "set/meta/info.json").read_text())
    del info["psizero"]
    (tmp_path / "set/meta/info.json").write_text(json.dumps(info))
    with pytest.raises(DataError, match="was not written by psizero"):
        LeRobotWriter(tmp_path / "set", G1_DEX3)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


KILLED_APPEND = """
import os, signal, sys
from pathlib import Path
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3

root, word = Path(sys.argv[1]), sys.argv[2]
move = os.replace

def move_or_die(source, target):
    if word in Path(target).relative_to(root).as_posix():
        os.kill(os.getpid(), signal.SIGKILL)  # the whole new file is written, but not yet in its place
    move(source, target)

with LeRobotWriter(root, G1_DEX3) as writer:
    writer.append(synthetic_episode(0, length=8))
    os.replace = move_or_die
    writer.append(synthetic_episode(1, length=8))
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_any_step_of_an_append_every_episode_before_it_is_there(tmp_path, step):
    root = tmp_path / "set"
    killed = subprocess.run([sys.executable, "-c", KILLED_APPEND, str(root), step], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert_holds(root, 0)
    append(root, 2)  # neither lock nor leftovers are in the way
    assert_holds(root, 0, 2)
    assert not [name for name in files(root) if name.endswith(".part")]


def test_killed_in_the_very_first_append_the_folder_can_still_be_used(tmp_path):
    root = tmp_path / "set"
    code = KILLED_APPEND.replace("    writer.append(synthetic_episode(0, length=8))\n", "")
    assert subprocess.run([sys.executable, "-c", code, str(root), "info"], check=False).returncode == -signal.SIGKILL
    with pytest.raises(DataError, match="no data set in"):
        LeRobotDataset(root)
    append(root, 2)
    assert_holds(root, 2)


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fills_up_in_any_step_costs_only_the_new_episode(tmp_path, monkeypatch, step):
    root = tmp_path / "set"
    append(root, 0)
    before = files(root)
    move = os.replace

    def full(source: str, target: Path) -> None:
        if step in Path(target).relative_to(root).as_posix():
            raise OSError(28, "No space left on device")
        move(source, target)

    with LeRobotWriter(root, G1_DEX3) as writer:
        monkeypatch.setattr("os.replace", full)
        with pytest.raises(StorageError, match="the disk is full; free some space"):
            writer.append(synthetic_episode(1, length=LENGTH))
        monkeypatch.undo()
        assert_holds(root, 0)
        assert files(root).keys() == before.keys()
        writer.append(synthetic_episode(1, length=LENGTH))  # there is room again
    assert_holds(root, 0, 1)


@contextlib.contextmanager
def small_disk(mount_point: Path, size: str) -> Iterator[None]:
    mount_point.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(mount_point)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(mount_point)], check=True)


def test_a_really_full_disk_is_told_in_one_line_and_harms_nothing(tmp_path):
    with small_disk(tmp_path / "disk", "400k"):
        root = tmp_path / "disk" / "set"
        with pytest.raises(StorageError, match="the disk is full") as caught:
            append(root, *[0] * 50)
        assert "\n" not in str(caught.value)
        count = len(LeRobotDataset(root))
        assert count > 1
        assert_holds(root, *[0] * count)


def test_a_disk_that_became_read_only_is_told_in_one_line(tmp_path):
    with small_disk(tmp_path / "disk", "4m"):
        root = tmp_path / "disk" / "set"
        append(root, 0)
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path / "disk")], check=True)
        with pytest.raises(StorageError, match="the disk is read-only; choose another folder"):
            LeRobotWriter(root, G1_DEX3)
        with pytest.raises(StorageError, match="the disk is read-only; choose another folder"):
            LeRobotWriter(tmp_path / "disk" / "other", G1_DEX3)
        assert_holds(root, 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind the superuser")
def test_a_folder_of_someone_else_is_told_in_one_line(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="you may not write there"):
        LeRobotWriter(tmp_path / "set", G1_DEX3)


def test_a_file_larger_than_allowed_is_told_and_harms_nothing(tmp_path):
    append(tmp_path / "set", 0)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            with pytest.raises(StorageError, match="larger than this account may write"):
                writer.append(synthetic_episode(1, length=LENGTH))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_holds(tmp_path / "set", 0)
