"""A network small enough for milliseconds, whose every parameter has been moved off its start."""

import torch

from psizero.model.config import ModelConfig
from psizero.model.network import FlowNetwork

SMALL = ModelConfig(
    state_size=5,
    action_size=6,
    cameras=2,
    image_height=32,
    image_width=48,
    chunk=8,
    max_delay=3,
    width=16,
    heads=2,
    expert_layers=2,
    channels=(8, 16),
    keypoints=4,
    vocabulary=64,
    max_words=4,
    euler_steps=3,
)


def small_network(seed: int = 0) -> FlowNetwork:
    """Return a network in which nothing is zero any more, so that every path carries something."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = FlowNetwork(SMALL)
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(0.1 * torch.randn_like(parameter))
    return network.eval()


def observation_batch(count: int = 3, seed: int = 1) -> dict[str, torch.Tensor]:
    """Return pictures, words and state for the small network."""
    generator = torch.Generator().manual_seed(seed)
    return {
        "images": torch.randint(0, 256, (count, 2, 32, 48, 3), generator=generator, dtype=torch.uint8),
        "words": torch.randint(1, 64, (count, 4, 12), generator=generator),
        "state": torch.randn(count, 5, generator=generator),
    }
