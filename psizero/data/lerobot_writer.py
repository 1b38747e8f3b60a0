"""Writes LeRobot v3.0 data sets, episode by episode, safe against being killed.

`meta/info.json` is the single point of commitment: it is replaced last, and its
`total_episodes` tells readers how much to believe. Whatever was killed before
that leaves files nobody looks at, which the next writer clears away.
"""

import contextlib
import fcntl
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from psizero.data import lerobot_format as fmt
from psizero.data.atomic_file import is_unfinished, make_folder, storage_error, write_file
from psizero.data.encoded import EncodedEpisode, Shapes, encode_episode, joined_colours, picture_shapes
from psizero.data.episode import Episode
from psizero.data.lerobot_reader import LeRobotDataset
from psizero.data.stats import VectorStats, episode_stats, vector_stats
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import DataError, LayoutError, StorageError

_LOCK = ".writer.lock"
_STATS_GROWTH = 1.1
"""stats.json is written anew when the data set has grown by this much, and at the end."""


class LeRobotWriter:
    """Appends episodes to the data set in `root`, making it with the first one.

    A data set that is there already is continued if it has the same layout. Only
    one writer at a time: a second one is refused. Use it in a `with` statement.
    """

    def __init__(self, root: Path, layout: PolicyLayout) -> None:
        self.root = Path(root)
        self.layout = layout
        make_folder(self.root)
        self._lock = _lock(self.root)
        try:
            self._info: dict[str, Any] | None = self._open()
            self._tasks: list[str] = [] if self._info is None else _read_tasks(self.root)
            self._rows: list[dict[str, Any]] = [] if self._info is None else _read_rows(self.root, self.episode_count)
            self._clear_leftovers()
        except BaseException:
            self._lock.close()
            raise
        self._stats_frames = _frames_in_stats(self.root)

    def __enter__(self) -> "LeRobotWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def episode_count(self) -> int:
        """Episodes committed so far."""
        return 0 if self._info is None else self._info["total_episodes"]

    def append(self, episode: Episode | EncodedEpisode) -> int:
        """Write one episode and return its index; on an error the data set stays as it was."""
        if self._lock.closed:
            raise StorageError(f"the writer of {self.root} is closed; open a new one")
        encoded = episode if isinstance(episode, EncodedEpisode) else None
        numbers = episode if isinstance(episode, Episode) else episode.numbers
        shapes = picture_shapes(numbers) if encoded is None else encoded.shapes
        info = self._info or fmt.new_info(
            self.layout,
            {camera: shapes[camera][:2] for camera in self.layout.cameras if camera in shapes},
            sorted(numbers.stream_times),
        )
        self._check_fits(numbers, shapes, info)
        if encoded is not None and encoded.rate != info["fps"]:
            raise DataError(
                f"the episode's videos have {encoded.rate:g} frames a second, "
                f"the data set in {self.root} {info['fps']:g}"
            )
        encoded = encoded or encode_episode(numbers, info["fps"])
        index = info["total_episodes"]
        place = {"chunk_index": index // fmt.CHUNK_SIZE, "file_index": index % fmt.CHUNK_SIZE}
        tasks = self._tasks if numbers.instruction in self._tasks else [*self._tasks, numbers.instruction]
        row = _episode_row(encoded, info, place)
        after = {
            **info,
            "total_episodes": index + 1,
            "total_frames": info["total_frames"] + len(numbers),
            "total_tasks": len(tasks),
            "splits": {"train": f"0:{index + 1}"},
        }
        try:
            for camera in self.layout.cameras:
                path = self.root / fmt.VIDEO_PATH.format(video_key=fmt.image_key(camera), **place)
                write_file(path, encoded.videos[camera])
            table = _frames_table(numbers, info, tasks.index(numbers.instruction))
            write_file(self.root / fmt.DATA_PATH.format(**place), _parquet(table))
            if tasks is not self._tasks:
                write_file(self.root / fmt.TASKS_FILE, _parquet(_tasks_table(tasks)))
            rows = [*self._rows, row]
            write_file(self.root / fmt.EPISODES_FILE, _parquet(pa.Table.from_pylist(rows)))
            write_file(self.root / fmt.INFO_FILE, _json(after))  # from here on the episode counts
        except BaseException:
            with contextlib.suppress(StorageError):
                self._clear_leftovers()
            raise
        self._info, self._tasks, self._rows = after, tasks, rows
        if after["total_frames"] >= _STATS_GROWTH * self._stats_frames:
            with contextlib.suppress(StorageError):  # the episode is safe; `close` tries again and tells
                self._write_stats()
        return index

    def close(self) -> None:
        """Finish the statistics and let go of the data set; may be called twice."""
        if self._lock.closed:
            return
        try:
            if self._info is not None and self._stats_frames < self._info["total_frames"]:
                self._write_stats()
        finally:
            self._lock.close()

    def _open(self) -> dict[str, Any] | None:
        """Return the description of the data set that is there, or `None` for an empty folder."""
        if not (self.root / fmt.INFO_FILE).exists():
            strangers = sorted(
                path.name for path in self.root.iterdir() if path.name not in {"data", "meta", "videos", _LOCK}
            )
            if strangers:
                raise DataError(
                    f"{self.root} is no data set and not empty (it holds {strangers[0]!r}); choose a new folder"
                )
            return None
        info = fmt.read_info(self.root)
        if info["codebase_version"] != fmt.VERSION or "psizero" not in info:
            raise DataError(
                f"{self.root} was not written by psizero; only its own data sets can be continued: choose a new folder"
            )
        theirs = PolicyLayout.from_json(info["psizero"]["layout"])
        self.layout.check_same(theirs, whose=f"the data set in {self.root}")
        return info

    def _check_fits(self, episode: Episode, shapes: Shapes, info: Mapping[str, Any]) -> None:
        """Refuse an episode of other numbers, cameras, picture sizes or streams."""
        sizes = (episode.state.shape[1], episode.action.shape[1])
        if sizes != (self.layout.state.size, self.layout.action.size):
            raise LayoutError(
                f"the episode has {sizes[0]} state and {sizes[1]} action numbers; layout {self.layout.name!r} of "
                f"{self.root} needs {self.layout.state.size} and {self.layout.action.size}"
            )
        if set(shapes) != set(self.layout.cameras):
            raise LayoutError(
                f"the episode has cameras {sorted(shapes)}, "
                f"layout {self.layout.name!r} needs {sorted(self.layout.cameras)}"
            )
        for camera, shape in shapes.items():
            wanted = tuple(info["features"][fmt.image_key(camera)]["shape"])
            if shape != wanted:
                raise DataError(f"pictures of {camera!r} are {shape}, the data set in {self.root} holds {wanted}")
        times = set(episode.stream_times)
        streams = {name.removeprefix(fmt.TIME_PREFIX) for name in fmt.stream_columns(info["features"])}
        if times != streams:
            raise DataError(
                f"the episode tells when {sorted(times)} were sampled, the data set in {self.root} {sorted(streams)}; "
                'the name "frame" is taken'
            )

    def _clear_leftovers(self) -> None:
        """Delete what a killed or failed append left: unfinished files, and files of episodes after the last."""
        for path in self.root.rglob("*"):
            index = _episode_of(path, self.root)
            if is_unfinished(path) or (index is not None and index >= self.episode_count):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise storage_error(path, error) from error

    def _write_stats(self) -> None:
        """Write stats.json: exact for states and actions, from a sample of each episode for pictures."""
        dataset = LeRobotDataset(self.root)
        numbers = episode_stats(dataset.read(index, cameras=()) for index in range(len(dataset)))
        stats = {fmt.STATE_KEYS[0]: numbers.state.to_json(), "action": numbers.action.to_json()}
        for camera in self.layout.cameras:
            prefix = f"stats/{fmt.image_key(camera)}/"
            names = [name for name in self._rows[0] if name.startswith(prefix)]
            stats[fmt.image_key(camera)] = joined_colours(
                [{name.removeprefix(prefix): row[name] for name in names} for row in self._rows]
            )
        write_file(self.root / fmt.STATS_FILE, _json(stats))
        self._stats_frames = dataset.frame_count


def _lock(root: Path) -> io.TextIOWrapper:
    """Take the data set for this process; the lock goes with the process, however it ends."""
    path = root / _LOCK
    try:
        file = open(path, "w")  # noqa: SIM115 (it stays open as long as the writer)
    except OSError as error:
        raise storage_error(path, error) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise StorageError(
            f"{root} is being written by another process; wait for it or choose another folder"
        ) from error
    return file


def _episode_of(path: Path, root: Path) -> int | None:
    """Which episode a parquet or video file holds, `None` for any other file."""
    if path.relative_to(root).parts[0] not in {"data", "videos"}:
        return None
    place = re.fullmatch(r"chunk-(\d+)/file-(\d+)\.(parquet|mp4)", f"{path.parent.name}/{path.name}")
    return None if place is None else int(place[1]) * fmt.CHUNK_SIZE + int(place[2])


def _frames_table(episode: Episode, info: Mapping[str, Any], task_index: int) -> pa.Table:
    """One row per frame, in the columns that `info` announces."""
    frame = np.arange(len(episode))
    return pa.table(
        {
            fmt.STATE_KEYS[0]: _fixed_lists(episode.state),
            "action": _fixed_lists(episode.action),
            fmt.FRAME_TIME: episode.timestamps,
            **{fmt.TIME_PREFIX + name: episode.stream_times[name] for name in sorted(episode.stream_times)},
            # LeRobot looks pictures up by this time and wants it on the grid of the video.
            "timestamp": (frame / info["fps"]).astype(np.float32),
            "frame_index": frame,
            "episode_index": np.full(len(episode), info["total_episodes"]),
            "index": info["total_frames"] + frame,
            "task_index": np.full(len(episode), task_index),
        }
    )


def _fixed_lists(values: np.ndarray) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])


