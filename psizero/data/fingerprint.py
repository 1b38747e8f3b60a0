"""What tells whether pictures are still those of before: a digest of the files that they are decoded from.

All bytes are read: a file's size and date may stay the same while it changes. That
takes a second per gigabyte, where decoding takes minutes.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from psizero.errors import DataError


def fingerprint_of(files: Sequence[Path], place: str = "") -> str:
    """Return one digest of the contents of files, in their order, and of a place in them; their names do not count."""
    total = hashlib.sha256(place.encode())
    for path in files:
        try:
            about = path.stat()
            total.update(_digest(path, about.st_size, about.st_mtime_ns))
        except OSError as error:
            raise DataError(f"{path} cannot be read ({error}); record or fetch it again") from error
    return total.hexdigest()


@lru_cache(maxsize=16)
def _digest(path: Path, size: int, changed: int) -> bytes:
    """Return the digest of a file; many episodes in a row may lie in the same ones."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
