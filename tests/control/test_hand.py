import mujoco
import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.control.hand import fingers_from_curl
from psizero.embodiment.g1 import G1
from psizero.embodiment.mjcf import robot_model
from psizero.errors import ConfigError

CURLS = st.tuples(*[st.floats(-0.5, 1.5)] * 3, st.floats(-1.5, 1.5))


def tips(side: str, curls: np.ndarray) -> dict[str, np.ndarray]:
    """Middle of each finger's last link, in the wrist's frame."""
    model = robot_model(G1)
    data = mujoco.MjData(model)
    for name, angle in zip(G1.groups[f"{side}_hand"], fingers_from_curl(side, curls), strict=True):
        data.joint(name).qpos[0] = angle
    mujoco.mj_kinematics(model, data)
    wrist = data.body(f"{side}_wrist_yaw_link")
    links = {"thumb": "thumb_2", "index": "index_1", "middle": "middle_1"}
    places = {finger: data.geom(f"{side}_hand_{link}_link_0").xpos for finger, link in links.items()}
    return {finger: wrist.xmat.reshape(3, 3).T @ (place - wrist.xpos) for finger, place in places.items()}


@pytest.mark.parametrize("side", ["left", "right"])
@given(curls=CURLS)
def test_angles_stay_within_the_joint_ranges(side, curls):
    angles = fingers_from_curl(side, np.array(curls))
    index = G1.indices(f"{side}_hand")
    assert np.all(angles >= G1.column("lower")[index])
    assert np.all(angles <= G1.column("upper")[index])


@given(curls=CURLS)
def test_the_right_hand_is_the_mirror_image_of_the_left(curls):
    left, right = tips("left", np.array(curls)), tips("right", np.array(curls))
    for finger, place in left.items():
        np.testing.assert_allclose(right[finger], place * (1, -1, 1), atol=1e-6)


def test_a_closed_hand_has_thumb_and_fingers_before_the_palm():
    opened, closed = tips("right", np.zeros(3)), tips("right", np.ones(3))
    for finger in ("index", "middle"):
        assert closed[finger][1] > opened[finger][1] + 0.03
        assert closed[finger][0] < opened[finger][0]
    assert closed["thumb"][0] > opened["thumb"][0] + 0.03


def test_each_curl_moves_its_own_finger():
    opened = tips("left", np.zeros(3))
    moved = tips("left", np.array([0.0, 1.0, 0.0]))
    np.testing.assert_allclose(moved["middle"], opened["middle"])
    np.testing.assert_allclose(moved["thumb"], opened["thumb"])
    assert np.linalg.norm(moved["index"] - opened["index"]) > 0.03


def test_a_third_hand_is_refused():
    with pytest.raises(ConfigError, match="expected side 'left' or 'right'"):
        fingers_from_curl("middle", np.zeros(3))
