"""A camera's picture -> the pixels that Qwen3-VL looks at, the way Psi0 was trained.

Three resizes, in the reference's order: nearest to the size that the checkpoint was
trained with, bicubic to multiples of 32 pixels, and bicubic again when that is
below the image processor's smallest area. A token of Qwen3-VL is 32 x 32 pixels:
four patches of 16 x 16, merged.

Source of the sizes: `smart_resize` of qwen_vl_utils 0.0.14 and of transformers 4.57.0,
as Psi0 calls them one after the other.
"""

import math

import numpy as np
from PIL import Image

from psizero.errors import ConfigError, DataError

TOKEN_SIDE = 32
"""Side of the square that becomes one vision token (pixels)."""
_SMALLEST_AREAS = (4 * TOKEN_SIDE**2, 256 * 256)
"""Areas below which the two bicubic resizes enlarge a picture: 4,096 and 65,536 (pixels)."""
_LARGEST_AREA = 16384 * TOKEN_SIDE**2
"""Beyond it both would shrink a picture, 16.8 million pixels; no robot's camera has so many."""
_LONGEST = 200
"""Largest ratio of the sides that Qwen3-VL takes."""


def network_size(height: int, width: int) -> tuple[int, int]:
    """Return the (height, width) at which Qwen3-VL sees a picture of `height` x `width` pixels.

    >>> network_size(240, 320), network_size(180, 320), network_size(270, 480)
    ((256, 320), (224, 352), (256, 480))
    """
    return _steps(height, width)[-1]


def vision_tokens(height: int, width: int) -> int:
    """Return how many vision tokens a picture of `height` x `width` pixels becomes.

    >>> vision_tokens(240, 320), vision_tokens(180, 320), vision_tokens(270, 480)
    (80, 77, 120)
    """
    rows, columns = network_size(height, width)
    return rows * columns // TOKEN_SIDE**2


def network_picture(picture: np.ndarray, size: tuple[int, int] | None = None) -> np.ndarray:
    """Return a uint8 (H, W, 3) picture as uint8 pixels at `network_size`.

    `size` is the (height, width) that the checkpoint was trained with, 240 x 320 for
    Psi0 on the real robot; `None` takes the picture as it comes.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise DataError(f"a picture must be uint8 (H, W, 3), got {picture.dtype} {picture.shape}")
    height, width = picture.shape[:2] if size is None else size
    image = _resized(Image.fromarray(picture), (height, width), Image.Resampling.NEAREST)
    for step in _steps(height, width):
        image = _resized(image, step, Image.Resampling.BICUBIC)
    return np.array(image)


def _steps(height: int, width: int) -> list[tuple[int, int]]:
    """Return the sizes after the first and the second bicubic resize."""
    if min(height, width) < 1 or max(height, width) > _LONGEST * min(height, width):
        raise ConfigError(
            f"Qwen3-VL takes no picture of {height} x {width} pixels; crop it to less than 1 : {_LONGEST}"
        )
    if height * width > _LARGEST_AREA:
        raise ConfigError(
            f"{height} x {width} is more than {_LARGEST_AREA} pixels; resize the picture first, say to 240 x 320"
        )
    steps = []
    for smallest in _SMALLEST_AREAS:
        height, width = _rounded(height, width, smallest)
        steps.append((height, width))
    return steps


def _rounded(height: int, width: int, smallest: int) -> tuple[int, int]:
    """Round both sides to multiples of 32 (a half goes to the even multiple), and up if the area is too small."""
    rows, columns = (max(1, round(side / TOKEN_SIDE)) * TOKEN_SIDE for side in (height, width))
    if rows * columns >= smallest:
        return rows, columns
    grown = math.sqrt(smallest / (height * width))
    rows, columns = (math.ceil(side * grown / TOKEN_SIDE) * TOKEN_SIDE for side in (height, width))
    return rows, columns


def _resized(image: Image.Image, size: tuple[int, int], method: Image.Resampling) -> Image.Image:
    height, width = size
    return image if image.size == (width, height) else image.resize((width, height), method)
