"""The wire of Psi0's servers: HTTP and JSON (physical-superintelligence-lab/Psi0 @15d7d3a, src/psi/deploy).

POST /act answers one question with a whole chunk, {"action": (T, A), "err": 0.0, "traj_image"}; like
openpi's wire it takes "action_prefix", "delay" and "steer", and gives back "tick", "epoch" and "time". A session
is a connection: who posts one question per connection has no past. On GET /ws observations go one
way and one action per tick, (1, A) with a "version", the other (`act_stream.py`). Pictures are
{"__numpy__": base64, "dtype", "shape"} (`codec_json.py`): 1.2 MB each at 640 x 480, so other wires are faster.

What cannot be answered is 4xx or 5xx with one line of text; Psi0's own server says 200 and a JSON string.
GET /health, /healthz and /metrics tell how it goes.
"""

import asyncio
import http
import time
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from psizero.errors import PsiZeroError, WireError
from psizero.runtime.act_stream import ActStream
from psizero.runtime.act_words import asks_for_reset, message_of, reply_of
from psizero.runtime.codec_json import read, write
from psizero.runtime.http_door import Asked, Reply, answer_requests, connection_type, peer_of, refuse
from psizero.runtime.server import PolicyServer, Session
from psizero.runtime.websocket_door import WebsocketDoor
from psizero.runtime.wire import ECHOED, WireConfig, page, question_of

JSON = "application/json"


class ActWire(WebsocketDoor):
    """Speaks for a `PolicyServer` over HTTP; use it with `async with`."""

    def __init__(self, server: PolicyServer, config: WireConfig) -> None:
        super().__init__(server, config)
        self._posting: dict[asyncio.Task[object], asyncio.StreamWriter] = {}
        self._answering: set[asyncio.Task[object]] = set()

    def _options(self) -> Mapping[str, Any]:
        return {"create_connection": connection_type(self._post)}

    async def _hang_up(self) -> None:
        while self._answering:
            await asyncio.sleep(0.01)
        for writer in self._posting.values():
            writer.close()
        if self._posting:
            await asyncio.wait(self._posting)

    def _page(self, method: str, path: str, authorization: str | None) -> Reply | None:
        """Return what a request is answered with by its head alone; None lets a question or a stream through."""
        if path == "/health":
            ready = self._server.ready
            status = http.HTTPStatus.OK if ready else http.HTTPStatus.SERVICE_UNAVAILABLE
            return Reply(status=status, body=write({"status": "ok" if ready else "ending"}).encode(), kind=JSON)
        if (told := page(self._server, self._config, path, authorization)) is not None:
            return Reply.words(*told)
        if (method, path) in {("POST", "/act"), ("GET", "/ws")}:
            return None
        if path in {"/act", "/ws"}:
            return Reply.words(http.HTTPStatus.METHOD_NOT_ALLOWED, "POST a question to /act, GET a websocket at /ws\n")
        return Reply.words(http.HTTPStatus.NOT_FOUND, "here are /act, /ws, /health, /healthz and /metrics\n")

    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        told = self._page("GET", request.path.partition("?")[0], request.headers.get("Authorization"))
        if told is None:
            return None
        response = connection.respond(told.status, told.body.decode())
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = told.kind
        return response

    async def _talk(self, connection: ServerConnection, session: Session) -> None:
        stream = ActStream(session)
        try:
            async with asyncio.TaskGroup() as tasks:
                playing = tasks.create_task(stream.play(connection.send))
                async for frame in connection:
                    try:
                        stream.take(frame)
                    except PsiZeroError as error:
                        self._server.refused(session.peer, error)
                        raise
                playing.cancel()
        except* PsiZeroError as errors:
            first = errors.exceptions[0]
            assert isinstance(first, PsiZeroError)
            await refuse(connection, first)

    async def _post(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the questions that one client posts."""
        task = asyncio.current_task()
        assert task is not None
        self._posting[task] = writer
        peer, sessions = peer_of(writer.get_extra_info("peername")), []

        async def answer(asked: Asked) -> Reply:
            self._answering.add(task)
            try:
                if not sessions:
                    sessions.append(await asyncio.to_thread(self._server.open, peer))
                return await self._answer(sessions[0], asked)
            except WireError as error:  # full, or shutting down
                return Reply.words(http.HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n")
            finally:
                self._answering.discard(task)

        def before(asked: Asked) -> Reply | None:
            return self._page(asked.method, asked.path, asked.headers.get("authorization"))

        try:
            await answer_requests(reader, writer, before=before, answer=answer)
        finally:
            del self._posting[task]
            for session in sessions:
                session.close()

    async def _answer(self, session: Session, asked: Asked) -> Reply:
        began = time.perf_counter()
        try:
            told = read(asked.body)
            question = question_of(message_of(told, self._server.contract.layout), self._server)
        except PsiZeroError as error:
            self._server.refused(session.peer, error)
            return Reply.words(http.HTTPStatus.BAD_REQUEST, f"{error}\n")
        if asks_for_reset(told):
            session.reset()
        try:
            given = await asyncio.wrap_future(session.ask(question))
        except WireError:
            raise
        except PsiZeroError as error:
            return Reply.words(http.HTTPStatus.INTERNAL_SERVER_ERROR, f"{error}\n")
        echo = {key: told[key] for key in ECHOED if key in told}
        body = write(reply_of(given.chunk.values, **echo)).encode()
        self._server.metrics.took("answer", time.perf_counter() - began)
        return Reply(status=http.HTTPStatus.OK, body=body, kind=JSON)
