"""How long Psi0 takes for one chunk, stage by stage, beside its calculated limit and beside the reference's way.

One picture of 480 x 640, ten steps, four promised actions, random weights: the time
does not depend on them. Each way to start kernels is measured in turns with the reference's
way, in one process. Results are written after each, and a later call goes on
behind the last one that is there.

Run: python -m benchmarks.psi0_latency [--quick] [--sizes tiny small paper] [--device cuda]
Writes `benchmarks/results/psi0_latency_DEVICE.json`, .md and an .svg of each size. Nothing else should run meanwhile.
Needs torch, transformers, jaxtyping, pillow and rich; no simulator. On a CPU `compile` needs a compiler of C++ and is
left out where there is none, and at paper size, where it would hold the weights a third time.
"""

import argparse
import gc
import json
import os
import platform
import re
import resource
import shutil
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.bar_plot import stacked_bars
from benchmarks.figure import Figure, show
from benchmarks.psi0_costs import costs, rates
from benchmarks.psi0_reference_way import ReferenceWay
from benchmarks.psi0_sizes import PICTURE_SIZE, PROMPT_LENGTH, SIZES, observation, random_networks
from psizero.model.engine import STAGES, EngineConfig, InferenceEngine, Kernels
from psizero.model.psi0_expert import Psi0ExpertConfig
from psizero.model.sampler import SamplerConfig, draw_noise

RESULTS = Path(__file__).parent / "results"
PROMISED = 4
"""Rows: 133 ms at 30 Hz."""
WARM_UP = 3
"""Chunks that are not counted, of each way."""
CPU_CHUNKS = {"tiny": 200, "small": 60, "paper": 5}
GPU_CHUNKS = 300
QUICK_CHUNKS = 3
LEAST_RATIO = {"cuda": 5.0, "cpu": 2.0}
"""How many times faster than the reference's way it has to be: at paper size on a GPU, at small size on a CPU."""
H200_LIMITS_MS = (14.0, 20.0)
"""p50 and p99 at paper size on an H200."""

Way = dict[str, Any]
"""What was measured of one size and one way to start kernels, as it is in the file."""


def measure_way(name: str, kernels: Kernels, device: torch.device, *, chunks: int) -> Way:
    """Ask again and again for a chunk, in turns with the reference's way."""
    dtype = torch.bfloat16 if device.type == "cuda" or name != "tiny" else torch.float32
    size, sampler = SIZES[name], SamplerConfig()
    backbone, expert = random_networks(size, device, dtype)
    cost = costs(backbone, expert, steps=sampler.steps)
    # Layers for a CPU are of no use to the reference's way: it keeps the networks, the engine gets its own.
    theirs = ReferenceWay(backbone, expert, sampler)
    if kernels == "onednn":
        backbone, expert = random_networks(size, device, dtype)
    config = EngineConfig(picture_size=PICTURE_SIZE, prompt_length=PROMPT_LENGTH, kernels=kernels, sampler=sampler)
    ours = InferenceEngine(backbone, expert, config)
    del backbone, expert
    gc.collect()

    picture, ids = observation(size)
    state, noise, promised = _numbers(size.expert)

    def fast() -> tuple[Tensor, dict[str, float]]:
        ours.look([picture], ids)
        return ours.act(state, noise, promised), ours.seconds()

    def plain() -> tuple[Tensor, dict[str, float]]:
        return theirs.chunk(picture, ids, state, noise, promised), theirs.seconds()

    begin = time.perf_counter()
    chunk = fast()[0]
    first = time.perf_counter() - begin
    want = plain()[0]
    for _ in range(min(WARM_UP, chunks)):
        fast()
        plain()
    mine, its = [], []
    for _ in range(chunks):
        mine.append(_timed(fast))
        its.append(_timed(plain))
    ability = rates(device, dtype)
    limits = {stage: ability.limit_ms(one) for stage, one in cost.items()}
    total, other = _percentiles(mine), _percentiles(its)
    return {
        "size": name,
        "kernels": kernels,
        "dtype": str(dtype).removeprefix("torch."),
        "chunks": chunks,
        "ours_ms": total,
        "reference_ms": other,
        "times_faster": other["total"]["p50"] / total["total"]["p50"],
        "difference": float((chunk - want).norm() / want.norm()),
        "first_chunk_s": first,
        "costs": {stage: asdict(one) for stage, one in cost.items()},
        "rates": asdict(ability),
        "limit_ms": limits | {"total": sum(limits.values())},
        "times_the_limit": total["total"]["p50"] / sum(limits.values()),
        "peak_memory_gb": _peak_memory_gb(device),
    }


