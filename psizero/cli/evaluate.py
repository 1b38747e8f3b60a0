"""`psizero evaluate`: a number one can defend, and a report that shows where it comes from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from psizero.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from psizero.cli.policies import PolicyFromFolder
    from psizero.data.lerobot import LeRobotDataset
    from psizero.evaluate.open_loop import OpenLoopResult
    from psizero.evaluate.rollout import EpisodeRequest, EpisodeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateConfig:
    """Measure a policy on seeded episodes of tasks, or on recorded episodes with --open-loop."""

    out: Path
    """Folder for results.json and report.html; new, empty, or one with an older report."""

    policy: Path | None = None
    """Folder of the policy; the one in the package if left out."""

    task: tuple[str, ...] = ()
    """Tasks to run, such as pick_bottle hug_box walk_and_place."""

    episodes: int = 20
    """Episodes per task."""

    seed: int = 0
    """Seed of the first episode; the others follow."""

    delay_ticks: int = 0
    """Ticks (33 ms) from a question to its answer, simulated."""

    camera: Literal["normal", "noise", "frozen"] = "normal"
    """What the policy sees; with noise a policy that looks must fail."""

    instruction: str | None = None
    """Words to use instead of the task's own."""

    asked_task: str | None = None
    """Ask for and judge this task in the scenes of --task: does the policy listen?"""

    shift: tuple[tuple[str, float, float], ...] = ()
    """Props to move from where the seed puts them: name and metres in x and y, such as bottle 0.0 0.1."""

    min_executed: int = 10
    """Ticks between two questions to the policy."""

    mode: str = "prefix"
    """How chunks follow each other: prefix, sync, naive, ensemble, blend, ramp, guidance or guidance_identity."""

    videos: int = 2
    """Episodes per task whose video goes into the report."""

    workers: int = 2
    """Processes; the results do not depend on it."""

    ray: str | None = None
    """Address of a Ray cluster, such as auto: all of its cores work instead."""

    walking_legs: bool = False
    """Let System-0 move the legs also in tasks that do not walk."""

    open_loop: Path | None = None
    """Folder of a LeRobot data set: predict its held-out episodes instead of running tasks."""

    held_out: tuple[int, ...] = field(default=())
    """Episodes for --open-loop; those that the policy was not trained on, by its own card, if left out."""

    def __post_init__(self) -> None:
        if bool(self.task) == bool(self.open_loop):
            raise ConfigError("say what to evaluate: --task pick_bottle hug_box, or --open-loop DATA, not both")
        if self.episodes < 1 or self.seed < 0 or self.videos < 0:
            raise ConfigError(
                "episodes must be 1 or more, seed and videos 0 or more; "
                f"got {self.episodes}, {self.seed} and {self.videos}"
            )


def evaluate(config: Annotated[EvaluateConfig, tyro.conf.arg(name="")]) -> None:
    """Measure a policy on seeded episodes of a task, or on recorded ones."""
    from psizero.cli.policies import policy_of
    from psizero.evaluate.results import prepare_folder

    make_policy = policy_of(config.policy)
    if config.open_loop is not None:
        _evaluate_open_loop(config, config.open_loop, make_policy)
        return
    requests = [_requests(config, task) for task in config.task]
    prepare_folder(config.out)
    _evaluate_tasks(config, requests, make_policy)


def _requests(config: EvaluateConfig, task: str) -> "list[EpisodeRequest]":
    from psizero.evaluate.rollout import EpisodeRequest
    from psizero.runtime.ask import AskConfig

    return [
        EpisodeRequest(
            task=task,
            seed=config.seed + number,
            asked_task=config.asked_task,
            instruction=config.instruction,
            delay_ticks=config.delay_ticks,
            camera=config.camera,
            shift={name: (x, y) for name, x, y in config.shift},
            ask=AskConfig(min_executed=config.min_executed),
            mode=config.mode,
            film=number < config.videos,
            walking_legs=config.walking_legs,
        )
        for number in range(config.episodes)
    ]


def _evaluate_tasks(
    config: EvaluateConfig, requests: "list[list[EpisodeRequest]]", make_policy: "PolicyFromFolder"
) -> None:
    from psizero.embodiment.layout import G1_DEX3
    from psizero.evaluate.many import run_episodes
    from psizero.evaluate.report import write_rollout_report
    from psizero.evaluate.results import compute_times, head, task_entry, write_json

    flat = [request for group in requests for request in group]
    with _progress() as progress:
        bar = progress.add_task("episodes", total=len(flat), note="")
        successes = 0

        def done(result: "EpisodeResult") -> None:
            nonlocal successes
            successes += result.success
            progress.update(bar, advance=1, note=f"{successes} succeeded")

        results = run_episodes(make_policy, flat, workers=config.workers, cluster=config.ray, done=done)
    by_task = [results[start : start + config.episodes] for start in range(0, len(results), config.episodes)]
    content = head(make_policy.name, _settings(config)) | {
        "tasks": [task_entry(group) for group in by_task],
        "timing": {"compute_ms": compute_times(results)},
    }
    write_json(config.out, content)
    report = write_rollout_report(config.out, content, by_task, G1_DEX3)
    table = Table(title=f"Policy {make_policy.name}", title_justify="left")
    for heading in ("task", "successes", "rate", "95 % interval", "jump at chunk boundaries"):
        table.add_column(heading)
    for entry in content["tasks"]:
        low, high = entry["interval_95"]
        ratio = entry["chunk_boundary"]["ratio"]
        table.add_row(
            entry["asked_task"],
            f"{entry['successes']} of {entry['episodes']}",
            f"{100 * entry['rate']:.0f} %",
            f"{100 * low:.0f} to {100 * high:.0f} %",
            "–" if ratio is None else f"{ratio:.2f} x the step within",
        )
    _say(table, report)


