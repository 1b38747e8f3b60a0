"""Networks of the Psi0 kind in three sizes, with random weights: what they compute takes as long as with trained ones.

`paper` is Qwen3-VL-2B and the expert of the paper; no second copy of a weight is ever made.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from psizero.model.psi0_expert import PAPER_SIZE, Psi0Expert, Psi0ExpertConfig, TimeNetwork
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_picture import vision_tokens
from psizero.model.qwen_shapes import QwenShape

PICTURE_SIZE = (240, 320)
"""Height and width of the real robot's picture in Psi0 (pixels)."""
PROMPT_LENGTH = 112
"""Tokens that the engine fills a prompt up to."""
WORDS = 12
"""Tokens of the turn's frame and of an instruction of half a sentence, beside those of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A backbone and the expert behind it."""

    backbone: QwenConfig
    expert: Psi0ExpertConfig


SIZES = {
    "tiny": Size(
        backbone=QwenConfig(
            shape=QwenShape(
                vocabulary=153_792,
                width=128,
                layers=4,
                heads=4,
                key_heads=2,
                head_width=32,
                hidden=384,
                vision_width=96,
                vision_layers=4,
                vision_hidden=384,
            ),
            vision_heads=3,
            taps=(0, 1, 2),
            rope_sections=(8, 4, 4),
        ),
        expert=replace(PAPER_SIZE, blocks=2, width=128, heads=2, inner=512, context_size=128),
    ),
    "small": Size(
        backbone=QwenConfig(
            shape=QwenShape(
                width=512,
                layers=12,
                heads=8,
                key_heads=4,
                head_width=64,
                hidden=1536,
                vision_width=384,
                vision_layers=12,
                vision_hidden=1536,
            ),
            vision_heads=6,
            taps=(2, 5, 8),
            rope_sections=(12, 10, 10),
        ),
        expert=replace(PAPER_SIZE, width=384, heads=6, inner=1536, context_size=512),
    ),
    "paper": Size(backbone=QwenConfig(), expert=PAPER_SIZE),
}
"""The tokenizer does not shrink with a network: all have its vocabulary."""


def random_networks(size: Size, device: torch.device, dtype: torch.dtype) -> tuple[QwenBackbone, Psi0Expert]:
    """Return backbone and expert with the same random weights each time, scaled so that numbers keep their size."""
    generator = torch.Generator(device).manual_seed(0)
    with torch.device("meta"):
        backbone, expert = QwenBackbone(size.backbone), Psi0Expert(size.expert)
    for network in (backbone, expert):
        _fill(network, generator, dtype)
    # The frequencies of flow time stay what they are, in float32.
    expert.time_ins_embed.w = nn.Parameter(TimeNetwork(size.expert.frequencies, 1).w.data.to(device), False)
    return backbone.eval(), expert.eval()


def observation(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture of a camera and a prompt about it."""
    draw = np.random.default_rng(0)
    picture = draw.integers(0, 256, (480, 640, 3), np.uint8)
    words = draw.integers(1000, 2000, WORDS)
    placeholders = np.full(vision_tokens(*PICTURE_SIZE), size.backbone.picture_token)
    return picture, np.concatenate([words[:4], placeholders, words[4:]])


def _fill(network: nn.Module, generator: torch.Generator, dtype: torch.dtype) -> None:
    weights = {}
    for name, empty in network.state_dict().items():
        weights[name] = torch.empty(empty.shape, dtype=dtype, device=generator.device)
        if name.endswith("bias"):
            weights[name].zero_()
        elif "norm" in name and empty.ndim == 1:
            weights[name].fill_(1.0)
        else:
            inputs = empty[0].numel() if empty.ndim > 1 and "embed_tokens" not in name else 1
            weights[name].normal_(0.0, inputs**-0.5, generator=generator)
    network.load_state_dict(weights, assign=True)
    network.requires_grad_(False)
