"""How many examples a second the tiny policy learns from, pictures decoded and changed on the way.

Run: python -m benchmarks.train_throughput
"""

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import torch

from benchmarks.figure import Figure, show
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.train.config import FinetuneConfig
from psizero.train.finetune import finetune

STEPS = 120
"""Optimizer steps of the usual batch size; the first sixth is not counted."""


def measure() -> list[Figure]:
    """Train for a while on made-up episodes, on all cores."""
    torch.set_num_threads(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as folder:
        data, policy = Path(folder) / "data", Path(folder) / "policy"
        with LeRobotWriter(data, G1_DEX3) as writer:
            for episode in synthetic_episodes(8):
                writer.append(episode)
        finetune(FinetuneConfig(data=(data,), out=policy, steps=STEPS))
        lines = (policy / "training" / "metrics.jsonl").read_text().splitlines()
    speeds = [numbers["samples_per_second"] for numbers in map(json.loads, lines) if "samples_per_second" in numbers]
    return [Figure(name="training of the tiny policy", value=float(np.median(speeds[1:])), unit="examples/s")]


if __name__ == "__main__":
    show(measure())
