"""How much memory pictures may take, and so how many of them are shuffled together."""

import math
import os
from pathlib import Path

_SHARE = 0.5
"""Of the memory that is free, for pictures."""
_MOST_TOGETHER = 1 << 16
"""Frames of a window, at most: 36 minutes at 30 Hz. With more, a run would take longer to begin."""
_WINDOWS = 3
"""Of which pictures may be held for a moment: a batch may show frames of the one before the two in memory."""
_LIMIT, _USED = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")
"""What a container may take and has taken (bytes), on Linux."""


def window_for(
    frames: int, frame_bytes: int, memory: float | None = None, *, sharing: int = 1, room: float = math.inf
) -> int | None:
    """Return about how many frames are shuffled together, with two such windows in memory; `None` if all fit.

    >>> window_for(1000, 100_000, memory=0.1) is None, window_for(1001, 100_000, memory=0.1)
    (True, 500)

    Args:
        frames: How many there are.
        frame_bytes: What the pictures of a frame take.
        memory: Most for pictures (GB); half of what is free if not given.
        sharing: Processes that hold their own pictures, among which what is free is divided.
        room: Most for files of pictures (bytes), unless `memory` is given.
    """
    most = int(min(_SHARE * free_memory() / sharing, room * 2 / _WINDOWS) if memory is None else memory * 1e9)
    if frames * frame_bytes <= most:
        return None
    return max(1, min(most // 2 // frame_bytes, _MOST_TOGETHER))


def room_for(frames: int, frame_bytes: int, window: int | None) -> int:
    """Return how much room the files of shared pictures take, at most (bytes)."""
    return frame_bytes * (frames if window is None else min(frames, _WINDOWS * window))


def free_memory() -> int:
    """Return how much memory may still be taken (bytes)."""
    try:
        facts = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        free = int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):  # no Linux
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    try:
        return min(free, int(_LIMIT.read_text()) - int(_USED.read_text()))
    except (OSError, ValueError):  # no limit: "max"
        return free
