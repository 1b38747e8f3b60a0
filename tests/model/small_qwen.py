"""A Qwen3-VL of a few thousand weights, ours and that of transformers, and pictures for both."""

from dataclasses import replace

import numpy as np
import torch
import transformers
from transformers.models.qwen2_vl import image_processing_qwen2_vl

from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from tests.model import reference_run

SMALL_SHAPE = replace(reference_run.BACKBONE, vocabulary=128, layers=5)
SMALL = QwenConfig(
    shape=SMALL_SHAPE, vision_heads=2, taps=(1, 3, 4), rope_sections=(4, 2, 2), picture_token=100, padding_token=101
)
OPEN, CLOSE = 102, 103
"""Ids around a picture."""


def small_qwen(layers: tuple[int, ...] | None = None) -> QwenBackbone:
    """Return ours with random weights, biases and norms too, the same each time."""
    torch.manual_seed(3)
    backbone = QwenBackbone(SMALL, layers=layers).eval().requires_grad_(False)
    for name, weight in sorted(backbone.named_parameters()):
        if "embed" not in name:
            weight.normal_(1.0 if "norm" in name and "weight" in name else 0.0, 0.15)
    return backbone


def their_layers(backbone: QwenBackbone, pictures: np.ndarray, ids: torch.Tensor) -> list[torch.Tensor]:
    """Return what each decoder layer of transformers' own model hands on, with the same weights.

    That is the next layer's input, in which what was tapped is added, and the last one's output.
    """
    config = transformers.Qwen3VLConfig(**SMALL.to_json(), vision_start_token_id=OPEN, video_token_id=104)
    model = transformers.Qwen3VLModel(config).eval()
    model.load_state_dict({name.removeprefix("model."): value for name, value in backbone.state_dict().items()})
    found: list[torch.Tensor] = []
    *_, last = layers = list(model.language_model.layers)
    for layer in layers[1:]:
        layer.register_forward_pre_hook(lambda module, given: found.append(given[0].clone()))
    last.register_forward_hook(lambda module, given, made: found.append(made[0] if type(made) is tuple else made))
    values, grid = their_pixels(pictures)
    present = (ids != SMALL.padding_token).long()
    picture = (ids == SMALL.picture_token).int()
    given = {"input_ids": ids, "attention_mask": present, "pixel_values": values, "image_grid_thw": grid}
    with torch.no_grad():
        # Since 5, the model is told which tokens are pictures; before, it looked for itself.
        model(**given, **({} if transformers.__version__.startswith("4.") else {"mm_token_type_ids": picture}))
    return found


def their_pixels(pictures: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows of patches and the grids as transformers' image processor (numpy and PIL) makes them."""
    try:
        from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil as Processor
    except ImportError:
        Processor = image_processing_qwen2_vl.Qwen2VLImageProcessor  # noqa: N806
    half = [0.5, 0.5, 0.5]
    area = {"shortest_edge": 65_536, "longest_edge": 16_777_216}
    processor = Processor(patch_size=16, merge_size=2, image_mean=half, image_std=half, size=area)
    made = processor(images=list(pictures.reshape(-1, *pictures.shape[-3:])), return_tensors="pt")
    return made["pixel_values"], made["image_grid_thw"]
