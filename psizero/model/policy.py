"""Observation -> chunk of actions: a trained network behind the `Policy` protocol.

It knows nothing of training and nothing of disks. It draws its noise from its own
generator, so the same seed and the same observations give the same chunks.
"""

from dataclasses import dataclass

import numpy as np
import torch

from psizero.data.image import resize_image
from psizero.data.normalize import Normalizer
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import PolicyError
from psizero.model import flow
from psizero.model.action_expert import ShownContext
from psizero.model.config import ModelConfig
from psizero.model.guidance import lead
from psizero.model.network import FlowNetwork
from psizero.model.policy_question import check_question
from psizero.model.words import encode_words
from psizero.types import ActionChunk, Observation, Steering

FARTHEST_TOLD = 10.0
"""What a network is told of a state or a plan is at most so far from the middle of its usual range, in halves of it.

No demonstration gets there. But a finger that hardly moved in any of them has a usual range of 0.0003 rad: touched,
it is 134 of these off, the chunk leaves the room, and a network that is led by its own plan never comes back.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalizers:
    """How a policy's numbers are mapped to those of its network."""

    state: Normalizer
    action: Normalizer


class FlowPolicy:
    """Samples a chunk by flow matching; the promised actions come back exactly."""

    def __init__(self, network: FlowNetwork, *, layout: PolicyLayout, normalizers: Normalizers, seed: int = 0) -> None:
        config = network.config
        for name, vector, normalizer, size in (
            ("state", layout.state, normalizers.state, config.state_size),
            ("action", layout.action, normalizers.action, config.action_size),
        ):
            if not vector.size == normalizer.size == size:
                raise PolicyError(
                    f"the policy's parts do not fit: its {name} has {vector.size} numbers in the layout, "
                    f"{normalizer.size} in the statistics and {size} in the network"
                )
        if len(layout.cameras) != config.cameras:
            raise PolicyError(f"the network sees {config.cameras} cameras, the layout names {list(layout.cameras)}")
        self.layout = layout
        self.normalizers = normalizers
        self._network = network.eval().requires_grad_(False)
        self._seed = seed
        self._generator = torch.Generator().manual_seed(seed)

    @property
    def config(self) -> ModelConfig:
        """The network's shape: chunk length, largest delay, picture size."""
        return self._network.config

    @property
    def network(self) -> FlowNetwork:
        """The network, in evaluation mode."""
        return self._network

    def seed(self, seed: int) -> None:
        """Draw noise from this seed from now on, and again after each reset."""
        self._seed = seed
        self.reset()

    def fork(self) -> "FlowPolicy":
        """Return one with the same network and noise of its own, for another robot; only one may act at a time."""
        return FlowPolicy(self._network, layout=self.layout, normalizers=self.normalizers, seed=self._seed)

    def reset(self) -> None:
        """Start the noise anew: a new episode begins."""
        self._generator.manual_seed(self._seed)

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on whose first rows are `promised`, (d, A)."""
        config = self.config
        check_question(observation, promised, layout=self.layout, max_promised=config.max_delay)
        with torch.inference_mode():
            noise, shown = self._begin(observation)
            prefix = (
                torch.from_numpy(self.normalizers.action.normalize(promised, clip=FARTHEST_TOLD))[None]
                if len(promised)
                else None
            )
            sampled = self._network.sample(shown, noise, prefix)[0].numpy()
        return self._chunk(observation, sampled, promised)

    def steer(self, observation: Observation, steering: Steering) -> ActionChunk:
        """Answer with a chunk that goes on from a plan, without being trained to: see `guidance`."""
        config = self.config
        plan = steering.plan[: config.chunk]
        check_question(observation, plan, layout=self.layout, max_promised=config.chunk)
        with torch.no_grad():  # not inference mode, in which the exact pull could not take its derivatives
            noise, shown = self._begin(observation)
            rows = torch.from_numpy(self.normalizers.action.normalize(plan, clip=FARTHEST_TOLD))
            free = self._network.velocity(shown)
            velocity, start = lead(free, noise, rows, promised=steering.promised, how=steering.how)
            sampled = flow.sample(velocity, start, steps=config.euler_steps)[0].numpy()
        return self._chunk(observation, sampled, plan[: steering.promised])

    def _begin(self, observation: Observation) -> tuple[torch.Tensor, ShownContext]:
        """Draw the noise of a chunk, (1, A, X), and encode the observation."""
        config = self.config
        noise = torch.randn(1, config.chunk, config.action_size, generator=self._generator)
        shown = self._network.encode(self._pictures(observation), self._words(observation), self._state(observation))
        return noise, shown

    def _chunk(self, observation: Observation, sampled: np.ndarray, promised: np.ndarray) -> ActionChunk:
        """Return a normalized chunk (A, X) in physical units, with the promised rows put back bit for bit."""
        values = self.normalizers.action.denormalize(sampled)
        values[: len(promised)] = promised
        return ActionChunk(values=values, start_tick=observation.tick)

    def _pictures(self, observation: Observation) -> torch.Tensor:
        size = (self.config.image_height, self.config.image_width)
        pictures = [resize_image(observation.images[camera], size) for camera in self.layout.cameras]
        return torch.from_numpy(np.stack(pictures))[None]

    def _words(self, observation: Observation) -> torch.Tensor:
        config = self.config
        codes = encode_words([observation.instruction], max_words=config.max_words, vocabulary=config.vocabulary)
        return torch.from_numpy(codes)

    def _state(self, observation: Observation) -> torch.Tensor:
        return torch.from_numpy(self.normalizers.state.normalize(observation.state, clip=FARTHEST_TOLD))[None]
