"""Stage 2: data sets of one or more humanoids, in shares -> a policy folder whose action expert knows how bodies move.

From top to bottom: open the data sets in the layout of the policy, load them, begin
with the pre-trained backbone, train by flow matching, write the policy.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from psizero.data.frames import Frames, join_frames, read_frames
from psizero.data.mix import Mix, MixPart, folder_and_shares
from psizero.data.other_body import OtherBody
from psizero.data.source import open_source
from psizero.embodiment.layout import LAYOUTS, PolicyLayout
from psizero.errors import DataError
from psizero.train.config import PosttrainConfig
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


def posttrain(config: PosttrainConfig, console: Console | None = None) -> None:
    """Train a policy and write it to `config.out`; with `resume`, go on where the last checkpoint was."""
    console = begin(config, console)
    layout, data_sets = open_data_sets(config)
    settings = _settings(config, data_sets)
    trainee = trainee_of(config, layout, settings, console)
    state = start(config, trainee.network)
    if config.resume:
        settings = {**resume(config, settings, state)}
    if nothing_to_do(config, state, console):
        return
    examples = _load(config, trainee, data_sets, state, settings, console)

    def save(state: TrainingState) -> None:
        save_state(config, state, settings)
        weights = state.average.weights()
        if is_first():
            trainee.save(config.out, weights, _card(config, data_sets, state, settings.get(BEGUN_WITH)))

    hooks = Hooks(
        loss=lambda step, rows: examples.loss(trainee.network, step, rows),
        measure=lambda state: examples.measure(state.average),
        save=save,
    )
    run(config, state, hooks, console)
    command = f"psizero finetune --begin-with {config.out} --data TASK --out POLICY"
    console.print(f"the policy is in {config.out}; next: {command}", highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One part of the mix."""

    folder: Path
    shares: tuple[float, ...]
    body: OtherBody
    training: tuple[int, ...]
    """Episodes that are learned from."""
    held_out: tuple[int, ...]


def open_data_sets(config: PosttrainConfig) -> tuple[PolicyLayout, list[DataSet]]:
    """Return the layout of the policy and the data sets of the mix, read in it, a share of each kept apart."""
    places = [folder_and_shares(item) for item in config.data]
    sources = [open_source(folder) for folder, _ in places]
    layout = sources[0].layout if config.layout is None else LAYOUTS[config.layout]
    data_sets = []
    for number, ((folder, shares), source) in enumerate(zip(places, sources, strict=True)):
        training, held_out = kept_apart(len(source.names), config.holdout, [config.seed, number])
        if not len(training):
            raise DataError(f"no episode of {folder} is left to learn from; record more or lower --holdout")
        data_set = DataSet(
            folder=folder,
            shares=shares,
            body=OtherBody(source, layout, root=folder),
            training=tuple(training.tolist()),
            held_out=tuple(held_out.tolist()),
        )
        data_sets.append(data_set)
    return layout, data_sets


def _load(
    config: PosttrainConfig,
    trainee: Trainee,
    data_sets: list[DataSet],
    state: TrainingState,
    settings: dict[str, Any],
    console: Console,
) -> Examples:
    """Read the numbers of all episodes, measure their spread, lay out the mix, and look at the first pictures."""
    bad = told_bad_episodes(config, console)
    layout = data_sets[0].body.layout

    def read(data_set: DataSet, numbers: tuple[int, ...]) -> Frames:
        body = data_set.body
        frames = read_frames([(body, number) for number in numbers], bad=bad)
        return replace(frames, state_known=body.state.mask[None], action_known=body.action.mask[None])

    each = [read(data_set, data_set.training) for data_set in data_sets]
    held_out = [read(data_set, data_set.held_out) for data_set in data_sets if data_set.held_out]
    for data_set, frames in zip(data_sets, each, strict=True):
        known = f"{data_set.body.action.mask.sum()} of {layout.action.size} numbers of the action"
        console.print(f"{data_set.folder}: {len(frames)} frames to learn from, {known}", highlight=False)
    parts = [
        MixPart(name=str(data_set.folder), frames=len(frames), shares=data_set.shares)
        for data_set, frames in zip(data_sets, each, strict=True)
    ]
    mix = Mix(parts, draws=(config.step_limit or 1) * config.batch_size, seed=config.seed)
    apart = join_frames(held_out) if held_out else None
    return ready_examples(
        config, trainee, join_frames(each), apart, state=state, settings=settings, bad=bad, console=console, mix=mix
    )


def _settings(config: PosttrainConfig, data_sets: list[DataSet]) -> dict[str, Any]:
    """Return the settings that decide which examples come and what the network is."""
    changing = any(len(data_set.shares) > 1 for data_set in data_sets)
    return {
        "data": [str(data_set.folder.resolve()) for data_set in data_sets],
        "shares": [list(data_set.shares) for data_set in data_sets],
        "steps": config.step_limit if changing else None,  # with more, shares would change at other moments
        "layout": data_sets[0].body.layout.name,
        "backbone": config.backbone,
        "features": config.features is not None,  # pictures are not augmented then
        "size": config.size,
        "seed": config.seed,
        "batch_size": config.batch_size,
        "holdout": config.holdout,
        "episodes": [len(data_set.body) for data_set in data_sets],
    }


def _card(
    config: PosttrainConfig, data_sets: list[DataSet], state: TrainingState, begun_with: dict[str, Any] | None
) -> dict[str, Any]:
    """Return how the policy came to be; `held_out` names, by data set, the episodes it never saw."""
    held_out = {str(data_set.folder.resolve()): list(data_set.held_out) for data_set in data_sets}
    settings = json.loads(json.dumps(asdict(config), default=str))
    card = {"held_out": held_out, "steps": state.step, "minutes": round(state.seconds / 60, 2), "settings": settings}
    return card if begun_with is None else {**card, BEGUN_WITH: begun_with}
