"""A backbone learns from video of people, and what it has learned reaches the stages behind it."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from rich.console import Console

pytest.importorskip("tokenizers", reason="needs the extra qwen: pip install psizero[qwen]")
pytest.importorskip("h5py", reason="needs the extra human: pip install psizero[human]")

from psizero.data.egodex import EgoDexClip, write_episode
from psizero.data.egodex_source import EgoDexSteps
from psizero.data.frames import BadEpisodes
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.g1_hands import KNOWN
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError, PolicyError
from psizero.model.action_tokenizer import ActionTokenizer
from psizero.model.policy_folder import load_policy, read_card, read_stage
from psizero.model.tiny_backbone import TinyBackbone
from psizero.model.token_head import PADDING, TokenHead
from psizero.train.config import FinetuneConfig, ObjectiveConfig, PosttrainConfig, PretrainConfig, ScaleConfig
from psizero.train.finetune import finetune
from psizero.train.own_speaker import OwnSpeaker
from psizero.train.posttrain import posttrain
from psizero.train.pretrain import _read, open_clips, pretrain
from psizero.train.stage import seeded
from psizero.train.token_examples import TokenExamples
from tests.data.test_egodex import COUNT, recording


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    root = tmp_path_factory.mktemp("people")
    for number in range(2):
        write_episode(root / "stack_cups" / f"{number}.hdf5", recording(seed=number))
    return root


def settings(people, out, **changes):
    plain = {"steps": 2, "batch_size": 2, "holdout": 0.5, "precision": "float32", "vocabulary": 300}
    return PretrainConfig(data=(str(people),), out=out, **{**plain, **changes})


class _Interrupted(Console):
    """A console on which somebody presses Ctrl-C when the first checkpoint is told."""

    def print(self, *objects, **options):
        if "held_out_loss" in str(objects):
            raise KeyboardInterrupt


def test_the_three_stages_feed_each_other(people, tmp_path):
    with LeRobotWriter(tmp_path / "data", G1_DEX3) as writer:
        writer.append(synthetic_episode(0, length=8))
    said = io.StringIO()
    console = Console(file=said, width=400)
    few = {"steps": 1, "batch_size": 2, "holdout": 0.0, "precision": "float32", "objective": ObjectiveConfig(draws=1)}
    pretrain(settings(people, tmp_path / "pre"), console=console)
    assert f"next: psizero posttrain --begin-with {tmp_path / 'pre'} --data" in said.getvalue()
    backbone = read_stage(tmp_path / "pre")[1]
    assert backbone and all(name.startswith("backbone.") for name in backbone)
    with pytest.raises(PolicyError, match="no policy yet"):
        load_policy(tmp_path / "pre")
    after = PosttrainConfig(
        data=(str(tmp_path / "data"),),
        out=tmp_path / "post",
        begin_with=tmp_path / "pre",
        backbone="frozen",
        **few,
    )
    posttrain(after, console=console)
    assert "whose layout is 'human_steps' instead of 'g1_dex3'; anew: blind_state, state, straight, expert\n" in (
        said.getvalue()
    )
    trained = load_policy(tmp_path / "post").network.state_dict()
    assert all(torch.equal(trained[name], value) for name, value in backbone.items())
    task = FinetuneConfig(data=(tmp_path / "data",), out=tmp_path / "task", begin_with=tmp_path / "post", **few)
    finetune(task, console=console)
    assert read_card(tmp_path / "task")["begun_with"]["anew"] == []


def test_pretraining_in_two_parts_is_pretraining_in_one(people, tmp_path):
    whole, parts = (settings(people, tmp_path / name, steps=3) for name in ("whole", "parts"))
    pretrain(whole)
    with pytest.raises(KeyboardInterrupt):
        pretrain(replace(parts, save_minutes=1e-9), console=_Interrupted(file=io.StringIO()))
    pretrain(replace(parts, resume=True))
    first, second = (read_stage(config.out)[1] for config in (whole, parts))
    assert all(torch.equal(second[name], value) for name, value in first.items())
    untrained = seeded(whole.seed, lambda: TinyBackbone(read_stage(whole.out)[0].config)).state_dict()
    for name in ("stem.to_quarter.0.weight", "words.pieces.weight"):  # eyes and ears, at the far end from the head
        assert (first[f"backbone.{name}"] - untrained[name]).abs().max() > 1e-3  # rounding to float16 is less


def test_a_batch_learned_from_in_parts_is_the_batch_learned_from_at_once(people, tmp_path):
    def told(out):
        return [json.loads(line) for line in (out / "training" / "metrics.jsonl").read_text().splitlines()]

    at_once = settings(people, tmp_path / "once", batch_size=4, holdout=0.0, save_minutes=1e-9)
    in_parts = replace(at_once, out=tmp_path / "parts", scale=ScaleConfig(accumulate=4))
    pretrain(at_once)
    pretrain(in_parts)
    for expected, found in zip(told(at_once.out), told(in_parts.out), strict=True):
        assert found["loss"] == pytest.approx(expected["loss"], abs=1e-5)
        assert found["gradient_norm"] == pytest.approx(expected["gradient_norm"], rel=1e-4)


def test_a_frame_is_followed_by_the_step_of_its_chunk(people):
    source = EgoDexSteps(people)
    episode = source.read(0)
    assert len(episode) == COUNT - 3
    clip = EgoDexClip(people / source.names[0])
    for frame in (0, 5, COUNT - 4):
        chunk = clip.chunk(frame, 1)
        np.testing.assert_allclose(episode.state[frame], chunk.now, atol=1e-5)
        np.testing.assert_allclose(episode.action[frame], chunk.steps[0], atol=1e-5)


def test_a_clip_that_is_no_longer_than_a_step_is_named(tmp_path):
    short = recording()
    poses = {name: value[:3] for name, value in short.transforms.items()}
    sure = {name: value[:3] for name, value in short.confidences.items()}
    write_episode(tmp_path / "task" / "0.hdf5", recording(transforms=poses, confidences=sure, frames=short.frames[:3]))
    with pytest.raises(DataError, match=r"0\.hdf5 has 3 frames, expected more than 3"):
        EgoDexSteps(tmp_path).read(0)


def test_a_token_is_guessed_from_those_before_it_and_from_the_context():
    head = TokenHead(width=16, heads=2, vocabulary=10, longest=6).eval()
    context, mask = torch.randn(1, 4, 16), torch.tensor([[True, True, True, False]])
    tokens = torch.tensor([[1, 2, 3, 4]])
    plain = head(context, mask, tokens)
    later = head(context, mask, torch.tensor([[1, 2, 9, PADDING]]))
    assert torch.allclose(plain[:, :3], later[:, :3], atol=1e-6), "nothing may be seen of itself or of what follows"
    assert not torch.allclose(plain[:, 3], later[:, 3], atol=1e-3)
    seen, hidden = context.clone(), context.clone()
    seen[:, 0], hidden[:, 3] = 3.0, 3.0
    assert not torch.allclose(plain, head(seen, mask, tokens), atol=1e-3)
    assert torch.allclose(plain, head(hidden, mask, tokens), atol=1e-6)


def test_the_tokenizer_of_the_stage_says_the_steps_it_was_fitted_to(people, tmp_path):
    pretrain(settings(people, tmp_path / "pre", steps=1, holdout=0.0))
    tokenizer = ActionTokenizer.load(tmp_path / "pre" / "tokenizer")
    steps = read_stage(tmp_path / "pre")[0].normalizers.action.normalize(EgoDexSteps(people).read(0).action)[:, None]
    np.testing.assert_allclose(tokenizer.decode(tokenizer.encode(steps)), steps, atol=0.00501)


@pytest.fixture(scope="module")
def robot(tmp_path_factory):
    root = tmp_path_factory.mktemp("robot") / "data"
    with LeRobotWriter(root, G1_DEX3) as writer:
        writer.append(synthetic_episode(0, length=20))
        writer.append(synthetic_episode(1, length=20))
    return root


def test_a_backbone_learns_from_people_and_a_humanoid_in_shares(people, robot, tmp_path):
    said = io.StringIO()
    config = replace(settings(people, tmp_path / "pre", steps=3, batch_size=4), data=(f"{people}=1:0", f"{robot}=0:1"))
    pretrain(config, console=Console(file=said, width=400))
    assert "held_out_loss" in said.getvalue()
    parts, _ = read_stage(tmp_path / "pre")
    assert parts.layout.name == "human_steps"
    held_out = read_card(tmp_path / "pre")["held_out"]
    assert len(held_out) == 2, "a clip of each is kept apart"
    with pytest.raises(ConfigError, match="trained with steps 3"):
        pretrain(replace(config, steps=4, resume=True))


def test_nothing_is_learned_from_tokens_that_speak_of_fingers_alone_that_a_robot_lacks(people, robot, tmp_path):
    config = replace(settings(people, tmp_path / "pre"), data=(str(people), str(robot)))
    config.out.mkdir()
    speaker = OwnSpeaker(config)
    clips = _read(config, speaker, open_clips(config), BadEpisodes(), Console(quiet=True))
    speaker.build(clips.tokenizer)
    examples = TokenExamples(config, speaker, clips.tokenizer, clips.training, clips.held_out)
    action = torch.rand(2, 1, 48) * 2 - 1
    known = torch.from_numpy(np.stack([np.ones(48, bool), KNOWN]))
    said = examples._said(action, known)
    assert torch.equal(said.learned[0], said.tokens[0])
    spans = clips.tokenizer.spans(action.numpy())[1]
    for place, (first, end) in enumerate(spans):
        expected = said.tokens[1, place] if KNOWN[first:end].any() else PADDING
        assert said.learned[1, place] == expected
    assert 0 < sum(not KNOWN[first:end].any() for first, end in spans) <= 24
