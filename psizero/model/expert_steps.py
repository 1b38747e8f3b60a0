"""All Euler steps of a chunk through the Psi0 expert, with what is known before them computed before them.

The result is that of `sampler.sample` over `Psi0Expert.flow`; only the order of the
work differs. What depends on what:

- modulations depend on flow time alone. A schedule has as many as it has steps, and
  one more for promised rows: a table, made once. A third of the expert's weights is
  there for them, and no step reads it any more.
- observation tokens depend on the observation alone: once per chunk.
- queries, keys and values of the observation in the *first* block depend on the
  observation and the step, not on the noisy actions: those of all steps are one
  multiplication, whose weights are read once instead of once per step.
- behind the first block the observation has looked at the noisy actions: none of
  it can be kept from one step to the next.

The projections of a stream are one multiplication. Their weights move into one
tensor and stay visible under their own names: no memory is added, and the expert
goes on working by itself.

Letters in shapes: B batch, A action tokens, S tokens of the backbone, N = S + 1
observation tokens, J = A + N, E steps, D width, V width of the backbone, X numbers
of an action, Y numbers of a state, `_` several times D.
"""

from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from psizero.model.attention import attend, hide, join_heads, split_heads
from psizero.model.flow import Velocity
from psizero.model.fused import any_length, fused
from psizero.model.onednn_linear import OneDnnLinear
from psizero.model.psi0_block import NORM_EPSILON, SHIFT_SCALE_GATE_TWICE, GeluLayer, JointBlock, Modulation
from psizero.model.psi0_expert import TIME_SCALE, Modulations, Psi0Expert
from psizero.model.sampler import Promise, SamplerConfig, keep_promised


class Observed(NamedTuple):
    """What the expert makes of an observation before the first step."""

    tokens: Float[Tensor, "B N D"]
    first: Float[Tensor, "E B N _"]
    """Queries, keys and values of the first block, step by step; no queries in a network of one block."""
    hidden: Float[Tensor, "B 1 1 J"] | None
    """Which tokens are not looked at, as `attention.attend` wants it; None: all are."""


