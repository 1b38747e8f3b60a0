"""Messages of vla-eval <-> msgpack (allenai/vla-evaluation-harness 0.8.0), with the limits of `codec.py`.

A message is {"type", "payload", "seq", "timestamp"}. An array is {"__ndarray__": True, "data", "dtype",
"shape"}, a picture {"__image__": True, "format": "png", "jpeg" or "raw", "data", "shape"}.

>>> read(write("action", {"actions": np.float32([1, 2])}, seq=3))
Told(kind='action', payload={'actions': array([1., 2.], dtype=float32)}, seq=3)
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from psizero.errors import WireError
from psizero.runtime.codec import COMPRESSED, array_of, decode, encode


@dataclass(frozen=True, slots=True)
class Told:
    """One message."""

    kind: str
    """"hello", "episode_start", "observation", "action", "episode_end" or "error"."""
    payload: Mapping[str, Any]
    seq: int
    """Number of the message; an answer has that of its question."""


def write(kind: str, payload: Mapping[str, Any], *, seq: int) -> bytes:
    """Return the bytes of a message."""
    message = {"type": kind, "payload": payload, "seq": seq, "timestamp": time.time()}
    return encode(message, pack=_pack)


def read(data: bytes) -> Told:
    """Read a message; one that is none is a `WireError`."""
    message = decode(data, unpack=_unpack)
    kind, payload, seq = (message.get(key) for key in ("type", "payload", "seq"))
    if not isinstance(kind, str) or not isinstance(payload, dict) or not isinstance(seq, int):
        raise WireError("a message must hold 'type' (words), 'payload' (a map) and 'seq' (a whole number)")
    return Told(kind, payload, seq)


def _pack(value: object) -> dict[str, Any]:
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return {"__ndarray__": True, "data": value.tobytes(), "dtype": value.dtype.str, "shape": list(value.shape)}
    raise TypeError(f"a message cannot hold {type(value).__name__}")


def _unpack(value: dict) -> object:
    if "__image__" in value and value.get("format") in COMPRESSED:
        return {value["format"]: value.get("data")}  # `picture_of` opens it
    if "__image__" in value or "__ndarray__" in value:
        return array_of(value.get("data"), value.get("dtype"), value.get("shape"))
    return value
