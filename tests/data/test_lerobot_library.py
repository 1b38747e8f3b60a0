"""The lerobot library reads what we write, and we read what it writes.

Needs lerobot in an environment of its own (tried: 0.4.4, the last for Python 3.11);
PSIZERO_LEROBOT is the path of that environment's Python.
"""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3

PEER = Path(__file__).with_name("lerobot_peer.py")
LENGTHS = (12, 9, 15)


@pytest.fixture
def peer():
    python = os.environ.get("PSIZERO_LEROBOT")
    if not python:
        pytest.skip("needs the lerobot library; PSIZERO_LEROBOT names the Python of an environment that has it")

    def run(*arguments):
        offline = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": ""}
        done = subprocess.run([python, str(PEER), *map(str, arguments)], env=offline, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]

    return run


@pytest.fixture
def episodes():
    plain = [synthetic_episode(seed, length=length, image_size=(96, 128)) for seed, length in enumerate(LENGTHS)]
    return [replace(episode, images={"head": flickering(episode.images["head"])}) for episode in plain]


def flickering(pictures):
    """Each picture darker or brighter than its neighbours by 27 at least: more than a codec takes or adds."""
    light = 37 * np.arange(len(pictures)) % 64
    return np.clip(pictures.astype(int) // 2 + light[:, None, None, None], 0, 255).astype(np.uint8)


def assert_within_codec_error(shown, recorded):
    shown = shown.astype(int)
    own = np.abs(shown - recorded).mean(axis=(1, 2, 3))
    assert own.max() < 3
    # Each picture is that of its own frame, not of the one before or after.
    for mine, other in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1))):
        assert (own[mine] < 0.5 * np.abs(shown[mine] - recorded[other]).mean(axis=(1, 2, 3))).all()


def test_the_library_reads_our_data_set_to_the_last_bit(tmp_path, peer, episodes):
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        for episode in episodes:
            writer.append(episode)
    peer("read", tmp_path / "set", tmp_path / "seen.npz")
    seen = np.load(tmp_path / "seen.npz")
    np.testing.assert_array_equal(seen["state"], np.concatenate([e.state for e in episodes]))
    np.testing.assert_array_equal(seen["action"], np.concatenate([e.action for e in episodes]))
    assert seen["episode"].tolist() == np.repeat(range(3), LENGTHS).tolist()
    assert seen["task"].tolist() == np.repeat([e.instruction for e in episodes], LENGTHS).tolist()
    np.testing.assert_allclose(seen["mean"], seen["action"].mean(0), atol=1e-6)
    assert_within_codec_error(seen["pictures"], np.concatenate([e.images["head"] for e in episodes]))


def test_we_read_a_data_set_of_the_library_to_the_last_bit(tmp_path, peer, episodes):
    np.savez(
        tmp_path / "made.npz",
        state=np.concatenate([e.state for e in episodes]),
        action=np.concatenate([e.action for e in episodes]),
        pictures=np.concatenate([e.images["head"] for e in episodes]),
        episode=np.repeat(range(3), LENGTHS),
        task=np.repeat([e.instruction for e in episodes], LENGTHS),
    )
    peer("write", tmp_path / "set", tmp_path / "made.npz")
    dataset = LeRobotDataset(tmp_path / "set")
    assert (dataset.version, dataset.layout) == ("v3.0", G1_DEX3)
    for index, expected in enumerate(episodes):
        episode = dataset.read(index)
        np.testing.assert_array_equal(episode.state, expected.state)
        np.testing.assert_array_equal(episode.action, expected.action)
        assert episode.instruction == expected.instruction
        assert_within_codec_error(episode.images["head"], expected.images["head"])
