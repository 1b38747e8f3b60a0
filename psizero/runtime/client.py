"""A policy far away, behind the `Policy` protocol: it drives our server and openpi's. No torch.

`act` is called in the thread of a `PolicyWorker` and may wait for an answer; the loop never does. A
connection that breaks, or carries nothing any more, is made anew, after pauses that grow and differ from
robot to robot. What does not come in time is a `NetworkError`: the loop runs its plan to the end, holds,
and asks again with what it sees then, since an answer to what was seen before a pause is outdated when it
comes. A server whose policy is made for another robot is refused at connect, with the first number that
differs.
"""

import random
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from websockets.exceptions import InvalidStatus, InvalidURI, WebSocketException
from websockets.sync.client import ClientConnection, connect

from psizero.data.image import resize_image
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import LayoutError, NetworkError, WireError
from psizero.runtime.codec import LARGEST_MESSAGE, decode, encode, jpeg_of, numbers_of
from psizero.runtime.contract import Contract
from psizero.types import ActionChunk, Observation, Steering


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """How patient a client is."""

    token: str | None = None
    """What the server wants to know."""
    answer_within: float = 1.0
    """Time after which an answer counts as lost (s): as long as a chunk of Psi0."""
    connect_within: float = 2.0
    """Time for one attempt to connect (s); what was sent and has not arrived by then ends the connection."""
    first_pause: float = 0.1
    """Pause after the first failed attempt (s); it doubles each time."""
    longest_pause: float = 1.0
    """Longest pause between two attempts (s): for so long a robot holds although its server is back."""
    jpeg: int | None = None
    """Quality of compressed pictures, 1 to 95; None sends them as they are."""


