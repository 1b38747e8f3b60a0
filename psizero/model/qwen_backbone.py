"""Qwen3-VL as the eyes and ears of a policy: pictures and a prompt -> features of its decoder.

The features are what a decoder layer gives *before* the final norm. Which of the two
transformers returns as its last hidden state has changed between its versions, so
here transformers makes the modules only, and this file says what runs: the vision
tower with its taps, the embedding and the decoder layers. The language-model head
does not exist, layers behind the last one that was asked for do not run, and
no hidden state is kept that nobody asked for.

Source: Qwen3-VL (arXiv 2511.21631) as in transformers 4.57 and 5; features as in Psi0
(arXiv 2603.12263).

Letters in shapes: B batch, C pictures (cameras times remembered frames), H x W
pixels, N tokens of a prompt, P patches of a picture, V vision tokens of an example,
D width of a text token, E width of a patch token.
"""

import contextlib
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from psizero.errors import ConfigError, DataError
from psizero.model.attention import attend, hide, join_heads
from psizero.model.backbone import VisionLanguage
from psizero.model.fused import any_length
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_extra import need_qwen
from psizero.model.qwen_positions import (
    Rotation,
    merge_order,
    patch_rotation,
    places_of,
    reach,
    text_rotation,
)


class Seen(NamedTuple):
    """What the vision tower makes of the pictures of an example."""

    tokens: Float[Tensor, "B V D"]
    """They take the placeholders' seats in the prompt."""
    taps: tuple[Float[Tensor, "B V D"], ...]
    """Added behind the first decoder layers, one each (deepstack)."""
    grid: tuple[int, int]
    """Rows and columns of the tokens of one picture."""


class Canvas(NamedTuple):
    """What the vision tower knows of pictures from their size alone."""

    table: Float[Tensor, "P E"]
    """Learned positions of patches."""
    turn: Rotation
    """Angles of patches, (P, K)."""


class Reading(NamedTuple):
    """What the decoder knows of prompts before it has computed anything."""

    ids: Int[Tensor, "B N"]
    is_picture: Bool[Tensor, "B N 1"]
    """True for placeholders of vision tokens."""
    seats: Int[Tensor, "B N 1"]
    """Which vision token belongs here; 0 where there is none."""
    turn: Rotation
    """Angles of tokens, (B, 1, N, K), in the type of the weights."""
    hidden: Float[Tensor, "B 1 N N"]
    """Which token does not look at which, as `attention.attend` wants it."""

    def of_any_length(self) -> "Reading":
        """Mark for `fused` that N may differ from call to call."""
        for tensor in (self.ids, self.is_picture, self.seats):
            any_length(tensor, 1)
        for tensor in self.turn:
            any_length(tensor, 2)
        any_length(self.hidden, 2, 3)
        return self


