"""Looks for damage and bad recordings in a data set: files, pictures, times, motion.

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
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import PolicyLayout
from psizero.embodiment.robot import RobotSpec
from psizero.errors import DataError

Severity = Literal["error", "warning", "note"]

_ROBOTS: dict[str, RobotSpec] = {G1.name: G1}
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
_RESTING_STEP = 1e-3
"""Change of a target per frame (its unit) below which it rests."""
_AT_LIMIT = 0.005
"""Distance to a joint's limit (rad) that counts as being there."""
_SATURATED = 0.2
"""Share of the frames in which an arm joint's target may be at its limit."""
_LAGS = range(-5, 16)
"""Frames by which the state may follow the action."""
_AGREEMENT = 0.5
"""Correlation of their speeds from which on a state number is said to follow its target."""
_SMALL = 240 * 320
"""Larger pictures (pixels) are shrunk before they are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found."""

    severity: Severity
    kind: str
    """What it is, in a few words; the same for all findings of a kind."""
    message: str
    episode: int | None = None
    """Where; `None` is the data set as a whole."""


def check_dataset(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the data set in `root`, episode by episode; decodes every picture.

    A folder that is no readable data set at all is a `DataError`.
    """
    dataset = LeRobotDataset(root)
    yield from _check_files(dataset)
    if not dataset.episodes:
        yield Finding(severity="warning", kind="empty", message="the data set holds no episode yet")
    readable: list[Episode] = []
    for place, entry in enumerate(dataset.episodes):
        try:
            episode = dataset.read(place, cameras=())
        except DataError as error:
            yield Finding(severity="error", kind="unreadable frames", episode=entry.index, message=str(error))
            continue
        readable.append(episode)
        yield from _check_times(entry.index, episode, dataset.fps)
        yield from _check_rest(entry.index, episode, dataset.fps)
        for camera in dataset.cameras:
            yield from _check_pictures(dataset, place, camera, episode)
    if readable:
        yield from _check_lag(readable, dataset.layout, dataset.fps)
        yield from _check_limits(readable, dataset.layout)


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


def _check_times(index: int, episode: Episode, fps: float) -> Iterator[Finding]:
    durations = np.diff(episode.timestamps)
    if len(durations) == 0:
        yield Finding(severity="warning", kind="too short", episode=index, message="it has a single frame")
        return
    worst = float(durations.max())
    if worst > 2.5 / fps:
        yield Finding(
            severity="warning", kind="gap", episode=index, message=f"one frame lasts {worst:.3f} s at {fps:g} frames/s"
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
    still = np.abs(np.diff(episode.action, axis=0)).max(axis=1, initial=0.0) < _RESTING_STEP
    start, length = _longest_run(still)
    if length / fps >= _STILL:
        yield Finding(
            severity="warning",
            kind="stationary",
            episode=index,
            message=f"no target moves for {length / fps:.1f} s from {start / fps:.1f} s on",
        )


def _check_pictures(dataset: LeRobotDataset, place: int, camera: str, episode: Episode) -> Iterator[Finding]:
    number = dataset.episodes[place].index
    height, width = dataset.features[fmt.image_key(camera)]["shape"][:2]
    shrink = max(1.0, (height * width / _SMALL) ** 0.5)
    size = None if shrink == 1.0 else (int(height / shrink), int(width / shrink))
    try:
        pictures = dataset.read(place, image_size=size, cameras=(camera,)).images[camera]
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
    if length / dataset.fps >= _STUCK and moved > _MOVED:
        yield Finding(
            severity="warning",
            kind="stuck pictures",
            episode=number,
            message=f"camera {camera} shows one picture for {length / dataset.fps:.1f} s from "
            f"{start / dataset.fps:.1f} s on while the robot moves",
        )


def _check_lag(episodes: Sequence[Episode], layout: PolicyLayout, fps: float) -> Iterator[Finding]:
    """Tell by how many frames the measured joints follow their targets."""
    shared = [
        (layout.state.names.index(name), i) for i, name in enumerate(layout.action.names) if name in layout.state.names
    ]
    lags = [lag for episode in episodes for lag in _lags(episode, shared)]
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


def _lags(episode: Episode, pairs: Sequence[tuple[int, int]]) -> Iterator[int]:
    """For each number that moves, the shift at which the speeds of state and action agree best."""
    for state_index, action_index in pairs:
        target = np.diff(episode.action[:, action_index].astype(np.float64))
        actual = np.diff(episode.state[:, state_index].astype(np.float64))
        if len(target) < 3 * _LAGS.stop or np.ptp(episode.action[:, action_index]) < _MOVED or not actual.any():
            continue
        middle = target[-_LAGS.start : -_LAGS.stop]
        shifted = [actual[lag - _LAGS.start : len(actual) - _LAGS.stop + lag] for lag in _LAGS]
        scores = [middle @ part / (np.linalg.norm(middle) * np.linalg.norm(part) + 1e-12) for part in shifted]
        if max(scores) > _AGREEMENT:
            yield _LAGS[int(np.argmax(scores))]


def _check_limits(episodes: Sequence[Episode], layout: PolicyLayout) -> Iterator[Finding]:
    """Arm targets that lean on a joint's limit: the motion was cut off, or the operator ran out of reach.

    Fingers are left out: closing a hand until it stops is how one grips.
    """
    robot = _ROBOTS.get(layout.name)
    if robot is None:
        return
    action = np.concatenate([episode.action for episode in episodes])
    for field in layout.action.fields:
        if not field.name.endswith("_arm") or field.name not in robot.groups:
            continue
        joints = robot.indices(field.name)
        values = layout.action.get(action, field.name)
        lower, upper = robot.column("lower")[joints], robot.column("upper")[joints]
        share = ((values <= lower + _AT_LIMIT) | (values >= upper - _AT_LIMIT)).mean(axis=0)
        for part, at_limit in zip(field.parts, share, strict=True):
            if at_limit > _SATURATED:
                yield Finding(
                    severity="warning",
                    kind="saturation",
                    message=f"the target of {field.name}.{part} is at its limit in {at_limit:.0%} of the frames",
                )


def _longest_run(flags: np.ndarray) -> tuple[int, int]:
    """Return start and length of the longest run of True; (0, 0) if there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if len(lengths) == 0:
        return 0, 0
    longest = int(np.argmax(lengths))
    return int(starts[longest]), int(lengths[longest])
