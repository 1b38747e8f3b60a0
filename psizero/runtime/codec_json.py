"""Arrays <-> JSON as Psi0's servers write them, with limits and without pickle.

An array or number of numpy is {"__numpy__": base64 of its bytes, "dtype", "shape"}; without a shape
it is a number. Whatever does not fit is a `WireError`; nothing else is ever raised.

>>> read(write({"action": np.float32([[1, 2]])}))["action"]
array([[1., 2.]], dtype=float32)
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from psizero.errors import WireError
from psizero.runtime.codec import LARGEST_MESSAGE, array_of


def write(message: Mapping[str, Any]) -> str:
    """Return the text of a message of plain values, arrays and numpy numbers."""
    return json.dumps(message, default=_pack)


def read(text: str | bytes) -> dict[str, Any]:
    """Read a message; arrays cannot be written to."""
    if len(text) > LARGEST_MESSAGE:
        raise WireError(f"a message of {len(text)} bytes came, at most {LARGEST_MESSAGE} are taken")
    try:
        message = json.loads(text, object_hook=_unpack)
    except WireError:
        raise
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a message in JSON: {error}") from error
    if not isinstance(message, dict):
        raise WireError("a message must be an object of JSON; see docs/realtime.md")
    return message


def _pack(value: object) -> dict[str, Any]:
    if isinstance(value, np.ndarray | np.generic):
        data = base64.b64encode(value.tobytes()).decode()
        return {"__numpy__": data, "dtype": value.dtype.str, "shape": list(value.shape)}
    raise TypeError(f"a message cannot hold {type(value).__name__}")


def _unpack(value: dict) -> object:
    if "__numpy__" not in value:
        return value
    data = value["__numpy__"]
    if not isinstance(data, str):
        raise WireError("an array without data came")
    return array_of(base64.b64decode(data, validate=True), value.get("dtype"), value.get("shape"))[()]
