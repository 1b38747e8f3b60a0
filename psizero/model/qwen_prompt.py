"""An instruction and a number of pictures -> the token ids of one user turn of Qwen3-VL.

The turn is what Psi0 was trained with: the pictures, then the instruction in lower
case, then the head of the assistant's answer. No system text, no state. Pictures
are placeholders here, one id for each vision token.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from psizero.errors import ConfigError, DataError, PolicyError
from psizero.model.policy_files import parse_json
from psizero.model.qwen_extra import need_qwen

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PICTURE, PADDING = "<|image_pad|>", "<|endoftext|>"
"""The placeholder of a vision token, and what fills a short prompt up on the right."""
_BEFORE, _AFTER = "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"
_OPEN, _CLOSE = "<|vision_start|>", "<|vision_end|>"
_NEEDED = ("<|im_start|>", "<|im_end|>", _OPEN, _CLOSE, PICTURE, PADDING)
_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How Qwen2 splits a text before byte pairs are joined: a word with the space before it, each digit alone."""


class QwenPrompt:
    """Writes prompts for a fixed number of pictures of one size."""

    def __init__(self, tokenizer: "Tokenizer", *, pictures: int = 1, tokens_per_picture: int) -> None:
        """Prepare for `pictures` (cameras times remembered frames) of `tokens_per_picture` each."""
        if min(pictures, tokens_per_picture) < 1:
            raise ConfigError(
                f"a prompt needs pictures with tokens, got {pictures} picture(s) of {tokens_per_picture} token(s)"
            )
        ids = {token: tokenizer.token_to_id(token) for token in _NEEDED}
        missing = [token for token, number in ids.items() if number is None]
        if missing:
            raise PolicyError(f"the tokenizer lacks {missing[0]}; take the one that came with the Qwen3-VL weights")
        self.pictures = pictures
        self.tokens_per_picture = tokens_per_picture
        self.padding = int(ids[PADDING] or 0)
        """The id that fills a prompt up."""
        self._tokenizer = tokenizer
        self._special = {number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special}
        self._head = _BEFORE + pictures * (_OPEN + tokens_per_picture * PICTURE + _CLOSE)

    def __call__(self, instructions: Sequence[str], *, length: int | None = None) -> np.ndarray:
        """Return (B, N, 1) int64 ids, filled up on the right to the longest prompt or to `length` tokens."""
        rows = [self._ids(instruction) for instruction in instructions]
        longest = max(map(len, rows), default=0)
        if length is not None and longest > length:
            raise ConfigError(f"a prompt has {longest} tokens, more than the length of {length}; raise it to {longest}")
        result = np.full((len(rows), length or longest, 1), self.padding, np.int64)
        for row, ids in zip(result, rows, strict=True):
            row[: len(ids), 0] = ids
        return result

    def _ids(self, instruction: str) -> list[int]:
        text = instruction.lower()
        if self._special & set(self._tokenizer.encode(text, add_special_tokens=False).ids):
            raise DataError(f"an instruction must be plain words, got a control token of the model in {instruction!r}")
        return self._tokenizer.encode(self._head + text + _AFTER, add_special_tokens=False).ids


TOKENIZER_FILES = ("tokenizer.json", "vocab.json")
"""A folder with one of these holds a tokenizer, whole or in parts."""


def load_qwen_tokenizer(folder: Path) -> "Tokenizer":
    """Read the tokenizer in a Hugging Face folder: `tokenizer.json`, or `vocab.json`, `merges.txt` and the settings."""
    need_qwen("tokenizers")
    from tokenizers import Tokenizer

    folder = Path(folder)
    whole = folder / "tokenizer.json"
    if not whole.exists():
        return _from_parts(folder)
    try:
        return Tokenizer.from_str(_read(whole))
    except PolicyError:
        raise
    except Exception as error:  # the library raises bare exceptions
        raise PolicyError(f"{whole} is no tokenizer ({error}); fetch it again") from error


def add_words(tokenizer: "Tokenizer", words: Sequence[str]) -> None:
    """Let a tokenizer know some words, found wherever they stand in a text; those that it knows keep their ids."""
    from tokenizers import AddedToken

    new = [word for word in words if tokenizer.token_to_id(word) is None]
    tokenizer.add_tokens([AddedToken(word, special=False, normalized=False) for word in new])


def _from_parts(folder: Path) -> "Tokenizer":
    """Put together what the two lists and the settings describe; byte pairs of Qwen2, each byte a character."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

    words = parse_json(folder / "vocab.json", _read(folder / "vocab.json").encode())
    lines = _read(folder / "merges.txt").splitlines()
    pairs = [tuple(line.split()) for line in lines if line and not line.startswith("#version:")]
    settings = parse_json(folder / "tokenizer_config.json", _read(folder / "tokenizer_config.json").encode())
    try:
        tokenizer = Tokenizer(models.BPE(vocab=words, merges=[(left, right) for left, right in pairs]))
        added = sorted((int(number), token) for number, token in settings["added_tokens_decoder"].items())
        tokenizer.normalizer = normalizers.NFC()
        splits = [pre_tokenizers.Split(Regex(_WORDS), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(splits)
        tokenizer.decoder = decoders.ByteLevel()
        for number, token in added:
            tokenizer.add_tokens([AddedToken(token["content"], special=token["special"], normalized=False)])
            if tokenizer.token_to_id(token["content"]) != number:
                raise PolicyError(f"{folder}: {token['content']} should have id {number}; vocab.json is another one's")
    except PolicyError:
        raise
    except Exception as error:  # the library raises bare exceptions
        raise PolicyError(f"{folder} holds no Qwen tokenizer ({error!r}); fetch it again") from error
    return tokenizer


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"{path} cannot be read ({error}); a tokenizer is tokenizer.json, or vocab.json, merges.txt and "
            "tokenizer_config.json"
        ) from error
