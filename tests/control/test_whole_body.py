import mujoco
import numpy as np
import pytest

from psizero.control.safety import GateState, SafetyGate
from psizero.control.standing import HEIGHT_RANGE
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3, PSI0_ACTION, PSI0_STATE
from psizero.embodiment.mjcf import add_robot, stand
from psizero.errors import LayoutError
from psizero.geometry import Pose, rotate
from psizero.types import JointCommand, Observation, WholeBodyTarget

PERIOD = 1 / 60


class Body:
    """The robot alone on a floor, with loads in its hands if wanted: what control is for, without the world."""

    def __init__(self, load: float = 0.0) -> None:
        spec = mujoco.MjSpec()
        spec.option.timestep = 0.002
        spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
        spec.worldbody.add_geom(type=mujoco.mjtGeom.mjGEOM_PLANE, size=(3, 3, 0.1), contype=1, conaffinity=0xFFFF)
        add_robot(spec, G1)
        for side in ("left", "right") if load else ():
            held = spec.body(f"{side}_wrist_yaw_link").add_body(name=f"{side}_load", pos=(0.1, 0, 0))
            held.add_geom(size=(0.03, 0, 0), mass=load / 2, contype=0, conaffinity=0)
        self.model = spec.compile()
        self.model.actuator_ctrllimited[:] = 0
        self.data = mujoco.MjData(self.model)
        stand(self.model, self.data, G1)
        mujoco.mj_forward(self.model, self.data)
        joints = [self.model.joint(name) for name in G1.joint_names]
        self.qpos = np.array([joint.qposadr[0] for joint in joints])
        self.dof = np.array([joint.dofadr[0] for joint in joints])

    def observe(self) -> Observation:
        turning = np.zeros(6)
        pelvis = self.model.body("pelvis").id
        mujoco.mj_objectVelocity(self.model, self.data, mujoco.mjtObj.mjOBJ_BODY, pelvis, turning, 1)
        return Observation(
            time=self.data.time,
            joint_positions=self.data.qpos[self.qpos].copy(),
            joint_velocities=self.data.qvel[self.dof].copy(),
            world_from_pelvis=self.data.body("pelvis").xquat.copy(),
            pelvis_angular_velocity=turning[:3],
        )

    def command(self, command: JointCommand) -> None:
        self.model.actuator_gainprm[:, 0] = command.stiffness
        self.model.actuator_biasprm[:, 1] = -command.stiffness
        self.model.actuator_biasprm[:, 2] = -command.damping
        self.data.ctrl[:] = command.positions + command.torques / np.maximum(command.stiffness, 1e-9)
        mujoco.mj_step(
            self.model, self.data, nstep=round((self.data.time + PERIOD) / 0.002) - round(self.data.time / 0.002)
        )

    def tilt(self) -> float:
        return float(np.arccos(rotate(self.data.body("pelvis").xquat, np.array([0.0, 0.0, 1.0]))[2]))


@pytest.fixture(scope="module")
def controller() -> WholeBodyController:
    return WholeBodyController(G1, G1_DEX3)


def reset(controller: WholeBodyController) -> Observation:
    observation = Body().observe()
    controller.reset(observation)
    return observation


def reaching(t: float) -> WholeBodyTarget:
    """Arms that reach out and back, a torso that bends, a pelvis that goes down and up."""
    share = 0.5 - 0.5 * np.cos(2 * np.pi * t / 6.0)
    return WholeBodyTarget(
        stance_from_left_wrist=Pose(np.array([0.12 + 0.2 * share, 0.2, 0.9 + 0.1 * share])),
        stance_from_right_wrist=Pose(np.array([0.12 + 0.2 * share, -0.2, 0.9])),
        torso_rpy=np.array([0.0, 0.3 * share, 0.2 * np.sin(t)]),
        pelvis_height=0.715 + 0.065 * float(np.cos(0.9 * t)),
    )


@pytest.mark.parametrize("load", [0.0, 1.0])
def test_the_robot_stands_for_20_seconds_while_it_reaches_bends_and_squats(controller, load):
    body, gate = Body(load), SafetyGate(G1)
    controller.reset(body.observe())
    gate.arm(body.observe(), 0.0)
    for step in range(1200):
        observation = body.observe()
        action = controller.act_on_target(reaching(step * PERIOD), PERIOD)
        body.command(
            gate.check(controller.command(action, observation, observation.time), observation, observation.time)
        )
        assert body.tilt() < 0.08
    assert gate.state is GateState.ACTIVE
    assert set(gate.counters) == {"state"}
    for side, y in (("left", 0.1185), ("right", -0.1185)):
        np.testing.assert_allclose(body.data.site(f"{side}_foot").xpos[:2], [0.0, y], atol=0.005)
    height = float(np.clip(PSI0_ACTION.get(action, "pelvis_height")[0], *HEIGHT_RANGE))
    assert body.data.body("pelvis").xpos[2] == pytest.approx(height, abs=0.01)


