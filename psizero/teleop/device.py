"""Where operator frames come from: the `Device` protocol, and a device that plays a recording."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from psizero.errors import ConfigError
from psizero.teleop.operator import OperatorFrame


class Device(Protocol):
    """Something a person, or a script in place of one, moves."""

    def poll(self, now: float) -> OperatorFrame | None:
        """Return the newest frame at clock time `now` (s) at once, or None if there never was one."""
        ...


class ReplayDevice:
    """Plays recorded frames back by their time stamps; after the last one it goes on giving that one."""

    def __init__(self, frames: Sequence[OperatorFrame]) -> None:
        """Take `frames` in the order of their times."""
        self._frames = tuple(frames)
        self._times = [frame.time for frame in self._frames]
        if self._times != sorted(self._times):
            raise ConfigError("frames to replay must be in the order of their times; sort them by `time`")

    def poll(self, now: float) -> OperatorFrame | None:
        """Return the latest frame that is not from the future."""
        index = bisect_right(self._times, now)
        return self._frames[index - 1] if index else None
