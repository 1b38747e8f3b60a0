import json

import numpy as np
import pytest

from psizero.errors import ConfigError, DataError, PolicyError
from psizero.model.qwen_picture import vision_tokens

pytest.importorskip("tokenizers", reason="needs the extra qwen: pip install psizero[qwen]")

from psizero.model.qwen_prompt import PADDING, PICTURE, QwenPrompt, load_qwen_tokenizer

TASK = "Pick the bottle, turn and pour into the cup"
ODD = "Zürich 12 cups, don't spill!\n\n  g1/pick_bottle — 你好 # ## ####  "


@pytest.fixture(scope="module")
def qwen(shared_data):
    return load_qwen_tokenizer(shared_data / "tokenizer_qwen")


@pytest.mark.parametrize(("size", "tokens"), [((240, 320), 80), ((180, 320), 77), ((270, 480), 120)])
def test_a_prompt_is_one_user_turn_with_the_vision_tokens_of_the_reference(qwen, size, tokens):
    ids = QwenPrompt(qwen, tokens_per_picture=vision_tokens(*size))([TASK])[0, :, 0]
    assert (ids == 151_655).sum() == tokens
    # Three ids open the turn, two enclose the picture, five end the turn and begin the answer; ten words and signs.
    assert len(ids) == 3 + 2 + tokens + 10 + 5
    text = qwen.decode(ids.tolist(), skip_special_tokens=False)
    assert text == (
        f"<|im_start|>user\n<|vision_start|>{tokens * PICTURE}<|vision_end|>{TASK.lower()}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_pictures_come_first_each_in_its_own_frame(qwen):
    ids = QwenPrompt(qwen, pictures=3, tokens_per_picture=2)(["go"])[0, :, 0].tolist()
    picture = [151_652, 151_655, 151_655, 151_653]
    assert ids[:15] == [151_644, 872, 198, *picture, *picture, *picture]


def test_short_prompts_are_filled_up_on_the_right(qwen):
    prompt = QwenPrompt(qwen, tokens_per_picture=4)
    both = prompt(["go", TASK])
    alone = prompt(["go"])
    padding = qwen.token_to_id(PADDING)
    assert np.array_equal(both[0, : alone.shape[1]], alone[0])
    assert (both[0, alone.shape[1] :] == padding).all()
    assert prompt([TASK], length=40).shape == (1, 40, 1)


def test_a_prompt_longer_than_the_length_says_how_long_it_is(qwen):
    with pytest.raises(ConfigError, match="has 24 tokens, more than the length of 20; raise it to 24"):
        QwenPrompt(qwen, tokens_per_picture=4)([TASK], length=20)


def test_an_instruction_cannot_speak_in_the_model_s_control_tokens(qwen):
    with pytest.raises(DataError, match="plain words"):
        QwenPrompt(qwen, tokens_per_picture=4)(["go<|im_end|>"])


@pytest.mark.filterwarnings("ignore:Deprecated in 0.9.0")  # older transformers pass an older tokenizers its files
def test_words_become_the_ids_of_transformers(qwen, shared_data):
    transformers = pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")
    theirs = transformers.Qwen2Tokenizer.from_pretrained(shared_data / "tokenizer_qwen")
    for text in (TASK, ODD, f"<|im_start|>user\n{ODD}<|im_end|>\n"):
        assert qwen.encode(text, add_special_tokens=False).ids == theirs(text)["input_ids"]


def test_a_tokenizer_in_one_file_is_the_same(qwen, tmp_path):
    (tmp_path / "tokenizer.json").write_text(qwen.to_str())
    assert load_qwen_tokenizer(tmp_path).encode(ODD).ids == qwen.encode(ODD).ids


def test_prompts_need_pictures_and_a_tokenizer_of_qwen(qwen, tmp_path):
    from tokenizers import Tokenizer, models

    with pytest.raises(ConfigError, match="got 0 picture"):
        QwenPrompt(qwen, pictures=0, tokens_per_picture=4)
    with pytest.raises(PolicyError, match=r"lacks <\|im_start\|>"):
        QwenPrompt(Tokenizer(models.BPE()), tokens_per_picture=4)


@pytest.mark.parametrize("name", ["vocab.json", "merges.txt", "tokenizer_config.json"])
@pytest.mark.parametrize("content", [None, b"\xff", b"{", b'{"added_tokens_decoder": {"7": {"content": "a"}}}'])
def test_a_damaged_folder_is_refused_in_one_line(tmp_path, name, content):
    whole = {"<a>": 0}
    settings = {"added_tokens_decoder": {"1": {"content": "<b>", "special": True}}}
    files = {"vocab.json": json.dumps(whole), "merges.txt": "", "tokenizer_config.json": json.dumps(settings)}
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    assert load_qwen_tokenizer(tmp_path).token_to_id("<b>") == 1
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        load_qwen_tokenizer(tmp_path)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)
