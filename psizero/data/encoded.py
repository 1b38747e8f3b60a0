"""An episode as a data set keeps it: numbers as they are, pictures as video with a summary of their colours.

Encoding is most of the work of writing. It needs nothing of the data set, so whoever makes an episode
can do it, side by side with others; and what is sent then is a hundredth of the pictures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from psizero.data.episode import Episode
from psizero.data.video import encode_video
from psizero.errors import DataError

Shapes = Mapping[str, tuple[int, int, int]]
"""(height, width, 3) of pictures, by camera."""
_PICTURES_PER_STATISTIC = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EncodedEpisode:
    """What `LeRobotWriter` takes beside an `Episode`, and needs not encode."""

    numbers: Episode
    """Everything but pictures."""
    rate: float
    """Frames a second in the videos."""
    shapes: Shapes
    """Of the pictures in the videos."""
    videos: Mapping[str, bytes]
    """One mp4 for each camera."""
    colours: Mapping[str, Mapping[str, Any]]
    """Mean, deviation and range of each camera's colours, as LeRobot has them."""

    def __post_init__(self) -> None:
        if self.numbers.images or not set(self.shapes) == set(self.videos) == set(self.colours):
            raise DataError(
                f"an encoded episode has its pictures as videos alone, each with shape and colours; got "
                f"{sorted(self.numbers.images)} beside videos of {sorted(self.videos)}"
            )


def picture_shapes(episode: Episode) -> Shapes:
    """Return the shapes of an episode's pictures."""
    shapes: dict[str, tuple[int, int, int]] = {}
    for camera, pictures in episode.images.items():
        _, height, width, channels = pictures.shape
        shapes[camera] = height, width, channels
    return shapes


def encode_episode(episode: Episode, rate: float) -> EncodedEpisode:
    """Encode the pictures of an episode, frame i at i / rate seconds."""
    return EncodedEpisode(
        numbers=replace(episode, images={}),
        rate=rate,
        shapes=picture_shapes(episode),
        videos={camera: encode_video(pictures, rate) for camera, pictures in episode.images.items()},
        colours={camera: _colours(pictures) for camera, pictures in episode.images.items()},
    )


def joined_colours(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Join what is known of the colours of many episodes, exactly."""
    count = np.array([part["count"][0] for part in parts], np.float64)[:, None]
    all_of = {name: np.array([np.ravel(part[name]) for part in parts]) for name in ("mean", "std", "min", "max")}
    mean = (count * all_of["mean"]).sum(0) / count.sum()
    square = (count * (all_of["std"] ** 2 + all_of["mean"] ** 2)).sum(0) / count.sum()
    return {
        "mean": _per_colour(mean),
        "std": _per_colour(np.sqrt(np.maximum(square - mean**2, 0.0))),
        "min": _per_colour(all_of["min"].min(0)),
        "max": _per_colour(all_of["max"].max(0)),
        "count": [int(count.sum())],
    }


def _colours(pictures: np.ndarray) -> dict[str, Any]:
    """Per colour, in 0..1, as LeRobot has it: each (3, 1, 1), from evenly spread pictures."""
    chosen = np.linspace(0, len(pictures) - 1, min(len(pictures), _PICTURES_PER_STATISTIC)).astype(int)
    values = pictures[chosen].reshape(-1, 3) / 255.0
    parts = {"mean": values.mean(0), "std": values.std(0), "min": values.min(0), "max": values.max(0)}
    return {**{name: _per_colour(value) for name, value in parts.items()}, "count": [len(chosen)]}


def _per_colour(values: np.ndarray) -> list[list[list[float]]]:
    return [[[float(value)]] for value in values]
