"""The bad wire of the network bench does what it says, between a real client and a real server."""

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

from benchmarks.bad_wire import BadWire, Trouble


def echo(connection: ServerConnection) -> None:
    for frame in connection:
        connection.send(frame)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serve(echo, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.socket.getsockname()[1]
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def through(wire: BadWire) -> Iterator[ClientConnection]:
    with connect(f"ws://127.0.0.1:{wire.port}", compression=None, max_size=None, proxy=None) as connection:
        yield connection


def heard(connection: ClientConnection, count: int) -> list[bytes]:
    """Return what comes back until nothing more does for two seconds."""
    frames: list[bytes] = []
    with contextlib.suppress(TimeoutError):
        while len(frames) < count:
            frames += [connection.recv(timeout=2, decode=False)]
    return frames


def messages(count: int) -> list[bytes]:
    return [number.to_bytes(2, "big") for number in range(count)]


def test_a_good_wire_changes_nothing_in_messages_of_any_length(port):
    with BadWire(port, Trouble()) as wire, through(wire) as connection:
        for size in (0, 125, 126, 65535, 65536, 300_000):
            connection.send(b"x" * size)
            assert connection.recv(timeout=5) == b"x" * size


@pytest.mark.parametrize(
    ("trouble", "least"),
    [
        (Trouble(latency=0.05), 0.1),
        (Trouble(bandwidth=100_000.0), 0.1),  # 5 kB each way
        (Trouble(stalls=1.0, stall=0.06), 0.12),
    ],
)
def test_messages_take_as_long_as_the_wire_says(port, trouble, least):
    with BadWire(port, trouble) as wire, through(wire) as connection:
        begin = time.monotonic()
        connection.send(b"x" * 5000)
        assert connection.recv(timeout=5) == b"x" * 5000
        assert least <= time.monotonic() - begin < least + 3.0


def test_jitter_is_uneven_and_keeps_the_order(port):
    with BadWire(port, Trouble(jitter=0.01)) as wire, through(wire) as connection:
        begin = time.monotonic()
        for message in messages(20):
            connection.send(message)
        assert heard(connection, 20) == messages(20)
        assert time.monotonic() - begin > 0.02


def test_a_share_of_messages_is_dropped_and_the_others_come_in_order(port):
    with BadWire(port, Trouble(dropped=0.2)) as wire, through(wire) as connection:
        for message in messages(60):
            connection.send(message)
        frames = heard(connection, 60)
    assert frames == sorted(frames) and 25 < len(frames) < 55  # 38 are expected


def test_messages_that_are_overtaken_come_after_later_ones_and_all_come(port):
    with BadWire(port, Trouble(overtaken=0.2, behind=0.1)) as wire, through(wire) as connection:
        for message in messages(30):
            connection.send(message)
        frames = heard(connection, 30)
    assert frames != messages(30) and sorted(frames) == messages(30)


def test_a_cut_breaks_what_is_connected_and_refuses_until_it_is_mended(port):
    with BadWire(port, Trouble()) as wire:
        with through(wire) as connection:
            wire.cut()
            with pytest.raises(WebSocketException):
                connection.recv(timeout=5)
        with pytest.raises((WebSocketException, OSError)), through(wire):
            pass
        wire.mend()
        with through(wire) as connection:
            connection.send(b"again")
            assert connection.recv(timeout=5) == b"again"


def test_a_server_that_is_gone_is_a_connection_that_breaks():
    with serve(echo, "127.0.0.1", 0) as gone:
        port = gone.socket.getsockname()[1]
    with BadWire(port, Trouble()) as wire, pytest.raises((WebSocketException, OSError)), through(wire):
        pass
