"""What PsiZero's own network is given in every stage: words by their letters, numbers in their usual range."""

from collections.abc import Sequence

import torch
from torch import Tensor

from psizero.data.frames import Frames
from psizero.data.normalize import known_range
from psizero.model.config import ModelConfig
from psizero.model.policy import Normalizers
from psizero.model.words import encode_words
from psizero.train.trainee import Scales


class OwnInputs:
    """Words and ranges of a network of PsiZero's own; the part that `Trainee` and `Speaker` share."""

    def __init__(self, model: ModelConfig, normalizers: Normalizers | None = None) -> None:
        """Take the network's sizes, and the ranges if they are known."""
        self._model = model
        self._normalizers = normalizers

    @property
    def scales(self) -> Scales:
        """Usual ranges to -1 .. 1."""
        normalizers = self._known()
        return Scales(state=normalizers.state, action=normalizers.action)

    def measure(self, training: Frames) -> None:
        """Take the range of each number over the data sets that have it."""
        self._normalizers = Normalizers(
            state=known_range(training.state, training.state_known[training.part]),
            action=known_range(training.action, training.action_known[training.part]),
        )

    def words(self, instructions: Sequence[str]) -> Tensor:
        """Hash words and their letter groups."""
        model = self._model
        return torch.from_numpy(encode_words(instructions, max_words=model.max_words, vocabulary=model.vocabulary))

    def _known(self) -> Normalizers:
        assert self._normalizers is not None, "measure comes first"
        return self._normalizers
