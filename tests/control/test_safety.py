from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.control.safety import GateState, SafetyConfig, SafetyGate
from psizero.embodiment.g1 import G1
from psizero.errors import ConfigError
from psizero.geometry import from_rpy
from psizero.types import JointCommand, Observation

PERIOD = 1 / 60
REST = G1.column("rest")
LOWER, UPPER = G1.column("lower"), G1.column("upper")
CONFIG = SafetyConfig()
HANDS = np.isin(np.arange(43), np.concatenate([G1.indices("left_hand"), G1.indices("right_hand")]))
LEGS = np.isin(np.arange(43), np.concatenate([G1.indices(part) for part in ("left_leg", "right_leg", "waist")]))
KINDS_OF_JOINTS = [LEGS, HANDS]
SPEED = np.minimum(
    np.select(KINDS_OF_JOINTS, [CONFIG.balance_speed, CONFIG.hand_speed], CONFIG.speed), G1.column("velocity")
)
ACCELERATION = np.select(KINDS_OF_JOINTS, [CONFIG.balance_acceleration, CONFIG.hand_acceleration], CONFIG.acceleration)
REACH = CONFIG.balance_reach * LEGS


def seen(now: float, **changes) -> Observation:
    observation = Observation(
        time=now,
        joint_positions=REST,
        joint_velocities=np.zeros(43),
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
    )
    return replace(observation, **changes)


def wanted(positions: np.ndarray, now: float, **changes) -> JointCommand:
    command = JointCommand(
        positions=positions,
        stiffness=G1.column("stiffness"),
        damping=G1.column("damping"),
        torques=np.zeros(43),
        valid_until=now + 0.1,
    )
    return replace(command, **changes)


class Harness:
    """A gate called at its rate, with everything it lets out checked on the way."""

    def __init__(self) -> None:
        self.gate = SafetyGate(G1, CONFIG)
        self.now = 0.0
        self.sent: list[np.ndarray] = []

    def arm(self) -> None:
        if self.gate.state in (GateState.DISARMED, GateState.DAMP):
            self.sent = [REST, REST]
        self.gate.arm(seen(self.now), self.now)

    def check(self, command: JointCommand, observation: Observation | None = None) -> JointCommand:
        self.now += PERIOD
        return self.check_at(command, observation or seen(self.now), self.now)

    def check_at(self, command: JointCommand, observation: Observation, now: float) -> JointCommand:
        out = self.gate.check(command, observation, now)
        for numbers in (out.positions, out.stiffness, out.damping, out.torques):
            assert numbers.shape == (43,)
            assert np.isfinite(numbers).all()
        assert np.all(out.positions >= LOWER - REACH)
        assert np.all(out.positions <= UPPER + REACH)
        assert np.all(np.abs(out.torques) <= G1.column("effort"))
        assert np.all((out.stiffness >= 0) & (out.stiffness <= G1.column("stiffness")))
        if self.gate.state in (GateState.DISARMED, GateState.DAMP):
            assert np.all(out.stiffness == 0)
            assert np.all(out.damping > 0)
        self.sent.append(out.positions)
        if len(self.sent) >= 3:
            before, last, this = self.sent[-3:]
            assert np.all(np.abs(this - last) <= SPEED * PERIOD + 1e-9)
            assert np.all(np.abs(this - 2 * last + before) <= ACCELERATION * PERIOD**2 + 1e-9)
        return out

    def activate(self) -> None:
        self.arm()
        for _ in range(100):
            self.check(wanted(REST, self.now + PERIOD))
        assert self.gate.state is GateState.ACTIVE


def strange_positions(kind: str, rng: np.random.Generator) -> np.ndarray:
    if kind == "nan":
        return np.where(rng.random(43) < 0.1, np.nan, REST)
    if kind == "huge":
        return rng.choice([-1e300, 1e300], size=43)
    if kind == "shape":
        return np.zeros(7)
    if kind == "objects":
        return np.array([None] * 43)
    return rng.uniform(LOWER, UPPER)


KINDS = ("jump", "jump", "steady", "steady", "nan", "huge", "shape", "objects")
STEPS = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(("", "", "", "", "stale", "blind", "tilted", "clock", "late", "hold", "damp", "arm")),
    st.integers(1, 12),
)


