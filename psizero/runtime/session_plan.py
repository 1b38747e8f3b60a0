"""A plan on the server's side of a wire, for robots that want one action at a time.

Here the far end has no plan, so this side runs the `Executor`: it asks in time, blends and, when
answers stay away, slows to a hold. Whoever owns the ticks calls, once per tick, `hear`, `ask` and
then takes `executor.next_action`.
"""

import asyncio
from dataclasses import replace

from psizero.runtime.ask import AskConfig
from psizero.runtime.control_loop import hold_action
from psizero.runtime.executor import Executor
from psizero.runtime.server import OvertakenError, Session
from psizero.runtime.worker import Answer, Question


class SessionPlan:
    """The plan of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        contract = session.server.contract
        self.layout = contract.layout
        ask = AskConfig().for_model(contract.max_promised)
        self.executor = Executor(self.layout.action, rate=self.layout.rate, ask=ask)
        self.begun = False
        """Whether an answer of this episode has come; before it there is nothing to run."""
        self._open: list[tuple[asyncio.Future[Answer], int]] = []  # answers under way, and their epochs

    def begin(self, seen: Question) -> None:
        """Begin an episode with what the robot sees."""
        self._session.reset()
        self.executor.reset(hold_action(self.layout, seen.observation.state))
        self.begun = False

    def renew(self) -> None:
        """Go on with another instruction."""
        self._session.reset()
        self.executor.renew()

    def hear(self) -> None:
        """Take over the answers that have come; a policy that failed raises its error."""
        for future, epoch in [pair for pair in self._open if pair[0].done()]:
            self._open.remove((future, epoch))
            try:
                self.begun |= self.executor.hear(future.result().chunk, epoch=epoch)
            except OvertakenError:
                continue

    def ask(self, seen: Question) -> None:
        """Ask about the newest observation, if it is time for that."""
        if (plea := self.executor.ask()) is None:
            return
        observation = replace(seen.observation, tick=plea.start_tick)
        question = Question(observation=observation, promised=plea.promised, epoch=plea.epoch)
        self._open.append((asyncio.wrap_future(self._session.ask(question)), plea.epoch))

    @property
    def waiting(self) -> bool:
        """Whether an answer is under way."""
        return bool(self._open)

    async def wait(self, timeout: float | None = None) -> None:
        """Wait until an answer has come, at most `timeout` (s); with none under way, just as long."""
        under_way = [future for future, _ in self._open] or [asyncio.get_running_loop().create_future()]
        await asyncio.wait(under_way, timeout=timeout)
