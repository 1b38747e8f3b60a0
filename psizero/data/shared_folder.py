"""Folders for the processes of one run on one computer, which vanish with the last of them.

They lie in memory, `/dev/shm`, or if there is too little room beside other temporary files.
Each process holds a lock on the folder while it lives, and the kernel opens the locks of
one that dies: so a folder that nobody holds is left over, and the next run removes it.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

_PREFIX = "psizero-shared-"
_NEW = 60.0
"""A folder is not left over before it is so old (s): it is made first and held then."""


def make_shared_folder(name: str, least: int) -> Path | None:
    """Make a folder that only this user may see, where there is room; `None` if nowhere.

    Args:
        name: That no other run has.
        least: How much must be free there (bytes).
    """
    _remove_leftovers()
    for place in places():
        folder = place / f"{_PREFIX}{name}"
        try:
            if room(place) >= least:
                folder.mkdir(mode=0o700)
                return folder
        except OSError:  # no such place, or not ours to write to
            continue
    return None


def find_shared_folder(name: str) -> Path | None:
    """Return the folder of that name that another process of this user has made; `None` if it is not seen here."""
    folders = [place / f"{_PREFIX}{name}" for place in places()]
    return next((folder for folder in folders if _is_ours(folder)), None)


def hold_folder(folder: Path) -> int:
    """Keep others from removing a folder; return what `leave_folder` wants."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    fcntl.flock(held, fcntl.LOCK_SH)
    return held


def leave_folder(folder: Path, held: int) -> None:
    """Let go of a folder; the last one removes it."""
    try:
        _remove_if_free(folder, held)
    finally:
        os.close(held)


def room(folder: Path) -> int:
    """Return how much may still be written there (bytes)."""
    return shutil.disk_usage(folder).free


def places() -> tuple[Path, ...]:
    """Return where folders may lie, the best first."""
    return Path("/dev/shm"), Path(tempfile.gettempdir())


def _remove_leftovers() -> None:
    for folder in {folder for place in places() for folder in place.glob(f"{_PREFIX}*")}:
        with contextlib.suppress(OSError):  # gone meanwhile
            if _is_ours(folder) and time.time() - folder.stat().st_mtime > _NEW:
                held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    _remove_if_free(folder, held)
                finally:
                    os.close(held)


def _remove_if_free(folder: Path, held: int) -> None:
    # Of several that leave at once one succeeds: each gives its own lock up before it asks for all.
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
