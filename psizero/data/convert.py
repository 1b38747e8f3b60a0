"""Any readable recordings -> a LeRobot v3.0 data set, episode by episode.

The data set grows in a hidden folder beside its place, and takes its place when it
is whole. A conversion that was stopped goes on behind its last whole episode; each
episode remembers what it was called in its source, so that nothing is mixed up.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from psizero.data.atomic_file import storage_error
from psizero.data.encoded import EncodedEpisode, encode_episode
from psizero.data.episode import Episode
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.lerobot_format import INFO_FILE
from psizero.data.source import Source
from psizero.errors import DataError, LayoutError, StorageError
from psizero.side_by_side import side_by_side

SOURCE_NAME = "source"
"""Fact about a converted episode: what it was called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a conversion did."""

    episodes: int
    """In the new data set."""
    resumed: int
    """Of these, from an earlier conversion that was stopped."""
    skipped: tuple[str, ...] = ()
    """What was wrong with each episode that was left out."""


def convert_source(
    source: Source,
    out: Path,
    *,
    image_size: tuple[int, int] | None = None,
    instruction: str | None = None,
    skip_damaged: bool = False,
    workers: int = 1,
    cluster: str | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Converted:
    """Write all episodes of `source` into a new data set `out`; each worker holds the pictures of one at a time.

    Args:
        source: What to read.
        out: Folder of the new data set; one that holds something is refused.
        image_size: Height and width of the pictures; `None` leaves them.
        instruction: Words for every episode, in place of the recorded ones.
        skip_damaged: Leave out episodes that cannot be read; otherwise the first one ends the conversion.
        workers: How many read and encode side by side; see `side_by_side`, also for `cluster`.
        cluster: Address of a Ray cluster that does it instead.
        progress: Hears the name of each episode that is written.
    """
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise StorageError(f"{out} is there already; choose another folder, or move it away first")
    unfinished = out.resolve().with_name(f".{out.resolve().name}.part")
    names = list(source.names)
    begun = _begun(unfinished, names)
    skipped: list[str] = []
    try:
        with LeRobotWriter(unfinished, source.layout) as writer:
            places = range(begun.next, len(names))
            read = partial(_read, source, image_size, instruction)
            for index, episode in zip(
                places, side_by_side(read, places, workers=workers, cluster=cluster), strict=True
            ):
                if isinstance(episode, EncodedEpisode):
                    writer.append(episode)
                    progress(names[index])
                elif skip_damaged:
                    skipped.append(str(episode))
                else:
                    raise episode
            count = writer.episode_count
        if count == 0:
            shutil.rmtree(unfinished)
            why = f"; the first: {skipped[0]}" if skipped else ""
            raise DataError(f"none of {len(names)} episodes could be read{why}")
        if out.is_dir():
            out.rmdir()
        os.replace(unfinished, out)
    except OSError as error:
        raise storage_error(out, error) from error
    return Converted(episodes=count, resumed=begun.count, skipped=tuple(skipped))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    count: int
    """Episodes written before."""
    next: int
    """Place in the source of the first that is to come."""


def _begun(folder: Path, names: list[str]) -> _Begun:
    """Look how far an earlier conversion into this place came; one of another source is refused."""
    if not (folder / INFO_FILE).exists():
        return _Begun(count=0, next=0)
    done = [str(entry.info.get(SOURCE_NAME)) for entry in LeRobotDataset(folder).episodes]
    places = {name: place for place, name in enumerate(names)}
    if any(name not in places for name in done):
        raise StorageError(
            f"{folder} holds a conversion of another source that was stopped; delete it, or choose another folder"
        )
    return _Begun(count=len(done), next=max((places[name] + 1 for name in done), default=0))


def _read(
    source: Source, image_size: tuple[int, int] | None, instruction: str | None, index: int
) -> EncodedEpisode | DataError | LayoutError:
    """Return an episode as it is stored, or what is wrong with it."""
    try:
        episode = source.read(index, image_size=image_size)
    except (DataError, LayoutError) as error:
        return error
    return encode_episode(_labelled(episode, source.names[index], instruction), source.layout.rate)


def _labelled(episode: Episode, name: str, instruction: str | None) -> Episode:
    words = episode.instruction if instruction is None else instruction
    return replace(episode, instruction=words, info={**episode.info, SOURCE_NAME: name})
