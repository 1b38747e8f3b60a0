"""How much faster an action expert learns from kept features than through its frozen backbone, in one run.

`small` are networks of the Psi0 kind (`psi0_sizes`), with random weights: a step takes as long as
with trained ones. `tiny` is the network that `psizero posttrain` trains. Both ways take the same
steps; through the backbone, pictures are in memory and decoded already. Computing the features,
once, takes as long as sending each picture through the backbone once, and is not counted.

Run: python -m benchmarks.feature_cache
"""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.figure import Figure, show
from benchmarks.psi0_sizes import PICTURE_SIZE, SIZES, observation, random_networks
from psizero.data.frames import BadEpisodes, Frames, read_frames
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.model.config import config_of_size
from psizero.model.network import FlowNetwork
from psizero.model.policy import Normalizers
from psizero.model.psi0_expert import TIME_SCALE, Psi0Expert
from psizero.model.qwen_picture import network_size
from psizero.train.config import FinetuneConfig, OptimizerConfig
from psizero.train.examples import Examples
from psizero.train.feature_cache import keep_features
from psizero.train.optimizer import make_optimizer
from psizero.train.own_trainee import OwnTrainee

LENGTH = 64
"""Frames of the data set, one episode: speed does not depend on how many there are."""
BATCH = 32
"""Examples of a step. With few of them a step is mostly the optimizer's, whose work does not depend on how many."""
STEPS = 9
"""Steps of each way that are measured, in turns: a busy moment hits both."""


def measure() -> list[Figure]:
    """Train both networks both ways on all cores."""
    torch.set_num_threads(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "set"
        with LeRobotWriter(root, G1_DEX3) as writer:
            for episode in synthetic_episodes(1, length=LENGTH):
                writer.append(episode)
        frames = read_frames([(LeRobotDataset(root), 0)])
        small, tiny = _small(frames, Path(folder)), _tiny(frames, root, Path(folder))
    return [
        Figure(name="small expert through its backbone", value=small[0], unit="examples/s"),
        Figure(name="small expert from kept features", value=small[1], unit="examples/s"),
        Figure(name="small: times as fast from features", value=small[1] / small[0], unit="", at_least=5.0),
        Figure(name="tiny policy, frozen, through its backbone", value=tiny[0], unit="examples/s"),
        Figure(name="tiny policy, frozen, from kept features", value=tiny[1], unit="examples/s"),
        Figure(name="tiny: times as fast from features", value=tiny[1] / tiny[0], unit=""),
    ]


def _small(frames: Frames, folder: Path) -> tuple[float, float]:
    """Return examples per second through the backbone and from features."""
    size = SIZES["small"]
    backbone, expert = random_networks(size, torch.device("cpu"), torch.float32)
    prompt = torch.from_numpy(observation(size)[1])[None, :, None]  # (1, N, 1): one instruction
    seen_at = network_size(*PICTURE_SIZE)
    pictures = torch.from_numpy(frames.decode(0, seen_at).copy())
    features = keep_features(
        folder / "small",
        backbone,
        size.backbone.to_json(),
        frames,
        prompt,
        picture=seen_at,
        image_size=seen_at,
        bfloat16=False,
        bad=BadEpisodes(),
    )

    def through(chosen: np.ndarray) -> Tensor:
        with torch.no_grad():
            return backbone(pictures[chosen], prompt.expand(len(chosen), -1, -1)).tokens

    return _in_turns([_learner(expert, look) for look in (through, lambda chosen: features.take(chosen).tokens)])


def _learner(expert: Psi0Expert, look: Callable[[np.ndarray], Tensor]) -> Callable[[int], None]:
    """Return what takes one step of plain flow matching."""
    expert.train().requires_grad_(True)
    optimizer = make_optimizer(expert, OptimizerConfig(learning_rate=1e-5))
    shape = (BATCH, expert.config.chunk, expert.config.action_size)
    state, action = torch.randn(BATCH, expert.config.state_size), torch.randn(shape)

    def step(number: int) -> None:
        chosen = np.arange(number * BATCH, (number + 1) * BATCH) % LENGTH
        sigma, noise = torch.rand(BATCH), torch.randn(shape)
        noisy = action + sigma[:, None, None] * (noise - action)
        velocity = expert(noisy, TIME_SCALE * sigma, expert.observe(look(chosen), state))
        optimizer.zero_grad()
        (velocity - (noise - action)).square().mean().backward()
        optimizer.step()

    return step


def _tiny(frames: Frames, root: Path, folder: Path) -> tuple[float, float]:
    """Return examples per second through the backbone and from features, as the stages of training take them."""
    model = config_of_size("tiny", state_size=G1_DEX3.state.size, action_size=G1_DEX3.action.size, cameras=1)
    normalizers = Normalizers(
        state=Normalizer.from_stats(vector_stats(frames.state)),
        action=Normalizer.from_stats(vector_stats(frames.action)),
    )
    plain = FinetuneConfig(
        data=(root,), out=folder, batch_size=BATCH, backbone="frozen", begin_with=folder, precision="float32"
    )
    steps = []
    for config in (plain, replace(plain, features=folder / "tiny")):
        network = FlowNetwork(model)
        network.backbone.requires_grad_(False)
        examples = Examples(config, OwnTrainee(network, G1_DEX3, normalizers), frames, None)
        examples.prepare(0)
        optimizer = make_optimizer(network, config.optimizer)

        def step(
            number: int,
            examples: Examples = examples,
            network: FlowNetwork = network,
            optimizer: torch.optim.Optimizer = optimizer,
        ) -> None:
            optimizer.zero_grad()
            examples.loss(network, number).backward()
            optimizer.step()

        steps.append(step)
    return _in_turns(steps)


def _in_turns(ways: list[Callable[[int], None]]) -> tuple[float, float]:
    """Return the examples per second of two ways that take turns, by the median of their steps after a first one."""
    seconds: list[list[float]] = [[] for _ in ways]
    for number in range(STEPS + 1):
        for way, taken in zip(ways, seconds, strict=True):
            begin = time.perf_counter()
            way(number)
            taken.append(time.perf_counter() - begin)
    through, kept = (BATCH / float(np.median(taken[1:])) for taken in seconds)
    return through, kept


if __name__ == "__main__":
    show(measure())
