"""One episode: everything that was seen and done from start to stop, frame by frame.

A frame pairs what was observed with the action chosen at that same instant. The
constructor refuses arrays that do not belong together, so that the rest of the
code need not look again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from psizero.errors import DataError

Scalar = bool | int | float | str
"""What an episode's `info` may hold: it survives a trip through JSON."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episode:
    """N frames of one robot following one instruction. Units and order of numbers: the layout's."""

    instruction: str
    """What the robot was asked to do, in words."""
    state: np.ndarray
    """(N, S) float32."""
    action: np.ndarray
    """(N, A) float32, the absolute targets chosen in each frame."""
    timestamps: np.ndarray
    """(N,) float64, when each frame was taken (s from the start of the episode)."""
    images: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Pictures by camera, each uint8 (N, H, W, 3)."""
    stream_times: Mapping[str, np.ndarray] = field(default_factory=dict)
    """When each stream ("joints", a camera, "action") was sampled, each (N,) float64 (s from the start)."""
    info: Mapping[str, Scalar] = field(default_factory=dict)
    """Facts about the whole episode, such as seed, task, success."""

    def __post_init__(self) -> None:
        if self.state.ndim != 2 or len(self.state) == 0:
            raise DataError(f"an episode needs a state of (frames, numbers), one frame or more, {_got(self.state)}")
        _check_numbers("state", self.state, (len(self), self.state.shape[-1]), np.float32)
        _check_numbers("action", self.action, (len(self), self.action.shape[-1] if self.action.ndim else 0), np.float32)
        _check_numbers("timestamps", self.timestamps, (len(self),), np.float64)
        if np.any(np.diff(self.timestamps) <= 0):
            first = int(np.argmax(np.diff(self.timestamps) <= 0)) + 1
            raise DataError(f"timestamps must rise from frame to frame; frame {first} is not later than the one before")
        for name, times in self.stream_times.items():
            _check_numbers(f"stream_times[{name!r}]", times, (len(self),), np.float64)
        for name, pictures in self.images.items():
            if pictures.dtype != np.uint8 or pictures.ndim != 4 or len(pictures) != len(self) or pictures.shape[3] != 3:
                raise DataError(f"images[{name!r}] must be uint8 ({len(self)}, H, W, 3), {_got(pictures)}")
        for name, value in self.info.items():
            if not isinstance(value, bool | int | float | str):
                raise DataError(f"info[{name!r}] must be a bool, int, float or str, got {type(value).__name__}")

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.state)


def _check_numbers(name: str, values: np.ndarray, shape: tuple[int, ...], dtype: type) -> None:
    if values.shape != shape or values.dtype != dtype:
        raise DataError(f"{name} must be {np.dtype(dtype).name} {shape}, {_got(values)}")
    if not np.isfinite(values).all():
        frame = int(np.argwhere(~np.isfinite(values))[0][0])
        raise DataError(f"{name} holds a number that is not finite, first in frame {frame}; mend or drop it")


def _got(values: np.ndarray) -> str:
    return f"got {values.dtype} {values.shape}"
