"""Stage 1: video of people, and of humanoids, in shares -> a backbone that knows where hands go next.

From top to bottom: find the clips, read the step that both hands take after each frame,
fit a FAST tokenizer to these steps, train the backbone to say their tokens, write the
backbone. The head that says the tokens is thrown away.
"""

import json
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from rich.console import Console
from torch import Tensor, nn

from psizero.data.frames import BadEpisodes, Frames, join_frames, read_frames
from psizero.data.loader import ALL_ROWS, Loader
from psizero.data.mix import Mix, MixPart, folder_and_shares
from psizero.data.normalize import known_range
from psizero.data.robot_steps import StepSource, open_steps
from psizero.data.stream import read_pictures
from psizero.embodiment.layout import HUMAN_STEPS
from psizero.errors import ConfigError, DataError
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.config import PSI0_SIZE, ModelConfig, config_of_size
from psizero.model.policy import Normalizers
from psizero.model.policy_folder import PolicyParts
from psizero.model.qwen_extra import need_qwen
from psizero.model.tiny_backbone import TinyBackbone
from psizero.model.token_head import PADDING, TokenHead
from psizero.model.words import encode_words
from psizero.train.average import RunningAverage
from psizero.train.config import PretrainConfig
from psizero.train.examples import told_bad_episodes
from psizero.train.loop import Hooks, TrainingState
from psizero.train.parallel import is_first, wait_for_all
from psizero.train.pictures import Pictures, plan_pictures
from psizero.train.stage import (
    begin,
    kept_apart,
    nothing_to_do,
    resume,
    run,
    save_result,
    save_state,
    seeded,
    spread,
    start,
    uses_bfloat16,
)

_HELD_OUT_FRAMES = 256
"""Held-out frames on which a checkpoint is measured, spread evenly."""
_BYTES = 3
"""Most bytes, and so most tokens, for one number of a step."""


def pretrain(config: PretrainConfig, console: Console | None = None) -> None:
    """Train a backbone and write it to `config.out`; with `resume`, go on where the last checkpoint was."""
    if config.size == PSI0_SIZE:
        raise ConfigError(
            "stage 1 cannot train Qwen3-VL yet: its word head, words for actions in its tokenizer and a rate of its "
            "own for the picture parts are missing; begin with a released backbone instead: psizero model fetch, then "
            "psizero posttrain --size psi0 --begin-with FOLDER"
        )
    console = begin(config, console)
    for library in ("tokenizers", "scipy"):  # asked for before any clip is read
        need_qwen(library)
    steps = HUMAN_STEPS.action.size
    model = config_of_size(config.size, state_size=HUMAN_STEPS.state.size, action_size=steps, cameras=1)
    clip_sets = open_clips(config)
    bad = told_bad_episodes(config, console)
    clips = _read(config, model, clip_sets, bad, console)
    network = seeded(config.seed, lambda: TokenNetwork(model, clips.tokenizer.vocabulary))
    state = start(config, network)
    settings = _settings(config, clip_sets)
    if config.resume:
        settings = {**resume(config, settings, state)}
    if nothing_to_do(config, state, console):
        return
    pictures = plan_pictures(settings, len(clips.training), model, config.memory)
    examples = TokenExamples(config, clips, pictures, bad)
    examples.prepare(state.step)

    def save(state: TrainingState) -> None:
        save_state(config, state, settings)
        weights = {name: value for name, value in state.average.weights().items() if name.startswith("backbone.")}
        save_result(config, clips.parts, weights, _card(config, clip_sets, state))

    hooks = Hooks(
        loss=lambda step, rows: examples.loss(network, step, rows),
        measure=lambda state: examples.measure(state.average),
        save=save,
    )
    run(config, state, hooks, console)
    command = f"psizero posttrain --begin-with {config.out} --data ROBOT --out STAGE"
    console.print(f"the backbone is in {config.out}; next: {command}", highlight=False, soft_wrap=True)


