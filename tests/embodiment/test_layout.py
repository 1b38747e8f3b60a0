import json
from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from psizero.embodiment.layout import (
    G1_DEX3,
    G1_INSPIRE,
    HUMAN_HANDS,
    LAYOUTS,
    PSI0_ACTION,
    PSI0_STATE,
    Field,
    PolicyLayout,
    VectorLayout,
    vector_from_names,
)
from psizero.errors import LayoutError

every_vector = pytest.mark.parametrize(
    "layout", [PSI0_ACTION, PSI0_STATE, HUMAN_HANDS, G1_INSPIRE.state], ids=lambda layout: layout.name
)


@pytest.mark.parametrize(
    ("layout", "size"), [(PSI0_ACTION, 36), (PSI0_STATE, 32), (HUMAN_HANDS, 48), (G1_INSPIRE.action, 26)]
)
def test_vectors_have_the_published_size(layout, size):
    assert layout.size == len(layout.names) == size


@every_vector
def test_every_number_belongs_to_exactly_one_field(layout):
    owners = np.zeros(layout.size, int)
    for field in layout.fields:
        owners[layout.slice_of(field.name)] += 1
    assert (owners == 1).all()
    assert len(set(layout.names)) == layout.size


@every_vector
@given(data=st.data())
def test_pack_undoes_unpack(layout, data):
    vector = np.array(
        data.draw(st.lists(st.floats(-10, 10, width=32), min_size=layout.size, max_size=layout.size)), np.float32
    )
    np.testing.assert_array_equal(layout.pack(layout.unpack(vector)), vector)


def test_psi0_numbers_lie_where_the_reference_has_them():
    action = np.arange(36)
    assert PSI0_ACTION.get(action, "left_hand").tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert PSI0_ACTION.get(action, "left_arm")[0] == 14
    assert PSI0_ACTION.get(action, "torso_rpy").tolist() == [28, 29, 30]
    assert PSI0_ACTION.get(action, "pelvis_height").tolist() == [31]
    assert PSI0_ACTION.get(action, "base_velocity").tolist() == [32, 33]
    assert PSI0_ACTION.get(action, "yaw_rate").tolist() == [34]
    assert PSI0_ACTION.get(action, "target_yaw").tolist() == [35]


def test_the_state_is_the_first_part_of_the_action():
    assert PSI0_ACTION.names[:32] == PSI0_STATE.names


def test_the_hands_differ_in_the_order_of_middle_and_index():
    left, right = PSI0_STATE.fields[:2]
    assert left.parts[3:] == ("middle_0", "middle_1", "index_0", "index_1")
    assert right.parts[3:] == ("index_0", "index_1", "middle_0", "middle_1")


def test_fields_can_be_taken_from_a_whole_chunk_without_a_copy():
    chunk = np.zeros((30, 36), np.float32)
    PSI0_ACTION.get(chunk, "left_arm")[:] = 1.0
    assert chunk.sum() == 30 * 7


def test_a_misspelt_field_is_answered_with_the_nearest_one():
    with pytest.raises(LayoutError, match=r"has no field 'left_arn'.*Did you mean 'left_arm'\?"):
        PSI0_STATE.slice_of("left_arn")


def test_pack_refuses_a_missing_field():
    with pytest.raises(LayoutError, match=r"needs the fields \['arm', 'base'\], got \['arm'\]"):
        VectorLayout("toy", (Field("arm", ("a",), "rad"), Field("base", ("v",), "m/s"))).pack({"arm": [0.0]})


def test_unpack_refuses_another_width():
    with pytest.raises(LayoutError, match="holds 32 numbers, got 36"):
        PSI0_STATE.unpack(np.zeros(36))


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_survives_a_file(name):
    assert PolicyLayout.from_json(json.loads(json.dumps(LAYOUTS[name].to_json()))) == LAYOUTS[name]


def test_a_file_that_holds_no_layout_is_refused():
    with pytest.raises(LayoutError, match="not a layout"):
        PolicyLayout.from_json({"name": "toy"})


def test_another_robot_is_refused_and_the_first_difference_is_named():
    with pytest.raises(LayoutError, match="the data set has layout 'g1_inspire', expected 'g1_dex3': in its state"):
        G1_DEX3.check_same(G1_INSPIRE, whose="the data set")
    G1_DEX3.check_same(G1_DEX3, whose="the data set")


def test_known_vectors_are_recognized_by_their_names():
    assert vector_from_names("x", PSI0_ACTION.names) is PSI0_ACTION
    bare = [part for field in G1_INSPIRE.state.fields for part in field.parts]
    assert vector_from_names("x", bare) is G1_INSPIRE.state


def test_a_foreign_vector_keeps_its_names_and_its_width():
    layout = vector_from_names("x", ["arm.a", "arm.b", "base.v"])
    assert [(field.name, field.parts) for field in layout.fields] == [("arm", ("a", "b")), ("base", ("v",))]
    assert vector_from_names("y", ["motor_1", "motor_2"]).size == 2


def test_another_rate_is_refused():
    with pytest.raises(LayoutError, match="the policy has layout 'g1_dex3' at 50 Hz, expected 'g1_dex3' at 30 Hz"):
        G1_DEX3.check_same(replace(G1_DEX3, rate=50.0), whose="the policy")


def test_every_number_of_a_foreign_vector_with_scattered_fields_can_be_found():
    layout = vector_from_names("x", ["arm.a", "base.v", "arm.b"])
    owners = np.zeros(3, int)
    for field in layout.fields:
        owners[layout.slice_of(field.name)] += 1
    assert owners.tolist() == [1, 1, 1]