@given(script=st.lists(STEPS, min_size=3, max_size=25), seed=st.integers(0, 1000))
def test_whatever_comes_in_what_goes_out_keeps_all_limits(script, seed):
    harness, rng = Harness(), np.random.default_rng(seed)
    harness.arm()
    for kind, event, repeats in script:
        if event == "arm":
            harness.arm()
        elif event in ("hold", "damp"):
            getattr(harness.gate, event)(harness.now)
        for _ in range(repeats):
            now = harness.now + PERIOD
            positions = REST if kind == "steady" else strange_positions(kind, rng)
            command = replace(wanted(positions, now), balancing=bool(rng.random() < 0.5))
            observation = seen(now)
            if event == "stale":
                command = replace(command, valid_until=now - 1.0)
            elif event == "late":
                observation = replace(observation, time=now - 5.0)
            elif event == "blind":
                observation = replace(observation, joint_positions=np.full(43, np.nan))
            elif event == "tilted":
                observation = replace(observation, world_from_pelvis=from_rpy(*rng.uniform(-2, 2, 3)))
            if event == "clock":
                harness.check_at(command, observation, float(rng.choice([np.nan, np.inf, -1e9, 0.0, 1e9])))
            else:
                harness.check(command, observation)


def test_commands_within_the_limits_pass_unchanged():
    harness = Harness()
    harness.activate()
    for step in range(300):
        now = harness.now + PERIOD
        positions = REST + 0.3 * (UPPER - REST) * (1 - np.cos(0.02 * step)) / 2
        command = wanted(positions, now, torques=np.full(43, 0.5))
        out = harness.check(command)
        np.testing.assert_array_equal(out.positions, positions)
        np.testing.assert_array_equal(out.torques, command.torques)
        assert out.valid_until == command.valid_until
    assert set(harness.gate.counters) == {"state"}


def test_a_step_that_comes_late_and_the_next_in_time_are_no_fault():
    harness = Harness()
    harness.activate()
    start = harness.now
    for step in range(1, 30):
        now = start + step * PERIOD + (0.010 if step % 3 == 0 else 0.0)
        harness.check_at(wanted(REST, now), seen(now), now)
    assert harness.gate.state is GateState.ACTIVE
    assert "clock" not in harness.gate.counters


def test_a_target_at_the_end_of_the_range_is_reached_and_not_passed():
    harness = Harness()
    harness.activate()
    for _ in range(200):
        out = harness.check(wanted(UPPER + 1.0, harness.now + PERIOD))
    np.testing.assert_allclose(out.positions, UPPER, atol=1e-9)
    assert harness.gate.counters["range"] == 200
    assert [event.kind for event in harness.gate.events].count("range") == 1


def test_arming_blends_slowly_from_the_measured_pose():
    harness = Harness()
    harness.arm()
    target = np.clip(REST + 0.4, LOWER, UPPER)
    out = harness.check(wanted(target, harness.now + PERIOD))
    np.testing.assert_allclose(out.positions, REST, atol=1e-3)
    steps = 1
    while harness.gate.state is GateState.RAMP:
        harness.check(wanted(target, harness.now + PERIOD))
        steps += 1
    assert steps >= CONFIG.ramp_time * CONFIG.rate
    np.testing.assert_allclose(harness.sent[-1], target, atol=1e-6)


def test_one_broken_command_is_refused_and_the_next_good_one_goes_on():
    harness = Harness()
    harness.activate()
    harness.check(wanted(np.full(43, np.nan), harness.now + PERIOD))
    assert harness.gate.state is GateState.HOLD
    assert harness.gate.events[-2].kind == "command"
    harness.check(wanted(REST, harness.now + PERIOD))
    assert harness.gate.state is GateState.RAMP


def test_without_fresh_commands_the_robot_holds_and_then_is_damped():
    harness = Harness()
    harness.activate()
    command = wanted(REST, harness.now)
    states = []
    for _ in range(60):
        harness.check(command)
        states.append(harness.gate.state)
    hold = states.index(GateState.HOLD)
    damp = states.index(GateState.DAMP)
    assert damp - hold == pytest.approx(CONFIG.damp_after * CONFIG.rate, abs=1)
    harness.check(wanted(REST, harness.now + PERIOD))
    assert harness.gate.state is GateState.DAMP


