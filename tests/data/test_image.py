"""Resizing keeps the mean, skips no pixel and does nothing when there is nothing to do."""

import numpy as np
import pytest

from psizero.data.image import resize_image
from psizero.errors import DataError


def test_a_picture_of_the_right_size_is_not_touched():
    image = np.zeros((12, 16, 3), np.uint8)
    assert resize_image(image, (12, 16)) is image


def test_shrinking_averages_so_that_thin_lines_never_vanish():
    image = np.zeros((120, 160, 3), np.uint8)
    image[:, ::4] = 200
    small = resize_image(image, (24, 32))
    assert small.shape == (24, 32, 3)
    assert small.dtype == np.uint8
    np.testing.assert_allclose(small.mean(), image.mean(), atol=1.0)
    assert small.min() > 20


def test_left_stays_left_and_top_stays_top():
    image = np.zeros((40, 60, 3), np.uint8)
    image[:20, :30, 0] = 255
    small = resize_image(image, (4, 6))
    assert small[0, 0, 0] == 255
    assert small[3, 0, 0] == small[0, 5, 0] == 0


def test_a_picture_of_floats_is_refused():
    with pytest.raises(DataError, match=r"uint8 \(H, W, 3\), got float64"):
        resize_image(np.zeros((4, 4, 3)), (2, 2))
