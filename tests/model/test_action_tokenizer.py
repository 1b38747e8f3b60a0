import itertools
import json

import numpy as np
import pytest

from psizero.errors import ConfigError, DataError, PolicyError

pytest.importorskip("tokenizers", reason="needs the extra qwen: pip install psizero[qwen]")

from psizero.model.action_tokenizer import ActionTokenizer, from_text, to_text

FEW = np.zeros((1, 48))
FEW[0, :6] = (0.1, -0.2, 0.05, 0.02, 0, -0.01)
SINE = [
    100,
    125,
    234,
    104,
    77,
    71,
    92,
    120,
    294,
    112,
    84,
    70,
    84,
    113,
    294,
    120,
    91,
    71,
    77,
    104,
    234,
    125,
    100,
    75,
    73,
]
SINE += [1328, 293, 108, 80, 70, 1467, 294, 1894, 70, 81, 109, 293, 122, 95, 73, 75, 101, 126, 234, 104]
LINE = [201, 205, 210, 214, 218, 222, 227, 231, 34, 38, 43, 47, 51, 55, 60, 64, 68, 72, 77, 81, 85, 89, 94, 410, 743]
LINE += [1580, 123, 292, 299, 307, 321, 329, 341, 355, 365, 384, 397, 408, 416, 444, 459, 488, 511, 553, 278]
GOLDEN = {
    "zeros": (np.zeros((1, 48)), [276] * 12),
    "all one": (np.ones((1, 48)), [424] * 24),
    "all minus one": (-np.ones((1, 48)), [414] * 24),
    "six small numbers": (FEW, [110, 80, 105, 284, 559, *[276] * 9, 269]),
    "a sine": (0.3 * np.sin(np.arange(48))[None], SINE),
    "a line": (np.linspace(-1, 1, 48)[None], LINE),
}
"""Tokens of the reference's tokenizer for one action of 48 numbers."""


@pytest.fixture(scope="module")
def egodex(shared_data):
    return ActionTokenizer.load(shared_data / "fast_egodex")


@pytest.fixture(scope="module")
def waves():
    """Chunks that wander slowly, as arms do."""
    steps = np.random.default_rng(0).normal(0, 0.1, (200, 12, 3))
    return np.clip(steps.cumsum(axis=1), -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def fitted(waves):
    return ActionTokenizer.fit(waves, vocabulary=512, scale=20.0)


@pytest.mark.parametrize(("chunk", "tokens"), GOLDEN.values(), ids=GOLDEN)
def test_the_reference_s_tokens_come_out_exactly(egodex, chunk, tokens):
    assert egodex.encode(chunk[None]) == [tokens]
    assert np.allclose(egodex.decode([tokens])[0], np.rint(100 * chunk) / 100, atol=1e-7)


def test_what_the_reference_s_tokenizer_encodes_it_decodes(egodex):
    chunks = np.clip(np.random.default_rng(0).normal(0, 0.5, (1000, 1, 48)), -1, 1)
    assert np.allclose(egodex.decode(egodex.encode(chunks)), np.rint(100 * chunks) / 100, atol=1e-7)


def test_a_fitted_tokenizer_loses_only_the_rounding_and_saves_tokens(fitted, waves):
    tokens = fitted.encode(waves)
    # Twelve frequencies, each off by half a step of 1 / 20 at most; the transform keeps lengths.
    assert np.abs(fitted.decode(tokens) - waves).max() <= 0.025 * np.sqrt(12)
    assert np.mean([len(row) for row in tokens]) < 0.6 * 12 * 3


def test_a_number_that_was_not_seen_in_fitting_is_encoded_too(fitted):
    high = np.full((1, 12, 3), 5.0, np.float32)
    assert np.allclose(fitted.decode(fitted.encode(high)), high, atol=0.1)


def test_a_saved_tokenizer_comes_back_and_says_which_class_the_reference_loads_it_with(fitted, waves, tmp_path):
    fitted.save(tmp_path)
    loaded = ActionTokenizer.load(tmp_path)
    assert loaded.config == fitted.config
    assert loaded.encode(waves) == fitted.encode(waves)
    assert json.loads((tmp_path / "processor_config.json").read_text())["processor_class"] == "UniversalActionProcessor"


def test_saved_files_have_the_names_and_keys_of_the_reference(shared_data, fitted, tmp_path):
    fitted.save(tmp_path)
    reference = shared_data / "fast_egodex"
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in reference.iterdir()}
    ours, theirs = (json.loads((folder / "processor_config.json").read_text()) for folder in (tmp_path, reference))
    assert set(ours) == set(theirs)


