"""Episodes kept as folders: `data.json`, a list with one entry per frame, and a colour picture per frame.

That is how the Psi0 reference records and how Humanoid Everyday is published:
`CATEGORY/TASK/episode_N/data.json` with `color/frame_000000.jpg` and so on beside
it. A folder may also be given from TASK downwards.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from psizero.data.image import PictureSize, resize_image
from psizero.errors import DataError

DATA_FILE = "data.json"
DESCRIPTIONS_FILE = "task_description_dict.json"
"""At the root: from a task's folder to its instruction."""

_BEGINNING = 1 << 16
"""Characters of a `data.json` searched for the robot before all of it is read."""
_ROBOT = re.compile(r'"robot_type"\s*:\s*"(\w+)"')

Frame = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFolder:
    """Where one episode lies."""

    path: Path
    name: str
    """Its path from the root."""
    instruction: str

    def frames(self) -> Sequence[Frame]:
        """Return what `data.json` says of each frame."""
        path = self.path / DATA_FILE
        try:
            frames = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise DataError(f"{path} cannot be read ({error}); record or fetch the episode again") from error
        if not isinstance(frames, list) or not frames or not all(isinstance(frame, Mapping) for frame in frames):
            raise DataError(f"{path} must be a list of frames, one or more; record or fetch the episode again")
        return frames

    def robot(self) -> str:
        """Return "g1" or "h1", as the first frame that says so; the reference takes silence for an H1."""
        with open(self.path / DATA_FILE, encoding="utf-8", errors="replace") as file:
            beginning = file.read(_BEGINNING)
        if told := _ROBOT.search(beginning):
            return told[1].lower()
        for frame in self.frames():
            states = frame.get("states")
            for place in (states if isinstance(states, Mapping) else {}, frame):
                if "robot_type" in place:
                    return str(place["robot_type"]).lower()
        return "h1"

    def numbers(self, frames: Sequence[Frame], *keys: str, size: int) -> np.ndarray:
        """Return (N, size) float32 of a list (or a number) that each frame holds under nested keys."""
        rows = np.empty((len(frames), size), np.float32)
        for place, frame in enumerate(frames):
            value: Any = frame
            for key in keys:
                value = value.get(key) if isinstance(value, Mapping) else None
            try:
                numbers = np.empty(0) if value is None else np.atleast_1d(np.asarray(value, np.float32))
            except (TypeError, ValueError):
                numbers = np.empty(0)
            if numbers.shape != (size,):
                raise DataError(
                    f"{self.path / DATA_FILE}: frame {place} needs {size} numbers in {'.'.join(keys)}, "
                    f"got {_shortened(value)}"
                )
            rows[place] = numbers
        return rows

    def timestamps(self, frames: Sequence[Frame], rate: float) -> np.ndarray:
        """Return (N,) seconds from the start: the recorded `time` where every frame has one, else the rate's grid."""
        times = [frame.get("time") for frame in frames]
        if not all(isinstance(time, int | float) for time in times):
            return np.arange(len(frames)) / rate
        recorded = np.array(times, np.float64)
        return recorded - recorded[0]

    def picture_files(self, frames: Sequence[Frame]) -> list[Path]:
        """Return the file of each frame's colour picture."""
        return [self.path / str(frame.get("image")) for frame in frames]

    def pictures(self, frames: Sequence[Frame], size: PictureSize | None) -> np.ndarray:
        """Return the colour pictures, uint8 (N, H, W, 3); one that is missing or damaged is named."""
        result: list[np.ndarray] = []
        for place, path in enumerate(self.picture_files(frames)):
            try:
                with Image.open(path) as picture:
                    pixels = np.asarray(picture.convert("RGB"))
            except FileNotFoundError as error:
                raise DataError(f"picture {path} of frame {place} is missing; leave the episode out") from error
            except (OSError, SyntaxError) as error:
                raise DataError(f"picture {path} of frame {place} is damaged ({error})") from error
            if result and size is None and pixels.shape != result[0].shape:
                raise DataError(f"picture {path} is {pixels.shape}, those before are {result[0].shape}")
            result.append(pixels if size is None else resize_image(pixels, size))
        return np.stack(result)


def episode_folders(root: Path) -> Iterator[EpisodeFolder]:
    """Find the episodes below `root` by task and number; those without a `data.json` were never finished."""
    descriptions = _descriptions(root)
    found = [path.parent for depth in ("", "*/", "*/*/") for path in root.glob(f"{depth}episode_*/{DATA_FILE}")]
    for path in sorted(found, key=lambda path: (path.parent.as_posix().lower(), _number(path), path.name)):
        task = path.resolve().parent.name
        instruction = descriptions.get(task) or task.replace("_", " ").lower()
        yield EpisodeFolder(path=path, name=path.relative_to(root).as_posix(), instruction=instruction)


def _descriptions(root: Path) -> Mapping[str, str]:
    path = root / DESCRIPTIONS_FILE
    if not path.is_file():
        return {}
    try:
        descriptions = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); mend or delete it") from error
    if not isinstance(descriptions, Mapping):
        raise DataError(f'{path} must map folders of tasks to words, such as {{"Hug_box": "Hug the box."}}')
    return {task: str(words) for task, words in descriptions.items()}


def _number(path: Path) -> int:
    number = re.search(r"\d+", path.name)
    return int(number[0]) if number else -1


def _shortened(value: Any) -> str:
    return f"{len(value)} of them" if isinstance(value, list) else repr(value)[:40]