class TokenNetwork(nn.Module):
    """The backbone of a policy with a head for action tokens in place of the action expert."""

    def __init__(self, config: ModelConfig, vocabulary: int) -> None:
        super().__init__()
        self.backbone = TinyBackbone(config)
        self.head = TokenHead(
            width=config.width, heads=config.heads, vocabulary=vocabulary, longest=_BYTES * config.action_size
        )

    def forward(self, images: Tensor, words: Tensor, tokens: Int[Tensor, "B K"]) -> Float[Tensor, "B K V"]:
        """Return logits of each token given pictures, words and the tokens before it."""
        seen = self.backbone(images, words)
        return self.head(seen.tokens, seen.mask, tokens)


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

    parts: PolicyParts
    tokenizer: ActionTokenizer
    training: Frames
    mix: Mix | None
    """Shares of the data sets that `training` was joined of; `None` if it is one."""
    held_out: Frames | None


class Said(NamedTuple):
    """What a network is to say of some frames."""

    tokens: Int[Tensor, "B K"]
    """Each row ends with `PADDING`."""
    learned: Int[Tensor, "B K"]
    """The same, but `PADDING` also for tokens that speak of nothing but numbers that the body lacks."""


class TokenExamples:
    """What is computed from clips: batches of tokens, losses, held-out accuracy."""

    def __init__(self, config: PretrainConfig, clips: Clips, pictures: Pictures, bad: BadEpisodes) -> None:
        """Look at the pictures of the clips that are held out."""
        self.parts = clips.parts
        self.tokenizer = clips.tokenizer
        self._config = config
        self._bad = bad
        self._training = self._loader(clips.training, pictures, clips.mix)
        self._words = self._encode(clips.training)
        self._held_out = None
        if clips.held_out is not None:
            apart = clips.held_out
            frames, shown = read_pictures(
                apart,
                spread(len(apart), _HELD_OUT_FRAMES),
                self.parts.config.image_size,
                bad=bad,
                share=partial(pictures.share, "held_out"),
            )
            self._held_out = self._loader(apart, Pictures()).plain_batch(frames, shown)
            self._held_out_words = self._encode(apart)[self._held_out.instruction]
        self._bfloat16 = uses_bfloat16(config.precision, config.scale.device)

    def prepare(self, step: int) -> None:
        """Decode what the batches from `step` on begin with, and look for damage if it is to be refused."""
        self._training.prepare(step)

    def loss(self, network: TokenNetwork, step: int, rows: slice = ALL_ROWS) -> Tensor:
        """Return the share that some rows have in the loss of a step's batch (nats per token)."""
        batch = self._training.batch(step, rows)
        said = self._said(self._training.actions(step), self._training.known(step))
        logits = self._logits(network, batch.images, self._words[batch.instruction], said.tokens[rows])
        return _cross_entropy(logits, said.learned[rows]) / _count(said.learned)

    def measure(self, average: RunningAverage) -> dict[str, float]:
        """Return loss (nats per token) and share of right tokens of the averaged weights on held-out frames."""
        if self._held_out is None or not len(self._held_out.frames):
            return {}
        network = TokenNetwork(self.parts.config, self.tokenizer.vocabulary)
        network.load_state_dict(average.weights())
        losses, right, count = [], 0, 0
        apart = self._held_out
        for images, words, action, known in zip(
            *(part.split(64) for part in (apart.images, self._held_out_words, apart.action, apart.known)), strict=True
        ):
            tokens, learned = self._said(action, known)
            with torch.no_grad():
                logits = self._logits(network, images, words, tokens)
            losses.append((_cross_entropy(logits, learned) / _count(learned)).item())
            right += int((logits.argmax(-1) == learned).sum())
            count += int(_count(learned))
        return {"held_out_loss": float(np.mean(losses)), "held_out_accuracy": right / count}

    def _logits(self, network: TokenNetwork, images: Tensor, words: Tensor, tokens: Tensor) -> Tensor:
        device = next(network.parameters()).device
        with torch.autocast(device.type, torch.bfloat16, enabled=self._bfloat16):
            return network(images.to(device), words.to(device), tokens.to(device)).float()

    def _said(self, action: Float[Tensor, "B 1 X"], known: Bool[Tensor, "B X"]) -> Said:
        coded = self.tokenizer.encode(action.numpy())
        longest = max(map(len, coded))
        tokens = torch.tensor([[*row, *[PADDING] * (longest - len(row))] for row in coded])
        if known.all():
            return Said(tokens, tokens)
        learned = torch.zeros_like(tokens, dtype=torch.bool)
        for row, spans in enumerate(self.tokenizer.spans(action.numpy())):
            learned[row, : len(spans)] = torch.stack([known[row, first:end].any() for first, end in spans])
        return Said(tokens, tokens.where(learned, PADDING))

    def _loader(self, frames: Frames, pictures: Pictures, mix: Mix | None = None) -> Loader:
        return Loader(
            frames,
            image_size=self.parts.config.image_size,
            state_scale=self.parts.normalizers.state,
            action_scale=self.parts.normalizers.action,
            chunk=1,
            batch_size=self._config.batch_size,
            seed=self._config.seed,
            augment=self._config.augment,
            mix=mix,
            window=pictures.window,
            bad=self._bad,
            share=partial(pictures.share, "training"),
        )

    def _encode(self, frames: Frames) -> Tensor:
        model = self.parts.config
        codes = encode_words(frames.instructions, max_words=model.max_words, vocabulary=model.vocabulary)
        return torch.from_numpy(codes)


