"""Websockets and HTTP requests with a body on one port; the websockets library reads only GET.

The first bytes of a connection decide: "GET " begins a websocket (or asks for a page before one),
anything else is a client that posts, maybe one question after the other on the same connection.
"""

import asyncio
import http
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, parse_headers

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from psizero.errors import PsiZeroError, WireError
from psizero.runtime.codec import LARGEST_MESSAGE

LONGEST_HEAD = 16 << 10
"""Bytes of the request line and headers."""
REQUEST_WITHIN = 10.0
"""Time for a whole request (s)."""
IDLE = 60.0
"""Time after which a connection without a question is closed (s)."""
LINGER = 1.0
"""Time in which what a refused client still sends is thrown away, so that it reads why (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request; `body` is read only if the door keeper lets it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in small letters."""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a request is answered with."""

    status: http.HTTPStatus
    body: bytes
    kind: str = "text/plain; charset=utf-8"

    @staticmethod
    def words(status: http.HTTPStatus, text: str) -> "Reply":
        """Return one line of text."""
        return Reply(status=status, body=text.encode(errors="replace"))


class _RefusedError(WireError):
    """A request that cannot even be read; the connection ends with it."""

    def __init__(self, status: http.HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.reply = Reply.words(status, text + "\n")


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def connection_type(post: Talk) -> type[ServerConnection]:
    """Return connections for `websockets.asyncio.server.serve` that leave what is no GET to `post`."""

    class FirstBytes(ServerConnection):
        """Waits for the first bytes, then is a websocket's connection or hands its transport on."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            self.transport = transport
            self._first = b""
            self._undecided: asyncio.TimerHandle | None = self.loop.call_later(REQUEST_WITHIN, transport.abort)

        def data_received(self, data: bytes) -> None:
            if self._undecided is None:
                super().data_received(data)
                return
            self._first += data
            if len(self._first) < len(b"GET "):
                return
            self._undecided.cancel()
            self._undecided = None
            if self._first.startswith(b"GET "):
                super().connection_made(self.transport)
                super().data_received(self._first)
                return
            reader = asyncio.StreamReader(limit=LONGEST_HEAD, loop=self.loop)
            streams = asyncio.StreamReaderProtocol(reader, post, loop=self.loop)
            self.transport.set_protocol(streams)
            streams.connection_made(self.transport)
            streams.data_received(self._first)

        def eof_received(self) -> None:
            if self._undecided is None:
                super().eof_received()

        def connection_lost(self, exc: Exception | None) -> None:
            if self._undecided is None:
                super().connection_lost(exc)
            else:
                self._undecided.cancel()

    return FirstBytes


async def answer_requests(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    before: Callable[[Asked], Reply | None],
    answer: Callable[[Asked], Awaitable[Reply]],
) -> None:
    """Answer one connection's requests in turn; `before` may refuse one by its head, before its body is read."""
    try:
        while True:
            try:
                async with asyncio.timeout(IDLE):
                    head = await reader.readuntil(b"\r\n\r\n")
                asked = _read_head(head)
                if (refusal := before(asked)) is not None:
                    await _write(writer, refusal, last=True)
                    break
                async with asyncio.timeout(REQUEST_WITHIN):
                    asked = await _with_body(reader, writer, asked)
            except asyncio.LimitOverrunError:
                status = http.HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                await _write(writer, Reply.words(status, f"the headers may have {LONGEST_HEAD} bytes\n"), last=True)
                break
            except _RefusedError as error:
                await _write(writer, error.reply, last=True)
                break
            last = asked.headers.get("connection", "").lower() == "close"
            await _write(writer, await answer(asked), last=last)
            if last:
                return
        async with asyncio.timeout(LINGER):
            while await reader.read(1 << 16):
                pass
    except (asyncio.IncompleteReadError, TimeoutError, OSError):
        pass  # the client has gone, or says nothing more
    finally:
        writer.close()


def _read_head(head: bytes) -> Asked:
    line, _, rest = head.partition(b"\r\n")
    words = line.decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise _RefusedError(http.HTTPStatus.BAD_REQUEST, "not a request of HTTP/1.1")
    try:
        headers = {name.lower(): value for name, value in parse_headers(io.BytesIO(rest)).items()}
    except HTTPException as error:
        raise _RefusedError(http.HTTPStatus.BAD_REQUEST, f"headers cannot be read: {error}") from error
    return Asked(method=words[0], path=words[1].partition("?")[0], headers=headers)


async def _with_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> Asked:
    """Read the body of a request, if it has one of a known and bearable length."""
    length = asked.headers.get("content-length", "0" if asked.method != "POST" else "")
    if not length.isascii() or not length.isdigit() or len(length) > 12 or "transfer-encoding" in asked.headers:
        raise _RefusedError(http.HTTPStatus.LENGTH_REQUIRED, "send the body in one piece, with its Content-Length")
    if int(length) > LARGEST_MESSAGE:
        text = f"a body of {length} bytes came, at most {LARGEST_MESSAGE} are taken; send smaller pictures"
        raise _RefusedError(http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
    if asked.headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(length))
    return Asked(method=asked.method, path=asked.path, headers=asked.headers, body=body)


async def _write(writer: asyncio.StreamWriter, reply: Reply, *, last: bool) -> None:
    head = (
        f"HTTP/1.1 {reply.status.value} {reply.status.phrase}\r\n"
        f"Content-Type: {reply.kind}\r\nContent-Length: {len(reply.body)}\r\n"
        f"Connection: {'close' if last else 'keep-alive'}\r\n\r\n"
    )
    writer.write(head.encode() + reply.body)
    await writer.drain()


def peer_of(address: tuple) -> str:
    """Return what the log calls the far end of a socket."""
    return ":".join(str(part) for part in address[:2])


async def refuse(connection: ServerConnection, error: PsiZeroError) -> None:
    """Say why, then hang up."""
    try:
        await connection.send(str(error))
        await connection.close(1011, "refused")
    except ConnectionClosed:
        pass
