"""Measure every speed on this computer and write it down with the computer's name.

Run: make bench. Writes `benchmarks/results/DATE_MACHINE.json` and the same as Markdown.
Nothing else should run meanwhile.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import (
    chunk_latency,
    feature_cache,
    ik_speed,
    loader_speed,
    locomotion_speed,
    loop_jitter,
    physics_speed,
    recorder_rate,
    render_speed,
    train_throughput,
)
from benchmarks.figure import Figure, show

ROOT = Path(__file__).parent.parent
MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "physics_speed": physics_speed.measure,
    "render_speed": render_speed.measure,
    "ik_speed": ik_speed.measure,
    "recorder_rate": recorder_rate.measure,
    "chunk_latency": chunk_latency.measure,
    "locomotion_speed": locomotion_speed.measure,
    "loop_jitter": loop_jitter.measure,
    "train_throughput": train_throughput.measure,
    "loader_speed": loader_speed.measure,
    "feature_cache": feature_cache.measure,
}


def machine() -> dict[str, str]:
    """Return what somebody must know to repeat the figures."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "mujoco", "mink", "numpy")},
        "commit": _answer("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
    }


def main() -> None:
    """Measure, print, write; exit status 1 if a figure misses its limit."""
    where = machine()
    measured: dict[str, list[Figure]] = {}
    for name, measure in MEASUREMENTS.items():
        print(f"{name} ...", file=sys.stderr)
        measured[name] = measure()
    figures = [figure for group in measured.values() for figure in group]
    show(figures)
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    slug = "-".join(f"{where['processor']} {where['cores']} cores".lower().replace("(r)", "").split())
    folder = ROOT / "benchmarks" / "results"
    folder.mkdir(exist_ok=True)
    content = {"date": day, "machine": where, "figures": {k: [asdict(f) for f in v] for k, v in measured.items()}}
    path = folder / f"{day}_{''.join(c for c in slug if c.isalnum() or c == '-')}.json"
    path.write_text(json.dumps(content, indent=1) + "\n")
    path.with_suffix(".md").write_text(_markdown(day, where, measured))
    print(f"written: {path.relative_to(ROOT)} and .md")
    sys.exit(any(not figure.good for figure in figures))


def _markdown(day: str, where: dict[str, str], measured: dict[str, list[Figure]]) -> str:
    lines = [f"# Speeds measured on {day}", "", "| machine | |", "|---|---|"]
    lines += [f"| {key} | {value} |" for key, value in where.items()]
    lines += ["", "| figure | value | unit | limit | command |", "|---|---|---|---|---|"]
    for name, figures in measured.items():
        for figure in figures:
            command = f"`python -m benchmarks.{name}`"
            lines.append(f"| {figure.name} | {figure.value:.4g} | {figure.unit} | {figure.limit} | {command} |")
    return "\n".join(lines) + "\n"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = [line.split(":")[1].strip() for line in facts.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def _answer(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True)
    return result.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
