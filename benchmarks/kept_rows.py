"""Episodes of one condition in a file, rewritten after each, so that a second run goes on where the first stopped."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psizero.data.atomic_file import write_file
from psizero.errors import DataError

Row = Mapping[str, Any]
"""One episode: its "seed", and what was measured."""


class KeptRows:
    """The rows of one file, by seed, all measured with the same policy."""

    def __init__(self, path: Path, policy: Path) -> None:
        """Read what is there; rows that were measured with another policy folder are a `DataError`."""
        self._path, self._policy = path, fingerprint(policy)
        self._rows: dict[int, Row] = {}
        if not path.exists():
            return
        known = json.loads(path.read_text())
        if known["policy"] != self._policy:
            raise DataError(
                f"{path} was measured with a policy of fingerprint {known['policy']}, this one has {self._policy}; "
                "choose another folder"
            )
        self._rows = {row["seed"]: row for row in known["episodes"]}

    def missing(self, episodes: int) -> list[int]:
        """Return which seeds of the first `episodes` are still to be run."""
        return [seed for seed in range(episodes) if seed not in self._rows]

    def add(self, row: Row) -> None:
        """Keep one more episode."""
        self._rows[row["seed"]] = row
        content = {"policy": self._policy, "episodes": [self._rows[seed] for seed in sorted(self._rows)]}
        write_file(self._path, (json.dumps(content, indent=1) + "\n").encode())

    def first(self, episodes: int) -> list[Row]:
        """Return the rows of the first `episodes` seeds."""
        return [self._rows[seed] for seed in range(episodes)]


def fingerprint(folder: Path) -> str:
    """Return a word that changes with any file of a policy."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
