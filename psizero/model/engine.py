"""Pictures, a prompt and a state -> a chunk of actions, fast: Qwen3-VL and the Psi0 expert as one machine.

What makes it fast changes no number beyond rounding:

- on a GPU the prompt is filled up to a fixed length, and promised rows are a mask: all
  shapes are fixed, one graph serves every instruction and every delay.
- pictures and prompt are encoded once per chunk, and neither a head nor a hidden
  state that nobody reads is computed (`qwen_backbone`).
- all that does not depend on the noisy actions is computed before the first Euler
  step (`expert_steps`).
- on a GPU three graphs of kernels are replayed: vision tower, language layers, all
  Euler steps. `compile` fuses their kernels first.
- on a CPU, `onednn` keeps weights in the order in which they are multiplied; `compile`
  does so, too, and fuses what is between the products (`fused`).

An engine answers for one robot: no batch. What makes the steps fast cannot be steered:
`steer` makes them one kernel after another, by `Psi0Expert.flow`.

Letters in shapes: C pictures (cameras times remembered frames), H x W pixels, N tokens
of a prompt, A rows of a chunk, P promised rows, X numbers of an action, Y numbers of
a state.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from psizero.errors import ConfigError, DataError
from psizero.model.device_stages import Stage, StageTimer, Upload
from psizero.model.expert_steps import ExpertSteps
from psizero.model.fused import fused
from psizero.model.guidance import lead
from psizero.model.onednn_linear import OneDnnLinear, can_onednn, use_onednn
from psizero.model.psi0_expert import Psi0Expert
from psizero.model.qwen_backbone import QwenBackbone, Seen
from psizero.model.qwen_picture import network_picture, network_size
from psizero.model.sampler import Promise, SamplerConfig, sample
from psizero.types import Lead

Kernels = Literal["eager", "onednn", "graph", "compile"]
"""As they come; with layers made for a CPU; captured as CUDA graphs; fused by torch.compile and, on a GPU, captured.

On a CPU, `compile` needs a compiler of C++ and holds the weights twice."""

STAGES = ("picture", "vision", "language", "expert", "copy")
"""What `InferenceEngine.seconds` tells, in order; `copy` is that of numbers, up and down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """What is fixed from one chunk to the next."""

    pictures: int = 1
    """Pictures per observation: cameras times remembered frames."""
    picture_size: tuple[int, int] = (240, 320)
    """Height and width that the checkpoint was trained with (pixels); the real G1's camera in Psi0."""
    prompt_length: int = 112
    """Tokens that every prompt is filled up to: 80 of a picture, and room for an instruction."""
    kernels: Kernels = "eager"
    """How kernels are started; `best_kernels` knows which way suits a device."""
    sampler: SamplerConfig = field(default_factory=SamplerConfig)
    """How the expert walks from noise to actions."""

    def __post_init__(self) -> None:
        if min(self.pictures, self.prompt_length) < 1:
            raise ConfigError(
                f"pictures and prompt_length must be 1 or more, got {self.pictures} and {self.prompt_length}"
            )


def best_kernels(expert: Psi0Expert) -> Kernels:
    """Return what suits the device and the type of the weights; on a CPU nothing needs a compiler of C++."""
    weight = expert.action_proj_out.linear.weight
    if weight.device.type == "cuda":
        return "compile"
    return "onednn" if can_onednn(weight) else "eager"


