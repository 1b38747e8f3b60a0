import contextlib

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays

from psizero.errors import WireError
from psizero.runtime.codec import decode, encode, jpeg_of, numbers_of, picture_of


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.uint8, np.int64, np.bool_]), arrays.array_shapes(min_dims=0)
    )
)
def test_arrays_come_back_bit_for_bit(array):
    back = decode(encode({"x": {"y": array}}))["x"]["y"]
    assert back.dtype == array.dtype and back.shape == array.shape
    assert back.tobytes() == array.tobytes()


def test_an_array_has_the_bytes_of_openpi():
    raw = msgpack.unpackb(encode({"a": np.float32([[1, 2]])}), strict_map_key=False)
    assert raw["a"] == {b"__ndarray__": True, b"data": b"\x00\x00\x80?\x00\x00\x00@", b"dtype": "<f4", b"shape": [1, 2]}


@settings(max_examples=1000)
@given(st.binary(max_size=200))
def test_random_bytes_are_a_message_or_a_clear_error(data):
    with contextlib.suppress(WireError):
        assert isinstance(decode(data), dict)


@settings(max_examples=1000)
@given(st.integers(0, 10_000), st.integers(1, 255), st.integers(0, 10_000))
def test_a_message_with_a_damaged_byte_is_a_message_or_a_clear_error(place, change, cut):
    good = bytearray(encode({"state": np.zeros(5, np.float32), "images": {"head": np.zeros((4, 4, 3), np.uint8)}}))
    good[place % len(good)] ^= change
    with contextlib.suppress(WireError):
        assert isinstance(decode(bytes(good[: cut % len(good) + 1])), dict)


@pytest.mark.parametrize(
    ("array", "told"),
    [
        ({b"__ndarray__": True, b"data": b"1234", b"dtype": "|O", b"shape": [1]}, "not taken"),
        ({b"__ndarray__": True, b"data": b"1234", b"dtype": "<f4", b"shape": [1 << 40]}, "does not have shape"),
        ({b"__ndarray__": True, b"data": b"1234", b"dtype": "<f4", b"shape": [-1]}, "does not have shape"),
        ({b"__ndarray__": True, b"data": b"1234", b"dtype": "f4,f4" * 99, b"shape": [1]}, "unknown type"),
        ({b"__ndarray__": True, b"data": b"1234", b"dtype": "(,", b"shape": [1]}, "unknown type '"),
        ({b"__ndarray__": True, b"dtype": "<f4", b"shape": [1]}, "without data"),
        ({b"__npgeneric__": True, b"data": b"1", b"dtype": "<f8"}, "1 bytes does not have shape"),
    ],
)
def test_an_array_that_lies_about_itself_is_refused(array, told):
    with pytest.raises(WireError, match=told):
        decode(msgpack.packb({"x": array}))


def test_a_message_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(WireError, match="at most 100 are taken"):
        decode(b"x" * 101, largest=100)


def test_pictures_come_as_arrays_channels_first_or_jpeg():
    picture = np.full((20, 30, 3), 90, np.uint8)
    np.testing.assert_array_equal(picture_of(picture, "head"), picture)
    np.testing.assert_array_equal(picture_of(picture.transpose(2, 0, 1), "head"), picture)
    assert np.abs(picture_of(jpeg_of(picture, 90), "head").astype(int) - 90).max() <= 2


@pytest.mark.parametrize("value", [None, 3, np.zeros((4, 4, 3)), np.zeros((4, 4), np.uint8), {"jpeg": b"no"}])
def test_what_is_no_picture_is_refused_by_the_cameras_name(value):
    with pytest.raises(WireError, match="head"):
        picture_of(value, "head")


@pytest.mark.parametrize("value", [None, [1.0], np.float32([np.nan]), np.zeros((1, 1)), np.array([True])])
def test_what_are_no_finite_numbers_is_refused_by_name(value):
    with pytest.raises(WireError, match="state"):
        numbers_of(value, "state", 1)
