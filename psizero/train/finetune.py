"""Stage 3: one or more data sets of one robot -> a policy folder, trained end to end.

From top to bottom: find the episodes, load them, build the network or begin with
that of an earlier stage, or resume, train, write the policy.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console

from psizero.data.frames import read_frames
from psizero.data.lerobot import LeRobotDataset
from psizero.embodiment.layout import G1_DEX3, PolicyLayout
from psizero.errors import DataError
from psizero.train.config import FinetuneConfig
from psizero.train.examples import Examples, ready_examples, told_bad_episodes
from psizero.train.loop import Hooks, TrainingState
from psizero.train.parallel import is_first
from psizero.train.sizes import trainee_of
from psizero.train.stage import (
    BEGUN_WITH,
    begin,
    kept_apart,
    nothing_to_do,
    resume,
    run,
    save_state,
    start,
)
from psizero.train.trainee import Trainee


def finetune(config: FinetuneConfig, console: Console | None = None) -> None:
    """Train a policy and write it to `config.out`; with `resume`, go on where the last checkpoint was."""
    console = begin(config, console)
    split = split_episodes([LeRobotDataset(folder) for folder in config.data], config.holdout, config.seed)
    settings = _settings(config, split)
    trainee = trainee_of(config, split.layout, settings, console)
    state = start(config, trainee.network)
    if config.resume:
        settings = {**resume(config, settings, state)}
    if nothing_to_do(config, state, console):
        return
    examples = _load(config, trainee, split, state, settings, console)

    def save(state: TrainingState) -> None:
        save_state(config, state, settings)
        weights = state.average.weights()
        if is_first():
            trainee.save(config.out, weights, _card(config, split, state, settings.get(BEGUN_WITH)))

    hooks = Hooks(
        loss=lambda step, rows: examples.loss(trainee.network, step, rows),
        measure=lambda state: examples.measure(state.average),
        save=save,
    )
    run(config, state, hooks, console)
    command = f"psizero evaluate --policy {config.out} {_what_to_evaluate(config, split)} --out {config.out}-report"
    console.print(f"the policy is in {config.out}; next: {command}", highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Which episodes, given as (data set, number), are learned from and which are kept apart."""

    training: tuple[tuple[LeRobotDataset, int], ...]
    held_out: tuple[tuple[LeRobotDataset, int], ...]
    layout: PolicyLayout


def split_episodes(datasets: Sequence[LeRobotDataset], holdout: float, seed: int) -> Split:
    """Keep a share of each data set's episodes apart, chosen by the seed; all must have one layout."""
    layout = datasets[0].layout
    training: list[tuple[LeRobotDataset, int]] = []
    held_out: list[tuple[LeRobotDataset, int]] = []
    for number, dataset in enumerate(datasets):
        layout.check_same(dataset.layout, whose=f"the data set in {dataset.root}")
        learned, kept = kept_apart(len(dataset.episodes), holdout, [seed, number])
        training += [(dataset, int(index)) for index in learned]
        held_out += [(dataset, int(index)) for index in kept]
    if not training:
        raise DataError("no episode is left to learn from; record more or lower --holdout")
    return Split(training=tuple(training), held_out=tuple(held_out), layout=layout)


def _what_to_evaluate(config: FinetuneConfig, split: Split) -> str:
    """Return the option that measures what was learned: the recorded tasks, or for foreign data their held-out part."""
    tasks = {data.episodes[index].info.get("task") for data, index in split.training}
    if split.layout.name != G1_DEX3.name or None in tasks:
        return f"--open-loop {config.data[0]}"
    return f"--task {' '.join(sorted(map(str, tasks)))}"


def _settings(config: FinetuneConfig, split: Split) -> dict[str, Any]:
    """Return the settings that decide which examples come and what the network is."""
    data = [str(folder.resolve()) for folder in config.data]
    return {
        "data": data,
        "size": config.size,
        "seed": config.seed,
        "batch_size": config.batch_size,
        "holdout": config.holdout,
        "backbone": config.backbone,
        "features": config.features is not None,  # pictures are not augmented then
        "episodes": len(split.training) + len(split.held_out),  # with more, others would be kept apart
    }


def _load(
    config: FinetuneConfig,
    trainee: Trainee,
    split: Split,
    state: TrainingState,
    settings: dict[str, Any],
    console: Console,
) -> Examples:
    """Read the numbers of all episodes, measure how they are spread, and look at the first pictures."""
    bad = told_bad_episodes(config, console)
    training = read_frames(split.training, bad=bad)
    held_out = read_frames(split.held_out, bad=bad) if split.held_out else None
    kept = 0 if held_out is None else len(held_out)
    console.print(f"{len(training)} frames to learn from, {kept} held out", highlight=False)
    return ready_examples(config, trainee, training, held_out, state=state, settings=settings, bad=bad, console=console)


def _card(
    config: FinetuneConfig, split: Split, state: TrainingState, begun_with: dict[str, Any] | None
) -> dict[str, Any]:
    """Return how the policy came to be; `held_out` names, by data set, the episodes it never saw."""
    held_out: dict[str, list[int]] = {str(folder.resolve()): [] for folder in config.data}
    for dataset, index in split.held_out:
        held_out[str(dataset.root.resolve())].append(index)
    settings = json.loads(json.dumps(asdict(config), default=str))
    card = {"held_out": held_out, "steps": state.step, "minutes": round(state.seconds / 60, 2), "settings": settings}
    return card if begun_with is None else {**card, BEGUN_WITH: begun_with}
