"""What a frozen backbone sees in each picture: computed once, kept on disk, read instead of pictures.

One file per episode, an array with a row per frame. Its name is a digest of all that its
numbers depend on: the backbone's weights and settings, the precision, the words, and every
byte of the files that the pictures come from. So a file that is found is never stale, and
what another run, with other shares or other episodes held out, has computed serves as well.
Files appear whole; a run that was stopped goes on behind the last one.

Numbers are kept in the type in which the backbone gives them, so that training from the
files takes the same steps as through the backbone: float32, or bfloat16 where that is the
precision. Pictures are those that were recorded: shifting or relighting them would need
another row each time.

Letters in shapes: B examples.
"""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from psizero.data.atomic_file import write_file
from psizero.data.frames import BadEpisodes, Frames
from psizero.data.image import PictureSize
from psizero.data.stream import decoded
from psizero.errors import DataError, LayoutError
from psizero.model.backbone import VisionLanguage
from psizero.train.parallel import own_share, wait_for_all

_FORM = 1
"""To be raised when the same inputs are computed or kept in another way."""
_TOGETHER = 64
"""Frames that go through the backbone at once."""
_KINDS = {torch.float32: "<f4", torch.float16: "<f2", torch.bfloat16: "<u2", torch.bool: "?"}
"""Types in files; numpy knows no bfloat16, so its 16 bits are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """An episode's file."""

    path: Path
    kind: np.dtype
    """Of a row: one field for each part of a `VisionLanguage`."""
    begin: int
    """Where the first row begins (bytes)."""


class Features:
    """What the backbone saw in some frames, on disk."""

    def __init__(self, frames: Frames, files: dict[int, _Rows]) -> None:
        self._starts = frames.starts
        self._files = files
        self.lost = frozenset(range(len(frames.episodes))) - set(files)
        """Episodes without features, because they cannot be read."""

    def present(self, frames: np.ndarray) -> np.ndarray:
        """Return those of (n,) frames that have features."""
        episodes = np.searchsorted(self._starts, frames, side="right") - 1
        return frames[~np.isin(episodes, list(self.lost))]

    def take(self, frames: np.ndarray) -> VisionLanguage:
        """Return what the backbone saw in (B,) frames."""
        episodes = np.searchsorted(self._starts, frames, side="right") - 1
        numbers = frames - self._starts[episodes]
        rows = [self._row(int(each), int(number)) for each, number in zip(episodes, numbers, strict=True)]
        parts = {name: _tensor(np.stack([row[name] for row in rows])) for name in rows[0].dtype.names or ()}
        layers = tuple(value for name, value in parts.items() if name.startswith("layer"))
        layers = (*layers, parts["tokens"]) if layers else ()
        return VisionLanguage(parts["tokens"], parts["mask"], parts["summary"], layers)

    def _row(self, episode: int, number: int) -> np.ndarray:
        rows = self._files[episode]
        try:
            return np.fromfile(rows.path, rows.kind, count=1, offset=rows.begin + number * rows.kind.itemsize)[0]
        except (OSError, IndexError) as error:
            raise DataError(f"{rows.path} was removed or cut while it was used; go on with --resume") from error