def test_a_hold_on_demand_lasts_until_armed_again():
    harness = Harness()
    harness.activate()
    harness.gate.hold(harness.now)
    for _ in range(120):
        out = harness.check(wanted(REST + 0.01, harness.now + PERIOD))
    assert harness.gate.state is GateState.HOLD
    assert np.all(out.stiffness > 0)
    harness.arm()
    assert harness.gate.state is GateState.RAMP


def test_a_long_hold_on_demand_outlives_one_lost_observation():
    harness = Harness()
    harness.activate()
    harness.gate.hold(harness.now)
    silent = wanted(REST, harness.now)
    for _ in range(120):
        harness.check(silent)
    harness.check(silent, seen(harness.now - 1.0))
    assert harness.gate.state is GateState.HOLD


def test_asking_to_hold_again_and_again_does_not_put_off_the_damping_of_a_robot_that_is_not_seen():
    harness = Harness()
    harness.activate()
    for _ in range(60):
        harness.gate.hold(harness.now)
        harness.check(wanted(REST, harness.now + PERIOD), seen(0.0))
    assert harness.gate.state is GateState.DAMP


@pytest.mark.parametrize(
    ("tilt", "rate", "falls"),
    [(0.0, 0.0, False), (0.9, 0.0, True), (0.5, 5.0, False), (0.5, 7.0, True), (0.5, -5.0, False)],
)
def test_a_fall_is_seen_before_it_is_over(tilt, rate, falls):
    harness = Harness()
    harness.activate()
    observation = seen(
        harness.now + PERIOD,
        world_from_pelvis=from_rpy(0.0, tilt, 0.3),
        pelvis_angular_velocity=np.array([0.0, rate, 0.0]),
    )
    harness.check(wanted(REST, harness.now + PERIOD), observation)
    assert (harness.gate.state is GateState.DAMP) == falls


def test_gains_and_torques_are_held_to_the_motors():
    harness = Harness()
    harness.activate()
    out = harness.check(
        wanted(
            REST,
            harness.now + PERIOD,
            stiffness=np.full(43, 1e6),
            damping=np.full(43, -3.0),
            torques=np.full(43, -1e5),
        )
    )
    np.testing.assert_array_equal(out.stiffness, G1.column("stiffness"))
    np.testing.assert_array_equal(out.damping, 0.0)
    np.testing.assert_array_equal(out.torques, -G1.column("effort"))
    assert harness.gate.counters["gain"] == 1


def test_a_broken_observation_does_not_arm():
    gate = SafetyGate(G1)
    gate.arm(seen(0.0, joint_positions=np.full(43, np.nan)), 0.0)
    assert gate.state is GateState.DISARMED
    assert "not armed" in gate.events[-1].detail


def test_a_limit_of_zero_is_refused():
    with pytest.raises(ConfigError, match=r"'speed' must be greater than 0, got 0\.0; try 8\.0"):
        SafetyConfig(speed=0.0)


def test_a_gate_that_counts_at_another_rate_is_refused():
    CONFIG.check_rate(60.0)
    with pytest.raises(ConfigError, match=r"at 60 Hz.*at 30 Hz; try SafetyConfig\(rate=30\)"):
        CONFIG.check_rate(30.0)


def balancing(positions: np.ndarray, now: float, **changes) -> JointCommand:
    return replace(wanted(positions, now), balancing=True, **changes)


def test_legs_that_balance_are_obeyed_from_the_first_step_while_arms_blend():
    harness = Harness()
    harness.arm()
    target = np.clip(REST + 0.2, LOWER, UPPER)
    for _ in range(3):
        out = harness.check(balancing(target, harness.now + PERIOD))
    np.testing.assert_allclose(out.positions[LEGS], target[LEGS], atol=1e-9)
    np.testing.assert_allclose(out.positions[~LEGS], REST[~LEGS], atol=1e-3)
    assert harness.gate.state is GateState.RAMP


def test_legs_of_a_robot_that_hangs_far_from_the_commanded_pose_blend_too():
    harness = Harness()
    harness.gate.arm(seen(0.0, joint_positions=REST - 1.0 * LEGS), 0.0)
    harness.sent = []
    out = harness.check(balancing(REST, PERIOD))
    assert np.max(np.abs(out.positions - REST)[LEGS]) > 0.5


