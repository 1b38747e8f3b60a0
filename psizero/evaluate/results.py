"""`results.json`: every figure of a report, for machines.

The folder of a report is made and tried before the first episode, and only a folder
that is empty or holds a report already is written to.
"""

import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from psizero import __version__
from psizero.data.atomic_file import make_folder, storage_error, write_file
from psizero.errors import StorageError
from psizero.evaluate.open_loop import GroupError, OpenLoopResult
from psizero.evaluate.rollout import EpisodeResult
from psizero.evaluate.score import Score
from psizero.runtime.trace import jump_ratio, percentiles

RESULTS, REPORT = "results.json", "report.html"
KIND = "psizero evaluation"
"""Value of the key `kind`, by which a report is known."""


def prepare_folder(folder: Path) -> None:
    """Make the folder of a report and make sure that it can be written, before the long work."""
    if folder.exists() and not folder.is_dir():
        raise StorageError(f"cannot write {folder}: it is a file; choose another folder")
    make_folder(folder)
    try:
        others = [path.name for path in folder.iterdir()]
        if others and not _is_report(folder / RESULTS):
            raise StorageError(
                f"{folder} holds {sorted(others)[0]!r} and is no report of psizero; choose an empty or new folder"
            )
        probe = folder / ".probe"
        try:
            probe.write_bytes(b"x" * 4096)
        finally:
            probe.unlink(missing_ok=True)  # else the next try would find a folder that is not empty
    except OSError as error:
        raise storage_error(folder, error) from error


def _is_report(path: Path) -> bool:
    try:
        return json.loads(path.read_text()).get("kind") == KIND
    except (OSError, ValueError, AttributeError):
        return False


def write_json(folder: Path, content: Mapping[str, Any]) -> Path:
    """Write `results.json` whole or not at all; return its path."""
    path = folder / RESULTS
    write_file(path, (json.dumps(content, indent=1) + "\n").encode())
    return path


def head(policy: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every result tells about its origin."""
    return {
        "kind": KIND,
        "policy": policy,
        "settings": dict(settings),
        "versions": {
            "psizero": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("mujoco", "numpy")},
        },
    }


def task_entry(results: Sequence[EpisodeResult]) -> dict[str, Any]:
    """Return the figures of all episodes of one task."""
    first = results[0].request
    score = Score.of(result.success for result in results)
    boundary = np.concatenate([result.trace.boundary_steps for result in results])
    inner = np.concatenate([result.trace.inner_steps for result in results])
    ticks = sum(result.trace.ticks for result in results)
    gate: Counter[str] = Counter()
    for result in results:
        gate.update(result.gate)
    return {
        "task": first.task,
        "asked_task": first.judged,
        "episodes": score.episodes,
        "successes": score.successes,
        "rate": round(score.rate, 6),
        "interval_95": [round(end, 6) for end in score.interval],
        "subtasks": {name: sum(result.subtasks[name] for result in results) for name in results[0].subtasks},
        "outcomes": dict(Counter(result.outcome for result in results).most_common()),
        "chunk_boundary": {
            "jump_rad": _median(boundary),
            "step_within_chunk_rad": _median(inner),
            "ratio": jump_ratio(boundary, inner),
        },
        "delay_ticks": {
            str(delay): count
            for delay, count in sorted(Counter(d for result in results for d in result.trace.delay_ticks).items())
        },
        "holding_share": round(sum(result.trace.holding_ticks for result in results) / max(ticks, 1), 6),
        "gate_events": dict(sorted(gate.items())),
        "per_episode": [_episode_entry(result) for result in results],
    }


def compute_times(results: Sequence[EpisodeResult]) -> dict[str, float]:
    """Return percentiles of the time one chunk took (ms); the only figures that differ from run to run."""
    return percentiles(np.array([ms for result in results for ms in result.trace.compute_ms]))


def _episode_entry(result: EpisodeResult) -> dict[str, Any]:
    return {
        "seed": result.request.seed,
        "success": result.success,
        "outcome": result.outcome,
        "instruction": result.instruction,
        "seconds": result.seconds,
        "subtasks": dict(result.subtasks),
        "chunks": len(result.trace.delay_ticks),
        "gate_events": dict(result.gate),
    }


def open_loop_entry(result: OpenLoopResult) -> dict[str, Any]:
    """Return the figures of an open-loop comparison."""
    return {
        "held_out_episodes": list(result.episodes),
        "chunks": result.chunks,
        "arms": _group_entry(result.arms),
        "groups": [_group_entry(group) for group in result.groups],
        "arm_error_by_row": {who: [round(float(x), 6) for x in rows] for who, rows in result.by_row.items()},
    }


def _group_entry(group: GroupError) -> dict[str, Any]:
    return {**asdict(group), "ratio_to_better_baseline": group.ratio}


def _median(values: np.ndarray) -> float | None:
    return round(float(np.median(values)), 8) if len(values) else None
