"""One robot on Psi0's websocket: observations come as they like, one action per tick goes back.

The plan is on this side of the wire (`session_plan.py`). When observations stay away it is not asked on,
so that it ends in a hold. A robot that hears nothing must hold by itself; with a network between, a client
that runs its own plan is better (docs/realtime.md).
"""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from psizero.errors import WireError
from psizero.runtime.act_words import asks_for_reset, message_of, reply_of
from psizero.runtime.codec_json import read, write
from psizero.runtime.server import Session
from psizero.runtime.session_plan import SessionPlan
from psizero.runtime.wire import STANDING, question_of
from psizero.runtime.worker import Question

STALE = 1.0
"""Age at which an observation is not asked about any more (s): as long as a chunk of Psi0."""


class ActStream:
    """Takes observations, plays the plan."""

    def __init__(self, session: Session) -> None:
        self._server = session.server
        self._plan = SessionPlan(session)
        self._layout = self._plan.layout
        self._commanded = dict(STANDING)
        self._newest: Question | None = None
        self._came = 0.0
        self._seen = asyncio.Event()
        self._resetting = False

    def take(self, frame: str | bytes) -> None:
        """Take an observation; the newest one counts, a `WireError` tells what is wrong with it."""
        if isinstance(frame, bytes):
            raise WireError("a binary frame came, observations are text (JSON); see docs/realtime.md")
        told = read(frame)
        before, self._newest = (
            self._newest,
            question_of(message_of(told, self._layout, self._commanded), self._server),
        )
        seen, again = self._newest.observation, self._resetting
        self._resetting, self._came = asks_for_reset(told), asyncio.get_running_loop().time()
        if before is None or (self._resetting and not again):
            self._plan.begin(self._newest)
        elif before.observation.instruction != seen.instruction:
            self._plan.renew()
        self._seen.set()

    async def play(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send one action per tick, from the first answer on; ends only by an error."""
        loop, period = asyncio.get_running_loop(), 1.0 / self._layout.rate
        await self._seen.wait()
        due = loop.time()
        while True:
            self._plan.hear()
            if self._newest is not None and loop.time() - self._came <= STALE:
                self._plan.ask(self._newest)
            if not self._plan.begun:  # the robot stands, and tick 0 waits
                await self._plan.wait(period)
                due = loop.time()
                continue
            action = self._plan.executor.next_action()
            self._remember(action.values)
            await send(write(reply_of(action.values[None], version=action.tick)))
            due += period
            await asyncio.sleep(due - loop.time())
            while loop.time() >= due + period:  # the time of these has gone by; they must not come in a burst
                self._plan.executor.next_action()
                due += period

    def _remember(self, action: np.ndarray) -> None:
        """Keep what was commanded: it is part of the next state."""
        fields = self._layout.action.unpack(action)
        self._commanded |= {name: fields[name] for name in STANDING if name in fields}
