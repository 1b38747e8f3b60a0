"""The same network, run as the Psi0 reference runs it: for comparison in the same process, on the same weights.

- transformers' whole model, kernels one by one: head over all tokens, every hidden
  state kept.
- in each Euler step everything anew: observation tokens, time network, modulations of
  every action token.

Where the reference would be slower still, it is given the better: weights in the type of
computation (it casts those of the expert again and again), attention as `model/attention.py`
computes it on a CPU, the shorter way to pixels that the engine takes, and the features before
the last norm.

Source: github.com/physical-superintelligence-lab/Psi0 @15d7d3a.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
import transformers
from torch import Tensor, nn

from benchmarks.psi0_sizes import PICTURE_SIZE
from psizero.model.device_stages import StageTimer
from psizero.model.psi0_expert import TIME_SCALE, Psi0Expert
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_picture import network_picture
from psizero.model.sampler import SamplerConfig, promise_first, sample

STAGES = ("picture", "backbone", "expert", "copy")
"""What `ReferenceWay.seconds` tells; the vision tower runs inside the backbone."""


class ReferenceWay:
    """Answers one observation with a chunk; shares its weights with the networks that it is given."""

    def __init__(self, backbone: QwenBackbone, expert: Psi0Expert, sampler: SamplerConfig) -> None:
        self._config = backbone.config
        self._expert = expert
        self._sampler = sampler
        self._device = expert.action_proj_out.linear.weight.device
        self._model = _whole_model(backbone, self._device)
        self._features: list[Tensor] = []
        self._model.model.language_model.layers[-1].register_forward_hook(self._keep_features)
        self._timer = StageTimer(self._device)

    @torch.no_grad()
    def chunk(self, picture: np.ndarray, ids: np.ndarray, state: Tensor, noise: Tensor, promised: Tensor) -> Tensor:
        """Return a chunk (A, X) on the host whose first rows are `promised`."""
        self._timer.start()
        pixels = network_picture(picture, PICTURE_SIZE)
        values = _patch_rows(pixels, self._config).to(self._device)
        self._timer.mark("picture")
        context = self._read(values, pixels, torch.from_numpy(ids)[None].to(self._device))
        self._timer.mark("backbone")
        actions = torch.zeros_like(noise)
        actions[: len(promised)] = promised
        promise = promise_first(actions[None].to(self._device), torch.tensor([len(promised)], device=self._device))
        state, noise = state[None].to(self._device), noise[None].to(self._device)
        self._timer.mark("copy")
        chunk = sample(lambda x, sigma: self._velocity(x, sigma, context, state), noise, self._sampler, promise)
        self._timer.mark("expert")
        answer = chunk[0].cpu()
        self._timer.mark("copy")
        return answer

    def seconds(self) -> dict[str, float]:
        """Return the time of each of `STAGES` of the latest chunk (s)."""
        return self._timer.seconds()

    def _velocity(self, noisy: Tensor, sigma: Tensor, context: Tensor, state: Tensor) -> Tensor:
        return self._expert(noisy, TIME_SCALE * sigma, self._expert.observe(context, state))

    def _read(self, values: Tensor, pixels: np.ndarray, ids: Tensor) -> Tensor:
        patch = self._config.shape.patch
        grid = torch.tensor([[1, pixels.shape[0] // patch, pixels.shape[1] // patch]], device=self._device)
        inputs: dict[str, Any] = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        inputs |= {"pixel_values": values, "image_grid_thw": grid}
        if not transformers.__version__.startswith("4."):  # since 5, the model is told which tokens are pictures
            inputs["mm_token_type_ids"] = (ids == self._config.picture_token).int()
        self._model(**inputs, output_hidden_states=True)
        return self._features.pop()

    def _keep_features(self, layer: nn.Module, given: Any, made: Any) -> None:
        self._features.append(made[0] if isinstance(made, tuple) else made)


def _whole_model(backbone: QwenBackbone, device: torch.device) -> Any:
    """Return transformers' model with its head, on the weights of `backbone`."""
    config = transformers.Qwen3VLConfig(**backbone.config.to_json())
    with _parameters_without_memory():
        model: Any = transformers.Qwen3VLForConditionalGeneration(config)
    model.load_state_dict(backbone.state_dict(), strict=False, assign=True)
    model.lm_head.weight = model.model.language_model.embed_tokens.weight
    return model.to(device).eval()


def _patch_rows(pixels: np.ndarray, config: QwenConfig) -> Tensor:
    """Return the rows of numbers that transformers' image processor makes of a picture, (patches, 1536)."""
    shape = config.shape
    level = torch.from_numpy(pixels).permute(2, 0, 1).float().div(127.5).sub(1.0)
    rows, columns = (side // (shape.patch * shape.merge) for side in pixels.shape[:2])
    squares = level.reshape(3, rows, shape.merge, shape.patch, columns, shape.merge, shape.patch)
    squares = squares.permute(1, 4, 2, 5, 0, 3, 6).unsqueeze(5)  # (rows, columns, merge, merge, 3, 1, patch, patch)
    return squares.expand(-1, -1, -1, -1, -1, shape.frames, -1, -1).flatten(4).flatten(0, 3)


@contextmanager
def _parameters_without_memory() -> Iterator[None]:
    """Make modules whose parameters are shapes only, while tables that are no parameters get their numbers."""
    register = nn.Module.register_parameter

    def on_meta(module: nn.Module, name: str, parameter: nn.Parameter | None) -> None:
        shape_only = None if parameter is None else nn.Parameter(parameter.to("meta"), requires_grad=False)
        register(module, name, shape_only)

    with patch.object(nn.Module, "register_parameter", on_meta):
        yield
