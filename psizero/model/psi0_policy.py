"""Observation -> chunk of actions by the network of the Psi0 paper: an imported checkpoint behind `Policy`.

Pictures and words go through Qwen3-VL, the state and the promised actions through the
bounds of the folder; `engine` computes. Vectors are in the order of the folder's
layout, which puts hands before arms (the reference's 36 and 32 numbers), and so does
every observation of a robot of that layout: nothing is reordered here.
"""

from pathlib import Path

import numpy as np
import torch

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import PolicyError
from psizero.model.engine import EngineConfig, InferenceEngine, Kernels, best_kernels
from psizero.model.policy_question import check_question
from psizero.model.psi0_folder import BACKBONE_FILES, Psi0Parts, read_psi0_folder
from psizero.model.psi0_prompt import Psi0Prompt, read_psi0_prompt
from psizero.model.sampler import SamplerConfig, draw_noise
from psizero.types import ActionChunk, Observation, Steering


class Psi0Policy:
    """Samples a chunk by flow matching; the promised actions come back exactly.

    Noise comes from a generator of its own on the host: the same seed and the same
    observations give the same chunks, whatever the device but for rounding.
    """

    def __init__(self, engine: InferenceEngine, *, prompt: Psi0Prompt, parts: Psi0Parts, seed: int = 0) -> None:
        """Join what was loaded; `parts` tell which numbers the engine's are."""
        if parts.contract.actions != "absolute":
            raise PolicyError(
                "this checkpoint answers with steps of the joints (post-training), a robot needs targets; "
                "import one that was fine-tuned on a task"
            )
        self.parts = parts
        self._engine = engine
        self._prompt = prompt
        self._seed = seed
        self._generator = torch.Generator().manual_seed(seed)

    @property
    def layout(self) -> PolicyLayout:
        """What each number of states and actions means, and which cameras it looks through."""
        return self.parts.layout

    @property
    def max_promised(self) -> int:
        """Most promised actions that it was trained to go on from."""
        return self.parts.contract.max_delay

    def seed(self, seed: int) -> None:
        """Draw noise from this seed from now on, and again after each reset."""
        self._seed = seed
        self.reset()

    def fork(self) -> "Psi0Policy":
        """Return one with the same network and noise of its own, for another robot; only one may act at a time."""
        return Psi0Policy(self._engine, prompt=self._prompt, parts=self.parts, seed=self._seed)

    def reset(self) -> None:
        """Start the noise anew: a new episode begins."""
        self._generator.manual_seed(self._seed)

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on whose first rows are `promised`, (d, A)."""
        check_question(observation, promised, layout=self.layout, max_promised=self.max_promised)
        noise, scale = self._begin(observation), self.parts.action
        prefix = torch.from_numpy(scale.normalize(promised)) if len(promised) else None
        values = scale.denormalize(self._engine.act(self._state(observation.state), noise, prefix).numpy())
        values[: len(promised)] = promised
        return ActionChunk(values=values, start_tick=observation.tick)

    def steer(self, observation: Observation, steering: Steering) -> ActionChunk:
        """Answer with a chunk that goes on from a plan, without being trained to: see `guidance`. Slower than `act`."""
        plan = steering.plan[: self.parts.expert.chunk]
        check_question(observation, plan, layout=self.layout, max_promised=self.parts.expert.chunk)
        noise, scale = self._begin(observation), self.parts.action
        rows = torch.from_numpy(scale.normalize(plan))
        state = self._state(observation.state)
        values = scale.denormalize(
            self._engine.steer(state, noise, rows, promised=steering.promised, how=steering.how).numpy()
        )
        kept = plan[: steering.promised]
        values[: len(kept)] = kept
        return ActionChunk(values=values, start_tick=observation.tick)

    def _begin(self, observation: Observation) -> torch.Tensor:
        """Show the engine what there is to see and draw the noise of a chunk, (A, X)."""
        pictures = [observation.images[camera] for camera in self.layout.cameras]
        self._engine.look(pictures, self._prompt([observation.instruction])[0, :, 0])
        expert = self.parts.expert
        return draw_noise(1, expert.chunk, expert.action_size, generator=self._generator)[0]

    def _state(self, state: np.ndarray) -> torch.Tensor:
        """Return the network's numbers; without bounds they are taken as they are, filled up with zeros."""
        if self.parts.state is not None:
            return torch.from_numpy(self.parts.state.normalize(state))
        return torch.from_numpy(np.pad(state.astype(np.float32), (0, self.parts.expert.state_size - len(state))))


def load_psi0_policy(
    folder: Path,
    *,
    seed: int = 0,
    device: torch.device | None = None,
    dtype: torch.dtype = torch.bfloat16,
    kernels: Kernels | None = None,
) -> Psi0Policy:
    """Open a policy folder made by `psizero import`, on a CUDA device if there is one and no other is named.

    The reference computes in bfloat16, too; `torch.float32` is for comparing numbers. `kernels` are the engine's
    `best_kernels` unless told; on a CPU with a compiler of C++, `compile` is faster and begins minutes later.
    """
    place = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    found = read_psi0_folder(folder)
    contract, layout = found.parts.contract, found.parts.layout
    size = (contract.image_height, contract.image_width)
    backbone = found.load_backbone(dtype=dtype).to(place)
    prompt = read_psi0_prompt(
        found.path / BACKBONE_FILES, backbone.config.picture_token, pictures=len(layout.cameras), picture_size=size
    )
    expert = found.load_expert(dtype).to(place)
    config = EngineConfig(
        pictures=len(layout.cameras),
        picture_size=size,
        prompt_length=prompt.length,
        kernels=kernels or best_kernels(expert),
        sampler=SamplerConfig(steps=contract.euler_steps),
    )
    return Psi0Policy(InferenceEngine(backbone, expert, config), prompt=prompt, parts=found.parts, seed=seed)
