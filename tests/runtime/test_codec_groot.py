import io

import msgpack
import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from psizero.errors import WireError
from psizero.runtime.codec_groot import Dialect, read, write


@pytest.mark.parametrize("dialect", list(Dialect))
@given(
    array=arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.uint8, np.int64, np.bool_]), arrays.array_shapes(min_dims=0)
    )
)
def test_arrays_come_back_bit_for_bit_in_both_dialects(dialect, array):
    message, heard = read(write({"x": {"y": array}, "z": [array]}, dialect))
    back = message["x"]["y"]
    assert heard is dialect
    assert back.dtype == array.dtype and back.shape == array.shape
    assert back.tobytes() == array.tobytes() == message["z"][0].tobytes()


def test_an_array_has_the_bytes_of_numpys_own_file_and_of_msgpack_numpy():
    rows = np.float32([[1, 2]])
    file = io.BytesIO()
    np.save(file, rows)
    raw = msgpack.unpackb(write({"a": rows}, Dialect.NPY))
    assert raw["a"] == {"__ndarray_class__": True, "as_npy": file.getvalue()}
    raw = msgpack.unpackb(write({"a": rows}, Dialect.NUMPY), strict_map_key=False)
    assert raw["a"] == {
        b"nd": True,
        b"type": "<f4",
        b"kind": b"",
        b"shape": [1, 2],
        b"data": b"\x00\x00\x80?\x00\x00\x00@",
    }


def test_the_library_msgpack_numpy_and_we_read_each_other():
    library = pytest.importorskip("msgpack_numpy", reason="needs msgpack-numpy")
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    message, dialect = read(msgpack.packb({"a": rows, "b": np.float32(3)}, default=library.encode))
    np.testing.assert_array_equal(message["a"], rows)
    assert (dialect, float(message["b"])) == (Dialect.NUMPY, 3.0)
    back = msgpack.unpackb(write({"a": rows}, Dialect.NUMPY), object_hook=library.decode)
    np.testing.assert_array_equal(back["a"], rows)


def test_a_file_with_its_columns_first_is_the_same_array():
    file = io.BytesIO()
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.save(file, np.asfortranarray(rows))
    message, _ = read(msgpack.packb({"a": {"__ndarray_class__": True, "as_npy": file.getvalue()}}))
    np.testing.assert_array_equal(message["a"], rows)


def npy(header: bytes, data: bytes = b"1234") -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data


@pytest.mark.parametrize(
    ("array", "told"),
    [
        ({"__ndarray_class__": True}, "without data"),
        ({"__ndarray_class__": True, "as_npy": b"no"}, "not an .npy file"),
        (npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), "'|O' are not taken"),
        (npy(b"{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }"), "does not have shape"),
        (npy(b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"), "does not have shape"),
        (npy(b"(" * 900), "not an .npy file"),
        (npy(b" " * 2000), "not an .npy file"),
        (b"\x93NUMPY\x03\x00" + bytes(20), "send version 1.0"),
        ({b"nd": True, b"data": b"1234", b"type": "|O", b"shape": [1]}, "'|O' are not taken"),
        ({b"nd": True, b"data": b"1234", b"type": "<f4", b"shape": [1 << 40]}, "does not have shape"),
        ({b"nd": True, b"data": b"1234", b"type": [["a", "<f4"]], b"kind": b"V"}, "unknown type"),
    ],
)
def test_an_array_that_lies_about_itself_is_refused(array, told):
    if isinstance(array, bytes):
        array = {"__ndarray_class__": True, "as_npy": array}
    with pytest.raises(WireError, match=told.replace("|", r"\|")):
        read(msgpack.packb({"x": array}))


def test_what_is_no_array_of_numbers_is_not_written():
    for dialect in Dialect:
        with pytest.raises(TypeError, match="cannot hold"):
            write({"a": np.array([object()])}, dialect)
