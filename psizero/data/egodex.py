"""EgoDex: egocentric video of people with tracked hands, one HDF5 file and one mp4 per episode.

The episode type, as published (arXiv 2505.11709, github.com/apple/ml-egodex) and as the Psi0 reference
reads it; N frames at 30 Hz, frame i of the video belongs to row i:

    FOLDER/part1/TASK/7.mp4
    FOLDER/part1/TASK/7.hdf5
        transforms/camera        (N, 4, 4) float32   world_from_camera: x right, y down, z into the picture
        transforms/JOINT         (N, 4, 4) float32   world_from_joint of 68 joints (`embodiment.human.JOINTS`)
        confidences/JOINT        (N,) float32        0 unseen .. 1 sure; a finger's counts only with its wrist's;
                                                     missing in some files
        camera/intrinsic         (3, 3)              pinhole camera, in pixels of the video
        attributes               llm_description, llm_description2, which_llm_description, llm_type; older: description

The world is fixed during an episode, with y up and metres. Reading is lazy: a clip opens its files
when it is asked, takes the rows asked for and closes them again, so memory does not grow.
Files are written so that the HDF5 file appears last and whole: an episode without it does not exist.
"""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from psizero.data.atomic_file import write_file
from psizero.data.image import PictureSize
from psizero.data.video import count_frames, encode_video, read_video
from psizero.embodiment.hand_space import hands_in_camera, hands_of, steps_of
from psizero.embodiment.human import CAMERA, fingertips
from psizero.embodiment.human_hand import SIDES
from psizero.embodiment.layout import HUMAN_HANDS
from psizero.errors import DataError, MissingExtraError

