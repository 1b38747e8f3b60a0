"""The state of a training in one file: written whole or not at all, read back bit for bit.

The file is safetensors; the few plain values (step, seconds, the optimizer's
settings) are JSON in its header. No random state is kept: every random number
of a step comes from a generator made of the seed and the step.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import nn

from psizero.data.atomic_file import write_file
from psizero.errors import PolicyError
from psizero.train.average import RunningAverage

_VALUES = "psizero.values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a training has come."""

    step: int
    """Optimizer steps done."""
    seconds: float
    """Time spent training, all runs together (s)."""
    settings: Mapping[str, Any]
    """The settings that must be the same when it is resumed."""


def save_checkpoint(
    path: Path, network: nn.Module, average: RunningAverage, optimizer: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write everything that the next step depends on."""
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"average.{name}": value for name, value in average.weights().items()}
    for number, entry in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": torch.as_tensor(value) for name, value in entry.items()}
    values = json.dumps({"step": progress.step, "seconds": progress.seconds, "settings": dict(progress.settings)})
    contiguous = {name: value.detach().contiguous() for name, value in tensors.items()}
    write_file(path, safetensors.torch.save(contiguous, metadata={_VALUES: values}))


def load_checkpoint(
    path: Path, network: nn.Module, average: RunningAverage, optimizer: torch.optim.Optimizer
) -> Progress:
    """Fill network, average and optimizer with what `save_checkpoint` wrote."""
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            values = json.loads((file.metadata() or {})[_VALUES])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
        parts = {part: _part(tensors, part) for part in ("network", "average", "optimizer")}
        network.load_state_dict(parts["network"])
        average.restore(parts["average"])
        optimizer.load_state_dict(
            {"state": _optimizer_state(parts["optimizer"]), "param_groups": optimizer.state_dict()["param_groups"]}
        )
        return Progress(step=values["step"], seconds=values["seconds"], settings=values["settings"])
    except FileNotFoundError as error:
        raise PolicyError(f"{path} is missing: there is no training to resume; leave --resume out") from error
    except (safetensors.SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise PolicyError(f"{path} cannot be resumed ({first}); train anew in another folder") from error


def _part(tensors: Mapping[str, torch.Tensor], part: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(f"{part}."): value for name, value in tensors.items() if name.startswith(f"{part}.")}


def _optimizer_state(tensors: Mapping[str, torch.Tensor]) -> dict[int, dict[str, torch.Tensor]]:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        number, _, key = name.partition(".")
        state.setdefault(int(number), {})[key] = value
    return state
