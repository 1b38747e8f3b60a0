"""PsiZero's own backbone as stage 1 trains it: with a head for action tokens that is thrown away."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from psizero.embodiment.layout import HUMAN_STEPS
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.config import ModelConfig, config_of_size
from psizero.model.policy_folder import PolicyParts, save_policy
from psizero.model.tiny_backbone import TinyBackbone
from psizero.model.token_head import TokenHead
from psizero.train.config import PretrainConfig
from psizero.train.own_inputs import OwnInputs
from psizero.train.speaker import Speaker
from psizero.train.stage import seeded
from psizero.train.trainee import ExampleForm

_BYTES = 3
"""Most bytes, and so most tokens, for one number of a step."""


class TokenNetwork(nn.Module):
    """The backbone of a policy with a head for action tokens in place of the action expert."""

    def __init__(self, config: ModelConfig, vocabulary: int) -> None:
        super().__init__()
        self.backbone = TinyBackbone(config)
        self.head = TokenHead(
            width=config.width, heads=config.heads, vocabulary=vocabulary, longest=_BYTES * config.action_size
        )

    def forward(self, images: Tensor, words: Tensor, tokens: Int[Tensor, "B K"]) -> Float[Tensor, "B K V"]:
        """Return logits of each token given pictures, words and the tokens before it."""
        seen = self.backbone(images, words)
        return self.head(seen.tokens, seen.mask, tokens)


class OwnSpeaker(OwnInputs, Speaker):
    """A `TokenNetwork` in one of its sizes, from random weights."""

    def __init__(self, config: PretrainConfig) -> None:
        """Take the settings of the stage."""
        sizes = {"state_size": HUMAN_STEPS.state.size, "action_size": HUMAN_STEPS.action.size, "cameras": 1}
        model = config_of_size(config.size, **sizes)
        super().__init__(model)
        self.form = ExampleForm(
            picture=model.image_size,
            image_size=model.image_size,
            cameras=model.cameras,
            chunk=1,
            numbers=model.action_size,
            max_delay=0,
        )
        self.shares = {}
        self.tokenizer_folder = None
        self._seed = config.seed
        self._network: TokenNetwork | None = None
        self._vocabulary = 0

    def build(self, tokenizer: ActionTokenizer) -> None:
        """Make the network of random weights."""
        self._vocabulary = tokenizer.vocabulary
        self._network = seeded(self._seed, lambda: TokenNetwork(self._model, tokenizer.vocabulary))

    @property
    def network(self) -> TokenNetwork:
        """What learns."""
        assert self._network is not None, "build comes first"
        return self._network

    @property
    def codes(self) -> Sequence[int]:
        """The tokens themselves."""
        return range(self._vocabulary)

    @property
    def end(self) -> Sequence[int]:
        """Nothing: who reads the tokens counts numbers."""
        return ()

    def with_weights(self, weights: Mapping[str, torch.Tensor]) -> TokenNetwork:
        """Return a copy in main memory."""
        network = TokenNetwork(self._model, self._vocabulary)
        network.load_state_dict(weights)
        return network

    def begin(self, out: Path) -> None:
        """Write nothing: the folder is small and written as a whole."""

    def save(self, out: Path, weights: Mapping[str, torch.Tensor], card: Mapping[str, Any]) -> None:
        """Write the whole folder, the head left out."""
        parts = PolicyParts(config=self._model, layout=HUMAN_STEPS, normalizers=self._known())
        kept = {name: value for name, value in weights.items() if name.startswith("backbone.")}
        save_policy(out, parts, kept, card=card)
