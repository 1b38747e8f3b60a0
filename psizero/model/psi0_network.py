"""The network of Psi0 as a stage trains it: Qwen3-VL and the expert, exactly those that inference runs.

A frozen backbone is held beside the network rather than in it: it is no parameter,
is neither averaged nor written into checkpoints, and each process has it whole. It
computes in the type of its weights, float32 or bfloat16, as the policy will; the
expert's weights are float32 while they learn.

The names in the state dict are those of a policy folder, prefixes included. The
network has no learned stand-in for a hidden state: hidden is the middle of the range.

Letters in shapes: B observations, R draws each, S state numbers, A action tokens,
X numbers of an action, N tokens of an observation, D width.
"""

from collections.abc import Callable

from jaxtyping import Bool, Float
from torch import Tensor

from psizero.model import flow
from psizero.model.backbone import VisionLanguage
from psizero.model.network import PolicyNetwork, Sight
from psizero.model.psi0_expert import TIME_SCALE, Psi0Expert
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.sampler import SamplerConfig, sample


class Psi0Network(PolicyNetwork):
    """Pictures, prompts and states -> chunks, by a backbone that learns or stays and an expert that learns."""

    def __init__(self, backbone: QwenBackbone, expert: Psi0Expert, *, frozen: bool, euler_steps: int) -> None:
        """Join both; they are the network's from then on."""
        super().__init__()
        self.euler_steps = euler_steps
        self.action_header = expert.train()
        self._beside: tuple[QwenBackbone, ...] = ()
        if frozen:
            self._beside = (backbone.eval().requires_grad_(False),)  # in a tuple it is no part of the module
        else:
            self.vlm_model = backbone.train().requires_grad_(True)

    @property
    def learns_to_see(self) -> bool:
        """Whether the backbone learns, too."""
        return not self._beside

    @property
    def backbone(self) -> QwenBackbone:
        """The eyes and ears, frozen or not."""
        return self._beside[0] if self._beside else self.vlm_model

    def forward(
        self,
        sight: Sight | VisionLanguage,
        state: Float[Tensor, "B S"],
        noisy: Float[Tensor, "BR A X"],
        sigma: Float[Tensor, "BR A"],
        blind: Bool[Tensor, " B"] | None = None,
    ) -> Float[Tensor, "BR A X"]:
        """Return the expected clean chunks, of the same number of noisy ones for each observation."""
        seen = self.look(sight)
        if blind is not None:
            state = state.masked_fill(blind[:, None], 0.0)
        observation = self.action_header.observe(seen.tokens, state, seen.mask)  # (B, N, D)
        draws = len(noisy) // len(state)
        velocity = self.action_header(
            noisy, TIME_SCALE * sigma, observation.repeat_interleave(draws, 0), seen.mask.repeat_interleave(draws, 0)
        )
        return flow.action_at_the_end(velocity, noisy, sigma)

    def look(self, sight: Sight | VisionLanguage) -> VisionLanguage:
        """Return what the backbone makes of a sight, or made of it before."""
        return sight if isinstance(sight, VisionLanguage) else self.backbone(sight.images, sight.words)

    def answer(
        self, seen: VisionLanguage, state: Float[Tensor, "B S"], noise: Float[Tensor, "B A X"]
    ) -> Float[Tensor, "B A X"]:
        """Turn noise into chunks by as many Euler steps as the policy will make."""
        observation = self.action_header.observe(seen.tokens, state, seen.mask)
        return sample(self.action_header.flow(observation, seen.mask), noise, SamplerConfig(steps=self.euler_steps))

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "Psi0Network":
        """Take the backbone along to another device, too."""
        super()._apply(fn, recurse)
        for backbone in self._beside:
            backbone._apply(fn, recurse)
        return self
