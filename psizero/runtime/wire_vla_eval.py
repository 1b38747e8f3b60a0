"""The wire of vla-eval: its harness evaluates our policy (allenai/vla-evaluation-harness 0.8.0, websocket, msgpack).

The harness says "hello" and hears what the policy looks at and gives. Each episode begins with
"episode_start"; each "observation" holds "images", "state" and "task_description" and is answered with
an "action", {"actions": (A,)}, whose "seq" is the observation's. One observation is one tick of the policy,
whatever rate the benchmark runs at: give a benchmark in live mode the policy's rate ("hz").

The plan is on this side (`session_plan.py`). In sync mode the world waits for the answer, so the policy
is asked and waited for within a tick, as `psizero evaluate` does without delay. In live mode the world goes
on: an observation is answered at once by the plan under way; until the first answer comes, the benchmark's
own hold counts.

What cannot be answered is an "error" of one line, and the connection stays. The harness cannot send our header
with the token, but a user and a password: the token goes into its server's url, ws://psizero:TOKEN@HOST.
"""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

import psizero
from psizero.embodiment.layout import VectorLayout
from psizero.errors import PsiZeroError, WireError
from psizero.runtime.codec_vla_eval import Told, read, write
from psizero.runtime.contract import Contract
from psizero.runtime.server import Session
from psizero.runtime.session_plan import SessionPlan
from psizero.runtime.websocket_door import WebsocketDoor
from psizero.runtime.wire import page, pictures_of, question_of
from psizero.runtime.worker import Question

PROTOCOL = 1
"""Version of the protocol that is spoken."""


class VlaEvalWire(WebsocketDoor):
    """Speaks for a `PolicyServer` to vla-eval; use it with `async with`."""

    def _options(self) -> Mapping[str, Any]:
        return {"ping_timeout": None}  # a harness that builds a scene does not answer pings for minutes

    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == "/health":
            path = "/healthz"  # what vla-eval calls it
        told = page(self._server, self._config, path, api_key(request.headers.get("Authorization")))
        return None if told is None else connection.respond(*told)

    async def _talk(self, connection: ServerConnection, session: Session) -> None:
        async with asyncio.TaskGroup() as tasks:
            harness = Harness(connection, session, tasks)
            async for frame in connection:
                await harness.take(frame)
            harness.hang_up()


class Harness:
    """One harness and the episode that it runs."""

    def __init__(self, connection: ServerConnection, session: Session, tasks: asyncio.TaskGroup) -> None:
        self._connection, self._session, self._tasks = connection, session, tasks
        self._plan = SessionPlan(session)
        self._live = False
        self._words: str | None = None  # None before the first observation of an episode
        self._seq = 0
        self._awaited: asyncio.Task[None] | None = None  # sends the action that waits for an answer

    async def take(self, frame: str | bytes) -> None:
        """Deal with one message."""
        self._seq = 0
        try:
            if isinstance(frame, str):
                raise WireError("a text frame came, messages are binary (msgpack); see docs/realtime.md")
            told = read(frame)
            self._seq = told.seq
            match told.kind:
                case "hello":
                    await self._send("hello", hello_of(self._session.server.contract))
                case "episode_start":
                    self.hang_up()
                    self._live, self._words = told.payload.get("mode") == "live", None
                case "observation":
                    server = self._session.server
                    await self._see(question_of(message_of(told, server.contract), server))
                case "episode_end" | "error":
                    self.hang_up()
                case other:
                    raise WireError(f"unknown message {other!r:.40}; expected hello, episode_start or observation")
        except PsiZeroError as error:
            await self._complain(error)

    def hang_up(self) -> None:
        """Nobody waits for an action any more."""
        if self._awaited is not None:
            self._awaited.cancel()
            self._awaited = None

    async def _see(self, seen: Question) -> None:
        """Answer an observation: at once if it can be, or as soon as there is a plan for it."""
        if self._awaited is not None and not self._awaited.done():
            return  # what is under way will answer this one, too
        plan, words = self._plan, seen.observation.instruction
        if self._words is None:
            plan.begin(seen)
        elif self._words != words:
            plan.renew()
        self._words = words
        plan.hear()
        plan.ask(seen)
        if plan.waiting and not (self._live and plan.begun):
            self._awaited = self._tasks.create_task(self._act_later())
        else:
            await self._act()

    async def _act_later(self) -> None:
        try:
            while self._plan.waiting:
                await self._plan.wait()
                self._plan.hear()
            await self._act()
        except PsiZeroError as error:
            await self._complain(error)

    async def _act(self) -> None:
        await self._send("action", {"actions": self._plan.executor.next_action().values})

    async def _complain(self, error: PsiZeroError) -> None:
        if isinstance(error, WireError):  # others the server has counted
            self._session.server.refused(self._session.peer, error)
        await self._send("error", {"error": str(error)})

    async def _send(self, kind: str, payload: Mapping[str, object]) -> None:
        await self._connection.send(write(kind, payload, seq=self._seq))


def hello_of(contract: Contract) -> dict[str, object]:
    """Return what the policy is, for the harness to compare with its benchmark."""
    layout = contract.layout
    return {
        "harness_version": f"psizero {psizero.__version__}",
        "protocol_version": PROTOCOL,
        "model_server": contract.name,
        "capabilities": {},
        "observation_params": {"send_state": True},
        "action_spec": _fields_of(layout.action),
        "observation_spec": {
            "image": {"name": "image", "dims": 0, "format": "rgb_hwc_uint8"},
            "state": {"name": "state", "dims": layout.state.size, "format": layout.state.name},
            "language": {"name": "language", "dims": 0, "format": "language"},
        },
    }


def _fields_of(layout: VectorLayout) -> dict[str, object]:
    return {field.name: {"name": field.name, "dims": field.size, "format": field.unit} for field in layout.fields}


def message_of(told: Told, contract: Contract) -> dict[str, object]:
    """Return in the words of openpi's wire what an observation holds."""
    seen = told.payload
    return {
        "state": seen.get("state", seen.get("states")),
        "images": pictures_of(seen.get("images"), contract.layout.cameras),
        "prompt": seen.get("task_description"),
    }


def api_key(authorization: str | None) -> str | None:
    """Return a header that gives the token as a password in the form that the other wires know; others as they are."""
    kind, _, given = (authorization or "").partition(" ")
    if kind.lower() != "basic":
        return authorization
    try:
        _, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return f"Api-Key {password}"
