"""Numbers find their counterpart by meaning, and what has none is masked."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.embodiment.convert import Conversion
from psizero.embodiment.layout import (
    EVERYDAY_G1,
    EVERYDAY_H1,
    G1_DEX3,
    G1_INSPIRE,
    G1_SIMPLE,
    HUMAN,
    HUMAN_HANDS_STEP,
    LAYOUTS,
    Field,
    VectorLayout,
)
from psizero.errors import LayoutError

VECTORS = [vector for layout in LAYOUTS.values() for vector in (layout.state, layout.action)]


@given(source=st.sampled_from(VECTORS), target=st.sampled_from(VECTORS))
def test_there_and_back_keeps_what_both_have(source, target):
    try:
        there, back = Conversion.between(source, target), Conversion.between(target, source)
    except LayoutError:
        return
    values = np.arange(1, source.size + 1, dtype=np.float32)
    kept = back.convert(there.convert(values))
    assert set(kept) - {0} == {value for value, known in zip(values, back.mask, strict=True) if known}
    assert ((kept == values) | (kept == 0)).all()
    assert there.mask.sum() == back.mask.sum()
    assert len(there.lost) == source.size - there.mask.sum()


def test_the_same_layout_is_carried_over_whole():
    conversion = Conversion.between(G1_DEX3.action, G1_DEX3.action)
    values = np.random.default_rng(0).normal(size=(4, 36)).astype(np.float32)
    np.testing.assert_array_equal(conversion.convert(values), values)
    assert conversion.mask.all()


def test_inspire_arms_become_dex3_arms_and_its_fingers_nothing():
    conversion = Conversion.between(G1_INSPIRE.action, G1_DEX3.action)
    values = np.arange(26, dtype=np.float32)
    result = G1_DEX3.action.unpack(conversion.convert(values))
    assert result["left_arm"].tolist() == list(range(7))
    assert result["right_arm"].tolist() == list(range(7, 14))
    known = G1_DEX3.action.unpack(conversion.mask)
    assert [name for name, mask in known.items() if mask.any()] == ["left_arm", "right_arm"]
    assert len(conversion.lost) == 12


def test_a_turning_flag_is_no_yaw_rate():
    conversion = Conversion.between(G1_SIMPLE.action, G1_DEX3.action)
    assert G1_DEX3.action.names[int(np.argmin(conversion.mask))] == "yaw_rate.vyaw"
    assert conversion.mask.sum() == 35
    assert conversion.lost == ("turning.flag",)


def test_both_robots_of_humanoid_everyday_share_their_arms():
    assert Conversion.between(EVERYDAY_G1.action, G1_DEX3.action).mask.sum() == 28
    assert Conversion.between(EVERYDAY_H1.action, G1_DEX3.action).mask.sum() == 14


def test_the_hand_spaces_hold_48_numbers_each_and_share_no_meaning():
    assert HUMAN.action.size == HUMAN_HANDS_STEP.size == 48
    assert HUMAN_HANDS_STEP.slice_of("left_unused") == slice(6, 9)
    assert HUMAN_HANDS_STEP.slice_of("right_unused") == slice(30, 33)
    with pytest.raises(LayoutError, match=r"'human_hands' has nothing that 'human_hands_step' has"):
        Conversion.between(HUMAN.action, HUMAN_HANDS_STEP)


def test_another_unit_is_another_meaning():
    degrees = VectorLayout("degrees", (Field("left_arm", ("elbow",), "deg"),))
    with pytest.raises(LayoutError, match="nothing"):
        Conversion.between(degrees, G1_DEX3.action)


def test_a_wrong_size_is_refused():
    with pytest.raises(LayoutError, match=r"'psi0_action' holds 36 numbers, got an array of shape \(2, 32\)"):
        Conversion.between(G1_DEX3.action, G1_DEX3.action).convert(np.zeros((2, 32)))
