"""Qwen3-VL learns to say actions, as words of its own: what comes out is a Qwen3-VL for us and for transformers."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console
from safetensors.torch import save_file

pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")
pytest.importorskip("h5py", reason="needs the extra human: pip install psizero[human]")

import transformers

from psizero.data.augment import AugmentConfig
from psizero.data.egodex import write_episode
from psizero.data.frames import BadEpisodes
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.psi0_folder import read_psi0_folder
from psizero.model.qwen_picture import network_size
from psizero.model.qwen_prompt import QwenPrompt, load_qwen_tokenizer
from psizero.model.qwen_speaker import QwenSpeaker
from psizero.model.qwen_weights import load_qwen
from psizero.model.tensor_file import read_tensor_names, read_tensors
from psizero.model.token_head import PADDING
from psizero.train import psi0_speaker, psi0_start
from psizero.train.config import OptimizerConfig, PosttrainConfig, PretrainConfig, ScaleConfig
from psizero.train.optimizer import make_optimizer
from psizero.train.posttrain import posttrain
from psizero.train.pretrain import _read, open_clips, pretrain
from psizero.train.psi0_speaker import Psi0Speaker
from psizero.train.token_examples import TokenExamples
from tests.data.test_egodex import recording
from tests.model import psi0_run
from tests.model.small_qwen import their_pixels
from tests.train.test_psi0_stage import write_hugging_face

STILL = AugmentConfig(shift=0, brightness=0.0, contrast=0.0, colour=0.0, state_noise=0.0)


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("people")
    for number in range(2):
        write_episode(root / "stack_cups" / f"{number}.hdf5", recording(seed=number))
    return root


@pytest.fixture(scope="module")
def qwen(tmp_path_factory) -> Path:
    """A Qwen3-VL whose tokenizer knows fourteen words."""
    folder = tmp_path_factory.mktemp("qwen")
    psi0_run.write_tokenizer(folder)
    generator = torch.Generator().manual_seed(6)
    shapes = psi0_run.BACKBONE.shape.shapes()
    save_file(
        {
            name: torch.randn(size, generator=generator) / 4 + float("norm" in name and name.endswith("weight"))
            for name, size in shapes.items()
        },
        folder / "model.safetensors",
    )
    (folder / "config.json").write_text(json.dumps(psi0_run.BACKBONE.to_json()))
    return folder


def settings(people, qwen, out, **changes) -> PretrainConfig:
    plain = {
        "data": (str(people),),
        "size": "psi0",
        "begin_with": qwen,
        "picture": psi0_run.PICTURE_SIZE,
        "steps": 2,
        "batch_size": 2,
        "holdout": 0.5,
        "precision": "float32",
        "vocabulary": 300,
        "logger": "none",
        "augment": STILL,
        "optimizer": OptimizerConfig(learning_rate=1e-2),
    }
    return PretrainConfig(out=out, **{**plain, **changes})


def trained(config, said=None) -> Path:
    pretrain(config, console=Console(file=said or io.StringIO(), width=400))
    return config.out


def speaker_and_examples(config) -> tuple[Psi0Speaker, ActionTokenizer, TokenExamples]:
    config.out.mkdir()
    speaker = Psi0Speaker(config)
    clips = _read(config, speaker, open_clips(config), BadEpisodes(), Console(quiet=True))
    speaker.build(clips.tokenizer)
    return speaker, clips.tokenizer, TokenExamples(config, speaker, clips.tokenizer, clips.training, clips.held_out)


def told(out) -> list[dict]:
    return [json.loads(line) for line in (out / "training" / "metrics.jsonl").read_text().splitlines()]


def test_what_comes_out_is_a_qwen_for_transformers_too_and_an_expert_begins_with_it(
    people, shared_data, tmp_path, monkeypatch
):
    qwen = write_hugging_face(tmp_path / "qwen", shared_data / "tokenizer_qwen")
    said = io.StringIO()
    out = trained(settings(people, qwen, tmp_path / "pre"), said)
    assert f"next: psizero posttrain --size psi0 --begin-with {out} --data" in said.getvalue()
    assert {"held_out_loss", "held_out_accuracy"} <= set(told(out)[-1])
    steps = ActionTokenizer.load(out / "tokenizer")
    words = load_qwen_tokenizer(out)
    first = load_qwen_tokenizer(qwen).get_vocab_size()
    assert words.token_to_id("<|a_0|>") == first, "the first id behind Qwen's own"
    theirs = transformers.AutoTokenizer.from_pretrained(out)
    text = "<|im_start|>assistant\n<|a_3|><|a_299|><|im_end|>"
    assert theirs(text)["input_ids"] == words.encode(text, add_special_tokens=False).ids
    assert len(words.encode("<|a_3|><|a_299|>", add_special_tokens=False).ids) == 2
    rows = json.loads((out / "config.json").read_text())["text_config"]["vocab_size"]
    assert rows % 192 == 0 and 0 <= rows - words.get_vocab_size() < 192
    # two prompts of different lengths at once, against transformers one by one
    prompt = QwenPrompt(words, tokens_per_picture=psi0_run.TOKENS)
    ids = torch.from_numpy(prompt(["stack the cups", "put both of the cups down again, please"]))
    backbone = load_qwen(out, dtype=torch.float32)
    backbone.config = replace(backbone.config, padding_token=prompt.padding)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 1, *network_size(*psi0_run.PICTURE_SIZE), 3), np.uint8)
    answers = torch.tensor([[first + 5, first + 9, first, 151_645], [first + 7, 151_645, PADDING, PADDING]])
    with torch.no_grad():
        ours = QwenSpeaker(backbone)(torch.from_numpy(pictures), ids, answers)
    assert ours.shape == (2, 4, rows), "of answers alone, not of prompts"
    for row, expected in enumerate(their_logits(out, pictures, ids[..., 0], answers, prompt.padding)):
        assert expected.shape[0] > 1
        torch.testing.assert_close(ours[row, : len(expected)], expected, atol=1e-4, rtol=1e-4)
    assert steps.vocabulary == 300
    monkeypatch.setattr(psi0_start, "PAPER_SIZE", replace(psi0_run.EXPERT, positions=200))
    with LeRobotWriter(tmp_path / "data", G1_DEX3) as writer:
        writer.append(synthetic_episode(0, length=8))
    stage = PosttrainConfig(
        data=(str(tmp_path / "data"),),
        out=tmp_path / "stage",
        size="psi0",
        begin_with=out,
        backbone="frozen",
        steps=1,
        batch_size=2,
        holdout=0.0,
        precision="float32",
    )
    posttrain(stage, console=Console(file=io.StringIO()))
    kept = dict(read_tensors(read_psi0_folder(stage.out).tensors))["vlm_model.model.language_model.norm.weight"]
    learned = dict(read_tensors(read_tensor_names(out / "model.safetensors")))["model.language_model.norm.weight"]
    assert torch.equal(kept, learned)


def their_logits(out, pictures, prompts, answers, padding) -> list[torch.Tensor]:
    """Of each example alone, the logits from which transformers would take each word of the answer."""
    model = transformers.Qwen3VLForConditionalGeneration.from_pretrained(out, dtype=torch.float32).eval()
    found = []
    for row in range(len(pictures)):
        prompt, answer = prompts[row][prompts[row] != padding], answers[row][answers[row] != PADDING]
        ids = torch.cat([prompt, answer])[None]
        values, grid = their_pixels(pictures[row])
        given = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "pixel_values": values}
        if not transformers.__version__.startswith("4."):
            given["mm_token_type_ids"] = (ids == model.config.image_token_id).int()
        with torch.no_grad():
            logits = model(**given, image_grid_thw=grid).logits[0]
        found.append(logits[len(prompt) - 1 : -1])
    return found


def test_the_loss_on_one_batch_falls_until_the_step_of_the_hands_is_said_word_for_word(people, qwen, tmp_path):
    speaker, steps, examples = speaker_and_examples(settings(people, qwen, tmp_path / "out"))
    optimizer = make_optimizer(speaker.network, OptimizerConfig(learning_rate=1e-2), speaker.shares)
    losses = []
    for _ in range(80):
        loss = examples.loss(speaker.network, 0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 < 3.0 < losses[0]
    batch = examples._training.batch(0)
    words = examples._words[batch.instruction]
    answers = torch.zeros(2, 0, dtype=torch.long)
    longest = max(map(len, steps.encode(batch.action.numpy()))) + 1
    for _ in range(longest):
        with torch.no_grad():
            guessed = speaker.network(batch.images, words, torch.cat([answers, answers.new_zeros(2, 1)], 1))
        answers = torch.cat([answers, guessed[:, -1:].argmax(-1)], 1)
    (end,) = speaker.end
    first = next(iter(speaker.codes))
    rows = [[word - first for word in row[: row.index(end)]] for row in answers.tolist()]
    np.testing.assert_allclose(steps.decode(rows), batch.action.numpy(), atol=0.00501)


class _Interrupted(Console):
    """A console on which somebody presses Ctrl-C when the first checkpoint is told."""

    def print(self, *objects, **options):
        if "held_out_loss" in str(objects):
            raise KeyboardInterrupt


def state_of(out) -> dict[str, torch.Tensor]:
    (place,) = (out / "training" / "state").iterdir()
    tensors = {}
    for file in place.glob("*.safetensors"):
        tensors |= dict(read_tensors(read_tensor_names(file)))
    return tensors


def test_pretraining_in_two_parts_is_pretraining_in_one_and_all_of_the_network_learns(people, qwen, tmp_path):
    whole, parts = (settings(people, qwen, tmp_path / name, steps=3) for name in ("whole", "parts"))
    trained(whole)
    with pytest.raises(KeyboardInterrupt):
        pretrain(replace(parts, save_minutes=1e-9), console=_Interrupted(file=io.StringIO()))
    trained(replace(parts, resume=True, begin_with=None))
    first, second = state_of(whole.out), state_of(parts.out)
    assert set(first) == set(second) and any(name.startswith("optimizer.") for name in first)
    assert all(torch.equal(second[name], value) for name, value in first.items())
    for name in ("config.json", "tokenizer.json", "steps.json"):
        assert (whole.out / name).read_bytes() == (parts.out / name).read_bytes()
    before = dict(read_tensors(read_tensor_names(qwen / "model.safetensors")))
    alike = {
        name for name, value in before.items() if torch.equal(value, first[f"network.backbone.{name}"][: len(value)])
    }
    # behind the last of three layers nothing looks at pictures any more, so what is added there is for nothing
    assert all(name.startswith("model.visual.deepstack_merger_list.2.") for name in alike)


def test_a_second_pretraining_goes_on_with_the_words_and_the_scale_of_the_first(people, qwen, tmp_path):
    first = trained(settings(people, qwen, tmp_path / "first", steps=1))
    other = tmp_path / "people"
    write_episode(other / "stack_cups" / "7.hdf5", recording(seed=7))
    second = trained(settings(other, first, tmp_path / "second", steps=1, holdout=0.0))
    for name in ("steps.json", "tokenizer/tokenizer.json", "tokenizer.json", "config.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    card = json.loads((second / "card.json").read_text())
    assert card["begun_with"] == {"folder": str(first.resolve())}


def test_a_part_of_a_batch_and_computing_twice_change_nothing(people, qwen, tmp_path):
    at_once = settings(people, qwen, tmp_path / "once", batch_size=4, holdout=0.0, save_minutes=1e-9)
    scale = ScaleConfig(accumulate=2, checkpoint_activations=True)
    in_parts = replace(at_once, out=tmp_path / "parts", scale=scale)
    for expected, found in zip(told(trained(at_once)), told(trained(in_parts)), strict=True):
        assert found["loss"] == pytest.approx(expected["loss"], rel=1e-4)
        assert found["gradient_norm"] == pytest.approx(expected["gradient_norm"], rel=1e-3)


def test_in_bfloat16_weights_stay_float32_and_the_loss_is_nearly_the_same(people, qwen, tmp_path):
    speaker, _, plain = speaker_and_examples(settings(people, qwen, tmp_path / "plain"))
    _, _, rounded = speaker_and_examples(settings(people, qwen, tmp_path / "rounded", precision="bfloat16"))
    loss = rounded.loss(speaker.network, 0)
    loss.backward()
    assert loss.item() == pytest.approx(plain.loss(speaker.network, 0).item(), rel=0.05)
    gradient = speaker.network.backbone.model.visual.patch_embed.proj.weight.grad
    assert gradient is not None and gradient.dtype == torch.float32 and gradient.abs().max() > 0


def test_the_tokenizer_of_the_reference_can_be_named(people, qwen, shared_data, tmp_path):
    theirs = shared_data / "fast_egodex"
    speaker, steps, examples = speaker_and_examples(settings(people, qwen, tmp_path / "out", tokenizer=theirs))
    assert steps.vocabulary == 2048
    said = examples._said(torch.zeros(1, 1, 48), torch.ones(1, 48, dtype=torch.bool))
    assert said.tokens[0].tolist() == [*[speaker.codes[276]] * 12, *speaker.end]


def test_what_it_cannot_do_is_one_line(people, qwen, shared_data, tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match="begins with weights that have learned to see"):
        settings(people, None, tmp_path / "out")
    with pytest.raises(ConfigError, match="begins from nothing; leave --begin-with out, or give --size psi0"):
        settings(people, qwen, tmp_path / "out", size="tiny")
    with pytest.raises(ConfigError, match=r"--scale\.compile does not reach the layers of Qwen3-VL"):
        trained(settings(people, qwen, tmp_path / "out", scale=ScaleConfig(compile=True)))
    chunks = np.random.default_rng(0).uniform(-1, 1, (20, 2, 3))
    ActionTokenizer.fit(chunks, vocabulary=300).save(tmp_path / "other")
    with pytest.raises(ConfigError, match=r"is of 2 x 3 numbers, a step of both hands has 1 x 48"):
        trained(settings(people, qwen, tmp_path / "out", tokenizer=tmp_path / "other"))
    monkeypatch.setattr(psi0_speaker, "processes", lambda: 2)
    with pytest.raises(ConfigError, match="in one process, there are 2; leave torchrun out"):
        trained(settings(people, qwen, tmp_path / "out"))
