"""Training from kept features takes the same steps as through the backbone, and stale features are never read."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from psizero.data.augment import AugmentConfig
from psizero.data.frames import BadEpisodes, read_frames
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.normalize import Normalizer
from psizero.data.stats import vector_stats
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError
from psizero.model.config import config_of_size
from psizero.model.network import FlowNetwork
from psizero.model.policy import Normalizers
from psizero.train.average import RunningAverage
from psizero.train.config import FinetuneConfig, ObjectiveConfig
from psizero.train.examples import Examples
from psizero.train.optimizer import make_optimizer
from psizero.train.own_trainee import OwnTrainee

MODEL = replace(
    config_of_size("tiny", state_size=32, action_size=36, cameras=1),
    image_height=32,
    image_width=48,
    width=32,
    expert_layers=1,
    channels=(16, 16),
    keypoints=8,
)
STILL = AugmentConfig(shift=0, brightness=0.0, contrast=0.0, colour=0.0)
"""Pictures as recorded; states are disturbed all the same."""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "synthetic"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=9):
            writer.append(episode)
    return root


def network_of(seed=0):
    torch.manual_seed(seed)
    network = FlowNetwork(MODEL)
    network.backbone.requires_grad_(False)
    return network


def examples(root, network, *, features=None, precision="float32", bad="refuse", tell=lambda text: None):
    data = LeRobotDataset(root)
    frames, held_out = (read_frames([(data, index) for index in part]) for part in ((0, 1), (2,)))
    config = FinetuneConfig(
        data=(root,),
        out=root,
        batch_size=6,
        precision=precision,
        augment=STILL,
        backbone="frozen",
        begin_with=root,
        features=features,
        objective=ObjectiveConfig(draws=2),
    )
    normalizers = Normalizers(
        state=Normalizer.from_stats(vector_stats(frames.state)),
        action=Normalizer.from_stats(vector_stats(frames.action)),
    )
    trainee = OwnTrainee(network, G1_DEX3, normalizers)
    return Examples(config, trainee, frames, held_out, bad=BadEpisodes(bad, tell))


def curve(root, steps=12, **options):
    """Return the losses of a training, and the held-out figures after it."""
    network = network_of()
    learned = examples(root, network, **options)
    optimizer = make_optimizer(network, FinetuneConfig(data=(root,), out=root).optimizer)
    losses = []
    for step in range(steps):
        loss = learned.loss(network, step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, learned.measure(RunningAverage(network))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_loss_curve_is_that_of_training_through_the_backbone(root, tmp_path, precision):
    through, measured = curve(root, precision=precision)
    kept, measured_kept = curve(root, precision=precision, features=tmp_path / "features")
    np.testing.assert_allclose(kept, through, atol=1e-5 if precision == "float32" else 5e-3)
    assert abs(kept[0] - kept[-1]) > 0.01, "nothing was learned"
    assert measured_kept["held_out_loss"] == pytest.approx(measured["held_out_loss"], abs=1e-3)
    assert measured_kept["held_out_error"] == pytest.approx(measured["held_out_error"], abs=1e-2)


def times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_features_are_computed_once_and_again_only_for_other_weights_words_pictures_or_sizes(root, tmp_path):
    folder = tmp_path / "features"
    examples(root, network_of(), features=folder)
    first = times(folder)
    assert len(first) == 3
    examples(root, network_of(), features=folder)
    assert times(folder) == first, "what is there was computed again"
    examples(root, network_of(seed=1), features=folder)
    assert len(times(folder)) == 6
    examples(root, network_of(), features=folder, precision="bfloat16")
    assert len(times(folder)) == 9
    other = tmp_path / "other"
    with LeRobotWriter(other, G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=9):
            pictures = {camera: 255 - frames for camera, frames in episode.images.items()}
            writer.append(replace(episode, images=pictures))
    examples(other, network_of(), features=folder)
    assert len(times(folder)) == 12, "other pictures in files of the same names"
    with LeRobotWriter(tmp_path / "told", G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=9):
            writer.append(replace(episode, instruction="do something else"))
    examples(tmp_path / "told", network_of(), features=folder)
    assert len(times(folder)) == 15, "other words to the same pictures"


def test_a_torn_file_is_computed_again_and_one_that_vanishes_is_named(root, tmp_path):
    folder = tmp_path / "features"
    examples(root, network_of(), features=folder)
    path = min(folder.iterdir())
    content = path.read_bytes()
    path.write_bytes(content[:-7])
    network = network_of()
    learned = examples(root, network, features=folder)
    assert path.read_bytes() == content
    for each in folder.iterdir():
        each.unlink()
    with pytest.raises(DataError, match=r"\.npy was removed or cut"):
        learned.loss(network, 0)


def test_an_episode_that_cannot_be_read_is_refused_or_left_out(tmp_path):
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=9):
            writer.append(episode)
    video = sorted((tmp_path / "set").rglob("*.mp4"))[1]
    video.write_bytes(video.read_bytes()[:500])
    with pytest.raises(DataError, match="--on-bad-episode skip"):
        examples(tmp_path / "set", network_of(), features=tmp_path / "features")
    told: list[str] = []
    network = network_of()
    options = {"features": tmp_path / "features", "bad": "skip", "tell": told.append}
    learned = examples(tmp_path / "set", network, **options)
    assert len(told) == 1 and video.name in told[0]
    assert all(np.isfinite(learned.loss(network, step).item()) for step in range(4))


def test_features_need_a_backbone_that_stays(root, tmp_path):
    with pytest.raises(ConfigError, match="give --backbone frozen"):
        FinetuneConfig(data=(root,), out=tmp_path, features=tmp_path)
