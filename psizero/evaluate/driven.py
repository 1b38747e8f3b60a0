"""An episode that somebody else drives, with one action per tick: for harnesses with loops of their own.

Controller, safety gate and judge are those of `rollout`, and so is the way from action to action: a straight
line at the rate of the controller. The action after this one is not known here, so that line is one control
step (1/60 s) later than in the loop.
"""

from dataclasses import replace

import numpy as np

from psizero.clock import Rate
from psizero.control.safety import GateState, SafetyGate
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import LayoutError, SafetyError
from psizero.runtime.blending import is_rate
from psizero.runtime.control_loop import LONGEST_RAMP, LoopConfig, hold_action
from psizero.sim.task import open_task
from psizero.types import Observation

CONTROL_RATE = LoopConfig().control_rate


class DrivenEpisode:
    """One seeded try at one task; time passes only in `tick`."""

    def __init__(self, task: str, seed: int) -> None:
        """Set up the scene and hold until the safety gate lets commands through as they are."""
        self._episode = open_task(task, seed)
        self._controller, self._gate = self._episode.controller(), SafetyGate(G1)
        seen = self._episode.robot.observe()
        self._controller.reset(seen)
        self._gate.arm(seen, self._episode.now())
        self._rate = Rate(CONTROL_RATE, self._episode.clock)
        self._last = hold_action(G1_DEX3, self._controller.state(seen))
        self._begin = self._episode.now()
        self._ramp_up()
        self._begin = self._episode.now()

    @property
    def hold(self) -> np.ndarray:
        """(A,) action that goes nowhere: the last one, with speeds of zero."""
        held = self._last.copy()
        for field in G1_DEX3.action.fields:
            if is_rate(field):
                held[G1_DEX3.action.slice_of(field.name)] = 0.0
        return held

    @property
    def outcome(self) -> str | None:
        """How it ended, in the words of `rollout`; None while it has not."""
        status = self._episode.status()
        if status.success or status.failure:
            return status.failure or "success"
        if self._gate.state is GateState.DAMP:
            return "the safety gate damped the robot"
        limit = self._episode.time_limit
        # A hair less, so that rounding cannot add a tick.
        return f"not done within {limit:g} s" if self._episode.now() - self._begin > limit - 1e-6 else None

    def observe(self) -> Observation:
        """Return what the robot senses, with state and instruction."""
        seen = self._episode.robot.observe()
        state = np.asarray(self._controller.state(seen), np.float32)
        return replace(seen, state=state, instruction=self._episode.instruction)

    def tick(self, action: np.ndarray) -> None:
        """Go over to the (A,) action in one tick of the policy (1/30 s)."""
        values = np.asarray(action, np.float32)
        if values.shape != self._last.shape:
            raise LayoutError(
                f"an action of {G1_DEX3.action.name!r} has {G1_DEX3.action.size} numbers, got {values.shape}; "
                "serve a policy of this robot"
            )
        steps = round(CONTROL_RATE / G1_DEX3.rate)
        for step in range(1, steps + 1):
            self._send(self._last + step / steps * (values - self._last))
        self._last = values

    def _ramp_up(self) -> None:
        for _ in range(int(LONGEST_RAMP * CONTROL_RATE)):
            if self._gate.state is GateState.ACTIVE:
                return
            self._send(self._last)
        raise SafetyError(f"the safety gate is not active after {LONGEST_RAMP:g} s but {self._gate.state.value}")

    def _send(self, values: np.ndarray) -> None:
        """Send one command and let one control step pass."""
        now, seen = self._episode.now(), self._episode.robot.observe()
        command = self._controller.command(values, seen, now)
        self._episode.robot.command(self._gate.check(command, seen, now))
        self._rate.wait()
