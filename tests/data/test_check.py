"""Each kind of damage is found, named and placed; a sound data set gives no warning."""

import json

import pyarrow.parquet as pq
import pytest

from psizero.data.check import Finding, check_dataset
from psizero.data.defects import DEFECTS, freeze_pictures, lean_on_limit, lose_frames, rest
from psizero.data.episode import Episode
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.data.video import encode_video
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import DataError
from tests.data.foreign_files import write_teleoperation
from tests.data.test_lerobot_reader import write_v21

LENGTH = 100
SIZE = (48, 64)


def findings(root, *episodes: Episode) -> list[Finding]:
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in episodes:
            writer.append(episode)
    return list(check_dataset(root))


def kinds(found: list[Finding]) -> set[tuple[str, str, int | None]]:
    return {(finding.severity, finding.kind, finding.episode) for finding in found if finding.severity != "note"}


GOOD = synthetic_episode(0, length=LENGTH, image_size=SIZE)


def test_a_sound_data_set_gives_only_the_known_lag(tmp_path):
    found = findings(tmp_path / "set", GOOD, synthetic_episode(1, length=LENGTH, image_size=SIZE))
    assert [finding.message for finding in found] == ["the state follows the action by 0.033 s (1 frames)"]


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [pytest.param(kind, spoil, id=spoil.__name__) for kind, ways in DEFECTS.items() for spoil in ways],
)
def test_each_defect_is_found_where_it_is_and_nothing_else(tmp_path, kind, spoil):
    found = findings(tmp_path / "set", synthetic_episode(1, length=LENGTH, image_size=SIZE), spoil(GOOD), spoil(GOOD))
    assert {(finding.kind, finding.episode) for finding in found if finding.severity != "note"} in (
        {(kind, 1), (kind, 2)},
        {(kind, None)},  # of the data set as a whole
    )


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lose_frames, "2 frames are missing; the longest gap is 0.100 s at 30 frames/s"),
        (rest, "no target moves for 2.6 s from 0.3 s on"),
        (freeze_pictures, "camera head shows one picture for 1.0 s from 1.0 s on while the robot moves"),
        (lean_on_limit, "the target of left_arm.elbow is at its limit in 100% of the frames"),
    ],
)
def test_findings_tell_how_much_and_when(tmp_path, spoil, message):
    found = findings(tmp_path / "set", spoil(GOOD))
    assert message in [finding.message for finding in found]


def test_a_foreign_data_set_from_which_an_episode_was_deleted_is_read_whole(tmp_path):
    write_v21(tmp_path, episodes=3)
    table = tmp_path / "meta" / "episodes.jsonl"
    table.write_text("\n".join(table.read_text().splitlines()[1:]))
    found = list(check_dataset(tmp_path))
    assert "unreadable frames" not in {finding.kind for finding in found}
    assert {finding.episode for finding in found if finding.kind == "blank pictures"} == {1, 2}


def test_a_row_that_is_missing_in_a_foreign_data_set_is_told(tmp_path):
    write_v21(tmp_path)
    info = json.loads((tmp_path / "meta/info.json").read_text())
    info["features"]["frame_index"] = {"dtype": "int64", "shape": [1]}
    (tmp_path / "meta/info.json").write_text(json.dumps(info))
    for episode, rows in enumerate(([0, 1, 2, 4, 5, 6], range(6))):
        path = tmp_path / f"data/chunk-000/episode_{episode:06d}.parquet"
        pq.write_table(pq.read_table(path).append_column("frame_index", [list(rows)]), path)
    missing = [finding for finding in check_dataset(tmp_path) if finding.kind == "missing frames"]
    assert [(f.severity, f.episode) for f in missing] == [("error", 0)]
    assert missing[0].message == "row 3 says it is frame 4: rows are missing or out of order"


def test_recordings_of_other_formats_are_checked_and_their_damage_named(tmp_path):
    write_teleoperation(tmp_path / "task", episodes=3, length=LENGTH)
    (tmp_path / "task/episode_0/color/frame_000003.jpg").write_bytes(b"torn")
    (tmp_path / "task/episode_2/data.json").write_text("[")
    found = {(f.kind, f.episode): f.message for f in check_dataset(tmp_path) if f.severity == "error"}
    assert "episode_0/color/frame_000003.jpg of frame 3 is damaged" in found["damaged video", 0]
    assert "episode_2/data.json cannot be read" in found["unreadable frames", 2]


def test_a_corrupt_first_table_does_not_hide_the_other_episodes(tmp_path):
    write_v21(tmp_path, shape=-1)
    (tmp_path / "data/chunk-000/episode_000000.parquet").write_bytes(b"PAR1 torn")
    (finding,) = [f for f in check_dataset(tmp_path) if f.kind == "unreadable frames"]
    assert finding.episode == 0
    assert "episode_000000.parquet cannot be read" in finding.message


def test_damaged_and_missing_and_leftover_files_are_found_in_one_go(tmp_path):
    root = tmp_path / "set"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for seed in range(4):
            writer.append(synthetic_episode(seed, length=LENGTH, image_size=SIZE))
    videos = root / "videos/observation.images.head/chunk-000"
    (videos / "file-000.mp4").write_bytes((videos / "file-000.mp4").read_bytes()[:500])
    (videos / "file-001.mp4").write_bytes(encode_video(GOOD.images["head"][:90], 30))
    (root / "data/chunk-000/file-002.parquet").unlink()
    (videos / "file-004.mp4").write_bytes(b"half an episode")
    (videos / ".file-005.mp4.part").touch()
    (root / "meta/stats.json").unlink()
    assert kinds(list(check_dataset(root))) == {
        ("error", "damaged video", 0),
        ("error", "damaged video", 1),
        ("error", "unreadable frames", 2),
        ("warning", "leftover file", None),
        ("warning", "no statistics", None),
    }


def test_a_folder_without_data_is_told(tmp_path):
    with pytest.raises(DataError, match="no data set in"):
        list(check_dataset(tmp_path))
