"""Looks for damage and bad recordings: files, pictures, times, motion; of any format that can be read.

An error means that frames are lost or wrong; a warning that learning from them
may disappoint; a note tells a fact worth knowing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from psizero.data import lerobot_format as fmt
from psizero.data.atomic_file import is_unfinished
from psizero.data.episode import Episode
from psizero.data.lerobot_reader import LeRobotDataset
from psizero.data.source import Source, open_source
from psizero.data.stats import MOVING
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import EVERYDAY_G1, G1_DEX3, G1_INSPIRE, G1_SIMPLE, PolicyLayout
from psizero.embodiment.robot import RobotSpec
from psizero.errors import DataError, LayoutError

Severity = Literal["error", "warning", "note"]

_ROBOTS: dict[str, RobotSpec] = {layout.name: G1 for layout in (G1_DEX3, G1_INSPIRE, G1_SIMPLE, EVERYDAY_G1)}
"""Whose joint limits are known, by layout."""
_LOST = 1.8
"""Time from frame to frame, as a multiple of the usual, from which on one is missing."""
_JITTER = 0.2
"""Deviation of a frame's duration, as a share of it, that 1 % of the frames may exceed."""
_OLD_PICTURE = 0.1
"""Age of a picture (s) from which on it shows another moment than the joints."""
_STUCK = 0.5
"""Time (s) for which a picture may stay the same to the last bit while the robot moves."""
_MOVED = 0.1
"""Change of a state number (its unit) that counts as moving."""
_STILL = 2.0
"""Time (s) for which all targets may rest."""
_AT_LIMIT = 0.005
"""Distance to a joint's limit (rad) that counts as being there."""
_SATURATED = 0.2
"""Share of the frames in which an arm joint's target may be at its limit."""
_LAGS = range(-5, 16)
"""Frames by which the state may follow the action."""
_LATE = 0.3
"""Time (s) by which a state may follow its action; a position-controlled arm needs about 0.1."""
_AGREEMENT = 0.5
"""Correlation of their speeds from which on a state number is said to follow its target."""
_SMALL = (240, 320)
"""Pictures of more pixels (height, width) are shrunk before they are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found."""

    severity: Severity
    kind: str
    """What it is, in a few words; the same for all findings of a kind."""
    message: str
    episode: int | None = None
    """Where; `None` is the data set as a whole."""


