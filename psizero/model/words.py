"""Instruction -> numbers, without a vocabulary file: words and their letter groups are hashed.

A word is the set of itself and its three-letter groups, so that a word never
seen in training ("bottles") still looks like its relatives ("bottle"), and no
instruction can be refused.

>>> words_of("Pick up the BOTTLE, please!")
['pick', 'up', 'the', 'bottle', 'please']
"""

import re
import zlib
from collections.abc import Sequence

import numpy as np

MAX_GROUPS = 12
"""Codes per word: the word itself and up to eleven letter groups."""


def words_of(instruction: str) -> list[str]:
    """Return the lower-cased words and numbers of an instruction, in order."""
    return re.findall(r"[^\W_]+", instruction.lower())


def encode_words(instructions: Sequence[str], *, max_words: int, vocabulary: int) -> np.ndarray:
    """Return (len(instructions), max_words, MAX_GROUPS) int64 codes in 1..vocabulary - 1; 0 is padding."""
    codes = np.zeros((len(instructions), max_words, MAX_GROUPS), np.int64)
    for row, instruction in enumerate(instructions):
        for place, word in enumerate(words_of(instruction)[:max_words]):
            marked = f"<{word}>"
            pieces = [marked, *(marked[i : i + 3] for i in range(len(marked) - 2))][:MAX_GROUPS]
            codes[row, place, : len(pieces)] = [1 + zlib.crc32(p.encode()) % (vocabulary - 1) for p in pieces]
    return codes
