"""Every chunking mode at every delay, in the same scenes: success, time, jump at chunk boundaries, jerk.

Answers come a fixed number of ticks late ("6"), or unevenly ("2+2": two ticks and exponential ones of mean
two on top; circles in the plot). Seeds are paired: seed n is the same scene with the same uneven delays in
every condition, so modes are compared scene by scene. Medians have intervals by their ranks.

All conditions grow together, a few scenes at a time, and each has a file in the folder that is rewritten after
each episode: a second run goes on where the first one stopped, and scenes or delays can be added later. What a
stopped run leaves is a comparison in fewer scenes. An episode costs about 1.7 s of one core, in the modes that
lead the network 2.2 s; so these are run at fewer delays, and "ensemble" too, whose published form has none.

Run: python -m benchmarks.chunk_modes runs/modes
     python -m benchmarks.chunk_modes runs/modes --modes prefix blend --delays 0 6 2+2 --episodes 20
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
from benchmarks.line_plot import Panel, line_plot
from psizero.cli.policies import PolicyFromFolder, policy_of
from psizero.data.atomic_file import write_file
from psizero.evaluate.many import run_episodes
from psizero.evaluate.rollout import EpisodeRequest, EpisodeResult
from psizero.evaluate.score import Score, median_interval
from psizero.runtime.modes import MODES

RATE = 30.0
MEASURES = {
    "rate": "success (%)",
    "seconds": "time of a success (s, median)",
    "jump": "step at a chunk boundary / step within (median of episodes)",
    "jerk": "jerk of the arm joints (rad/s³, root mean square; median of episodes)",
}
DELAYS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "2+2", "4+2")
FEW_DELAYS = ("0", "3", "6", "8", "2+2")
FEW = ("ensemble", "ramp", "guidance", "guidance_identity")
"""Modes that are run at these alone, if no delays are named: 128 conditions instead of 176."""
SCENES_AT_ONCE = 25
"""Scenes by which all conditions grow; results are written then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What all episodes of a file have in common."""

    task: str
    mode: str
    delay: int
    """Least ticks from a question to its answer."""
    jitter: float = 0.0
    """Mean of those on top."""

    @staticmethod
    def of(task: str, mode: str, late: str) -> "Condition":
        """Read a delay as it is written, like "6" or "2+2"."""
        delay, _, jitter = late.partition("+")
        return Condition(task=task, mode=mode, delay=int(delay), jitter=float(jitter or 0.0))

    @property
    def late(self) -> str:
        """The delay as it is written."""
        return f"{self.delay}+{self.jitter:g}" if self.jitter else str(self.delay)

    def path(self, folder: Path) -> Path:
        """Return its file."""
        return folder / f"{self.task}_{self.mode}_{self.late}.json"

    def request(self, seed: int) -> EpisodeRequest:
        """Return one of its episodes."""
        return EpisodeRequest(
            task=self.task, seed=seed, delay_ticks=self.delay, delay_jitter=self.jitter, mode=self.mode
        )


def conditions(tasks: Sequence[str], modes: Sequence[str], delays: Sequence[str] | None) -> list[Condition]:
    """Return what is to be run; without `delays` each mode has its own."""
    return [
        Condition.of(task, mode, late)
        for task in tasks
        for mode in modes
        for late in delays or (FEW_DELAYS if mode in FEW else DELAYS)
    ]


def run_missing(
    folder: Path, wanted: Sequence[Condition], make_policy: PolicyFromFolder, *, episodes: int, workers: int
) -> dict[Condition, Sequence[Row]]:
    """Run the episodes that the folder lacks; return all of them, by condition and seed."""
    kept = {condition: KeptRows(condition.path(folder), make_policy.folder) for condition in wanted}
    missing = [(condition, seed) for condition, rows in kept.items() for seed in rows.missing(episodes)]
    owners = iter(missing)  # results come in the order of the requests

    def keep(result: EpisodeResult) -> None:
        kept[next(owners)[0]].add(row_of(result))

    requests = [condition.request(seed) for condition, seed in missing]
    run_episodes(make_policy, requests, workers=workers, done=keep)
    return {condition: rows.first(episodes) for condition, rows in kept.items()}


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
    figures = {
        "seconds": [row["seconds"] for row in rows if row["success"]],
        "jump": [
            row["boundary_step"] / row["inner_step"]
            for row in rows
            if row["boundary_step"] is not None and row["inner_step"]
        ],
        "jerk": [row["jerk"] for row in rows],
    }
    return {
        "episodes": score.episodes,
        "successes": score.successes,
        "rate": 100 * score.rate,
        "rate_interval": [100 * end for end in score.interval],
        "won_by_delay": won,
        "lost_by_delay": lost,
        **{name: _median(values) for name, values in figures.items()},
        **{f"{name}_interval": median_interval(values) for name, values in figures.items()},
        "holding": float(np.mean([row["holding"] for row in rows])),
    }


def entries_of(found: Mapping[Condition, Sequence[Row]]) -> list[dict[str, Any]]:
    """Return the figures of every condition."""
    entries = []
    for condition, rows in found.items():
        base = found.get(Condition(task=condition.task, mode=condition.mode, delay=0), rows)
        named = {"task": condition.task, "mode": condition.mode, "late": condition.late}
        mean = condition.delay + condition.jitter
        entries.append(named | {"mean_delay": mean, "uneven": condition.jitter > 0} | summary_of(rows, base))
    return entries


def write_results(folder: Path, entries: Sequence[Mapping[str, Any]], policy: str) -> None:
    """Write `results.json` and one plot per task."""
    content = {"policy": policy, "conditions": list(entries)}
    write_file(folder / "results.json", (json.dumps(content, indent=1) + "\n").encode())
    for task in dict.fromkeys(entry["task"] for entry in entries):
        of_task = [entry for entry in entries if entry["task"] == task]
        panels = {
            heading: Panel(
                curves=_points([entry for entry in of_task if not entry["uneven"]], measure),
                dots=_points([entry for entry in of_task if entry["uneven"]], measure),
            )
            for measure, heading in MEASURES.items()
        }
        title = f"{task}: chunking modes, {of_task[0]['episodes']} scenes (circles: uneven delays)"
        line_plot(folder / f"chunk_modes_{task}.svg", title, panels, label="ticks (33 ms) to an answer, mean")


def _points(entries: Sequence[Mapping[str, Any]], measure: str) -> dict[str, list[tuple[float, float]]]:
    """Return a measure over the delay, by mode."""
    points: dict[str, list[tuple[float, float]]] = {}
    for entry in sorted(entries, key=lambda entry: entry["mean_delay"]):
        if entry[measure] is not None:
            points.setdefault(entry["mode"], []).append((entry["mean_delay"], entry[measure]))
    return points


def show(entries: Sequence[Mapping[str, Any]]) -> None:
    """Print the figures; won and lost count scenes against the same mode without delay."""
    table = Table(*("task", "mode", "late", "successes", "95 %", "won", "lost", "s", "jump", "jerk"))
    for entry in entries:
        low, high = entry["rate_interval"]
        table.add_row(
            *(entry[name] for name in ("task", "mode", "late")),
            f"{entry['successes']} of {entry['episodes']}",
            f"{low:.0f} to {high:.0f}",
            *(str(entry[name]) for name in ("won_by_delay", "lost_by_delay")),
            *(_with_interval(entry, name) for name in ("seconds", "jump", "jerk")),
        )
    Console(width=140).print(table)


def _with_interval(entry: Mapping[str, Any], name: str) -> str:
    """Return a median and its interval in words."""
    if entry[name] is None:
        return "–"
    ends = entry[f"{name}_interval"]
    return f"{entry[name]:.3g}" + ("" if ends is None else f" ({ends[0]:.3g} to {ends[1]:.3g})")


def _median(values: Sequence[float] | np.ndarray) -> float | None:
    return float(np.median(values)) if len(values) else None


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--tasks", nargs="+", default=["pick_bottle", "hug_box"])
    parser.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    parser.add_argument("--delays", nargs="+", choices=list(DELAYS), help="the same for all modes")
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Run what is missing; results and plots are written whenever all conditions have some more scenes."""
    arguments = _arguments()
    make_policy = policy_of(arguments.policy)
    wanted = conditions(arguments.tasks, arguments.modes, arguments.delays)
    entries: list[dict[str, Any]] = []
    for begun in range(0, arguments.episodes, SCENES_AT_ONCE):
        episodes = min(begun + SCENES_AT_ONCE, arguments.episodes)
        found = run_missing(arguments.folder, wanted, make_policy, episodes=episodes, workers=arguments.workers)
        entries = entries_of(found)
        write_results(arguments.folder, entries, make_policy.name)
        print(f"{episodes} of {arguments.episodes} scenes of {len(wanted)} conditions are done", flush=True)
    show(entries)


if __name__ == "__main__":
    main()
