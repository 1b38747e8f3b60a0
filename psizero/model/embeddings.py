"""Embeddings of flow time and of places in a chunk or a picture.

Letters in shapes: D width; `...` any leading axes.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

TIME_FREQUENCIES = 64


def time_features(sigma: Float[Tensor, "..."]) -> Float[Tensor, "... F"]:
    """Return cosines, then sines, of 1000 sigma at 64 frequencies from 1 down to 1/10000."""
    exponents = torch.arange(TIME_FREQUENCIES, device=sigma.device, dtype=torch.float32) / (TIME_FREQUENCIES - 1)
    angles = 1000.0 * sigma.float()[..., None] * 10_000.0**-exponents
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


class TimeEmbedding(nn.Module):
    """Flow time of each action token -> a vector that modulates this token."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.into = nn.Linear(2 * TIME_FREQUENCIES, width)
        self.out = nn.Linear(width, width)

    def forward(self, sigma: Float[Tensor, "B A"]) -> Float[Tensor, "B A D"]:
        """Embed the flow time of every token by itself."""
        return self.out(nn.functional.silu(self.into(time_features(sigma))))


def grid_positions(height: int, width: int, size: int) -> Float[Tensor, "N D"]:
    """Return sines and cosines of the row and column of each cell of a grid, row by row: (height * width, size)."""
    frequencies = torch.exp(torch.arange(size // 4) * (-math.log(100.0) / max(size // 4 - 1, 1))) * math.pi
    rows = torch.linspace(0, 1, height)[:, None] * frequencies
    columns = torch.linspace(0, 1, width)[:, None] * frequencies
    row_part = torch.cat([rows.sin(), rows.cos()], dim=-1)[:, None].expand(height, width, -1)
    column_part = torch.cat([columns.sin(), columns.cos()], dim=-1)[None].expand(height, width, -1)
    return torch.cat([row_part, column_part], dim=-1).reshape(height * width, size)
