from dataclasses import replace

import numpy as np
import pytest

from psizero.clock import SimulatedClock
from psizero.control.safety import GateState, SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3, PSI0_ACTION, PSI0_STATE
from psizero.errors import ConfigError, SafetyError
from psizero.geometry import Pose
from psizero.teleop.calibration import Calibration
from psizero.teleop.device import ReplayDevice
from psizero.teleop.operator import OperatorFrame
from psizero.teleop.pipeline import TeleoperationPipeline
from psizero.teleop.retarget import Retargeter
from psizero.types import JointCommand, Observation

CALIBRATION = Calibration.draw(np.random.default_rng(0))
LOWER, UPPER = G1.column("lower"), G1.column("upper")


class PerfectRobot:
    """A body whose joints are where they were told to be: the pipeline's ends without physics."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self.joints = G1.column("rest")
        self.commands: list[JointCommand] = []
        self.lag = 0.0

    def observe(self) -> Observation:
        return Observation(
            time=self.clock.now() - self.lag,
            joint_positions=self.joints,
            joint_velocities=np.zeros(43),
            world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
            pelvis_angular_velocity=np.zeros(3),
        )

    def command(self, command: JointCommand) -> None:
        self.commands.append(command)
        if np.all(command.stiffness > 0):
            self.joints = command.positions

    def stop(self) -> None:
        self.commands.clear()


class Tape:
    """Keeps what is recorded."""

    def __init__(self) -> None:
        self.rows: list[tuple[Observation, np.ndarray, float]] = []

    def add(self, observation: Observation, action_values: np.ndarray, now: float) -> None:
        self.rows.append((observation, action_values, now))


def reaching(seconds: float) -> list[OperatorFrame]:
    """A person who stretches both arms in the robot's front, from the third second on."""

    def frame(time: float) -> OperatorFrame:
        share = np.clip((time - 2.0) / 2.0, 0.0, 1.0)
        wrists = [Pose(np.array([0.2 + 0.12 * share, y, 0.9])) for y in (0.2, -0.2)]
        return OperatorFrame(
            time=time,
            head=CALIBRATION.operator_from_stance(Pose(np.array([0.037, 0.018, 1.224]))),
            left_wrist=CALIBRATION.operator_from_stance(wrists[0]),
            right_wrist=CALIBRATION.operator_from_stance(wrists[1]),
            left_curl=np.full(3, share),
            right_curl=np.zeros(3),
        )

    return [frame(time) for time in np.arange(0.0, seconds, 1 / 60)]


def pipeline(frames: list[OperatorFrame]) -> tuple[TeleoperationPipeline, PerfectRobot, SafetyGate, Tape]:
    clock = SimulatedClock()
    robot, gate, tape = PerfectRobot(clock), SafetyGate(G1), Tape()
    controller = WholeBodyController(G1, G1_DEX3)
    made = TeleoperationPipeline(ReplayDevice(frames), Retargeter(CALIBRATION), controller, gate, robot, clock, tape)
    return made, robot, gate, tape


@pytest.fixture(scope="module")
def session():
    made, robot, gate, tape = pipeline(reaching(5.0))
    made.run(until=5.0)
    return made, robot, gate, tape


def test_every_command_that_reaches_the_robot_came_from_the_gate_and_keeps_its_limits(session):
    _, robot, gate, _ = session
    places = np.array([command.positions for command in robot.commands])
    assert np.all((places >= LOWER) & (places <= UPPER))
    assert gate.state is GateState.ACTIVE
    assert set(gate.counters) == {"state"}
    assert len(places) == pytest.approx(300, abs=3)


def test_the_robot_reaches_what_the_person_reaches_for(session):
    _, robot, _, _ = session
    start, end = robot.commands[130].positions, robot.commands[-1].positions
    left_hand = G1.indices("left_hand")
    assert np.max(np.abs(end[G1.indices("left_arm")] - start[G1.indices("left_arm")])) > 0.1
    assert np.max(np.abs(end[left_hand])) > 1.0
    assert np.max(np.abs(end[G1.indices("right_hand")])) < 0.7


def test_what_is_recorded_is_observation_and_action_of_one_instant_at_the_policy_s_rate(session):
    *_, tape = session
    times = np.array([now for *_, now in tape.rows])
    np.testing.assert_allclose(np.diff(times), 1 / 30, atol=1e-9)
    assert [observation.tick for observation, *_ in tape.rows] == list(range(len(tape.rows)))
    for (observation, action, now), (_, before, _) in zip(tape.rows[1:], tape.rows[:-1], strict=True):
        assert observation.time == now
        assert action.shape == (36,)
        assert observation.state.shape == (32,)
        torso = PSI0_STATE.get(observation.state, "torso_rpy")
        # The state knows the command before this action, one control step after the last recorded one.
        assert np.max(np.abs(torso - PSI0_ACTION.get(before, "torso_rpy"))) < 0.05


def test_a_recording_replayed_as_actions_gives_the_arms_of_the_session(session):
    _, robot, _, tape = session
    controller = WholeBodyController(G1, G1_DEX3)
    arms = np.concatenate([G1.indices("left_arm"), G1.indices("right_arm"), G1.indices("left_hand")])
    sent = {round(command.valid_until - 0.1, 6): command.positions[arms] for command in robot.commands}
    for observation, action, now in tape.rows:
        command = controller.command(action, observation, now)
        np.testing.assert_allclose(command.positions[arms], sent[round(now, 6)], atol=1e-6)


def test_nothing_is_recorded_and_the_pose_held_while_the_gate_ramps():
    made, robot, gate, tape = pipeline(reaching(3.0))
    made.start()
    assert gate.state is GateState.ACTIVE
    assert tape.rows == []
    assert np.max(np.abs(robot.joints - G1.column("rest"))) < 0.05


def test_a_person_who_vanishes_leaves_a_robot_that_stands_still():
    made, robot, gate, _ = pipeline(reaching(3.0))
    made.run(until=5.0)
    assert gate.state is GateState.ACTIVE
    places = np.array([command.positions for command in robot.commands[-20:]])
    assert np.max(np.abs(np.diff(places, axis=0))) < 1e-3


def test_a_robot_that_cannot_be_seen_is_given_up_with_the_reason():
    made, robot, _, _ = pipeline(reaching(1.0))
    robot.lag = 5.0
    with pytest.raises(SafetyError, match=r"observation is 5\.000 s old"):
        made.step()


@pytest.mark.parametrize(("rate", "why"), [(50.0, "try 60"), (90.0, "counts speeds at 60 Hz")])
def test_a_rate_that_fits_neither_recording_nor_gate_is_refused(rate, why):
    clock = SimulatedClock()
    with pytest.raises(ConfigError, match=why):
        TeleoperationPipeline(
            ReplayDevice([]),
            Retargeter(CALIBRATION),
            WholeBodyController(G1, G1_DEX3),
            SafetyGate(G1),
            PerfectRobot(clock),
            clock,
            rate=rate,
        )


def test_frames_of_a_broken_headset_never_reach_the_motors():
    frames = [
        replace(frame, left_wrist=Pose(np.full(3, np.nan))) if 100 < index < 140 else frame
        for index, frame in enumerate(reaching(4.0))
    ]
    made, robot, gate, _ = pipeline(frames)
    made.run(until=4.0)
    assert all(np.isfinite(command.positions).all() for command in robot.commands)
    assert set(gate.counters) == {"state"}
