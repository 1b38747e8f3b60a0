import numpy as np
import pytest
import torch

from psizero.control.locomotion import LocomotionPolicy, PolicyCard, TrainingRecord
from psizero.control.lower_body import FRAME_SIZE, HISTORY
from psizero.embodiment.g1 import G1
from psizero.errors import PolicyError
from psizero.rl.actor_critic import ActorCritic
from psizero.rl.export_onnx import export, largest_difference, restore_actor
from psizero.rl.symmetry import Mirror


@pytest.fixture
def network() -> ActorCritic:
    torch.manual_seed(0)
    network = ActorCritic(HISTORY * FRAME_SIZE, 10, 15, Mirror(G1))
    with torch.no_grad():
        network.actor.network[-1].weight *= 100
    return network


def test_the_file_answers_as_the_network_and_knows_where_it_comes_from(network, tmp_path):
    path = tmp_path / "policy.onnx"
    record = TrainingRecord(command="psizero locomotion train", seed=3, steps=1000, commit="abc")
    export(network, path, PolicyCard.made_here(G1, training=record, measured={"falls": 0}), G1)
    policy = LocomotionPolicy.load(path, G1)
    assert largest_difference(network, policy, count=256, seed=1) < 1e-5
    assert (policy.card.training, policy.card.measured) == (record, {"falls": 0})
    assert path.stat().st_size <= 2e6
    assert [item.name for item in tmp_path.iterdir()] == ["policy.onnx"]


def test_a_network_of_broken_weights_is_not_exported_and_the_old_file_stays(network, tmp_path):
    path = tmp_path / "policy.onnx"
    export(network, path, PolicyCard.made_here(G1), G1)
    before = path.read_bytes()
    with torch.no_grad():
        network.actor.network[0].weight[0, 0] = np.nan
    with pytest.raises(PolicyError, match="finite weights"):
        export(network, path, PolicyCard.made_here(G1), G1)
    assert path.read_bytes() == before


def test_an_actor_comes_back_from_its_file(network, tmp_path):
    path = tmp_path / "policy.onnx"
    card = PolicyCard.made_here(G1, training=TrainingRecord(steps=7))
    export(network, path, card, G1)
    other = ActorCritic(HISTORY * FRAME_SIZE, 10, 15, Mirror(G1))
    assert restore_actor(other, path, G1) == card
    for mine, theirs in zip(other.actor.parameters(), network.actor.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0)


def test_a_file_of_another_network_is_refused(network, tmp_path):
    path = tmp_path / "policy.onnx"
    network.actor.network[0] = torch.nn.Linear(HISTORY * FRAME_SIZE, 64)
    network.actor.network[2] = torch.nn.Linear(64, 256)
    export(network, path, PolicyCard.made_here(G1), G1)
    other = ActorCritic(HISTORY * FRAME_SIZE, 10, 15, Mirror(G1))
    with pytest.raises(PolicyError, match=r"shape \(64, 558\) as weight of layer 0, \(256, 558\) expected"):
        restore_actor(other, path, G1)
