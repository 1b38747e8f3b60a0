"""Action tokens as words of Qwen's tokenizer: in memory, in the files that transformers reads, in its vocabulary.

Words are those of the reference: `<|a_0|>` and so on, ordinary words, and two around
an action that it never uses. They get the ids behind those that there are; in which
order the reference added the two is in no file.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from psizero.errors import PolicyError
from psizero.model.action_tokenizer import to_text
from psizero.model.policy_files import CONFIG

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_AROUND = ("<|action_start|>", "<|action_end|>")
_ROWS = 192
"""The vocabulary is a multiple of this, as in the released checkpoints: 153,792 with 2,048 action tokens."""
_END = "<|im_end|>"
"""What ends an answer."""
_WHOLE, _SETTINGS, _ADDED = "tokenizer.json", "tokenizer_config.json", "added_tokens.json"


def words_for_actions(count: int) -> list[str]:
    """Return the words that a tokenizer needs for `count` action tokens.

    >>> words_for_actions(2)
    ['<|a_0|>', '<|a_1|>', '<|action_start|>', '<|action_end|>']
    """
    return [*(to_text([number]) for number in range(count)), *_AROUND]


def ids_of_actions(tokenizer: "Tokenizer", count: int) -> tuple[list[int], int]:
    """Return the ids of `count` action tokens, which `tokenizer` knows, and the id of the end of an answer."""
    found = [tokenizer.token_to_id(word) for word in [*words_for_actions(count)[:count], _END]]
    ids = [number for number in found if number is not None]
    if len(ids) < len(found):
        raise PolicyError(f"the tokenizer lacks {_END} or action tokens; take the one that came with the weights")
    return ids[:count], ids[count]


def rows_for(tokenizer: "Tokenizer", rows: int) -> int:
    """Return how many rows an embedding of `rows` needs for all words: as many, or the next multiple of 192."""
    words = 1 + max(tokenizer.get_vocab(with_added_tokens=True).values())
    return rows if words <= rows else -(-words // _ROWS) * _ROWS


def with_action_words(files: Mapping[str, bytes], tokenizer: "Tokenizer", count: int, rows: int) -> dict[str, bytes]:
    """Return the files of a backbone for `tokenizer`, which knows `count` action tokens, and a vocabulary of `rows`."""
    ids = {word: int(tokenizer.token_to_id(word) or 0) for word in words_for_actions(count)}
    changed = dict(files)
    if _WHOLE in files:
        changed[_WHOLE] = tokenizer.to_str(pretty=True).encode()
    if _SETTINGS in files:
        settings = _parsed(files, _SETTINGS)
        plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": False}
        added = {str(number): {"content": word, **plain} for word, number in ids.items()}
        settings["added_tokens_decoder"] = {**settings.get("added_tokens_decoder", {}), **added}
        changed[_SETTINGS] = _text(settings)
    if _ADDED in files:
        changed[_ADDED] = _text({**_parsed(files, _ADDED), **ids})
    config = _parsed(files, CONFIG)
    changed[CONFIG] = _text({**config, "text_config": {**config["text_config"], "vocab_size": rows}})
    return changed


def _parsed(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    data = json.loads(files[name])
    if not isinstance(data, dict):
        raise PolicyError(f"{name} of the tokenizer is damaged: expected named values; fetch it again")
    return data


def _text(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
