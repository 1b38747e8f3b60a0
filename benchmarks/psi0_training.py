"""How fast the Psi0 expert learns from kept features, how much of the device that uses, and how much memory it takes.

Flow matching with promised rows (a time for each action), float32 weights, bfloat16 activations
where the device multiplies them, AdamW and an average of the weights, as in the stages. The backbone is
frozen and its features (92 tokens, one picture of 240 x 320) are in memory, so it is not
even loaded. Random weights: a step takes as long.

Run: python -m benchmarks.psi0_training [--size paper] [--batch 128] [--device cuda]
Needs torch, transformers, jaxtyping and rich; nothing else should run meanwhile.
"""

import argparse
import resource
import time
from collections.abc import Callable

import torch
from torch import nn

from benchmarks.figure import Figure, show
from benchmarks.psi0_costs import expert_cost, rates
from benchmarks.psi0_sizes import SIZES, WORDS
from psizero.model.psi0_expert import TIME_SCALE, Psi0Expert, Psi0ExpertConfig
from psizero.train.average import RunningAverage
from psizero.train.config import OptimizerConfig
from psizero.train.optimizer import make_optimizer
from psizero.train.stage import uses_bfloat16

CONTEXT = 80 + WORDS
"""Tokens of the backbone: those of a picture, and of an instruction."""
STEPS = 10
"""Steps that are measured, after two that are not."""
H200_EXAMPLES = 600.0
"""Least examples per second at paper size on an H200."""
KEPT_FLOATS = 5
"""Float32 numbers that are kept for each weight: itself, gradient, two moments, average."""


def measure(size: str, batch: int, device: torch.device) -> list[Figure]:
    """Learn for some steps."""
    config = SIZES[size].expert
    torch.manual_seed(0)
    expert = Psi0Expert(config).to(device).train()
    step = _learner(expert, config, batch, device)
    for _ in range(2):
        step()
    seconds = []
    for _ in range(STEPS):
        _wait(device)
        begin = time.perf_counter()
        step()
        _wait(device)
        seconds.append(time.perf_counter() - begin)
    middle = sorted(seconds)[STEPS // 2]
    # Forward, and twice that for the gradients of activations and weights.
    needed = 3.0 * batch * expert_cost(expert, context=CONTEXT, steps=1).operations
    half = uses_bfloat16("auto", device.type)
    ability = rates(device, torch.bfloat16 if half else torch.float32)
    kept = sum(weight.numel() for weight in expert.parameters()) * 4 * KEPT_FLOATS
    h200 = size == "paper" and device.type == "cuda" and "H200" in torch.cuda.get_device_name(device)
    name = f"expert of {size} size, batch {batch}"
    return [
        Figure(
            name=f"{name}: learns from kept features",
            value=batch / middle,
            unit="examples/s",
            at_least=H200_EXAMPLES if h200 else None,
        ),
        Figure(name=f"{name}: one step, median", value=1e3 * middle, unit="ms"),
        Figure(name=f"{name}: operations of a step", value=needed / 1e12, unit="1e12"),
        Figure(
            name=f"{name}: share of the operations that the device can do ({ability.source})",
            value=needed / middle / ability.operations,
            unit="",
        ),
        Figure(name=f"{name}: weights, gradients, moments, average; calculated", value=kept / 1e9, unit="GB"),
        Figure(name=f"{name}: most memory in use", value=_peak_gb(device), unit="GB"),
    ]


def _learner(expert: Psi0Expert, config: Psi0ExpertConfig, batch: int, device: torch.device) -> Callable[[], None]:
    """Return what takes one step."""
    optimizer = make_optimizer(expert, OptimizerConfig(learning_rate=1e-4))
    average = RunningAverage(expert)
    half = uses_bfloat16("auto", device.type)
    tokens = torch.randn(batch, CONTEXT, config.context_size, device=device)
    state = torch.randn(batch, config.state_size, device=device)
    action = torch.randn(batch, config.chunk, config.action_size, device=device)
    taken = 0

    def step() -> None:
        nonlocal taken
        delay = torch.randint(0, 7, (batch, 1), device=device)
        promised = torch.arange(config.chunk, device=device) < delay
        sigma = torch.rand(batch, 1, device=device).expand(-1, config.chunk).masked_fill(promised, 0.0)
        noise = torch.randn_like(action)
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            noisy = action + sigma[..., None] * (noise - action)
            velocity = expert(noisy, TIME_SCALE * sigma, expert.observe(tokens, state))
            error = (velocity.float() - (noise - action)).square().mean(-1)
        optimizer.zero_grad()
        error[~promised].mean().backward()
        nn.utils.clip_grad_norm_(expert.parameters(), 1.0)
        optimizer.step()
        average.update(expert, taken)
        taken += 1

    return step


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def _peak_gb(device: torch.device) -> float:
    """Return the most that was in use: on the GPU, or of this process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=list(SIZES), default="paper")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batch", type=int, help="examples of a step; 128, and 4 on a CPU")
    options = parser.parse_args()
    show(measure(options.size, options.batch or (128 if options.device == "cuda" else 4), torch.device(options.device)))
