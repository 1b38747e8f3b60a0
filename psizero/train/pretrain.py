"""Stage 1: video of people, in EgoDex's format -> a backbone that knows where hands go next.

From top to bottom: find the clips, read the step that both hands take after each frame,
fit a FAST tokenizer to these steps, train the backbone to say their tokens, write the
backbone. The head that says the tokens is thrown away.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from rich.console import Console
from torch import Tensor, nn

from psizero.data.egodex_source import EgoDexSteps
from psizero.data.frames import BadEpisodes, Frames, read_frames
from psizero.data.loader import ALL_ROWS, Loader
from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.data.stream import read_pictures
from psizero.embodiment.layout import HUMAN_STEPS
from psizero.errors import DataError
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.config import ModelConfig, config_of_size
from psizero.model.policy import Normalizers
from psizero.model.policy_folder import PolicyParts
from psizero.model.qwen_extra import need_qwen
from psizero.model.tiny_backbone import TinyBackbone
from psizero.model.token_head import PADDING, TokenHead
from psizero.model.words import encode_words
from psizero.train.average import RunningAverage
from psizero.train.config import PretrainConfig
from psizero.train.examples import told_bad_episodes, window_of
from psizero.train.loop import Hooks, TrainingState
from psizero.train.parallel import is_first, wait_for_all
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
    console = begin(config, console)
    for library in ("tokenizers", "scipy"):  # asked for before any clip is read
        need_qwen(library)
    steps = HUMAN_STEPS.action.size
    model = config_of_size(config.size, state_size=HUMAN_STEPS.state.size, action_size=steps, cameras=1)
    split = split_clips([EgoDexSteps(folder) for folder in config.data], config.holdout, config.seed)
    bad = told_bad_episodes(config, console)
    clips = _read(config, model, split, bad, console)
    network = seeded(config.seed, lambda: TokenNetwork(model, clips.tokenizer.vocabulary))
    state = start(config, network)
    settings = _settings(config, split)
    if config.resume:
        settings = {**resume(config, settings, state)}
    if nothing_to_do(config, state, console):
        return
    examples = TokenExamples(config, clips, window_of(settings, len(clips.training), model, config.memory), bad)
    examples.prepare(state.step)

    def save(state: TrainingState) -> None:
        save_state(config, state, settings)
        weights = {name: value for name, value in state.average.weights().items() if name.startswith("backbone.")}
        save_result(config, clips.parts, weights, _card(config, split, state))

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
class ClipSplit:
    """Which clips, given as (data set, number), are learned from and which are kept apart."""

    training: tuple[tuple[EgoDexSteps, int], ...]
    held_out: tuple[tuple[EgoDexSteps, int], ...]


def split_clips(data_sets: Sequence[EgoDexSteps], holdout: float, seed: int) -> ClipSplit:
    """Keep a share of each data set's clips apart, chosen by the seed."""
    training: list[tuple[EgoDexSteps, int]] = []
    held_out: list[tuple[EgoDexSteps, int]] = []
    for number, data_set in enumerate(data_sets):
        learned, kept = kept_apart(len(data_set.names), holdout, [seed, number])
        training += [(data_set, int(index)) for index in learned]
        held_out += [(data_set, int(index)) for index in kept]
    if not training:
        raise DataError("no clip is left to learn from; record more or lower --holdout")
    return ClipSplit(training=tuple(training), held_out=tuple(held_out))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clips:
    """Numbers of all clips, and what turns steps of hands into tokens."""

    parts: PolicyParts
    tokenizer: ActionTokenizer
    training: Frames
    held_out: Frames | None


