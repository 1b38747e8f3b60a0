"""Arrays and pictures <-> bytes: msgpack in the dialect of openpi, with limits and without pickle.

An array is a map {b"__ndarray__": True, b"data", b"dtype", b"shape"}, a numpy number a map
{b"__npgeneric__": True, b"data", b"dtype"} (openpi @15a9616, `msgpack_numpy`). A picture may also
come as {"jpeg": bytes}. Whatever does not fit is a `WireError`; nothing else is ever raised, and
nothing of a message is run.

>>> decode(encode({"state": np.float32([1, 2])}))["state"]
array([1., 2.], dtype=float32)
"""

import io
import math
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np
from PIL import Image

from psizero.errors import WireError

LARGEST_MESSAGE = 32 << 20
"""Bytes of the largest message: four pictures of 1280 x 960 and what goes with them."""
LARGEST_PICTURE = 4096
"""Pixels of the longest side of a compressed picture."""
COMPRESSED = ("jpeg", "png")
"""Ways in which a picture may be compressed."""
MOST_AXES = 6
_KINDS = frozenset("biuf")


def encode(message: object, pack: Callable[[object], object] | None = None) -> bytes:
    """Return the bytes of a message of plain values, arrays and numpy numbers; `pack` is another dialect's."""
    packed = msgpack.packb(message, default=pack or _pack)
    assert packed is not None
    return packed


def decode(
    data: bytes, *, largest: int = LARGEST_MESSAGE, unpack: Callable[[dict], object] | None = None
) -> dict[str, Any]:
    """Read a message; arrays are views of `data` that cannot be written to. `unpack` is another dialect's."""
    if len(data) > largest:
        raise WireError(f"a message of {len(data)} bytes came, at most {largest} are taken; send smaller pictures")
    try:
        message = msgpack.unpackb(data, object_hook=unpack or _unpack, strict_map_key=False)
    except WireError:
        raise
    except Exception as error:
        # Whatever the bytes are made of: the far end must learn that they are wrong, and this end must go on.
        raise WireError(f"not a msgpack message: {type(error).__name__}: {error}") from error
    if not isinstance(message, dict) or not all(isinstance(key, str) for key in message):
        raise WireError("a message must be a map whose keys are words; see docs/realtime.md")
    return message


def picture_of(value: object, name: str) -> np.ndarray:
    """Return a uint8 (H, W, 3) picture: such an array, one with the channels first, JPEG or PNG."""
    if isinstance(value, dict) and len(value) == 1:
        ((kind, data),) = value.items()
        if kind in COMPRESSED and isinstance(data, bytes):
            value = _decompress(data, kind, name)
    if not isinstance(value, np.ndarray) or value.ndim != 3 or value.dtype != np.uint8:
        what = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise WireError(f"picture {name!r} must be uint8 (H, W, 3) or {{'jpeg': bytes}}, got {what}")
    if value.shape[2] != 3 and value.shape[0] == 3:
        value = value.transpose(1, 2, 0)
    if value.shape[2] != 3 or 0 in value.shape:
        raise WireError(f"picture {name!r} must have three channels and pixels, got {value.shape}")
    return value


def jpeg_of(picture: np.ndarray, quality: int) -> dict[str, bytes]:
    """Return a uint8 (H, W, 3) picture compressed, for a message."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return {"jpeg": buffer.getvalue()}


def numbers_of(value: object, name: str, axes: int) -> np.ndarray:
    """Return finite float32 numbers of as many axes."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf" or value.ndim != axes:
        what = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise WireError(f"{name!r} must be an array of numbers with {axes} axes, got {what}")
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        numbers = value.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise WireError(f"{name!r} holds numbers that are not finite")
    return numbers


def _decompress(data: bytes, kind: str, name: str) -> np.ndarray:
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as picture:
            if max(picture.size) > LARGEST_PICTURE:
                raise WireError(f"picture {name!r} has {picture.size} pixels, at most {LARGEST_PICTURE} a side")
            return np.asarray(picture.convert("RGB"))
    except WireError:
        raise
    except Exception as error:
        # Decoders of damaged pictures raise errors of many kinds.
        raise WireError(f"picture {name!r} is no {kind.upper()}: {error}") from error


def _pack(value: object) -> dict[bytes, Any]:
    if isinstance(value, np.ndarray) and value.dtype.kind in _KINDS:
        return {
            b"__ndarray__": True,
            b"data": value.tobytes(),
            b"dtype": value.dtype.str,
            b"shape": list(value.shape),
        }
    if isinstance(value, np.generic) and value.dtype.kind in _KINDS:
        return {b"__npgeneric__": True, b"data": value.tobytes(), b"dtype": value.dtype.str}
    raise TypeError(f"a message cannot hold {type(value).__name__}")


def _unpack(value: dict) -> object:
    if b"__ndarray__" in value:
        return array_of(value.get(b"data"), value.get(b"dtype"), value.get(b"shape"))
    if b"__npgeneric__" in value:
        return array_of(value.get(b"data"), value.get(b"dtype"), [])[()]
    return value


def array_of(data: object, type_name: object, shape: object) -> np.ndarray:
    """Return the array that some dialect describes, a view of its bytes; one that lies about itself is refused."""
    if not isinstance(data, bytes):
        raise WireError("an array without data came")
    if not isinstance(type_name, str) or len(type_name) > 4:
        raise WireError(f"an array of unknown type {type_name!r:.40} came")
    try:
        dtype = np.dtype(type_name)
    except Exception as error:
        # numpy reads such names with a parser of Python, whose errors are of many kinds.
        raise WireError(f"an array of unknown type {type_name!r} came") from error
    if dtype.kind not in _KINDS:
        raise WireError(f"arrays of type {type_name!r} are not taken; send numbers")
    if (
        not isinstance(shape, list)
        or len(shape) > MOST_AXES
        or not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in shape)
        or math.prod(shape) * dtype.itemsize != len(data)
    ):
        raise WireError(f"an array of {len(data)} bytes does not have shape {shape!r:.40} of {dtype}")
    return np.frombuffer(data, dtype).reshape(shape)
