import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from rich.console import Console

from psizero.data.augment import AugmentConfig
from psizero.data.frames import read_frames
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.data.synthetic import INSTRUCTIONS, synthetic_episode, synthetic_episodes
from psizero.embodiment.layout import G1_DEX3, G1_INSPIRE
from psizero.errors import ConfigError, DataError, LayoutError
from psizero.model.config import config_of_size
from psizero.model.network import FlowNetwork
from psizero.model.policy import Normalizers
from psizero.model.policy_folder import load_policy, read_card
from psizero.train.average import RunningAverage
from psizero.train.config import FinetuneConfig, ObjectiveConfig, OptimizerConfig
from psizero.train.examples import Examples
from psizero.train.finetune import finetune, split_episodes
from psizero.train.optimizer import make_optimizer
from psizero.train.own_trainee import OwnTrainee
from psizero.train.stage import uses_bfloat16


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "synthetic"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in synthetic_episodes(5, length=12):
            writer.append(episode)
    return root


def settings(data, out, **changes):
    plain = {"batch_size": 2, "steps": 2, "holdout": 0.2, "precision": "float32", **changes}
    return FinetuneConfig(data=(data,), out=out, objective=ObjectiveConfig(draws=2), **plain)


def lines(out):
    return [json.loads(line) for line in (out / "training" / "metrics.jsonl").read_text().splitlines()]


def test_a_data_set_becomes_a_policy_that_tells_how_it_was_made(data, tmp_path):
    finetune(settings(data, tmp_path / "policy"))
    policy = load_policy(tmp_path / "policy", layout=G1_DEX3)
    assert policy.config == config_of_size("tiny", state_size=32, action_size=36, cameras=1)
    assert (tmp_path / "policy" / "model.safetensors").stat().st_size < 20e6
    card = read_card(tmp_path / "policy")
    assert card["steps"] == 2 and len(card["held_out"][str(data.resolve())]) == 1
    assert {"loss", "learning_rate", "seconds"} <= set(lines(tmp_path / "policy")[0])
    assert {"held_out_loss", "held_out_error"} <= set(lines(tmp_path / "policy")[-1])


class _Interrupted(Console):
    """A console on which somebody presses Ctrl-C when the first checkpoint is told."""

    def print(self, *objects, **options):
        if "held_out_loss" in str(objects):
            raise KeyboardInterrupt


def test_a_training_in_two_parts_is_the_training_in_one(data, tmp_path):
    whole, parts = (settings(data, tmp_path / name, steps=3) for name in ("whole", "parts"))
    finetune(whole)
    # Ctrl-C right after the first checkpoint: the second and third step are those of another run.
    often = replace(parts, save_minutes=1e-9)
    with pytest.raises(KeyboardInterrupt):
        finetune(often, console=_Interrupted(file=io.StringIO()))
    finetune(replace(parts, resume=True))
    first, second = (load_policy(config.out).network.state_dict() for config in (whole, parts))
    for name, value in first.items():
        assert torch.equal(second[name], value)


def test_a_streamed_training_in_two_parts_is_the_training_in_one_whatever_memory_the_second_part_has(data, tmp_path):
    whole, parts = (settings(data, tmp_path / name, steps=4, batch_size=7, memory=1e-3) for name in ("whole", "parts"))
    finetune(whole)
    with pytest.raises(KeyboardInterrupt):
        finetune(replace(parts, save_minutes=1e-9), console=_Interrupted(file=io.StringIO()))
    finetune(replace(parts, resume=True, memory=None))
    first, second = (load_policy(config.out).network.state_dict() for config in (whole, parts))
    assert all(torch.equal(second[name], value) for name, value in first.items())


