"""Real processes decode each episode once, see the same damage, and leave nothing behind, however they end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from psizero.data import mapped_array, shared_folder
from psizero.data.frames import BadEpisodes
from psizero.data.mapped_array import map_array, write_array
from psizero.data.order import Order
from psizero.data.shared_folder import find_shared_folder, hold_folder, leave_folder, make_shared_folder
from psizero.data.shared_pictures import SharedPictures
from psizero.data.stream import Stream
from psizero.errors import DataError, StorageError
from tests.data.shared_decoder import STARTS, Disk

ROOT = Path(__file__).parent.parent.parent
MEMORY = Path("/dev/shm")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder of this test's own, in memory where that is possible."""
    base = MEMORY / f"test-{os.getpid()}" if MEMORY.is_dir() else tmp_path / "base"
    base.mkdir()
    monkeypatch.setattr(shared_folder, "places", lambda: (base,))
    made = make_shared_folder("some", least=1)
    assert made is not None
    yield made
    left = [path.name for path in base.iterdir()]
    shutil.rmtree(base)
    assert left == []


@pytest.fixture
def start(folder, tmp_path):
    """What starts a process for each of some settings, and returns them when all have entered the folder."""
    running = []

    def started(*each):
        for settings in each:
            common = {"folder": str(folder), "log": str(tmp_path / "log"), "damaged": [], "processes": len(each)}
            command = [sys.executable, "-W", "error", "-m", "tests.data.shared_decoder", json.dumps(common | settings)]
            running.append(subprocess.Popen(command, cwd=ROOT, text=True, stdin=-1, stdout=-1, stderr=-1))
        for process in running:
            assert process.stdout.readline() == "in\n", process.stderr.read()
        return running

    yield started
    for process in running:
        process.kill()
        process.communicate()


def begin(*running):
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()


def answers(running):
    """Return what each process has printed."""
    printed = [process.communicate(timeout=60) for process in running]
    return [json.loads(out) if out else {"stderr": error} for out, error in printed]


def decodes(log):
    return Counter(map(int, log.read_text().split()))


def alone(damaged, log):
    """What one process sees that decodes for itself, and what it decodes."""
    told = []
    disk = Disk(log, damaged=damaged, dies_in=None, stops_in=None)
    stream = Stream(Order(STARTS, window=20, seed=(3,)), disk.decode, bad=BadEpisodes("skip", told.append), threads=2)
    seen = [stream.take(np.arange(first, first + 4))[0] for first in range(0, 3 * STARTS[-1], 4)]
    return {"seen": np.concatenate(seen).tolist(), "told": sorted(told)}, decodes(log)


@pytest.mark.parametrize("damaged", [[], [2, 6]])
def test_three_processes_decode_together_what_one_decodes_and_see_the_same(start, tmp_path, damaged):
    expected, once = alone(damaged, tmp_path / "alone")
    running = start(*[{"damaged": damaged}] * 3)
    begin(*running)
    assert answers(running) == [expected] * 3
    assert decodes(tmp_path / "log") == once
    assert [f"left out: video {episode}.mp4 cannot be decoded" for episode in damaged] == expected["told"]


def test_damage_that_is_refused_ends_all_with_the_same_line(start, tmp_path):
    running = start(*[{"damaged": [5], "bad": "refuse"}] * 3)
    begin(*running)
    line = "DataError: video 5.mp4 cannot be decoded, or leave such episodes out: --on-bad-episode skip"
    assert answers(running) == [{"error": line}] * 3
    assert decodes(tmp_path / "log")[5] == 1


def test_what_a_killed_process_was_decoding_another_one_decodes(start, tmp_path):
    expected, _ = alone([], tmp_path / "alone")
    dying, living = start({"dies_in": 3}, {})
    begin(dying)
    until(lambda: (tmp_path / "log").exists() and 3 in decodes(tmp_path / "log"))
    begin(living)
    assert answers([living]) == [expected]
    assert answers([dying]) == [{"stderr": ""}] and dying.returncode == -signal.SIGKILL
    assert decodes(tmp_path / "log")[3] >= 2


