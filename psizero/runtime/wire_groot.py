"""The wire of GR00T: ZMQ request and reply with msgpack (NVIDIA/Isaac-GR00T @38624dff, gr00t/policy/server_client.py).

A question is {"endpoint": "get_action", "data": {"observation": {"video": {camera: uint8 (1, T, H, W, 3)},
"state": {field: (1, T, D)}, "language": {key: [[words]]}}, "options": {...}}}; the newest of the T instants
counts. Its answer is [{field: (1, T, D)}, info] with the fields of the policy's action, or {"error": words}.
"ping", "reset" and "get_modality_config" are answered, "kill" is refused. Options may hold "action_prefix",
"delay", "steer" and stamps as on openpi's wire; stamps come back in info.

A session is a socket of a client. ZMQ does not tell when one has gone, so on a full server a session that
has been silent for long makes room. There is no TLS on this wire: go through a tunnel, or use another wire.
"""

import asyncio
import contextlib
import importlib
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, MissingExtraError, PolicyError, PsiZeroError, WireError
from psizero.runtime.codec import LARGEST_MESSAGE
from psizero.runtime.codec_groot import Dialect, read, write
from psizero.runtime.contract import Contract
from psizero.runtime.server import MOST_SESSIONS, OvertakenError, PolicyServer, Session
from psizero.runtime.wire import ECHOED, PLAN, STANDING, WireConfig, pictures_of, question_of, same_token, state_of

WORDS = "annotation.human.task_description"
"""Key of the instruction; any other is taken, too."""
SILENT = 10.0
"""Time after which a session may have to make room on a full server (s)."""


class GrootWire:
    """Speaks for a `PolicyServer` on a ZMQ socket; use it with `async with`."""

    def __init__(self, server: PolicyServer, config: WireConfig) -> None:
        if config.tls is not None:
            raise ConfigError("the GR00T wire has no TLS; use --wire openpi, or a tunnel and no --tls-certificate")
        try:
            self._zmq: Any = importlib.import_module("zmq.asyncio")
        except ImportError as error:
            raise MissingExtraError(
                'the GR00T wire needs the library pyzmq; install it with pip install "psizero[zmq]"'
            ) from error
        self._server, self._config = server, config
        self._sessions: dict[bytes, tuple[Session, float]] = {}  # by the client's socket; the longest silent first
        self._opening = asyncio.Lock()
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._socket.last_endpoint.decode().rpartition(":")[2])

    async def __aenter__(self) -> "GrootWire":
        """Begin to listen."""
        zmq, host = importlib.import_module("zmq"), self._config.host
        self._context = self._zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self._socket.setsockopt(zmq.RCVHWM, 4)
        self._socket.setsockopt(zmq.IPV6, ":" in host)
        place = {"localhost": "127.0.0.1"}.get(host, f"[{host}]" if ":" in host else host)
        try:
            self._socket.bind(f"tcp://{place}:{self._config.port or '*'}")
        except zmq.ZMQError as error:
            self._context.destroy(linger=0)
            raise OSError(error.errno, str(error)) from error
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer what is open, then close the socket."""
        await asyncio.to_thread(self._server.drain)
        while self._answers:
            await asyncio.wait(self._answers)
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening
        self._context.destroy(linger=500)

    async def _listen(self) -> None:
        while True:
            parts = await self._socket.recv_multipart()
            if len(parts) != 3 or parts[1]:
                self._server.refused("a ZMQ socket", WireError("a message that is no request of a REQ socket"))
                continue
            task = asyncio.create_task(self._reply(parts[0], parts[2]))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _reply(self, client: bytes, data: bytes) -> None:
        """Answer one request, whatever it is: a REQ socket that gets no answer is stuck."""
        peer, dialect = f"zmq:{client.hex()}", Dialect.NPY
        try:
            request, dialect = read(data)
            token = request.get("api_token")
            if self._config.token and not (isinstance(token, str) and same_token(token, self._config.token)):
                self._server.metrics.count("refused")
                raise WireError("the token ('api_token') is missing or wrong")
            reply = await self._answer(client, peer, request)
        except PsiZeroError as error:
            if not isinstance(error, PolicyError | OvertakenError):  # these the server has counted
                self._server.refused(peer, error)
            reply = {"error": str(error)}
        await self._socket.send_multipart([client, b"", write(reply, dialect)])

    async def _answer(self, client: bytes, peer: str, request: Mapping[str, Any]) -> object:
        match request.get("endpoint", "get_action"):
            case "ping":
                return {"status": "ok", "message": "Server is running"}
            case "get_modality_config":
                return modalities_of(self._server.contract)
            case "reset":
                (await self._session(client, peer)).reset()
                return {}
            case "get_action":
                return await self._act(client, peer, request.get("data"))
            case "kill":
                raise WireError("this server is ended where it runs, with Ctrl-C, and not by its clients")
            case other:
                raise WireError(
                    f"unknown endpoint {other!r:.40}; here are get_action, reset, ping, get_modality_config"
                )

    async def _act(self, client: bytes, peer: str, data: object) -> object:
        began = time.perf_counter()
        message = message_of(data, self._server.contract.layout)
        question = question_of(message, self._server)
        given = await asyncio.wrap_future((await self._session(client, peer)).ask(question))
        fields = self._server.contract.layout.action.unpack(given.chunk.values)
        self._server.metrics.took("answer", time.perf_counter() - began)
        echo = {key: message[key] for key in ECHOED if key in message}
        return [{name: rows[None] for name, rows in fields.items()}, echo]

    async def _session(self, client: bytes, peer: str) -> Session:
        """Return the session of a client's socket, a new one for a new socket."""
        async with self._opening:
            known = self._sessions.pop(client, None)
            if known is None:
                self._make_room()
                known = await asyncio.to_thread(self._server.open, peer), 0.0
            self._sessions[client] = known[0], time.monotonic()
            return known[0]

    def _make_room(self) -> None:
        """On a full server, end the session that has been silent for longest, if that was long."""
        if len(self._sessions) >= MOST_SESSIONS:
            oldest, (session, last) = next(iter(self._sessions.items()))
            if time.monotonic() - last > SILENT:
                del self._sessions[oldest]
                session.close()


