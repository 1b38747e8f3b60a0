"""AdamW with a warm-up and its schedule, and which weights are pulled towards zero."""

import math

import torch
from torch import nn

from psizero.train.config import OptimizerConfig


def make_optimizer(network: nn.Module, config: OptimizerConfig) -> torch.optim.AdamW:
    """Return AdamW over all parameters; only matrices and kernels decay, not vectors and embeddings.

    Fused: one pass over the weights, where the other ways take several.
    """
    embeddings = {module.weight for module in network.modules() if isinstance(module, nn.Embedding)}
    decaying, steady = [], []
    for parameter in network.parameters():
        (decaying if parameter.ndim >= 2 and parameter not in embeddings else steady).append(parameter)
    groups = [
        {"params": decaying, "weight_decay": config.weight_decay},
        {"params": steady, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.rate, betas=config.betas, fused=True)


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
    """Use this step size in the next step."""
    for group in optimizer.param_groups:
        group["lr"] = rate
