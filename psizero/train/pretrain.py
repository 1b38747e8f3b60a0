"""Stage 1: video of people, and of humanoids, in shares -> a backbone that knows where hands go next.

From top to bottom: find the clips, read the step that both hands take after each frame,
take a FAST tokenizer or fit one to these steps, train the backbone to say their tokens,
write the backbone.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from psizero.data.frames import BadEpisodes, Frames, join_frames, read_frames
from psizero.data.mix import Mix, MixPart, folder_and_shares
from psizero.data.robot_steps import StepSource, open_steps
from psizero.embodiment.layout import HUMAN_STEPS
from psizero.errors import ConfigError, DataError
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.config import PSI0_SIZE
from psizero.model.qwen_extra import need_qwen
from psizero.train.config import PretrainConfig
from psizero.train.examples import told_bad_episodes
from psizero.train.loop import Hooks, TrainingState
from psizero.train.parallel import is_first, wait_for_all
from psizero.train.pictures import plan_pictures
from psizero.train.sizes import speaker_of
from psizero.train.speaker import TOKENIZER, Speaker
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
from psizero.train.token_examples import TokenExamples


def pretrain(config: PretrainConfig, console: Console | None = None) -> None:
    """Train a backbone and write it to `config.out`; with `resume`, go on where the last checkpoint was."""
    console = begin(config, console)
    for library in ("tokenizers", "scipy"):  # asked for before any clip is read
        need_qwen(library)
    clip_sets = open_clips(config)
    settings = _settings(config, clip_sets)
    speaker = speaker_of(config, settings, console)
    bad = told_bad_episodes(config, console)
    clips = _read(config, speaker, clip_sets, bad, console)
    speaker.build(clips.tokenizer)
    state = start(config, speaker.network, speaker.shares)
    if config.resume:
        settings = {**resume(config, settings, state)}
    if nothing_to_do(config, state, console):
        return
    pictures = plan_pictures(settings, len(clips.training), speaker.form, config.memory)
    examples = TokenExamples(
        config,
        speaker,
        clips.tokenizer,
        clips.training,
        clips.held_out,
        mix=clips.mix,
        pictures=pictures,
        bad=bad,
    )
    examples.prepare(state.step)
    if is_first():
        speaker.begin(config.out)

    def save(state: TrainingState) -> None:
        save_state(config, state, settings)
        weights = state.average.weights()
        if is_first():
            speaker.save(config.out, weights, _card(config, clip_sets, state, settings.get(BEGUN_WITH)))

    hooks = Hooks(
        loss=lambda step, rows: examples.loss(speaker.network, step, rows),
        measure=lambda state: examples.measure(state.average),
        save=save,
    )
    run(config, state, hooks, console)
    size = f" --size {PSI0_SIZE}" if config.size == PSI0_SIZE else ""
    command = f"psizero posttrain{size} --begin-with {config.out} --data ROBOT --out STAGE"
    console.print(f"the backbone is in {config.out}; next: {command}", highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipSet:
    """One data set of clips."""

    folder: Path
    shares: tuple[float, ...]
    source: StepSource
    training: tuple[int, ...]
    """Clips that are learned from."""
    held_out: tuple[int, ...]

    def frames(self, numbers: tuple[int, ...], bad: BadEpisodes) -> Frames:
        """Read the numbers of some of its clips."""
        frames = read_frames([(self.source, number) for number in numbers], bad=bad)
        known = self.source.known[None]
        return replace(frames, state_known=known, action_known=known)


def open_clips(config: PretrainConfig) -> list[ClipSet]:
    """Open all data sets and keep a share of each one's clips apart, chosen by the seed."""
    clip_sets = []
    for number, (folder, shares) in enumerate(map(folder_and_shares, config.data)):
        source = open_steps(folder)
        training, held_out = kept_apart(len(source.names), config.holdout, [config.seed, number])
        if not len(training):
            raise DataError(f"no clip of {folder} is left to learn from; record more or lower --holdout")
        clip_set = ClipSet(
            folder=folder,
            shares=shares,
            source=source,
            training=tuple(training.tolist()),
            held_out=tuple(held_out.tolist()),
        )
        clip_sets.append(clip_set)
    return clip_sets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clips:
    """Numbers of all clips, and what turns steps of hands into tokens."""

    tokenizer: ActionTokenizer
    training: Frames
    mix: Mix | None
    """Shares of the data sets that `training` was joined of; `None` if it is one."""
    held_out: Frames | None


