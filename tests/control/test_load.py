import mujoco
import numpy as np
import pytest

from psizero.control.load import PALM, HandLoads
from psizero.control.lower_body import sensed_joints
from psizero.embodiment.g1 import G1
from psizero.embodiment.kinematics import BatchKinematics
from psizero.embodiment.mjcf import robot_model
from psizero.geometry import from_rpy, to_matrix

SENSED = sensed_joints(G1)
ARMS = np.array([SENSED.index(name) for name in SENSED[15:]])
DT = np.full(1, 0.02)


def held(q: np.ndarray, quaternion: np.ndarray, masses: tuple[float, float]) -> np.ndarray:
    """Return the torques (1, 14) with which MuJoCo's G1 holds its arms still, `masses` (kg) in its hands."""
    model = robot_model(G1)
    for side, mass in zip(("left", "right"), masses, strict=True):
        hand = model.body(f"{side}_wrist_yaw_link").id
        share = mass / (model.body_mass[hand] + mass)
        model.body_ipos[hand] += share * (PALM - model.body_ipos[hand])
        model.body_mass[hand] += mass
    mujoco.mj_setConst(model, mujoco.MjData(model))
    data = mujoco.MjData(model)
    data.qpos[3:7] = quaternion
    for name, angle in zip(SENSED, q, strict=True):
        data.qpos[model.joint(name).qposadr[0]] = angle
    mujoco.mj_forward(model, data)
    return data.qfrc_bias[[model.joint(name).dofadr[0] for name in SENSED[15:]]][None]


def feel(masses: tuple[float, float], seed: int = 0, poses: int = 12) -> tuple[HandLoads, BatchKinematics]:
    rng = np.random.default_rng(seed)
    tree = BatchKinematics(G1, SENSED)
    loads = HandLoads(tree, 1)
    place = [G1.joint_names.index(name) for name in SENSED]
    rest, lower, upper = (G1.column(name)[place] for name in ("rest", "lower", "upper"))
    for _ in range(poses):
        q = rest.copy()
        q[ARMS] += 0.5 * (rng.uniform(lower, upper) - rest)[ARMS]
        quaternion = from_rpy(*rng.uniform(-0.3, 0.3, 2), 1.0)
        torques, pose = held(q, quaternion, masses), tree.solve(q[None])
        for _ in range(20):
            loads.feel(pose, to_matrix(quaternion)[2][:, None], torques, DT)
    return loads, tree


@pytest.mark.parametrize("masses", [(0.0, 0.0), (2.0, 2.0), (0.0, 1.5), (0.7, 0.0)])
def test_motors_that_hold_the_arms_tell_what_is_in_each_hand(masses):
    loads, _ = feel(masses)
    np.testing.assert_allclose(loads.mass[:, 0], masses, atol=0.15)


def test_loads_move_the_centre_of_mass_as_in_mujoco():
    loads, tree = feel((0.0, 0.0))
    q = np.array([G1.column("rest")[G1.joint_names.index(name)] for name in SENSED])[None]
    pose = tree.solve(q)
    np.testing.assert_allclose(loads.shift(pose, pose.com()), pose.com(), atol=2e-3)
    loads.mass[:] = 2.0
    shifted = loads.shift(pose, pose.com())[:, 0]
    assert 0.01 < shifted[0] - pose.com()[0, 0] < 0.06
    assert abs(shifted[1]) < 2e-3


def test_a_load_that_is_put_down_is_forgotten_and_one_at_a_limit_is_not_believed():
    loads, tree = feel((2.0, 0.0))
    q = np.array([G1.column("rest")[G1.joint_names.index(name)] for name in SENSED])
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    for _ in range(300):
        loads.feel(tree.solve(q[None]), np.array([0.0, 0.0, 1.0])[:, None], held(q, upright, (0.0, 0.0)), DT)
    assert loads.mass.max() < 0.1
    for _ in range(300):
        loads.feel(tree.solve(q[None]), np.array([0.0, 0.0, 1.0])[:, None], np.full((1, 14), -25.0), DT)
    assert (loads.mass <= 3.0).all() and (loads.mass >= 0.0).all()


def test_what_is_saved_goes_on_as_before():
    loads, tree = feel((1.0, 2.0))
    other = HandLoads(tree, 1)
    other.restore(loads.save())
    q = np.array([G1.column("rest")[G1.joint_names.index(name)] for name in SENSED])[None]
    for each in (loads, other):
        each.feel(tree.solve(q), np.array([0.0, 0.0, 1.0])[:, None], np.ones((1, 14)), DT)
    np.testing.assert_array_equal(loads.mass, other.mass)
