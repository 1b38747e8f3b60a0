"""What stands where in a LeRobot data set: file names, columns, and the description in info.json.

Knows no parquet and no video; the reader and the writer share it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from psizero.embodiment.layout import (
    G1_DEX3,
    G1_SIMPLE,
    LAYOUTS,
    PolicyLayout,
    VectorLayout,
    vector_from_names,
)
from psizero.errors import DataError

VERSION = "v3.0"
"""The version written."""
READABLE_VERSIONS = ("v2.0", "v2.1", "v3.0")
CHUNK_SIZE = 1000
"""Files in one folder."""
STATE_KEYS = ("observation.state", "states")
"""Column of the state; the second one is that of the Psi0 reference."""
IMAGE_PREFIX = "observation.images."
TIME_PREFIX = "time."
"""Columns of our own: when each stream was sampled (s from the episode's start)."""
FRAME_TIME = "time.frame"
"""When the frame was really taken; LeRobot's `timestamp` is the exact multiple of 1 / fps."""
INFO_COLUMN = "psizero/info"
"""Column of the episode table: facts about the episode, as JSON."""
_OF_SIMPLE = {"observation.leg_joints", "observation.prev_torso_rpy", "observation.prev_height"}
"""Columns that the simulator SIMPLE writes beside the vectors of Psi0, and nobody else does."""
DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
VIDEO_PATH = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
EPISODES_FOLDER = "meta/episodes"
EPISODES_FILE = "meta/episodes/chunk-000/file-000.parquet"
TASKS_FILE = "meta/tasks.parquet"
STATS_FILE = "meta/stats.json"
INFO_FILE = "meta/info.json"


def image_key(camera: str) -> str:
    """Return the feature name of a camera's pictures."""
    return IMAGE_PREFIX + camera


def read_info(root: Path) -> dict[str, Any]:
    """Return the description of the data set in `root`, checked to be one we can read."""
    path = root / INFO_FILE
    try:
        info = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise DataError(
            f"no data set in {root}: expected {INFO_FILE}; give the folder that holds data/ and meta/"
        ) from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); fetch the data set again") from error
    version = info.get("codebase_version") if isinstance(info, dict) else None
    if version not in READABLE_VERSIONS:
        raise DataError(
            f"{path} says version {version!r}, expected one of {list(READABLE_VERSIONS)}; convert it with lerobot"
        )
    missing = {"fps", "features", "total_episodes", "data_path"} - set(info)
    if missing:
        raise DataError(f"{path} lacks {sorted(missing)}; fetch the data set again")
    return info


def state_key(features: Mapping[str, Any]) -> str:
    """Return the name of the state's column."""
    for key in STATE_KEYS:
        if key in features:
            return key
    raise DataError(f"the data set has no state: expected a feature {STATE_KEYS[0]!r}, got {sorted(features)}")


def camera_names(features: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cameras whose pictures are stored as videos, in the order of the description."""
    return tuple(
        key.removeprefix(IMAGE_PREFIX)
        for key, feature in features.items()
        if key.startswith(IMAGE_PREFIX) and feature["dtype"] == "video"
    )


def stream_columns(features: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that tell when each stream was sampled."""
    return tuple(key for key in features if key.startswith(TIME_PREFIX) and key != FRAME_TIME)


def layout_of(info: Mapping[str, Any], *, state_size: int, action_size: int) -> PolicyLayout:
    """Return the layout a data set was recorded in; for a foreign one, what its names tell."""
    if "psizero" in info:
        return PolicyLayout.from_json(info["psizero"]["layout"])
    features = info["features"]
    state = _vector("state", features[state_key(features)], state_size)
    action = _vector("action", features["action"], action_size)
    cameras, rate = camera_names(features), float(info["fps"])
    if (state_size, action_size) == (G1_DEX3.state.size, G1_DEX3.action.size) and {
        len(state.fields),
        len(action.fields),
    } == {1}:
        # The reference's data sets do not name their numbers; those of SIMPLE are told by their further columns.
        known = G1_SIMPLE if features.keys() >= _OF_SIMPLE else G1_DEX3
        state, action = known.state, known.action
    for known in LAYOUTS.values():
        if (state.names, action.names) == (known.state.names, known.action.names):
            return PolicyLayout(known.name, known.state, known.action, rate, cameras)
    return PolicyLayout(str(info.get("robot_type") or "unknown"), state, action, rate, cameras)


def _vector(label: str, feature: Mapping[str, Any], size: int) -> VectorLayout:
    names = _flat_names(feature.get("names"))
    if len(names) != size or len(set(names)) != size:
        names = tuple(str(number) for number in range(size))
    return vector_from_names(label, names)


def _flat_names(names: Any) -> tuple[str, ...]:
    """Names come as a list, a list in a list, or a dictionary of lists."""
    if isinstance(names, str):
        return (names,)
    if isinstance(names, Mapping):
        return _flat_names(list(names.values()))
    if isinstance(names, Sequence):
        return tuple(name for part in names for name in _flat_names(part))
    return ()


def new_info(
    layout: PolicyLayout, image_sizes: Mapping[str, tuple[int, int]], streams: Iterable[str]
) -> dict[str, Any]:
    """Describe an empty data set; `image_sizes` are (height, width) by camera, `streams` have times."""
    fps = int(layout.rate) if float(layout.rate).is_integer() else layout.rate
    return {
        "codebase_version": VERSION,
        "robot_type": layout.name,
        "total_episodes": 0,
        "total_frames": 0,
        "total_tasks": 0,
        "chunks_size": CHUNK_SIZE,
        "data_files_size_in_mb": 100,
        "video_files_size_in_mb": 500,
        "fps": fps,
        "splits": {"train": "0:0"},
        "data_path": DATA_PATH,
        "video_path": VIDEO_PATH if image_sizes else None,
        "features": {
            STATE_KEYS[0]: _vector_feature(layout.state),
            "action": _vector_feature(layout.action),
            **{image_key(camera): _video_feature(size, fps) for camera, size in image_sizes.items()},
            FRAME_TIME: _number_feature("float64"),
            **{TIME_PREFIX + name: _number_feature("float64") for name in streams},
            "timestamp": _number_feature("float32"),
            **{name: _number_feature("int64") for name in ("frame_index", "episode_index", "index", "task_index")},
        },
        "psizero": {"layout": layout.to_json()},
    }


def _vector_feature(layout: VectorLayout) -> dict[str, Any]:
    return {"dtype": "float32", "shape": [layout.size], "names": list(layout.names)}


def _number_feature(dtype: str) -> dict[str, Any]:
    return {"dtype": dtype, "shape": [1], "names": None}


def _video_feature(size: tuple[int, int], fps: float) -> dict[str, Any]:
    height, width = size
    return {
        "dtype": "video",
        "shape": [height, width, 3],
        "names": ["height", "width", "channels"],
        "info": {
            "video.height": height,
            "video.width": width,
            "video.codec": "h264",
            "video.pix_fmt": "yuv420p",
            "video.is_depth_map": False,
            "video.fps": fps,
            "video.channels": 3,
            "has_audio": False,
        },
    }