def _read(
    config: PretrainConfig, speaker: Speaker, clip_sets: list[ClipSet], bad: BadEpisodes, console: Console
) -> Clips:
    """Read the numbers of all clips, measure how far hands move, and take or fit the tokenizer."""
    each = [clip_set.frames(clip_set.training, bad) for clip_set in clip_sets]
    apart = [clip_set.frames(clip_set.held_out, bad) for clip_set in clip_sets if clip_set.held_out]
    training, held_out = join_frames(each), join_frames(apart) if apart else None
    speaker.measure(training)
    folder = config.out / TOKENIZER
    if is_first() and not config.resume:
        steps = speaker.scales.action.normalize(training.action)[:, None]  # (N, 1, 48)
        _tokenizer(config, speaker, steps).save(folder)
    wait_for_all()
    tokenizer = ActionTokenizer.load(folder)
    kept = 0 if held_out is None else len(held_out)
    console.print(
        f"{len(training)} frames to learn from, {kept} held out, {tokenizer.vocabulary} action tokens", highlight=False
    )
    mix = _mix(config, clip_sets, each) if len(clip_sets) > 1 else None
    return Clips(tokenizer=tokenizer, training=training, mix=mix, held_out=held_out)


def _tokenizer(config: PretrainConfig, speaker: Speaker, steps: np.ndarray) -> ActionTokenizer:
    """Return the one that was named, or whose tokens are said already, or fit one."""
    folder = config.tokenizer or speaker.tokenizer_folder
    if folder is None:
        return ActionTokenizer.fit(steps, vocabulary=config.vocabulary)
    found = ActionTokenizer.load(folder)
    shape = (found.config.horizon, found.config.action_size)
    if shape != (1, HUMAN_STEPS.action.size):
        raise ConfigError(
            f"the tokenizer in {folder} is of {shape[0]} x {shape[1]} numbers, a step of both hands has "
            f"1 x {HUMAN_STEPS.action.size}; leave --tokenizer out to fit one"
        )
    return found


def _mix(config: PretrainConfig, clip_sets: list[ClipSet], each: list[Frames]) -> Mix:
    parts = [
        MixPart(name=str(clip_set.folder), frames=len(frames), shares=clip_set.shares)
        for clip_set, frames in zip(clip_sets, each, strict=True)
    ]
    return Mix(parts, draws=(config.step_limit or 1) * config.batch_size, seed=config.seed)


def _settings(config: PretrainConfig, clip_sets: list[ClipSet]) -> dict[str, Any]:
    """Return the settings that decide which examples come and what the network is."""
    changing = len(clip_sets) > 1 and any(len(clip_set.shares) > 1 for clip_set in clip_sets)
    return {
        "data": [str(clip_set.folder.resolve()) for clip_set in clip_sets],
        "shares": [list(clip_set.shares) for clip_set in clip_sets],
        "steps": config.step_limit if changing else None,  # with more, shares would change at other moments
        "size": config.size,
        "seed": config.seed,
        "vocabulary": config.vocabulary,
        "tokenizer": None if config.tokenizer is None else str(config.tokenizer.resolve()),
        "picture": list(config.picture),
        "batch_size": config.batch_size,
        "holdout": config.holdout,
        "clips": sum(len(clip_set.source.names) for clip_set in clip_sets),  # with more, others would be kept apart
    }


def _card(
    config: PretrainConfig, clip_sets: list[ClipSet], state: TrainingState, begun_with: dict[str, Any] | None
) -> dict[str, Any]:
    """Return how the backbone came to be; `held_out` names the clips it never saw."""
    held_out = [clip_set.source.names[index] for clip_set in clip_sets for index in clip_set.held_out]
    settings = json.loads(json.dumps(asdict(config), default=str))
    card = {"held_out": held_out, "steps": state.step, "minutes": round(state.seconds / 60, 2), "settings": settings}
    return card if begun_with is None else {**card, BEGUN_WITH: begun_with}
