"""The wire of openpi: websocket and msgpack (Physical-Intelligence/openpi @15a9616), and a little more.

The server speaks first: a map of metadata; ours holds the `Contract` under "psizero". Then each
binary frame is an observation

    {"state": (S,), "images": {camera: picture}, "prompt": words}

and is answered with {"actions": (T, A), "policy_timing", "server_timing"}. A client may add
"action_prefix" (d, A), actions that will run meanwhile, with "delay" d (as in FASTER's server), and
"tick", "epoch", "time", which come back as they went. {"psizero": "reset"} begins an episode,
{"psizero": "hello", "layout": ...} is refused or answered with {"psizero": "welcome"}. What cannot be
answered is told in a text frame before the connection is closed with 1011, as openpi does.

On the same port, HTTP GET /healthz and /metrics.
"""

import asyncio
import hmac
import http
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, PsiZeroError, WireError
from psizero.runtime.codec import LARGEST_MESSAGE, decode, encode, numbers_of, picture_of
from psizero.runtime.server import OvertakenError, PolicyServer, Session
from psizero.runtime.worker import Question
from psizero.types import Observation

LONGEST_WORDS = 2000
"""Most letters of an instruction."""
ECHOED = ("tick", "epoch", "time")
"""Keys of a question that come back with its answer."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WireConfig:
    """Where a server listens, and to whom."""

    host: str = "127.0.0.1"
    """Address to listen on; any other than this computer's own needs a token."""
    port: int = 8000
    """Port; 0 takes a free one."""
    token: str | None = None
    """What clients must know: `Authorization: Api-Key TOKEN`."""
    tls: ssl.SSLContext | None = None
    """Certificate and key; without them everybody on the way can read along."""

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK and not self.token:
            raise ConfigError(
                f"a server on {self.host} can be reached by others and needs a token; "
                "write one into a file and name it with --token-file, or listen on 127.0.0.1"
            )


class OpenpiWire:
    """Speaks for a `PolicyServer` on a websocket; use it with `async with`."""

    def __init__(self, server: PolicyServer, config: WireConfig) -> None:
        self._server, self._config = server, config
        self._socket: Server | None = None
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._socket is not None
        return next(iter(self._socket.sockets)).getsockname()[1]

    async def __aenter__(self) -> "OpenpiWire":
        """Begin to listen."""
        config = self._config
        self._socket = await serve(
            self._talk,
            config.host,
            config.port,
            process_request=self._greet,
            compression=None,
            max_size=LARGEST_MESSAGE,
            max_queue=4,
            ssl=config.tls,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer what is open, then close every connection with 1001."""
        assert self._socket is not None
        await asyncio.to_thread(self._server.drain)
        if self._answers:
            await asyncio.wait(self._answers)
        self._socket.close()
        await self._socket.wait_closed()

    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer plain HTTP, and refuse who does not know the token."""
        if request.path == "/healthz":
            ready = self._server.ready
            status = http.HTTPStatus.OK if ready else http.HTTPStatus.SERVICE_UNAVAILABLE
            return connection.respond(status, "OK\n" if ready else "shutting down\n")
        if self._config.token and not hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Api-Key {self._config.token}".encode()
        ):
            self._server.metrics.count("refused")
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, "the token is missing or wrong\n")
        if request.path == "/metrics":
            return connection.respond(http.HTTPStatus.OK, self._server.metrics.text())
        return None

    async def _talk(self, connection: ServerConnection) -> None:
        """Serve one client from its first frame to its last."""
        peer = ":".join(str(part) for part in connection.remote_address[:2])
        try:
            session = self._server.open(peer)
        except PsiZeroError as error:
            await _refuse(connection, error)
            return
        try:
            await connection.send(encode({"psizero": self._server.contract.to_json()}))
            async with asyncio.TaskGroup() as answers:
                async for frame in connection:
                    try:
                        await self._take(connection, session, frame, answers)
                    except PsiZeroError as error:
                        self._server.metrics.count("bad_frames")
                        self._server.log("bad frame", peer=peer, error=str(error))
                        await _refuse(connection, error)
                        break
        except* ConnectionClosed:
            pass
        finally:
            session.close()

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
            await _refuse(connection, error)
            return
        try:
            await connection.send(reply)
        except ConnectionClosed:
            self._server.metrics.count("lost_answers")


def question_of(message: Mapping[str, Any], server: PolicyServer) -> Question:
    """Return what a frame asks; whatever does not fit the contract is told by name."""
    contract = server.contract
    layout = contract.layout
    state = numbers_of(message.get("state"), "state", 1)
    pictures, words = message.get("images"), message.get("prompt")
    if not isinstance(pictures, dict) or not all(isinstance(name, str) for name in pictures):
        raise WireError(f"'images' must be a map from camera to picture; the policy looks through {layout.cameras}")
    if not isinstance(words, str) or len(words) > LONGEST_WORDS:
        raise WireError(f"'prompt' must be an instruction of at most {LONGEST_WORDS} letters")
    if missing := [camera for camera in layout.cameras if camera not in pictures]:
        raise WireError(f"the policy looks through {layout.cameras}, {missing[0]!r} is missing in 'images'")
    if len(state) != layout.state.size:
        raise WireError(f"'state' must have {layout.state.size} numbers ({layout.state.name}), got {len(state)}")
    return Question(
        observation=Observation(
            time=0.0,
            joint_positions=np.zeros(0),
            joint_velocities=np.zeros(0),
            world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
            pelvis_angular_velocity=np.zeros(3),
            images={camera: picture_of(pictures[camera], camera) for camera in layout.cameras},
            state=state,
            instruction=words,
        ),
        promised=_prefix(message, layout, contract.max_promised),
    )


def _prefix(message: Mapping[str, Any], layout: PolicyLayout, most: int) -> np.ndarray:
    """Return the (d, A) promised actions of a frame; none if it has none."""
    if message.get("action_prefix") is None:
        return np.zeros((0, layout.action.size), np.float32)
    rows = numbers_of(message["action_prefix"], "action_prefix", 2)
    delay = message.get("delay", len(rows))
    if not isinstance(delay, int | np.integer) or not 0 <= delay <= len(rows):
        raise WireError(f"'delay' must be a number of rows of 'action_prefix', 0 to {len(rows)}")
    if rows.shape[1] != layout.action.size or delay > most:
        raise WireError(
            f"'action_prefix' must be at most {most} rows of {layout.action.size} numbers, got {delay} of {rows.shape}"
        )
    return rows[: int(delay)]


async def _refuse(connection: ServerConnection, error: PsiZeroError) -> None:
    """Say why, then hang up."""
    try:
        await connection.send(str(error))
        await connection.close(1011, "refused")
    except ConnectionClosed:
        pass