def _episode_row(encoded: EncodedEpisode, info: Mapping[str, Any], place: Mapping[str, int]) -> dict[str, Any]:
    """One row of the table of episodes."""
    episode = encoded.numbers
    row: dict[str, Any] = {
        "episode_index": info["total_episodes"],
        "tasks": [episode.instruction],
        "length": len(episode),
        "dataset_from_index": info["total_frames"],
        "dataset_to_index": info["total_frames"] + len(episode),
        **{f"data/{name}": number for name, number in place.items()},
        "meta/episodes/chunk_index": 0,
        "meta/episodes/file_index": 0,
        fmt.INFO_COLUMN: json.dumps(dict(episode.info)),
    }
    stats = {
        fmt.STATE_KEYS[0]: vector_stats(episode.state).to_json(),
        "action": vector_stats(episode.action).to_json(),
    }
    for camera, colours in sorted(encoded.colours.items()):
        key = fmt.image_key(camera)
        row.update({f"videos/{key}/{name}": number for name, number in place.items()})
        row.update({f"videos/{key}/from_timestamp": 0.0, f"videos/{key}/to_timestamp": len(episode) / info["fps"]})
        stats[key] = dict(colours)
    row.update({f"stats/{key}/{name}": value for key, block in stats.items() for name, value in block.items()})
    return row


