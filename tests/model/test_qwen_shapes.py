import math

import pytest

from psizero.errors import PolicyError
from psizero.model.qwen_shapes import EMBEDDING, QwenShape, qwen_shape_of

OTHER = QwenShape(
    vocabulary=200, width=48, layers=5, heads=6, key_heads=3, head_width=8, hidden=56, vision_width=32,
    vision_layers=4, vision_hidden=40, vision_positions=16, taps=2, patch=14, frames=1, merge=3,
)  # fmt: skip
"""A size in which no two numbers that could be mistaken are equal."""


def test_the_released_backbone_has_this_many_tensors_and_bytes():
    shapes = QwenShape().shapes()
    assert len(shapes) == 625
    assert 2 * sum(math.prod(shape) for shape in shapes.values()) == 4_262_666_240


@pytest.mark.parametrize("shape", [QwenShape(), OTHER])
def test_the_size_is_told_from_the_shapes(shape):
    assert qwen_shape_of(shape.shapes()) == shape


def test_json_brings_the_size_back():
    assert QwenShape.from_json(OTHER.to_json()) == OTHER


@pytest.mark.parametrize("change", [{"layers": 0}, {"layers": "28"}, {"more": 1}])
def test_damaged_json_is_refused(change):
    with pytest.raises(PolicyError, match="not the shape of a Qwen3-VL"):
        QwenShape.from_json(OTHER.to_json() | change)


@pytest.mark.parametrize("lost", [EMBEDDING, "model.visual.patch_embed.proj.weight", "model.visual.pos_embed.weight"])
def test_a_tensor_without_which_nothing_can_be_told_is_named(lost):
    shapes = {name: shape for name, shape in OTHER.shapes().items() if name != lost}
    with pytest.raises(PolicyError, match=f"lacks {lost}"):
        qwen_shape_of(shapes)


def test_tensors_of_another_rank_are_refused():
    with pytest.raises(PolicyError, match="other ranks"):
        qwen_shape_of(OTHER.shapes() | {"model.visual.patch_embed.proj.weight": (32, 3)})


def test_transformers_names_the_same_tensors():
    transformers = pytest.importorskip("transformers", reason="needs the extra qwen")
    import torch

    from tests.model.small_qwen import SMALL, SMALL_SHAPE

    config = transformers.Qwen3VLConfig(**SMALL.to_json())
    with torch.device("meta"):
        theirs = transformers.Qwen3VLForConditionalGeneration(config).state_dict()
    theirs.pop("lm_head.weight")
    assert {name: tuple(tensor.shape) for name, tensor in theirs.items()} == SMALL_SHAPE.shapes()