def test_the_robot_stands_whatever_a_policy_says(controller):
    body, gate, rng = Body(), SafetyGate(G1), np.random.default_rng(0)
    controller.reset(body.observe())
    gate.arm(body.observe(), 0.0)
    rest = controller.action(G1.column("rest"), np.zeros(3), G1.standing_height)
    before = after = rest
    for step in range(600):
        if step % 2 == 0:
            before, after = after, rest.copy()
            after[PSI0_ACTION.slice_of("left_arm")] += rng.normal(size=7) * 0.5
            after[PSI0_ACTION.slice_of("right_arm")] += rng.normal(size=7) * 0.5
            after[PSI0_ACTION.slice_of("torso_rpy")] += rng.normal(size=3) * 0.3
            after[PSI0_ACTION.slice_of("pelvis_height")] += rng.normal() * 0.05
        action = before if step % 2 == 0 else 0.5 * (before + after)
        observation = body.observe()
        body.command(
            gate.check(controller.command(action, observation, observation.time), observation, observation.time)
        )
        assert body.tilt() < 0.15


def test_the_same_actions_give_the_same_commands(controller):
    observation = reset(controller)
    actions = [controller.act_on_target(reaching(0.1 * step), PERIOD) for step in range(40)]
    runs = []
    for _ in range(2):
        reset(controller)
        runs.append([controller.command(action, observation, 0.0) for action in actions])
    for first, second in zip(*runs, strict=True):
        np.testing.assert_array_equal(first.positions, second.positions)
        np.testing.assert_array_equal(first.torques, second.torques)


def test_a_person_s_actions_pass_unchanged_at_the_policy_s_rate_too(controller):
    observation = reset(controller)
    actions = [controller.act_on_target(reaching(step * PERIOD), PERIOD) for step in range(601)]
    trunk = np.r_[PSI0_ACTION.slice_of("torso_rpy"), PSI0_ACTION.slice_of("pelvis_height")]
    for kept in (1, 2):
        controller.reset(observation)
        for step in range(600):
            left = step % kept
            before, after = actions[step - left], actions[min(step - left + kept, 600)]
            action = before + left / kept * (after - before)
            controller.command(action, observation, 0.0)
            np.testing.assert_allclose(controller.state(observation)[-4:], action[trunk], atol=1e-6)


def test_arms_and_hands_go_where_the_action_says(controller):
    observation = reset(controller)
    action = controller.act_on_target(WholeBodyTarget(left_fingers=np.full(7, -0.1)), PERIOD)
    command = controller.command(action, observation, 0.0)
    for part in ("left_hand", "right_hand", "left_arm", "right_arm"):
        np.testing.assert_allclose(command.positions[G1.indices(part)], PSI0_ACTION.get(action, part), atol=1e-6)


def test_the_state_is_what_was_measured_and_what_was_commanded(controller):
    observation = reset(controller)
    state = PSI0_STATE.unpack(controller.state(observation))
    np.testing.assert_array_equal(state["torso_rpy"], 0.0)
    assert state["pelvis_height"][0] == pytest.approx(G1.standing_height)
    for part in ("left_hand", "right_hand", "left_arm", "right_arm"):
        np.testing.assert_allclose(state[part], observation.joint_positions[G1.indices(part)], atol=1e-6)
    action = controller.act_on_target(WholeBodyTarget(), PERIOD)
    action[PSI0_ACTION.slice_of("torso_rpy")] = (0.1, 0.2, 0.3)
    action[PSI0_ACTION.slice_of("pelvis_height")] = 0.7
    for _ in range(120):
        controller.command(action, observation, 0.0)
    state = PSI0_STATE.unpack(controller.state(observation))
    np.testing.assert_allclose(state["torso_rpy"], (0.1, 0.2, 0.3), atol=1e-6)
    assert state["pelvis_height"][0] == pytest.approx(0.7)


def test_walking_commands_do_not_move_a_robot_that_stands(controller):
    observation = reset(controller)
    action = controller.act_on_target(WholeBodyTarget(), PERIOD)
    walking = action.copy()
    walking[PSI0_ACTION.slice_of("base_velocity")] = 0.5
    walking[PSI0_ACTION.slice_of("yaw_rate")] = 0.5
    stood = controller.command(action, observation, 0.0).positions
    np.testing.assert_array_equal(controller.command(walking, observation, 0.0).positions, stood)


@pytest.mark.parametrize(("bad", "why"), [(None, "no action"), (np.full(36, np.nan, np.float32), "thumb_0 is nan")])
def test_a_missing_or_broken_action_lets_the_robot_stay_as_it_is_and_the_gate_tells(controller, bad, why):
    observation = reset(controller)
    gate = SafetyGate(G1)
    gate.arm(observation, 0.0)
    action = controller.act_on_target(WholeBodyTarget(left_fingers=np.full(7, -0.1)), PERIOD)
    before = controller.command(action, observation, 0.0)
    command = controller.command(bad, observation, 0.01)
    np.testing.assert_array_equal(command.positions, before.positions)
    gate.check(command, observation, 0.01)
    assert gate.state is GateState.RAMP
    assert gate.counters["action"] == 1
    assert gate.events[-1].kind == "action"
    assert why in gate.events[-1].detail


def test_an_action_of_another_size_is_refused(controller):
    with pytest.raises(LayoutError, match=r"actions of 36 numbers, got shape \(26,\)"):
        controller.command(np.zeros(26), Body().observe(), 0.0)
