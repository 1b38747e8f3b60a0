"""Reads LeRobot data sets of version 2.1 and 3.0, ours and others'."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from psizero.data import lerobot_format as fmt
from psizero.data.episode import Episode, Scalar
from psizero.data.fingerprint import fingerprint_of
from psizero.data.image import PictureSize
from psizero.data.video import read_video
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSpan:
    """Where the pictures of one camera and one episode lie."""

    path: Path
    start: float = 0.0
    """Time of the first picture within the file (s)."""
    stop: float | None = None
    """End within the file (s); `None` is the end of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeInfo:
    """What the table of contents says about one episode."""

    index: int
    length: int
    """Frames."""
    instruction: str
    info: Mapping[str, Scalar] = field(default_factory=dict)
    """Facts about the whole episode, such as seed and success; empty in foreign data sets."""
    data_file: Path
    videos: Mapping[str, VideoSpan] = field(default_factory=dict)
    """By camera."""


class LeRobotDataset:
    """A finished view of the data set in `root`: episodes appended later show in a new object."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        info = fmt.read_info(self.root)
        self.version: str = info["codebase_version"]
        self.fps = float(info["fps"])
        self.features: Mapping[str, Any] = info["features"]
        self.cameras = fmt.camera_names(self.features)
        self._state_key = fmt.state_key(self.features)
        if "action" not in self.features:
            raise DataError(f"the data set in {self.root} has no feature 'action'; it has {sorted(self.features)}")
        self.episodes: tuple[EpisodeInfo, ...] = tuple(
            _episodes_v3(self.root, info) if self.version == "v3.0" else _episodes_v2(self.root, info)
        )
        self.layout: PolicyLayout = fmt.layout_of(
            info, state_size=self._size_of(self._state_key), action_size=self._size_of("action")
        )

    def __len__(self) -> int:
        """How many episodes there are."""
        return len(self.episodes)

    @property
    def names(self) -> tuple[str, ...]:
        """What each episode is called: "episode 7"."""
        return tuple(f"episode {entry.index}" for entry in self.episodes)

    @property
    def frame_count(self) -> int:
        """How many frames there are in all episodes."""
        return sum(episode.length for episode in self.episodes)

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one whole episode.

        Args:
            index: Which one, from 0.
            image_size: Height and width to which pictures are resized; `None` leaves them.
            cameras: Whose pictures to decode; `None` is all, `()` is none and quick.
        """
        if not 0 <= index < len(self.episodes):
            raise DataError(f"no episode {index} in {self.root}; it has episodes 0 to {len(self.episodes) - 1}")
        entry = self.episodes[index]
        wanted = self.cameras if cameras is None else tuple(cameras)
        unknown = set(wanted) - set(self.cameras)
        if unknown:
            raise DataError(f"no camera {sorted(unknown)} in {self.root}; it has {list(self.cameras)}")
        streams = fmt.stream_columns(self.features)
        clock = fmt.FRAME_TIME if fmt.FRAME_TIME in self.features else "timestamp"
        table = self._table(entry, (self._state_key, "action", clock, *streams))
        times = _numbers(table, clock).astype(np.float64)
        return Episode(
            instruction=entry.instruction,
            state=_vectors(table, self._state_key),
            action=_vectors(table, "action"),
            timestamps=times if clock == fmt.FRAME_TIME else times - times[0],
            images={camera: self._pictures(entry, camera, image_size) for camera in wanted},
            stream_times={name.removeprefix(fmt.TIME_PREFIX): _numbers(table, name) for name in streams},
            info=entry.info,
        )

    def fingerprint(self, index: int) -> str:
        """Return a digest of the episode's videos and of its place in them."""
        spans = [self.episodes[index].videos[camera] for camera in self.cameras]
        places = ",".join(f"{span.start}-{span.stop}" for span in spans)
        return fingerprint_of([span.path for span in spans], places)

    def frame_numbers(self, index: int) -> np.ndarray:
        """Return which frame of its episode each row says it is, (N,); a whole episode counts from 0."""
        entry = self.episodes[index]
        if "frame_index" not in self.features:
            return np.arange(entry.length)
        return _numbers(self._table(entry, ("frame_index",)), "frame_index")

    def _table(self, entry: EpisodeInfo, columns: Sequence[str]) -> pa.Table:
        path = entry.data_file
        try:
            table = pq.read_table(path, columns=list(columns), filters=[("episode_index", "=", entry.index)])
        except FileNotFoundError as error:
            raise DataError(f"{path} is missing; fetch the data set again or delete its episode") from error
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{path} cannot be read ({error}); record or fetch it again") from error
        if len(table) != entry.length:
            raise DataError(f"{path} holds {len(table)} frames of episode {entry.index}, expected {entry.length}")
        return table

    def _pictures(self, entry: EpisodeInfo, camera: str, size: PictureSize | None) -> np.ndarray:
        span = entry.videos[camera]
        pictures = read_video(span.path, start=span.start, stop=span.stop, size=size)
        if len(pictures) != entry.length:
            raise DataError(
                f"video {span.path} shows {len(pictures)} pictures of episode {entry.index}, expected {entry.length}"
            )
        return pictures

    def _size_of(self, key: str) -> int:
        """Numbers in a vector; some data sets leave it out of their description (shape -1)."""
        size = int(self.features[key]["shape"][0])
        damage: DataError | None = None
        for entry in self.episodes if size <= 0 else ():
            try:
                return _vectors(self._table(entry, (key,)), key).shape[1]
            except DataError as error:
                damage = damage or error
        if damage is not None:
            raise damage
        return size


