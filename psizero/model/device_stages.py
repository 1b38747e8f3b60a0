"""Work on a device in stages: numbers go up from pinned memory, a graph of kernels is replayed, each stage is timed.

On a CPU the same calls do the work at once and without copies.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
import torch

Result = TypeVar("Result")

_WARM_UP = 3
"""Runs before a capture: libraries choose kernels and allocate in the first, compiled functions compile."""


class Upload:
    """A tensor of fixed shape on a device, filled from the host without waiting for the device."""

    def __init__(self, *shape: int, dtype: torch.dtype, device: torch.device) -> None:
        self.tensor = torch.zeros(shape, dtype=dtype, device=device)
        """What the network reads; always the same memory, so that a captured graph finds it."""
        pinned = device.type == "cuda"
        self._staging = torch.zeros(shape, dtype=dtype, pin_memory=True) if pinned else self.tensor
        self._host = self._staging.numpy()
        self._copied = torch.cuda.Event() if pinned else None

    def __call__(self, fill: Callable[[np.ndarray], None]) -> None:
        """Let `fill` write into the host's side, (*shape), and start the copy."""
        if self._copied is None:
            fill(self._host)
            return
        self._copied.synchronize()  # the copy before this one may still be reading
        fill(self._host)
        self.tensor.copy_(self._staging, non_blocking=True)
        self._copied.record()


class Stage(Generic[Result]):
    """A part of the work; with `graph` its kernels are captured once and replayed.

    Captured work reads and writes the same memory each time: its inputs are uploads and
    results of earlier stages, and a result lasts until the next run.
    """

    def __init__(self, work: Callable[[], Result], *, graph: bool) -> None:
        self._work = work
        self._wants_graph = graph
        self._captured: tuple[torch.cuda.CUDAGraph, Result] | None = None

    def __call__(self) -> Result:
        """Do the work, or start it on the device."""
        if not self._wants_graph:
            return self._work()
        if self._captured is None:
            self._captured = _capture(self._work)
        graph, result = self._captured
        graph.replay()
        return result


class StageTimer:
    """How long each stage of the latest work took, on the device's own clock if it has one."""

    def __init__(self, device: torch.device) -> None:
        self._on_device = device.type == "cuda"
        self._marks: list[tuple[str, float, torch.cuda.Event | None]] = []

    def start(self) -> None:
        """Forget earlier stages; the first one begins."""
        self._marks = []
        self.mark("")

    def mark(self, name: str) -> None:
        """End a stage; the next one begins. Stages of the same name add up."""
        event = None
        if self._on_device:
            event = torch.cuda.Event(enable_timing=True)
            event.record()
        self._marks.append((name, time.perf_counter(), event))

    def seconds(self) -> dict[str, float]:
        """Return the time of each stage (s); waits for the device."""
        found: dict[str, float] = {}
        for (_, before, begin), (name, after, end) in zip(self._marks, self._marks[1:], strict=False):
            taken = after - before
            if begin is not None and end is not None:
                end.synchronize()
                taken = begin.elapsed_time(end) / 1e3
            found[name] = found.get(name, 0.0) + taken
        return found


def _capture(work: Callable[[], Result]) -> tuple[torch.cuda.CUDAGraph, Result]:
    """Run the work until nothing new is compiled or allocated, then record its kernels."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(_WARM_UP):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = work()
    return graph, result
