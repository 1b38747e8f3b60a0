"""Each kind of damage is found, named and placed; a sound data set gives no warning."""

from dataclasses import replace

import numpy as np
import pytest

from psizero.data.check import Finding, check_dataset
from psizero.data.episode import Episode
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.data.video import encode_video
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import DataError
from tests.data.test_lerobot_reader import write_v21

LENGTH = 100


def findings(root, *episodes: Episode) -> list[Finding]:
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in episodes:
            writer.append(episode)
    return list(check_dataset(root))


def kinds(found: list[Finding]) -> set[tuple[str, str, int | None]]:
    return {(finding.severity, finding.kind, finding.episode) for finding in found if finding.severity != "note"}


GOOD = synthetic_episode(0, length=LENGTH)


def test_a_sound_data_set_gives_only_the_known_lag(tmp_path):
    found = findings(tmp_path / "set", GOOD, synthetic_episode(1, length=LENGTH))
    assert [finding.message for finding in found] == ["the state follows the action by 0.033 s (1 frames)"]


def test_a_state_that_knows_the_future_is_suspicious(tmp_path):
    state = np.concatenate([GOOD.action[3:, :32], np.repeat(GOOD.action[-1:, :32], 3, axis=0)])
    found = findings(tmp_path / "set", replace(GOOD, state=state))
    assert ("warning", "lag", None) in kinds(found)


def test_targets_that_rest_are_found(tmp_path):
    action = GOOD.action.copy()
    action[20:90] = action[20]
    (finding,) = [f for f in findings(tmp_path / "set", replace(GOOD, action=action)) if f.kind == "stationary"]
    assert finding.message == "no target moves for 2.3 s from 0.7 s on"


def test_a_picture_that_freezes_while_the_robot_moves_is_found(tmp_path):
    pictures = GOOD.images["head"].copy()
    pictures[30:60] = pictures[30]
    found = findings(tmp_path / "set", synthetic_episode(1, length=LENGTH), replace(GOOD, images={"head": pictures}))
    assert kinds(found) == {("warning", "stuck pictures", 1)}


def test_a_foreign_data_set_from_which_an_episode_was_deleted_is_read_whole(tmp_path):
    write_v21(tmp_path, episodes=3)
    table = tmp_path / "meta" / "episodes.jsonl"
    table.write_text("\n".join(table.read_text().splitlines()[1:]))
    found = list(check_dataset(tmp_path))
    assert "unreadable frames" not in {finding.kind for finding in found}
    assert {finding.episode for finding in found if finding.kind == "blank pictures"} == {1, 2}


def test_blank_pictures_are_an_error(tmp_path):
    found = findings(tmp_path / "set", replace(GOOD, images={"head": np.zeros((LENGTH, 120, 160, 3), np.uint8)}))
    assert kinds(found) == {("error", "blank pictures", 0)}


def test_gaps_and_jitter_and_old_pictures_are_found(tmp_path):
    gap = GOOD.timestamps + 0.2 * (np.arange(LENGTH) > 50)
    jitter = GOOD.timestamps + 0.01 * (np.arange(LENGTH) % 2)
    together = dict.fromkeys(GOOD.stream_times, jitter)
    old = {**GOOD.stream_times, "head": GOOD.timestamps - 0.25}
    found = findings(
        tmp_path / "set",
        replace(GOOD, timestamps=gap, stream_times=dict.fromkeys(GOOD.stream_times, gap)),
        replace(GOOD, timestamps=jitter, stream_times=together),
        replace(GOOD, stream_times=old),
    )
    wanted = {("warning", "gap", 0), ("warning", "jitter", 1), ("warning", "streams apart", 2)}
    assert wanted <= kinds(found)


def test_an_arm_that_leans_on_its_limit_is_named(tmp_path):
    action = GOOD.action.copy()
    elbow = G1_DEX3.action.names.index("left_arm.elbow")
    action[:, elbow] = 2.0944
    found = findings(tmp_path / "set", replace(GOOD, action=action))
    assert "the target of left_arm.elbow is at its limit in 100% of the frames" in [f.message for f in found]


def test_damaged_and_missing_and_leftover_files_are_found_in_one_go(tmp_path):
    root = tmp_path / "set"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for seed in range(4):
            writer.append(synthetic_episode(seed, length=LENGTH))
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
