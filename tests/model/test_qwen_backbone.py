import numpy as np
import pytest
import torch

from psizero.errors import ConfigError, DataError

pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")

from psizero.model.qwen_backbone import QwenBackbone
from tests.model.small_qwen import CLOSE, OPEN, SMALL, small_qwen, their_layers

HEAD, TAIL = (110, 20, 21), (111, 21, 110, 22, 21)


def prompts(words: list[tuple[int, ...]], pictures: int, tokens: int, *, left: bool = False) -> torch.Tensor:
    """Ids (B, N) of user turns, filled up on the right, or on the left."""
    seats = pictures * (OPEN, *tokens * (SMALL.picture_token,), CLOSE)
    rows = [[*HEAD, *seats, *row, *TAIL] for row in words]
    length = max(map(len, rows))
    pads = [[SMALL.padding_token] * (length - len(row)) for row in rows]
    return torch.tensor([pad + row if left else row + pad for row, pad in zip(rows, pads, strict=True)])


def pictures(batch: int, count: int, height: int = 256, width: int = 320) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (batch, count, height, width, 3), np.uint8)


def largest_error(ours: torch.Tensor, theirs: torch.Tensor, ids: torch.Tensor) -> float:
    """Largest difference where there is a token, relative to the largest feature."""
    present = ids != SMALL.padding_token
    return float((ours[present] - theirs[present]).abs().max() / theirs[present].abs().max())


