"""A world repeats itself exactly, and never runs on a command that has expired."""

from dataclasses import replace

import numpy as np
import pytest

from psizero.embodiment.g1 import G1
from psizero.errors import RenderError, SimulationError
from psizero.geometry import Pose
from psizero.sim.scene import SECOND_TABLE, table_top, two_tables
from psizero.sim.world import World
from psizero.types import JointCommand


@pytest.fixture(scope="module")
def world():
    world = World(table_top(G1), G1)
    yield world
    world.close()


def rest_command(valid_until: float) -> JointCommand:
    return JointCommand(
        positions=G1.column("rest"),
        stiffness=G1.column("stiffness"),
        damping=G1.column("damping"),
        torques=np.zeros(43),
        valid_until=valid_until,
    )


def test_the_same_steps_give_the_same_numbers(world):
    runs = []
    for _ in range(2):
        world.reset()
        world.step_until(0.3)
        runs.append(world.save().numbers)
    np.testing.assert_array_equal(runs[0], runs[1])


def test_going_back_to_a_saved_state_repeats_what_came_after(world):
    world.reset()
    world.step_until(0.1)
    state = world.save()
    world.step_until(0.2)
    first = world.save().numbers
    world.restore(state)
    world.step_until(0.2)
    np.testing.assert_allclose(world.save().numbers, first, atol=1e-9)


def test_going_back_brings_back_the_command_that_was_in_force(world):
    world.reset()
    state = world.save()
    world.damp()
    world.step_until(1.0)
    assert world.pose("pelvis").position[2] < 0.7
    world.restore(state)
    world.step_until(1.0)
    assert world.pose("pelvis").position[2] > 0.7


def test_a_command_that_is_no_number_is_not_simulated_in_silence(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # MuJoCo writes a log beside what runs
    world.reset()
    world.apply(replace(rest_command(valid_until=1.0), positions=np.full(43, np.nan)))
    with pytest.raises(SimulationError, match=r"diverged after 0\.000 s; send only"):
        world.step_until(0.1)


def test_a_command_that_expires_turns_into_damping(world):
    world.reset()
    world.apply(rest_command(valid_until=0.1))
    world.step_until(0.1)
    assert world.pose("pelvis").position[2] > 0.7
    world.step_until(1.5)
    assert world.pose("pelvis").position[2] < 0.6, "nothing holds the robot any more"


def test_a_picture_of_a_saved_state_shows_that_state(world):
    world.reset()
    before = world.picture("head", 96, 128)
    state = world.save()
    world.place("box", Pose(np.array([0.4, -0.4, 0.83])))
    assert np.abs(world.picture("head", 96, 128).astype(int) - before).max() > 50
    np.testing.assert_array_equal(world.picture("head", 96, 128, state=state), before)


def test_an_unknown_camera_names_those_that_exist(world):
    with pytest.raises(RenderError, match="head"):
        world.picture("navel", 96, 128)


def test_a_picture_larger_than_the_buffer_is_refused(world):
    with pytest.raises(RenderError, match="480 x 640"):
        world.picture("head", 2000, 2000)


def test_nothing_is_glued_to_anything(world):
    assert world.model.neq == 0


def test_furniture_stays_where_it_is_put_until_the_world_begins_anew():
    world = World(two_tables(G1), G1)
    at_first = world.pose(SECOND_TABLE).position
    world.place(SECOND_TABLE, Pose(np.array([0.5, 3.0, 0.7])))
    world.step_until(0.1)
    np.testing.assert_array_equal(world.pose(SECOND_TABLE).position, [0.5, 3.0, 0.7])
    state = world.save()
    world.reset()
    np.testing.assert_array_equal(world.pose(SECOND_TABLE).position, at_first)
    world.restore(state)
    np.testing.assert_array_equal(world.pose(SECOND_TABLE).position, [0.5, 3.0, 0.7])
    world.close()