def test_a_hold_on_demand_stops_the_arms_and_lets_legs_balance():
    harness = Harness()
    harness.activate()
    harness.gate.hold(harness.now)
    for step in range(120):
        target = REST + 0.1 * np.sin(0.1 * step)
        out = harness.check(balancing(target, harness.now + PERIOD))
    assert harness.gate.state is GateState.HOLD
    np.testing.assert_allclose(out.positions[LEGS], target[LEGS], atol=1e-6)
    np.testing.assert_allclose(out.positions[~LEGS], REST[~LEGS], atol=1e-6)


def test_a_balancing_robot_that_feels_nothing_keeps_its_legs_and_gains_and_is_damped_sooner():
    harness = Harness()
    harness.activate()
    soft = balancing(REST, harness.now + PERIOD, stiffness=0.25 * G1.column("stiffness"))
    before = harness.check(soft)
    states = []
    for _ in range(30):
        now = harness.now + PERIOD
        out = harness.check(replace(soft, valid_until=now + 0.1), seen(now, joint_velocities=np.full(43, np.nan)))
        states.append(harness.gate.state)
        if states[-1] is GateState.HOLD:
            np.testing.assert_array_equal(out.positions, before.positions)
            np.testing.assert_array_equal(out.stiffness, before.stiffness)
    assert states[0] is GateState.HOLD
    assert states.index(GateState.DAMP) == pytest.approx(CONFIG.balance_damp_after * CONFIG.rate, abs=1)


def test_faults_that_come_and_go_every_second_step_damp_the_robot():
    harness = Harness()
    harness.activate()
    for step in range(300):
        now = harness.now + PERIOD
        positions = np.full(43, np.nan) if step % 2 else REST
        harness.check(wanted(positions, now))
    assert harness.gate.state is GateState.DAMP


def test_a_rare_fault_is_forgiven_for_ever():
    harness = Harness()
    harness.activate()
    for step in range(3000):
        positions = np.full(43, np.nan) if step % 10 == 0 else REST
        harness.check(wanted(positions, harness.now + PERIOD))
    assert harness.gate.state is not GateState.DAMP


def test_a_fall_is_seen_while_the_joints_are_not():
    harness = Harness()
    harness.activate()
    now = harness.now + PERIOD
    harness.check(
        wanted(REST, now),
        seen(now, joint_positions=np.full(43, np.nan), world_from_pelvis=from_rpy(0.0, 1.0, 0.0)),
    )
    assert harness.gate.state is GateState.DAMP


def test_an_orientation_that_is_none_is_a_fault_of_the_sensor_and_no_fall():
    harness = Harness()
    harness.activate()
    harness.check(wanted(REST, harness.now + PERIOD), seen(harness.now + PERIOD, world_from_pelvis=np.zeros(4)))
    assert harness.gate.state is GateState.HOLD
    harness.check(wanted(REST, harness.now + PERIOD))
    assert harness.gate.state is GateState.RAMP


def test_the_target_of_a_balancing_leg_may_lie_beyond_its_end_because_it_is_a_torque():
    harness = Harness()
    harness.activate()
    far = np.where(LEGS, UPPER + 0.2, REST)
    for _ in range(60):
        out = harness.check(balancing(far, harness.now + PERIOD))
    np.testing.assert_allclose(out.positions[LEGS], far[LEGS], atol=1e-9)
    assert "range" not in harness.gate.counters
    for _ in range(60):
        out = harness.check(wanted(far, harness.now + PERIOD))
    np.testing.assert_allclose(out.positions[LEGS], UPPER[LEGS], atol=1e-9)


def test_what_was_wrong_with_an_action_is_noted_once_and_counted():
    harness = Harness()
    harness.activate()
    for _ in range(5):
        harness.check(replace(wanted(REST, harness.now + PERIOD), fault="no action"))
    harness.check(wanted(REST, harness.now + PERIOD))
    assert harness.gate.counters["action"] == 5
    assert [event.detail for event in harness.gate.events if event.kind == "action"] == ["no action"]
    assert harness.gate.state is GateState.ACTIVE
