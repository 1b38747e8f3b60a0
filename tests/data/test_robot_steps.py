"""A humanoid's recordings as steps of its hands."""

import numpy as np
import pytest

from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.robot_steps import RobotSteps, open_steps
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.g1_hands import KNOWN, hands_of_g1
from psizero.embodiment.hand_space import hands_and_steps
from psizero.embodiment.layout import G1_DEX3, G1_INSPIRE, HUMAN_STEPS
from psizero.errors import DataError, LayoutError


def recorded(root, layout=G1_DEX3, length=8):
    with LeRobotWriter(root, layout) as writer:
        writer.append(synthetic_episode(0, layout=layout, length=length))
    return LeRobotDataset(root)


def test_a_frame_is_followed_by_the_step_of_the_next_tenth_of_a_second(tmp_path):
    episode = recorded(tmp_path).read(0)
    steps = open_steps(tmp_path)
    read = steps.read(0, image_size=(24, 32))
    assert steps.layout is HUMAN_STEPS and len(read) == len(episode) - 3
    state, action = hands_and_steps(*hands_of_g1(episode.state), 3)
    np.testing.assert_array_equal(read.action[:, KNOWN], action[:, KNOWN])
    np.testing.assert_array_equal(read.state[:, KNOWN], state[:, KNOWN])
    assert not read.action[:, ~KNOWN].any() and not read.state[:, ~KNOWN].any()
    assert read.images["head"].shape == (len(read), 24, 32, 3)
    assert steps.read(0, cameras=()).images == {}
    assert steps.fingerprint(0) == LeRobotDataset(tmp_path).fingerprint(0)


def test_another_body_and_a_recording_without_a_step_are_refused(tmp_path):
    with pytest.raises(LayoutError, match="learns from EgoDex and from a G1 with Dex3 hands"):
        RobotSteps(recorded(tmp_path / "inspire", G1_INSPIRE), root=tmp_path)
    with pytest.raises(DataError, match="has 3 frames, expected more than 3"):
        RobotSteps(recorded(tmp_path / "short", length=3), root=tmp_path).read(0)
