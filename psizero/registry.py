"""From a name to a thing, answering a typo with the nearest name."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from psizero.errors import ConfigError

Thing = TypeVar("Thing")


class Registry(Mapping[str, Thing], Generic[Thing]):
    """A read-only mapping whose errors help.

    >>> colours = Registry("colour", {"red": 1, "green": 2})
    >>> colours["green"]
    2
    >>> colours["gren"]
    Traceback (most recent call last):
    ...
    psizero.errors.ConfigError: unknown colour 'gren'; known: green, red. Did you mean 'green'?
    """

    def __init__(self, kind: str, things: Mapping[str, Thing]) -> None:
        self._kind = kind
        self._things = dict(things)

    def __getitem__(self, name: str) -> Thing:
        if name not in self._things:
            close = difflib.get_close_matches(name, self._things, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ConfigError(f"unknown {self._kind} {name!r}; known: {', '.join(sorted(self._things))}.{hint}")
        return self._things[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)
