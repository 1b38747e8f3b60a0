"""Pictures that the processes of one computer decode once and hold together.

Whoever asks first for an episode decodes it into a file of a common folder; the others map
that file. It loses its name as soon as all have mapped it, and its memory is free when the
last one has dropped it.

Nobody waits for ever. An episode is locked only while one process decodes it, and decoding
waits for no lock: so whoever waits, waits for one at work, from whatever thread and in
whatever order. The kernel opens the locks of a process that dies, and then one of those
that waited decodes.
"""

import contextlib
import fcntl
import json
import os
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from psizero.data.atomic_file import storage_error, write_file
from psizero.data.mapped_array import map_array, write_array
from psizero.data.shared_folder import hold_folder, leave_folder
from psizero.data.stream import Decode
from psizero.errors import DataError, LayoutError, StorageError

_DAMAGES = {kind.__name__: kind for kind in (DataError, LayoutError)}
"""What an episode that cannot be decoded is told by."""
_SHORTEST, _LONGEST = 0.002, 0.25
"""How long to sleep between two looks at a lock (s): an eighth of the time waited so far, within these."""


class SharedPictures:
    """One process's access to the pictures that those of its computer have in common.

    Each process must ask for the same episodes equally often, as those do that take the same
    batches (`stream`). If one asks more often nothing is wrong, but a file stays to the end.
    """

    def __init__(self, folder: Path, *, processes: int, patience: float) -> None:
        """Enter a folder, which is removed when the last process has ended or has dropped its access.

        Args:
            folder: Of `shared_folder`, the same in all processes.
            processes: How many they are.
            patience: How long to wait for another one that decodes an episode (s).
        """
        self.folder = folder
        self._processes = processes
        self._patience = patience
        self._asked: Counter[tuple[str, int]] = Counter()
        self._counting = threading.Lock()
        weakref.finalize(self, leave_folder, folder, hold_folder(folder))

    def share(self, name: str, decode: Decode) -> Decode:
        """Return what decodes as `decode` does, in one of the processes that share it by that name."""

        def shared(episode: int) -> np.ndarray:
            with self._counting:
                self._asked[name, episode] += 1
                path = self.folder / f"{name}-{episode}-{self._asked[name, episode]}"
            pictures, damage = path.with_suffix(".npy"), path.with_suffix(".damage")
            with self._locked(path) as lock:
                try:
                    return _found_or_decoded(pictures, damage, partial(decode, episode))
                finally:
                    self._count_taker(lock, path, pictures, damage)

        return shared

    def _count_taker(self, lock: int, *files: Path) -> None:
        """Note that one more process has what it wanted, and remove the files behind the last one."""
        # The length of the locked file is their number. Being a hole, it fits where nothing else does.
        takers = os.fstat(lock).st_size + 1
        os.ftruncate(lock, takers)
        if takers == self._processes:
            for file in files:
                file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self, path: Path) -> Iterator[int]:
        """Hold the lock of an episode, which is let go of when its file is closed, or when the process dies."""
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError as error:
            raise StorageError(f"{self.folder} was removed while it was used; go on with --resume") from error
        except OSError as error:
            raise storage_error(path, error) from error
        begun = time.monotonic()
        try:
            while not _lock(lock):
                waited = time.monotonic() - begun
                if waited > self._patience:
                    raise StorageError(
                        f"another process of this training has been decoding {path.name} for {waited:.0f} s; "
                        "is one of them stopped? End all of them and go on with --resume"
                    )
                time.sleep(min(max(waited / 8, _SHORTEST), _LONGEST))
            yield lock
        finally:
            os.close(lock)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _found_or_decoded(pictures: Path, damage: Path, decode: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the pictures in a file, or raise the damage in another, after writing one of them if there is none."""
    if damage.exists():
        kind, text = json.loads(damage.read_text())
        raise _DAMAGES[kind](text)
    if not pictures.exists():
        try:
            found = decode()
        except tuple(_DAMAGES.values()) as error:
            with contextlib.suppress(StorageError):  # then each process will meet it by itself
                write_file(damage, json.dumps([type(error).__name__, str(error)]).encode())
            raise
        if not write_array(pictures, found):
            return found  # no room: each process decodes for itself
    return map_array(pictures)
