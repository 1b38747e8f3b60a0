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
from psizero.train.config import FinetuneConfig
from psizero.train.examples import Examples
from psizero.train.feature_cache import keep_features
from psizero.train.optimizer import make_optimizer
from psizero.train.own_trainee import OwnTrainee

LENGTH = 16
"""Frames of the data set, one episode: speed does not depend on how many there are."""
SMALL_BATCH, TINY_BATCH = 4, 32
"""Examples of a step."""
SMALL_STEPS, TINY_STEPS = 4, 20
"""Steps that are measured; one before them is not."""


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

    speeds = [_learn(expert, look) for look in (through, lambda chosen: features.take(chosen).tokens)]
    return speeds[0], speeds[1]


def _learn(expert: Psi0Expert, look: Callable[[np.ndarray], Tensor]) -> float:
    """Return the examples per second of plain flow matching."""
    expert.train().requires_grad_(True)
    optimizer = torch.optim.AdamW([weight for weight in expert.parameters() if weight.is_floating_point()], lr=1e-5)
    shape = (SMALL_BATCH, expert.config.chunk, expert.config.action_size)
    state, action = torch.randn(SMALL_BATCH, expert.config.state_size), torch.randn(shape)

    def step(number: int) -> None:
        chosen = np.arange(number * SMALL_BATCH, (number + 1) * SMALL_BATCH) % LENGTH
        sigma, noise = torch.rand(SMALL_BATCH), torch.randn(shape)
        noisy = action + sigma[:, None, None] * (noise - action)
        velocity = expert(noisy, TIME_SCALE * sigma, expert.observe(look(chosen), state))
        optimizer.zero_grad()
        (velocity - (noise - action)).square().mean().backward()
        optimizer.step()

    return SMALL_STEPS * SMALL_BATCH / _seconds(step, SMALL_STEPS)


def _tiny(frames: Frames, root: Path, folder: Path) -> tuple[float, float]:
    """Return examples per second through the backbone and from features, as the stages of training take them."""
    model = config_of_size("tiny", state_size=G1_DEX3.state.size, action_size=G1_DEX3.action.size, cameras=1)
    normalizers = Normalizers(
        state=Normalizer.from_stats(vector_stats(frames.state)),
        action=Normalizer.from_stats(vector_stats(frames.action)),
    )
    plain = FinetuneConfig(
        data=(root,), out=folder, batch_size=TINY_BATCH, backbone="frozen", begin_with=folder, precision="float32"
    )
    speeds = []
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

        speeds.append(TINY_STEPS * TINY_BATCH / _seconds(step, TINY_STEPS))
    return speeds[0], speeds[1]


def _seconds(step: Callable[[int], None], steps: int) -> float:
    """Return how long steps take after one that warms up (s)."""
    step(0)
    begin = time.perf_counter()
    for number in range(1, steps + 1):
        step(number)
    return time.perf_counter() - begin


if __name__ == "__main__":
    show(measure())
