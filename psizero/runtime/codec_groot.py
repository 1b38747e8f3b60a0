"""Arrays <-> msgpack in the two dialects of GR00T's clients, with the limits of `codec.py`.

NVIDIA's own client sends {"__ndarray_class__": True, "as_npy": an .npy file}, others what the library
msgpack-numpy makes, {b"nd": True, b"type", b"kind": b"", b"shape", b"data"}. An answer goes back in the
dialect of its question.

>>> message, dialect = read(write({"state": np.float32([1, 2])}, Dialect.NUMPY))
>>> dialect, message["state"]
(<Dialect.NUMPY: 'msgpack-numpy'>, array([1., 2.], dtype=float32))
"""

import io
from enum import Enum
from typing import Any

import numpy as np

from psizero.errors import WireError
from psizero.runtime.codec import array_of, decode, encode

LONGEST_HEADER = 1000
"""Bytes of the longest header of an .npy file; a plain array has 128."""


class Dialect(Enum):
    """How arrays are written."""

    NPY = ".npy"
    NUMPY = "msgpack-numpy"


def write(message: object, dialect: Dialect) -> bytes:
    """Return the bytes of a message of plain values and arrays."""
    return encode(message, pack=_pack_npy if dialect is Dialect.NPY else _pack_numpy)


def read(data: bytes) -> tuple[dict[str, Any], Dialect]:
    """Read a message; also tell the dialect of its arrays, NVIDIA's if it has none."""
    dialect = Dialect.NPY

    def unpack(value: dict) -> object:
        nonlocal dialect
        if "__ndarray_class__" in value:
            return _from_npy(value.get("as_npy"))
        entries = {key.decode("latin-1") if isinstance(key, bytes) else key: item for key, item in value.items()}
        if "nd" not in entries or "data" not in entries:
            return value
        dialect = Dialect.NUMPY
        kind = entries["type"].decode("latin-1") if isinstance(entries.get("type"), bytes) else entries.get("type")
        return array_of(entries["data"], kind, entries.get("shape", []))

    message = decode(data, unpack=unpack)
    return message, dialect


def _from_npy(file: object) -> np.ndarray:
    """Read an .npy file; its header may say nothing that its bytes do not hold."""
    if not isinstance(file, bytes):
        raise WireError("an array without data came")
    stream = io.BytesIO(file)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise WireError(f"an .npy file of version {version} came; send version 1.0, of plain numbers")
        shape, column_first, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=LONGEST_HEADER)
    except WireError:
        raise
    except Exception as error:
        # Whatever the header is made of: the far end must learn that it is wrong.
        raise WireError(f"not an .npy file: {error}") from error
    array = array_of(file[stream.tell() :], dtype.str, list(shape[::-1] if column_first else shape))
    return array.transpose() if column_first else array


def _pack_npy(value: object) -> dict[str, Any]:
    file = io.BytesIO()
    np.save(file, _array(value), allow_pickle=False)
    return {"__ndarray_class__": True, "as_npy": file.getvalue()}


def _pack_numpy(value: object) -> dict[bytes, Any]:
    array = _array(value)
    return {
        b"nd": True,
        b"type": array.dtype.str,
        b"kind": b"",
        b"shape": list(array.shape),
        b"data": array.tobytes(),
    }


def _array(value: object) -> np.ndarray:
    if isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
        return np.asarray(value)
    raise TypeError(f"a message cannot hold {type(value).__name__}")