def _tasks_table(tasks: list[str]) -> pa.Table:
    """The table of instructions; its metadata makes pandas take column `task` as the index, as LeRobot expects."""
    table = pa.table({"task_index": pa.array(range(len(tasks)), pa.int64()), "task": pa.array(tasks, pa.string())})
    columns = [
        {"name": name, "field_name": name, "pandas_type": kind, "numpy_type": numpy_type, "metadata": None}
        for name, kind, numpy_type in (("task_index", "int64", "int64"), ("task", "unicode", "object"))
    ]
    names = {"name": None, "field_name": None, "pandas_type": "unicode", "numpy_type": "object", "metadata": None}
    pandas = {"index_columns": ["task"], "column_indexes": [names], "columns": columns, "pandas_version": "2.2.0"}
    return table.replace_schema_metadata({"pandas": json.dumps(pandas)})


def _read_tasks(root: Path) -> list[str]:
    rows = pq.read_table(root / fmt.TASKS_FILE).to_pylist()
    return [row["task"] for row in sorted(rows, key=lambda row: row["task_index"])]


def _read_rows(root: Path, count: int) -> list[dict[str, Any]]:
    """Return the committed rows; one more may stand in the file if its episode was never finished."""
    rows = pq.read_table(root / fmt.EPISODES_FILE).to_pylist()
    if len(rows) < count:
        raise DataError(f"{root / fmt.EPISODES_FILE} lists {len(rows)} episodes of {count}; the data set is damaged")
    return rows[:count]


def _frames_in_stats(root: Path) -> int:
    """How many frames stats.json speaks of; 0 if it is not there or not readable."""
    try:
        return VectorStats.from_json(json.loads((root / fmt.STATS_FILE).read_text())["action"]).count
    except (OSError, ValueError, KeyError, DataError):
        return 0


def _parquet(table: pa.Table) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target)
    return target.getvalue()


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, indent=2).encode()
