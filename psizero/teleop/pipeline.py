"""Device -> retargeting -> control -> safety gate -> robot, and to the recorder on the way.

One step is one command. The policy's rate is lower: every second step, say, the
observation and the action of that same instant are recorded. A policy later
enters below the inverse kinematics and passes the same gate.
"""

from dataclasses import replace
from typing import Protocol

import numpy as np

from psizero.clock import Clock, Rate
from psizero.control.safety import GateState, SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.errors import ConfigError, SafetyError
from psizero.teleop.device import Device
from psizero.teleop.retarget import Retargeter
from psizero.types import Observation, Robot, WholeBodyTarget

LONGEST_RAMP = 10.0
"""Time after which a gate that is still not active is given up (s)."""


class FrameSink(Protocol):
    """What takes the recording: a `Recorder`."""

    def add(self, observation: Observation, action_values: np.ndarray, now: float) -> None:
        """Take one observation with its state, and the action (A,) of the same instant."""


class TeleoperationPipeline:
    """One person, or a script, driving one robot."""

    def __init__(
        self,
        device: Device,
        retargeter: Retargeter,
        controller: WholeBodyController,
        gate: SafetyGate,
        robot: Robot,
        clock: Clock,
        recorder: FrameSink | None = None,
        *,
        rate: float = 60.0,
    ) -> None:
        """Take the parts; `rate` (Hz) is a whole multiple of the controller's layout rate."""
        every = rate / controller.layout.rate
        if every < 1 or every != int(every):
            raise ConfigError(
                f"the pipeline's rate ({rate:g} Hz) must be a whole multiple of the recorded rate "
                f"({controller.layout.rate:g} Hz); try {2 * controller.layout.rate:g}"
            )
        gate.config.check_rate(rate)
        self._device, self._retargeter, self._controller = device, retargeter, controller
        self._gate, self._robot, self._clock, self._recorder = gate, robot, clock, recorder
        self._rate_hertz = rate
        self._record_every = int(every)
        self._rate: Rate | None = None
        self._steps = 0

    def start(self) -> None:
        """Arm the gate and stand as the robot stands until the gate lets commands through.

        `step` does this by itself the first time.
        """
        observation = self._robot.observe()
        self._controller.reset(observation)
        self._retargeter.reset()
        self._gate.arm(observation, self._clock.now())
        self._rate = Rate(self._rate_hertz, self._clock)
        self._steps = 0
        until = self._clock.now() + LONGEST_RAMP
        while self._gate.state is not GateState.ACTIVE:
            self._drive(self._robot.observe(), WholeBodyTarget(), self._clock.now())
            self._rate.wait()
            if self._clock.now() > until:
                why = self._gate.events[-1].detail if self._gate.events else "no event"
                raise SafetyError(f"the gate is not active after {LONGEST_RAMP:g} s ({why}); is the robot standing?")

    def step(self) -> None:
        """Poll the device, move the robot, record if it is time to, and wait for the next step."""
        if self._rate is None:
            self.start()
        assert self._rate is not None
        now = self._clock.now()
        observation = self._robot.observe()
        target = self._retargeter.retarget(self._device.poll(now), now)
        # The state holds the previous command, so it is read before the next one is made.
        state = self._controller.state(observation)
        action = self._drive(observation, target, now)
        due = self._steps % self._record_every == 0 and self._gate.state is GateState.ACTIVE
        if self._recorder is not None and due:
            seen = replace(observation, state=state, tick=self._steps // self._record_every)
            self._recorder.add(seen, action, now)
        self._steps += 1
        self._rate.wait()

    def run(self, until: float) -> None:
        """Step until clock time `until` (s)."""
        while self._clock.now() < until:
            self.step()

    def _drive(self, observation: Observation, target: WholeBodyTarget, now: float) -> np.ndarray:
        """Send one command towards `target`; return the action (A,) it was made from."""
        action = self._controller.act_on_target(target, 1.0 / self._rate_hertz)
        command = self._controller.command(action, observation, now)
        self._robot.command(self._gate.check(command, observation, now))
        return action