def _cross_entropy(logits: Float[Tensor, "B K V"], tokens: Int[Tensor, "B K"]) -> Float[Tensor, ""]:
    """Return the sum over all tokens (nats)."""
    flat = tokens.flatten().to(logits.device)
    return F.cross_entropy(logits.flatten(0, 1), flat, ignore_index=PADDING, reduction="sum")


def _count(tokens: Int[Tensor, "B K"]) -> Int[Tensor, ""]:
    return (tokens != PADDING).sum()


def _read(
    config: PretrainConfig, model: ModelConfig, clip_sets: list[ClipSet], bad: BadEpisodes, console: Console
) -> Clips:
    """Read the numbers of all clips, measure how far hands move, and fit the tokenizer or read that of before."""
    each = [clip_set.frames(clip_set.training, bad) for clip_set in clip_sets]
    apart = [clip_set.frames(clip_set.held_out, bad) for clip_set in clip_sets if clip_set.held_out]
    training, held_out = join_frames(each), join_frames(apart) if apart else None
    normalizers = Normalizers(
        state=known_range(training.state, training.state_known[training.part]),
        action=known_range(training.action, training.action_known[training.part]),
    )
    folder = _tokenizer_folder(config)
    if is_first() and not config.resume:
        steps = normalizers.action.normalize(training.action)[:, None]  # (N, 1, 48)
        ActionTokenizer.fit(steps, vocabulary=config.vocabulary).save(folder)
    wait_for_all()
    tokenizer = ActionTokenizer.load(folder)
    kept = 0 if held_out is None else len(held_out)
    console.print(
        f"{len(training)} frames to learn from, {kept} held out, {tokenizer.vocabulary} action tokens", highlight=False
    )
    parts = PolicyParts(config=model, layout=HUMAN_STEPS, normalizers=normalizers)
    mix = _mix(config, clip_sets, each) if len(clip_sets) > 1 else None
    return Clips(parts=parts, tokenizer=tokenizer, training=training, mix=mix, held_out=held_out)


def _mix(config: PretrainConfig, clip_sets: list[ClipSet], each: list[Frames]) -> Mix:
    parts = [
        MixPart(name=str(clip_set.folder), frames=len(frames), shares=clip_set.shares)
        for clip_set, frames in zip(clip_sets, each, strict=True)
    ]
    return Mix(parts, draws=(config.step_limit or 1) * config.batch_size, seed=config.seed)


def _tokenizer_folder(config: PretrainConfig) -> Path:
    return config.out / "tokenizer"


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
        "batch_size": config.batch_size,
        "holdout": config.holdout,
        "clips": sum(len(clip_set.source.names) for clip_set in clip_sets),  # with more, others would be kept apart
    }


def _card(config: PretrainConfig, clip_sets: list[ClipSet], state: TrainingState) -> dict[str, Any]:
    """Return how the backbone came to be; `held_out` names the clips it never saw."""
    held_out = [clip_set.source.names[index] for clip_set in clip_sets for index in clip_set.held_out]
    settings = json.loads(json.dumps(asdict(config), default=str))
    return {"held_out": held_out, "steps": state.step, "minutes": round(state.seconds / 60, 2), "settings": settings}
