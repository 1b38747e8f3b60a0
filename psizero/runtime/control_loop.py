"""The 30 Hz loop: observe, ask, take the next action, check, act, trace.

Between two ticks of the policy the command goes over in a straight line to the
action that is due next, at the faster rate of the controller; so a robot gets the
stream that the operator's commands had when the data were recorded. The loop knows
no real time: on a clock that runs the simulator it is an evaluation, on the
computer's clock it drives a robot.

A policy that is broken (`PolicyError`) ends the run: the robot slows to a hold and only
`start` begins anew. One that cannot be reached (`NetworkError`) is asked again and again:
the plan runs on to its end, the robot holds, and goes on when answers come again.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from psizero.clock import Clock, Rate
from psizero.control.safety import GateState, SafetyGate
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, NetworkError, PolicyError, SafetyError
from psizero.runtime.ask import AskConfig
from psizero.runtime.blending import BlendConfig
from psizero.runtime.chunk_queue import PAST_TICKS
from psizero.runtime.executor import Executor
from psizero.runtime.modes import DEFAULT_MODE, MODES, Mode
from psizero.runtime.trace import TickRecord, Trace
from psizero.runtime.worker import Answer, Question, Worker
from psizero.types import JointCommand, Observation, Robot

LONGEST_RAMP = 10.0
"""Time after which a gate that is still not active is given up (s)."""


class Controller(Protocol):
    """Values of one action -> command to the motors, for one body; `WholeBodyController` is the G1's."""

    def reset(self, observation: Observation) -> None:
        """Begin where the robot is."""

    def state(self, observation: Observation) -> np.ndarray:
        """Return the (S,) state that a policy sees."""
        ...

    def command(self, action: np.ndarray, observation: Observation, now: float) -> JointCommand:
        """Return the command for the (A,) action that is valid at clock time `now` (s), by the newest observation."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopConfig:
    """Rates and delays of the loop."""

    control_rate: float = 60.0
    """Commands per second (Hz); a whole multiple of the layout's rate."""
    first_delay: int = 2
    """Ticks the first answer is expected to take, before any was measured."""
    ask: AskConfig = field(default_factory=AskConfig)
    """When the policy is asked."""
    blend: BlendConfig = field(default_factory=BlendConfig)
    """How hard blending and slowing down may push."""
    mode: Mode = MODES[DEFAULT_MODE]
    """How one chunk follows another; `Mode.ask` makes the settings of `ask` fit it."""
    recorded_camera_age: float = 0.0
    """How much older than its joints a picture was in the recordings that the policy learned from (s).

    The recorder pairs joints with the newest picture as it came, so a policy has learned to live with the lag of
    the camera it was recorded with; only what comes on top shifts its questions into the past. The simulator's
    pictures have no lag.
    """
    damp_after: float | None = None
    """Time in a hold for want of answers after which the robot is damped (s); None holds for ever."""