class ExpertSteps:
    """Walks from noise to a chunk; made for one expert and one schedule."""

    def __init__(
        self, expert: Psi0Expert, config: SamplerConfig, *, compiled: bool = False, onednn: bool = False
    ) -> None:
        """Make the table of modulations.

        With `compiled`, torch.compile fuses a step when it first runs. With `onednn`, the blocks are changed to
        layers for CPUs: they still compute the same, but cannot be saved any more.
        """
        self.expert = expert
        self.config = config
        device = expert.action_proj_in.dec_pos.device
        sigmas = config.sigmas()
        self._deltas = [delta.clone().to(device) for delta in sigmas.diff()]
        with torch.no_grad():
            *self._rows, self._promised = _table(expert, torch.cat([sigmas[:-1], sigmas.new_zeros(1)]).to(device))
        self._blocks = [PackedBlock(cast(JointBlock, block), onednn=onednn) for block in expert.transformer_blocks]
        # All that differs between steps is an argument: one compiled function serves every step and every delay.
        self._step = fused(self._euler, device) if compiled else self._euler

    def observe(
        self, context: Float[Tensor, "B S V"], state: Float[Tensor, "B Y"], present: Bool[Tensor, "B S"] | None = None
    ) -> Observed:
        """Do what is the same in all steps; `present` marks real tokens, with padding behind them.

        The state's position is that behind the last real token: padding changes nothing.
        """
        tokens = self.expert.observe(context, state, present)
        modulations = torch.stack([row.blocks[0].observation for row in self._rows])  # (E, 1, 1, _)
        shift, scale = modulations.chunk(self._blocks[0].observation_parts, -1)[:2]
        first = self._blocks[0].project(tokens, shift, scale)
        if present is None:
            return Observed(tokens, first, None)
        joint = F.pad(F.pad(present, (self.expert.config.chunk, 0), value=True), (0, 1), value=True)
        return Observed(tokens, first, hide(joint[:, None], tokens.dtype))

    def velocity(
        self, context: Float[Tensor, "B S V"], state: Float[Tensor, "B Y"], present: Bool[Tensor, "B S"] | None = None
    ) -> Velocity:
        """Return the expert's own velocity for an observation as `observe` takes it, for walks that steer."""
        return self.expert.flow(self.expert.observe(context, state, present), present)

    def walk(
        self, noise: Float[Tensor, "B A X"], observed: Observed, promise: Promise | None = None
    ) -> Float[Tensor, "B A X"]:
        """Return the chunk, promised rows bit for bit; the last row must not be promised."""
        x = noise
        any_length(observed.tokens, 1)
        for delta, row, first in zip(self._deltas, self._rows, observed.first, strict=True):
            x = self._step(x, delta, row, observed._replace(first=any_length(first, 1)), promise)
        if self.config.clip:
            x = x.clamp(-1.0, 1.0)
        return x if promise is None else keep_promised(x, promise)

    def _euler(
        self, x: Tensor, delta: Tensor, row: Modulations, observed: Observed, promise: Promise | None
    ) -> Float[Tensor, "B A X"]:
        """Make one step; `observed.first` is that of this step alone."""
        own, head = [modulation.action for modulation in row.blocks], row.head
        if promise is not None:
            kept, clean = promise.kept[..., None], self._promised
            x = keep_promised(x, promise)
            own = [torch.where(kept, b.action, a) for a, b in zip(own, clean.blocks, strict=True)]
            head = torch.where(kept, clean.head, head)
        action = self.expert.action_proj_in(x.to(self.expert.dtype))
        seen, first = observed.tokens, observed.first
        for block, mine, modulation in zip(self._blocks, own, row.blocks, strict=True):
            action, seen = block(action, seen, Modulation(mine, modulation.observation), first, observed.hidden)
            first = None
        shift, scale = head.chunk(2, -1)
        return x + delta * self.expert.action_proj_out.linear(torch.addcmul(shift, action, scale)).float()