class InferenceEngine:
    """Answers with chunks; `look` once per observation, then `act` once or more often.

    Networks come with their weights on the device and in the type in which they are to
    compute, and are the engine's from then on: with `onednn` they cannot be saved any more.
    With graphs or compilation, the first chunk takes from seconds to minutes.
    """

    def __init__(self, backbone: QwenBackbone, expert: Psi0Expert, config: EngineConfig) -> None:
        self.config = config
        self.device = expert.action_proj_out.linear.weight.device
        self._check_parts(backbone, expert)
        compiled, graph = config.kernels == "compile", self.device.type == "cuda" and config.kernels != "eager"
        onednn = config.kernels == "onednn"
        # Padding costs its share of the work: where no captured graph is gained by it, a prompt is taken as it is.
        self._padded = graph
        self._masked = compiled or graph
        self._backbone = backbone.eval().requires_grad_(False)
        if onednn:
            _use_onednn(backbone)
        expert = expert.eval().requires_grad_(False)
        self._steps = ExpertSteps(expert, config.sampler, compiled=compiled, onednn=onednn)
        self._see = fused(backbone.see, self.device) if compiled else backbone.see
        self._read = fused(backbone.read, self.device) if compiled else backbone.read

        height, width = network_size(*config.picture_size)
        self._canvas = self._backbone.canvas(height, width)
        self._tokens_seen = (
            config.pictures * (height // backbone.config.token_side) * (width // backbone.config.token_side)
        )
        self._pictures = Upload(1, config.pictures, height, width, 3, dtype=torch.uint8, device=self.device)
        self._ids = Upload(1, config.prompt_length, dtype=torch.int64, device=self.device)
        sizes = expert.config
        self._chunk = (sizes.chunk, sizes.action_size)
        self._numbers = Upload(
            sizes.state_size + sizes.chunk * (2 * sizes.action_size + 1), dtype=torch.float32, device=self.device
        )
        self._length = 0
        self._promises = False
        self._seen: Seen | None = None
        self._context: Tensor | None = None
        self._vision = Stage(self._run_vision, graph=graph)
        self._language = Stage(self._run_language, graph=graph)
        self._expert = Stage(self._run_expert, graph=graph)
        self._timer = StageTimer(self.device)

    @torch.no_grad()
    def look(self, pictures: Sequence[np.ndarray], ids: np.ndarray) -> None:
        """Encode an observation: pictures (H, W, 3) uint8 of any size, and a prompt (N,) of `QwenPrompt`."""
        ids = self._checked(pictures, ids)
        self._timer.start()
        self._pictures(lambda host: _fill_pictures(host, pictures, self.config.picture_size))
        self._ids(lambda host: _fill_ids(host, ids, self._backbone.config.padding_token))
        self._length = len(ids)
        self._timer.mark("picture")
        self._seen = self._vision()
        self._timer.mark("vision")
        self._context = self._language()
        self._timer.mark("language")

    @torch.no_grad()
    def act(
        self, state: Float[Tensor, " Y"], noise: Float[Tensor, "A X"], promised: Float[Tensor, "P X"] | None = None
    ) -> Float[Tensor, "A X"]:
        """Return a chunk, normalized, on the host; its first rows are `promised`, bit for bit."""
        count = 0 if promised is None else len(promised)
        if self._context is None:
            raise ConfigError("nothing has been seen yet; call look before act")
        if count >= self._chunk[0]:
            raise ConfigError(f"{count} rows are promised of a chunk of {self._chunk[0]}; ask earlier, with fewer")
        self._promises = count > 0
        self._numbers(lambda host: _fill_numbers(host, state, noise, promised))
        self._timer.mark("copy")
        chunk = self._expert()
        self._timer.mark("expert")
        answer = chunk[0].to("cpu", copy=True)
        self._timer.mark("copy")
        return answer

    @torch.no_grad()
    def steer(
        self,
        state: Float[Tensor, " Y"],
        noise: Float[Tensor, "A X"],
        plan: Float[Tensor, "P X"],
        *,
        promised: int,
        how: Lead,
    ) -> Float[Tensor, "A X"]:
        """Return a chunk that is led by a plan (see `guidance`), normalized, on the host; slower than `act`."""
        if self._context is None:
            raise ConfigError("nothing has been seen yet; call look before steer")
        sampler = self._steps.config
        free = self._steps.velocity(self._context, state[None].to(self.device), self._present())
        velocity, start = lead(free, noise[None].to(self.device), plan, promised=promised, how=how)
        chunk = sample(velocity, start, sampler)[0].to("cpu", copy=True)
        self._timer.mark("expert")
        return chunk

    def seconds(self) -> dict[str, float]:
        """Return the time of each of `STAGES` since the latest `look` (s)."""
        return self._timer.seconds()

    def _run_vision(self) -> Seen:
        return self._see(self._pictures.tensor, self._canvas)

    def _run_language(self) -> Tensor:
        assert self._seen is not None
        ids = self._ids.tensor if self._padded else self._ids.tensor[:, : self._length]
        present = ids != self._backbone.config.padding_token
        return self._read(self._backbone.reading(ids, present, self._seen.grid).of_any_length(), self._seen)[-1]

    def _run_expert(self) -> Tensor:
        assert self._context is not None
        (rows, numbers), size = self._chunk, self._steps.expert.config.state_size
        state, noise, actions, kept = self._numbers.tensor[None].split(
            [size, rows * numbers, rows * numbers, rows], dim=1
        )
        promise = Promise(actions.unflatten(1, self._chunk), kept > 0) if self._masked or self._promises else None
        return self._steps.walk(
            noise.unflatten(1, self._chunk), self._steps.observe(self._context, state, self._present()), promise
        )

    def _present(self) -> Tensor | None:
        """Return which tokens of the prompt are real, (1, N); None if it is taken as it is."""
        return self._ids.tensor != self._backbone.config.padding_token if self._padded else None

    def _check_parts(self, backbone: QwenBackbone, expert: Psi0Expert) -> None:
        if self.config.kernels == "graph" and self.device.type != "cuda":
            raise ConfigError(f"graphs of kernels need a CUDA device, got {self.device}; take kernels eager or compile")
        if self.config.kernels == "onednn" and not can_onednn(expert.action_proj_out.linear.weight):
            raise ConfigError(
                f"layers made for a CPU need oneDNN and float32 or bfloat16 weights, got {expert.dtype} on "
                f"{self.device}; take the kernels that best_kernels names"
            )
        place = next(backbone.parameters()).device
        if place != self.device:
            raise ConfigError(f"the backbone is on {place}, the expert on {self.device}; bring both to one device")
        made, wanted = backbone.config.shape.width, expert.config.context_size
        if made != wanted:
            raise ConfigError(f"the backbone makes tokens of width {made}, the expert wants {wanted}; take its own one")
        if self.config.prompt_length >= expert.config.positions:
            raise ConfigError(
                f"prompt_length {self.config.prompt_length} and the state need more than the expert's "
                f"{expert.config.positions} positions; lower it"
            )

    def _checked(self, pictures: Sequence[np.ndarray], ids: np.ndarray) -> np.ndarray:
        """Return the prompt without padding."""
        if len(pictures) != self.config.pictures:
            raise DataError(f"the engine was made for {self.config.pictures} picture(s), got {len(pictures)}")
        kind = self._backbone.config
        ids = ids[ids != kind.padding_token]
        if len(ids) > self.config.prompt_length:
            raise ConfigError(
                f"a prompt has {len(ids)} tokens, more than prompt_length {self.config.prompt_length}; "
                f"raise it to {len(ids)}"
            )
        placeholders = int((ids == kind.picture_token).sum())
        if placeholders != self._tokens_seen:
            raise DataError(
                f"the pictures give {self._tokens_seen} vision tokens, the prompt has {placeholders} placeholders; "
                "write it with a QwenPrompt for this number and size of pictures"
            )
        return ids


def _use_onednn(backbone: QwenBackbone) -> None:
    """Change the layers of the decoder and of the vision tower, whose blocks have a tanh-approximated GELU."""
    for block in backbone.model.visual.blocks:
        block.mlp.linear_fc1, block.mlp.act_fn = OneDnnLinear(block.mlp.linear_fc1, gelu=True), nn.Identity()
    use_onednn(backbone)


def _fill_pictures(host: np.ndarray, pictures: Sequence[np.ndarray], size: tuple[int, int]) -> None:
    for place, picture in zip(host[0], pictures, strict=True):
        place[...] = network_picture(picture, size)


def _fill_ids(host: np.ndarray, ids: np.ndarray, padding: int) -> None:
    host[...] = padding
    host[0, : len(ids)] = ids


def _fill_numbers(host: np.ndarray, state: Tensor, noise: Tensor, promised: Tensor | None) -> None:
    """Write state, noise, promised actions and which rows they are, one behind the other."""
    actions, kept = torch.zeros_like(noise), torch.zeros(len(noise))
    if promised is not None:
        actions[: len(promised)] = promised
        kept[: len(promised)] = 1.0
    host[...] = torch.cat([state, noise.flatten(), actions.flatten(), kept]).numpy()