FPS = 30.0
"""Frames per second of every EgoDex video."""
STEP = 3
"""Frames between two actions: 10 Hz, as the Psi0 reference pre-trains."""
_NEEDED = tuple(name for side in SIDES for name in (f"{side}Hand", *fingertips(side)))
_ROTATION_ERROR = 1e-3
"""By how much a rotation's columns may miss being at right angles and of length 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EgoDexRecording:
    """A whole episode in memory, to be written."""

    transforms: Mapping[str, np.ndarray]
    """(N, 4, 4) float32 by joint, `camera` among them."""
    intrinsic: np.ndarray
    """(3, 3) pixels."""
    frames: np.ndarray
    """uint8 (N, H, W, 3)."""
    attributes: Mapping[str, str]
    """At least `llm_description`."""
    confidences: Mapping[str, np.ndarray] = field(default_factory=dict)
    """(N,) float32 by joint."""

    def __post_init__(self) -> None:
        missing = sorted({CAMERA, *_NEEDED} - set(self.transforms))
        if missing:
            raise DataError(
                f"an EgoDex episode needs the poses of camera, wrists and fingertips; {missing} are missing"
            )
        count = len(self.frames)
        for name, poses in self.transforms.items():
            if poses.shape != (count, 4, 4) or poses.dtype != np.float32:
                raise DataError(f"poses of {name!r} must be float32 ({count}, 4, 4), got {poses.dtype} {poses.shape}")
        if not self.attributes.get("llm_description"):
            raise DataError("an EgoDex episode needs words: give the attribute 'llm_description'")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HandChunk:
    """What both hands do next, in the frame of the camera of the instant that it starts from."""

    now: np.ndarray
    """(48,) float32, `HUMAN_HANDS` at that instant."""
    actions: np.ndarray
    """(T, 48) float32, the same later; rows behind the end repeat the last one."""
    mask: np.ndarray
    """(T, 48) bool: False behind the end, and for a hand, or a fingertip, that was not surely seen."""

    @property
    def steps(self) -> np.ndarray:
        """(T, 48) float32, from each row to the next, as `HUMAN_HANDS_STEP`."""
        rows = np.concatenate([self.now[None], self.actions]).astype(np.float64)
        return steps_of(rows).astype(np.float32)


class EgoDexClip:
    """One episode on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The HDF5 file."""
        self.video = path.with_suffix(".mp4")

    @cached_property
    def attributes(self) -> dict[str, str]:
        """What the file says about itself, texts only."""
        with self._open() as file:
            return {name: _text(value) for name, value in file.attrs.items() if isinstance(value, str | bytes)}

    @property
    def instruction(self) -> str:
        """What is done, in words: of the two directions of a reversible task, the one that was recorded."""
        known = self.attributes
        second = known.get("llm_type") == "reversible" and known.get("which_llm_description", "1") != "1"
        named = (
            known.get("llm_description2") if second else None,
            known.get("llm_description"),
            known.get("description"),
        )
        return next((text for text in named if text), self.path.parent.name.replace("_", " "))

    @cached_property
    def intrinsic(self) -> np.ndarray:
        """(3, 3) of the camera, in pixels of the video."""
        with self._open() as file:
            return self._rows(file, "camera/intrinsic", slice(None), (3, 3))

    @cached_property
    def _length(self) -> int:
        with self._open() as file:
            return self._dataset(file, f"transforms/{CAMERA}").shape[0]

    def __len__(self) -> int:
        """How many frames there are."""
        return self._length

    def poses(self, name: str, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return `world_from_joint` (n, 4, 4) of one joint, or of `camera`, in frames [start, stop)."""
        with self._open() as file:
            return self._poses(file, name, slice(start, stop))

    def pictures(self, start: int = 0, stop: int | None = None, size: PictureSize | None = None) -> np.ndarray:
        """Return frames [start, stop) of the video, uint8 (n, H, W, 3), shrunk to `size` (height, width) if given."""
        end = len(self) if stop is None else min(stop, len(self))
        frames = read_video(self.video, start=start / FPS, stop=end / FPS, size=size)
        if len(frames) != end - start:
            raise DataError(f"{self.video} shows {len(frames)} of the frames {start} to {end}; fetch it again")
        return frames

    def hands(self, frames: slice | np.ndarray = slice(None)) -> np.ndarray:
        """Return (n, 48) float64 of some frames, rising, in the world, as `HUMAN_HANDS`."""
        with self._open() as file:
            return hands_of({name: self._poses(file, name, frames) for name in _NEEDED})

    def chunk(self, frame: int, length: int, *, step: int = STEP, surely: float = 0.0) -> HandChunk:
        """Return the hands at `frame` and at `length` later instants, `step` frames apart, seen from that camera.

        Hands whose wrist, and fingertips that, were tracked with a confidence below `surely` are masked.
        """
        if not 0 <= frame < len(self):
            raise DataError(f"{self.path} has frames 0 to {len(self) - 1}, got {frame}")
        wanted = frame + step * np.arange(length + 1)
        rows = wanted[wanted < len(self)]
        with self._open() as file:
            camera = self._poses(file, CAMERA, slice(frame, frame + 1))[0].astype(np.float64)
            world = hands_of({name: self._poses(file, name, rows).astype(np.float64) for name in _NEEDED})
            seen = self._seen(file, rows, surely)
        repeat = np.minimum(np.arange(length + 1), len(rows) - 1)
        hands = hands_in_camera(camera, world)[repeat].astype(np.float32)
        mask = seen[repeat] & (wanted < len(self))[:, None]
        return HandChunk(now=hands[0], actions=hands[1:], mask=mask[1:])

    def problems(self) -> Iterator[str]:
        """Yield, a line each, what is damaged; every number is looked at, joint by joint."""
        try:
            if self._length == 0:
                yield f"{self.path} holds no frame"
            for name in (CAMERA, *_NEEDED):
                yield from self._problems_of(name, self.poses(name))
            _ = self.intrinsic
            shown = count_frames(self.video)
            if shown != len(self):
                yield f"{self.video} shows {shown} frames, {self.path.name} has poses of {len(self)}"
        except DataError as error:
            yield str(error)

    def _problems_of(self, name: str, poses: np.ndarray) -> Iterator[str]:
        broken = ~np.isfinite(poses).all((1, 2))
        if broken.any():
            yield f"{self.path}: {name!r} is not finite, first in frame {int(np.argmax(broken))}"
            return
        rotation = poses[:, :3, :3].astype(np.float64)
        error = np.abs(np.swapaxes(rotation, 1, 2) @ rotation - np.eye(3)).max((1, 2))
        if (error > _ROTATION_ERROR).any():
            yield f"{self.path}: {name!r} is not a rotation, first in frame {int(np.argmax(error > _ROTATION_ERROR))}"

    def _seen(self, file: Any, rows: np.ndarray, surely: float) -> np.ndarray:
        """Return (n, 48) bool: which numbers were tracked surely enough."""
        seen = np.ones((len(rows), HUMAN_HANDS.size), bool)
        if surely <= 0.0 or "confidences" not in file:
            return seen
        for side in SIDES:
            # A finger's confidence tells only how sure it is where it is on the hand.
            hand = self._rows(file, f"confidences/{side}Hand", rows) >= surely
            for field_name in (f"{side}_wrist", f"{side}_wrist_rotation"):
                seen[:, HUMAN_HANDS.slice_of(field_name)] = hand[:, None]
            tips = [self._rows(file, f"confidences/{name}", rows) >= surely for name in fingertips(side)]
            tips_seen = np.repeat(np.stack(tips, axis=-1) & hand[:, None], 3, axis=-1)
            seen[:, HUMAN_HANDS.slice_of(f"{side}_fingertips")] = tips_seen
        return seen

    @contextmanager
    def _open(self) -> Iterator[Any]:
        h5py = _h5py()
        try:
            with h5py.File(self.path, "r") as file:
                yield file
        except FileNotFoundError as error:
            raise DataError(f"{self.path} is missing; fetch it again") from error
        except (OSError, RuntimeError) as error:
            # A file that is cut off, or whose blocks do not decompress.
            raise DataError(f"{self.path} is damaged ({_one_line(error)}); fetch it again") from error

    def _dataset(self, file: Any, name: str) -> Any:
        try:
            found = file.get(name)
        except KeyError:
            found = None  # the file's table of contents is damaged there
        if not hasattr(found, "shape"):
            raise DataError(f"{self.path} has no {name!r}; it is not an EgoDex file, or not a whole one")
        return found

    def _poses(self, file: Any, name: str, rows: slice | np.ndarray) -> np.ndarray:
        return self._rows(file, f"transforms/{name}", rows, (self._length, 4, 4))

    def _rows(self, file: Any, name: str, rows: slice | np.ndarray, shape: tuple[int, ...] | None = None) -> np.ndarray:
        dataset = self._dataset(file, name)
        expected = shape or (self._length,)
        if dataset.shape != expected:
            raise DataError(f"{self.path}: {name!r} must be {expected}, got {dataset.shape}; fetch it again")
        return np.asarray(dataset[rows])


