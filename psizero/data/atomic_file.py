"""Files and folders that appear whole or not at all, whatever happens while they are written."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from psizero.errors import StorageError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "your share of the disk is used up; free some space",
    errno.EFBIG: "the file would be larger than this account may write; raise the limit",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "you may not write there; choose another folder or change its owner",
    errno.EPERM: "you may not write there; choose another folder or change its owner",
    errno.ENOTDIR: "a part of the path is a file; choose another folder",
    errno.EEXIST: "a part of the path is a file; choose another folder",
}


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the one-line `StorageError` for an operating system's error at `path`."""
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return StorageError(f"cannot write {path}: {reason}; what was there before is unharmed")


def make_folder(path: Path) -> None:
    """Make a folder and its parents; one that is there already is fine."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(path, error) from error


def write_file(path: Path, content: bytes) -> None:
    """Write `content` so that a reader sees the old file or the new one, even after a power cut.

    The parent folder is made when it is missing.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise storage_error(path, error) from error


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a file to write and sync, which replaces `path` at the end, or vanishes if anything goes wrong."""
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Yield a folder to fill, which becomes `path` at the end, or vanishes if anything goes wrong.

    A folder that holds something is never replaced. Files that must survive a
    power cut are synced by whoever writes them.
    """
    path = path.resolve()
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise StorageError(f"{path} is there already; choose another folder, or move it away first")
    unfinished = unfinished_folder(path)
    make_folder(path.parent)
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        yield unfinished
        os.replace(unfinished, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def unfinished_folder(path: Path) -> Path:
    """Return where `whole_folder` fills the folder that becomes `path`."""
    return path.with_name(f".{path.name}.part")


def is_unfinished(path: Path) -> bool:
    """Tell whether a file is the leftover of a `write_file` that was killed."""
    return path.name.startswith(".") and path.name.endswith(".part")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