class RemotePolicy:
    """Asks a server on an openpi wire."""

    def __init__(self, url: str, robot: PolicyLayout, config: ClientConfig | None = None) -> None:
        """Take the server's address (ws:// or wss://) and the layout of this robot; nothing is sent yet."""
        self._url, self._robot = url, robot
        self._config = config or ClientConfig()
        self._random = random.Random()
        self._connection: ClientConnection | None = None
        self._failures = 0
        self._not_before = 0.0
        self._epoch = 0
        self._echoes = False  # whether a late answer tells what it answers
        self._pong: threading.Event | None = None  # set once the ping after a late answer has come back
        self.contract: Contract | None = None
        """What the server announced; None before the first connection, and of a server that announces nothing."""

    def reset(self) -> None:
        """Begin an episode or instruction: answers of the one before are not believed."""
        self._epoch += 1
        if self._connection is not None and self.contract is not None:
            try:
                self._connection.send(encode({"psizero": "reset"}))
            except (WebSocketException, OSError):
                self._hang_up()

    def close(self) -> None:
        """Hang up."""
        self._hang_up()

    def connect(self) -> None:
        """Connect now; a `NetworkError` if that is not possible, a `LayoutError` if the policy is for another robot."""
        if self._connection is None:
            self._connection = self._dial()

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on whose first rows are `promised`, (d, A)."""
        return self.ask(observation, _plan(promised, len(promised)))

    def ask(self, observation: Observation, plan: dict[str, object]) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on; `plan` is what the server is told of the plan under way."""
        connection = self._reach()
        message = self._message(observation) | plan
        try:
            connection.send(encode(message))
            reply = self._hear(connection, observation.tick)
        except TimeoutError as error:
            # Of a server that does not echo, what comes late could be taken for the answer to the next question.
            if not self._echoes or not self._is_alive(connection):
                self._fail()
            raise NetworkError(f"lost the policy at {self._url}: no answer in time") from error
        except (WebSocketException, OSError, WireError) as error:
            self._fail()
            raise NetworkError(f"lost the policy at {self._url}: {type(error).__name__}: {error}") from error
        self._failures, self._pong = 0, None
        return ActionChunk(values=reply, start_tick=observation.tick)

    def _message(self, observation: Observation) -> dict[str, Any]:
        pictures: dict[str, object] = {}
        size = None if self.contract is None else self.contract.picture_size
        for camera in self._robot.cameras:
            picture = observation.images[camera]
            if size is not None and picture.shape[0] > size[0]:
                picture = resize_image(picture, size)
            pictures[camera] = picture if self._config.jpeg is None else jpeg_of(picture, self._config.jpeg)
        return {
            "state": observation.state,
            "images": pictures,
            "prompt": observation.instruction,
            "tick": observation.tick,
            "epoch": self._epoch,
            "time": observation.time,
        }

    def _hear(self, connection: ClientConnection, tick: int) -> np.ndarray:
        """Return the rows of the answer to the question of `tick`; answers to others are passed over."""
        until = time.monotonic() + self._config.answer_within
        while True:
            frame = connection.recv(timeout=max(until - time.monotonic(), 0.0))
            if isinstance(frame, str):
                raise WireError(f"the server refuses: {frame[:500]}")
            reply = decode(frame)
            self._echoes = "tick" in reply and "epoch" in reply
            if "overtaken" in reply or not self._answers(reply, tick):
                continue
            rows = numbers_of(reply.get("actions"), "actions", 2)
            if rows.shape[1] != self._robot.action.size or len(rows) == 0:
                raise WireError(f"actions must be (1 or more, {self._robot.action.size}), got {rows.shape}")
            return rows

    def _answers(self, reply: Mapping[str, Any], tick: int) -> bool:
        """Tell whether a reply is to the question of `tick`; a server that echoes nothing answers in turn."""
        return reply.get("tick", tick) == tick and reply.get("epoch", self._epoch) == self._epoch

    def _is_alive(self, connection: ClientConnection) -> bool:
        """Tell, after an answer that did not come, whether anything comes: our server answers pings while it computes.

        Nobody tells a robot that a cable was pulled or that a router forgot its connection; TCP itself would try for
        a quarter of an hour.
        """
        if self._pong is not None and not self._pong.is_set():
            return False
        try:
            self._pong = connection.ping()
        except (WebSocketException, OSError):
            return False
        return True

    def _reach(self) -> ClientConnection:
        """Return the connection, made anew if it is time for that; no question grows old in a pause."""
        if self._connection is not None:
            return self._connection
        if time.monotonic() < self._not_before:
            raise NetworkError(f"the policy at {self._url} cannot be reached; trying again")
        try:
            self._connection = self._dial()
        except NetworkError:
            self._fail()
            raise
        return self._connection

    def _dial(self) -> ClientConnection:
        config = self._config
        headers = {"Authorization": f"Api-Key {config.token}"} if config.token else {}
        try:
            connection = connect(
                self._url,
                additional_headers=headers,
                compression=None,
                max_size=LARGEST_MESSAGE,
                open_timeout=config.connect_within,
                close_timeout=0.2,
                proxy=None,
            )
        except InvalidURI as error:
            raise NetworkError(f"{self._url} is no address of a server; expected ws://HOST:PORT") from error
        except InvalidStatus as error:
            raise NetworkError(f"the server at {self._url} refuses: {error}; is the token right?") from error
        except (WebSocketException, OSError) as error:
            raise self._unreachable(error) from error
        try:
            if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; elsewhere a picture may wait long for a cable
                milliseconds = round(1e3 * config.connect_within)
                connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
            self._agree(connection)
        except (WebSocketException, OSError, WireError, LayoutError) as error:
            connection.close()  # the server has few places
            raise error if isinstance(error, LayoutError) else self._unreachable(error) from error
        return connection

    def _unreachable(self, error: Exception) -> NetworkError:
        return NetworkError(f"cannot reach a policy at {self._url}: {error}; is `psizero serve` running?")

    def _agree(self, connection: ClientConnection) -> None:
        """Hear what the server is and tell it what this robot is; one of openpi announces free words only."""
        first = connection.recv(timeout=self._config.connect_within)
        if isinstance(first, str):
            raise WireError(f"the server refuses: {first[:500]}")
        announced = decode(first).get("psizero")
        if announced is None:
            self.contract, self._echoes = None, False
            return
        self.contract, self._echoes = Contract.from_json(announced), True
        self.contract.check_robot(self._robot, whose="this robot")
        connection.send(encode({"psizero": "hello", "layout": self._robot.to_json()}))
        welcome = connection.recv(timeout=self._config.connect_within)
        if isinstance(welcome, str):
            raise WireError(f"the server refuses: {welcome[:500]}")

    def _fail(self) -> None:
        """Hang up and let the next attempt be later: longer each time, and not in step with other robots."""
        self._hang_up()
        config = self._config
        pause = min(config.first_pause * 2**self._failures, config.longest_pause)
        self._failures = min(self._failures + 1, 16)
        self._not_before = time.monotonic() + pause * self._random.uniform(0.5, 1.0)

    def _hang_up(self) -> None:
        if self._connection is not None:
            connection, self._connection, self._pong = self._connection, None, None
            connection.close()


class SteeredRemotePolicy:
    """The same, for a server whose contract says that its policy can be led by a plan."""

    def __init__(self, remote: RemotePolicy, *, rows: int) -> None:
        """Take what asks the server, and how many rows a chunk has: what is planned behind them leads nothing."""
        self._remote, self._rows = remote, rows

    def reset(self) -> None:
        """Begin an episode or instruction."""
        self._remote.reset()

    def close(self) -> None:
        """Hang up."""
        self._remote.close()

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on whose first rows are `promised`, (d, A)."""
        return self._remote.act(observation, promised)

    def steer(self, observation: Observation, steering: Steering) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on that goes on from the plan."""
        plan = _plan(steering.plan[: self._rows], steering.promised)
        return self._remote.ask(observation, {**plan, "steer": steering.how})


def _plan(rows: np.ndarray, promised: int) -> dict[str, object]:
    """Return what a question says of the (n, A) actions that are planned; nothing if there are none."""
    return {"action_prefix": rows, "delay": min(promised, len(rows))} if len(rows) else {}
