"""Pictures to the size a model looks at, the same way in training and on the robot."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from psizero.errors import DataError

PictureSize = tuple[int, int] | Callable[[np.ndarray], np.ndarray]
"""Height and width, or a network's own way to bring a picture to the size at which it looks."""


def resize_image(image: np.ndarray, size: PictureSize) -> np.ndarray:
    """Return the uint8 (H, W, 3) picture at `size`.

    A triangle filter as wide as the shrinking asks for: no pixel of the original is
    skipped, so thin things do not flicker. A picture of the right size comes back
    as it is, not copied.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise DataError(f"a picture must be uint8 (H, W, 3), got {image.dtype} {image.shape}")
    if not isinstance(size, tuple):
        return size(image)
    if image.shape[:2] == size:
        return image
    height, width = size
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BILINEAR))
