"""What goes into a video comes out: every frame, in order, at its time; damage is named."""

import numpy as np
import pytest

from psizero.data.image import resize_image
from psizero.data.video import count_frames, encode_video, read_video
from psizero.errors import DataError


def counting_frames(count: int, size: tuple[int, int] = (48, 64)) -> np.ndarray:
    """Frame i is one grey whose brightness tells i: a lost or swapped frame shows."""
    brightness = np.linspace(20, 235, count).astype(np.uint8)
    return np.broadcast_to(brightness[:, None, None, None], (count, *size, 3)).copy()


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(encode_video(counting_frames(50), 30))
    return path


def test_every_frame_comes_back_in_order_and_nearly_unchanged(clip):
    frames = read_video(clip)
    assert frames.shape == (50, 48, 64, 3)
    np.testing.assert_allclose(frames.astype(float), counting_frames(50), atol=3)
    assert count_frames(clip) == 50


@pytest.mark.parametrize(("first", "last"), [(0, 1), (7, 8), (13, 31), (49, 50)])
def test_a_window_of_time_gives_exactly_its_frames(clip, first, last):
    window = read_video(clip, start=first / 30, stop=last / 30)
    np.testing.assert_array_equal(window, read_video(clip)[first:last])


def test_frames_are_resized_as_single_pictures_are(clip):
    small = read_video(clip, size=(12, 16))
    np.testing.assert_array_equal(small, [resize_image(frame, (12, 16)) for frame in read_video(clip)])


def test_colours_survive(tmp_path):
    frames = np.zeros((3, 32, 32, 3), np.uint8)
    frames[:] = (200, 60, 30)
    (tmp_path / "red.mp4").write_bytes(encode_video(frames, 30))
    np.testing.assert_allclose(read_video(tmp_path / "red.mp4").astype(float), frames, atol=4)


@pytest.mark.parametrize("rate", [10, 29.97, 50])
def test_any_rate_is_kept(tmp_path, rate):
    path = tmp_path / "clip.mp4"
    path.write_bytes(encode_video(counting_frames(20), rate))
    np.testing.assert_array_equal(read_video(path, start=5 / rate, stop=9 / rate), read_video(path)[5:9])


def test_a_truncated_file_is_named(clip):
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    with pytest.raises(DataError, match=r"clip\.mp4 cannot be decoded"):
        read_video(clip)
    with pytest.raises(DataError, match=r"clip\.mp4 cannot be read"):
        count_frames(clip)


def test_damage_that_the_decoder_notices_is_named_and_not_painted_over(tmp_path):
    draw = np.random.default_rng(0)
    grain = draw.integers(0, 255, (96, 128, 3)).astype(np.uint8)
    content = encode_video(np.stack([np.roll(grain, shift, axis=1) for shift in range(20)]), 30)
    middle = len(content) // 2
    (tmp_path / "hole.mp4").write_bytes(content[:middle] + b"\xff" * 200 + content[middle + 200 :])
    with pytest.raises(DataError, match=r"hole\.mp4 (has a damaged picture at 0\.\d+ s|cannot be decoded)"):
        read_video(tmp_path / "hole.mp4")


def test_an_empty_and_a_missing_file_are_named(tmp_path):
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(DataError, match=r"empty\.mp4 cannot be decoded"):
        read_video(tmp_path / "empty.mp4")
    with pytest.raises(DataError, match=r"none\.mp4 is missing"):
        read_video(tmp_path / "none.mp4")


def test_odd_sizes_and_wrong_types_are_refused():
    with pytest.raises(DataError, match="even height and width, got 31 x 32"):
        encode_video(np.zeros((2, 31, 32, 3), np.uint8), 30)
    with pytest.raises(DataError, match="got float64"):
        encode_video(np.zeros((2, 32, 32, 3)), 30)
