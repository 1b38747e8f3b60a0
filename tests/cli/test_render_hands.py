"""`psizero data render-hands`: the same files from any number of workers, made once, whole or not at all."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from psizero.cli.main import main
from psizero.data.egodex import EgoDexDataset

SMALL = ["--height", "24", "--width", "32"]


def render(out, *settings: str) -> None:
    main(["data", "render-hands", "--task", "pick_bottle", "--out", str(out), *SMALL, *settings])


def test_episodes_are_whole_and_made_only_once(tmp_path, capsys):
    render(tmp_path, "--episodes", "1", "--seed", "7", "--workers", "1")
    made = (tmp_path / "pick_bottle" / "7.hdf5").stat().st_mtime_ns
    render(tmp_path, "--episodes", "2", "--seed", "7", "--workers", "2")
    assert "1 new episodes" in capsys.readouterr().out
    assert (tmp_path / "pick_bottle" / "7.hdf5").stat().st_mtime_ns == made
    dataset = EgoDexDataset(tmp_path)
    assert [clip.path.stem for clip in dataset.clips] == ["7", "8"]
    assert list(dataset.problems()) == []
    for clip in dataset.clips:
        assert clip.pictures(0, 3).shape == (3, 24, 32, 3) and "bottle" in clip.instruction
        assert np.abs(clip.chunk(20, 16).actions[:, :3]).max() < 1.5
    with pytest.raises(SystemExit, match="another size"):
        render(tmp_path, "--episodes", "1", "--seed", "7", "--height", "48")


def test_a_killed_run_leaves_only_whole_episodes(tmp_path):
    command = [sys.executable, "-m", "psizero", "data", "render-hands", "--task", "pick_bottle", "--out", str(tmp_path)]
    process = subprocess.Popen(
        [*command, *SMALL, "--workers", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and not list(tmp_path.rglob("*.hdf5")):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert list(EgoDexDataset(tmp_path).problems()) == []


def test_what_cannot_be_is_refused_in_one_line(tmp_path):
    with pytest.raises(SystemExit, match="Did you mean 'pick_bottle'"):
        main(["data", "render-hands", "--task", "pick_botle", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match="must be even"):
        render(tmp_path, "--height", "25")
    with pytest.raises(SystemExit, match="must be 1 or more"):
        render(tmp_path, "--episodes", "0")
