"""Every chunking mode at every delay, in the same scenes: success, time, jump at chunk boundaries, jerk.

Seeds are paired: seed n is the same scene in every condition, so modes are compared scene by scene. Each
condition has a file of its own in the folder, rewritten after each episode; a second run goes on where the
first one stopped, and more episodes or delays can be added later.

Run: python -m benchmarks.chunk_modes runs/modes
     python -m benchmarks.chunk_modes runs/modes --modes prefix blend --delays 0 6 --episodes 20
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.kept_rows import KeptRows, Row
from benchmarks.line_plot import line_plot
from psizero.cli.policies import PolicyFromFolder, policy_of
from psizero.data.atomic_file import write_file
from psizero.evaluate.many import run_episodes
from psizero.evaluate.rollout import EpisodeRequest, EpisodeResult
from psizero.evaluate.score import Score
from psizero.runtime.modes import MODES

RATE = 30.0
MEASURES = {
    "rate": "success (%)",
    "seconds": "time of a success (s, median)",
    "jump": "step at a chunk boundary / step within (median)",
    "jerk": "jerk of the arm joints (rad/s³, root mean square; median of episodes)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What all episodes of a file have in common."""

    task: str
    mode: str
    delay: int

    def path(self, folder: Path) -> Path:
        """Return its file."""
        return folder / f"{self.task}_{self.mode}_{self.delay}.json"

    def request(self, seed: int) -> EpisodeRequest:
        """Return one of its episodes."""
        return EpisodeRequest(task=self.task, seed=seed, delay_ticks=self.delay, mode=self.mode)


def run_condition(
    folder: Path, condition: Condition, make_policy: PolicyFromFolder, *, episodes: int, workers: int
) -> list[Row]:
    """Run the episodes that the folder lacks; return all of them, by seed."""
    kept = KeptRows(condition.path(folder), make_policy.folder)
    missing = [condition.request(seed) for seed in kept.missing(episodes)]
    run_episodes(make_policy, missing, workers=workers, done=lambda result: kept.add(row_of(result)))
    return kept.first(episodes)


def row_of(result: EpisodeResult) -> Row:
    """Return what is kept of an episode."""
    trace = result.trace
    return {
        "seed": result.request.seed,
        "success": result.success,
        "seconds": result.seconds,
        "boundary_step": _median(trace.boundary_steps),
        "inner_step": _median(trace.inner_steps),
        "jerk": trace.jerk * RATE**3,
        "holding": trace.holding_ticks / trace.ticks,
    }


def summary_of(rows: Sequence[Row], base: Sequence[Row]) -> dict[str, Any]:
    """Return the figures of a condition; `base` are the same scenes in its mode without delay."""
    score = Score.of(row["success"] for row in rows)
    won, lost = (
        sum(row["success"] is better and other["success"] is not better for row, other in zip(rows, base, strict=True))
        for better in (True, False)
    )
    inner = _median([row["inner_step"] for row in rows if row["inner_step"]])
    boundary = _median([row["boundary_step"] for row in rows if row["boundary_step"] is not None])
    return {
        "episodes": score.episodes,
        "successes": score.successes,
        "rate": 100 * score.rate,
        "interval_95": [100 * end for end in score.interval],
        "won_by_delay": won,
        "lost_by_delay": lost,
        "seconds": _median([row["seconds"] for row in rows if row["success"]]),
        "jump": None if not inner or boundary is None else boundary / inner,
        "jerk": _median([row["jerk"] for row in rows]),
        "holding": float(np.mean([row["holding"] for row in rows])),
    }


def entries_of(found: Mapping[Condition, Sequence[Row]]) -> list[dict[str, Any]]:
    """Return the figures of every condition found so far."""
    entries = []
    for condition, rows in found.items():
        base = found.get(Condition(task=condition.task, mode=condition.mode, delay=0), rows)
        named = {"task": condition.task, "mode": condition.mode, "delay": condition.delay}
        entries.append(named | summary_of(rows, base))
    return entries


def write_results(folder: Path, entries: Sequence[Mapping[str, Any]], policy: str) -> None:
    """Write `results.json` and one plot per task."""
    content = {"policy": policy, "conditions": list(entries)}
    write_file(folder / "results.json", (json.dumps(content, indent=1) + "\n").encode())
    for task in dict.fromkeys(entry["task"] for entry in entries):
        panels = {heading: _curves(entries, task, measure) for measure, heading in MEASURES.items()}
        line_plot(folder / f"{task}.svg", f"{task}: chunking modes", panels, label="ticks (33 ms) to an answer")


def _curves(entries: Sequence[Mapping[str, Any]], task: str, measure: str) -> dict[str, list[tuple[float, float]]]:
    """Return one curve over the delay per mode."""
    curves: dict[str, list[tuple[float, float]]] = {}
    for entry in sorted(entries, key=lambda entry: entry["delay"]):
        if entry["task"] == task and entry[measure] is not None:
            curves.setdefault(entry["mode"], []).append((entry["delay"], entry[measure]))
    return curves


def show(entries: Sequence[Mapping[str, Any]]) -> None:
    """Print the figures; won and lost count scenes against the same mode without delay."""
    table = Table(*("task", "mode", "delay", "successes", "95 %", "won", "lost", "s", "jump", "jerk"))
    for entry in entries:
        low, high = entry["interval_95"]
        table.add_row(
            *(str(entry[name]) for name in ("task", "mode", "delay")),
            f"{entry['successes']} of {entry['episodes']}",
            f"{low:.0f} to {high:.0f}",
            *(str(entry[name]) for name in ("won_by_delay", "lost_by_delay")),
            *("–" if entry[name] is None else f"{entry[name]:.3g}" for name in ("seconds", "jump", "jerk")),
        )
    Console(width=120).print(table)


def _median(values: Sequence[float] | np.ndarray) -> float | None:
    return float(np.median(values)) if len(values) else None


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--tasks", nargs="+", default=["pick_bottle", "hug_box"])
    parser.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    parser.add_argument("--delays", nargs="+", type=int, default=list(range(9)))
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Run what is missing; results and plots are written after each delay."""
    arguments = _arguments()
    make_policy = policy_of(arguments.policy)
    found: dict[Condition, Sequence[Row]] = {}
    for task in arguments.tasks:
        for delay in arguments.delays:
            for mode in arguments.modes:
                condition = Condition(task=task, mode=mode, delay=delay)
                found[condition] = run_condition(
                    arguments.folder, condition, make_policy, episodes=arguments.episodes, workers=arguments.workers
                )
            write_results(arguments.folder, entries_of(found), make_policy.name)
    show(entries_of(found))


if __name__ == "__main__":
    main()