class EgoDexDataset:
    """All episodes under a folder, sorted by folder and number; nothing is opened until it is asked for."""

    def __init__(self, root: Path) -> None:
        paths = sorted(root.rglob("*.hdf5"), key=_order) if root.is_dir() else []
        if not paths:
            raise DataError(f"{root} holds no EgoDex episode (TASK/NUMBER.hdf5 beside NUMBER.mp4); unpack one there")
        self.clips = tuple(EgoDexClip(path) for path in paths)

    def __len__(self) -> int:
        """How many episodes there are."""
        return len(self.clips)

    def problems(self) -> Iterator[str]:
        """Yield, a line each, what is damaged in any episode."""
        for clip in self.clips:
            yield from clip.problems()


def write_episode(path: Path, recording: EgoDexRecording) -> None:
    """Write an episode as `path` (.hdf5) and the mp4 beside it, replacing one that is there.

    The video comes first: whoever sees the HDF5 file sees a whole episode, also after a kill.
    """
    h5py = _h5py()
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, poses in recording.transforms.items():
            file.create_dataset(f"transforms/{name}", data=poses, compression="gzip")
        for name, values in recording.confidences.items():
            file.create_dataset(f"confidences/{name}", data=values.astype(np.float32), compression="gzip")
        file.create_dataset("camera/intrinsic", data=recording.intrinsic.astype(np.float32))
        file.attrs.update(recording.attributes)
    path.unlink(missing_ok=True)
    write_file(path.with_suffix(".mp4"), encode_video(recording.frames, FPS))
    write_file(path, buffer.getvalue())


def _h5py() -> Any:
    try:
        import h5py
    except ImportError as error:
        raise MissingExtraError(
            f"EgoDex needs the library h5py ({error}); install it with `pip install psizero[human]`"
        ) from error
    return h5py


def _order(path: Path) -> tuple[str, int, str]:
    digits = re.fullmatch(r"\d+", path.stem)
    return str(path.parent), int(path.stem) if digits else -1, path.stem


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
