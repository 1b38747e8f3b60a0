"""The action expert of Psi0, exactly: weights that were released for it load and give the same numbers.

Facts from the reference implementation (github.com/physical-superintelligence-lab/Psi0
@15d7d3a, arXiv 2603.12263). Every name of a submodule is the name in the released
checkpoints. The traps, each pinned by a recorded output:

- flow time is given raw, 0 to 1000 (1000 sigma), to 128 cosines, then 128 sines, of
  frequencies 10000 ** (-k / 127).
- it may differ from action token to action token; the observation is modulated by
  that of the last one.
- the state is one token, after all tokens of the backbone; only then positions are
  added. The reference counts padding, which is a matter of the batch: here one can
  say what is present.
- attention is over [actions; observation].
- the head scales and shifts: no norm before it, no "1 +" in it.

`psi0_block` has the rest. The network that is trained here by default is
`action_expert`.

Letters in shapes: B batch, A action tokens, S tokens of the backbone, N = S + 1
observation tokens, T one or A rows of flow time, D width, V width of the
backbone, X numbers of an action, Y numbers of a state.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.errors import ConfigError, PolicyError
from psizero.model.flow import Velocity
from psizero.model.psi0_block import JointBlock, Modulation

TIME_SCALE = 1000.0
"""Flow time of the network per sigma: it counts in thousandths, as its training did."""
SLOWEST_FREQUENCY = 1e-4
"""Of flow time's features (rad per thousandth) and of the positions (rad per token); the fastest is 1."""
STATE_DROPOUT, TOKEN_DROPOUT = 0.2, 0.1
"""In training: of the state's numbers, and of all observation tokens together."""
HEAD_WIDTH = 64
"""Of every released checkpoint; a checkpoint's shapes do not tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Psi0ExpertConfig:
    """Sizes of the expert; the defaults are those of the paper after fine-tuning."""

    blocks: int = 6
    """Joint blocks."""
    width: int = 1536
    """Width of every token."""
    heads: int = 24
    """Attention heads; each is `width // heads` wide."""
    inner: int = 6144
    """Width inside the feed-forward steps."""
    chunk: int = 30
    """Actions per chunk: one second at 30 Hz; 16 after post-training."""
    action_size: int = 36
    """Numbers of an action, padded with zeros on the right."""
    state_size: int = 36
    """Numbers of a state, padded in the same way."""
    context_size: int = 2048
    """Width of the backbone's tokens; 2048 is Qwen3-VL-2B's."""
    positions: int = 5000
    """Rows of the fixed table of positions: most observation tokens, the state's included."""
    frequencies: int = 128
    """Cosines, and as many sines, of flow time."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ConfigError(f"{field.name} must be 1 or more, got {getattr(self, field.name)}")
        if self.width % self.heads:
            fitting = [heads for heads in range(1, self.width + 1) if self.width % heads == 0]
            closest = min(fitting, key=lambda heads: abs(heads - self.heads))
            raise ConfigError(f"width {self.width} is no multiple of {self.heads} heads; try {closest} heads")
        if self.width % 2:
            raise ConfigError(f"width must be even (a sine and a cosine per frequency), got {self.width}")
        if self.frequencies < 2:
            raise ConfigError("frequencies must be 2 or more: the fastest and the slowest, got 1")


PAPER_SIZE = Psi0ExpertConfig()
"""The expert of the paper: 497,719,256 numbers, of which 490,039,128 are trained."""


class Modulations(NamedTuple):
    """All that flow time does to the network; for the steps of a fixed schedule it can be computed once."""

    blocks: tuple[Modulation, ...]
    head: Float[Tensor, "B T _"]
    """Shift and scale of the head."""


class TimeNetwork(nn.Module):
    """Flow time, raw 0 to 1000 -> a vector that modulates a token."""

    def __init__(self, frequencies: int, width: int) -> None:
        super().__init__()
        exponents = torch.arange(frequencies) * (math.log(SLOWEST_FREQUENCY) / (frequencies - 1))
        self.w = nn.Parameter(exponents.exp(), requires_grad=False)
        self.out_net = nn.Sequential(nn.Linear(2 * frequencies, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, time: Float[Tensor, "B T"]) -> Float[Tensor, "B T D"]:
        """Embed each flow time by itself; the angles reach 1000 rad and are computed in float32."""
        angles = time.float()[..., None] * self.w.float()
        features = torch.cat([angles.cos(), angles.sin()], dim=-1)  # (B, T, 2 frequencies)
        return self.out_net(features.to(next(self.out_net.parameters()).dtype))

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "TimeNetwork":
        """Keep the frequencies as they are when the network is rounded: bfloat16 would turn an angle by 2 rad."""
        frequencies = self.w.data
        super()._apply(fn, recurse)
        if not frequencies.is_meta:
            self.w.data = frequencies.to(self.w.device)
        return self


class Positions(nn.Module):
    """The fixed table of positions: sines at even channels, cosines at odd ones."""

    def __init__(self, positions: int, width: int) -> None:
        super().__init__()
        frequencies = torch.exp(torch.arange(0, width, 2) * (math.log(SLOWEST_FREQUENCY) / width))
        angles = torch.arange(positions)[:, None] * frequencies
        table = torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        self.pe = nn.Parameter(table[:, None], requires_grad=False)

    def forward(
        self, tokens: Float[Tensor, "B N D"], present: Bool[Tensor, "B S"] | None = None
    ) -> Float[Tensor, "B N D"]:
        """Add to each token the row of its place; with `present`, the last one stands behind the last that is."""
        count = tokens.shape[1]
        if count > len(self.pe):
            raise ConfigError(
                f"{count} observation tokens, the table of positions has {len(self.pe)}; show fewer images"
            )
        table = self.pe[:, 0]
        if present is None:
            return tokens + table[:count]
        rows = table[: count - 1].expand(len(tokens), -1, -1)
        return tokens + torch.cat([rows, table[present.sum(1)][:, None]], dim=1)


class ObservationProjection(nn.Module):
    """Tokens of the backbone and the state -> observation tokens, the state's last."""

    def __init__(self, config: Psi0ExpertConfig) -> None:
        super().__init__()
        self.views_proj = nn.Linear(config.context_size, config.width)
        self._obs_proc = nn.Sequential(nn.Dropout(STATE_DROPOUT), nn.Linear(config.state_size, config.width))
        self.dropout = nn.Dropout(TOKEN_DROPOUT)
        self.enc_pos = Positions(config.positions, config.width)

    def forward(
        self,
        context: Float[Tensor, "B S V"],
        state: Float[Tensor, "B Y"],
        present: Bool[Tensor, "B S"] | None = None,
    ) -> Float[Tensor, "B N D"]:
        """Project both and add positions; nothing here depends on flow time."""
        tokens = torch.cat([self.views_proj(context), self._obs_proc(state)[:, None]], dim=1)
        return self.enc_pos(self.dropout(tokens), present)


