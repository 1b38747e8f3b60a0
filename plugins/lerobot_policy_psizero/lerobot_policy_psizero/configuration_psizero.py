"""Settings of the policy, as LeRobot's commands take them; file and class names are what LeRobot looks for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lerobot.configs.policies import PreTrainedConfig
from lerobot.configs.types import NormalizationMode
from lerobot.optim.optimizers import AdamWConfig
from lerobot.optim.schedulers import DiffuserSchedulerConfig


@PreTrainedConfig.register_subclass("psizero")
@dataclass
class PsiZeroConfig(PreTrainedConfig):
    """A policy of PsiZero."""

    chunk_size: int = 30
    """Actions per chunk."""
    n_action_steps: int = 15
    """Actions that run before the policy is asked again."""
    size: str = "tiny"
    """How large the network is: a name of `psizero.model.config.SIZES`."""
    begin_with: Path | None = None
    """Folder of a policy trained with `psizero finetune`: its weights and its normalization."""
    network: dict[str, Any] | None = None
    """Shape of the network; found when a policy is made, and stored with it."""

    normalization_mapping: dict[str, NormalizationMode] = field(
        default_factory=lambda: dict.fromkeys(("VISUAL", "STATE", "ACTION"), NormalizationMode.IDENTITY)
    )
    """Nothing is normalized outside of the policy."""

    optimizer_lr: float = 2e-3
    """Highest step size, as `psizero finetune` has it."""
    optimizer_weight_decay: float = 0.01
    """Pull of the weights towards zero."""
    optimizer_grad_clip_norm: float = 1.0
    """Longest gradient."""
    scheduler_warmup_steps: int = 300
    """Steps in which the step size rises; then it falls to nothing on a cosine."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.n_obs_steps != 1:
            raise ValueError(f"psizero looks at one instant, got n_obs_steps={self.n_obs_steps}; leave it out")
        if not 1 <= self.n_action_steps <= self.chunk_size:
            raise ValueError(
                f"n_action_steps must be 1 to chunk_size ({self.chunk_size}), got {self.n_action_steps}; "
                f"try --policy.n_action_steps={self.chunk_size}"
            )

    def validate_features(self) -> None:
        """Refuse data without a state, a picture or an action."""
        if self.robot_state_feature is None or not self.image_features or self.action_feature is None:
            raise ValueError(
                "psizero needs observation.state, one or more observation.images.* and action; "
                f"got {sorted({**(self.input_features or {}), **(self.output_features or {})})}"
            )

    def get_optimizer_preset(self) -> AdamWConfig:
        """Return AdamW, as `psizero finetune` has it."""
        return AdamWConfig(
            lr=self.optimizer_lr,
            weight_decay=self.optimizer_weight_decay,
            grad_clip_norm=self.optimizer_grad_clip_norm,
        )

    def get_scheduler_preset(self) -> DiffuserSchedulerConfig:
        """Return a warm-up and a cosine over the whole training."""
        return DiffuserSchedulerConfig(name="cosine", num_warmup_steps=self.scheduler_warmup_steps)

    @property
    def observation_delta_indices(self) -> None:
        """One instant."""
        return

    @property
    def action_delta_indices(self) -> list[int]:
        """The chunk begins with the action of the instant."""
        return list(range(self.chunk_size))

    @property
    def reward_delta_indices(self) -> None:
        """No rewards."""
        return
