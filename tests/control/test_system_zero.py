"""System-0 on the simulated robot. Where a trained policy is needed, the shipped one is used."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import mujoco
import numpy as np
import pytest

from psizero.control.locomotion import LocomotionPolicy
from psizero.control.lower_body_controller import BodyGoal
from psizero.control.safety import GateState, SafetyGate
from psizero.control.system_zero import SystemZero
from psizero.control.weight import Weight
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.embodiment.mjcf import add_robot
from psizero.errors import ConfigError
from psizero.geometry import from_rpy, rotate
from psizero.sim.sim_robot import SimRobot
from psizero.sim.world import World
from psizero.types import JointCommand, Observation, WholeBodyTarget
from tests.control.reference_policy import reference_policy

PERIOD = 1 / 60
STAND = WholeBodyTarget()
LEGS = np.concatenate([G1.indices(part) for part in ("left_leg", "right_leg", "waist")])
ARMS = np.setdiff1d(np.arange(43), LEGS)


@cache
def bare_world() -> World:
    """The robot on an endless floor."""
    spec = mujoco.MjSpec()
    spec.option.timestep = 0.002
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    floor = spec.worldbody.add_geom(name="floor", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(20, 20, 0.1))
    floor.contype, floor.conaffinity = 1, 0xFFFF
    add_robot(spec, G1)
    return World(spec, G1)


class Walker:
    """A robot with System-0 under it, driven as the loop does it."""

    def __init__(self, policy: Path | None, *, lean: tuple[float, float] = (0.0, 0.0)) -> None:
        self.world = bare_world()
        self.world.reset()
        self.robot = SimRobot(self.world)
        if any(lean):
            self._lean(*lean)
        self.legs = SystemZero(G1, LocomotionPolicy.load(policy, G1))
        self.controller = WholeBodyController(G1, G1_DEX3, lower_body=self.legs)
        self.gate = SafetyGate(G1)
        self.sent: list[JointCommand] = []
        observation = self.robot.observe()
        self.controller.reset(observation)
        self.gate.arm(observation, observation.time)
        self._begin, self._steps = self.world.time, 0

    def _lean(self, roll: float, pitch: float) -> None:
        """Turn the whole robot about the middle of its feet."""
        qpos = self.world.data.qpos
        turn = from_rpy(roll, pitch, 0.0)
        qpos[:3], qpos[3:7] = rotate(turn, qpos[:3]), turn
        qpos[2] += 0.01
        mujoco.mj_forward(self.world.model, self.world.data)

    def step(self, target: WholeBodyTarget | None, *, seen: Observation | None = None) -> None:
        """One step towards `target`; `None`: the source of actions is silent."""
        observation = seen or self.robot.observe()
        now = self.world.time
        action = None if target is None else self.controller.act_on_target(target, PERIOD)
        command = self.gate.check(self.controller.command(action, observation, now), observation, now)
        for numbers in (command.positions, command.stiffness, command.damping, command.torques):
            assert np.isfinite(numbers).all()
        self.sent.append(command)
        self.robot.command(command)
        self.wait(1)

    def wait(self, steps: int) -> None:
        """Let time pass without a command."""
        self._steps += steps
        self.world.step_until(self._begin + self._steps * PERIOD)

    def run(self, seconds: float, target: WholeBodyTarget | None = STAND) -> None:
        for _ in range(round(seconds / PERIOD)):
            self.step(target)

    def blinded(self) -> Observation:
        observation = self.robot.observe()
        positions = observation.joint_positions.copy()
        positions[3] = np.nan
        return replace(observation, joint_positions=positions)

    @property
    def place(self) -> np.ndarray:
        return self.world.pose("pelvis").position

    @property
    def tilt(self) -> float:
        up = rotate(self.world.pose("pelvis").orientation, np.array([0.0, 0.0, 1.0]))
        return float(np.arccos(np.clip(up[2], -1.0, 1.0)))

    def stands(self) -> bool:
        # A robot that walks at 0.3 m/s sways by up to 0.17 rad.
        return self.gate.state is GateState.ACTIVE and self.tilt < 0.2 and self.place[2] > 0.65


def walking(vx: float = 0.0, vy: float = 0.0, yaw_rate: float = 0.0) -> WholeBodyTarget:
    return WholeBodyTarget(base_velocity=np.array([vx, vy, yaw_rate]))


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    return reference_policy(tmp_path_factory.mktemp("policy") / "reference.onnx")


# What holds for every policy, tried with one that adds nothing to the reference.


def test_legs_and_waist_get_the_card_s_gains_and_arms_the_robot_s(reference):
    walker = Walker(reference)
    walker.run(0.1)
    command = walker.sent[-1]
    policy = LocomotionPolicy.load(reference, G1)
    np.testing.assert_array_equal(command.stiffness[LEGS], policy.stiffness)
    np.testing.assert_array_equal(command.damping[LEGS], policy.damping)
    np.testing.assert_array_equal(command.stiffness[ARMS], G1.column("stiffness")[ARMS])
    assert not command.torques[LEGS].any()


def test_arms_do_not_sink_under_their_own_weight(reference):
    walker = Walker(reference)
    walker.run(3.0)
    wanted = walker.sent[-1].positions[ARMS]
    np.testing.assert_allclose(walker.world.joint_positions()[ARMS], wanted, atol=0.01)


def test_velocities_and_posture_change_no_faster_than_the_policy_has_learned(reference, monkeypatch):
    policy = LocomotionPolicy.load(reference, G1)
    heard: list[np.ndarray] = []
    act = policy.act
    policy.act = lambda command, senses, dt: heard.append(command[0]) or act(command, senses, dt)
    legs, observation = SystemZero(G1, policy), SimRobot(bare_world()).observe()
    legs.reset(observation)
    # The robot of this test never moves, as if nothing carried it.
    monkeypatch.setattr(Weight, "carried", lambda self, torques: 1.0)
    goal = BodyGoal(
        positions=G1.column("rest"),
        torso_rpy=np.array([0.3, 0.8, -0.9]),
        pelvis_height=0.5,
        velocity=np.array([2.0, -2.0, 3.0]),
    )
    for _ in range(120):
        legs.command(goal, observation, 0.0)
    change = np.abs(np.diff(heard, axis=0))
    assert np.all(change <= np.array(policy.card.slew) * PERIOD + 1e-9)
    np.testing.assert_allclose(heard[-1], [0.7, -0.4, 0.8, 0.5, 0.3, 0.8, -0.9])


@pytest.mark.parametrize(
    "part", ["joint_positions", "joint_velocities", "world_from_pelvis", "pelvis_angular_velocity"]
)
def test_a_broken_number_never_enters_the_policy_s_memory(reference, part):
    legs = SystemZero(G1, LocomotionPolicy.load(reference, G1))
    observation = SimRobot(bare_world()).observe()
    legs.reset(observation)
    goal = BodyGoal(
        positions=G1.column("rest"), torso_rpy=np.zeros(3), pelvis_height=0.75, velocity=np.array([0.3, 0.0, 0.0])
    )
    before = [legs.command(goal, observation, 0.0) for _ in range(10)][-1]
    for broken in (np.full(np.shape(getattr(observation, part)), np.nan), np.zeros(1)):
        blind = legs.command(goal, replace(observation, **{part: broken}), 0.0)
        np.testing.assert_array_equal(blind.positions[LEGS], before.positions[LEGS])
    assert np.isfinite(legs.command(goal, observation, 0.0).positions).all()


def test_a_rate_the_policy_was_not_trained_for_is_refused(reference):
    with pytest.raises(ConfigError, match="runs at 50 to 60 Hz, not at 100 Hz; try 60"):
        SystemZero(G1, LocomotionPolicy.load(reference, G1), rate=100.0)


def test_a_robot_that_lies_is_not_driven(reference):
    walker = Walker(reference, lean=(0.0, 1.2))
    walker.run(0.5)
    assert walker.gate.state is GateState.DAMP
    assert not walker.sent[0].stiffness.any()


def test_a_robot_that_stays_blind_is_damped_after_a_fifth_of_a_second(reference):
    walker = Walker(reference)
    walker.run(2.0)
    assert walker.stands()
    for _ in range(30):
        walker.step(STAND, seen=walker.blinded())
    begin = next(event for event in walker.gate.events if event.kind == "observation")
    end = walker.gate.events[-1]
    assert end.detail.startswith("damp: faulty for 0.2 s: joint_positions")
    assert end.time - begin.time == pytest.approx(0.2, abs=0.02)
    assert not walker.sent[-1].stiffness.any()


def lift_and_put_down(walker: Walker) -> None:
    """Lift a standing robot by 25 cm for some seconds, asking it to walk on the way."""
    data, torso = walker.world.data, walker.world.model.body("torso_link").id
    weight = 9.81 * float(walker.world.model.body_mass.sum())
    start = walker.place[2]
    for step in range(360):
        t = step * PERIOD
        height = start + 0.25 * float(np.clip(min(t, 6.0 - t), 0.0, 1.0))
        force = weight * min(t, 1.0) + 2000 * (height - walker.place[2]) - 300 * data.qvel[2]
        data.xfrc_applied[torso, 2] = np.clip(force, 0.0, 2 * weight) * min(1.0, 6.0 - t)
        walker.step(walking(0.3) if 2.0 < t < 4.0 else STAND)
        if 1.5 < t < 4.5:
            assert walker.legs.hangs
            assert np.abs(walker.world.joint_velocities()[LEGS]).max() < 8.0
    data.xfrc_applied[torso] = 0.0


def test_a_robot_that_is_lifted_keeps_its_legs_still(reference):
    walker = Walker(reference)
    walker.run(2.0)
    assert not walker.legs.hangs
    lift_and_put_down(walker)
    assert walker.gate.state is GateState.ACTIVE


# What the robot does in bad situations.


@pytest.mark.parametrize("lean", [(0.0, 0.1), (0.0, -0.08), (0.1, 0.0), (-0.1, 0.0)])
def test_a_robot_that_starts_tilted_rights_itself(lean):
    walker = Walker(None, lean=lean)
    walker.run(4.0)
    assert walker.stands()


@pytest.mark.parametrize("target", [STAND, walking(0.3)])
def test_a_sensor_that_fails_for_three_steps_makes_nobody_fall(target):
    walker = Walker(None)
    walker.run(2.0, target)
    for _ in range(3):
        walker.step(target, seen=walker.blinded())
        assert walker.gate.state is GateState.HOLD
    walker.run(3.0, target)
    assert walker.stands()


def test_actions_that_stay_away_for_200_ms_cost_no_step_of_balance():
    walker = Walker(None)
    walker.run(3.0, walking(0.3))
    walker.run(0.2, None)
    walker.run(2.0, walking(0.3))
    assert walker.stands()
    assert walker.gate.counters["action"] == 12
    assert set(walker.gate.counters) <= {"action", "state", "limit"}


def test_a_robot_whose_actions_stay_away_stops_and_stands():
    walker = Walker(None)
    walker.run(3.0, walking(0.4, yaw_rate=0.3))
    walker.run(3.0, None)
    place = walker.place.copy()
    walker.run(2.0, None)
    assert walker.stands()
    # Arms and legs settle for a while; 3 cm/s is no walk.
    assert np.linalg.norm(walker.place - place) < 0.06


def test_a_loop_that_stalls_for_200_ms_finds_a_robot_that_stands_or_damps_it():
    walker = Walker(None)
    walker.run(2.0)
    # After 0.1 s without a command the receiver takes the stiffness away by itself.
    walker.wait(12)
    walker.run(4.0)
    assert walker.stands() or walker.gate.state is GateState.DAMP


def test_a_robot_that_was_lifted_stands_when_it_is_put_down():
    walker = Walker(None)
    walker.run(2.0)
    lift_and_put_down(walker)
    walker.run(3.0)
    assert walker.stands()
    assert not walker.legs.hangs


def test_the_robot_walks_where_and_turns_how_far_it_is_told():
    walker = Walker(None)
    walker.run(1.5)
    walker.run(5.0, walking(0.4))
    assert walker.place[0] == pytest.approx(2.0, abs=0.4)
    walker.run(3.0, walking(yaw_rate=0.5))
    walker.run(3.0)
    turned = 2 * np.arctan2(*walker.world.pose("pelvis").orientation[[3, 0]])
    assert turned == pytest.approx(1.5, abs=np.deg2rad(4))
    assert walker.stands()


def test_a_hold_on_demand_keeps_the_balance():
    walker = Walker(None)
    walker.run(2.0)
    walker.gate.hold(walker.world.time)
    torso = walker.world.model.body("torso_link").id
    walker.world.data.xfrc_applied[torso, 0] = 80.0
    walker.run(0.1)
    walker.world.data.xfrc_applied[torso] = 0.0
    walker.run(3.0)
    assert walker.gate.state is GateState.HOLD
    assert walker.tilt < 0.15
    assert walker.place[2] > 0.65
