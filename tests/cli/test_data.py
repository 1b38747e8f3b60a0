"""The verbs of `psizero data` say what a person asks of recordings."""

import json

import pytest

from psizero.cli.data import check, convert, info, mix, stats, view
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError
from tests.data.foreign_files import write_teleoperation


@pytest.fixture
def small_set(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    root = tmp_path / "set"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for seed in range(3):
            writer.append(synthetic_episode(seed, length=40))
    return root


def test_info_tells_size_layout_words_and_success(small_set, capsys):
    info(small_set)
    told = capsys.readouterr().out
    for part in ("LeRobot v3.0", "g1_dex3: 32 state", "120 at 30 Hz", "head, 160 x 120", "3 of 3 episodes"):
        assert part in told
    assert '"move with the square" in 2 episodes' in told


def test_info_of_another_format_tells_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    write_teleoperation(tmp_path / "recordings" / "kitchen" / "wipe_the_table", episodes=2, length=6)
    info(tmp_path / "recordings")
    told = capsys.readouterr().out
    for part in ("teleoperation", "g1_dex3: 32 state", "12 at 30 Hz", '"wipe the table" in 2 episodes', "not recorded"):
        assert part in told


def test_check_says_when_all_is_well(small_set, capsys):
    check(small_set)
    assert "no errors" in capsys.readouterr().out


def test_check_shows_the_damage_and_ends_with_an_error(small_set, capsys):
    (small_set / "videos/observation.images.head/chunk-000/file-001.mp4").unlink()
    with pytest.raises(DataError, match="1 error"):
        check(small_set)
    told = capsys.readouterr().out
    assert "damaged video" in told
    assert "is missing" in told


def test_convert_tells_what_it_wrote_and_what_it_left_out(tmp_path, capsys):
    write_teleoperation(tmp_path / "raw/task", episodes=2)
    (tmp_path / "raw/task/episode_1/color/frame_000001.jpg").unlink()
    convert(tmp_path / "raw", tmp_path / "set", skip_damaged=True)
    told = capsys.readouterr().out
    assert "task/episode_0" in told
    assert "frame_000001.jpg of frame 1 is missing" in told
    assert f"{tmp_path / 'set'}: 1 episodes" in told


def test_stats_show_every_number_and_write_the_form_of_the_reference(small_set, tmp_path, capsys):
    stats(small_set, out=tmp_path / "stats_psi0.json", form="step", moving_only=True)
    told = capsys.readouterr().out
    assert "action, 117 frames" in told
    assert "target_yaw.yaw" in told
    written = json.loads((tmp_path / "stats_psi0.json").read_text())
    assert {key: len(block["q99"]) for key, block in written.items()} == {"action": 36, "states": 32}


def test_mix_takes_every_format(small_set, tmp_path, capsys):
    write_teleoperation(tmp_path / "recordings" / "kitchen" / "wipe_the_table", episodes=2, length=6)
    mix((f"{small_set}=3", f"{tmp_path / 'recordings'}=1"), steps=1024, batch_size=10)
    told = capsys.readouterr().out
    assert " 120 " in told and " 12 " in told
    assert " 7680 " in told and " 2560 " in told


def test_mix_shows_shares_over_time(small_set, capsys):
    mix((str(small_set), f"{small_set}=0:2"), steps=1000, batch_size=10)
    told = capsys.readouterr().out
    assert "10000 examples in 1000 steps" in told
    assert "91%" in told
    with pytest.raises(ConfigError, match="expected FOLDER=WEIGHT"):
        mix((f"{small_set}=much",))


def test_view_writes_a_page_and_counts_from_nought(small_set, tmp_path, capsys):
    view(small_set, tmp_path / "page.html", episode=2)
    assert "open it in a browser" in capsys.readouterr().out
    assert "episode 2" in (tmp_path / "page.html").read_text()
    with pytest.raises(DataError, match=r"no episode 3 in .*; it has 3, counted from 0"):
        view(small_set, tmp_path / "page.html", episode=3)
