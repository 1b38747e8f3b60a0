"""What the wires on websockets share: a socket that listens, and a session of the server per connection."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from psizero.errors import PsiZeroError
from psizero.runtime.codec import LARGEST_MESSAGE
from psizero.runtime.http_door import peer_of, refuse
from psizero.runtime.server import PolicyServer, Session
from psizero.runtime.wire import WireConfig


class WebsocketDoor(ABC):
    """Listens for a `PolicyServer`; use it with `async with`."""

    def __init__(self, server: PolicyServer, config: WireConfig) -> None:
        self._server, self._config = server, config
        self._socket: Server | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._socket is not None
        return next(iter(self._socket.sockets)).getsockname()[1]

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        config = self._config
        self._socket = await serve(
            self._meet,
            config.host,
            config.port,
            process_request=self._greet,
            compression=None,
            max_size=LARGEST_MESSAGE,
            max_queue=4,
            ssl=config.tls,
            **self._options(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer what is open, then close every connection with 1001."""
        assert self._socket is not None
        await asyncio.to_thread(self._server.drain)
        await self._finish()
        self._socket.close()
        await self._hang_up()
        await self._socket.wait_closed()

    async def _meet(self, connection: ServerConnection) -> None:
        """Serve one connection from its first frame to its last."""
        try:
            session = await asyncio.to_thread(self._server.open, peer_of(connection.remote_address))
        except PsiZeroError as error:
            await refuse(connection, error)
            return
        try:
            await self._talk(connection, session)
        except* ConnectionClosed:
            pass
        finally:
            session.close()

    @abstractmethod
    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer plain HTTP, and refuse who does not know the token; None lets a websocket begin."""

    @abstractmethod
    async def _talk(self, connection: ServerConnection, session: Session) -> None:
        """Say and hear what the wire does, until the connection ends."""

    def _options(self) -> Mapping[str, Any]:
        """Return what else `websockets.serve` is to know."""
        return {}

    async def _finish(self) -> None:  # noqa: B027  most wires have nothing to do here
        """Send the answers that were computed last, before connections are closed."""

    async def _hang_up(self) -> None:  # noqa: B027  the same
        """End what is no websocket, once nothing new is taken."""