class ControlLoop:
    """One policy driving one robot; `step` runs one tick of the policy."""

    def __init__(
        self,
        *,
        robot: Robot,
        clock: Clock,
        controller: Controller,
        gate: SafetyGate,
        worker: Worker,
        layout: PolicyLayout,
        config: LoopConfig,
    ) -> None:
        substeps = config.control_rate / layout.rate
        if substeps < 1 or substeps != int(substeps):
            raise ConfigError(
                f"the control rate ({config.control_rate:g} Hz) must be a whole multiple of the policy's "
                f"({layout.rate:g} Hz); try {2 * layout.rate:g}"
            )
        gate.config.check_rate(config.control_rate)
        self._robot, self._clock, self._controller, self._gate = robot, clock, controller, gate
        self._worker, self._layout, self._config = worker, layout, config
        self._substeps = int(substeps)
        self._executor = Executor(
            layout.action,
            rate=layout.rate,
            ask=config.ask,
            first_delay=config.first_delay,
            blend=config.blend,
            mode=config.mode,
        )
        self.instruction = ""
        self.trace = Trace(layout.action)
        self.error: PolicyError | None = None

    @property
    def rate(self) -> float:
        """Ticks of the policy per second (Hz)."""
        return self._layout.rate

    def start(self, instruction: str) -> None:
        """Begin an episode: forget the past, arm the gate, hold as the robot stands until the gate is active."""
        observation = self._robot.observe()
        self._controller.reset(observation)
        self._gate.arm(observation, self._clock.now())
        self._executor.reset(hold_action(self._layout, self._controller.state(observation)))
        self._worker.reset()
        self._states: deque[np.ndarray] = deque(maxlen=PAST_TICKS + 1)
        self._held_ticks = 0
        self._trouble = ""
        self.instruction = instruction
        self.trace = Trace(self._layout.action)
        self.error = None
        self._rate = Rate(self._config.control_rate, self._clock)
        self._ramp_up()

    def say(self, instruction: str) -> None:
        """Change the instruction; the plan so far runs on until an answer to the new one comes."""
        self.instruction = instruction
        self._worker.reset()
        self._executor.renew()

    def step(self) -> TickRecord:
        """Run one tick of the policy: ask and hear, then one command per step of the controller."""
        observation = self._sense()
        given = self._hear_and_ask(observation)
        holding = self._executor.holding
        action = self._executor.next_action()
        chunk, row_after = self._executor.running
        coming = self._executor.planned()
        self._watch(holding)
        lateness = 0.0
        for substep in range(self._substeps):
            if substep > 0:
                observation = self._robot.observe()
            share = substep / self._substeps
            lateness = max(lateness, self._send(action.values + share * (coming - action.values), observation))
        record = TickRecord(
            tick=action.tick,
            action=action.values,
            state=self._state,
            lateness=lateness,
            chunk=chunk,
            row=row_after - 1,
            holding=holding,
            delay=None if given is None else action.tick - given.chunk.start_tick,
            compute_seconds=None if given is None else given.seconds,
            gate=self._gate.state.value,
            trouble=self._trouble,
        )
        self.trace.add(record)
        return record

    def _ramp_up(self) -> None:
        """Hold until the gate lets commands through as they are; only then may the policy begin."""
        hold = self._executor.planned()
        for _ in range(int(LONGEST_RAMP * self._config.control_rate)):
            if self._gate.state is GateState.ACTIVE:
                return
            self._send(hold, self._robot.observe())
        last = self._gate.events[-1].detail if self._gate.events else "no event"
        raise SafetyError(
            f"the safety gate is not active after {LONGEST_RAMP:g} s but {self._gate.state.value}: {last}"
        )

    def _send(self, values: np.ndarray, observation: Observation) -> float:
        """Send one command and wait for the next step; return how late that one begins (s)."""
        now = self._clock.now()
        command = self._controller.command(values, observation, now)
        self._robot.command(self._gate.check(command, observation, now))
        return self._rate.wait()

    def _sense(self) -> Observation:
        """Return the newest observation with the state that only the controller knows."""
        observation = self._robot.observe()
        self._state = np.asarray(self._controller.state(observation), np.float32)
        self._states.append(self._state)
        return replace(observation, state=self._state, instruction=self.instruction)

    def _hear_and_ask(self, observation: Observation) -> Answer | None:
        """Take over an answer that has come and ask anew when it is time; return the answer that counts."""
        used = self._hear()
        if self.error is None and (plea := self._executor.ask(self._age(observation))) is not None:
            question = Question(
                # Pictures that are drawn when somebody looks at them are drawn by the policy's thread: this one is due.
                observation=replace(
                    observation, tick=plea.start_tick, state=self._states[plea.start_tick - self._executor.tick - 1]
                ),
                promised=plea.promised,
                epoch=plea.epoch,
                steering=plea.steering,
            )
            used = self._hear(question) or used
        return used

    def _age(self, observation: Observation) -> int:
        """Return by how many whole ticks the oldest picture the policy looks at is older than it is used to."""
        times = [observation.image_times.get(camera, observation.time) for camera in self._layout.cameras]
        # A hair more, so that rounding does not make a tick of one that is not over.
        age = observation.time - min(times, default=observation.time) - self._config.recorded_camera_age
        return max(int(age * self._layout.rate + 1e-6), 0)

    def _hear(self, question: Question | None = None) -> Answer | None:
        """Ask, if there is something to ask, and put an answer that has come into the plan; return it if it counts."""
        try:
            if question is not None:
                self._worker.ask(question)
            given = self._worker.poll(self._executor.tick)
            if given is None:
                return None
            self._trouble = ""
            counts = self._executor.hear(given.chunk, epoch=given.question.epoch, spare=given.spare)
            return given if counts else None
        except NetworkError as error:
            self._trouble = str(error)
            self._executor.give_up_waiting()
        except PolicyError as error:
            self._give_up(error)
        return None

    def _give_up(self, error: PolicyError) -> None:
        """Keep the error for the caller and slow to a hold; only `start` begins anew."""
        self.error = error
        self._executor.slow_down()

    def _watch(self, holding: bool) -> None:
        """Damp a robot that has held for want of answers for too long."""
        self._held_ticks = self._held_ticks + 1 if holding else 0
        limit = self._config.damp_after
        if limit is not None and self._held_ticks > limit * self.rate and self._gate.state is not GateState.DAMP:
            self._gate.damp(self._clock.now())


def hold_action(layout: PolicyLayout, state: np.ndarray) -> np.ndarray:
    """Return the (A,) action that asks for what is: the fields of the (S,) state, zero for all others."""
    known = {item.name for item in layout.state.fields}
    action = np.zeros(layout.action.size, np.float32)
    for item in layout.action.fields:
        if item.name in known:
            action[layout.action.slice_of(item.name)] = layout.state.get(state, item.name)
    return action