class QwenBackbone(nn.Module):
    """Qwen3-VL without its head, behind the `VLMBackbone` protocol.

    The names in its state dict are those of the released weights (`model.visual...`,
    `model.language_model...`), the unused final norm among them, so that weights go
    in and out unchanged.
    """

    def __init__(self, config: QwenConfig, *, layers: tuple[int, ...] | None = None) -> None:
        """Make the network with random weights.

        `layers` are those whose output is wanted, counted from 1; behind the first
        three, what was tapped from the vision tower is in it. The default is the last.
        """
        super().__init__()
        self.config = config
        self.layers = (config.shape.layers,) if layers is None else layers
        if not self.layers or list(self.layers) != sorted(set(self.layers)) or not self._has(self.layers):
            raise ConfigError(
                f"layers must rise within 1..{config.shape.layers}, the last decoder layer; got {self.layers}"
            )
        self.model = _modules(config)
        self.recompute = False
        """Whether what happens inside a layer is computed a second time on the way back instead of being kept."""

    def _has(self, layers: tuple[int, ...]) -> bool:
        return layers[0] >= 1 and layers[-1] <= self.config.shape.layers

    def forward(self, images: Tensor, words: Int[Tensor, "B N 1"]) -> VisionLanguage:
        """Encode pictures (B, C, H, W, 3) in 0..255, already at `network_size`, and prompts of `QwenPrompt`.

        The order of pictures is a matter of training; Psi0 knows one. Several cameras
        and remembered frames go in as more pictures, each in its own frame of the prompt.
        """
        present = words[..., 0] != self.config.padding_token
        with self._own_type(images.device.type):
            seen = self.see(images)
            features = self.read(self.reading(words[..., 0], present, seen.grid), seen)
        weight = present[..., None].float()
        mean = (features[-1] * weight).sum(1) / weight.sum(1).clamp(min=1.0)
        return VisionLanguage(features[-1], present, mean.to(features[-1].dtype), features)

    def _own_type(self, device: str) -> contextlib.AbstractContextManager[object]:
        """Compute rounded weights in their own type, as inference does: autocast would lift norms to float32."""
        rounded = self.model.language_model.norm.weight.dtype != torch.float32
        return torch.autocast(device, enabled=False) if rounded else contextlib.nullcontext()

    def canvas(self, height: int, width: int) -> Canvas:
        """Return what `see` needs for pictures of this size (pixels): the same until weights change."""
        rows, columns = height // self.config.shape.patch, width // self.config.shape.patch
        weight = self.model.visual.pos_embed.weight
        turn = patch_rotation(rows, columns, self.config, weight.device)
        return Canvas(self._table(rows, columns).to(weight.dtype), turn)

    def see(self, images: Tensor, canvas: Canvas | None = None) -> Seen:
        """Run the vision tower over pictures (B, C, H, W, 3) in 0..255; `canvas` is made if there is none."""
        self._check_pictures(images)
        tower, side = self.model.visual, self.config.token_side
        canvas = self.canvas(*images.shape[2:4]) if canvas is None else canvas
        hidden = self._patches(images)  # (B C, P, E)
        hidden = hidden + canvas.table.to(hidden.dtype)
        taps: list[Tensor] = []
        for number, block in enumerate(tower.blocks):
            hidden = self._run(self._block, block, hidden, canvas.turn)
            if number in self.config.taps:
                taps.append(self._seats(tower.deepstack_merger_list[len(taps)](hidden), images))
        grid = (images.shape[2] // side, images.shape[3] // side)
        return Seen(self._seats(tower.merger(hidden), images), tuple(taps), grid)

    def reading(self, ids: Int[Tensor, "B N"], present: Bool[Tensor, "B N"], grid: tuple[int, int]) -> Reading:
        """Return what `read` needs of prompts whose pictures have `grid` (rows, columns) tokens."""
        places = places_of(ids, present, grid, self.config.picture_token)
        turn, dtype = text_rotation(places.positions, self.config), self.model.language_model.embed_tokens.weight.dtype
        return Reading(
            ids=ids,
            is_picture=places.is_picture[..., None],
            seats=places.vision_index[..., None],
            turn=Rotation(turn.cos[:, None].to(dtype), turn.sin[:, None].to(dtype)),
            hidden=hide(reach(present), dtype),
        )

    def read(self, reading: Reading, seen: Seen) -> tuple[Float[Tensor, "B N D"], ...]:
        """Run the decoder over prompts with what was seen; return the output of each of `layers`."""
        decoder, (ids, is_picture, seats, turn, out_of_reach) = self.model.language_model, reading
        _check_seats(is_picture[..., 0], seen.tokens.shape[1])
        seats = seats.expand(-1, -1, seen.tokens.shape[-1])
        hidden = torch.where(is_picture, seen.tokens.gather(1, seats), decoder.embed_tokens(ids))  # (B, N, D)
        features: list[Tensor] = []
        for number, layer in enumerate(decoder.layers[: self.layers[-1]], start=1):
            hidden = self._run(self._layer, layer, hidden, turn, out_of_reach)
            if number <= len(seen.taps):
                hidden = hidden + torch.where(is_picture, seen.taps[number - 1].gather(1, seats), 0.0)
            if number in self.layers:
                features.append(hidden)
        return tuple(features)

    def _check_pictures(self, images: Tensor) -> None:
        side = self.config.token_side
        if images.ndim != 5 or images.shape[-1] != 3 or images.shape[2] % side or images.shape[3] % side:
            raise DataError(
                f"pictures must be (B, C, H, W, 3) with sides that are multiples of {side} pixels, got "
                f"{tuple(images.shape)}; bring them there with qwen_picture.network_picture"
            )

    def _patches(self, images: Tensor) -> Float[Tensor, "BC P E"]:
        """Embed patches; a still picture fills all frames of a patch that was made for video."""
        shape, weight = self.config.shape, self.model.visual.patch_embed.proj.weight
        rows, columns = images.shape[2] // shape.patch, images.shape[3] // shape.patch
        level = (images.flatten(0, 1).float() / 255 - 0.5) / 0.5  # mean and deviation 0.5 of each colour
        patches = level.unflatten(1, (rows, shape.patch)).unflatten(3, (columns, shape.patch))
        patches = patches.permute(0, 1, 3, 5, 2, 4).unsqueeze(4)  # (B C, rows, columns, 3, 1, patch, patch)
        patches = patches.expand(-1, -1, -1, -1, shape.frames, -1, -1).flatten(3).flatten(1, 2)
        embedded = F.linear(patches.to(weight.dtype), weight.flatten(1), self.model.visual.patch_embed.proj.bias)
        return merge_order(embedded, rows, columns, shape.merge)

    def _table(self, rows: int, columns: int) -> Float[Tensor, "P E"]:
        """Stretch the learned square table of positions over the picture, corner on corner."""
        side = self.config.table_side
        table = self.model.visual.pos_embed.weight.float().T.unflatten(1, (side, side))
        table = F.interpolate(table[None], (rows, columns), mode="bilinear", align_corners=True)[0]
        return merge_order(table.flatten(1).T, rows, columns, self.config.shape.merge)

    def _seats(self, merged: Tensor, images: Tensor) -> Float[Tensor, "B V D"]:
        return merged.unflatten(0, (len(images), -1))

    def _run(self, layer: Callable[..., Tensor], *given: Any) -> Tensor:
        if self.recompute and torch.is_grad_enabled():
            return checkpoint(layer, *given, use_reentrant=False)
        return layer(*given)

    def _block(self, block: Any, hidden: Float[Tensor, "BC P E"], turn: Rotation) -> Float[Tensor, "BC P E"]:
        hidden = hidden + self._look(block.attn, block.norm1(hidden), turn)
        return hidden + block.mlp(block.norm2(hidden))

    def _layer(
        self, layer: Any, hidden: Float[Tensor, "B N D"], turn: Rotation, out_of_reach: Float[Tensor, "B 1 N N"]
    ) -> Float[Tensor, "B N D"]:
        hidden = hidden + self._attend(layer.self_attn, layer.input_layernorm(hidden), turn, out_of_reach)
        return hidden + layer.mlp(layer.post_attention_layernorm(hidden))

    def _look(self, attention: Any, hidden: Float[Tensor, "BC P E"], turn: Rotation) -> Float[Tensor, "BC P E"]:
        """Let the patches of a picture look at each other."""
        heads = attention.qkv(hidden).unflatten(-1, (3, self.config.vision_heads, -1)).permute(2, 0, 3, 1, 4)
        queries, keys = turn.turn(heads[:2]).unbind(0)  # each (B C, heads, P, K)
        return attention.proj(join_heads(attend(queries, keys, heads[2])))

    def _attend(
        self, attention: Any, hidden: Float[Tensor, "B N D"], turn: Rotation, out_of_reach: Float[Tensor, "B 1 N N"]
    ) -> Float[Tensor, "B N D"]:
        """Let tokens look at what is before them; several query heads share a key head."""
        heads = (-1, self.config.shape.head_width)
        queries = attention.q_norm(attention.q_proj(hidden).unflatten(-1, heads)).transpose(1, 2)
        keys = attention.k_norm(attention.k_proj(hidden).unflatten(-1, heads)).transpose(1, 2)
        values = attention.v_proj(hidden).unflatten(-1, heads).transpose(1, 2)
        return attention.o_proj(join_heads(attend(turn.turn(queries), turn.turn(keys), values, out_of_reach)))


def _modules(config: QwenConfig) -> Any:
    """Return transformers' modules for this size, without the tables of angles that are computed here."""
    need_qwen("transformers")
    from transformers import Qwen3VLConfig, Qwen3VLModel

    model = Qwen3VLModel(Qwen3VLConfig(**config.to_json()))
    del model.visual.rotary_pos_emb, model.language_model.rotary_emb
    return model


def _check_seats(is_picture: Bool[Tensor, "B N"], expected: int) -> None:
    """Compare placeholders with vision tokens where that does not stop a device."""
    if is_picture.device.type != "cpu" or torch.compiler.is_compiling():
        return
    counts = is_picture.sum(1).tolist()
    if any(count != expected for count in counts):
        raise DataError(
            f"the pictures give {expected} vision tokens, the prompts have {counts} placeholders; "
            "write them with a QwenPrompt for this number and size of pictures"
        )
