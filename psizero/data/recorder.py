"""A live stream of observations and actions -> episodes on disk.

The control loop only ever calls `add`, which copies a picture and returns. What
takes time, encoding and writing, happens in a thread of its own once an episode
is kept.
"""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

import numpy as np

from psizero.data.episode import Episode, Scalar
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import DataError
from psizero.types import Observation


class EpisodeSink(Protocol):
    """Where finished episodes go: a `LeRobotWriter`."""

    layout: PolicyLayout
    """Whose cameras are recorded."""

    def append(self, episode: Episode) -> int:
        """Store one episode and return its index."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Frame:
    time: float
    joints_time: float
    state: np.ndarray
    action: np.ndarray
    images: dict[str, np.ndarray]
    image_times: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Take:
    """A recording under way, or one waiting to be written."""

    instruction: str
    info: dict[str, Scalar]
    frames: list[_Frame]


class Recorder:
    """Records episodes one after the other: start, add, add, ..., then keep or discard.

    A failure to write is raised by the next call of `start`, `keep`, `flush` or
    `close`, never by `add`. Use it in a `with` statement: leaving it waits for all
    kept episodes and discards one that is under way.
    """

    def __init__(self, writer: EpisodeSink, *, most_waiting: int = 2) -> None:
        """Record into `writer`; at most `most_waiting` kept episodes wait in memory."""
        self._writer = writer
        self._take: _Take | None = None
        self._waiting: queue.Queue[_Take | None] = queue.Queue(most_waiting)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def recording(self) -> bool:
        """Whether an episode is under way."""
        return self._take is not None

    @property
    def frame_count(self) -> int:
        """Frames of the episode under way; 0 between episodes."""
        return 0 if self._take is None else len(self._take.frames)

    def start(self, instruction: str, info: Mapping[str, Scalar] | None = None) -> None:
        """Begin an episode; `info` are facts known already, such as the seed."""
        self._raise_failure()
        if self._take is not None:
            raise DataError("an episode is being recorded already; keep or discard it before starting another")
        self._take = _Take(instruction=instruction, info=dict(info or {}), frames=[])

    def add(self, observation: Observation, action_values: np.ndarray, now: float) -> None:
        """Add the frame in which `action_values`, (A,), were chosen for `observation`.

        Each picture is fetched once, so a camera that renders when asked renders once.

        Args:
            observation: What the action was chosen for.
            action_values: Absolute targets in the order of the layout's action.
            now: Clock time (s) of the choice, on the clock of `observation.time`.
        """
        if self._take is None:
            raise DataError("no episode is being recorded; call start first")
        images = {camera: self._picture(observation, camera) for camera in self._writer.layout.cameras}
        self._take.frames.append(
            _Frame(
                time=now,
                joints_time=observation.time,
                state=np.array(observation.state, np.float32),
                action=np.array(action_values, np.float32),
                images=images,
                image_times={camera: observation.image_times.get(camera, observation.time) for camera in images},
            )
        )

    def keep(self, info: Mapping[str, Scalar] | None = None) -> None:
        """End the episode and have it written; `info` adds facts known only now, such as success.

        Returns at once unless too many kept episodes wait to be written.
        """
        self._raise_failure()
        if self._take is None or not self._take.frames:
            raise DataError("there is nothing to keep; start an episode and add frames to it first")
        take, self._take = self._take, None
        take.info.update(info or {})
        self._waiting.put(take)

    def discard(self) -> None:
        """Forget the episode under way, if there is one."""
        self._take = None

    def flush(self) -> None:
        """Wait until every kept episode is on disk."""
        self._waiting.join()
        self._raise_failure()

    def close(self) -> None:
        """Discard what is under way, finish what was kept, stop the thread; may be called twice."""
        self._take = None
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        self._raise_failure()

    def _picture(self, observation: Observation, camera: str) -> np.ndarray:
        try:
            return np.array(observation.images[camera])  # a copy: the robot may draw the next one into the same memory
        except KeyError as error:
            raise DataError(
                f"the robot shows no picture of camera {camera!r}, which layout {self._writer.layout.name!r} records"
            ) from error

    def _raise_failure(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _write_all(self) -> None:
        while (take := self._waiting.get()) is not None:
            try:
                self._writer.append(_episode(take))
            except Exception as error:
                self._error = self._error or error
            finally:
                self._waiting.task_done()
        self._waiting.task_done()


def _episode(take: _Take) -> Episode:
    frames = take.frames
    start = frames[0].time
    cameras = tuple(frames[0].images)
    times = np.array([frame.time for frame in frames]) - start
    return Episode(
        instruction=take.instruction,
        state=np.stack([frame.state for frame in frames]),
        action=np.stack([frame.action for frame in frames]),
        timestamps=times,
        images={camera: np.stack([frame.images[camera] for frame in frames]) for camera in cameras},
        stream_times={
            "joints": np.array([frame.joints_time for frame in frames]) - start,
            "action": times,
            **{camera: np.array([frame.image_times[camera] for frame in frames]) - start for camera in cameras},
        },
        info=take.info,
    )