def test_a_damaged_episode_is_refused_before_the_first_step_or_told_and_left_out(tmp_path):
    root = tmp_path / "data"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=8):
            writer.append(episode)
    video = sorted(root.rglob("*.mp4"))[1]
    video.write_bytes(video.read_bytes()[:900])
    parquet = sorted((root / "data").rglob("*.parquet"))[2]
    parquet.write_bytes(parquet.read_bytes()[:300])
    for memory in (None, 1e-3):
        out = tmp_path / f"refused-{memory}"
        with pytest.raises(DataError, match=r"file-00\d\.\w+ .*--on-bad-episode skip"):
            finetune(settings(root, out, holdout=0.0, memory=memory))
        assert not (out / "model.safetensors").exists()
    said = io.StringIO()
    console = Console(file=said, width=400)
    finetune(settings(root, tmp_path / "policy", holdout=0.0, on_bad_episode="skip", memory=1e-3), console=console)
    assert all(f"left out: {kind}" in said.getvalue() for kind in (f"video {video}", str(parquet)))
    load_policy(tmp_path / "policy")


def first_loss(out):
    return lines(out)[0]["loss"]


def test_a_training_that_begins_with_a_policy_begins_where_that_one_ended(data, tmp_path):
    finetune(settings(data, tmp_path / "before", steps=10, batch_size=4))
    finetune(settings(data, tmp_path / "anew", steps=1, batch_size=4))
    said = io.StringIO()
    begun = settings(data, tmp_path / "begun", steps=1, batch_size=4, begin_with=tmp_path / "before")
    finetune(begun, console=Console(file=said, width=400))
    assert first_loss(tmp_path / "begun") < 0.8 * first_loss(tmp_path / "anew")
    count = len(load_policy(tmp_path / "before").network.state_dict())
    assert f"begins with {count} of {count} weights from {tmp_path / 'before'}\n" in said.getvalue()
    assert len(read_card(tmp_path / "begun")["begun_with"]["taken"]) == count


def test_resuming_what_began_with_a_policy_goes_on_exactly_and_remembers_it(data, tmp_path):
    finetune(settings(data, tmp_path / "before", steps=1))
    whole, parts = (settings(data, tmp_path / n, steps=3, begin_with=tmp_path / "before") for n in ("whole", "parts"))
    finetune(whole)
    with pytest.raises(KeyboardInterrupt):
        finetune(replace(parts, save_minutes=1e-9), console=_Interrupted(file=io.StringIO()))
    finetune(replace(parts, resume=True, begin_with=None))
    first, second = (load_policy(config.out).network.state_dict() for config in (whole, parts))
    assert all(torch.equal(second[name], value) for name, value in first.items())
    assert read_card(parts.out)["begun_with"] == read_card(whole.out)["begun_with"]


def test_resuming_and_beginning_are_two_things(data, tmp_path):
    with pytest.raises(ConfigError, match="leave --begin-with out"):
        settings(data, tmp_path, resume=True, begin_with=tmp_path)


def test_a_training_that_is_done_has_nothing_to_do(data, tmp_path):
    out, said = tmp_path / "policy", io.StringIO()
    finetune(settings(data, out))
    finetune(settings(data, out, resume=True), console=Console(file=said, width=200))
    assert "nothing to do" in said.getvalue()


def test_what_is_there_is_not_overwritten_and_what_is_not_there_cannot_be_resumed(data, tmp_path):
    with pytest.raises(ConfigError, match="no training to resume"):
        finetune(settings(data, tmp_path / "policy", resume=True))
    finetune(settings(data, tmp_path / "policy"))
    with pytest.raises(ConfigError, match="already holds a policy"):
        finetune(settings(data, tmp_path / "policy"))
    with pytest.raises(ConfigError, match="batch_size 2, not 4"):
        finetune(settings(data, tmp_path / "policy", resume=True, batch_size=4))


def test_a_data_set_that_has_grown_is_not_resumed_because_other_episodes_would_be_kept_apart(tmp_path):
    root, out = tmp_path / "growing", tmp_path / "policy"
    for count in (3, 5):
        with LeRobotWriter(root, G1_DEX3) as writer:
            for seed in range(writer.episode_count, count):
                writer.append(synthetic_episode(seed, length=8))
        if count == 3:
            finetune(settings(root, out))
    with pytest.raises(ConfigError, match="episodes 3, not 5"):
        finetune(settings(root, out, steps=4, resume=True))