class ActionProjection(nn.Module):
    """Noisy actions -> action tokens, with a learned vector per row of the chunk."""

    def __init__(self, config: Psi0ExpertConfig) -> None:
        super().__init__()
        size = config.action_size
        self.dec_pos = nn.Parameter(nn.init.xavier_uniform_(torch.empty(config.chunk, config.width)))
        self.ac_proj = nn.Sequential(nn.Linear(size, size), nn.GELU("tanh"), nn.Linear(size, config.width))

    def forward(self, noisy: Float[Tensor, "B A X"]) -> Float[Tensor, "B A D"]:
        """Project each action by itself and add the vector of its row."""
        return self.ac_proj(noisy) + self.dec_pos


class Head(nn.Module):
    """Action tokens -> velocity. There is no norm, and no 1 is added to the scale: so were the weights trained."""

    def __init__(self, width: int, action_size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, action_size)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, action: Float[Tensor, "B A D"], modulation: Float[Tensor, "B T _"]) -> Float[Tensor, "B A X"]:
        """Scale, shift, project."""
        shift, scale = modulation.chunk(2, -1)
        return self.linear(action * scale + shift)


class Psi0Expert(nn.Module):
    """Noisy chunk, flow time, observation -> velocity (noise minus action), as the reference computes it."""

    def __init__(self, config: Psi0ExpertConfig) -> None:
        super().__init__()
        self.config = config
        self.time_ins_embed = TimeNetwork(config.frequencies, config.width)
        self.obs_proj = ObservationProjection(config)
        self.action_proj_in = ActionProjection(config)
        self.transformer_blocks = nn.ModuleList(
            JointBlock(config.width, config.heads, config.inner, last=number == config.blocks - 1)
            for number in range(config.blocks)
        )
        self.action_proj_out = Head(config.width, config.action_size)

    @property
    def dtype(self) -> torch.dtype:
        """Type of the weights; inputs are brought to it."""
        return self.action_proj_out.linear.weight.dtype

    def observe(
        self,
        context: Float[Tensor, "B S V"],
        state: Float[Tensor, "B Y"],
        present: Bool[Tensor, "B S"] | None = None,
    ) -> Float[Tensor, "B N D"]:
        """Return the observation tokens: computed once, used in every Euler step.

        `present` marks real tokens, with padding behind them. The state's position is then that behind the last
        real one, so that padding changes nothing; without it, behind all.
        """
        return self.obs_proj(context.to(self.dtype), state.to(self.dtype), present)

    def modulations(self, time: Float[Tensor, " B"] | Float[Tensor, "B A"]) -> Modulations:
        """Return what raw flow time (0 to 1000) does, one for the chunk or one for each of its rows."""
        embedded = self.time_ins_embed(time[:, None] if time.ndim == 1 else time)  # (B, T, D)
        condition = F.silu(embedded)
        last = condition[:, -1:]
        blocks = tuple(block.modulation(condition, last) for block in self._blocks())
        return Modulations(blocks, self.action_proj_out.adaLN_modulation(embedded))

    def velocity(
        self,
        noisy: Float[Tensor, "B A X"],
        observation: Float[Tensor, "B N D"],
        modulations: Modulations,
        mask: Bool[Tensor, "B S"] | None = None,
    ) -> Float[Tensor, "B A X"]:
        """Return the velocity for modulations that are known already."""
        action = self.action_proj_in(noisy.to(self.dtype))
        joint_mask = None
        if mask is not None:  # the actions in front and the state behind are always seen
            joint_mask = F.pad(F.pad(mask, (action.shape[1], 0), value=True), (0, 1), value=True)
        for block, modulation in zip(self._blocks(), modulations.blocks, strict=True):
            action, observation = block(action, observation, modulation, joint_mask)
        return self.action_proj_out(action, modulations.head).float()

    def forward(
        self,
        noisy: Float[Tensor, "B A X"],
        time: Float[Tensor, " B"] | Float[Tensor, "B A"],
        observation: Float[Tensor, "B N D"],
        mask: Bool[Tensor, "B S"] | None = None,
    ) -> Float[Tensor, "B A X"]:
        """Return the velocity at raw flow time (0 to 1000); tokens of the backbone with mask false are padding."""
        return self.velocity(noisy, observation, self.modulations(time), mask)

    def flow(self, observation: Float[Tensor, "B N D"], mask: Bool[Tensor, "B S"] | None = None) -> Velocity:
        """Return the velocity as a function of (noisy, sigma per row), as the samplers want it."""
        return lambda noisy, sigma: self(noisy, TIME_SCALE * sigma, observation, mask)

    def _blocks(self) -> Iterable[JointBlock]:
        return cast("Iterable[JointBlock]", self.transformer_blocks)  # a ModuleList forgets the type of its parts


