"""What the action expert learns from: batches of examples, and the losses and held-out errors computed from them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import Progress

from psizero.data.frames import BadEpisodes, Frames
from psizero.data.loader import ALL_ROWS, Batch, Loader
from psizero.data.mix import Mix
from psizero.data.stream import read_pictures
from psizero.model.backbone import VisionLanguage
from psizero.model.network import PolicyNetwork, Sight
from psizero.train.average import RunningAverage
from psizero.train.config import ExpertStageConfig, StageConfig
from psizero.train.feature_cache import Features, keep_features
from psizero.train.loop import TrainingState
from psizero.train.objective import Draws, draw, flow_loss
from psizero.train.parallel import is_first
from psizero.train.pictures import Pictures, plan_pictures
from psizero.train.stage import spread, uses_bfloat16
from psizero.train.trainee import Trainee

_HELD_OUT_FRAMES = 256
"""Held-out frames on which a checkpoint is measured, spread evenly."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """Frames as the network gets them: as pictures and words, or as features that were kept."""

    loader: Loader
    words: torch.Tensor
    features: Features | None

    def sight(self, batch: Batch) -> Sight | VisionLanguage:
        """Return what there is to see in a batch, on its device, or what the backbone saw there."""
        if self.features is not None:
            return self.features.take(batch.frames).to(batch.images.device)
        return Sight(batch.images, self.words[batch.instruction.cpu()].to(batch.images.device))


class Examples:
    """Batches, losses and held-out errors, each a function of the step and of the weights alone."""

    def __init__(
        self,
        config: ExpertStageConfig,
        trainee: Trainee,
        training: Frames,
        held_out: Frames | None,
        *,
        mix: Mix | None = None,
        pictures: Pictures | None = None,
        bad: BadEpisodes | None = None,
        progress: Callable[[int], None] = lambda frames: None,
    ) -> None:
        """Take the frames to learn from and those kept apart, and look at the latter's pictures.

        Args:
            config: Settings of the stage.
            trainee: What learns; its scales are known.
            training: Frames to learn from.
            held_out: Frames to measure on.
            mix: Shares of the data sets that `training` was joined of.
            pictures: Which are in memory, and who decodes them; all, and this process, if not given.
            bad: What to do with an episode that cannot be read.
            progress: Hears of frames looked at.
        """
        self._trainee = trainee
        self._config = config
        self._bfloat16 = uses_bfloat16(config.precision, config.scale.device)
        self._bad = bad or BadEpisodes()
        self._progress = progress
        pictures = pictures or Pictures()
        self._training = self._look_at(training, pictures, mix=mix)
        self._held_out = None if held_out is None else self._look_at(held_out, Pictures())
        self._held_out_frames = spread(0 if held_out is None else len(held_out), _HELD_OUT_FRAMES)
        self._held_out_pictures: np.ndarray | None = None
        if self._held_out is not None and self._held_out.features is not None:
            self._held_out_frames = self._held_out.features.present(self._held_out_frames)
        elif held_out is not None:
            self._held_out_frames, self._held_out_pictures = read_pictures(
                held_out,
                self._held_out_frames,
                trainee.form.picture,
                bad=self._bad,
                share=partial(pictures.share, "held_out"),
                progress=progress,
            )

    def prepare(self, step: int) -> None:
        """Decode what the batches from `step` on begin with, and look for damage if it is to be refused."""
        self._training.loader.prepare(step)

    def _look_at(self, frames: Frames, pictures: Pictures, *, mix: Mix | None = None) -> _Seen:
        form, config, scales = self._trainee.form, self._config, self._trainee.scales
        words = self._trainee.words(frames.instructions)
        features = None
        if config.features is not None:
            backbone, told = self._trainee.frozen_backbone(config.scale.device)
            features = keep_features(
                config.features,
                backbone,
                told,
                frames,
                words,
                picture=form.picture,
                image_size=form.image_size,
                bfloat16=self._bfloat16,
                bad=self._bad,
                progress=self._progress,
            )
        loader = Loader(
            frames,
            image_size=None if features is not None else form.picture,
            state_scale=scales.state,
            action_scale=scales.action,
            chunk=form.chunk,
            batch_size=config.batch_size,
            seed=config.seed,
            augment=config.augment,
            mix=mix,
            window=pictures.window,
            lost=() if features is None else features.lost,
            bad=self._bad,
            share=partial(pictures.share, "training"),
            progress=self._progress,
        )
        return _Seen(loader=loader, words=words, features=features)

    def loss(self, network: PolicyNetwork, step: int, rows: slice = ALL_ROWS) -> torch.Tensor:
        """Return the share that some rows have in the loss of a step's batch."""
        draws = self._draw([self._config.seed, step], self._config.batch_size).of(rows)
        batch = self._training.loader.batch(step, rows)
        device = next(network.parameters()).device
        # A dropout draws from torch's own generator: the step decides what, and the first row, for parts of a batch.
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(_seed_of([self._config.seed, step, rows.start or 0]))
            return self._loss(network, batch, self._training, draws)

    def measure(self, average: RunningAverage) -> dict[str, float]:
        """Return the held-out loss of the averaged weights and the error of sampled chunks (normalized units)."""
        if self._held_out is None or not len(self._held_out_frames):
            return {}
        network = self._trainee.with_weights(average.weights())
        losses, errors = [], []
        places = np.arange(len(self._held_out_frames))
        for number, chosen in enumerate(np.array_split(places, -(-len(places) // 64))):
            pictures = None if self._held_out_pictures is None else self._held_out_pictures[chosen]
            batch = self._held_out.loader.plain_batch(self._held_out_frames[chosen], pictures)
            with torch.no_grad():
                losses.append(self._loss(network, batch, self._held_out, self._draw([number], len(chosen))).item())
                errors.append(self._error(network, batch, number))
        return {"held_out_loss": float(np.mean(losses)), "held_out_error": float(np.mean(errors))}

    def _draw(self, seed: list[int], count: int) -> Draws:
        form = self._trainee.form
        return draw(
            torch.Generator().manual_seed(_seed_of(seed)),
            batch=count,
            rows=form.chunk,
            numbers=form.numbers,
            max_delay=form.max_delay,
            config=self._config.objective,
        )

    def _loss(self, network: PolicyNetwork, batch: Batch, seen: _Seen, draws: Draws) -> torch.Tensor:
        device = next(network.parameters()).device
        batch, draws = batch.to(device), draws.to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=self._bfloat16):
            sight = seen.sight(batch)
            return flow_loss(network, sight, batch.state, batch.action, batch.known, draws, self._config.objective)

    def _error(self, network: PolicyNetwork, batch: Batch, seed: int) -> float:
        assert self._held_out is not None
        noise = torch.randn(batch.action.shape, generator=torch.Generator().manual_seed(seed))
        device = next(network.parameters()).device
        batch = batch.to(device)
        seen = network.look(self._held_out.sight(batch))
        error = (network.answer(seen, batch.state, noise.to(device)) - batch.action).abs()
        return error[batch.known[:, None].expand_as(error)].mean().item()


def told_bad_episodes(config: StageConfig, console: Console) -> BadEpisodes:
    """Return what becomes of episodes that cannot be read, as the user has chosen."""
    return BadEpisodes(config.on_bad_episode, lambda text: console.print(text, highlight=False, soft_wrap=True))


def ready_examples(
    config: ExpertStageConfig,
    trainee: Trainee,
    training: Frames,
    held_out: Frames | None,
    *,
    state: TrainingState,
    settings: dict[str, Any],
    bad: BadEpisodes,
    console: Console,
    mix: Mix | None = None,
) -> Examples:
    """Measure the frames, and return the examples that the next step of `state` begins with, behind a bar."""
    trainee.measure(training)
    if is_first():
        trainee.begin(config.out)
    # Features are read one by one: nothing has to be held together.
    streamed = config.features is None
    pictures = plan_pictures(settings, len(training), trainee.form, config.memory) if streamed else None
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("looking at pictures", total=len(training) + (0 if held_out is None else len(held_out)))
        examples = Examples(
            config,
            trainee,
            training,
            held_out,
            mix=mix,
            pictures=pictures,
            bad=bad,
            progress=lambda frames: bar.advance(task, frames),
        )
        examples.prepare(state.step)
    return examples


def _seed_of(numbers: list[int]) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])
