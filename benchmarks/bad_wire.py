"""A bad wire between a client and a server on a websocket: late, uneven, lossy, narrow, cut, or silent.

It passes frames on as they are, so that a message may be late, lost or overtaken as a whole, and both
ends are the real ones. TCP loses nothing: a lost packet is sent again, and all behind it waits, which is
a stall here. Messages that are dropped or overtaken are what relays and datagrams do. Pings are as late
as all else and never lost, like the opening of the connection.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """How a wire behaves, in each direction."""

    latency: float = 0.0
    """Time of every message (s)."""
    jitter: float = 0.0
    """Mean of the time that comes on top (s), exponential; no message passes another by it."""
    stalls: float = 0.0
    """Share of messages that must be sent again, while all behind them wait."""
    stall: float = 0.25
    """How long that takes (s); Linux waits 0.2 s at least before it sends a packet again."""
    dropped: float = 0.0
    """Share of messages that never come."""
    overtaken: float = 0.0
    """Share of messages that come `behind` too late, while those after them pass."""
    behind: float = 1.2
    """How late those are (s): longer than a client waits for its answer."""
    bandwidth: float | None = None
    """Bytes per second; None is no limit."""


class BadWire:
    """Listens on a port of its own and hands everything on to another, as badly as it is told; a context manager."""

    def __init__(self, target: int, trouble: Trouble, *, seed: int = 0) -> None:
        """Take the port of the server on this computer, and how to behave."""
        self._target, self._trouble = target, trouble
        self._random = random.Random(seed)
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._lanes: list[_Lane] = []
        self._is_cut = False
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), name="bad-wire")
        self.port = 0
        """Where to connect to instead of the server."""

    def __enter__(self) -> "BadWire":
        """Begin to listen."""
        self._thread.start()
        assert self._listening.wait(10.0)
        return self

    def __exit__(self, *_: object) -> None:
        """Break all connections and end."""
        self._loop.call_soon_threadsafe(self._ends.set)
        self._thread.join()

    def cut(self) -> None:
        """Break all connections and take no new ones until `mend`."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._break)

    def silence(self) -> None:
        """Let all connections carry nothing any more, and nobody know it; take no new ones until `mend`."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._forget)

    def mend(self) -> None:
        """Take connections again; those from before stay as they are."""
        self._is_cut = False

    async def _listen(self) -> None:
        self._loop, self._ends = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        async with server:
            await self._ends.wait()
            self._is_cut = True
            self._break()
            await asyncio.gather(*self._pumps)

    def _break(self) -> None:
        """End all connections at once, as a process that dies or a cable that is pulled."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def _forget(self) -> None:
        """Drop all that is under way, as a router that was switched off and on again."""
        for lane in self._lanes:
            lane.silent = True
        self._lanes.clear()

    async def _join(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        """Connect a client to the server."""
        self._writers.add(near_out)
        with contextlib.suppress(OSError):
            if not self._is_cut:
                far_in, far_out = await asyncio.open_connection("127.0.0.1", self._target)
                self._writers.add(far_out)
                for source, sink in ((near_in, far_out), (far_in, near_out)):
                    lane = _Lane(sink, self._trouble, self._random)
                    self._lanes.append(lane)
                    pump = asyncio.create_task(self._pump(source, lane))
                    self._pumps.add(pump)
                    pump.add_done_callback(self._pumps.discard)
                return
        near_out.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, lane: "_Lane") -> None:
        """Carry one direction until its end."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            lane.send(await source.readuntil(b"\r\n\r\n"))
            while True:
                frame = await _read_frame(source)
                lane.send(frame, is_message=frame[0] & 0x08 == 0)
        lane.end()


class _Lane:
    """One direction of one connection: when does what arrive?"""

    def __init__(self, sink: asyncio.StreamWriter, trouble: Trouble, draw: random.Random) -> None:
        self._sink, self._trouble, self._random = sink, trouble, draw
        self._loop = asyncio.get_running_loop()
        self._free = 0.0  # when the last byte sent so far is on its way
        self._last = 0.0  # when the last message in order arrives
        self.silent = False
        """Whether nothing arrives any more, not even an end."""

    def send(self, data: bytes, *, is_message: bool = False) -> None:
        """Let bytes arrive when it is time, or never."""
        trouble, draw = self._trouble, self._random.random
        self._free = max(self._free, self._loop.time())
        self._free += len(data) / trouble.bandwidth if trouble.bandwidth else 0.0
        late = trouble.latency + (self._random.expovariate(1 / trouble.jitter) if trouble.jitter else 0.0)
        if is_message and draw() < trouble.dropped:
            return
        if is_message and draw() < trouble.overtaken:
            self._loop.call_at(self._free + late + trouble.behind, self._write, data)
            return
        late += trouble.stall if draw() < trouble.stalls else 0.0
        self._in_order(self._free + late, self._write, data)

    def end(self) -> None:
        """Close behind all that is under way in order."""
        self._in_order(self._loop.time(), self._close)

    def _in_order(self, when: float, act: Callable[..., None], *given: bytes) -> None:
        # A microsecond more, because two calls at one instant may come in any order.
        self._last = max(self._last + 1e-6, when)
        self._loop.call_at(self._last, act, *given)

    def _write(self, data: bytes) -> None:
        if not self.silent and not self._sink.is_closing():
            self._sink.write(data)

    def _close(self) -> None:
        if not self.silent:
            self._sink.close()


async def _read_frame(source: asyncio.StreamReader) -> bytes:
    """Return the next frame of a websocket as it came (RFC 6455, section 5.2)."""
    head = await source.readexactly(2)
    size = head[1] & 0x7F
    longer = await source.readexactly({126: 2, 127: 8}.get(size, 0))
    if longer:
        size = int.from_bytes(longer, "big")
    mask = 4 if head[1] & 0x80 else 0
    return head + longer + await source.readexactly(mask + size)
