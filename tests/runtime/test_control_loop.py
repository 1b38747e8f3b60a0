from dataclasses import replace

import numpy as np
import pytest

from psizero.clock import SimulatedClock
from psizero.control.safety import GateState, SafetyGate
from psizero.errors import ConfigError, NetworkError, PolicyError
from psizero.runtime.ask import AskConfig
from psizero.runtime.blending import BLEND_TICKS, SLOW_DOWN_TICKS
from psizero.runtime.control_loop import ControlLoop, LoopConfig
from psizero.runtime.worker import SimulatedWorker
from psizero.types import ActionChunk, Observation
from tests.runtime.toy_robot import LAYOUT, SPEC, RampPolicy, ToyController, ToyRobot


class Bench:
    """A loop with its toy peers."""

    def __init__(
        self,
        policy: RampPolicy,
        *,
        delay: int = 0,
        robot: type[ToyRobot] = ToyRobot,
        damp_after: float | None = None,
        recorded_camera_age: float = 0.0,
        **settings: int,
    ) -> None:
        self.clock = SimulatedClock()
        self.robot = robot(self.clock)
        self.controller = ToyController()
        self.gate = SafetyGate(SPEC)
        self.loop = ControlLoop(
            robot=self.robot,
            clock=self.clock,
            controller=self.controller,
            gate=self.gate,
            worker=SimulatedWorker(policy, delay),
            layout=LAYOUT,
            config=LoopConfig(
                first_delay=delay,
                ask=AskConfig(**settings),
                damp_after=damp_after,
                recorded_camera_age=recorded_camera_age,
            ),
        )
        self.loop.start("wave")

    def run(self, ticks: int) -> np.ndarray:
        for _ in range(ticks):
            self.loop.step()
        return self.loop.trace.actions


class SilentPolicy(RampPolicy):
    """Answers once, then fails."""

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        if self.asked:
            raise PolicyError("lost")
        return super().act(observation, promised)


