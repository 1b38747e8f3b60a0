"""What the stages of a policy's training do alike, around the one loop."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from rich.console import Console
from torch import nn

from psizero.errors import ConfigError
from psizero.model.policy_files import CARD, WEIGHTS
from psizero.model.policy_folder import PolicyParts, save_policy
from psizero.train.average import RunningAverage
from psizero.train.checkpoint import Progress, load_checkpoint, newest_checkpoint, save_checkpoint
from psizero.train.config import StageConfig
from psizero.train.loop import Hooks, Limits, TrainingState, train
from psizero.train.metrics import Metrics
from psizero.train.optimizer import make_optimizer
from psizero.train.parallel import is_first, join, own_rows, spread_out

Network = TypeVar("Network", bound=nn.Module)

BEGUN_WITH = "begun_with"
"""What a checkpoint calls the weights that its training began with."""


def seeded(seed: int, build: Callable[[], Network]) -> Network:
    """Return a network whose weights depend on the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build()


def start(config: StageConfig, network: nn.Module, shares: Mapping[str, float] | None = None) -> TrainingState:
    """Return the state before the first step; the network is put where it is trained.

    `shares` of the step size go to parameters whose names begin so.
    """
    spread_out(network, config.scale)
    optimizer = make_optimizer(network, config.optimizer, shares)
    return TrainingState(network=network, optimizer=optimizer, average=RunningAverage(network))


def begin(config: StageConfig, console: Console | None) -> Console:
    """Meet the other processes; refuse to overwrite a result, and to resume what is not there; return who talks."""
    join(config.scale)
    own_rows(config.batch_size, config.scale.accumulate)  # refused before any data are read
    begun = has_begun(config)
    if config.resume and not begun:
        raise ConfigError(f"there is no training to resume in {config.out}; leave --resume out")
    if not config.resume and (begun or any((config.out / name).exists() for name in (WEIGHTS, CARD))):
        raise ConfigError(f"{config.out} already holds a policy; choose another folder, or go on with --resume")
    if not is_first():
        return Console(quiet=True)
    return console or Console(stderr=True)


def has_begun(config: StageConfig) -> bool:
    """Tell whether there is a training in `out` to go on with."""
    return newest_checkpoint(_checkpoint(config)) is not None


def resume(config: StageConfig, settings: Mapping[str, Any], state: TrainingState) -> Mapping[str, Any]:
    """Fill the state with the last checkpoint, which must be of the same settings; return what it was saved with."""
    progress = load_checkpoint(_checkpoint(config), state.network, state.average, state.optimizer)
    for name, value in settings.items():
        before = progress.settings.get(name, value)
        if before != value:
            raise ConfigError(
                f"{config.out} was trained with {name} {before!r}, not {value!r}; "
                "resume with the same, or choose another folder"
            )
    state.step, state.seconds = progress.step, progress.seconds
    return progress.settings


def nothing_to_do(config: StageConfig, state: TrainingState, console: Console) -> bool:
    """Tell, also the user, whether the training is over already."""
    if _limits(config).progress(state) < 1.0:
        return False
    console.print(f"nothing to do: {config.out} is trained for {state.step} steps; raise --steps or --minutes")
    return True


def save_state(config: StageConfig, state: TrainingState, settings: Mapping[str, Any]) -> None:
    """Write the checkpoint from which `resume` goes on, each process its share."""
    progress = Progress(step=state.step, seconds=state.seconds, settings=settings)
    save_checkpoint(_checkpoint(config), state.network, state.average, state.optimizer, progress)


def save_result(
    config: StageConfig, parts: PolicyParts, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]
) -> None:
    """Write what the stage is for; the first process does."""
    if is_first():
        save_policy(config.out, parts, weights, card=card)


def run(config: StageConfig, state: TrainingState, hooks: Hooks, console: Console) -> None:
    """Train until the limits of `config` are reached."""
    folder = _checkpoint(config).parent if is_first() else None
    with Metrics(folder, logger=config.logger, console=console) as metrics:
        train(
            state,
            hooks,
            limits=_limits(config),
            optimizer=config.optimizer,
            save_seconds=60.0 * config.save_minutes,
            batch_size=config.batch_size,
            accumulate=config.scale.accumulate,
            metrics=metrics,
        )


def uses_bfloat16(precision: str, device: str = "cpu") -> bool:
    """Tell whether activations are bfloat16; `auto` asks the processor for products of that type: AMX or AVX-512."""
    if precision != "auto":
        return precision == "bfloat16"
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = getattr(torch.cpu, "get_capabilities", dict)  # older versions of torch (2.9) do not tell
    able = capabilities()
    return bool(able.get("amx_bf16") or able.get("avx512_bf16"))


def kept_apart(count: int, holdout: float, seed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return which of `count` episodes are learned from and which are held out, both rising."""
    order = np.random.default_rng(seed).permutation(count)
    kept = round(holdout * count)
    return np.sort(order[kept:]), np.sort(order[:kept])


def spread(count: int, wanted: int) -> np.ndarray:
    """Return up to `wanted` of `count` frames, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).astype(np.int64)) if count else np.zeros(0, np.int64)


def _checkpoint(config: StageConfig) -> Path:
    return config.out / "training" / "state"


def _limits(config: StageConfig) -> Limits:
    return Limits(steps=config.step_limit, seconds=None if config.minutes is None else 60.0 * config.minutes)
