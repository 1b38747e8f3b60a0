"""The files of every policy folder, whatever network it holds: their names, and how they are read and tied together."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psizero.errors import PolicyError

CONFIG, LAYOUT, STATS, CARD, WEIGHTS = "config.json", "layout.json", "stats.json", "card.json", "model.safetensors"
DIGEST = "psizero.digest"
"""Key in the header of the weights: the digest of the three files that they were made for."""
NETWORK = "network"
"""Key in `config.json` that names the network; policies without it hold the one of `network.py`."""
PSI0 = "psi0"
"""Its value for what `psizero import` made."""


def read_bytes(path: Path) -> bytes:
    """Return the content of one file of a policy; a missing one is a `PolicyError`."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PolicyError(f"{path} is missing: {path.parent} holds no whole policy; train or fetch it again") from error
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}") from error


def parse_json(path: Path, content: bytes) -> dict[str, Any]:
    """Return the named values in `content`, which came from `path`; anything else is a `PolicyError`."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"{path} is damaged ({error}); train or fetch the policy again") from error
    if not isinstance(data, dict):
        raise PolicyError(f"{path} is damaged: expected named values; train or fetch the policy again")
    return data


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return plain values as text for a file; numbers come back exactly."""
    return (json.dumps(data, indent=1) + "\n").encode()


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the digest of what weights belong to: network, layout and statistics."""
    return hashlib.sha256(b"".join(files[name] for name in (CONFIG, LAYOUT, STATS))).hexdigest()