def test_a_stopped_process_is_waited_for_no_longer_than_told(start, folder):
    stopped, waiting = start({"stops_in": 3}, {"patience": 0.5})
    begin(stopped)
    until(lambda: Path(f"/proc/{stopped.pid}/stat").read_text().split()[2] == "T")
    begin(waiting)
    (found,) = answers([waiting])
    line = r"StorageError: another process .* decoding training-\d-1 for \d+ s; .* End all of them and go on.*"
    assert re.fullmatch(line, found["error"])
    stopped.kill()
    answers([stopped])
    assert folder.exists()
    os.utime(folder, (0, 0))
    newer = make_shared_folder("newer", least=1)
    assert not folder.exists(), "what a dead run has left is removed by the next"
    newer.rmdir()


def test_nothing_is_left_after_an_exception(start, folder):
    running = start({"fails": True}, {"fails": True})
    begin(*running)
    assert all("something else went wrong" in each["stderr"] for each in answers(running))
    assert not folder.exists()


def test_a_folder_in_use_or_of_another_user_or_just_made_is_no_leftover(folder, tmp_path):
    held = hold_folder(folder)
    os.utime(folder, (0, 0))
    link = folder.with_name(folder.name + "-link")
    link.symlink_to(tmp_path)
    new = make_shared_folder("new", least=1)
    make_shared_folder("newer", least=1).rmdir()
    assert folder.exists() and new.exists() and link.is_symlink() and tmp_path.exists()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert find_shared_folder("some") == folder and find_shared_folder("other") is None
    assert find_shared_folder("some-link") is None
    link.unlink()
    new.rmdir()
    leave_folder(folder, held)
    assert not folder.exists()


def test_files_are_gone_when_all_have_mapped_them_and_pictures_stay(folder):
    both = [SharedPictures(folder, processes=2, patience=1.0) for _ in range(2)]
    pictures = np.arange(24, dtype=np.uint8).reshape(2, 1, 2, 2, 3)
    first, second = (shared.share("training", lambda episode: pictures) for shared in both)
    one = first(0)
    assert [path.suffix for path in sorted(folder.iterdir())] == ["", ".npy"]
    two = second(0)
    assert not list(folder.iterdir())
    assert np.array_equal(one, pictures) and np.array_equal(two, pictures)
    with pytest.raises(ValueError, match="read-only"):
        one[0] = 0
    held = [first(0) for _ in range(100)]
    for episode in range(100):
        held += [first(episode), second(episode)]
    before = len(os.listdir("/proc/self/fd"))
    held += [second(0) for _ in range(100)]
    assert len(os.listdir("/proc/self/fd")) == before, "a process may have few open files"
    assert all(np.array_equal(each, pictures) for each in held)
    assert not list(folder.iterdir())
    del first, second, both
    assert not folder.exists()
    assert np.array_equal(one, pictures)


def test_without_room_each_process_decodes_for_itself(folder, tmp_path, monkeypatch):
    assert make_shared_folder("large", least=1 << 60) is None

    def full(*_):
        raise OSError(28, "No space left on device")

    both = [SharedPictures(folder, processes=2, patience=1.0) for _ in range(2)]
    disk = Disk(tmp_path / "log", damaged=[1], dies_in=None, stops_in=None)
    first, second = (shared.share("training", disk.decode) for shared in both)
    monkeypatch.setattr("os.replace", full)
    assert np.array_equal(first(0), second(0))
    for decode in (first, second):
        with pytest.raises(DataError, match=r"video 1\.mp4 cannot be decoded"):
            decode(1)
    assert decodes(tmp_path / "log") == {0: 2, 1: 2}
    assert not list(folder.iterdir())
    del first, second, both


def test_what_goes_wrong_with_files_is_told_with_what_to_do(folder, monkeypatch):
    assert write_array(folder / "a.npy", np.zeros((2, 3), np.uint8))
    monkeypatch.setattr(mapped_array.mmap, "MAP_SHARED", 0)  # neither shared nor private: the system refuses
    with pytest.raises(StorageError, match=r"cannot look at .*a\.npy.* with a smaller --memory"):
        map_array(folder / "a.npy")
    shared = SharedPictures(folder, processes=2, patience=1.0)
    shared.folder.rename(folder.with_name("gone"))
    with pytest.raises(StorageError, match="was removed while it was used; go on with --resume"):
        shared.share("training", lambda episode: np.zeros(1, np.uint8))(0)
    folder.with_name("gone").rename(folder)


def until(happened):
    for _ in range(1000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen within 10 s")
