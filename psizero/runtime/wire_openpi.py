"""The wire of openpi: websocket and msgpack (Physical-Intelligence/openpi @15a9616), and a little more.

The server speaks first: a map of metadata; ours holds the `Contract` under "psizero". Then each
binary frame is an observation

    {"state": (S,), "images": {camera: picture}, "prompt": words}

and is answered with {"actions": (T, A), "policy_timing", "server_timing"}. A client may add
"action_prefix" (n, A), actions that are planned, the first "delay" of which will run meanwhile (as in
FASTER's server), and "tick", "epoch", "time", which come back as they went. With "steer", which is "exact",
"identity" or "ramp", all of that plan leads the policy, if its contract says that it can be led.
{"psizero": "reset"} begins an episode, {"psizero": "hello", "layout": ...} is refused or answered with
{"psizero": "welcome"}. What cannot be answered is told in a text frame before the connection is closed
with 1011, as openpi does.

On the same port, HTTP GET /healthz and /metrics.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import PsiZeroError, WireError
from psizero.runtime.codec import decode, encode
from psizero.runtime.http_door import refuse
from psizero.runtime.server import OvertakenError, PolicyServer, Session
from psizero.runtime.websocket_door import WebsocketDoor
from psizero.runtime.wire import ECHOED, WireConfig, page, question_of
from psizero.runtime.worker import Question


class OpenpiWire(WebsocketDoor):
    """Speaks for a `PolicyServer` on a websocket; use it with `async with`."""

    def __init__(self, server: PolicyServer, config: WireConfig) -> None:
        super().__init__(server, config)
        self._answers: set[asyncio.Task[None]] = set()

    async def _finish(self) -> None:
        if self._answers:
            await asyncio.wait(self._answers)

    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        told = page(self._server, self._config, request.path, request.headers.get("Authorization"))
        return None if told is None else connection.respond(*told)

    async def _talk(self, connection: ServerConnection, session: Session) -> None:
        await connection.send(encode({"psizero": self._server.contract.to_json()}))
        async with asyncio.TaskGroup() as answers:
            async for frame in connection:
                try:
                    await self._take(connection, session, frame, answers)
                except PsiZeroError as error:
                    self._server.refused(session.peer, error)
                    await refuse(connection, error)
                    break

    async def _take(
        self, connection: ServerConnection, session: Session, frame: str | bytes, answers: asyncio.TaskGroup
    ) -> None:
        """Deal with one frame; an answer is sent by a task of its own, so that newer frames are heard meanwhile."""
        began = time.perf_counter()
        if isinstance(frame, str):
            raise WireError("a text frame came, observations are binary (msgpack); see docs/realtime.md")
        message = decode(frame)
        match message.get("psizero"):
            case "reset":
                session.reset()
            case "hello":
                layout = PolicyLayout.from_json(message.get("layout") or {})
                self._server.contract.check_robot(layout, whose=f"the robot at {session.peer}")
                await connection.send(encode({"psizero": "welcome"}))
            case None:
                question = question_of(message, self._server)
                task = answers.create_task(self._answer(connection, session, question, message, began))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)
            case other:
                raise WireError(f"unknown request {other!r:.40}; expected 'hello', 'reset' or an observation")

    async def _answer(
        self,
        connection: ServerConnection,
        session: Session,
        question: Question,
        message: Mapping[str, Any],
        began: float,
    ) -> None:
        echo = {key: message[key] for key in ECHOED if key in message}
        try:
            given = await asyncio.wrap_future(session.ask(question))
            took = 1e3 * given.seconds
            whole = 1e3 * (time.perf_counter() - began)
            reply = encode(
                {
                    "actions": given.chunk.values,
                    "policy_timing": {"infer_ms": took},
                    "server_timing": {"infer_ms": took, "total_ms": whole},
                    **echo,
                }
            )
            self._server.metrics.took("answer", whole / 1e3)
        except OvertakenError as error:
            reply = encode({"overtaken": str(error), **echo})
        except PsiZeroError as error:
            await refuse(connection, error)
            return
        try:
            await connection.send(reply)
        except ConnectionClosed:
            self._server.metrics.count("lost_answers")