def message_of(data: object, layout: PolicyLayout) -> dict[str, Any]:
    """Return in the words of openpi's wire what `data` of a "get_action" holds."""
    seen = data.get("observation") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(seen, dict):
        raise WireError("'data' must hold an 'observation' with 'video', 'state' and 'language'")
    video, state, language = (seen.get(key) for key in ("video", "state", "language"))
    if not isinstance(video, dict) or not isinstance(state, dict) or not isinstance(language, dict):
        raise WireError("an 'observation' must hold the maps 'video', 'state' and 'language'")
    options = data.get("options")
    known = options if isinstance(options, dict) else {}
    return {
        "state": state_of({name: _newest(value, name, 3) for name, value in state.items()}, layout.state, STANDING),
        "images": pictures_of({name: _newest(value, name, 5) for name, value in video.items()}, layout.cameras),
        "prompt": _words(language),
        **{key: known[key] for key in (*PLAN, *ECHOED) if key in known},
    }


def modalities_of(contract: Contract) -> dict[str, Any]:
    """Return what the policy looks at and gives, as a client of N1.7 reads it: ticks from now, and names."""
    layout = contract.layout
    return {
        kind: {
            "__ModalityConfig_class__": True,
            "as_json": {"delta_indices": list(range(ticks)), "modality_keys": list(names)},
        }
        for kind, ticks, names in (
            ("video", 1, layout.cameras),
            ("state", 1, [field.name for field in layout.state.fields]),
            ("action", contract.rows, [field.name for field in layout.action.fields]),
            ("language", 1, [WORDS]),
        )
    }


def _newest(value: object, name: object, axes: int) -> np.ndarray:
    """Return the last instant of a batch of one."""
    if not isinstance(value, np.ndarray) or value.ndim != axes or len(value) != 1 or value.shape[1] < 1:
        what = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        shape = "(1, T, H, W, 3)" if axes == 5 else "(1, T, D)"
        raise WireError(f"{name!r:.40} must be an array {shape}, got {what}; one robot asks at a time")
    return value[0, -1]


def _words(language: Mapping[object, Any]) -> object:
    """Return the instruction, [[words]] under whatever key."""
    words = language.get(WORDS, next(iter(language.values()), None))
    while isinstance(words, list | tuple) and len(words) == 1:
        words = words[0]
    return words
