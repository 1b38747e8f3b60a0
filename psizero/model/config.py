"""How large a policy's network is; no torch here, so that every command can read it.

The sizes of the vectors come from the data set's layout, the rest from one dial:

>>> config_of_size("tiny", state_size=32, action_size=36, cameras=1).width
128
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args

from psizero.errors import ConfigError, PolicyError
from psizero.registry import Registry

_LEAST = {"max_delay": 0, "mixing_layers": 0, "vocabulary": 2}
"""Smallest value of those settings that need not be 1 or more; one word code is kept for padding."""
_NO_NUMBERS = ("channels", "expert")
"""Settings that are not one whole number."""
_MOST_EULER_STEPS = 20
"""With more, the last step would start below `flow.SMALLEST_SIGMA` and not arrive at the action."""

_OF_EARLIER_VERSIONS = {"expert": "mm_dit"}
"""Settings that files of earlier versions do not tell, because there was no choice."""

Expert = Literal["mm_dit", "naive_dit"]
"""Kind of action expert."""

Size = str
"""Name of an entry of `SIZES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """Shape of the network: a vision-language backbone and the action expert behind it."""

    state_size: int = 32
    """Numbers of the state vector."""
    action_size: int = 36
    """Numbers of one action."""
    cameras: int = 1
    """Pictures per observation."""
    image_height: int = 96
    """Height of the picture that the network sees (pixels)."""
    image_width: int = 128
    """Width of the picture that the network sees (pixels)."""
    chunk: int = 30
    """Actions per chunk: one second at 30 Hz."""
    max_delay: int = 7
    """Most promised actions in front of a chunk; 7 are 233 ms at 30 Hz, as in Psi0."""
    width: int = 128
    """Width of every token."""
    heads: int = 2
    """Attention heads; each is `width // heads` wide."""
    mixing_layers: int = 1
    """Transformer layers of the backbone in which words and picture tokens look at each other."""
    expert_layers: int = 2
    """Joint blocks of the action expert."""
    channels: tuple[int, int] = (32, 96)
    """Channels of the picture stem at a quarter and an eighth of the resolution."""
    keypoints: int = 32
    """Learned image points per scale: their pixel coordinates are given to the expert as numbers."""
    vocabulary: int = 4096
    """Buckets into which words and their letter groups are hashed."""
    max_words: int = 16
    """Words of an instruction that are read; later ones are ignored."""
    euler_steps: int = 6
    """Steps from noise to action when a chunk is sampled."""
    expert: Expert = "mm_dit"
    """MM-DiT, or the plain DiT that it is compared with (`naive_dit`)."""

    def __post_init__(self) -> None:
        numbers = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _NO_NUMBERS}
        for name, value in numbers.items():
            least = _LEAST.get(name, 1)
            if value < least:
                raise ConfigError(f"{name} must be {least} or more, got {value}")
        if self.width % self.heads:
            raise ConfigError(
                f"width {self.width} is no multiple of {self.heads} heads; try width {self._next_width()}"
            )
        if self.width % 4:
            raise ConfigError(f"width must be a multiple of 4 (two sines, two cosines), got {self.width}")
        if any(count % 8 or count < 8 for count in self.channels):
            raise ConfigError(f"channels must be multiples of 8 (group normalization), got {self.channels}")
        if not 0 <= self.max_delay < self.chunk:
            raise ConfigError(
                f"max_delay must be in 0..{self.chunk - 1}, got {self.max_delay}; lower it or raise chunk"
            )
        if self.euler_steps > _MOST_EULER_STEPS:
            raise ConfigError(f"euler_steps must be 1..{_MOST_EULER_STEPS}, got {self.euler_steps}")

    def _next_width(self) -> int:
        return (self.width // self.heads + 1) * self.heads

    @property
    def image_size(self) -> tuple[int, int]:
        """Height and width of the picture that the network sees (pixels)."""
        return self.image_height, self.image_width

    def to_json(self) -> dict:
        """Return plain numbers and lists, for a file."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping) -> "ModelConfig":
        """Read what `to_json` wrote; anything else is a `PolicyError`."""
        told: dict[str, Any] = {**_OF_EARLIER_VERSIONS, **data}
        known = {field.name for field in fields(ModelConfig)}
        if set(told) != known:
            odd = sorted(set(told) ^ known)
            raise PolicyError(f"not a model configuration: {odd} missing or unknown; was it made by another version?")
        channels = told["channels"]
        expert = told["expert"]
        if expert not in get_args(Expert):
            raise PolicyError(f"not a model configuration: expert must be one of {get_args(Expert)}, got {expert!r}")
        numbers = {name: value for name, value in told.items() if name not in _NO_NUMBERS}
        if not isinstance(channels, list | tuple) or len(channels) != 2:
            raise PolicyError(f"not a model configuration: channels must be two numbers, got {channels!r}")
        if odd := [value for value in (*numbers.values(), *channels) if type(value) is not int]:
            raise PolicyError(f"not a model configuration: expected whole numbers, got {odd[0]!r}")
        return ModelConfig(**numbers, channels=(channels[0], channels[1]), expert=expert)


_TINY = ModelConfig()
PSI0_SIZE = "psi0"
"""Name of the size of the paper: Qwen3-VL and the Psi0 expert, whose shapes come from the weights it begins with."""
SIZES: Registry[ModelConfig | None] = Registry(
    "size", {"tiny": _TINY, "tiny_naive": replace(_TINY, expert="naive_dit"), PSI0_SIZE: None}
)
"""Sizes by name; `tiny` trains on two CPU cores within the hour, `tiny_naive` is as large, for comparison; `psi0` is
another network (`psi0_network`) and has no `ModelConfig`."""


def config_of_size(size: Size, *, state_size: int, action_size: int, cameras: int) -> ModelConfig:
    """Return the configuration of a named size for the vectors and cameras of a layout."""
    model = SIZES[size]
    if model is None:
        own = ", ".join(name for name, config in SIZES.items() if config is not None)
        raise ConfigError(f"size {size!r} is another network than PsiZero's own; take one of {own}")
    return replace(model, state_size=state_size, action_size=action_size, cameras=cameras)
