"""The whole network: backbone, state, action expert; everything in it is normalized.

Letters in shapes: B batch, C cameras, H x W pixels, L words, G letter groups of
a word, S state numbers, A action tokens, X numbers of an action.
"""

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor, nn

from psizero.model import flow
from psizero.model.action_expert import ActionExpert, ShownContext
from psizero.model.backbone import VisionLanguage
from psizero.model.config import ModelConfig
from psizero.model.flow import Velocity
from psizero.model.tiny_backbone import TinyBackbone

STATE_WEIGHTS = ("state.0.", "straight.")
"""How the names of those weights begin that mean numbers of a state: of another robot they mean nothing."""
ACTION_WEIGHTS = ("straight.", "expert.action_in.", "expert.head.", "expert.proposal.2.")
"""The same for numbers of an action."""


class Sight(NamedTuple):
    """What a backbone looks at."""

    images: Float[Tensor, "B C H W 3"] | UInt8[Tensor, "B C H W 3"]
    """Levels 0..255."""
    words: Int[Tensor, "B L G"]


class PolicyNetwork(nn.Module, ABC):
    """What a stage trains, whatever it is made of: a sight, a state and noisy chunks -> the clean chunks."""

    @abstractmethod
    def forward(
        self,
        sight: Sight | VisionLanguage,
        state: Float[Tensor, "B S"],
        noisy: Float[Tensor, "BR A X"],
        sigma: Float[Tensor, "BR A"],
        blind: Bool[Tensor, " B"] | None = None,
    ) -> Float[Tensor, "BR A X"]:
        """Return the expected clean chunks, of the same number of noisy ones for each observation.

        Rows whose sigma is 0 are promised; `blind` hides the state.
        """

    @abstractmethod
    def look(self, sight: Sight | VisionLanguage) -> VisionLanguage:
        """Return what the backbone makes of a sight, or made of it before."""

    @abstractmethod
    def answer(
        self, seen: VisionLanguage, state: Float[Tensor, "B S"], noise: Float[Tensor, "B A X"]
    ) -> Float[Tensor, "B A X"]:
        """Turn noise into chunks, as the policy will do it."""


class FlowNetwork(PolicyNetwork):
    """PsiZero's own network: a backbone and an expert that learn together from nothing."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = TinyBackbone(config)
        self.state = nn.Sequential(
            nn.Linear(config.state_size, config.width), nn.SiLU(), nn.Linear(config.width, config.width)
        )
        self.blind_state = nn.Parameter(torch.zeros(config.width))
        # Most of an action is "where the joints are": a straight way for it leaves the rest of the network the change.
        self.straight = nn.Linear(config.state_size, config.action_size, bias=False)
        nn.init.zeros_(self.straight.weight)
        self.expert = ActionExpert(config)

    def forward(
        self,
        sight: Sight | VisionLanguage,
        state: Float[Tensor, "B S"],
        noisy: Float[Tensor, "BR A X"],
        sigma: Float[Tensor, "BR A"],
        blind: Bool[Tensor, " B"] | None = None,
    ) -> Float[Tensor, "BR A X"]:
        """Return the expected clean chunks, of the same number of noisy ones for each observation."""
        shown = self.show(self.look(sight), state, blind).repeat(len(noisy) // len(state))
        return self.expert.estimate(noisy, sigma, shown)

    def encode(
        self,
        images: Tensor,
        words: Int[Tensor, "B L G"],
        state: Float[Tensor, "B S"],
        blind: Bool[Tensor, " B"] | None = None,
    ) -> ShownContext:
        """Encode an observation once: pictures (B, C, H, W, 3) in 0..255; `blind` hides the state."""
        return self.show(self.backbone(images, words), state, blind)

    def look(self, sight: Sight | VisionLanguage) -> VisionLanguage:
        """Return what the backbone makes of a sight, or made of it before."""
        return sight if isinstance(sight, VisionLanguage) else self.backbone(sight.images, sight.words)

    def show(
        self, seen: VisionLanguage, state: Float[Tensor, "B S"], blind: Bool[Tensor, " B"] | None = None
    ) -> ShownContext:
        """Join what the backbone saw with the state; `blind` hides the state."""
        token = self.state(state)
        here = self.straight(state).float()
        if blind is not None:
            here = here.masked_fill(blind[:, None], 0.0)
            token = torch.where(blind[:, None], self.blind_state.to(token.dtype), token)
        context = torch.cat([seen.tokens, token[:, None].to(seen.tokens.dtype)], dim=1)
        mask = torch.cat([seen.mask, seen.mask.new_ones(len(token), 1)], dim=1)
        shown = self.expert.show(context, mask, seen.summary + token)
        return shown._replace(proposal=shown.proposal + here[:, None])

    def answer(
        self, seen: VisionLanguage, state: Float[Tensor, "B S"], noise: Float[Tensor, "B A X"]
    ) -> Float[Tensor, "B A X"]:
        """Turn noise into chunks; a policy computes all but the backbone in float32."""
        seen = seen._replace(tokens=seen.tokens.float(), summary=seen.summary.float())
        return self.sample(self.show(seen, state), noise)

    def sample(
        self,
        shown: ShownContext,
        noise: Float[Tensor, "B A X"],
        promised: Float[Tensor, "B P X"] | None = None,
    ) -> Float[Tensor, "B A X"]:
        """Turn noise into a chunk whose first rows are exactly `promised`."""
        steps = self.config.euler_steps
        return flow.sample(self.expert.in_steps(shown, steps), noise, steps=steps, promised=promised)

    def velocity(self, shown: ShownContext) -> Velocity:
        """Return the flow of chunks for an observation; it can be differentiated by the chunk."""
        return lambda x, sigma: self.expert(x, sigma, shown)
