"""What a Qwen3-VL is like: sizes, which layers exchange what, and how positions turn; no torch here.

Source of the defaults: `config.json` of Qwen3-VL-2B-Instruct. Both layouts of that
file are read, that of transformers 4.57 (`rope_theta`, `rope_scaling`) and that of
5 (`rope_parameters`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psizero.errors import ConfigError, PolicyError
from psizero.model.qwen_shapes import QwenShape

VISION_ROPE_BASE = 10_000.0
"""Base of the patches' rotary frequencies; a constant of Qwen3-VL, in no file."""
_TYPE = "qwen3_vl"


@dataclass(frozen=True, slots=True, kw_only=True)
class QwenConfig:
    """All that the network needs to know beside its weights."""

    shape: QwenShape = field(default_factory=QwenShape)
    """Sizes of the weights."""
    vision_heads: int = 16
    """Attention heads of the vision tower."""
    taps: tuple[int, ...] = (5, 11, 17)
    """Vision blocks, from 0, whose output is added behind decoder layers 1, 2, 3 (deepstack)."""
    rope_base: float = 5_000_000.0
    """Base of the text's rotary frequencies."""
    rope_sections: tuple[int, int, int] = (24, 20, 20)
    """How many frequencies of a head turn with time, row and column; together half a head's width."""
    norm_epsilon: float = 1e-6
    """Added to the mean square in the decoder's norms."""
    picture_token: int = 151_655
    """Id of the placeholder of a vision token."""
    padding_token: int = 151_643
    """Id that fills up prompts."""

    def __post_init__(self) -> None:
        shape = self.shape
        if sum(self.rope_sections) * 2 != shape.head_width:
            raise ConfigError(
                f"rope_sections {self.rope_sections} must sum up to half a head, {shape.head_width // 2}; got "
                f"{sum(self.rope_sections)}"
            )
        if shape.vision_width % (4 * self.vision_heads):
            raise ConfigError(
                f"a vision head's width must be a multiple of 4 (row and column, sine and cosine); got "
                f"{shape.vision_width} over {self.vision_heads} heads"
            )
        if len(self.taps) != shape.taps or any(not 0 <= tap < shape.vision_layers for tap in self.taps):
            raise ConfigError(
                f"taps must be {shape.taps} of the vision blocks 0..{shape.vision_layers - 1}, got {self.taps}"
            )
        if shape.taps > shape.layers:
            raise ConfigError(f"{shape.taps} taps need as many decoder layers, got {shape.layers}")

    @property
    def table_side(self) -> int:
        """Side of the square table of patch positions."""
        return round(self.shape.vision_positions**0.5)

    @property
    def token_side(self) -> int:
        """Side of the square that becomes one vision token (pixels)."""
        return self.shape.patch * self.shape.merge

    def to_json(self) -> dict[str, Any]:
        """Return a `config.json` that every transformers since 4.57 reads."""
        shape = self.shape
        rope = {"rope_type": "default", "mrope_section": list(self.rope_sections), "mrope_interleaved": True}
        text = {
            "model_type": f"{_TYPE}_text",
            "vocab_size": shape.vocabulary,
            "hidden_size": shape.width,
            "intermediate_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.key_heads,
            "head_dim": shape.head_width,
            "hidden_act": "silu",
            "rms_norm_eps": self.norm_epsilon,
            "rope_theta": self.rope_base,
            "rope_scaling": rope,
            "tie_word_embeddings": True,
        }
        vision = {
            "model_type": _TYPE,
            "depth": shape.vision_layers,
            "hidden_size": shape.vision_width,
            "intermediate_size": shape.vision_hidden,
            "num_heads": self.vision_heads,
            "hidden_act": "gelu_pytorch_tanh",
            "patch_size": shape.patch,
            "temporal_patch_size": shape.frames,
            "spatial_merge_size": shape.merge,
            "num_position_embeddings": shape.vision_positions,
            "out_hidden_size": shape.width,
            "deepstack_visual_indexes": list(self.taps),
        }
        return {
            "model_type": _TYPE,
            "architectures": ["Qwen3VLForConditionalGeneration"],
            "image_token_id": self.picture_token,
            "tie_word_embeddings": True,
            "text_config": text,
            "vision_config": vision,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any], shape: QwenShape) -> "QwenConfig":
        """Read a Hugging Face `config.json`; sizes come from the weights, because enlarged vocabularies disagree."""
        if data.get("model_type") != _TYPE:
            raise PolicyError(f"expected the configuration of a {_TYPE}, got model_type {data.get('model_type')!r}")
        try:
            text, vision = data["text_config"], data["vision_config"]
            rope = text.get("rope_parameters") or {"rope_theta": text["rope_theta"], **text["rope_scaling"]}
            if (kind := rope.get("rope_type", "default")) != "default":
                raise PolicyError(f"expected plain rotary positions, got rope_type {kind!r}; use the model as released")
            sections = [int(count) for count in rope["mrope_section"]]
            return QwenConfig(
                shape=shape,
                vision_heads=int(vision["num_heads"]),
                taps=tuple(int(tap) for tap in vision["deepstack_visual_indexes"]),
                rope_base=float(rope["rope_theta"]),
                rope_sections=(sections[0], sections[1], sections[2]),
                norm_epsilon=float(text["rms_norm_eps"]),
                picture_token=int(data["image_token_id"]),
            )
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise PolicyError(
                f"not the configuration of a Qwen3-VL: {error!r}; take the config.json that came with it"
            ) from error
        except ConfigError as error:
            raise PolicyError(f"configuration and weights are of two models: {error}") from error