class WatchingPolicy(RampPolicy):
    """Remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.states: list[np.ndarray] = []
        self.promised: list[np.ndarray] = []

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.states.append(observation.state)
        self.promised.append(promised)
        return super().act(observation, promised)


class NanPolicy(RampPolicy):
    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        chunk = super().act(observation, promised)
        return ActionChunk(values=np.full_like(chunk.values, np.nan), start_tick=chunk.start_tick)


def test_the_policy_begins_only_when_the_gate_is_active():
    policy = RampPolicy()
    bench = Bench(policy)
    assert bench.gate.state is GateState.ACTIVE
    assert not policy.asked
    np.testing.assert_allclose(bench.robot.positions, [0.3, -0.2], atol=1e-6)


@pytest.mark.parametrize("delay", [0, 1, 2, 4, 6])
def test_the_motion_is_seamless_whatever_the_delay(delay):
    actions = Bench(RampPolicy(), delay=delay).run(90)
    steps = np.diff(actions[:, 0])
    assert (steps >= 0).all()
    assert steps.max() < 0.01 * 4 / 3, "what is lost while a blend gets under way is caught up by a third more speed"
    np.testing.assert_allclose(steps[max(delay, 1) + BLEND_TICKS :], 0.01, atol=1e-5)


@pytest.mark.parametrize("delay", [0, 3, 6])
def test_the_measured_delay_is_what_is_promised(delay):
    policy = RampPolicy()
    bench = Bench(policy, delay=delay)
    bench.run(60)
    assert {count for _, count, _ in policy.asked} == {max(delay, 1)}
    assert set(bench.loop.trace.summary().delay_ticks) == {delay}


def test_a_wrong_first_guess_is_mended_by_the_first_measurement():
    policy = RampPolicy()
    bench = Bench(policy, delay=5)
    bench.loop._executor._first_delay = 1
    bench.loop.start("wave")
    actions = bench.run(60)
    assert [count for _, count, _ in policy.asked][:3] == [1, 5, 5]
    assert np.abs(np.diff(actions[:, 0])).max() < 0.023, "four ticks of motion are caught up in the blend"


def test_a_delay_beyond_the_training_promises_the_cap_and_goes_on():
    policy = RampPolicy()
    bench = Bench(policy, delay=12, max_promised=7)
    actions = bench.run(120)
    assert {count for _, count, _ in policy.asked} == {7}
    assert np.abs(np.diff(actions[:, 0])).max() < 0.03
    assert bench.loop.error is None


class OldCamera(ToyRobot):
    """Its picture is three ticks old."""

    def observe(self) -> Observation:
        now = super().observe()
        return replace(now, image_times={"head": now.time - 3.2 / 30})


def test_a_question_is_about_the_tick_of_its_picture():
    policy = WatchingPolicy()
    bench = Bench(policy, delay=2, robot=OldCamera)
    bench.run(40)
    assert {count for _, count, _ in policy.asked[2:]} == {5}  # three ticks of the camera, two of the answer
    assert set(bench.loop.trace.summary().delay_ticks[2:]) == {5}
    assert bench.loop.trace.records[-1].row == bench.loop.trace.records[-1].tick - policy.asked[-1][0]
    for (tick, _, _), state, promised in zip(policy.asked, policy.states, policy.promised, strict=True):
        np.testing.assert_array_equal(state, bench.loop.trace.states[tick])
        ran = bench.loop.trace.actions[tick : tick + len(promised)]
        np.testing.assert_array_equal(promised[: len(ran)], ran)


@pytest.mark.parametrize(("recorded", "age"), [(3.2, 0), (1.2, 2), (0.0, 3), (9.0, 0)])
def test_a_lag_that_the_recordings_had_too_is_not_counted_twice(recorded, age):
    policy = WatchingPolicy()
    bench = Bench(policy, delay=2, robot=OldCamera, recorded_camera_age=recorded / 30)
    bench.run(40)
    assert {count for _, count, _ in policy.asked[2:]} == {age + 2}
    for (tick, _, _), state in zip(policy.asked, policy.states, strict=True):
        np.testing.assert_array_equal(state, bench.loop.trace.states[tick])


class LostPolicy(RampPolicy):
    """Cannot be reached from tick 20 to tick 70."""

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        if 20 <= observation.tick < 70:
            raise NetworkError("no answer from far away")
        return super().act(observation, promised)


def test_a_policy_that_cannot_be_reached_leads_to_a_hold_and_on_again_when_it_can():
    bench = Bench(LostPolicy(), delay=0)
    steps = np.diff(bench.run(110)[:, 0])
    records = bench.loop.trace.records
    assert bench.loop.error is None
    assert [r.trouble for r in records].count("no answer from far away") == 50
    assert records[60].holding
    np.testing.assert_array_equal(steps[55:69], 0.0)
    np.testing.assert_allclose(steps[-5:], 0.01, atol=1e-5)
    assert np.abs(np.diff(steps)).max() < 0.011


def test_a_robot_that_holds_too_long_is_damped():
    bench = Bench(LostPolicy(), damp_after=0.5)
    bench.run(65)
    assert bench.gate.state is GateState.DAMP
    held = [r.tick for r in bench.loop.trace.records if r.holding]
    assert bench.loop.trace.records[held[0] + 14].gate == "active"


def test_the_control_steps_lie_on_the_line_between_two_actions():
    bench = Bench(RampPolicy(), delay=2)
    bench.controller.values.clear()
    bench.run(20)
    arm = np.array(bench.controller.values)[:, 0]
    np.testing.assert_allclose(np.diff(arm)[6 + 2 * BLEND_TICKS :], 0.005, atol=1e-5)
    np.testing.assert_allclose(np.diff(arm, 2)[4::2], 0.0, atol=1e-6)


def test_a_policy_that_fails_leads_to_a_hold_and_the_loop_runs_on():
    bench = Bench(SilentPolicy(), delay=0)
    actions = bench.run(30 + SLOW_DOWN_TICKS)
    assert str(bench.loop.error) == "lost"
    np.testing.assert_array_equal(np.diff(actions[-10:, 0]), 0.0)
    np.testing.assert_array_equal(actions[-1, 2], 0.0)


def test_an_action_that_is_no_number_never_reaches_the_robot():
    bench = Bench(NanPolicy())
    bench.run(10)
    assert "nan for 'left_arm.a'" in str(bench.loop.error)
    assert all(np.isfinite(command.positions).all() for command in bench.robot.sent)


def test_a_new_instruction_is_asked_at_once():
    policy = RampPolicy()
    bench = Bench(policy, delay=2)
    bench.run(15)
    bench.loop.say("bow")
    bench.run(1)
    assert policy.asked[-1][0] == 15
    assert policy.asked[-1][2] == "bow"


def test_the_observation_tells_state_instruction_and_tick():
    policy = RampPolicy()
    Bench(policy, min_executed=10).run(25)
    assert policy.asked == [(0, 1, "wave"), (10, 1, "wave"), (20, 1, "wave")]


def test_a_control_rate_that_does_not_divide_is_refused():
    bench = Bench(RampPolicy())
    with pytest.raises(ConfigError, match=r"whole multiple.*try 60"):
        ControlLoop(
            robot=bench.robot,
            clock=bench.clock,
            controller=bench.controller,
            gate=bench.gate,
            worker=SimulatedWorker(RampPolicy()),
            layout=LAYOUT,
            config=LoopConfig(control_rate=50.0),
        )


def test_a_control_rate_at_which_the_gate_does_not_count_is_refused():
    bench = Bench(RampPolicy())
    with pytest.raises(ConfigError, match="counts speeds at 60 Hz, it would be called at 90 Hz"):
        ControlLoop(
            robot=bench.robot,
            clock=bench.clock,
            controller=bench.controller,
            gate=bench.gate,
            worker=SimulatedWorker(RampPolicy()),
            layout=LAYOUT,
            config=LoopConfig(control_rate=90.0),
        )
