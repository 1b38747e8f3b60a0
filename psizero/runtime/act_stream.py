"""One robot on Psi0's websocket: observations come as they like, one action per tick goes back.

Here the plan is on this side of the wire, so this side runs the `Executor`: it asks in time, blends
and, when observations or answers stay away, slows to a hold. A robot that hears nothing must hold by
itself; with a network between, a client that runs its own plan is better (docs/realtime.md).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import numpy as np

from psizero.errors import WireError
from psizero.runtime.act_words import asks_for_reset, message_of, reply_of
from psizero.runtime.ask import AskConfig
from psizero.runtime.codec_json import read, write
from psizero.runtime.control_loop import hold_action
from psizero.runtime.executor import Executor
from psizero.runtime.server import OvertakenError, Session
from psizero.runtime.wire import STANDING, question_of
from psizero.runtime.worker import Answer, Question

STALE = 1.0
"""Age at which an observation is not asked about any more (s): as long as a chunk of Psi0."""


class ActStream:
    """Takes observations, plays the plan."""

    def __init__(self, session: Session) -> None:
        self._session = session
        contract = session.server.contract
        self._layout = contract.layout
        ask = AskConfig().for_model(contract.max_promised)
        self._executor = Executor(self._layout.action, rate=self._layout.rate, ask=ask)
        self._commanded = dict(STANDING)
        self._newest: Question | None = None
        self._came = 0.0
        self._seen = asyncio.Event()
        self._resetting = False
        self._planned = False  # whether an answer of this episode has come
        self._open: list[tuple[asyncio.Future[Answer], int]] = []  # answers under way, and their epochs

    def take(self, frame: str | bytes) -> None:
        """Take an observation; the newest one counts, a `WireError` tells what is wrong with it."""
        if isinstance(frame, bytes):
            raise WireError("a binary frame came, observations are text (JSON); see docs/realtime.md")
        told = read(frame)
        before, self._newest = (
            self._newest,
            question_of(message_of(told, self._layout, self._commanded), self._session.server),
        )
        seen, again = self._newest.observation, self._resetting
        self._resetting, self._came = asks_for_reset(told), asyncio.get_running_loop().time()
        if before is None or (self._resetting and not again):
            self._session.reset()
            self._executor.reset(hold_action(self._layout, seen.state))
            self._planned = False
        elif before.observation.instruction != seen.instruction:
            self._session.reset()
            self._executor.renew()
        self._seen.set()

    async def play(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send one action per tick, from the first answer on; ends only by an error."""
        loop, period = asyncio.get_running_loop(), 1.0 / self._layout.rate
        await self._seen.wait()
        due = loop.time()
        while True:
            self._hear()
            self._ask(loop.time())
            if not self._planned:  # the robot stands, and tick 0 waits
                await asyncio.wait([future for future, _ in self._open] or [loop.create_future()], timeout=period)
                due = loop.time()
                continue
            action = self._executor.next_action()
            self._remember(action.values)
            await send(write(reply_of(action.values[None], version=action.tick)))
            due += period
            await asyncio.sleep(due - loop.time())
            while loop.time() >= due + period:  # the time of these has gone by; they must not come in a burst
                self._executor.next_action()
                due += period

    def _hear(self) -> None:
        for future, epoch in [pair for pair in self._open if pair[0].done()]:
            self._open.remove((future, epoch))
            try:
                self._planned |= self._executor.hear(future.result().chunk, epoch=epoch)
            except OvertakenError:
                continue

    def _ask(self, now: float) -> None:
        if self._newest is None or now - self._came > STALE or (plea := self._executor.ask()) is None:
            return
        observation = replace(self._newest.observation, tick=plea.start_tick)
        question = Question(observation=observation, promised=plea.promised, epoch=plea.epoch)
        self._open.append((asyncio.wrap_future(self._session.ask(question)), plea.epoch))

    def _remember(self, action: np.ndarray) -> None:
        """Keep what was commanded: it is part of the next state."""
        fields = self._layout.action.unpack(action)
        self._commanded |= {name: fields[name] for name in STANDING if name in fields}