def main() -> None:
    """Measure what is not in the file yet; write it after each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--kernels", nargs="+", choices=["eager", "onednn", "graph", "compile"])
    parser.add_argument("--quick", action="store_true", help="three chunks of each, into a file of its own")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args()
    device = torch.device(options.device)
    path = options.out / f"psi0_latency_{_slug(device)}{'_quick' if options.quick else ''}.json"
    options.out.mkdir(parents=True, exist_ok=True)
    content = json.loads(path.read_text()) if path.exists() else {"machine": _machine(device), "ways": {}}
    for size in options.sizes:
        for kernels in options.kernels or _usual_kernels(size, device):
            key = f"{size} {kernels}"
            if key in content["ways"]:
                print(f"{key}: already in {path.name}")
                continue
            print(f"{key} ...", flush=True)
            chunks = QUICK_CHUNKS if options.quick else GPU_CHUNKS if device.type == "cuda" else CPU_CHUNKS[size]
            content["ways"][key] = measure_way(size, kernels, device, chunks=chunks)
            content["date"] = datetime.now(UTC).strftime("%Y-%m-%d")
            _write(path, content)
            gc.collect()
            if device.type == "cuda":
                torch.cuda.empty_cache()
                torch.cuda.reset_peak_memory_stats()
    show(_figures(content["ways"], device.type))
    print(f"written: {path}, a table and plots beside it")


def _usual_kernels(size: str, device: torch.device) -> list[Kernels]:
    if device.type == "cuda":
        return ["graph", "compile", "eager"]
    compiles = size != "paper" and shutil.which(os.environ.get("CXX", "g++")) is not None
    return ["onednn", "compile", "eager"] if compiles else ["onednn", "eager"]


def _numbers(sizes: Psi0ExpertConfig) -> tuple[Tensor, Tensor, Tensor]:
    """Return a state, noise and promised actions."""
    generator = torch.Generator().manual_seed(0)
    noise = draw_noise(1, sizes.chunk, sizes.action_size, generator=generator)[0]
    promised = torch.randn(PROMISED, sizes.action_size, generator=generator) / 2
    return torch.randn(sizes.state_size, generator=generator), noise, promised


def _timed(work: Any) -> dict[str, float]:
    begin = time.perf_counter()
    _, stages = work()
    return stages | {"total": time.perf_counter() - begin}


def _percentiles(samples: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return p50, p95 and p99 of each stage (ms)."""
    found = {}
    for stage in samples[0]:
        values = np.percentile([1e3 * sample[stage] for sample in samples], [50, 95, 99])
        found[stage] = dict(zip(("p50", "p95", "p99"), map(float, values), strict=True))
    return found


