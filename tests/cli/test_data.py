"""`psizero data info` and `psizero data check` say what a person asks of a data set."""

import pytest

from psizero.cli.data import check, info
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import DataError


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
