"""FAST: a chunk of normalized actions <-> a few tokens, by a cosine transform and byte pairs.

Source: FAST (arXiv 2501.09747), as Psi0 uses it to pre-train its language model on
actions. A chunk is taken to frequencies over time, scaled and rounded; the whole
numbers become characters of a string, low frequencies first, and byte pairs that
occur often become one token. The only loss is the rounding, half of `1 / scale`
for each frequency.

Files are those of the reference: `processor_config.json` for the numbers and
`tokenizer.json` for the byte pairs. Both are read as data; the Python class that
the reference names in them is never loaded.

Letters in shapes: B chunks, T actions of a chunk, D numbers of an action.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from psizero.data.atomic_file import write_file
from psizero.errors import ConfigError, DataError, PolicyError
from psizero.model.qwen_extra import need_qwen

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_NUMBERS = "processor_config.json"
_PAIRS = "tokenizer.json"
_REPLACEMENT = "\ufffd"
"""What bytes that are no UTF-8 decode to."""
_FIRST_SURROGATE = 0xD800
"""From here on, a number is no character: at scale 100, hundreds of times the normalized range."""
_LONGEST_PAIR = 10_000
"""Characters that one token may stand for; in effect no limit."""
_TOKEN_TEXT = re.compile(r"<\|a_(\d+)\|>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTokenizerConfig:
    """The numbers of a FAST tokenizer; the defaults are those of Psi0's tokenizer for EgoDex."""

    horizon: int = 1
    """Actions of a chunk, T."""
    action_size: int = 48
    """Numbers of an action, D."""
    scale: float = 100.0
    """Steps per unit of a frequency: 100 keep 0.01 of the normalized range."""
    least: int = -100
    """Smallest rounded frequency; what is below is cut off."""

    def __post_init__(self) -> None:
        if min(self.horizon, self.action_size) < 1 or not 0 < self.scale < np.inf:
            raise ConfigError(
                f"a chunk needs at least one action of one number and a positive scale, got horizon {self.horizon}, "
                f"action_size {self.action_size}, scale {self.scale}"
            )


class ActionTokenizer:
    """Encodes and decodes chunks of one shape."""

    def __init__(self, config: ActionTokenizerConfig, pairs: "Tokenizer") -> None:
        self.config = config
        self._pairs = pairs

    @property
    def vocabulary(self) -> int:
        """How many different tokens there are."""
        return self._pairs.get_vocab_size()

    @staticmethod
    def load(folder: Path) -> "ActionTokenizer":
        """Read a tokenizer in the reference's files; nothing in them is run."""
        folder = Path(folder)
        numbers = _read_numbers(folder / _NUMBERS)
        config = ActionTokenizerConfig(
            horizon=numbers["time_horizon"],
            action_size=numbers["action_dim"],
            scale=float(numbers["scale"]),
            least=numbers["min_token"],
        )
        tokenizer = ActionTokenizer(config, _read_pairs(folder / _PAIRS))
        if tokenizer.vocabulary != numbers["vocab_size"]:
            raise PolicyError(
                f"{folder / _PAIRS} has {tokenizer.vocabulary} tokens, {_NUMBERS} beside it says "
                f"{numbers['vocab_size']}; fetch the whole folder again"
            )
        return tokenizer

    @staticmethod
    def fit(chunks: np.ndarray, *, vocabulary: int = 2048, scale: float = 100.0) -> "ActionTokenizer":
        """Learn the byte pairs of normalized (B, T, D) chunks; few chunks give fewer tokens than asked.

        The smallest frequency of `chunks` becomes the floor: chunks that go lower
        later are cut off there.
        """
        need_qwen("tokenizers")
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        if chunks.ndim != 3 or not chunks.size:
            raise DataError(f"chunks must be (count, actions, numbers) with at least one of each, got {chunks.shape}")
        alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())  # each byte, so that any chunk can be encoded
        if vocabulary < len(alphabet):
            raise ConfigError(f"the vocabulary must hold the {len(alphabet)} bytes, got {vocabulary}; try 2048")
        rounded = _to_frequencies(chunks, scale)
        config = ActionTokenizerConfig(
            horizon=chunks.shape[1], action_size=chunks.shape[2], scale=scale, least=int(rounded.min())
        )
        pairs = Tokenizer(models.BPE())
        pairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
        pairs.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=vocabulary,
            min_frequency=2,
            show_progress=False,
            initial_alphabet=alphabet,
            max_token_length=_LONGEST_PAIR,
        )
        pairs.train_from_iterator(_to_strings(rounded, config), trainer, length=len(chunks))
        return ActionTokenizer(config, pairs)

    def save(self, folder: Path) -> None:
        """Write the reference's files, which it reads too."""
        numbers = {
            "action_dim": self.config.action_size,
            "min_token": self.config.least,
            "scale": self.config.scale,
            "time_horizon": self.config.horizon,
            "vocab_size": self.vocabulary,
        }
        # The reference's own loader looks for its class by these names; ours reads the numbers alone.
        names = {
            "auto_map": {"AutoProcessor": "processing_action_tokenizer.UniversalActionProcessor"},
            "processor_class": "UniversalActionProcessor",
        }
        loader = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
        write_file(Path(folder) / _PAIRS, self._pairs.to_str(pretty=True).encode())
        write_file(Path(folder) / "tokenizer_config.json", _json({**names, **loader}))
        write_file(Path(folder) / "special_tokens_map.json", _json({}))
        write_file(Path(folder) / _NUMBERS, _json({**names, **numbers}))

    def encode(self, chunks: np.ndarray) -> list[list[int]]:
        """Return the tokens of each of (B, T, D) normalized chunks.

        Frequencies are computed in the chunks' own precision, as the reference does:
        a number halfway between two steps may fall on either side in another one.
        """
        return [encoding.ids for encoding in self._encodings(chunks)]

    def spans(self, chunks: np.ndarray) -> list[list[tuple[int, int]]]:
        """Return which numbers of (B, T * D) each token speaks of: the first one, and the one behind the last.

        A number whose character has two bytes may be spoken of by two tokens.
        """
        return [encoding.offsets for encoding in self._encodings(chunks)]

    def decode(self, tokens: Sequence[Sequence[int]]) -> np.ndarray:
        """Return (B, T, D) float32 normalized chunks; a `DataError` names the first row that is none."""
        need_qwen("scipy")
        from scipy.fft import idct

        shape = (self.config.horizon, self.config.action_size)
        rounded = np.empty((len(tokens), *shape), np.float64)
        for row, ids in enumerate(tokens):
            rounded[row] = np.reshape(self._numbers_of(list(ids), row), shape)
        return np.asarray(idct(rounded / self.config.scale, axis=1, norm="ortho"), np.float32)

    def _encodings(self, chunks: np.ndarray) -> "list[Encoding]":
        shape = (self.config.horizon, self.config.action_size)
        if chunks.ndim != 3 or chunks.shape[1:] != shape:
            raise DataError(f"this tokenizer encodes chunks of (count, {shape[0]}, {shape[1]}), got {chunks.shape}")
        rounded = _to_frequencies(chunks, self.config.scale)
        return self._pairs.encode_batch(list(_to_strings(rounded, self.config)), add_special_tokens=False)

    def _numbers_of(self, ids: list[int], row: int) -> list[int]:
        unknown = [number for number in ids if not 0 <= number < self.vocabulary]
        if unknown:
            raise DataError(f"row {row} holds token {unknown[0]}; this tokenizer knows 0..{self.vocabulary - 1}")
        text = self._pairs.decode(ids, skip_special_tokens=False)
        if _REPLACEMENT in text:
            raise DataError(f"the {len(ids)} tokens of row {row} are no chunk: their bytes are no characters")
        expected = self.config.horizon * self.config.action_size
        if len(text) != expected:
            raise DataError(
                f"the {len(ids)} tokens of row {row} decode to {len(text)} numbers; a chunk of {self.config.horizon} x "
                f"{self.config.action_size} needs {expected}"
            )
        return [ord(character) + self.config.least for character in text]


