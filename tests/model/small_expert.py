"""An expert of Psi0's shape that runs in milliseconds, and something for it to look at."""

import torch

from psizero.model.psi0_expert import Psi0Expert, Psi0ExpertConfig

SMALL = Psi0ExpertConfig(
    blocks=3,
    width=24,
    heads=2,
    inner=40,
    chunk=5,
    action_size=6,
    state_size=4,
    context_size=10,
    positions=20,
    frequencies=8,
)


def small_expert() -> Psi0Expert:
    """Return the same random weights each time."""
    torch.manual_seed(7)
    return Psi0Expert(SMALL).eval()


def noisy_chunk(batch: int = 2) -> torch.Tensor:
    return torch.randn(batch, SMALL.chunk, SMALL.action_size, generator=torch.Generator().manual_seed(1))


def seen(batch: int = 2, tokens: int = 7) -> tuple[torch.Tensor, torch.Tensor]:
    """Return tokens of a backbone and a state."""
    generator = torch.Generator().manual_seed(2)
    context = torch.randn(batch, tokens, SMALL.context_size, generator=generator)
    return context, torch.randn(batch, SMALL.state_size, generator=generator)