class TokenExamples:
    """What is computed from clips: batches of tokens, losses, held-out accuracy."""

    def __init__(self, config: PretrainConfig, clips: Clips, window: int | None, bad: BadEpisodes) -> None:
        """Shuffle about `window` frames together, all of them if `None`."""
        self.parts = clips.parts
        self.tokenizer = clips.tokenizer
        self._config = config
        self._bad = bad
        self._training, self._words = self._loader(clips.training, window), self._encode(clips.training)
        self._held_out = None
        if clips.held_out is not None:
            apart = clips.held_out
            frames, pictures = read_pictures(
                apart, spread(len(apart), _HELD_OUT_FRAMES), self.parts.config.image_size, bad=bad
            )
            self._held_out = self._loader(apart, None).plain_batch(frames, pictures)
            self._held_out_words = self._encode(apart)[self._held_out.instruction]
        self._bfloat16 = uses_bfloat16(config.precision, config.scale.device)

    def prepare(self, step: int) -> None:
        """Decode what the batches from `step` on begin with, and look for damage if it is to be refused."""
        self._training.prepare(step)

    def loss(self, network: TokenNetwork, step: int, rows: slice = ALL_ROWS) -> Tensor:
        """Return the share that some rows have in the loss of a step's batch (nats per token)."""
        batch = self._training.batch(step, rows)
        tokens = self._tokens(self._training.actions(step))
        logits = self._logits(network, batch.images, self._words[batch.instruction], tokens[rows])
        return _cross_entropy(logits, tokens[rows]) / _count(tokens)

    def measure(self, average: RunningAverage) -> dict[str, float]:
        """Return loss (nats per token) and share of right tokens of the averaged weights on held-out frames."""
        if self._held_out is None or not len(self._held_out.frames):
            return {}
        network = TokenNetwork(self.parts.config, self.tokenizer.vocabulary)
        network.load_state_dict(average.weights())
        losses, right, count = [], 0, 0
        apart = self._held_out
        for images, words, action in zip(
            *(part.split(64) for part in (apart.images, self._held_out_words, apart.action)), strict=True
        ):
            tokens = self._tokens(action)
            with torch.no_grad():
                logits = self._logits(network, images, words, tokens)
            losses.append((_cross_entropy(logits, tokens) / _count(tokens)).item())
            right += int((logits.argmax(-1) == tokens).sum())
            count += int(_count(tokens))
        return {"held_out_loss": float(np.mean(losses)), "held_out_accuracy": right / count}

    def _logits(self, network: TokenNetwork, images: Tensor, words: Tensor, tokens: Tensor) -> Tensor:
        device = next(network.parameters()).device
        with torch.autocast(device.type, torch.bfloat16, enabled=self._bfloat16):
            return network(images.to(device), words.to(device), tokens.to(device)).float()

    def _tokens(self, action: Float[Tensor, "B 1 X"]) -> Int[Tensor, "B K"]:
        coded = self.tokenizer.encode(action.numpy())
        longest = max(map(len, coded))
        return torch.tensor([[*row, *[PADDING] * (longest - len(row))] for row in coded])

    def _loader(self, frames: Frames, window: int | None) -> Loader:
        return Loader(
            frames,
            image_size=self.parts.config.image_size,
            state_normalizer=self.parts.normalizers.state,
            action_normalizer=self.parts.normalizers.action,
            chunk=1,
            batch_size=self._config.batch_size,
            seed=self._config.seed,
            augment=self._config.augment,
            window=window,
            bad=self._bad,
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


def _read(config: PretrainConfig, model: ModelConfig, split: ClipSplit, bad: BadEpisodes, console: Console) -> Clips:
    """Read the numbers of all clips, measure how far hands move, and fit the tokenizer or read that of before."""
    training = read_frames(split.training, bad=bad)
    held_out = read_frames(split.held_out, bad=bad) if split.held_out else None
    normalizers = Normalizers(
        state=Normalizer.from_stats(vector_stats(training.state)),
        action=Normalizer.from_stats(vector_stats(training.action)),
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
    return Clips(parts=parts, tokenizer=tokenizer, training=training, held_out=held_out)


def _tokenizer_folder(config: PretrainConfig) -> Path:
    return config.out / "tokenizer"


def _settings(config: PretrainConfig, split: ClipSplit) -> dict[str, Any]:
    """Return the settings that decide which examples come and what the network is."""
    return {
        "data": [str(folder.resolve()) for folder in config.data],
        "size": config.size,
        "seed": config.seed,
        "vocabulary": config.vocabulary,
        "batch_size": config.batch_size,
        "holdout": config.holdout,
        "clips": len(split.training) + len(split.held_out),  # with more, others would be kept apart
    }


def _card(config: PretrainConfig, split: ClipSplit, state: TrainingState) -> dict[str, Any]:
    """Return how the backbone came to be; `held_out` names the clips it never saw."""
    held_out = [data_set.names[index] for data_set, index in split.held_out]
    settings = json.loads(json.dumps(asdict(config), default=str))
    return {"held_out": held_out, "steps": state.step, "minutes": round(state.seconds / 60, 2), "settings": settings}