def to_text(ids: Iterable[int]) -> str:
    """Write tokens the way a language model reads them.

    >>> to_text([276, 3])
    '<|a_276|><|a_3|>'
    """
    return "".join(f"<|a_{number}|>" for number in ids)


def from_text(text: str) -> list[int]:
    """Read what `to_text` wrote; anything else in the text is a `DataError`.

    >>> from_text("<|a_276|><|a_3|>")
    [276, 3]
    """
    rest = _TOKEN_TEXT.sub("", text)
    if rest:
        raise DataError(f"expected nothing but action tokens such as <|a_7|>, got {rest[:40]!r} among them")
    return [int(number) for number in _TOKEN_TEXT.findall(text)]


def _to_frequencies(chunks: np.ndarray, scale: float) -> np.ndarray:
    """Return rounded frequencies (B, T, D); halves go to the even neighbour."""
    need_qwen("scipy")
    from scipy.fft import dct

    if not np.isfinite(chunks).all():
        raise DataError("chunks must be finite numbers; some are NaN or infinite")
    return np.rint(np.asarray(dct(chunks, axis=1, norm="ortho")) * scale)


def _to_strings(rounded: np.ndarray, config: ActionTokenizerConfig) -> Iterable[str]:
    codes = np.maximum(rounded - config.least, 0)
    if codes.size and codes.max() >= _FIRST_SURROGATE:
        raise DataError(
            f"a frequency of {codes.max() + config.least:g} steps is no character; normalize actions to [-1, 1] first"
        )
    for row in codes.astype(int).reshape(len(codes), -1).tolist():
        yield "".join(map(chr, row))


def _read_numbers(path: Path) -> dict[str, Any]:
    try:
        numbers = json.loads(_read(path))
    except ValueError as error:
        raise PolicyError(f"{path} is damaged ({error}); fetch the tokenizer again") from error
    whole = ("time_horizon", "action_dim", "min_token", "vocab_size")
    if not isinstance(numbers, dict) or not isinstance(numbers.get("scale"), int | float):
        raise PolicyError(f"{path} describes no FAST tokenizer: scale must be a number; fetch it again")
    odd = [name for name in whole if type(numbers.get(name)) is not int]
    if odd:
        raise PolicyError(f"{path} must say {odd[0]} as a whole number, got {numbers.get(odd[0])!r}; fit a new one")
    return numbers


def _read_pairs(path: Path) -> "Tokenizer":
    need_qwen("tokenizers")
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_str(_read(path))
    except PolicyError:
        raise
    except Exception as error:  # the library raises bare exceptions
        raise PolicyError(f"{path} is no tokenizer ({error}); fetch it again") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path} cannot be read ({error}); a FAST tokenizer is {_NUMBERS} and {_PAIRS}") from error


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2) + "\n").encode()