def _figures(ways: dict[str, Way], device: str) -> list[Figure]:
    figures = []
    for key, way in ways.items():
        judged = way["kernels"] == "compile" and way["size"] == ("paper" if device == "cuda" else "small")
        h200 = judged and device == "cuda" and "H200" in torch.cuda.get_device_name()
        middle, most = H200_LIMITS_MS if h200 else (None, None)
        total = way["ours_ms"]["total"]
        name = f"one chunk of Psi0, {key}"
        figures += [
            Figure(name=f"{name}, p50", value=total["p50"], unit="ms", at_most=middle),
            Figure(name=f"{name}, p99", value=total["p99"], unit="ms", at_most=most),
            Figure(
                name=f"{name}: faster than the reference's way",
                value=way["times_faster"],
                unit="times",
                at_least=LEAST_RATIO[device] if judged else None,
            ),
        ]
    return figures


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write the file, a table beside it and a plot for each size, in the order of `SIZES`."""
    sizes = list(SIZES)
    content["ways"] = dict(sorted(content["ways"].items(), key=lambda one: sizes.index(one[1]["size"])))
    path.write_text(json.dumps(content, indent=1) + "\n")
    path.with_suffix(".md").write_text(_markdown(content))
    for size in dict.fromkeys(way["size"] for way in content["ways"].values()):
        bars = {}
        for way in content["ways"].values():
            if way["size"] != size:
                continue
            name = way["kernels"]
            bars[name] = {stage: way["ours_ms"][stage]["p50"] for stage in STAGES}
            its = {stage: one["p50"] for stage, one in way["reference_ms"].items() if stage != "total"}
            bars[f"{name}: reference's way"] = its
            bars[f"{name}: limit"] = {stage: one for stage, one in way["limit_ms"].items() if stage != "total"}
        title = f"One chunk of Psi0, size {size}, on {content['machine']['device']}, median (ms)"
        stacked_bars(path.with_name(f"{path.stem}_{size}.svg"), title, bars, parts=(*STAGES, "backbone"))


def _markdown(content: dict[str, Any]) -> str:
    lines = ["# One chunk of Psi0", "", "| machine | |", "|---|---|"]
    lines += [f"| {key} | {value} |" for key, value in content["machine"].items()]
    lines += ["", "Medians (ms) of each stage; of the whole p50, p95 and p99.", ""]
    lines += [f"| way | type | {' | '.join(STAGES)} | p50 | p95 | p99 | limit | reference's way | times faster |"]
    lines += ["|---|---|" + "---|" * (len(STAGES) + 6)]
    for key, way in content["ways"].items():
        stages = [way["ours_ms"][stage]["p50"] for stage in STAGES]
        total = way["ours_ms"]["total"]
        numbers = [*stages, total["p50"], total["p95"], total["p99"], way["limit_ms"]["total"]]
        numbers += [way["reference_ms"]["total"]["p50"], way["times_faster"]]
        lines.append(f"| {key} | {way['dtype']} | " + " | ".join(f"{number:.3g}" for number in numbers) + " |")
    lines += ["", "| way | operations (1e9) | bytes (1e9) | memory (GB) | first chunk (s) | difference |"]
    lines += ["|---|---|---|---|---|---|"]
    for key, way in content["ways"].items():
        sums = [sum(cost[what] for cost in way["costs"].values()) / 1e9 for what in ("operations", "bytes")]
        numbers = [*sums, way["peak_memory_gb"], way["first_chunk_s"], way["difference"]]
        lines.append(f"| {key} | " + " | ".join(f"{number:.3g}" for number in numbers) + " |")
    return "\n".join(lines) + "\n"


def _machine(device: torch.device) -> dict[str, str]:
    found = {"device": _name(device), "threads": str(torch.get_num_threads()), "cores": str(os.cpu_count())}
    found |= {"system": f"{platform.system()} {platform.machine()}", "python": platform.python_version()}
    return found | {name: version(name) for name in ("torch", "transformers", "numpy")}


def _name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    facts = Path("/proc/cpuinfo")
    text = facts.read_text() if facts.exists() else ""
    model = re.search(r"model name\s*: (.*)", text)
    return model.group(1) if model else platform.machine()


def _slug(device: torch.device) -> str:
    return re.sub(r"[^a-z0-9]+", "-", _name(device).lower()).strip("-")


def _peak_memory_gb(device: torch.device) -> float:
    """Return the most that was in use: on the GPU, or of this process since its start."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    main()
