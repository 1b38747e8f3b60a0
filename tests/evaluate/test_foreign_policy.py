import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from psizero.control.lower_body import Senses, sensed_joints
from psizero.embodiment.g1 import G1
from psizero.errors import PolicyError
from psizero.evaluate.foreign_policy import Description, ForeignPolicy
from psizero.geometry import from_rpy

JOINTS = sensed_joints(G1)
ARM = "left_elbow_joint"
PARTS = [
    {"name": "last_action"},
    {"name": "angular_velocity", "scale": 0.25},
    {"name": "gravity"},
    {"name": "command", "numbers": ["yaw_rate", "vx"], "scale": [2.0, 3.0]},
    {"name": "joint_positions"},
    {"name": "joint_velocities", "scale": 0.05},
    {"name": "sin_phase"},
    {"name": "cos_phase"},
    {"name": "constant", "value": [7.0]},
]
ACTION = ["right_knee_joint", ARM, "left_knee_joint"]
SIZE = 3 + 3 + 3 + 2 + 29 + 29 + 2 + 2 + 1


def write_network(path: Path, weights: np.ndarray, batch: int | str) -> None:
    """A network that answers observation x weights, for `batch` robots at a time."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["seen", "weights"], ["answer"])],
        "linear",
        [helper.make_tensor_value_info("seen", TensorProto.FLOAT, [batch, weights.shape[0]])],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, [batch, weights.shape[1]])],
        [numpy_helper.from_array(weights.astype(np.float32), "weights")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def describe(folder: Path, weights: np.ndarray, *, batch: int | str = "N", **changes) -> Path:
    write_network(folder / "walk.onnx", weights, batch)
    data = {
        "policy": "walk.onnx",
        "rate": 50,
        "action": {"joints": ACTION, "default": [0.5, 0.1, 0.4], "scale": 0.25, "stiffness": 90, "damping": [1, 2, 3]},
        "observation": {"joints": list(JOINTS), "default": 0.0, "parts": PARTS},
        "gait": {"period": 0.8, "offsets": [0.0, 0.5], "standing": 0.5},
    }
    path = folder / "walk.json"
    path.write_text(json.dumps(data | changes))
    return path


def senses_of(count: int) -> Senses:
    rng = np.random.default_rng(0)
    return Senses(
        world_from_pelvis=np.tile(from_rpy(0.1, -0.2, 0.7), (count, 1)),
        angular_velocity=rng.normal(size=(count, 3)),
        positions=rng.normal(size=(count, 29)),
        velocities=rng.normal(size=(count, 29)),
    )


def pick(*columns: int) -> np.ndarray:
    """Weights that answer with these numbers of the observation."""
    weights = np.zeros((SIZE, len(columns)))
    weights[list(columns), range(len(columns))] = 1.0
    return weights


@pytest.mark.parametrize("batch", ["N", 1], ids=["many at once", "one at a time"])
def test_parts_stand_in_their_order_with_their_scales(tmp_path, batch):
    senses, command = senses_of(2), np.tile(np.arange(1.0, 8.0), (2, 1))
    first = {"angular_velocity": 3, "gravity": 6, "command": 9, "positions": 11, "velocities": 40, "constant": 73}
    expected = {
        "angular_velocity": 0.25 * senses.angular_velocity[:, 0],
        "gravity": np.full(2, np.sin(-0.2)),
        "command": np.full(2, 2.0 * 3.0),
        "positions": senses.positions[:, 0],
        "velocities": 0.05 * senses.velocities[:, 0],
        "constant": np.full(2, 7.0),
    }
    for name, column in first.items():
        about = Description.read(describe(tmp_path, pick(column, 0, 1), batch=batch), G1)
        walker = ForeignPolicy(about, G1, 2)
        targets = walker.act(command, senses, 0.02)
        np.testing.assert_allclose(targets[:, 0], 0.5 + 0.25 * expected[name], rtol=1e-5, err_msg=name)


def test_arms_are_the_judges_but_seen_as_the_last_action(tmp_path):
    # The answer of the arm is the constant 7; the left knee answers with what it sees of the arm's last answer.
    walker = ForeignPolicy(Description.read(describe(tmp_path, pick(3, 73, 1)), G1), G1, 1)
    assert walker.joints == ("right_knee_joint", "left_knee_joint")
    np.testing.assert_array_equal(walker.stiffness, [90.0, 90.0])
    np.testing.assert_array_equal(walker.damping, [1.0, 3.0])
    walker.act(np.zeros((1, 7)), senses_of(1), 0.02)
    assert walker.act(np.zeros((1, 7)), senses_of(1), 0.02)[0, 1] == pytest.approx(0.4 + 0.25 * 7.0)
    walker.reset()
    assert walker.act(np.zeros((1, 7)), senses_of(1), 0.02)[0, 1] == pytest.approx(0.4)


def test_the_gait_stands_with_both_legs_alike_and_starts_from_its_offsets(tmp_path):
    walker = ForeignPolicy(Description.read(describe(tmp_path, pick(71, 0, 72)), G1), G1, 1)

    def cosines(vx: float) -> np.ndarray:
        command = np.zeros((1, 7))
        command[0, 0] = vx
        return (walker.act(command, senses_of(1), 0.02)[0] - (0.5, 0.4)) / 0.25

    np.testing.assert_allclose(cosines(0.0), [-1.0, -1.0], atol=1e-6)
    np.testing.assert_allclose(cosines(0.5), [1.0, -1.0], atol=1e-6)
    assert cosines(0.5)[0] == pytest.approx(np.cos(2 * np.pi * 0.02 / 0.8), rel=1e-5)


@pytest.mark.parametrize("by_part", [False, True])
def test_history_runs_from_old_to_new_by_instant_or_by_part(tmp_path, by_part):
    """Three instants of (angular velocity 3, command 2): where the oldest and the newest command stand."""
    parts = [{"name": "angular_velocity"}, {"name": "command", "numbers": ["vx", "vy"]}]
    oldest, newest = (9, 13) if by_part else (3, 13)
    weights = np.zeros((15, 3))
    weights[oldest, 0] = weights[newest, 2] = 1.0
    seen = {"joints": list(JOINTS), "default": 0.0, "parts": parts, "history": 3, "by_part": by_part}
    walker = ForeignPolicy(Description.read(describe(tmp_path, weights, observation=seen), G1), G1, 1)
    for number in (1.0, 2.0, 3.0):
        command = np.zeros((1, 7))
        command[0, 0] = number
        targets = walker.act(command, senses_of(1), 0.02)
        if number == 1.0:
            assert targets[0, 0] == pytest.approx(0.5 + 0.25), "the first instant stands for the time before"
    np.testing.assert_allclose(targets[0], [0.5 + 0.25 * 1.0, 0.4 + 0.25 * 3.0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"policy": "other.onnx"}, "is no ONNX file that can be run"),
        ({"rate": None}, "'rate' is missing or of the wrong kind, got None"),
        ({"action": {"joints": ["left_tail_joint"]}}, "no leg, waist or arm joint 'left_tail_joint'"),
        ({"action": {"joints": ACTION, "default": [0.0, 1.0]}}, "'default' must be one number or 3"),
        ({"observation": {"parts": [{"name": "smell"}]}}, "unknown part 'smell' of the observation; known: last_act"),
        ({"observation": {"parts": [{"name": "command", "numbers": ["vz"]}]}}, "unknown number 'vz' of the command"),
        ({"observation": {"parts": [{"name": "gravity"}]}}, "description says 3 numbers in"),
    ],
)
def test_a_description_that_does_not_fit_is_told_what_does_not(tmp_path, changes, message):
    path = describe(tmp_path, pick(0, 1, 2), **changes)
    with pytest.raises(PolicyError, match=message):
        ForeignPolicy(Description.read(path, G1), G1, 1)


def test_what_is_no_description_is_one_error(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{")
    with pytest.raises(PolicyError, match="is no description of a policy"):
        Description.read(path, G1)
    with pytest.raises(PolicyError, match="is no description of a policy"):
        Description.read(tmp_path / "none.json", G1)
