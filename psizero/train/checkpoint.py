"""The state of a training in a folder: written whole or not at all, read back bit for bit.

Each process writes its share into one safetensors file with the help of torch's distributed
checkpoints (DCP), which says in its header where the pieces belong; so any other number of
processes can read them. The few plain values (step, seconds, settings) are JSON. No random state
is kept: every random number of a step comes from a generator made of the seed and the step.

A checkpoint is a folder named after its step. It gets this name when all of it is on the disk,
and only then the one before is removed: whenever a process is killed, one of the two is whole.
"""

import contextlib
import json
import shutil
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch
from torch import nn
from torch.distributed.checkpoint import state_dict_loader, state_dict_saver
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.hf_storage import HuggingFaceStorageReader, HuggingFaceStorageWriter

from psizero.data.atomic_file import unfinished_folder, whole_folder, write_file
from psizero.errors import PolicyError
from psizero.train.average import RunningAverage
from psizero.train.parallel import is_first, wait_for_all

_VALUES = "progress.json"


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
    folder: Path, network: nn.Module, average: RunningAverage, optimizer: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write everything that the next step depends on into `folder`, in place of what it held; all together."""
    tensors = _tensors(network, average, optimizer.state_dict()["state"])
    place = (folder / f"{progress.step:09d}").resolve()
    with whole_folder(place) if is_first() else contextlib.nullcontext(unfinished_folder(place)) as unfinished:
        wait_for_all()
        with _plain_errors():
            writer = HuggingFaceStorageWriter(str(unfinished), save_distributed=True)
            state_dict_saver.save(tensors, storage_writer=writer)
        if is_first():  # all processes have written by now
            values = {"step": progress.step, "seconds": progress.seconds, "settings": dict(progress.settings)}
            write_file(unfinished / _VALUES, json.dumps(values).encode())
    if is_first():
        for other in folder.iterdir():
            if other.name != place.name:  # those before, and what was killed while it was written
                shutil.rmtree(other)
    wait_for_all()


def newest_checkpoint(folder: Path) -> Path | None:
    """Return the last checkpoint that was written whole, if there is one."""
    names = [path.name for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
    return folder / max(names, key=int) if names else None


def load_checkpoint(
    folder: Path, network: nn.Module, average: RunningAverage, optimizer: torch.optim.Optimizer
) -> Progress:
    """Fill network, average and optimizer with what `save_checkpoint` wrote, in however many processes."""
    place = newest_checkpoint(folder)
    if place is None:
        raise PolicyError(f"{folder} is missing: there is no training to resume; leave --resume out")
    try:
        values = json.loads((place / _VALUES).read_bytes())
        reader = HuggingFaceStorageReader(str(place))
        state = _state_to_fill(optimizer, reader.read_metadata().state_dict_metadata)
        tensors = _tensors(network, average, state)
        with _plain_errors():
            state_dict_loader.load(tensors, storage_reader=reader)  # right into the weights and the averages
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
        return Progress(step=values["step"], seconds=values["seconds"], settings=values["settings"])
    except (safetensors.SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise PolicyError(f"{place} cannot be resumed ({first}); train anew in another folder") from error


def _tensors(
    network: nn.Module, average: RunningAverage, state: Mapping[int, Mapping[str, torch.Tensor]]
) -> dict[str, torch.Tensor]:
    """Return all tensors by their names in the files; those of a divided network are divided."""
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"average.{name}": value for name, value in average.shares().items()}
    for number, entry in state.items():
        tensors |= {f"optimizer.{number}.{name}": value for name, value in entry.items()}
    return {name: value.detach().contiguous() for name, value in tensors.items()}


def _state_to_fill(optimizer: torch.optim.Optimizer, saved: Mapping[str, Any]) -> dict[int, dict[str, torch.Tensor]]:
    """Return a state for the optimizer of the saved names and sizes, divided as the weights are."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, torch.Tensor]] = {}
    for path, tensor in saved.items():
        part, _, rest = path.partition(".")
        if part == "optimizer":
            number, _, name = rest.partition(".")
            alike = parameters[int(number)]
            value = torch.zeros_like(alike) if tensor.size == alike.shape else torch.zeros(tensor.size)
            state.setdefault(int(number), {})[name] = value
    return state


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Raise what went wrong in the first process where something did, and not that something went wrong in some."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="torch.distributed is disabled")  # one process is fine
            yield
    except CheckpointException as error:
        cause, _ = next(iter(error.failures.values()))
        raise cause from error
