"""PsiZero's network behind LeRobot's policy class: batches of LeRobot in, loss or chunks out.

Letters in shapes: B batch, C cameras, H x W pixels, S state numbers, A actions of a chunk, X numbers of an action.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import torch
from lerobot.policies.pretrained import PreTrainedPolicy
from lerobot.utils.constants import ACTION, OBS_STATE
from torch import Tensor, nn
from torch.nn import functional

from lerobot_policy_psizero.configuration_psizero import PsiZeroConfig
from psizero.data.normalize import Normalizer
from psizero.data.stats import VectorStats
from psizero.errors import ConfigError, PolicyError
from psizero.model.action_expert import ShownContext
from psizero.model.config import ModelConfig, config_of_size
from psizero.model.network import FlowNetwork, Sight
from psizero.model.policy_folder import read_stage
from psizero.model.words import encode_words
from psizero.train.config import ObjectiveConfig
from psizero.train.objective import Draws, draw, flow_loss


class Range(nn.Module):
    """The map of `psizero.data.normalize.Normalizer`, stored with the weights."""

    def __init__(self, normalizer: Normalizer) -> None:
        super().__init__()
        self.register_buffer("low", torch.from_numpy(normalizer.low).float())
        self.register_buffer("high", torch.from_numpy(normalizer.high).float())
        self.low: Tensor
        self.high: Tensor

    def normalize(self, values: Tensor) -> Tensor:
        """Return (..., D) physical values as the network likes them; what never changes is 0."""
        span = torch.where(self.high == self.low, torch.inf, self.high - self.low)
        return (values - 0.5 * (self.low + self.high)) * (2.0 / span)

    def denormalize(self, values: Tensor) -> Tensor:
        """Return (..., D) physical values."""
        return 0.5 * (self.low + self.high) + 0.5 * (self.high - self.low) * values


class PsiZeroPolicy(PreTrainedPolicy):
    """The policy that LeRobot's commands make for `--policy.type=psizero`."""

    config_class = PsiZeroConfig
    name = "psizero"

    def __init__(
        self, config: PsiZeroConfig, *, dataset_stats: Mapping[str, Mapping[str, Any]] | None = None, **_: object
    ) -> None:
        """Make a policy for the features of `config`, or begin with one of `psizero finetune`."""
        super().__init__(config)
        config.validate_features()
        self.config: PsiZeroConfig = config
        assert config.robot_state_feature is not None and config.action_feature is not None
        sizes = {
            "state_size": config.robot_state_feature.shape[0],
            "action_size": config.action_feature.shape[0],
            "cameras": len(config.image_features),
        }
        weights = None
        if config.network is None and config.begin_with is not None:
            parts, weights = read_stage(config.begin_with)
            model, state, action = parts.config, parts.normalizers.state, parts.normalizers.action
            _check_sizes(model, {**sizes, "chunk": config.chunk_size}, config)
        else:
            model = (
                replace(config_of_size(config.size, **sizes), chunk=config.chunk_size)
                if config.network is None
                else ModelConfig.from_json(config.network)
            )
            stats = dataset_stats or {}
            state = normalizer_of(stats.get(OBS_STATE), model.state_size)
            action = normalizer_of(stats.get(ACTION), model.action_size)
        config.network = {**model.to_json(), "channels": list(model.channels)}
        self.network = FlowNetwork(model)
        if weights is not None:
            self.network.load_state_dict(weights)
        self.state_range, self.action_range = Range(state), Range(action)
        self._objective = ObjectiveConfig()
        self.reset()

    def get_optim_params(self) -> list[dict[str, Any]]:
        """Return the weights in two groups: matrices are pulled towards zero, vectors are left alone."""
        learned = [weight for weight in self.parameters() if weight.requires_grad]
        return [
            {"params": [weight for weight in learned if weight.ndim >= 2]},
            {"params": [weight for weight in learned if weight.ndim < 2], "weight_decay": 0.0},
        ]

    def reset(self) -> None:
        """Begin an episode."""
        self._coming: deque[Tensor] = deque(maxlen=self.config.n_action_steps)

    def forward(self, batch: dict[str, Any], reduction: str = "mean") -> tuple[Tensor, dict[str, float]]:
        """Return the flow loss of a batch; rows past the end of an episode repeat its last action: hold still."""
        if reduction != "mean":
            raise ConfigError(
                f"psizero has one loss per batch, the mean; reduction={reduction!r} was asked for, "
                "leave out what weighs samples"
            )
        pictures, words, state = self._seen(batch)
        action = self.action_range.normalize(batch[ACTION])
        draws = draw(
            torch.default_generator,
            batch=len(action),
            rows=action.shape[1],
            numbers=action.shape[2],
            max_delay=self.network.config.max_delay,
            config=self._objective,
        )
        here = Draws(**{item.name: getattr(draws, item.name).to(action.device) for item in fields(draws)})
        known = torch.ones_like(action[:, 0], dtype=torch.bool)
        loss = flow_loss(self.network, Sight(pictures, words), state, action, known, here, self._objective)
        return loss, {"flow_loss": loss.item()}

    @torch.no_grad()
    def predict_action_chunk(
        self,
        batch: dict[str, Any],
        *,
        noise: Tensor | None = None,
        inference_delay: int | None = None,
        prev_chunk_left_over: Tensor | None = None,
        **_: object,
    ) -> Tensor:
        """Return chunks (B, A, X); the first `inference_delay` rows are those of `prev_chunk_left_over`."""
        shown = self._shown(batch)
        config = self.network.config
        if noise is None:
            noise = torch.randn(
                len(batch[OBS_STATE]), config.chunk, config.action_size, device=self.action_range.low.device
            )
        if prev_chunk_left_over is None or not inference_delay:
            return self.action_range.denormalize(self.network.sample(shown, noise))
        left = prev_chunk_left_over if prev_chunk_left_over.ndim == 3 else prev_chunk_left_over[None]
        promised = left[:, : min(inference_delay, config.max_delay)]
        chunk = self.network.sample(shown, noise, self.action_range.normalize(promised).expand(len(noise), -1, -1))
        values = self.action_range.denormalize(chunk)
        values[:, : promised.shape[1]] = promised
        return values

    @torch.no_grad()
    def select_action(self, batch: dict[str, Any], **keywords: Any) -> Tensor:
        """Return the next actions (B, X), from a new chunk if the last has run."""
        if not self._coming:
            self._coming.extend(self.predict_action_chunk(batch, **keywords)[:, : self.config.n_action_steps].unbind(1))
        return self._coming.popleft()

    def _shown(self, batch: dict[str, Any]) -> ShownContext:
        self.eval()
        return self.network.encode(*self._seen(batch))

    def _seen(self, batch: dict[str, Any]) -> tuple[Tensor, Tensor, Tensor]:
        """Return pictures (B, C, H, W, 3) in 0..255, codes of words and the normalized state of a batch."""
        config = self.network.config
        size = (config.image_height, config.image_width)
        pictures = [
            functional.interpolate(batch[key].float(), size, mode="bilinear", antialias=True)
            for key in self.config.image_features
        ]
        state = batch[OBS_STATE]
        told = batch.get("task") or [""] * len(state)
        codes = encode_words(
            [told] if isinstance(told, str) else list(told), max_words=config.max_words, vocabulary=config.vocabulary
        )
        return (
            255.0 * torch.stack(pictures, dim=1).permute(0, 1, 3, 4, 2).clamp(0.0, 1.0),
            torch.from_numpy(codes).to(state.device),
            self.state_range.normalize(state),
        )


def normalizer_of(stats: Mapping[str, Any] | None, size: int) -> Normalizer:
    """Return the map for LeRobot's statistics of a vector; without any, numbers stay as they are."""
    if stats is None:
        return Normalizer(low=np.full(size, -1.0), high=np.full(size, 1.0))
    known = {key: np.asarray(value, np.float64) for key, value in stats.items()}
    # Data sets of before LeRobot 0.4 have no quantiles.
    known = {"q01": known["min"], "q99": known["max"], "count": np.array([0]), **known}
    return Normalizer.from_stats(VectorStats.from_json(known))


def _check_sizes(model: ModelConfig, asked: Mapping[str, int], config: PsiZeroConfig) -> None:
    for name, value in asked.items():
        known = getattr(model, name)
        if known != value:
            hint = f"; try --policy.chunk_size={known}" if name == "chunk" else ""
            raise PolicyError(f"the policy in {config.begin_with} has {name} {known}, {value} was asked for{hint}")
