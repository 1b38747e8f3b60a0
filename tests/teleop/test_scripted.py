"""The operator does its task by what it sees, walks only where it must, and never waits for ever."""

import mujoco
import numpy as np
import pytest

from psizero.control.safety import SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.geometry import from_rpy, multiply, rotate, to_rpy
from psizero.sim.scene import SECOND_TABLE
from psizero.sim.task import TaskEpisode, open_task
from psizero.sim.world import World
from psizero.teleop.calibration import Calibration
from psizero.teleop.pipeline import TeleoperationPipeline
from psizero.teleop.retarget import Retargeter
from psizero.teleop.scripted import ScriptedOperator


def slide(world: World, velocity: np.ndarray, dt: float) -> None:
    """Move the standing robot, and the bottle in its hand, as perfect legs would."""
    middle = world.centre_of_mass("pelvis")
    heading = from_rpy(0.0, 0.0, to_rpy(world.pose("pelvis").orientation)[2])
    step, turn = rotate(heading, np.array([*velocity[:2], 0.0]) * dt), from_rpy(0.0, 0.0, velocity[2] * dt)
    for name in ("floating_base", "bottle") if world.touching("right_hand", "bottle") else ("floating_base",):
        joint = world.data.joint(name)
        joint.qpos[:3] = middle + rotate(turn, joint.qpos[:3] - middle) + step
        joint.qpos[3:] = multiply(turn, joint.qpos[3:].copy())
        joint.qvel[:3] = rotate(turn, joint.qvel[:3].copy())
    mujoco.mj_forward(world.model, world.data)


def on_perfect_legs(episode: TaskEpisode, seed: int) -> ScriptedOperator:
    """Let an operator do the task of `episode` with a robot that goes exactly where the thumb-sticks say."""
    rng = np.random.default_rng(seed)
    calibration = Calibration.draw(rng)
    operator, retargeter = ScriptedOperator(episode, calibration, rng), Retargeter(calibration)
    pipeline = TeleoperationPipeline(
        operator, retargeter, WholeBodyController(G1, G1_DEX3), SafetyGate(G1), episode.robot, episode.clock
    )
    while not operator.finished and episode.now() < episode.time_limit:
        pipeline.step()
        slide(episode.world, retargeter.target.base_velocity, 1 / 60)
    return operator


def test_on_legs_that_obey_the_bottle_is_carried_to_the_other_table():
    episode = open_task("walk_and_place", 0, purpose="collect")
    operator = on_perfect_legs(episode, 0)
    assert operator.finished
    assert episode.status().success, episode.status()
    table, robot = episode.world.pose(SECOND_TABLE), episode.world.pose("pelvis")
    assert abs(to_rpy((table.inverse() * robot).orientation)[2]) < np.deg2rad(10.0)


def test_an_operator_who_need_not_walk_leaves_the_sticks_alone():
    episode, rng = open_task("pick_bottle", 0), np.random.default_rng(0)
    operator = ScriptedOperator(episode, Calibration.draw(rng), rng)
    assert not any(operator.poll(step / 60).base_velocity.any() for step in range(400))


@pytest.mark.parametrize("task", ["hug_box", "walk_and_place"])
def test_an_operator_whose_robot_does_not_move_comes_to_an_end(task):
    episode, rng = open_task(task, 0), np.random.default_rng(0)
    operator = ScriptedOperator(episode, Calibration.draw(rng), rng)
    for step in range(150 * 60):
        operator.poll(step / 60)
    assert operator.finished
