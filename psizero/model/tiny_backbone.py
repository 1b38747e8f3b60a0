"""A vision-language backbone that learns to find things from scratch, on two CPU cores.

Words come first: their summary scales and shifts the picture's feature maps
(FiLM, arXiv 1709.07871), so that early layers already look for the thing that
was named. From two feature maps, learned key points are read as expected pixel
coordinates (spatial softmax, arXiv 1504.00702): numbers from which an arm pose
is a smooth function, and which are precise below a pixel within minutes of
training. A coarse grid of picture tokens and the words are mixed by attention.

Letters in shapes: B batch, C cameras, H x W pixels, L words, G letter groups of
a word, P key points, F channels, N context tokens, D width.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from psizero.model.backbone import VisionLanguage
from psizero.model.block_parts import FeedForward
from psizero.model.config import ModelConfig
from psizero.model.embeddings import grid_positions
from psizero.model.joint_attention import ContextAttention

_GROUPS = 8
_POINT_TOKENS = 4
_SHARPNESS = 8.0
"""At 1, a fresh point is the mean of the whole picture and hardly moves: it would learn slowly."""


class WordEmbedding(nn.Module):
    """Hashed words -> one token per word and one vector for the whole instruction."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.pieces = nn.Embedding(config.vocabulary, config.width, padding_idx=0)
        nn.init.normal_(self.pieces.weight, std=0.3)
        self.place = nn.Parameter(torch.randn(config.max_words, config.width) * 0.02)
        self.summary = nn.Sequential(nn.Linear(config.width, config.width), nn.SiLU())

    def forward(
        self, words: Int[Tensor, "B L G"]
    ) -> tuple[Float[Tensor, "B L D"], Bool[Tensor, "B L"], Float[Tensor, "B D"]]:
        """Return word tokens, their mask and the summary; an empty instruction has a summary too."""
        present = (words > 0).float()
        pieces = self.pieces(words) * present[..., None]
        tokens = pieces.sum(2) / present.sum(2).clamp(min=1.0)[..., None]
        mask = words[..., 0] > 0
        summary = self.summary(tokens).mul(mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        return tokens + self.place, mask, summary


class FilmBlock(nn.Module):
    """Two convolutions around a shortcut; the words scale and shift the features in between."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.first_norm = nn.GroupNorm(_GROUPS, channels)
        self.film = nn.Linear(width, 2 * channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.second_norm = nn.GroupNorm(_GROUPS, channels)

    def forward(self, features: Float[Tensor, "B F H W"], words: Float[Tensor, "B D"]) -> Float[Tensor, "B F H W"]:
        """Refine the features in the light of the words."""
        scale, shift = self.film(words)[..., None, None].chunk(2, 1)
        hidden = F.relu(self.first_norm(self.first(features)) * (1 + scale) + shift)
        return F.relu(features + self.second_norm(self.second(hidden)))


class KeyPoints(nn.Module):
    """A feature map -> expected coordinates of learned points."""

    def __init__(self, channels: int, points: int) -> None:
        super().__init__()
        self.score = nn.Conv2d(channels, points, 1)
        self.sharpness = nn.Parameter(torch.full((points,), _SHARPNESS))

    def forward(self, features: Float[Tensor, "B F H W"]) -> Float[Tensor, "B P2"]:
        """Return row and column of each point in -1..1, rows first."""
        height, width = features.shape[-2:]
        scores = self.score(features).float() * self.sharpness[:, None, None]
        chance = scores.flatten(2).softmax(-1).unflatten(2, (height, width))  # (B, P, H, W)
        rows = chance.sum(3) @ torch.linspace(-1, 1, height, device=features.device)
        columns = chance.sum(2) @ torch.linspace(-1, 1, width, device=features.device)
        return torch.cat([rows, columns], dim=1)


class PictureStem(nn.Module):
    """Pictures -> a coarse grid of tokens and key-point coordinates of two scales."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        quarter, eighth = config.channels
        self.to_quarter = nn.Sequential(nn.Conv2d(3, quarter, 8, 4, 2), nn.GroupNorm(_GROUPS, quarter), nn.ReLU())
        self.quarter_block = FilmBlock(quarter, config.width)
        self.quarter_points = KeyPoints(quarter, config.keypoints)
        self.to_eighth = nn.Sequential(nn.Conv2d(quarter, eighth, 3, 2, 1), nn.GroupNorm(_GROUPS, eighth), nn.ReLU())
        self.eighth_block = FilmBlock(eighth, config.width)
        self.eighth_points = KeyPoints(eighth, config.keypoints)
        self.to_grid = nn.Conv2d(eighth, config.width, 3, 2, 1)
        rows, columns = config.image_height // 16, config.image_width // 16
        self.place = nn.Parameter(0.5 * grid_positions(rows, columns, config.width))

    def forward(
        self, pictures: Float[Tensor, "B 3 H W"], words: Float[Tensor, "B D"]
    ) -> tuple[Float[Tensor, "B N D"], Float[Tensor, "B P4"]]:
        """Return picture tokens, row by row, and the coordinates of the points of both scales."""
        quarter = self.quarter_block(self.to_quarter(pictures), words)
        eighth = self.eighth_block(self.to_eighth(quarter), words)
        tokens = self.to_grid(eighth).flatten(2).transpose(1, 2)
        tokens = tokens + self.place.to(tokens.dtype)
        return tokens, torch.cat([self.quarter_points(quarter), self.eighth_points(eighth)], dim=1)


class MixingLayer(nn.Module):
    """A transformer layer over picture, point and word tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = ContextAttention(width, heads)
        self.forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, tokens: Float[Tensor, "B N D"], mask: Bool[Tensor, "B N"]) -> Float[Tensor, "B N D"]:
        """Let the tokens look at each other; padding is never looked at."""
        mixed, _ = self.attention(self.attention_norm(tokens), mask)
        tokens = tokens if mixed is None else tokens + mixed
        return tokens + self.feed_forward(self.forward_norm(tokens))


class TinyBackbone(nn.Module):
    """Pictures and words -> context tokens: picture grid, points, words."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        self.words = WordEmbedding(config)
        self.stem = PictureStem(config)
        self.camera = nn.Parameter(torch.randn(config.cameras, 1, width) * 0.02)
        numbers = 4 * config.keypoints * config.cameras + width
        self.points = nn.Sequential(nn.Linear(numbers, 2 * width), nn.SiLU(), nn.Linear(2 * width, width))
        self.point_tokens = nn.Linear(width, _POINT_TOKENS * width)
        self.layers = nn.ModuleList(MixingLayer(width, config.heads) for _ in range(config.mixing_layers))

    def forward(self, images: Tensor, words: Int[Tensor, "B L G"]) -> VisionLanguage:
        """Encode pictures (B, C, H, W, 3) in 0..255, uint8 or float, and word codes."""
        batch, cameras = images.shape[:2]
        word_tokens, word_mask, instruction = self.words(words)
        pictures = images.flatten(0, 1).permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1.0
        picture_tokens, points = self.stem(pictures, instruction.repeat_interleave(cameras, 0))
        picture_tokens = (picture_tokens.unflatten(0, (batch, cameras)) + self.camera.to(picture_tokens.dtype)).flatten(
            1, 2
        )
        coordinates = points.unflatten(0, (batch, cameras)).flatten(1)
        found = self.points(torch.cat([coordinates, instruction], dim=1))
        point_tokens = self.point_tokens(found).unflatten(1, (_POINT_TOKENS, -1))
        tokens = torch.cat([picture_tokens, point_tokens, word_tokens.to(picture_tokens.dtype)], dim=1)
        always = word_mask.new_ones(batch, picture_tokens.shape[1] + _POINT_TOKENS)
        mask = torch.cat([always, word_mask], dim=1)
        for layer in self.layers:
            tokens = layer(tokens, mask)
        return VisionLanguage(tokens, mask, found)
