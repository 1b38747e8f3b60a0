"""What stage 1 learns from: pictures and words, and the tokens to be said of them; losses and held-out accuracy.

Letters in shapes: B batch, K tokens of a step, V what a network can say, X numbers of a step.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from psizero.data.frames import BadEpisodes, Frames
from psizero.data.loader import ALL_ROWS, Loader
from psizero.data.mix import Mix
from psizero.data.stream import read_pictures
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.token_head import PADDING
from psizero.train.average import RunningAverage
from psizero.train.config import PretrainConfig
from psizero.train.pictures import Pictures
from psizero.train.speaker import Speaker
from psizero.train.stage import spread, uses_bfloat16

_HELD_OUT_FRAMES = 256
"""Held-out frames on which a checkpoint is measured, spread evenly."""
_MEASURED_AT_ONCE = 64


class Said(NamedTuple):
    """What a network is to say of some frames."""

    tokens: Int[Tensor, "B K"]
    """In the network's codes; each row ends with `PADDING`."""
    learned: Int[Tensor, "B K"]
    """The same, but `PADDING` also for tokens that speak of nothing but numbers that the body lacks."""


class TokenExamples:
    """What is computed from clips: batches of tokens, losses, held-out accuracy."""

    def __init__(
        self,
        config: PretrainConfig,
        speaker: Speaker,
        tokenizer: ActionTokenizer,
        training: Frames,
        held_out: Frames | None,
        *,
        mix: Mix | None = None,
        pictures: Pictures | None = None,
        bad: BadEpisodes | None = None,
    ) -> None:
        """Take the frames to learn from and those kept apart, and look at the latter's pictures.

        Args:
            config: Settings of the stage.
            speaker: What learns; its network is built for `tokenizer`.
            tokenizer: Of the steps that are said.
            training: Frames to learn from.
            held_out: Frames to measure on.
            mix: Shares of the data sets that `training` was joined of.
            pictures: Which are in memory, and who decodes them; all, and this process, if not given.
            bad: What to do with a clip that cannot be read.
        """
        pictures = pictures or Pictures()
        self._speaker = speaker
        self._tokenizer = tokenizer
        self._codes = np.asarray(speaker.codes)
        self._config = config
        self._bad = bad or BadEpisodes()
        self._training = self._loader(training, pictures, mix)
        self._words = speaker.words(training.instructions)
        self._last: tuple[int, Said] | None = None
        self._held_out = None
        if held_out is not None:
            frames, shown = read_pictures(
                held_out,
                spread(len(held_out), _HELD_OUT_FRAMES),
                speaker.form.picture,
                bad=self._bad,
                share=partial(pictures.share, "held_out"),
            )
            self._held_out = self._loader(held_out, Pictures()).plain_batch(frames, shown)
            self._held_out_words = speaker.words(held_out.instructions)[self._held_out.instruction]
        self._bfloat16 = uses_bfloat16(config.precision, config.scale.device)

    def prepare(self, step: int) -> None:
        """Decode what the batches from `step` on begin with, and look for damage if it is to be refused."""
        self._training.prepare(step)

    def loss(self, network: nn.Module, step: int, rows: slice = ALL_ROWS) -> Tensor:
        """Return the share that some rows have in the loss of a step's batch (nats per token)."""
        batch = self._training.batch(step, rows)
        said = self._said_at(step)
        logits = self._logits(network, batch.images, self._words[batch.instruction], said.tokens[rows])
        return _cross_entropy(logits, said.learned[rows]) / _count(said.learned)

    def measure(self, average: RunningAverage) -> dict[str, float]:
        """Return loss (nats per token) and share of right tokens of the averaged weights on held-out frames."""
        if self._held_out is None or not len(self._held_out.frames):
            return {}
        network = self._speaker.with_weights(average.weights())
        losses, right, count = [], 0, 0
        apart = self._held_out
        for images, words, action, known in zip(
            *(
                part.split(_MEASURED_AT_ONCE)
                for part in (apart.images, self._held_out_words, apart.action, apart.known)
            ),
            strict=True,
        ):
            tokens, learned = self._said(action, known)
            with torch.no_grad():
                logits = self._logits(network, images, words, tokens)
            losses.append((_cross_entropy(logits, learned) / _count(learned)).item())
            right += int((logits.argmax(-1).cpu() == learned).sum())
            count += int(_count(learned))
        return {"held_out_loss": float(np.mean(losses)), "held_out_accuracy": right / count}

    def _logits(self, network: nn.Module, images: Tensor, words: Tensor, tokens: Tensor) -> Tensor:
        device = next(network.parameters()).device
        with torch.autocast(device.type, torch.bfloat16, enabled=self._bfloat16):
            return network(images.to(device), words.to(device), tokens.to(device)).float()

    def _said_at(self, step: int) -> Said:
        """Return what is said of all rows of a step's batch, written once for all parts of it."""
        if self._last is None or self._last[0] != step:
            self._last = (step, self._said(self._training.actions(step), self._training.known(step)))
        return self._last[1]

    def _said(self, action: Float[Tensor, "B 1 X"], known: Bool[Tensor, "B X"]) -> Said:
        end = list(self._speaker.end)
        rows = [[*self._codes[ids], *end] for ids in self._tokenizer.encode(action.numpy())]
        longest = max(map(len, rows))
        tokens = torch.tensor([[*row, *[PADDING] * (longest - len(row))] for row in rows])
        if known.all():
            return Said(tokens, tokens)
        learned = torch.zeros_like(tokens, dtype=torch.bool)
        for row, spans in enumerate(self._tokenizer.spans(action.numpy())):
            learned[row, : len(spans)] = torch.stack([known[row, first:last].any() for first, last in spans])
            learned[row, len(spans) : len(spans) + len(end)] = True
        return Said(tokens, tokens.where(learned, PADDING))

    def _loader(self, frames: Frames, pictures: Pictures, mix: Mix | None = None) -> Loader:
        return Loader(
            frames,
            image_size=self._speaker.form.picture,
            state_scale=self._speaker.scales.state,
            action_scale=self._speaker.scales.action,
            chunk=1,
            batch_size=self._config.batch_size,
            seed=self._config.seed,
            augment=self._config.augment,
            mix=mix,
            window=pictures.window,
            bad=self._bad,
            share=partial(pictures.share, "training"),
        )


def _cross_entropy(logits: Float[Tensor, "B K V"], tokens: Int[Tensor, "B K"]) -> Float[Tensor, ""]:
    """Return the sum over all tokens (nats)."""
    flat = tokens.flatten().to(logits.device)
    return F.cross_entropy(logits.flatten(0, 1), flat, ignore_index=PADDING, reduction="sum")


def _count(tokens: Int[Tensor, "B K"]) -> Int[Tensor, ""]:
    return (tokens != PADDING).sum()
