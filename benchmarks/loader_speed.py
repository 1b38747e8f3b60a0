"""How many examples a second come from disk, beside the lerobot library on the same data set; and memory stays flat.

Both give batches of pictures, states and chunks of 30 actions in random order, two cores each.
Ours streams (as if pictures did not fit into memory) and changes pictures as in training;
the library reads example by example in two worker processes, without changing anything.

The library runs in an environment of its own: PSIZERO_LEROBOT names its Python (tried:
lerobot 0.4.4). It decodes with torchcodec, its own choice, where that can be imported. Where
it cannot, it is given `benchmarks/lerobot_loader.py`'s decoder in place of the one of
torchvision, which newer versions of torchvision no longer have: PyAV on files that stay
open, which converts the wanted frames alone. That is faster than what it replaces, and not
what the library's users get from torchcodec; the figure's name tells which one it was.
Without the library, ours is measured alone.

Run: python -m benchmarks.loader_speed
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, show
from psizero.data.augment import AugmentConfig
from psizero.data.frames import read_frames
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.loader import Loader
from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3

EPISODES, LENGTH, SIZE = 16, 150, (240, 320)
"""Episodes of five seconds, at the picture size of Psi0's robot."""
SAMPLES, BATCH, CHUNK = 10_000, 32, 30
"""Samples over which memory must stay flat, and what a batch holds."""
WINDOW = 600
"""Frames shuffled together: the data set is streamed in four windows."""
GRAIN = 12
"""Levels by which pixels differ from the flat picture, as a real camera's do: without it decoding would be too easy."""


def measure() -> list[Figure]:
    """Read the same data set with both; one run each, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "set"
        _write(root)
        speed, growth = _ours(root)
        figures = [
            Figure(name="examples streamed from disk", value=speed, unit="examples/s"),
            Figure(name=f"growth of memory over {SAMPLES} examples", value=growth, unit="share of it", at_most=0.1),
        ]
        theirs = _theirs(root)
    if theirs is None:
        print("PSIZERO_LEROBOT is not set: the lerobot library was not measured", file=sys.stderr)
        return figures
    named = f"lerobot {theirs['version']}, {theirs['decoder']}"
    return [
        *figures,
        Figure(name=f"the same by {named}", value=theirs["speed"], unit="examples/s"),
        Figure(name=f"times as fast as {named}", value=speed / theirs["speed"], unit="", at_least=2.0),
    ]


def _write(root: Path) -> None:
    draw = np.random.default_rng(0)
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in synthetic_episodes(EPISODES, length=LENGTH):
            grain = draw.integers(-GRAIN, GRAIN + 1, (*SIZE, 3))
            images = {
                camera: np.clip(_enlarged(frames) + grain, 0, 255).astype(np.uint8)
                for camera, frames in episode.images.items()
            }
            writer.append(replace(episode, images=images))


def _enlarged(frames: np.ndarray) -> np.ndarray:
    rows, columns = (np.arange(side) * frames.shape[axis] // side for side, axis in zip(SIZE, (1, 2), strict=True))
    return frames[:, rows][:, :, columns].astype(np.int16)


def _ours(root: Path) -> tuple[float, float]:
    """Return examples per second, and by which share memory grew between the first thousand examples and the last."""
    data = LeRobotDataset(root)
    frames = read_frames([(data, index) for index in range(EPISODES)])
    loader = Loader(
        frames,
        image_size=SIZE,
        state_scale=Normalizer.from_stats(vector_stats(frames.state)),
        action_scale=Normalizer.from_stats(vector_stats(frames.action)),
        chunk=CHUNK,
        batch_size=BATCH,
        seed=0,
        augment=AugmentConfig(),
        window=WINDOW,
    )
    memory = []
    begin = time.perf_counter()
    for step in range(SAMPLES // BATCH):
        loader.batch(step)
        memory.append(_resident())
    seconds = time.perf_counter() - begin
    settled = len(frames) // BATCH  # after an epoch, two windows and all buffers have been there
    return SAMPLES / seconds, max(memory[settled:]) / max(memory[:settled]) - 1.0


def _resident() -> int:
    """Return how much memory this process holds (bytes); Linux."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _theirs(root: Path) -> dict | None:
    python = os.environ.get("PSIZERO_LEROBOT")
    if not python:
        return None
    script = Path(__file__).with_name("lerobot_loader.py")
    command = [python, str(script), str(root), str(BATCH), str(CHUNK)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": ""}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    show(measure())
