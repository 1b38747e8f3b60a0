"""AdamW with a warm-up and its schedule, and which weights are pulled towards zero."""

import math
from collections.abc import Mapping

import torch
from torch import nn

from psizero.train.config import OptimizerConfig

_SHARE = "share"
"""What a group of parameters calls its share of the step size."""


def make_optimizer(
    network: nn.Module, config: OptimizerConfig, shares: Mapping[str, float] | None = None
) -> torch.optim.AdamW:
    """Return AdamW over all parameters; only matrices and kernels decay, not vectors and embeddings.

    `shares` tells by how the names of some parameters begin which share of the step size they get; others get all.
    Fused: one pass over the weights, where the other ways take several.
    """
    embeddings = {module.weight for module in network.modules() if isinstance(module, nn.Embedding)}
    groups: dict[float, tuple[list[nn.Parameter], list[nn.Parameter]]] = {1.0: ([], [])}
    for name, parameter in network.named_parameters():
        share = next((share for start, share in (shares or {}).items() if name.startswith(start)), 1.0)
        decaying, steady = groups.setdefault(share, ([], []))
        (decaying if parameter.ndim >= 2 and parameter not in embeddings else steady).append(parameter)
    told = [
        {"params": parameters, "weight_decay": decay, _SHARE: share}
        for share, kinds in groups.items()
        for parameters, decay in zip(kinds, (config.weight_decay, 0.0), strict=True)
    ]
    return torch.optim.AdamW(told, lr=config.rate, betas=config.betas, fused=True)


def rate_factor(progress: float, config: OptimizerConfig) -> float:
    """Return by how much the step size is multiplied when `progress` (0..1) of the training is done.

    >>> [round(rate_factor(p, OptimizerConfig(warmup=0.1)), 3) for p in (0.0, 0.05, 0.1, 0.55, 1.0)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    if progress < config.warmup:
        return progress / config.warmup
    if config.schedule == "constant":
        return 1.0
    rest = (min(progress, 1.0) - config.warmup) / (1.0 - config.warmup)
    return 0.5 * (1.0 + math.cos(math.pi * rest))


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Use this step size, or its share, in the next step."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group[_SHARE]
