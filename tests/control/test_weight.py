import mujoco
import numpy as np
import pytest

from psizero.control.standing import StandingBalance
from psizero.control.weight import Weight
from psizero.embodiment.g1 import G1
from psizero.embodiment.mjcf import robot_model
from psizero.geometry import from_rpy


def test_torques_that_hold_a_standing_posture_carry_the_whole_weight():
    weight = Weight(G1)
    for height in (0.62, 0.7, 0.76):
        posture = StandingBalance(G1).solve(G1.column("rest"), np.zeros(3), height)
        weight.feel(posture.positions, posture.pelvis[3:])
        assert weight.carried(posture.torques) == pytest.approx(1.0, abs=0.05)


def test_legs_that_only_carry_themselves_carry_nothing_else():
    weight = Weight(G1)
    weight.feel(G1.column("rest"), from_rpy(0.1, -0.2, 0.7))
    assert weight.carried(weight.torques()) == pytest.approx(0.0, abs=1e-9)


def test_arms_with_their_torques_hang_still():
    model = robot_model(G1)
    data, rest = mujoco.MjData(model), G1.column("rest")
    qpos = [model.joint(name).qposadr[0] for name in G1.joint_names]
    data.qpos[3:7], data.qpos[qpos] = from_rpy(0.2, 0.3, 1.0), rest
    weight = Weight(G1)
    weight.feel(rest, data.qpos[3:7])
    mujoco.mj_forward(model, data)
    gravity = data.qfrc_bias[[model.joint(name).dofadr[0] for name in G1.joint_names]]
    np.testing.assert_allclose(weight.torques(), gravity, atol=1e-9)