def _episodes_v3(root: Path, info: Mapping[str, Any]) -> Iterator[EpisodeInfo]:
    files = sorted((root / fmt.EPISODES_FOLDER).glob("*/*.parquet"))
    rows: dict[int, Mapping[str, Any]] = {}
    for path in files:
        try:
            names = [name for name in pq.read_schema(path).names if not name.startswith("stats/")]
            rows.update((row["episode_index"], row) for row in pq.read_table(path, columns=names).to_pylist())
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{path} cannot be read ({error}); fetch the data set again") from error
    # info.json is written last: rows beyond its count belong to an episode that was never finished.
    for index in range(info["total_episodes"]):
        if index not in rows:
            raise DataError(
                f"{root / fmt.EPISODES_FOLDER} lacks episode {index} of {info['total_episodes']}; fetch it again"
            )
        row = rows[index]
        videos = {
            camera: VideoSpan(
                path=root / info["video_path"].format(video_key=key, **_place(row, f"videos/{key}/")),
                start=row[f"videos/{key}/from_timestamp"],
                stop=row[f"videos/{key}/to_timestamp"],
            )
            for camera in fmt.camera_names(info["features"])
            for key in (fmt.image_key(camera),)
        }
        yield EpisodeInfo(
            index=index,
            length=row["length"],
            instruction=row["tasks"][0] if row["tasks"] else "",
            info=json.loads(row.get(fmt.INFO_COLUMN) or "{}"),
            data_file=root / info["data_path"].format(**_place(row, "data/")),
            videos=videos,
        )


def _place(row: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {name: row[prefix + name] for name in ("chunk_index", "file_index")}


def _episodes_v2(root: Path, info: Mapping[str, Any]) -> Iterator[EpisodeInfo]:
    rows = _json_lines(root / "meta" / "episodes.jsonl")
    tasks_file = root / "meta" / "tasks.jsonl"
    # The reference writes the task's folder as `task` and the words as `description`.
    words = {
        row["task_index"]: row.get("description") or row["task"]
        for row in (_json_lines(tasks_file) if tasks_file.exists() else ())
    }
    for row in sorted(rows, key=lambda row: row["episode_index"]):
        place = {"episode_index": row["episode_index"], "episode_chunk": row["episode_index"] // info["chunks_size"]}
        yield EpisodeInfo(
            index=row["episode_index"],
            length=row["length"],
            instruction=_instruction(row, words),
            data_file=root / info["data_path"].format(**place),
            videos={
                camera: VideoSpan(path=root / info["video_path"].format(video_key=fmt.image_key(camera), **place))
                for camera in fmt.camera_names(info["features"])
            },
        )


def _instruction(row: Mapping[str, Any], words: Mapping[int, str]) -> str:
    """Return the words of an episode: its own as the reference keeps them, else its first task, by name or number."""
    own = row.get("instruction")
    if isinstance(own, Mapping):  # SIMPLE puts the whole row of its table of tasks there
        own = own.get("task")
    if own:
        return str(own)
    task = row["tasks"][0] if row["tasks"] else ""
    return task if isinstance(task, str) else words.get(task, "")


def _json_lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); fetch the data set again") from error


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    return table[name].to_numpy()


def _vectors(table: pa.Table, name: str) -> np.ndarray:
    """Return a column of lists as (N, size) float32."""
    flat = np.concatenate([chunk.flatten().to_numpy(zero_copy_only=False) for chunk in table[name].chunks])
    if len(flat) % len(table):
        raise DataError(f"the lists of column {name!r} differ in length; fetch the data set again")
    return flat.reshape(len(table), -1).astype(np.float32)
