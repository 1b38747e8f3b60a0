"""torch.compile as inference uses it: a GPU wants fixed shapes, for it captures graphs; a CPU wants weights in order.

On a CPU weights are brought into the order in which they are multiplied and kept so, a second time; the call of the
fused kernels is C++, too; and axes that are marked may have any length, so nothing is computed for padding.
Checks that the modules are still the same are left out: an engine's are.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Tensor

Given = ParamSpec("Given")
Result = TypeVar("Result")


def fused(work: Callable[Given, Result], device: torch.device) -> Callable[Given, Result]:
    """Return `work`, fused when it first runs, which takes up to minutes; gradients have to be off then."""
    unguarded: dict[str, Any] = {"guard_filter_fn": torch.compiler.skip_guard_on_all_nn_modules_unsafe}
    if device.type != "cpu":
        return torch.compile(work, fullgraph=True, dynamic=False, options=unguarded)
    compiled = torch.compile(work, fullgraph=True, options=unguarded)

    def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with _cpu_settings():
            return compiled(*args, **kwargs)

    return call


def any_length(tensor: Tensor, *axes: int) -> Tensor:
    """Mark the axes whose length may differ from call to call; on a GPU they may not."""
    if tensor.is_cpu:
        for axis in axes:
            torch._dynamo.maybe_mark_dynamic(tensor, axis)
    return tensor


def _cpu_settings() -> AbstractContextManager[Any]:
    import torch._inductor.config

    return torch._inductor.config.patch(freezing=True, cpp_wrapper=True)
