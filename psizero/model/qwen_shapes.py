"""Names and shapes of the weights of Qwen3-VL, told from any checkpoint of it without loading one.

Source: the tensors of Qwen3-VL-2B-Instruct as transformers 5 names them; their
625 tensors with a vocabulary of 153,792 rows are the 4,262,666,240 bytes of the
released Psi0 backbones. `lm_head.weight` is the word embedding and not on disk.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from psizero.errors import PolicyError

Shapes = Mapping[str, tuple[int, ...]]
"""Shape of each tensor, by name."""

EMBEDDING, TIED_HEAD = "model.language_model.embed_tokens.weight", "lm_head.weight"
_LAYER, _BLOCK, _TAP = "model.language_model.layers.", "model.visual.blocks.", "model.visual.deepstack_merger_list."
_PATCH = "model.visual.patch_embed.proj.weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class QwenShape:
    """How large a Qwen3-VL is; the defaults are the 2B model in Psi0."""

    vocabulary: int = 153_792
    """Rows of the word embedding: 151,669 words and 2,048 action tokens, rounded up to a multiple of 192."""
    width: int = 2048
    """Width of a text token."""
    layers: int = 28
    """Decoder layers."""
    heads: int = 16
    """Query heads."""
    key_heads: int = 8
    """Key and value heads."""
    head_width: int = 128
    """Width of one head."""
    hidden: int = 6144
    """Width inside a decoder's feed-forward network."""
    vision_width: int = 1024
    """Width of a patch token."""
    vision_layers: int = 24
    """Blocks of the vision tower."""
    vision_hidden: int = 4096
    """Width inside a vision block's feed-forward network."""
    vision_positions: int = 2304
    """Rows of the table of patch positions, 48 x 48."""
    taps: int = 3
    """Vision blocks whose output is added to early decoder layers (deepstack)."""
    patch: int = 16
    """Side of a patch (pixels)."""
    frames: int = 2
    """Video frames per patch."""
    merge: int = 2
    """Side of the square of patches that makes one token."""

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every tensor by its name, the tied head left out."""
        return self._language() | self._vision()

    def to_json(self) -> dict[str, int]:
        """Return plain numbers, for a file."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping) -> "QwenShape":
        """Read what `to_json` wrote; anything else is a `PolicyError`."""
        names = {field.name for field in fields(QwenShape)}
        if set(data) != names or not all(isinstance(value, int) and value > 0 for value in data.values()):
            raise PolicyError(f"not the shape of a Qwen3-VL: expected the numbers {sorted(names)}, got {sorted(data)}")
        return QwenShape(**data)

    def _language(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {
            EMBEDDING: (self.vocabulary, self.width),
            "model.language_model.norm.weight": (self.width,),
        }
        layer: dict[str, tuple[int, ...]] = {
            "input_layernorm": (self.width,),
            "post_attention_layernorm": (self.width,),
            "self_attn.q_proj": (self.heads * self.head_width, self.width),
            "self_attn.k_proj": (self.key_heads * self.head_width, self.width),
            "self_attn.v_proj": (self.key_heads * self.head_width, self.width),
            "self_attn.o_proj": (self.width, self.heads * self.head_width),
            "self_attn.q_norm": (self.head_width,),
            "self_attn.k_norm": (self.head_width,),
            "mlp.gate_proj": (self.hidden, self.width),
            "mlp.up_proj": (self.hidden, self.width),
            "mlp.down_proj": (self.width, self.hidden),
        }
        for number in range(self.layers):
            found |= {f"{_LAYER}{number}.{name}.weight": shape for name, shape in layer.items()}
        return found

    def _vision(self) -> dict[str, tuple[int, ...]]:
        wide = self.vision_width
        merged = wide * self.merge**2
        found: dict[str, tuple[int, ...]] = {
            _PATCH: (wide, 3, self.frames, self.patch, self.patch),
            "model.visual.patch_embed.proj.bias": (wide,),
            "model.visual.pos_embed.weight": (self.vision_positions, wide),
        }
        for number in range(self.vision_layers):
            block = f"{_BLOCK}{number}."
            found |= _with_bias(f"{block}norm1", (wide,)) | _with_bias(f"{block}norm2", (wide,))
            found |= _with_bias(f"{block}attn.qkv", (3 * wide, wide)) | _with_bias(f"{block}attn.proj", (wide, wide))
            found |= _with_bias(f"{block}mlp.linear_fc1", (self.vision_hidden, wide))
            found |= _with_bias(f"{block}mlp.linear_fc2", (wide, self.vision_hidden))
        # The last merger normalizes each patch, those of the taps the joined square of patches.
        mergers = {"model.visual.merger": wide} | {f"{_TAP}{number}": merged for number in range(self.taps)}
        for merger, normalized in mergers.items():
            found |= _with_bias(f"{merger}.norm", (normalized,))
            found |= _with_bias(f"{merger}.linear_fc1", (merged, merged))
            found |= _with_bias(f"{merger}.linear_fc2", (self.width, merged))
        return found


def qwen_shape_of(shapes: Shapes) -> QwenShape:
    """Return the size of the Qwen3-VL whose tensors these are; `PolicyError` names the first that it cannot find."""
    try:
        wide, _, frames, patch, _ = shapes[_PATCH]
        head_width = shapes[f"{_LAYER}0.self_attn.q_norm.weight"][0]
        return QwenShape(
            vocabulary=shapes[EMBEDDING][0],
            width=shapes[EMBEDDING][1],
            layers=_count(shapes, _LAYER),
            heads=shapes[f"{_LAYER}0.self_attn.q_proj.weight"][0] // head_width,
            key_heads=shapes[f"{_LAYER}0.self_attn.k_proj.weight"][0] // head_width,
            head_width=head_width,
            hidden=shapes[f"{_LAYER}0.mlp.gate_proj.weight"][0],
            vision_width=wide,
            vision_layers=_count(shapes, _BLOCK),
            vision_hidden=shapes[f"{_BLOCK}0.mlp.linear_fc1.weight"][0],
            vision_positions=shapes["model.visual.pos_embed.weight"][0],
            taps=_count(shapes, _TAP),
            patch=patch,
            frames=frames,
            merge=round((shapes["model.visual.merger.linear_fc1.weight"][1] / wide) ** 0.5),
        )
    except KeyError as error:
        raise PolicyError(f"the vision-language model lacks {error.args[0]}; expected a whole Qwen3-VL") from error
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise PolicyError("the vision-language model has tensors of other ranks than those of a Qwen3-VL") from error


def _with_bias(name: str, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


def _count(shapes: Shapes, prefix: str) -> int:
    """Return one more than the largest number behind `prefix`."""
    numbers = {name.removeprefix(prefix).split(".")[0] for name in shapes if name.startswith(prefix)}
    return 1 + max((int(number) for number in numbers if number.isdigit()), default=-1)
