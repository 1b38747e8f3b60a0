"""One training in many processes: who is who, whose are which rows of a batch, and who keeps which weights.

`torchrun` starts the processes and tells each of them its place. Without it there is one
process, for which every function here gives back what it got, so that a stage reads the same.
Weights, gradients and the state of the optimizer are divided among the processes by FSDP2.
"""

import atexit
import functools
import os
import warnings
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard, register_fsdp_forward_method
from torch.distributed.tensor import DTensor
from torch.utils.checkpoint import checkpoint

from psizero.errors import ConfigError
from psizero.model.qwen_backbone import QwenBackbone
from psizero.train.config import ScaleConfig

Item = TypeVar("Item")

PATIENCE = timedelta(minutes=30)
"""How long a process waits for another before it gives up. One that died is noticed within seconds, by `torchrun`
and by its closed connections; this is for one that hangs, and must be longer than measuring and saving take."""


def join(config: ScaleConfig) -> None:
    """Meet the processes that `torchrun` started; one that is alone, or has met them before, goes on at once."""
    if config.device == "cuda":
        if not torch.cuda.is_available():
            raise ConfigError("there is no GPU that torch can use here; leave --scale.device out")
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        dist.init_process_group("cpu:gloo,cuda:nccl" if config.device == "cuda" else "gloo", timeout=PATIENCE)
        atexit.register(_leave)


def processes() -> int:
    """Return how many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


class Here(NamedTuple):
    """The processes of one computer."""

    number: int
    """How many they are."""
    me: int
    """Which of them this one is, from 0."""
    first: int
    """Rank of the first of them."""


def processes_here() -> Here:
    """Return which processes share the memory of this computer, as `torchrun` has told; all of them without it."""
    if not dist.is_initialized():
        return Here(number=1, me=0, first=0)
    me = int(os.environ.get("LOCAL_RANK", dist.get_rank()))
    first = torch.tensor(dist.get_rank() - me)
    firsts = [torch.empty_like(first) for _ in range(processes())]
    dist.all_gather(firsts, first)
    return Here(number=sum(int(each) == int(first) for each in firsts), me=me, first=int(first))


def is_first() -> bool:
    """Tell whether this process is the one that prints and writes what is not divided."""
    return not dist.is_initialized() or dist.get_rank() == 0


def wait_for_all() -> None:
    """Return when every process has come here."""
    same_for_all(0.0)


def same_for_all(value: float) -> float:
    """Return the value of the first process, in each of them: clocks differ."""
    if not dist.is_initialized():
        return value
    shared = torch.tensor(value, dtype=torch.float64)
    dist.broadcast(shared, 0)
    return shared.item()


def sum_of_all(value: Tensor) -> float:
    """Return the sum of a number over the processes, in each of them."""
    if not dist.is_initialized():
        return value.item()
    total = value.detach().cpu().clone()
    dist.all_reduce(total)
    return total.item()


def whole(value: Tensor) -> Tensor:
    """Return a divided tensor in one piece, in main memory; every process must ask for it at the same time."""
    return (value.full_tensor() if isinstance(value, DTensor) else value).cpu()


def own_rows(batch_size: int, accumulate: int) -> list[slice]:
    """Return which rows of a batch this process learns from, in as many parts as gradients are accumulated over.

    >>> own_rows(32, 2)
    [slice(0, 16, None), slice(16, 32, None)]
    """
    parts = processes() * accumulate
    if batch_size % parts:
        raise ConfigError(
            f"a batch of {batch_size} cannot be divided evenly among {processes()} processes that accumulate over "
            f"{accumulate} parts; try --batch-size {(batch_size // parts + 1) * parts}"
        )
    rows = batch_size // parts
    first = (0 if is_first() else dist.get_rank()) * accumulate
    return [slice(part * rows, (part + 1) * rows) for part in range(first, first + accumulate)]


def own_share(items: Sequence[Item]) -> Sequence[Item]:
    """Return those of some items that are this process's work; every process must ask with the same ones."""
    return items[dist.get_rank() :: dist.get_world_size()] if dist.is_initialized() else items


def spread_out(network: nn.Module, config: ScaleConfig) -> None:
    """Put a network on its device and divide it among the processes, block by block.

    A block is what is repeated: an element of a list of modules. Its weights are gathered when it is used.
    """
    network.to(config.device)
    blocks = [block for blocks in network.modules() if isinstance(blocks, nn.ModuleList) for block in blocks]
    for block in blocks:
        if config.checkpoint_activations:
            block.forward = functools.partial(checkpoint, block.forward, use_reentrant=False)
        if config.compile:
            block.compile()
    for part in network.modules():
        if isinstance(part, QwenBackbone):  # it calls what is inside its blocks, not the blocks
            part.recompute = config.checkpoint_activations
    if processes() > 1:
        # It warns of blocks that return views, which must not be changed in place; nothing here is.
        warnings.filterwarnings("ignore", message="FSDP2-wrapped module .* returned a view tensor")
        mesh = init_device_mesh(config.device, (processes(),))
        for part in (*blocks, network):
            fully_shard(part, mesh=mesh)
        for block in blocks:
            for name in getattr(block, "called_beside_forward", ()):
                register_fsdp_forward_method(block, name)


def _leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()