class PackedBlock:
    """A block of the expert with one projection per stream; modulations are (shift, 1 + scale, gate) everywhere."""

    def __init__(self, block: JointBlock, *, onednn: bool = False) -> None:
        """Move the weights of the projections together; `block` sees the same numbers as before."""
        attention = block.attn
        self._block = block
        self._last = block.ff_obs is None
        queries = [] if self._last else [attention.add_q_proj]
        self.action_in: nn.Module = _packed(attention.to_q, attention.to_k, attention.to_v)
        self.observation_in: nn.Module = _packed(*queries, attention.add_k_proj, attention.add_v_proj)
        if onednn:
            self._change_layers()
        self.observation_parts = 2 if self._last else SHIFT_SCALE_GATE_TWICE

    def _change_layers(self) -> None:
        self.action_in = OneDnnLinear(cast(nn.Linear, self.action_in))
        self.observation_in = OneDnnLinear(cast(nn.Linear, self.observation_in))
        for step in (self._block.ff_act, self._block.ff_obs):
            if step is not None:
                step.net[0] = OneDnnLinear(cast(GeluLayer, step.net[0]).proj, gelu=True)
                step.net[2] = OneDnnLinear(cast(nn.Linear, step.net[2]))
        for name in ("to_out", "to_add_out"):
            layer = getattr(self._block.attn, name)
            if layer is not None:
                setattr(self._block.attn, name, OneDnnLinear(layer if isinstance(layer, nn.Linear) else layer[0]))

    def __call__(
        self,
        action: Float[Tensor, "B A D"],
        observation: Float[Tensor, "B N D"],
        modulation: Modulation,
        known: Float[Tensor, "B N _"] | None,
        hidden: Float[Tensor, "B 1 1 J"] | None,
    ) -> tuple[Float[Tensor, "B A D"], Float[Tensor, "B N D"]]:
        """Return both streams for the next block; `known` is the observation's projection where it is known."""
        own = modulation.action.chunk(SHIFT_SCALE_GATE_TWICE, -1)  # each (B, 1 or A, D)
        its = modulation.observation.chunk(self.observation_parts, -1)  # each (1, 1, D)
        asked = self.action_in(torch.addcmul(own[0], _normalized(action), own[1]))  # (B, A, 3 D)
        shown = known if known is not None else self.project(observation, its[0], its[1])
        mixed = self._attend(asked, shown, hidden)

        count, block = action.shape[1], self._block
        action = torch.addcmul(action, own[2], block.attn.to_out(mixed[:, :count]))
        action = torch.addcmul(action, own[5], block.ff_act(torch.addcmul(own[3], _normalized(action), own[4])))
        if block.ff_obs is None or block.attn.to_add_out is None:
            return action, observation
        observation = torch.addcmul(observation, its[2], block.attn.to_add_out(mixed[:, count:]))
        changed = block.ff_obs(torch.addcmul(its[3], _normalized(observation), its[4]))
        return action, torch.addcmul(observation, its[5], changed)

    def project(self, observation: Float[Tensor, "B N D"], shift: Tensor, scale: Tensor) -> Float[Tensor, "*E B N _"]:
        """Return the observation's queries, keys and values; `scale` is 1 + that of the reference."""
        return self.observation_in(torch.addcmul(shift, _normalized(observation), scale))

    def _attend(self, asked: Tensor, shown: Tensor, hidden: Tensor | None) -> Float[Tensor, "B _ D"]:
        """Mix all tokens; in the last block only actions ask."""
        width = asked.shape[-1] // 3
        if self._last:
            queries = asked[..., :width]
            keys, values = torch.cat([asked[..., width:], shown], dim=1).chunk(2, -1)
        else:
            queries, keys, values = torch.cat([asked, shown], dim=1).chunk(3, -1)  # each (B, J, D)
        heads = self._block.attn.heads
        return join_heads(
            attend(split_heads(queries, heads), split_heads(keys, heads), split_heads(values, heads), hidden)
        )


def _packed(*layers: nn.Linear) -> nn.Linear:
    """Return one layer that computes all of them side by side; their weights become parts of its own."""
    sizes = [layer.out_features for layer in layers]
    with torch.device("meta"):
        packed = nn.Linear(layers[0].in_features, sum(sizes))
    packed.weight = nn.Parameter(torch.cat([layer.weight.data for layer in layers]), requires_grad=False)
    packed.bias = nn.Parameter(torch.cat([layer.bias.data for layer in layers]), requires_grad=False)
    parts = zip(layers, packed.weight.data.split(sizes), packed.bias.data.split(sizes), strict=True)
    for layer, weight, bias in parts:
        layer.weight.data, layer.bias.data = weight, bias
    return packed


def _table(expert: Psi0Expert, sigmas: Float[Tensor, " E"]) -> list[Modulations]:
    """Return the modulations of each flow time, 1 added to the scales of norms and the last block's in usual order."""
    made = expert.modulations(TIME_SCALE * sigmas)  # each (E, 1, _)
    blocks = []
    for modulation, block in zip(made.blocks, expert.transformer_blocks, strict=True):
        own, its = (list(part.chunk(SHIFT_SCALE_GATE_TWICE, -1)) for part in modulation)
        if cast(JointBlock, block).ff_obs is None:
            scale, shift = modulation.observation.chunk(2, -1)
            its = [shift, scale]
        for parts in (own, its):
            for place in range(1, len(parts), 3):
                parts[place] = 1.0 + parts[place]
        blocks.append(Modulation(torch.cat(own, -1), torch.cat(its, -1)))
    return [
        Modulations(tuple(Modulation(a[k : k + 1], o[k : k + 1]) for a, o in blocks), made.head[k : k + 1])
        for k in range(len(sigmas))
    ]


def _normalized(tokens: Float[Tensor, "B N D"]) -> Float[Tensor, "B N D"]:
    return F.layer_norm(tokens, tokens.shape[-1:], eps=NORM_EPSILON)