def _evaluate_open_loop(config: EvaluateConfig, data: Path, make_policy: "PolicyFromFolder") -> None:
    from functools import partial

    from psizero.data.lerobot import LeRobotDataset
    from psizero.evaluate.open_loop import mean_trajectory, open_loop
    from psizero.evaluate.report import write_open_loop_report
    from psizero.evaluate.results import head, open_loop_entry, prepare_folder, write_json
    from psizero.model.policy_folder import read_card

    dataset = LeRobotDataset(data)
    seen = {} if config.held_out else read_card(make_policy.folder).get("held_out", {})
    held_out = _held_out(config, dataset, seen, make_policy.name)
    prepare_folder(config.out)
    ready = make_policy()
    ready.layout.check_same(dataset.layout, whose=f"the data set {data}")
    mean = mean_trajectory(_training_actions(dataset, held_out, seen))
    with _progress() as progress:
        bar = progress.add_task("held-out episodes", total=len(held_out), note="")
        result = open_loop(
            ready,
            {index: partial(dataset.read, index, image_size=ready.picture_size) for index in held_out},
            mean,
            camera=config.camera,
            done=lambda index: progress.update(bar, advance=1),
        )
    content = head(make_policy.name, _settings(config)) | {"open_loop": open_loop_entry(result)}
    write_json(config.out, content)
    report = write_open_loop_report(config.out, content, result, ready.layout)
    _say(_error_table(result), report)


def _held_out(
    config: EvaluateConfig, dataset: "LeRobotDataset", seen: dict[str, list[int]], policy: str
) -> tuple[int, ...]:
    """Return which episodes to predict: those named, those kept apart in training, or all of a data set never seen."""
    count = len(dataset)
    folder = _name_in_card(dataset.root, seen)
    named = config.held_out or (tuple(range(count)) if folder is None else tuple(seen[folder]))
    if not named:
        raise DataError(
            f"the policy {policy} has learned from all episodes of {dataset.root}; "
            "name some with --held-out, or train with some held out"
        )
    if unknown := [index for index in named if not 0 <= index < count]:
        raise DataError(f"the data set {dataset.root} has no episode {unknown[0]}; it has episodes 0 to {count - 1}")
    return named


def _name_in_card(data: Path, seen: dict[str, list[int]]) -> str | None:
    """Return under which path the policy's card knows a data set, which may have moved since; `None` if it does not."""
    if str(data.resolve()) in seen:
        return str(data.resolve())
    moved = [folder for folder in seen if Path(folder).name == data.resolve().name and not Path(folder).exists()]
    return moved[0] if len(moved) == 1 else None


def _training_actions(
    dataset: "LeRobotDataset", held_out: tuple[int, ...], seen: dict[str, list[int]]
) -> "Iterator[np.ndarray]":
    """Yield the actions of the episodes that the mean trajectory is made of: those that the policy learned from.

    Where they are gone, the other episodes of the data set serve, and as a last resort
    the very ones to be predicted, which makes this baseline better than it deserves.
    """
    from psizero.data.lerobot import LeRobotDataset

    sources = [(dataset, held_out)]
    if _name_in_card(dataset.root, seen) is None:
        known = [(LeRobotDataset(Path(folder)), tuple(kept)) for folder, kept in seen.items() if Path(folder).exists()]
        sources = known or sources
    if all(len(source) == len(set(kept)) for source, kept in sources):
        sources = [(dataset, ())]
    for source, kept in sources:
        for index in range(len(source)):
            if index not in kept:
                yield source.read(index, cameras=()).action


def _error_table(result: "OpenLoopResult") -> Table:
    table = Table(title="Mean absolute error on held-out episodes", title_justify="left")
    for heading in ("group", "unit", "policy", "hold the state", "mean trajectory", "ratio to the better"):
        table.add_column(heading, justify="left" if heading in ("group", "unit") else "right")
    for group in (*result.groups, result.arms):
        ratio = "–" if group.ratio is None else f"{group.ratio:.2f}"
        figures = (f"{value:.4f}" for value in (group.policy, group.hold, group.mean))
        table.add_row(group.group, group.unit, *figures, ratio)
    return table


def _settings(config: EvaluateConfig) -> dict:
    """Return the settings in plain types, without what cannot change a result."""
    from dataclasses import asdict

    left_out = {"out", "workers", "ray", "policy"}
    plain = {name: value for name, value in asdict(config).items() if name not in left_out}
    return plain | {"open_loop": None if config.open_loop is None else str(config.open_loop)}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )


def _say(table: Table, report: Path) -> None:
    console = Console()
    console.print(table)
    console.print(f"Report: {report}", soft_wrap=True)
