"""An instruction -> the prompt of a Psi0 policy: written the same way in training and on the robot.

The turn itself is that of `qwen_prompt`. Here is what a policy adds: the tokenizer
that came with its weights, pictures of the size it was trained with, and a longest
instruction, so that prompts have one length.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from psizero.errors import DataError, PolicyError
from psizero.model.qwen_picture import vision_tokens
from psizero.model.qwen_prompt import PICTURE, TOKENIZER_FILES, QwenPrompt, load_qwen_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INSTRUCTION_TOKENS = 38
"""Longest instruction, about 30 English words: with one picture of 240 x 320 a prompt has 128 tokens."""


class Psi0Prompt:
    """Writes the prompts of one policy."""

    def __init__(self, prompt: QwenPrompt) -> None:
        """Take what writes a turn."""
        self._prompt = prompt
        self.padding = prompt.padding
        """The id with which it fills up."""
        self.length = prompt([""]).shape[1] + INSTRUCTION_TOKENS
        """Most tokens of a prompt."""

    def __call__(self, instructions: Sequence[str]) -> np.ndarray:
        """Return (B, N, 1) int64 ids, filled up on the right to the longest; a longer one than fits is refused."""
        ids = self._prompt(instructions)
        over = ids.shape[1] - self.length
        if over > 0:
            raise DataError(
                f"the instruction has {INSTRUCTION_TOKENS + over} tokens, this policy reads at most "
                f"{INSTRUCTION_TOKENS}; say it in fewer words"
            )
        return ids


def read_psi0_prompt(home: Path, picture_token: int, *, pictures: int, picture_size: tuple[int, int]) -> Psi0Prompt:
    """Return what writes prompts by the tokenizer in `home`, for weights whose placeholder is `picture_token`.

    There are `pictures` of them, each brought to `picture_size`, (height, width), before it is looked at.
    Checkpoints of the reference come without a tokenizer.
    """
    if not any((home / name).is_file() for name in TOKENIZER_FILES):
        raise PolicyError(
            f"{home} holds no tokenizer; import the checkpoint again with --tokenizer FOLDER, for released checkpoints "
            "one with the files of Qwen/Qwen3-VL-2B-Instruct"
        )
    tokenizer = load_qwen_tokenizer(home)
    prompt = QwenPrompt(tokenizer, pictures=pictures, tokens_per_picture=vision_tokens(*picture_size))
    check_picture_token(tokenizer, picture_token, home)
    return Psi0Prompt(prompt)


def check_picture_token(tokenizer: "Tokenizer", picture_token: int, home: Path) -> None:
    """Refuse a tokenizer, read from `home`, of another model than weights whose placeholder is `picture_token`."""
    if (told := tokenizer.token_to_id(PICTURE)) != picture_token:
        raise PolicyError(
            f"the tokenizer in {home} is of another model: its {PICTURE} is {told}, the weights want {picture_token}; "
            "take the one that came with them"
        )
