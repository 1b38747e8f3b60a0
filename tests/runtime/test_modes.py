import itertools

import numpy as np
import pytest

from psizero.clock import SimulatedClock
from psizero.control.safety import SafetyGate
from psizero.errors import ConfigError, PolicyError
from psizero.runtime.ask import AskConfig
from psizero.runtime.control_loop import ControlLoop, LoopConfig
from psizero.runtime.executor import Executor
from psizero.runtime.modes import DEFAULT_MODE, ENSEMBLE_DECAY, MODES
from psizero.runtime.worker import SimulatedWorker
from psizero.types import ActionChunk, Observation, Steering
from tests.runtime.toy_robot import ACTION, LAYOUT, SPEC, RampPolicy, ToyController, ToyRobot

ROWS = 30


class WobblyPolicy:
    """A ramp in time whose height differs from answer to answer; what it was told comes first."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        self._random = np.random.default_rng(self._seed)
        self.told: dict[int, np.ndarray] = {}
        """By tick of the question: the (d, A) promise."""
        self.led: dict[int, Steering] = {}
        self.chunks: dict[int, np.ndarray] = {}

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.told[observation.tick] = promised
        return self._answer(observation.tick, promised)

    def _answer(self, tick: int, first: np.ndarray) -> ActionChunk:
        rows = np.zeros((ROWS, ACTION.size), np.float32)
        rows[:, 0] = 0.3 + 0.002 * (tick + np.arange(ROWS)) + 0.02 * self._random.uniform(-1, 1)
        rows[: len(first)] = first
        self.chunks[tick] = rows
        return ActionChunk(values=rows, start_tick=tick)


class LedPolicy(WobblyPolicy):
    """Can be steered, too."""

    def steer(self, observation: Observation, steering: Steering) -> ActionChunk:
        self.led[observation.tick] = steering
        return self._answer(observation.tick, steering.plan[: steering.promised])


def loop_of(name: str, policy: WobblyPolicy | RampPolicy, delay: int, **settings: int) -> ControlLoop:
    mode = MODES[name]
    clock = SimulatedClock()
    mode.check(policy, "toy")
    loop = ControlLoop(
        robot=ToyRobot(clock),
        clock=clock,
        controller=ToyController(),
        gate=SafetyGate(SPEC),
        worker=SimulatedWorker(policy, delay),
        layout=LAYOUT,
        config=LoopConfig(first_delay=delay, ask=mode.ask(AskConfig(**settings), max_promised=7, rows=ROWS), mode=mode),
    )
    loop.start("wave")
    return loop


def run(name: str, policy: WobblyPolicy | RampPolicy, delay: int = 3, ticks: int = 60, **settings: int) -> np.ndarray:
    loop = loop_of(name, policy, delay, **settings)
    for _ in range(ticks):
        loop.step()
    if loop.error:
        raise loop.error
    return loop.trace.actions


def test_the_default_promises_and_every_mode_is_known_by_its_name():
    assert LoopConfig().mode is MODES[DEFAULT_MODE] and MODES[DEFAULT_MODE].promises
    assert all(mode.name == name for name, mode in MODES.items())


@pytest.mark.parametrize("name", MODES)
def test_the_same_seed_gives_the_same_actions_and_another_seed_others(name):
    first, again, other = (run(name, LedPolicy(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", MODES)
def test_no_mode_ever_waits_for_an_answer_in_the_loop_and_all_follow_the_ramp(name):
    actions = run(name, LedPolicy(), delay=6, ticks=100)
    assert len(actions) == 100
    behind = 0.3 + 0.002 * np.arange(100)[40:] - actions[40:, 0]
    assert np.abs(behind).max() < (0.05 if name == "sync" else 0.03)


def test_synchronous_stands_while_it_waits_and_skips_no_row():
    policy = WobblyPolicy()
    actions = run("sync", policy, delay=12, ticks=90)
    asked = list(policy.chunks)
    assert asked == [0, 22, 44, 66, 88]  # 12 ticks of waiting, 10 of the plan
    assert all(len(promised) == 0 for promised in policy.told.values())
    for tick in asked[1:4]:
        np.testing.assert_array_equal(np.diff(actions[tick + 9 : tick + 12], axis=0), 0.0)
        # Row 0 runs in the tick in which the answer comes; what is left of the blend is gone before the last row.
        np.testing.assert_allclose(actions[tick + 12 + 8 : tick + 22], policy.chunks[tick][8:10], atol=1e-6)


def test_synchronous_without_delay_never_stops():
    actions = run("sync", RampPolicy(), delay=0)
    np.testing.assert_allclose(np.diff(actions[:, 0])[10:], 0.01, atol=2e-3)


def test_an_answer_that_synchronous_no_longer_waits_for_does_not_run():
    mode = MODES["sync"]
    executor = Executor(ACTION, rate=30.0, ask=mode.ask(AskConfig(), max_promised=7, rows=ROWS), mode=mode)
    plea = executor.ask()
    assert plea is not None
    chunk = ActionChunk(values=np.zeros((ROWS, ACTION.size), np.float32), start_tick=0)
    assert executor.hear(chunk, epoch=plea.epoch)
    executor.next_action()
    assert not executor.hear(chunk, epoch=plea.epoch)


def test_naive_switches_at_once_to_the_row_that_is_due():
    policy = WobblyPolicy()
    actions = run("naive", policy, delay=3)
    assert all(len(promised) == 0 for promised in policy.told.values())
    for tick in list(policy.chunks)[1:5]:
        np.testing.assert_array_equal(actions[tick + 3 : tick + 13], policy.chunks[tick][3:13])


def test_blend_is_told_nothing_either_but_does_not_jump():
    policy = WobblyPolicy()
    naive, blended = (np.abs(np.diff(run(name, policy)[:, 0], 2)).max() for name in ("naive", "blend"))
    assert all(len(promised) == 0 for promised in policy.told.values())
    assert blended < naive / 2


def test_ensemble_runs_the_weighted_mean_of_all_chunks_that_know_a_tick_and_the_oldest_counts_most():
    policy = WobblyPolicy()
    actions = run("ensemble", policy, delay=3, ticks=60)
    for tick in range(4, 60):
        known = [rows[tick - start] for start, rows in policy.chunks.items() if start + 3 <= tick < start + ROWS]
        weights = np.exp(-ENSEMBLE_DECAY * np.arange(len(known)))
        np.testing.assert_allclose(actions[tick], weights @ known / weights.sum(), atol=1e-6)
        assert tick < 23 or len(known) in (2, 3)


def test_ensemble_forgets_when_the_instruction_changes():
    policy = WobblyPolicy()
    loop = loop_of("ensemble", policy, 0)
    for _ in range(25):
        loop.step()
    loop.say("bow")
    record = loop.step()
    np.testing.assert_array_equal(record.action, policy.chunks[25][0])


def test_ensemble_refuses_a_chunk_of_another_robot_before_it_is_averaged():
    class OtherRobots(WobblyPolicy):
        def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
            if observation.tick < 15:
                return super().act(observation, promised)
            return ActionChunk(values=np.zeros((ROWS, 5), np.float32), start_tick=observation.tick)

    with pytest.raises(PolicyError, match=r"chunk of shape \(30, 5\), expected \(1 or more ticks, 3\)"):
        run("ensemble", OtherRobots(), delay=0)


@pytest.mark.parametrize("name", ["guidance", "guidance_identity", "ramp"])
@pytest.mark.parametrize("delay", [0, 4, 9])
def test_a_steered_policy_is_shown_the_rest_of_the_plan_and_what_is_promised_runs(name, delay):
    policy = LedPolicy()
    actions = run(name, policy, delay=delay, ticks=80)
    assert not policy.told
    asked = list(policy.led)
    for before, tick in itertools.pairwise(asked[2:]):
        steering = policy.led[tick]
        assert steering.how == MODES[name].steers
        assert steering.promised == max(delay, 1)  # also beyond the 7 that a network may be trained for
        assert len(steering.plan) == ROWS - (tick - before)
        ran = actions[tick : tick + steering.promised]
        np.testing.assert_array_equal(ran, steering.plan[: len(ran)])


def test_after_a_new_instruction_a_steered_policy_is_led_by_what_surely_runs_alone():
    policy = LedPolicy()
    loop = loop_of("guidance", policy, delay=3)
    for _ in range(25):
        loop.step()
    loop.say("stop waving")
    for _ in range(25):
        loop.step()
    lengths = {tick: len(steering.plan) for tick, steering in policy.led.items()}
    assert lengths[25] == policy.led[25].promised == 3
    assert all(length > 10 for tick, length in lengths.items() if tick not in (0, 25)), lengths


def test_a_policy_that_cannot_be_steered_is_refused_with_the_modes_it_can_do():
    with pytest.raises(ConfigError, match=r"policy toy does not offer; try one of: prefix, sync, naive, ensemble"):
        MODES["guidance"].check(WobblyPolicy(), "toy")
    for name in ("prefix", "sync", "naive", "ensemble", "blend"):
        MODES[name].check(WobblyPolicy(), "toy")