@pytest.mark.parametrize(
    ("words", "count", "size", "left"),
    [
        ([(5, 6, 7)], 1, (256, 320), False),
        ([(5, 6, 7, 8)], 3, (256, 320), False),
        ([(5, 6), (9, 8, 7, 6, 5)], 2, (320, 224), False),
        ([(5, 6), (9, 8, 7, 6, 5)], 1, (256, 256), True),
    ],
    ids=["one picture", "three cameras", "a batch with padding", "padding on the left"],
)
def test_features_are_those_of_transformers_before_the_last_norm(words, count, size, left):
    backbone = small_qwen()
    shown = pictures(len(words), count, *size)
    ids = prompts(words, count, size[0] * size[1] // 1024, left=left)
    context = backbone(torch.from_numpy(shown), ids[..., None])
    theirs = their_layers(backbone, shown, ids)[-1]
    assert largest_error(context.tokens, theirs, ids) < 1e-5
    assert torch.equal(context.mask, ids != SMALL.padding_token)


def test_the_features_are_not_those_behind_the_norm():
    backbone = small_qwen()
    ids = prompts([(5, 6, 7)], 1, 80)
    context = backbone(torch.from_numpy(pictures(1, 1)), ids[..., None])
    assert not torch.allclose(backbone.model.language_model.norm(context.tokens), context.tokens, atol=0.1)


def test_features_of_several_layers_are_those_of_transformers():
    backbone = small_qwen(layers=(1, 2, 4))
    shown, ids = pictures(1, 1), prompts([(5, 6, 7)], 1, 80)
    context = backbone(torch.from_numpy(shown), ids[..., None])
    theirs = their_layers(backbone, shown, ids)
    for ours, number in zip(context.layers, backbone.layers, strict=True):
        assert largest_error(ours, theirs[number - 1], ids) < 1e-5
    assert context.layers[-1] is context.tokens


def test_layers_behind_the_last_one_asked_for_do_not_run():
    backbone = small_qwen(layers=(2,))
    for layer in backbone.model.language_model.layers[2:]:
        for weight in layer.parameters():
            weight.fill_(torch.nan)
    context = backbone(torch.from_numpy(pictures(1, 1)), prompts([(5,)], 1, 80)[..., None])
    assert context.tokens.isfinite().all()


def test_padding_changes_no_feature_and_is_not_in_the_summary():
    backbone, shown = small_qwen(), torch.from_numpy(pictures(2, 1)[[0, 0]])
    both = backbone(shown, prompts([(5, 6), (5, 6, 7, 8, 9)], 1, 80)[..., None])
    alone = backbone(shown[:1], prompts([(5, 6)], 1, 80)[..., None])
    assert torch.allclose(both.tokens[:1, : alone.tokens.shape[1]], alone.tokens, atol=1e-4)
    assert torch.allclose(both.summary[:1], alone.summary, atol=1e-4)


def test_levels_and_bytes_are_the_same_picture():
    backbone, ids = small_qwen(), prompts([(5, 6)], 1, 80)[..., None]
    shown = torch.from_numpy(pictures(1, 1))
    assert torch.equal(backbone(shown, ids).tokens, backbone(shown.float(), ids).tokens)


def test_it_runs_in_bfloat16():
    backbone, shown = small_qwen(), torch.from_numpy(pictures(1, 1))
    ids = prompts([(5, 6, 7)], 1, 80)
    exact = backbone(shown, ids[..., None]).tokens
    coarse = backbone.bfloat16()(shown, ids[..., None]).tokens
    assert coarse.dtype == torch.bfloat16
    assert largest_error(coarse.float(), exact, ids) < 0.05


def test_gradients_reach_the_first_weights_of_eyes_and_words():
    backbone = small_qwen().requires_grad_(True)
    backbone(torch.from_numpy(pictures(1, 1)), prompts([(5,)], 1, 80)[..., None]).tokens.square().sum().backward()
    weights = dict(backbone.named_parameters())
    reached = {name for name, weight in weights.items() if weight.grad is not None}
    assert set(weights) - reached == {"model.language_model.norm.weight"}


def test_there_is_no_head():
    assert not [name for name in small_qwen().state_dict() if "lm_head" in name]


def test_names_and_shapes_are_those_of_the_released_weights():
    shapes = {name: tuple(value.shape) for name, value in small_qwen().state_dict().items()}
    assert shapes == SMALL.shape.shapes()


@pytest.mark.parametrize("layers", [(), (0,), (6,), (3, 2), (2, 2)])
def test_layers_that_do_not_exist_are_refused(layers):
    with pytest.raises(ConfigError, match=r"rise within 1\.\.5"):
        QwenBackbone(SMALL, layers=layers)


def test_pictures_that_give_other_tokens_than_the_prompt_expects_are_refused():
    backbone = small_qwen()
    with pytest.raises(DataError, match=r"give 80 vision tokens, the prompts have \[64\]"):
        backbone(torch.from_numpy(pictures(1, 1)), prompts([(5,)], 1, 64)[..., None])
    with pytest.raises(DataError, match=r"multiples of 32 pixels, got \(1, 1, 240, 320, 3\)"):
        backbone(torch.from_numpy(pictures(1, 1, 240)), prompts([(5,)], 1, 80)[..., None])


def test_nothing_is_read_back_from_the_device():
    # Tensors on "meta" have no numbers: whatever asked for one would fail, and would stop a captured graph.
    ids = prompts([(5, 6)], 2, 80).to("meta")
    context = small_qwen().to("meta")(torch.from_numpy(pictures(1, 2)).to("meta"), ids[..., None])
    assert context.tokens.shape == (*ids.shape, SMALL.shape.width)


def test_computing_layers_twice_keeps_less_and_gives_the_same_gradient():
    ids, shown = prompts([(5, 6, 7)], 1, 80), torch.from_numpy(pictures(1, 1))
    gradients, kept = [], []
    for recompute in (False, True):
        backbone = small_qwen().requires_grad_(True)
        backbone.recompute = recompute
        saved: list[int] = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t, to=saved: (to.append(t.numel()), t)[1], lambda t: t):
            loss = backbone(shown, ids[..., None]).tokens.square().mean()
        loss.backward()
        kept.append(sum(saved))
        gradients.append({name: weight.grad for name, weight in backbone.named_parameters() if weight.grad is not None})
    assert kept[1] < 0.5 * kept[0]
    assert set(gradients[0]) == set(gradients[1])
    assert all(torch.equal(gradients[1][name], gradient) for name, gradient in gradients[0].items())
