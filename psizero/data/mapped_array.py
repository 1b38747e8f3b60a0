"""Arrays in files that several processes look at, in memory once.

`numpy.memmap` keeps a file open for each array, and a process may have few of them (often
1024), fewer than a window has episodes. So the system is asked directly. A mapping outlives
the name of its file: the kernel frees the memory when nobody looks at it any more.
"""

import ctypes
import errno
import mmap
import os
import weakref
from pathlib import Path

import numpy as np

from psizero.data.atomic_file import storage_error
from psizero.errors import StorageError

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
_LIBC.mmap.restype = ctypes.c_void_p
_LIBC.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
_FAILED = ctypes.c_void_p(-1).value


def write_array(path: Path, values: np.ndarray) -> bool:
    """Write a file that is whole as soon as it has its name; False if there is no room for it."""
    unfinished = path.with_suffix(".part")
    values = np.ascontiguousarray(values)
    try:
        with open(unfinished, "wb") as file:
            np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(values))
            file.write(values.data)
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return False
        raise storage_error(path, error) from error
    return True


def map_array(path: Path) -> np.ndarray:
    """Return the array in a file of `write_array`, which nobody can change."""
    with open(path, "rb") as file:
        np.lib.format.read_magic(file)
        shape, _, kind = np.lib.format.read_array_header_1_0(file)
        begin = file.tell()
        try:
            content = _Mapping(file.fileno(), os.fstat(file.fileno()).st_size)
        except OSError as error:
            reason = f"{error.strerror}; a process may map only so many files: sysctl vm.max_map_count"
            raise StorageError(
                f"cannot look at {path}: {reason}; hold fewer at once, with a smaller --memory"
            ) from error
    return np.asarray(content)[begin:].view(kind).reshape(shape)


class _Mapping:
    """The bytes of a file, for as long as an array looks at them."""

    def __init__(self, file: int, size: int) -> None:
        address = _LIBC.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file, 0)
        if address == _FAILED:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self.__array_interface__ = {"shape": (size,), "typestr": "|u1", "data": (address, True), "version": 3}
        # Not at exit, where threads may still look: the kernel does that.
        weakref.finalize(self, _LIBC.munmap, address, size).atexit = False
