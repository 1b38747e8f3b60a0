import io

import msgpack
import numpy as np
import pytest
from PIL import Image

from psizero.errors import WireError
from psizero.runtime.codec import picture_of
from psizero.runtime.codec_vla_eval import read, write

PICTURE = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)


def compressed(kind: str) -> dict[str, object]:
    file = io.BytesIO()
    Image.fromarray(PICTURE).save(file, kind)
    return {"__image__": True, "format": kind, "data": file.getvalue(), "shape": [4, 5, 3]}


def read_payload(payload: dict[str, object]) -> dict:
    return dict(read(msgpack.packb({"type": "observation", "payload": payload, "seq": 1, "timestamp": 0.0})).payload)


def test_arrays_come_back_bit_for_bit():
    told = read(write("action", {"actions": np.float32([1.5, -2])}, seq=8))
    assert (told.kind, told.seq) == ("action", 8)
    np.testing.assert_array_equal(told.payload["actions"], np.float32([1.5, -2]))


def test_pictures_are_read_in_all_three_ways_they_are_sent():
    raw = {"__image__": True, "format": "raw", "data": PICTURE.tobytes(), "dtype": "|u1", "shape": [4, 5, 3]}
    for exact in (compressed("png"), raw):
        np.testing.assert_array_equal(picture_of(read_payload({"head": exact})["head"], "head"), PICTURE)
    lossy = picture_of(read_payload({"head": compressed("jpeg")})["head"], "head")
    assert np.abs(lossy.astype(int) - PICTURE).max() < 20


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ({**compressed("png"), "data": b"no picture"}, "is no PNG"),
        ({**compressed("jpeg"), "format": "png"}, "is no PNG"),
        ({**compressed("png"), "data": None}, "must be uint8"),
        ({"__image__": True, "format": "gif", "data": b""}, "unknown type None"),
    ],
)
def test_a_picture_that_is_none_is_told(picture, told):
    with pytest.raises(WireError, match=told):
        picture_of(read_payload({"head": picture})["head"], "head")


@pytest.mark.parametrize("change", [{"type": None}, {"type": 3}, {"payload": []}, {"seq": "1"}])
def test_what_is_no_message_is_told(change):
    with pytest.raises(WireError, match="must hold 'type'"):
        read(msgpack.packb({"type": "hello", "payload": {}, "seq": 1, **change}))
