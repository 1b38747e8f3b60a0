from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from psizero.control.locomotion import LocomotionPolicy, PolicyCard
from psizero.control.lower_body import FRAME_SIZE, HISTORY, Senses, sensed_joints
from psizero.embodiment.g1 import G1
from psizero.errors import PolicyError
from tests.control.reference_policy import reference_policy, rewrite_card

SENSED = np.array([G1.joint_names.index(name) for name in sensed_joints(G1)])
STAND = np.array([0.0, 0.0, 0.0, 0.75, 0.0, 0.0, 0.0])


def at_rest(count: int) -> Senses:
    return Senses(
        world_from_pelvis=np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)),
        angular_velocity=np.zeros((count, 3)),
        positions=np.tile(G1.column("rest")[SENSED], (count, 1)),
        velocities=np.zeros((count, 29)),
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return reference_policy(tmp_path_factory.mktemp("policy") / "reference.onnx")


@pytest.fixture
def copy(file, tmp_path) -> Path:
    path = tmp_path / "copy.onnx"
    path.write_bytes(file.read_bytes())
    return path


def test_the_file_says_everything_that_a_robot_needs(file):
    policy = LocomotionPolicy.load(file, G1)
    assert policy.joints[:2] == ("left_hip_pitch_joint", "left_hip_roll_joint")
    assert policy.joints[-3:] == G1.groups["waist"]
    assert policy.stiffness.shape == policy.damping.shape == (15,)
    assert policy.card == PolicyCard.made_here(G1)


def test_a_crowd_and_one_alone_get_the_same_targets(file):
    alone, crowd = LocomotionPolicy.load(file, G1), LocomotionPolicy.load(file, G1, count=3)
    for _ in range(5):
        one = alone.act(STAND[None], at_rest(1), 1 / 60)
        three = crowd.act(np.tile(STAND, (3, 1)), at_rest(3), 1 / 60)
    np.testing.assert_allclose(three, np.tile(one, (3, 1)), atol=1e-6)


def test_after_a_reset_the_past_is_forgotten(file):
    policy = LocomotionPolicy.load(file, G1)
    first = policy.act(STAND[None], at_rest(1), 1 / 60)
    for _ in range(20):
        policy.act(np.array([[0.5, 0, 0, 0.7, 0, 0, 0]]), at_rest(1), 1 / 60)
    policy.reset()
    np.testing.assert_array_equal(policy.act(STAND[None], at_rest(1), 1 / 60), first)


def test_a_command_beyond_the_range_is_the_command_at_its_end(file):
    policy = LocomotionPolicy.load(file, G1)
    low = policy.act(np.array([[0, 0, 0, -1.0, 0, 0, 0]]), at_rest(1), 1 / 60)
    policy.reset()
    np.testing.assert_array_equal(policy.act(np.array([[0, 0, 0, 0.48, 0, 0, 0]]), at_rest(1), 1 / 60), low)


@pytest.mark.parametrize("name", sorted(PolicyCard.made_here(G1).__dataclass_fields__))
def test_a_missing_field_is_named(copy, name):
    rewrite_card(copy, lambda card: card.pop(name))
    with pytest.raises(PolicyError, match=f"lacks the field '{name}'; train or fetch") as caught:
        LocomotionPolicy.load(copy, G1)
    assert str(copy) in str(caught.value)


@pytest.mark.parametrize("name", sorted(PolicyCard.made_here(G1).__dataclass_fields__))
def test_a_field_of_another_kind_is_named(copy, name):
    rewrite_card(copy, lambda card: card.update({name: None}))
    with pytest.raises(PolicyError, match=rf"its {name} must be .*, got None"):
        LocomotionPolicy.load(copy, G1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"robot": "h1"}, "its robot must be 'g1_dex3', got 'h1'"),
        ({"format": 3}, "its format must be 2, got 3"),
        ({"history": 5}, f"its history must be {HISTORY}, got 5"),
        ({"action_scale": 0.5}, r"its action_scale must be 0\.25, got 0\.5"),
        ({"rest": [0.0] * 29}, r"its rest must be -0\.\d+ at place 0, got 0\.0"),
        ({"rest": [0.0] * 28}, "its rest must be a list of 29"),
        ({"rest": ["a"] * 29}, "its rest must be a finite number, got 'a'"),
        ({"action_scale": float("nan")}, "its action_scale must be a finite number, got nan"),
        ({"action_scale": True}, "its action_scale must be a finite number, got True"),
        ({"stiffness": [1.0] * 15}, r"its stiffness must be 150\.0 at place 0, got 1\.0"),
        ({"slew": [0.0] * 7}, "its slew must be positive"),
        ({"rates": [60.0, 50.0]}, "rates must be a lower and a higher one"),
        ({"gait": {}}, "its gait lacks the field 'dead_band'"),
        ({"colour": "blue"}, "has an unknown field 'colour'"),
    ],
)
def test_a_card_that_does_not_fit_is_one_line_that_names_the_field(copy, change, message):
    rewrite_card(copy, lambda card: card.update(change))
    with pytest.raises(PolicyError, match=message) as caught:
        LocomotionPolicy.load(copy, G1)
    assert "\n" not in str(caught.value)


def test_joints_in_another_order_are_refused_by_the_first_difference(copy):
    rewrite_card(copy, lambda card: card["driven_joints"].reverse())
    with pytest.raises(PolicyError, match="driven_joints must be 'left_hip_pitch_joint' at place 0, got 'waist_pitch"):
        LocomotionPolicy.load(copy, G1)


def test_a_policy_of_another_robot_is_refused(file):
    with pytest.raises(PolicyError, match="its robot must be 'other', got 'g1_dex3'"):
        LocomotionPolicy.load(file, replace(G1, name="other"))


@pytest.mark.parametrize("text", ["", "[1]", "{", '"card"'])
def test_a_card_that_is_no_card_is_refused(copy, text):
    rewrite_card(copy, text)
    with pytest.raises(PolicyError, match="card"):
        LocomotionPolicy.load(copy, G1)


def test_a_network_without_card_a_damaged_and_a_missing_file_are_refused(copy):
    model = onnx.load(copy)
    del model.metadata_props[:]
    onnx.save(model, copy)
    with pytest.raises(PolicyError, match="has no metadata 'psizero'"):
        LocomotionPolicy.load(copy, G1)
    copy.write_bytes(copy.read_bytes()[:1000])
    with pytest.raises(PolicyError, match="no ONNX file that can be run"):
        LocomotionPolicy.load(copy, G1)
    copy.unlink()
    with pytest.raises(PolicyError, match=r"no locomotion policy .*copy\.onnx; make one with"):
        LocomotionPolicy.load(copy, G1)


def test_a_network_of_another_size_is_refused(copy):
    model = onnx.load(copy)
    ends = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", 15])
        for name in ("observation", "action")
    ]
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["observation"], ["action"])], "small", ends[:1], ends[1:]
    )
    model.graph.CopyFrom(graph)
    onnx.save(model, copy)
    with pytest.raises(PolicyError, match=f"one float32 'observation' of \\(N, {HISTORY * FRAME_SIZE}\\), got"):
        LocomotionPolicy.load(copy, G1)
