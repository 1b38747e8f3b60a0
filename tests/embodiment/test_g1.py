"""The G1 is as long, as heavy and as strong as the table of the real one says."""

import json

import mujoco
import numpy as np
import pytest

from psizero.embodiment.g1 import G1
from psizero.embodiment.mjcf import robot_model, stand
from psizero.errors import LayoutError


@pytest.fixture(scope="module")
def facts(shared_data):
    return json.loads((shared_data / "robots" / "g1_dex3.json").read_text())


def test_there_are_43_actuated_joints_in_the_order_of_the_robot(facts):
    assert len(G1.joints) == 43
    assert list(G1.joint_names) == facts["actuator_order"]


def test_every_body_has_the_place_mass_and_inertia_of_the_table(facts):
    model = robot_model(G1)
    assert sum(model.body_mass) == pytest.approx(facts["total_mass_kg"], abs=1e-3)
    for row in facts["bodies"]:
        body = model.body(row["name"])
        if row["parent"] != "world":
            np.testing.assert_allclose(body.pos, row["pos"], atol=2e-5)
        np.testing.assert_allclose(body.mass, row["mass_kg"], rtol=1e-5)
        np.testing.assert_allclose(np.sort(body.inertia), np.sort(row["inertia_diag"]), rtol=1e-3)
        np.testing.assert_allclose(body.ipos, row["com_pos"], atol=2e-5)


def test_every_joint_has_the_range_torque_and_rotor_of_the_table(facts):
    model = robot_model(G1)
    for row in facts["bodies"]:
        if row.get("joint") is None:
            continue
        joint = row["joint"]
        found = model.joint(joint["name"])
        np.testing.assert_allclose(found.range, joint["range_rad"], atol=1e-4)
        np.testing.assert_allclose(found.axis, joint["axis"], atol=1e-9)
        effort = model.actuator(joint["name"]).forcerange
        np.testing.assert_allclose(effort, [-joint["effort_Nm"], joint["effort_Nm"]])
        if joint.get("armature_kgm2"):
            np.testing.assert_allclose(found.armature, joint["armature_kgm2"], rtol=1e-4)


def test_sensors_and_camera_sit_where_the_real_ones_sit(facts):
    model = robot_model(G1)
    for name, row in facts["sites"].items():
        np.testing.assert_allclose(model.site(name).pos, row["pos"], atol=1e-6)
    np.testing.assert_allclose(model.camera("head").pos, facts["head_camera"]["pos"], atol=1e-6)
    # It looks forward and down by its pitch: -z of a MuJoCo camera is its view.
    matrix = np.zeros(9)
    mujoco.mju_quat2Mat(matrix, model.camera("head").quat)
    view = -matrix.reshape(3, 3)[:, 2]
    pitch = facts["head_camera"]["rpy_rad"][1]
    np.testing.assert_allclose(view, [np.cos(pitch), 0, -np.sin(pitch)], atol=1e-6)


def test_the_right_side_mirrors_the_left():
    model = robot_model(G1)
    data = mujoco.MjData(model)
    stand(model, data, G1)
    for index in range(model.nbody):
        name = model.body(index).name
        if name.startswith("left_"):
            twin = data.body(name.replace("left_", "right_")).xpos
            np.testing.assert_allclose(data.body(name).xpos * [1, -1, 1], twin, atol=1e-6)


def test_at_rest_it_stands_on_the_floor_and_touches_nothing_of_itself():
    model = robot_model(G1)
    data = mujoco.MjData(model)
    stand(model, data, G1)
    mujoco.mj_forward(model, data)
    assert data.ncon == 0
    soles = 0.5 * (data.site("left_foot").xpos + data.site("right_foot").xpos)
    np.testing.assert_allclose(soles, 0, atol=1e-9)
    assert data.qpos[2] == pytest.approx(G1.standing_height, abs=1e-3)


def test_an_unknown_group_of_joints_names_those_that_exist():
    with pytest.raises(LayoutError, match="left_arm"):
        G1.indices("tail")