@pytest.mark.parametrize(
    ("layout", "task", "expected"),
    [(G1_DEX3, "hug_box", "--task hug_box"), (G1_DEX3, None, "--open-loop"), (G1_INSPIRE, "hug_box", "--open-loop")],
)
def test_the_command_to_type_next_measures_what_was_learned(tmp_path, layout, task, expected):
    episode = synthetic_episode(0, length=8, layout=layout)
    with LeRobotWriter(tmp_path / "data", layout) as writer:
        writer.append(episode if task is None else replace(episode, info={"task": task}))
    said = io.StringIO()
    finetune(settings(tmp_path / "data", tmp_path / "policy", steps=1), console=Console(file=said, width=400))
    assert f"next: psizero evaluate --policy {tmp_path / 'policy'} {expected}" in said.getvalue()


@pytest.mark.parametrize(("precision", "expected"), [("auto", False), ("float32", False), ("bfloat16", True)])
def test_a_torch_that_does_not_know_its_processor_computes_in_float32(monkeypatch, precision, expected):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert uses_bfloat16(precision) is expected


def test_a_missing_data_set_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        finetune(settings(tmp_path / "nowhere", tmp_path / "policy"))
    assert not (tmp_path / "policy").exists()


def test_data_sets_of_two_robots_are_refused(data, tmp_path):
    other = tmp_path / "inspire"
    with LeRobotWriter(other, G1_INSPIRE) as writer:
        writer.append(synthetic_episode(0, length=3, layout=G1_INSPIRE))
    with pytest.raises(LayoutError, match="inspire"):
        split_episodes([LeRobotDataset(data), LeRobotDataset(other)], 0.0, 0)


def test_held_out_episodes_are_a_seeded_share_that_is_never_learned_from(data):
    dataset = LeRobotDataset(data)
    split = split_episodes([dataset], 0.4, seed=1)
    training, held_out = ({index for _, index in part} for part in (split.training, split.held_out))
    assert len(held_out) == 2 and training | held_out == set(range(5)) and not training & held_out
    assert split_episodes([dataset], 0.4, seed=1) == split
    assert any(split_episodes([dataset], 0.4, seed=seed) != split for seed in range(2, 6))


class _Mirrored:
    """Synthetic episodes in both wordings: the picture is the same, the words decide the sign."""

    layout = G1_DEX3

    def read(self, index, *, image_size=None, cameras=None):
        episode = synthetic_episode(2 * (index // 2), length=20, image_size=image_size or (32, 48))
        if index % 2 == 0:
            return episode
        return replace(episode, instruction=INSTRUCTIONS[1], action=-episode.action, state=-episode.state)


def test_it_learns_to_look_and_to_listen():
    frames = read_frames([(_Mirrored(), index) for index in range(8)])
    small = config_of_size("tiny", state_size=32, action_size=36, cameras=1)
    small = replace(small, image_height=32, image_width=48, width=32, expert_layers=1, channels=(16, 16), keypoints=8)
    normalizers = Normalizers(
        state=Normalizer.from_stats(vector_stats(frames.state)),
        action=Normalizer.from_stats(vector_stats(frames.action)),
    )
    config = FinetuneConfig(
        data=(Path("unused"),),
        out=Path("unused"),
        batch_size=24,
        precision="float32",
        objective=ObjectiveConfig(draws=1, blind=1.0),  # the state would tell
        augment=AugmentConfig(shift=0),
    )
    torch.manual_seed(0)
    network = FlowNetwork(small)
    examples = Examples(config, OwnTrainee(network, G1_DEX3, normalizers), frames, frames)
    average, optimizer = RunningAverage(network), make_optimizer(network, OptimizerConfig())
    before = examples.measure(average)["held_out_error"]
    for step in range(300):
        loss = examples.loss(network, step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average.update(network, step)
    assert before > 0.4
    assert examples.measure(average)["held_out_error"] < 0.2, "half of the instructions ignored would be 0.4 or more"