def check_dataset(root: Path, format: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with the recordings in `root`, episode by episode; decodes every picture.

    A folder that cannot be read at all is a `DataError`. `format` is one of
    `data.source.FORMATS`, by default the one that recognizes the folder.
    """
    source = open_source(root, format)
    if isinstance(source, LeRobotDataset):
        yield from _check_files(source)
    if not source.names:
        yield Finding(severity="warning", kind="empty", message="there is no episode yet")
    lags: list[int] = []
    limits = _Limits(source.layout)
    for place in range(len(source.names)):
        number = _number(source, place)
        try:
            episode = source.read(place, cameras=())
        except (DataError, LayoutError) as error:
            yield Finding(severity="error", kind="unreadable frames", episode=number, message=str(error))
            continue
        if isinstance(source, LeRobotDataset):
            yield from _check_count(number, source.frame_numbers(place))
        yield from _check_times(number, episode, source.layout.rate)
        yield from _check_rest(number, episode, source.layout.rate)
        for camera in source.layout.cameras:
            yield from _check_pictures(source, place, camera, episode)
        lags.extend(_lags(episode, source.layout))
        limits.add(episode)
    yield from _lag_findings(lags, source.layout.rate)
    yield from limits.findings()


def _number(source: Source, place: int) -> int:
    """What an episode is called in findings: data sets from which some were deleted keep the numbers of the others."""
    return source.episodes[place].index if isinstance(source, LeRobotDataset) else place


def _check_files(dataset: LeRobotDataset) -> Iterator[Finding]:
    known = {entry.data_file for entry in dataset.episodes}
    known |= {span.path for entry in dataset.episodes for span in entry.videos.values()}
    for path in sorted(dataset.root.rglob("*")):
        of_episodes = path.suffix in {".parquet", ".mp4"} and "meta" not in path.relative_to(dataset.root).parts
        if is_unfinished(path) or (of_episodes and path not in known):
            yield Finding(
                severity="warning",
                kind="leftover file",
                message=f"{path.relative_to(dataset.root)} belongs to no episode; the next recording clears it away",
            )
    if dataset.version == fmt.VERSION and not (dataset.root / fmt.STATS_FILE).exists():
        yield Finding(
            severity="warning", kind="no statistics", message=f"{fmt.STATS_FILE} is missing; lerobot needs it"
        )


def _check_count(index: int, numbers: np.ndarray) -> Iterator[Finding]:
    wrong = np.flatnonzero(numbers != np.arange(len(numbers)))
    if len(wrong):
        yield Finding(
            severity="error",
            kind="missing frames",
            episode=index,
            message=f"row {wrong[0]} says it is frame {numbers[wrong[0]]}: rows are missing or out of order",
        )


def _check_times(index: int, episode: Episode, fps: float) -> Iterator[Finding]:
    durations = np.diff(episode.timestamps)
    if len(durations) == 0:
        yield Finding(severity="warning", kind="too short", episode=index, message="it has a single frame")
        return
    gaps = durations[durations > _LOST / fps]
    if len(gaps):
        lost = int(np.rint(gaps * fps - 1).sum())
        yield Finding(
            severity="warning",
            kind="missing frames",
            episode=index,
            message=f"{lost} frames are missing; the longest gap is {gaps.max():.3f} s at {fps:g} frames/s",
        )
    if (jitter := float(np.quantile(np.abs(durations * fps - 1.0), 0.99))) > _JITTER:
        yield Finding(
            severity="warning", kind="jitter", episode=index, message=f"frames come up to {jitter:.0%} early or late"
        )
    for stream, times in episode.stream_times.items():
        age = float(np.abs(episode.timestamps - times).max())
        if age > _OLD_PICTURE:
            yield Finding(
                severity="warning",
                kind="streams apart",
                episode=index,
                message=f"{stream} was sampled up to {age:.3f} s apart from its frame",
            )


def _check_rest(index: int, episode: Episode, fps: float) -> Iterator[Finding]:
    still = np.abs(np.diff(episode.action, axis=0)).max(axis=1, initial=0.0) < MOVING
    start, length = _longest_run(still)
    if length / fps >= _STILL:
        yield Finding(
            severity="warning",
            kind="stationary",
            episode=index,
            message=f"no target moves for {length / fps:.1f} s from {start / fps:.1f} s on",
        )


def _check_pictures(source: Source, place: int, camera: str, episode: Episode) -> Iterator[Finding]:
    number, fps = _number(source, place), source.layout.rate
    try:
        pictures = source.read(place, image_size=_compared_size(source, camera), cameras=(camera,)).images[camera]
    except DataError as error:
        yield Finding(severity="error", kind="damaged video", episode=number, message=str(error))
        return
    if pictures.max() == pictures.min():
        yield Finding(
            severity="error",
            kind="blank pictures",
            episode=number,
            message=f"camera {camera} shows one colour only",
        )
        return
    same = np.array([np.array_equal(now, then) for now, then in zip(pictures[1:], pictures, strict=False)], bool)
    start, length = _longest_run(same)
    moved = np.ptp(episode.state[start : start + length + 1], axis=0).max()
    if length / fps >= _STUCK and moved > _MOVED:
        yield Finding(
            severity="warning",
            kind="stuck pictures",
            episode=number,
            message=f"camera {camera} shows one picture for {length / fps:.1f} s from "
            f"{start / fps:.1f} s on while the robot moves",
        )


def _compared_size(source: Source, camera: str) -> tuple[int, int] | None:
    """Return the size at which pictures are compared; `None` is their own."""
    if not isinstance(source, LeRobotDataset):
        return _SMALL
    height, width = source.features[fmt.image_key(camera)]["shape"][:2]
    shrink = (height * width / (_SMALL[0] * _SMALL[1])) ** 0.5
    return None if shrink <= 1.0 else (int(height / shrink), int(width / shrink))


def _lag_findings(lags: Sequence[int], fps: float) -> Iterator[Finding]:
    """Tell by how many frames the measured joints follow their targets."""
    if not lags:
        return
    lag = float(np.median(lags))
    yield Finding(
        severity="note", kind="lag", message=f"the state follows the action by {lag / fps:.3f} s ({lag:g} frames)"
    )
    if lag < 0:
        yield Finding(
            severity="warning", kind="lag", message="the state comes before the action: are the streams paired rightly?"
        )
    elif lag / fps > _LATE:
        yield Finding(
            severity="warning",
            kind="lag",
            message=f"a state {lag / fps:.2f} s behind its action teaches a policy to be ahead of itself",
        )


def _lags(episode: Episode, layout: PolicyLayout) -> Iterator[int]:
    """For each number that moves, the shift at which the speeds of state and action agree best."""
    for action_index, name in enumerate(layout.action.names):
        if name not in layout.state.names:
            continue
        target = np.diff(episode.action[:, action_index].astype(np.float64))
        actual = np.diff(episode.state[:, layout.state.names.index(name)].astype(np.float64))
        if len(target) < 3 * _LAGS.stop or np.ptp(episode.action[:, action_index]) < _MOVED or not actual.any():
            continue
        middle = target[-_LAGS.start : -_LAGS.stop]
        shifted = [actual[lag - _LAGS.start : len(actual) - _LAGS.stop + lag] for lag in _LAGS]
        scores = [middle @ part / (np.linalg.norm(middle) * np.linalg.norm(part) + 1e-12) for part in shifted]
        if max(scores) > _AGREEMENT:
            yield _LAGS[int(np.argmax(scores))]


class _Limits:
    """Arm targets that lean on a joint's limit: the motion was cut off, or the operator ran out of reach.

    Fingers are left out: closing a hand until it stops is how one grips.
    """

    def __init__(self, layout: PolicyLayout) -> None:
        self._layout = layout
        self._robot = _ROBOTS.get(layout.name)
        groups = () if self._robot is None else self._robot.groups
        self._fields = [f for f in layout.action.fields if f.name.endswith("_arm") and f.name in groups]
        self._frames = 0
        self._at_limit = {field.name: np.zeros(field.size) for field in self._fields}

    def add(self, episode: Episode) -> None:
        """Count the frames in which each target of an arm is at its limit."""
        self._frames += len(episode)
        for field in self._fields:
            assert self._robot is not None  # without a robot there are no fields
            joints = self._robot.indices(field.name)
            lower, upper = self._robot.column("lower")[joints], self._robot.column("upper")[joints]
            values = self._layout.action.get(episode.action, field.name)
            at_limit = (values <= lower + _AT_LIMIT) | (values >= upper - _AT_LIMIT)
            self._at_limit[field.name] += at_limit.sum(axis=0)

    def findings(self) -> Iterator[Finding]:
        """Yield the joints that were at their limit too often."""
        for field in self._fields:
            for part, count in zip(field.parts, self._at_limit[field.name], strict=True):
                if count > _SATURATED * self._frames:
                    yield Finding(
                        severity="warning",
                        kind="saturation",
                        message=f"the target of {field.name}.{part} is at its limit in {count / self._frames:.0%} "
                        "of the frames",
                    )


def _longest_run(flags: np.ndarray) -> tuple[int, int]:
    """Return start and length of the longest run of True; (0, 0) if there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if len(lengths) == 0:
        return 0, 0
    longest = int(np.argmax(lengths))
    return int(starts[longest]), int(lengths[longest])