def test_tokens_that_are_no_chunk_are_refused_by_row(egodex):
    good = [276] * 12
    with pytest.raises(DataError, match=r"row 1 decode to 44 numbers; a chunk of 1 x 48 needs 48"):
        egodex.decode([good, good[:-1]])
    with pytest.raises(DataError, match=r"row 0 decode to 0 numbers"):
        egodex.decode([[]])
    with pytest.raises(DataError, match=r"row 0 holds token 2048; this tokenizer knows 0..2047"):
        egodex.decode([[*good, 2048]])
    with pytest.raises(DataError, match=r"holds token -1"):
        egodex.decode([[-1]])


def test_bytes_that_are_no_characters_are_refused(fitted):
    lone = fitted._pairs.token_to_id("Ã")  # the first byte of a two-byte character, without the second
    with pytest.raises(DataError, match="their bytes are no characters"):
        fitted.decode([[lone]])


def test_text_between_action_tokens_is_refused():
    assert from_text(to_text([0, 2047])) == [0, 2047]
    with pytest.raises(DataError, match="got ' and ' among them"):
        from_text("<|a_1|> and <|a_2|>")


def test_chunks_of_another_shape_or_without_numbers_are_refused(egodex):
    with pytest.raises(DataError, match=r"encodes chunks of \(count, 1, 48\), got \(2, 48\)"):
        egodex.encode(np.zeros((2, 48)))
    with pytest.raises(DataError, match="finite"):
        egodex.encode(np.full((1, 1, 48), np.nan))
    with pytest.raises(DataError, match="normalize"):
        egodex.encode(np.full((1, 1, 48), 1e4))
    with pytest.raises(DataError, match="at least one"):
        ActionTokenizer.fit(np.zeros((0, 1, 2)))
    with pytest.raises(ConfigError, match="try 2048"):
        ActionTokenizer.fit(np.zeros((1, 1, 2)), vocabulary=100)


@pytest.mark.parametrize("name", ["processor_config.json", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"[1]", b'{"a": 1}', b"\xff"])
def test_a_damaged_folder_is_one_line_that_names_the_file(fitted, tmp_path, name, content):
    fitted.save(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PolicyError, match=name) as caught:
        ActionTokenizer.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_files_of_two_tokenizers_are_not_mixed(fitted, waves, tmp_path):
    fitted.save(tmp_path)
    ActionTokenizer.fit(waves, vocabulary=300).save(tmp_path / "other")
    (tmp_path / "other" / "tokenizer.json").replace(tmp_path / "tokenizer.json")
    with pytest.raises(PolicyError, match="has 300 tokens"):
        ActionTokenizer.load(tmp_path)


def test_the_spans_of_tokens_cover_every_number_of_a_chunk_in_order():
    chunks = np.random.default_rng(0).uniform(-1, 1, (40, 1, 6)).astype(np.float32)
    chunks[:, :, 2:4] = 0.0  # a pair that always comes together becomes one token
    tokenizer = ActionTokenizer.fit(chunks, vocabulary=400)
    for tokens, spans in zip(tokenizer.encode(chunks), tokenizer.spans(chunks), strict=True):
        assert len(tokens) == len(spans)
        assert spans[0][0] == 0 and spans[-1][1] == 6
        for (_, end), (following, _) in itertools.pairwise(spans):
            assert following in (end, end - 1), "a number of two bytes may be spoken of twice, none is left out"
        assert any(first <= 2 and end >= 4 for first, end in spans)
