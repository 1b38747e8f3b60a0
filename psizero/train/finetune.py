"""Stage 3: one or more data sets of one robot -> a policy folder, trained end to end.

From top to bottom: find the episodes, load them, build or resume the network,
train, write the policy.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import Progress

from psizero.data.lerobot import LeRobotDataset
from psizero.data.loader import Batch, Frames, Loader, load_frames
from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.embodiment.layout import G1_DEX3, PolicyLayout
from psizero.errors import ConfigError, DataError
from psizero.model.config import ModelConfig, config_of_size
from psizero.model.network import FlowNetwork
from psizero.model.policy import Normalizers
from psizero.model.policy_files import CARD, WEIGHTS
from psizero.model.policy_folder import PolicyParts, save_policy
from psizero.model.words import encode_words
from psizero.train.average import RunningAverage
from psizero.train.checkpoint import Progress as SavedProgress, load_checkpoint, save_checkpoint
from psizero.train.config import FinetuneConfig
from psizero.train.loop import Hooks, Limits, TrainingState, train
from psizero.train.metrics import Metrics
from psizero.train.objective import draw, flow_loss
from psizero.train.optimizer import make_optimizer

_HELD_OUT_FRAMES = 256
"""Held-out frames on which a checkpoint is measured, spread evenly."""


def finetune(config: FinetuneConfig, console: Console | None = None) -> None:
    """Train a policy and write it to `config.out`; with `resume`, go on where the last checkpoint was."""
    console = console or Console(stderr=True)
    checkpoint = config.out / "training" / "state.safetensors"
    _check_out(config, checkpoint)
    split = split_episodes([LeRobotDataset(folder) for folder in config.data], config.holdout, config.seed)
    limits = Limits(steps=config.step_limit, seconds=None if config.minutes is None else 60.0 * config.minutes)
    size = {"state_size": split.layout.state.size, "action_size": split.layout.action.size}
    model = config_of_size(config.size, **size, cameras=len(split.layout.cameras))
    state = _start(config, model)
    if config.resume:
        _resume(config, split, state, checkpoint)
    if limits.progress(state) >= 1.0:
        console.print(f"nothing to do: {config.out} is trained for {state.step} steps; raise --steps or --minutes")
        return
    examples = _load(config, model, split, console)

    def save(state: TrainingState) -> None:
        saved = SavedProgress(step=state.step, seconds=state.seconds, settings=_settings(config, split))
        save_checkpoint(checkpoint, state.network, state.average, state.optimizer, saved)
        save_policy(config.out, examples.parts, state.average.weights(), card=_card(config, split, state))

    with Metrics(checkpoint.parent, tensorboard=config.tensorboard, console=console) as metrics:
        train(
            state,
            Hooks(
                loss=lambda step: examples.loss(state.network, step),
                measure=lambda state: examples.measure(state.average),
                save=save,
            ),
            limits=limits,
            optimizer=config.optimizer,
            save_seconds=60.0 * config.save_minutes,
            samples_per_step=config.batch_size,
            metrics=metrics,
        )
    command = f"psizero evaluate --policy {config.out} {_what_to_evaluate(config, split)} --out {config.out}-report"
    console.print(
        f"the policy is in {config.out}; next: {command}",
        highlight=False,
        soft_wrap=True,
    )


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
        order = np.random.default_rng([seed, number]).permutation(len(dataset.episodes))
        count = round(holdout * len(order))
        held_out += [(dataset, int(index)) for index in np.sort(order[:count])]
        training += [(dataset, int(index)) for index in np.sort(order[count:])]
    if not training:
        raise DataError("no episode is left to learn from; record more or lower --holdout")
    return Split(training=tuple(training), held_out=tuple(held_out), layout=layout)


class Examples:
    """The loaded episodes and what is computed from them: batches, losses, held-out errors."""

    def __init__(self, config: FinetuneConfig, parts: PolicyParts, training: Frames, held_out: Frames | None) -> None:
        self.parts = parts
        self._config = config
        self._training = self._loader(training)
        self._held_out = None if held_out is None else self._loader(held_out)
        self._held_out_frames = _spread(0 if held_out is None else len(held_out), _HELD_OUT_FRAMES)
        self._words = self._encode(training)
        self._held_out_words = torch.zeros(0) if held_out is None else self._encode(held_out)
        self._bfloat16 = uses_bfloat16(config.precision)

    def _loader(self, frames: Frames) -> Loader:
        return Loader(
            frames,
            state_normalizer=self.parts.normalizers.state,
            action_normalizer=self.parts.normalizers.action,
            chunk=self.parts.config.chunk,
            batch_size=self._config.batch_size,
            seed=self._config.seed,
            augment=self._config.augment,
        )

    def _encode(self, frames: Frames) -> torch.Tensor:
        model = self.parts.config
        codes = encode_words(frames.instructions, max_words=model.max_words, vocabulary=model.vocabulary)
        return torch.from_numpy(codes)

    def loss(self, network: FlowNetwork, step: int) -> torch.Tensor:
        """Return the loss of a step's batch."""
        return self._loss(network, self._training.batch(step), self._words, seed=[self._config.seed, step])

    def measure(self, average: RunningAverage) -> dict[str, float]:
        """Return the held-out loss of the averaged weights and the error of sampled chunks (normalized units)."""
        if self._held_out is None:
            return {}
        network = FlowNetwork(self.parts.config)
        network.load_state_dict(average.weights())
        losses, errors = [], []
        for number, frames in enumerate(np.array_split(self._held_out_frames, -(-len(self._held_out_frames) // 64))):
            batch = self._held_out.plain_batch(frames)
            with torch.no_grad():
                losses.append(self._loss(network, batch, self._held_out_words, seed=[number]).item())
                errors.append(self._error(network, batch, number))
        return {"held_out_loss": float(np.mean(losses)), "held_out_error": float(np.mean(errors))}

    def _loss(self, network: FlowNetwork, batch: Batch, words: torch.Tensor, *, seed: list[int]) -> torch.Tensor:
        model = self.parts.config
        draws = draw(
            torch.Generator().manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0])),
            batch=len(batch.state),
            rows=model.chunk,
            numbers=model.action_size,
            max_delay=model.max_delay,
            config=self._config.objective,
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            return flow_loss(
                network,
                batch.images,
                words[batch.instruction],
                batch.state,
                batch.action,
                draws,
                self._config.objective,
            )

    def _error(self, network: FlowNetwork, batch: Batch, seed: int) -> float:
        shown = network.encode(batch.images, self._held_out_words[batch.instruction], batch.state)
        noise = torch.randn(batch.action.shape, generator=torch.Generator().manual_seed(seed))
        return (network.sample(shown, noise) - batch.action).abs().mean().item()


def _what_to_evaluate(config: FinetuneConfig, split: Split) -> str:
    """Return the option that measures what was learned: the recorded tasks, or for foreign data their held-out part."""
    tasks = {data.episodes[index].info.get("task") for data, index in split.training}
    if split.layout.name != G1_DEX3.name or None in tasks:
        return f"--open-loop {config.data[0]}"
    return f"--task {' '.join(sorted(map(str, tasks)))}"


def uses_bfloat16(precision: str) -> bool:
    """Tell whether activations are bfloat16; `auto` asks the processor for matrix instructions of that type."""
    if precision != "auto":
        return precision == "bfloat16"
    capabilities = getattr(torch.cpu, "get_capabilities", dict)  # older versions of torch (2.9) do not tell
    return bool(capabilities().get("amx_bf16"))


def _check_out(config: FinetuneConfig, checkpoint: Path) -> None:
    if config.resume and not checkpoint.is_file():
        raise ConfigError(f"there is no training to resume in {config.out}; leave --resume out")
    if not config.resume and any(path.exists() for path in (config.out / WEIGHTS, config.out / CARD, checkpoint)):
        raise ConfigError(f"{config.out} already holds a policy; choose another folder, or go on with --resume")


def _start(config: FinetuneConfig, model: ModelConfig) -> TrainingState:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = FlowNetwork(model)
    return TrainingState(
        network=network, optimizer=make_optimizer(network, config.optimizer), average=RunningAverage(network)
    )


def _settings(config: FinetuneConfig, split: Split) -> dict[str, Any]:
    """Return the settings that decide which examples come and what the network is."""
    data = [str(folder.resolve()) for folder in config.data]
    return {
        "data": data,
        "size": config.size,
        "seed": config.seed,
        "batch_size": config.batch_size,
        "holdout": config.holdout,
        "episodes": len(split.training) + len(split.held_out),  # with more, others would be kept apart
    }


def _resume(config: FinetuneConfig, split: Split, state: TrainingState, checkpoint: Path) -> None:
    progress = load_checkpoint(checkpoint, state.network, state.average, state.optimizer)
    for name, value in _settings(config, split).items():
        before = progress.settings.get(name, value)
        if before != value:
            raise ConfigError(
                f"{config.out} was trained with {name} {before!r}, not {value!r}; "
                "resume with the same, or choose another folder"
            )
    state.step, state.seconds = progress.step, progress.seconds


def _load(config: FinetuneConfig, model: ModelConfig, split: Split, console: Console) -> Examples:
    """Decode all episodes into memory and measure how their numbers are spread."""
    size = (model.image_height, model.image_width)
    with Progress(console=console, transient=True) as bar:
        episodes = (*split.training, *split.held_out)
        task = bar.add_task("reading episodes", total=sum(data.episodes[index].length for data, index in episodes))
        training = load_frames(split.training, image_size=size, progress=lambda count: bar.advance(task, count))
        held_out = None
        if split.held_out:
            held_out = load_frames(split.held_out, image_size=size, progress=lambda count: bar.advance(task, count))
    normalizers = Normalizers(
        state=Normalizer.from_stats(vector_stats(training.state)),
        action=Normalizer.from_stats(vector_stats(training.action)),
    )
    kept = 0 if held_out is None else len(held_out)
    console.print(f"{len(training)} frames to learn from, {kept} held out", highlight=False)
    return Examples(config, PolicyParts(config=model, layout=split.layout, normalizers=normalizers), training, held_out)


def _spread(count: int, wanted: int) -> np.ndarray:
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).astype(np.int64)) if count else np.zeros(0, np.int64)


def _card(config: FinetuneConfig, split: Split, state: TrainingState) -> dict[str, Any]:
    """Return how the policy came to be; `held_out` names, by data set, the episodes it never saw."""
    held_out: dict[str, list[int]] = {str(folder.resolve()): [] for folder in config.data}
    for dataset, index in split.held_out:
        held_out[str(dataset.root.resolve())].append(index)
    settings = json.loads(json.dumps(asdict(config), default=str))
    return {"held_out": held_out, "steps": state.step, "minutes": round(state.seconds / 60, 2), "settings": settings}