def keep_features(
    folder: Path,
    backbone: nn.Module,
    settings: Mapping[str, Any],
    frames: Frames,
    words: Tensor,
    *,
    picture: PictureSize,
    image_size: tuple[int, int],
    bfloat16: bool,
    bad: BadEpisodes,
    progress: Callable[[int], None] = lambda frames: None,
) -> Features:
    """Return the features of all frames, after computing and writing those that `folder` lacks.

    Args:
        folder: Where they are kept.
        backbone: Pictures and words -> `VisionLanguage`.
        settings: What its numbers depend on besides its weights, as plain values.
        frames: What to look at.
        words: Codes of each of `frames.instructions`, in its first axis.
        picture: How a recorded picture is brought to its size; `settings` tell it unless it is that size alone.
        image_size: Height and width of the pictures then.
        bfloat16: Whether the backbone computes in this type.
        bad: What to do with an episode that cannot be read.
        progress: Hears of frames that this process need not look at any more.
    """
    before = _digest_of(backbone, {**settings, "bfloat16": bfloat16, "image_size": image_size})
    paths: dict[int, Path] = {}
    lengths = np.diff(frames.starts).tolist()
    for episode, (source, index) in enumerate(frames.episodes):
        try:
            fingerprint = source.fingerprint(index)
        except (DataError, LayoutError) as error:
            bad.meet(error)
            continue
        code = words[frames.instruction[frames.starts[episode]]].numpy().tobytes()
        name = hashlib.sha256(b"|".join([before, fingerprint.encode(), code])).hexdigest()
        paths[episode] = folder / f"{name}.npy"

    def missing() -> list[int]:
        """Return an episode for each file that is not there."""
        one_each = {path: episode for episode, path in paths.items()}
        return [episode for path, episode in one_each.items() if _whole(path, lengths[episode]) is None]

    def decode(episode: int) -> np.ndarray:
        return frames.decode(episode, picture)

    todo = missing()
    progress(sum(lengths) - sum(lengths[episode] for episode in todo))
    wait_for_all()  # before the first file of another process comes
    for episode, pictures in decoded(decode, own_share(todo), bad=BadEpisodes(bad.choice)):
        instruction = words[frames.instruction[frames.starts[episode]]]
        write_file(paths[episode], _file(_look(backbone, pictures, instruction, bfloat16=bfloat16)))
        progress(lengths[episode])
    wait_for_all()
    for episode, _ in decoded(decode, missing(), bad=bad):  # what one process could not read, all leave out and tell
        raise DataError(f"{paths[episode]} is not what was written; is something wrong with the disk?")
    found = {episode: _whole(path, lengths[episode]) for episode, path in paths.items()}
    return Features(frames, {episode: rows for episode, rows in found.items() if rows is not None})


def _look(backbone: nn.Module, pictures: np.ndarray, words: Tensor, *, bfloat16: bool) -> dict[str, Tensor]:
    """Return, by name, what the backbone sees in the pictures of an episode, row by row."""
    found: list[dict[str, Tensor]] = []
    device = next(backbone.parameters()).device
    for begin in range(0, len(pictures), _TOGETHER):
        images = torch.from_numpy(np.ascontiguousarray(pictures[begin : begin + _TOGETHER]))
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            seen: VisionLanguage = backbone(images.to(device), words.expand(len(images), *words.shape).to(device))
        seen = seen.to(torch.device("cpu"))
        parts = {"tokens": seen.tokens, "mask": seen.mask, "summary": seen.summary}
        found.append({**parts, **{f"layer{number}": layer for number, layer in enumerate(seen.layers[:-1])}})
    return {name: torch.cat([part[name] for part in found]) for name in found[0]}


def _file(parts: dict[str, Tensor]) -> bytes:
    """Return an .npy file with one row per frame and one field per part."""
    kinds = [(name, _KINDS[value.dtype], tuple(value.shape[1:])) for name, value in parts.items()]
    rows = np.empty(len(parts["tokens"]), np.dtype(kinds))
    for name, value in parts.items():
        value = value.contiguous()
        rows[name] = (value.view(torch.uint16) if value.dtype == torch.bfloat16 else value).numpy()
    content = io.BytesIO()
    np.save(content, rows, allow_pickle=False)
    return content.getvalue()


def _tensor(values: np.ndarray) -> Tensor:
    tensor = torch.from_numpy(values)
    return tensor.view(torch.bfloat16) if tensor.dtype == torch.uint16 else tensor


def _whole(path: Path, length: int) -> _Rows | None:
    """Return where the rows of a file lie, or `None` if there is no file, or none with so many rows."""
    try:
        with open(path, "rb") as file:
            if np.lib.format.read_magic(file) != (1, 0):
                return None
            shape, _, kind = np.lib.format.read_array_header_1_0(file)
            begin = file.tell()
            whole = shape == (length,) and path.stat().st_size == begin + length * kind.itemsize
            return _Rows(path=path, kind=kind, begin=begin) if whole else None
    except (OSError, ValueError):
        return None


def _digest_of(backbone: nn.Module, settings: Mapping[str, Any]) -> bytes:
    """Return a digest of what features depend on besides words and pictures."""
    total = hashlib.sha256(json.dumps([_FORM, type(backbone).__name__, settings], sort_keys=True).encode())
    for name, value in sorted(backbone.state_dict().items()):
        total.update(json.dumps([name, str(value.dtype), list(value.shape)]).encode())
        total.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return total.digest()