_SIZES: Mapping[str, tuple[str, int]] = {
    "width": ("action_proj_in.dec_pos", 1),
    "inner": ("transformer_blocks.0.ff_act.net.0.proj.weight", 0),
    "chunk": ("action_proj_in.dec_pos", 0),
    "action_size": ("action_proj_out.linear.weight", 0),
    "state_size": ("obs_proj._obs_proc.1.weight", 1),
    "context_size": ("obs_proj.views_proj.weight", 1),
    "positions": ("obs_proj.enc_pos.pe", 0),
    "frequencies": ("time_ins_embed.w", 0),
}
"""Which axis of which tensor tells a size."""


def config_from_shapes(shapes: Mapping[str, Sequence[int]], *, heads: int | None = None) -> Psi0ExpertConfig:
    """Read the sizes back from the shapes of a checkpoint, named as here (no `action_header.` in front).

    Shapes do not tell the number of heads: without `heads` each is 64 wide, as in every released checkpoint.
    """
    sizes = {}
    for size, (name, axis) in _SIZES.items():
        shape = tuple(shapes.get(name, ()))
        if len(shape) <= axis:
            came = f"it has the shape {shape}" if name in shapes else "there is none"
            raise PolicyError(f"no Psi0 action expert: expected a tensor {name} of {axis + 1} axes or more, {came}")
        sizes[size] = shape[axis]
    numbers = {name.split(".")[1] for name in shapes if name.startswith("transformer_blocks.")}
    try:
        return Psi0ExpertConfig(blocks=len(numbers), heads=heads or max(1, sizes["width"] // HEAD_WIDTH), **sizes)
    except ConfigError as error:
        raise PolicyError(f"the shapes are of no Psi0 action expert: {error}") from error


def load_expert(tensors: Mapping[str, Tensor], *, heads: int | None = None) -> Psi0Expert:
    """Return the expert of a checkpoint; every name and shape must fit, and the tensors are used as they are."""
    config = config_from_shapes({name: tuple(tensor.shape) for name, tensor in tensors.items()}, heads=heads)
    with torch.device("meta"):  # no memory: the tensors take their places
        expert = Psi0Expert(config)
    expected = expert.state_dict()
    if odd := sorted(set(expected) ^ set(tensors)):
        problem = f"{odd[0]} is {'missing' if odd[0] in expected else 'unknown'}"
        raise PolicyError(f"no whole Psi0 action expert: {problem} ({len(odd)} names missing or unknown)")
    for name, tensor in tensors.items():
        if tensor.shape != expected[name].shape:
            want, got = tuple(expected[name].shape), tuple(tensor.shape)
            raise PolicyError(f"no Psi0 action expert: expected {name} of shape {want}, got {got}")
        if not tensor.is_floating_point():
            raise PolicyError(f"no Psi0 action expert: expected {name} as floating-point numbers, got {tensor.dtype}")
    expert.load_state_dict(tensors, assign=True)
    return expert.eval()
