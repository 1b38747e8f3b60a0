"""Small changes to pictures and states that do not change what the right action is.

All cameras of an example get the same shift and the same light. Everything is
drawn from a generator that is passed in, for a whole batch at once.

Letters in shapes: B examples, C cameras, H x W pixels, S state numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from psizero.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentConfig:
    """How strongly examples are changed; zero everywhere leaves them as they are."""

    shift: int = 1
    """Largest shift of a picture up, down, left or right (pixels); the border is repeated."""
    brightness: float = 0.1
    """Largest change of brightness, as a share of the full range."""
    contrast: float = 0.15
    """Largest change of contrast, as a share."""
    colour: float = 0.05
    """Largest change of a single colour's strength, as a share."""
    state_noise: float = 0.02
    """Standard deviation of the error of a state number (normalized units)."""

    def __post_init__(self) -> None:
        if min(self.shift, self.brightness, self.contrast, self.colour, self.state_noise) < 0:
            raise ConfigError(f"an augmentation's strength cannot be negative; got {self}")
        if self.contrast >= 1 or self.colour >= 1:
            raise ConfigError(f"contrast and colour must be below 1, got {self.contrast} and {self.colour}")


def draw_shifts(rng: np.random.Generator, count: int, config: AugmentConfig) -> np.ndarray:
    """Return (count, 2) rows and columns by which to shift, -shift..shift."""
    return rng.integers(-config.shift, config.shift + 1, (count, 2))


def shifted_pictures(pictures: Sequence[np.ndarray], shifts: np.ndarray) -> np.ndarray:
    """Return B pictures of all cameras, each (C, H, W, 3), shifted by its (row, column): (B, C, H, W, 3)."""
    height, width = pictures[0].shape[1:3]
    rows = np.clip(np.arange(height)[None] + shifts[:, :1], 0, height - 1)  # (B, H)
    columns = np.clip(np.arange(width)[None] + shifts[:, 1:], 0, width - 1)  # (B, W)
    result = np.empty((len(pictures), *pictures[0].shape), pictures[0].dtype)
    for example, picture in enumerate(pictures):  # one gather for all of them takes twice as long
        result[example] = picture.take(rows[example], axis=1).take(columns[example], axis=2)
    return result


def draw_light(rng: np.random.Generator, count: int, config: AugmentConfig) -> np.ndarray:
    """Return (count, 2, 3): by how much to multiply each colour, and what to add to it then (levels)."""
    gain = rng.uniform(1 - config.contrast, 1 + config.contrast, (count, 1))
    gain = gain * rng.uniform(1 - config.colour, 1 + config.colour, (count, 3))
    offset = 127.5 * (1 - gain) + 255 * rng.uniform(-config.brightness, config.brightness, (count, 1))
    return np.stack([gain, offset], axis=1)


def change_light(pictures: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Return (B, C, H, W, 3) uint8 pictures in another light, (B, 2, 3), as float32 of the same levels 0..255."""
    count, width = len(pictures), pictures.shape[3]
    gain, offset = light[:, 0], light[:, 1]
    changed = pictures.reshape(count, -1, 3 * width).astype(np.float32)
    changed *= np.tile(gain, width)[:, None].astype(np.float32)  # whole rows at a time: three by three is slow
    changed += np.tile(offset, width)[:, None].astype(np.float32)
    return np.clip(changed, 0, 255, out=changed).reshape(pictures.shape)


def disturb_state(rng: np.random.Generator, state: np.ndarray, config: AugmentConfig) -> np.ndarray:
    """Return normalized (B, S) states with measurement errors."""
    return state + config.state_noise * rng.standard_normal(state.shape, np.float32)
