"""What the action expert learns from: loaded episodes, and the losses and held-out errors computed from them."""

import numpy as np
import torch

from psizero.data.loader import ALL_ROWS, Batch, Frames, Loader
from psizero.data.mix import Mix
from psizero.model.network import FlowNetwork
from psizero.model.policy_folder import PolicyParts
from psizero.model.words import encode_words
from psizero.train.average import RunningAverage
from psizero.train.config import ExpertStageConfig
from psizero.train.objective import Draws, draw, flow_loss
from psizero.train.stage import spread, uses_bfloat16

_HELD_OUT_FRAMES = 256
"""Held-out frames on which a checkpoint is measured, spread evenly."""


class Examples:
    """The loaded episodes and what is computed from them: batches, losses, held-out errors."""

    def __init__(
        self,
        config: ExpertStageConfig,
        parts: PolicyParts,
        training: Frames,
        held_out: Frames | None,
        mix: Mix | None = None,
    ) -> None:
        """Take the frames to learn from, in the shares of `mix` if given, and those kept apart."""
        self.parts = parts
        self._config = config
        self._training = self._loader(training, mix)
        self._held_out = None if held_out is None else self._loader(held_out)
        self._held_out_frames = spread(0 if held_out is None else len(held_out), _HELD_OUT_FRAMES)
        self._words = self._encode(training)
        self._held_out_words = torch.zeros(0) if held_out is None else self._encode(held_out)
        self._bfloat16 = uses_bfloat16(config.precision, config.scale.device)

    def _loader(self, frames: Frames, mix: Mix | None = None) -> Loader:
        return Loader(
            frames,
            state_normalizer=self.parts.normalizers.state,
            action_normalizer=self.parts.normalizers.action,
            chunk=self.parts.config.chunk,
            batch_size=self._config.batch_size,
            seed=self._config.seed,
            augment=self._config.augment,
            mix=mix,
        )

    def _encode(self, frames: Frames) -> torch.Tensor:
        model = self.parts.config
        codes = encode_words(frames.instructions, max_words=model.max_words, vocabulary=model.vocabulary)
        return torch.from_numpy(codes)

    def loss(self, network: FlowNetwork, step: int, rows: slice = ALL_ROWS) -> torch.Tensor:
        """Return the share that some rows have in the loss of a step's batch."""
        draws = self._draw([self._config.seed, step], self._config.batch_size).of(rows)
        return self._loss(network, self._training.batch(step, rows), self._words, draws)

    def measure(self, average: RunningAverage) -> dict[str, float]:
        """Return the held-out loss of the averaged weights and the error of sampled chunks (normalized units)."""
        if self._held_out is None:
            return {}
        network = FlowNetwork(self.parts.config)
        network.load_state_dict(average.weights())
        losses, errors = [], []
        for number, frames in enumerate(np.array_split(self._held_out_frames, -(-len(self._held_out_frames) // 64))):
            batch = self._held_out.plain_batch(frames)
            draws = self._draw([number], len(frames))
            with torch.no_grad():
                losses.append(self._loss(network, batch, self._held_out_words, draws).item())
                errors.append(self._error(network, batch, number))
        return {"held_out_loss": float(np.mean(losses)), "held_out_error": float(np.mean(errors))}

    def _draw(self, seed: list[int], count: int) -> Draws:
        model = self.parts.config
        return draw(
            torch.Generator().manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0])),
            batch=count,
            rows=model.chunk,
            numbers=model.action_size,
            max_delay=model.max_delay,
            config=self._config.objective,
        )

    def _loss(self, network: FlowNetwork, batch: Batch, words: torch.Tensor, draws: Draws) -> torch.Tensor:
        device = next(network.parameters()).device
        seen, draws = batch.to(device), draws.to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=self._bfloat16):
            return flow_loss(
                network,
                seen.images,
                words[batch.instruction].to(device),
                seen.state,
                seen.action,
                seen.known,
                draws,
                self._config.objective,
            )

    def _error(self, network: FlowNetwork, batch: Batch, seed: int) -> float:
        shown = network.encode(batch.images, self._held_out_words[batch.instruction], batch.state)
        noise = torch.randn(batch.action.shape, generator=torch.Generator().manual_seed(seed))
        error = (network.sample(shown, noise) - batch.action).abs()
        return error[batch.known[:, None].expand_as(error)].mean().item()
