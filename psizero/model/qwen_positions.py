"""Where tokens are, for Qwen3-VL: rotary angles of patches and of text, and the place of each vision token.

A patch turns with its row and column in the picture. In the decoder a token turns
with three numbers, time, row and column; words count on in all three, the tokens
of a picture share one time and spread over rows and columns, and the next word
goes on behind the longer side. Nothing here waits for the device: shapes alone
decide what is computed, so a graph of it can be captured.

Source: Qwen3-VL of transformers 4.57 and 5 (interleaved multimodal rotary positions).

Letters in shapes: B batch, N tokens, P patches of a picture, K width of a head.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from psizero.model.qwen_config import VISION_ROPE_BASE, QwenConfig


class Rotation(NamedTuple):
    """Angles by which heads are turned; both (..., K) float32."""

    cos: Tensor
    sin: Tensor

    def turn(self, heads: Tensor) -> Tensor:
        """Turn queries or keys (..., K) in this rotation's precision and return them in their own."""
        first, second = heads.chunk(2, -1)
        turned = heads * self.cos + torch.cat((-second, first), -1) * self.sin
        return turned.to(heads.dtype)


class Places(NamedTuple):
    """What is where in a batch of prompts."""

    positions: Int[Tensor, "3 B N"]
    """Time, row and column of each token."""
    is_picture: Bool[Tensor, "B N"]
    """True for placeholders of vision tokens."""
    vision_index: Int[Tensor, "B N"]
    """Which vision token of its example belongs here, from 0; 0 where there is none."""


def merge_order(tokens: Tensor, rows: int, columns: int, merge: int) -> Tensor:
    """Bring (..., rows * columns, D) from reading order into the order in which squares of `merge` are together."""
    squares = tokens.unflatten(-2, (rows // merge, merge, columns // merge, merge))
    return squares.transpose(-4, -3).flatten(-5, -2)


def patch_rotation(rows: int, columns: int, config: QwenConfig, device: torch.device) -> Rotation:
    """Return the angles (P, K) of a picture of `rows` x `columns` patches, in merge order."""
    width = config.shape.vision_width // config.vision_heads // 2
    frequencies = _frequencies(VISION_ROPE_BASE, width, device)
    row = torch.arange(rows, device=device)[:, None].expand(rows, columns)
    column = torch.arange(columns, device=device)[None].expand(rows, columns)
    grid = torch.stack((row, column), -1).flatten(0, 1)  # (P, 2)
    grid = merge_order(grid, rows, columns, config.shape.merge)
    angles = (grid[..., None] * frequencies).flatten(1)  # (P, K / 2)
    return _rotation(angles)


def text_rotation(positions: Int[Tensor, "3 B N"], config: QwenConfig) -> Rotation:
    """Return the angles (B, N, K); every third frequency turns with the row, every third with the column."""
    frequencies = _frequencies(config.rope_base, config.shape.head_width, positions.device)
    axis = torch.zeros(len(frequencies), dtype=torch.long, device=positions.device)
    for number in (1, 2):
        axis[number : 3 * config.rope_sections[number] : 3] = number
    chosen = positions[axis].movedim(0, -1)  # (B, N, K / 2)
    return _rotation(chosen * frequencies)


def places_of(
    ids: Int[Tensor, "B N"], present: Bool[Tensor, "B N"], grid: tuple[int, int], picture_token: int
) -> Places:
    """Find the vision tokens in prompts whose pictures all have `grid` (rows, columns) tokens."""
    rows, columns = grid
    is_picture = (ids == picture_token) & present
    is_word = present & ~is_picture
    seen = is_picture.cumsum(1)
    index = (seen - 1).clamp(min=0)
    picture, inside = index // (rows * columns), index % (rows * columns)
    # A word stands behind all pictures before it; a vision token stands behind those before its own.
    finished = torch.where(is_picture, picture, seen // (rows * columns))
    start = is_word.cumsum(1) - is_word.long() + finished * max(rows, columns)
    row = torch.where(is_picture, inside // columns, 0)
    column = torch.where(is_picture, inside % columns, 0)
    return Places(torch.stack((start, start + row, start + column)), is_picture, index * is_picture)


def reach(present: Bool[Tensor, "B N"]) -> Bool[Tensor, "B N N"]:
    """Tell which token looks at which: itself and what is present before it."""
    count = present.shape[1]
    before = torch.ones(count, count, dtype=torch.bool, device=present.device).tril()
    # A token of padding on the left has nothing before it: it looks at itself, or its softmax would be empty.
    itself = torch.eye(count, dtype=torch.bool, device=present.device)
    return (before & present[:, None]) | itself


def _frequencies(base: float, width: int, device: torch.device) -> Float[Tensor, " F"]:
    return base ** -(torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)


def _rotation(angles: Tensor) -> Rotation:
    angles = torch.cat((angles, angles), -1)
    return Rotation(angles.cos(), angles.sin())
