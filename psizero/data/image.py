"""Pictures to the size a model looks at, the same way in training and on the robot."""

import numpy as np
from PIL import Image

from psizero.errors import DataError


def resize_image(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the uint8 (H, W, 3) picture at `size` (height, width).

    A triangle filter as wide as the shrinking asks for: no pixel of the original is
    skipped, so thin things do not flicker. A picture of the right size comes back
    as it is, not copied.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise DataError(f"a picture must be uint8 (H, W, 3), got {image.dtype} {image.shape}")
    if image.shape[:2] == tuple(size):
        return image
    height, width = size
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BILINEAR))
