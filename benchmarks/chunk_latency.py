"""How long the tiny policy takes for one chunk of 30 actions, from picture to physical units.

The weights are random: the time does not depend on them.

Run: python -m benchmarks.chunk_latency
"""

import time
from dataclasses import replace

import numpy as np
import torch

from benchmarks.figure import Figure, show
from psizero.data.normalize import Normalizer
from psizero.embodiment.layout import G1_DEX3
from psizero.model.config import ModelConfig, config_of_size
from psizero.model.network import FlowNetwork
from psizero.model.policy import FlowPolicy, Normalizers
from psizero.types import Observation

CHUNKS, WARM_UP = 200, 20
LIMIT_MS = 60.0
"""On one thread, in as many Euler steps as it ships with."""
TEN_STEPS_LIMIT_MS = 30.0
"""On two cores, in ten steps."""


def measure() -> list[Figure]:
    """Ask again and again for a chunk: on one thread as beside a control loop, then on two in ten steps."""
    config = config_of_size(
        "tiny", state_size=G1_DEX3.state.size, action_size=G1_DEX3.action.size, cameras=len(G1_DEX3.cameras)
    )
    middle, most = _percentiles(config, threads=1)
    ten_middle, ten_most = _percentiles(replace(config, euler_steps=10), threads=2)
    ten = "one chunk of the tiny policy in ten steps on two cores"
    return [
        Figure(name="one chunk of the tiny policy, p50", value=middle, unit="ms"),
        Figure(name="one chunk of the tiny policy, p95", value=most, unit="ms", at_most=LIMIT_MS),
        Figure(name=f"{ten}, p50", value=ten_middle, unit="ms"),
        Figure(name=f"{ten}, p95", value=ten_most, unit="ms", at_most=TEN_STEPS_LIMIT_MS),
    ]


def _percentiles(config: ModelConfig, *, threads: int) -> tuple[float, float]:
    """Return p50 and p95 of the time for a chunk (ms)."""
    torch.set_num_threads(threads)
    state, action = config.state_size, config.action_size
    normalizers = Normalizers(
        state=Normalizer(low=-np.ones(state), high=np.ones(state)),
        action=Normalizer(low=-np.ones(action), high=np.ones(action)),
    )
    policy = FlowPolicy(FlowNetwork(config), layout=G1_DEX3, normalizers=normalizers)
    generator = np.random.default_rng(0)
    observation = Observation(
        time=0.0,
        joint_positions=np.zeros(0),
        joint_velocities=np.zeros(0),
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
        images={"head": generator.integers(0, 255, (120, 160, 3), np.uint8)},
        state=np.zeros(state, np.float32),
        instruction="pick up the bottle",
    )
    promised = np.zeros((2, action), np.float32)
    times = []
    for _ in range(WARM_UP + CHUNKS):
        begin = time.perf_counter()
        policy.act(observation, promised)
        times.append(1e3 * (time.perf_counter() - begin))
    middle, most = np.percentile(times[WARM_UP:], [50, 95])
    return float(middle), float(most)


if __name__ == "__main__":
    show(measure())
