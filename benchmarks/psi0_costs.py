"""What a chunk must cost: multiplications, and weights that must come from memory once; and what a device can do.

The limit of a stage is the larger of operations over rate and bytes over bandwidth.
Activations are left out: at a few hundred tokens they stay in caches. Counted is
what the exact network needs: no head, no modulations of a fixed schedule, no padding.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from benchmarks.psi0_sizes import PICTURE_SIZE, WORDS
from psizero.model.psi0_block import JointBlock
from psizero.model.psi0_expert import Psi0Expert
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_picture import network_size

DATASHEET = {
    "H200": (989e12, 4.8e12),
    "H100": (989e12, 3.35e12),
    "RTX 4090": (165e12, 1.008e12),
    "RTX 5090": (209e12, 1.79e12),
}
"""Dense bfloat16 operations and bytes per second, by a part of the device's name; the vendors' figures."""
_SIDE, _COPIED = 2048, 1 << 28
"""Side of the matrices, and bytes, by which other devices are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one stage of one chunk."""

    operations: float
    """Additions and multiplications."""
    bytes: float
    """Of weights, as often as they must be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What a device can do at most."""

    operations: float
    """Per second, in matrix products of the type that is used."""
    bytes: float
    """Per second, from memory."""
    source: str
    """Whether this was measured."""

    def limit_ms(self, cost: Cost) -> float:
        """Return the shortest time that a stage can take (ms)."""
        return 1e3 * max(cost.operations / self.operations, cost.bytes / self.bytes)


def costs(backbone: QwenBackbone, expert: Psi0Expert, *, steps: int) -> dict[str, Cost]:
    """Return the cost of each stage for one picture and one prompt."""
    return {
        "vision": _vision(backbone),
        "language": _language(backbone),
        "expert": expert_cost(expert, context=WORDS + _vision_tokens(backbone), steps=steps),
    }


def rates(device: torch.device, dtype: torch.dtype) -> Rates:
    """Return the vendor's figures of a known GPU in bfloat16, else what a large product and a large copy reach."""
    if device.type == "cuda" and dtype == torch.bfloat16:
        name = torch.cuda.get_device_name(device)
        for part, (operations, size) in DATASHEET.items():
            if part in name:
                return Rates(operations=operations, bytes=size, source="vendor")
    matrix = torch.randn(_SIDE, _SIDE, device=device, dtype=dtype)
    memory = torch.ones(_COPIED // 4, device=device)
    taken = _least_seconds(lambda: matrix @ matrix, device)
    moved = _least_seconds(memory.clone, device)
    return Rates(operations=2 * _SIDE**3 / taken, bytes=2 * _COPIED / moved, source="measured")


def _vision(backbone: QwenBackbone) -> Cost:
    shape, tower = backbone.config.shape, backbone.model.visual
    tokens = _vision_tokens(backbone)
    patches = tokens * shape.merge**2
    per_patch = [*_matrices(tower.blocks), tower.patch_embed.proj.weight]
    per_token = [*_matrices(tower.merger), *_matrices(tower.deepstack_merger_list)]
    attention = 4.0 * shape.vision_layers * patches**2 * shape.vision_width
    operations = 2.0 * (patches * _numbers(per_patch) + tokens * _numbers(per_token)) + attention
    return Cost(operations=operations, bytes=_bytes([*per_patch, *per_token]))


def _language(backbone: QwenBackbone) -> Cost:
    shape = backbone.config.shape
    tokens = WORDS + _vision_tokens(backbone)
    weights = _matrices(backbone.model.language_model.layers[: backbone.layers[-1]])
    attention = 2.0 * shape.layers * tokens**2 * shape.heads * shape.head_width  # each looks at half of them
    return Cost(operations=2.0 * tokens * _numbers(weights) + attention, bytes=_bytes(weights))


def expert_cost(expert: Psi0Expert, *, context: int, steps: int) -> Cost:
    """Return the cost of some Euler steps with `context` tokens of the backbone."""
    rows, seen, width = expert.config.chunk, context + 1, expert.config.width
    action: list[Tensor] = []
    observation: list[Tensor] = []
    for name, weight in expert.transformer_blocks.named_parameters():
        unused = name == f"{expert.config.blocks - 1}.attn.add_q_proj.weight"
        if weight.ndim == 2 and "norm1" not in name and not unused:
            (observation if ".add_" in name or "to_add_" in name or "ff_obs" in name else action).append(weight)
    attention = 4.0 * (rows + seen) * width * ((expert.config.blocks - 1) * (rows + seen) + rows)
    step = 2.0 * (rows * _numbers(action) + seen * _numbers(observation)) + attention
    attention_in = cast(JointBlock, expert.transformer_blocks[0]).attn
    first = [attention_in.add_q_proj.weight, attention_in.add_k_proj.weight, attention_in.add_v_proj.weight]
    once = 2.0 * context * expert.obs_proj.views_proj.weight.numel()
    read = steps * _bytes([*action, *observation]) - (steps - 1) * _bytes(first)
    return Cost(operations=steps * step + once, bytes=read + _bytes([expert.obs_proj.views_proj.weight]))


def _vision_tokens(backbone: QwenBackbone) -> int:
    height, width = network_size(*PICTURE_SIZE)
    return height * width // backbone.config.token_side**2


def _matrices(module: nn.Module) -> list[Tensor]:
    return [weight for weight in module.parameters() if weight.ndim >= 2]


def _numbers(weights: Sequence[Tensor]) -> int:
    return sum(weight.numel() for weight in weights)


def _bytes(weights: Sequence[Tensor]) -> float:
    return float(sum(weight.numel() * weight.element_size() for weight in weights))


def _least_seconds(work: Callable[[], Tensor], device: torch.device) -> float:
    def waited() -> float:
        begin = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - begin

    return min(waited() for _ in range(8))
