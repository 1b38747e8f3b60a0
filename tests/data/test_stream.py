"""Streamed pictures are those of their frames, come again exactly, stay few, and damage is met as chosen."""

import threading

import numpy as np
import pytest

from psizero.data.frames import BadEpisodes
from psizero.data.memory import free_memory, room_for, window_for
from psizero.data.order import Order
from psizero.data.stream import Stream, decoded
from psizero.errors import DataError

LENGTHS = [7, 12, 5, 9, 11, 6, 8, 10]
STARTS = np.concatenate([[0], np.cumsum(LENGTHS)])


class Disk:
    """Episodes whose pictures show the number of their frame; some are damaged."""

    def __init__(self, damaged=()):
        self.damaged = set(damaged)
        self.read = []
        self._lock = threading.Lock()

    def decode(self, episode):
        with self._lock:
            self.read.append(episode)
        if episode in self.damaged:
            raise DataError(f"video {episode}.mp4 cannot be decoded")
        frames = np.arange(STARTS[episode], STARTS[episode + 1])
        return np.broadcast_to(frames.astype(np.uint8)[:, None, None, None, None], (len(frames), 1, 2, 2, 3))


def stream(disk, *, window=20, bad=None):
    order = Order(STARTS, window=window, seed=(3,))
    return Stream(order, disk.decode, bad=bad or BadEpisodes("skip"), threads=2)


def shown(pictures):
    return [int(picture.max()) for picture in pictures]


@pytest.mark.parametrize("window", [None, 20, 1])
def test_each_picture_is_that_of_its_frame_and_each_frame_comes_once_an_epoch(window):
    read = stream(Disk(), window=window)
    seen = []
    for start in range(0, 2 * STARTS[-1], 4):  # batches straddle windows and epochs
        frames, pictures = read.take(np.arange(start, start + 4))
        assert shown(pictures) == frames.tolist()
        seen += frames.tolist()
    assert sorted(seen[: STARTS[-1]]) == list(range(STARTS[-1])) == sorted(seen[STARTS[-1] : 2 * STARTS[-1]])


def test_a_run_that_was_stopped_goes_on_with_the_same_pictures():
    running = stream(Disk())
    whole = [shown(running.take(np.arange(step * 6, step * 6 + 6))[1]) for step in range(30)]
    for step in (0, 5, 17, 29):
        resumed = stream(Disk())
        resumed.prepare(step * 6)
        assert shown(resumed.take(np.arange(step * 6, step * 6 + 6))[1]) == whole[step]


def test_memory_holds_two_windows_and_never_more():
    read, most = stream(Disk(), window=20), 2 * (20 + max(LENGTHS))
    held = []
    for place in range(3 * STARTS[-1]):
        read.take(np.array([place]))
        held.append(read.held)
    assert max(held) <= most < STARTS[-1] + 1


def test_what_fits_into_memory_is_decoded_once():
    disk = Disk()
    read = stream(disk, window=None)
    for start in range(0, 5 * STARTS[-1], 8):
        read.take(np.arange(start, start + 8))
    assert sorted(disk.read) == list(range(len(LENGTHS)))


def test_the_next_window_is_decoded_while_this_one_is_learned_from():
    disk = Disk()
    read = stream(disk, window=20)
    order = Order(STARTS, window=20, seed=(3,))
    following = set(order.window(0, 1).episodes.tolist())
    read.take(np.array([0]))
    for _ in range(200):
        if following <= set(disk.read):
            break
        read.take(np.array([1]))
    assert following <= set(disk.read)


def test_damage_is_told_once_and_its_place_taken_by_others_wherever_a_run_begins():
    told = []
    damaged = {2, 6}
    running = stream(Disk(damaged), bad=BadEpisodes("skip", told.append))
    lost = {frame for episode in damaged for frame in range(STARTS[episode], STARTS[episode + 1])}
    whole = [running.take(np.arange(step * 4, step * 4 + 4)) for step in range(50)]
    assert not lost & {frame for frames, _ in whole for frame in frames.tolist()}
    assert sorted(told) == [f"left out: video {episode}.mp4 cannot be decoded" for episode in (2, 6)]
    resumed = stream(Disk(damaged)).take(np.arange(40 * 4, 40 * 4 + 4))
    assert resumed[0].tolist() == whole[40][0].tolist() == shown(resumed[1])


def test_damage_is_refused_before_the_first_step_however_late_it_would_come():
    for late in range(len(LENGTHS)):
        disk = Disk({late})
        with pytest.raises(DataError, match=rf"{late}\.mp4 cannot be decoded, or leave .* --on-bad-episode skip"):
            stream(disk, bad=BadEpisodes("refuse")).prepare(0)


def test_episodes_come_in_the_order_asked_for_with_few_ahead():
    disk = Disk({3})
    found = []
    for episode, pictures in decoded(disk.decode, [5, 3, 0, 7, 1, 2, 4], bad=BadEpisodes("skip"), threads=1):
        found.append((episode, len(pictures)))
        assert len(disk.read) <= len(found) + 4
    assert found == [(episode, LENGTHS[episode]) for episode in (5, 0, 7, 1, 2, 4)]


def test_the_window_follows_from_memory():
    assert window_for(100, 1000) is None
    assert window_for(10**9, 10**6) < 10**9
    assert window_for(10**6, 37_000, memory=1e9) is None
    assert window_for(1001, 1_000_000, memory=1.0) == 500
    assert window_for(10, 10**9, memory=0.1) == 1
    assert free_memory() > 2**20


def test_processes_divide_what_is_free_but_not_what_each_was_given():
    enough = free_memory() // 4 // 1000  # for one process, not for four
    assert window_for(enough, 1000) is None
    assert window_for(enough, 1000, sharing=4) is not None
    assert window_for(enough, 1000, memory=1e9, sharing=4) is None


def test_three_windows_of_shared_pictures_fit_into_their_room():
    assert window_for(1000, 1000, room=1.5e6) is None
    window = window_for(1001, 1000, room=1.5e6)
    assert window == 500
    assert room_for(1001, 1000, window) <= 1.5e6 and room_for(1001, 1000, None) == 1001 * 1000
    assert window_for(1001, 1000, memory=1.0, room=1.5e6) is None
