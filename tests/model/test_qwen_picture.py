import numpy as np
import pytest
from PIL import Image

from psizero.errors import ConfigError, DataError
from psizero.model.qwen_picture import network_picture, network_size, vision_tokens


@pytest.mark.parametrize(
    ("source", "seen", "patches", "tokens"),
    [
        ((240, 320), (256, 320), 320, 80),
        ((180, 320), (224, 352), 308, 77),
        ((270, 480), (256, 480), 480, 120),
        ((224, 224), (256, 256), 256, 64),
    ],
    ids=["G1 and Humanoid Everyday", "simulation", "EgoDex", "square"],
)
def test_sizes_and_token_counts_are_the_reference_s(source, seen, patches, tokens):
    assert network_size(*source) == seen
    assert seen[0] * seen[1] // 16**2 == patches
    assert vision_tokens(*source) == tokens


@pytest.mark.parametrize("height", range(20, 700, 37))
def test_every_size_becomes_whole_tokens_of_enough_area(height):
    rows, columns = network_size(height, 320)
    assert rows % 32 == columns % 32 == 0
    assert rows * columns >= 65_536


def test_a_picture_of_the_right_size_is_left_alone():
    picture = np.random.default_rng(0).integers(0, 256, (256, 320, 3), np.uint8)
    assert np.array_equal(network_picture(picture), picture)


def test_the_first_resize_takes_pixels_as_they_are():
    picture = np.random.default_rng(0).integers(0, 256, (512, 640, 3), np.uint8)
    # Half the size: the pixel whose middle is nearest is every second one, from the second on.
    assert np.array_equal(network_picture(picture, (256, 320)), picture[1::2, 1::2])


def test_the_second_and_third_resize_are_bicubic():
    picture = np.random.default_rng(0).integers(0, 256, (180, 320, 3), np.uint8)
    image = Image.fromarray(picture).resize((320, 192), Image.Resampling.BICUBIC)
    assert np.array_equal(network_picture(picture), np.asarray(image.resize((352, 224), Image.Resampling.BICUBIC)))


def test_what_is_no_picture_or_too_large_or_too_long_is_refused():
    with pytest.raises(DataError, match=r"uint8 \(H, W, 3\), got float64 \(4, 4, 3\)"):
        network_picture(np.zeros((4, 4, 3)))
    with pytest.raises(ConfigError, match="resize the picture first"):
        network_size(5000, 5000)
    with pytest.raises(ConfigError, match="crop it"):
        network_size(2, 500)
