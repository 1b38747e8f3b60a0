import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from psizero.errors import PolicyError

pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")

from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_weights import fill_qwen, load_qwen
from psizero.model.tensor_file import read_tensor_names
from tests.model.small_qwen import SMALL, small_qwen

INDEX = "model.safetensors.index.json"
AS_STORED = replace(SMALL, padding_token=QwenConfig().padding_token)
"""What fills prompts up is the tokenizer's matter and not in the file."""


@pytest.fixture(scope="module")
def weights():
    return {name: value.clone() for name, value in small_qwen().state_dict().items()}


@pytest.fixture
def folder(tmp_path, weights):
    """What Hugging Face's tools write, in one file, with a head that repeats the embedding."""
    head = {"lm_head.weight": weights["model.language_model.embed_tokens.weight"].clone()}
    save_file(weights | head, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(SMALL.to_json()))
    return tmp_path


def test_a_folder_comes_in_bit_for_bit(folder, weights):
    loaded = load_qwen(folder, dtype=torch.float32)
    assert loaded.config == AS_STORED
    assert {name: value.shape for name, value in loaded.state_dict().items()} == {
        name: value.shape for name, value in weights.items()
    }
    assert all(torch.equal(value, weights[name]) for name, value in loaded.state_dict().items())
    assert not [name for name, buffer in loaded.named_buffers() if buffer.is_meta]


def test_several_files_are_the_same_as_one(folder, weights):
    names = sorted(weights)
    parts = {"model-00001-of-00002.safetensors": names[:50], "model-00002-of-00002.safetensors": names[50:]}
    for file, held in parts.items():
        save_file({name: weights[name] for name in held}, folder / file)
    (folder / "model.safetensors").unlink()
    places = {name: file for file, held in parts.items() for name in held}
    (folder / INDEX).write_text(json.dumps({"metadata": {}, "weight_map": places}))
    loaded = load_qwen(folder, dtype=torch.float32, layers=(2, 5))
    assert loaded.layers == (2, 5)
    assert all(torch.equal(value, weights[name]) for name, value in loaded.state_dict().items())


def test_what_transformers_writes_is_read(weights, tmp_path):
    import transformers

    model = transformers.Qwen3VLForConditionalGeneration(transformers.Qwen3VLConfig(**SMALL.to_json()))
    model.model.load_state_dict({name.removeprefix("model."): value for name, value in weights.items()})
    model.save_pretrained(tmp_path, max_shard_size="200KB")
    assert (tmp_path / INDEX).exists()
    loaded = load_qwen(tmp_path, dtype=torch.float32)
    assert loaded.config == AS_STORED
    assert all(torch.equal(value, weights[name]) for name, value in loaded.state_dict().items())


def test_weights_come_in_the_type_that_was_asked_for(folder):
    assert {value.dtype for value in load_qwen(folder).state_dict().values()} == {torch.bfloat16}


@pytest.mark.parametrize("layout", ["4.57", "5"])
def test_both_layouts_of_the_configuration_are_read(layout):
    data = SMALL.to_json()
    if layout == "5":
        text = data["text_config"]
        text["rope_parameters"] = {**text.pop("rope_scaling"), "rope_theta": text.pop("rope_theta")}
    assert QwenConfig.from_json(data, SMALL.shape) == AS_STORED


def test_weights_that_are_incomplete_or_of_another_model_are_refused_in_one_line(folder, weights):
    name = "model.visual.blocks.1.norm1.bias"
    for changed, expected in (
        ({key: value for key, value in weights.items() if key != name}, "lacks model.visual.blocks.1.norm1.bias"),
        (weights | {"model.visual.extra": torch.zeros(1)}, "has the foreign model.visual.extra"),
        (weights | {name: torch.zeros(7)}, r"norm1.bias should be \[32\], got \[7\]"),
        ({"a": torch.zeros(1)}, "expected a whole Qwen3-VL"),
    ):
        save_file(changed, folder / "model.safetensors")
        with pytest.raises(PolicyError, match=expected) as caught:
            load_qwen(folder)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "config.json is missing"),
        (b"{", "config.json is damaged"),
        (b"[]", "named values"),
        (b'{"model_type": "llama"}', "got model_type 'llama'"),
        (b'{"model_type": "qwen3_vl"}', "not the configuration"),
        (json.dumps({**SMALL.to_json(), "vision_config": {"num_heads": 3}}).encode(), "not the configuration"),
    ],
)
def test_a_configuration_that_is_none_is_refused_in_one_line(folder, content, expected):
    (folder / "config.json").unlink()
    if content is not None:
        (folder / "config.json").write_bytes(content)
    with pytest.raises(PolicyError, match=expected) as caught:
        load_qwen(folder)
    assert "\n" not in str(caught.value)


def test_a_folder_without_weights_is_told(tmp_path):
    with pytest.raises(PolicyError, match="name the folder of a Qwen3-VL"):
        load_qwen(tmp_path)


def test_a_checkpoint_without_configuration_must_be_the_size_that_psi0_has(folder):
    tensors = read_tensor_names(folder / "model.safetensors")
    with pytest.raises(PolicyError, match=r"another Qwen3-VL than the 2B one; put its config.json beside"):
        fill_qwen(tensors, None)


def test_the_default_is_the_network_of_the_released_checkpoints():
    with torch.device("meta"):
        weights = QwenBackbone(QwenConfig()).state_dict()
    assert {name: tuple(weight.shape) for name, weight in weights.items()} == QwenConfig().shape.shapes()
    # In bfloat16, the bytes of tensors of the released backbones.
    assert 2 * sum(weight.numel() for weight in weights.values()) == 4_262_666_240
