import torch
from torch import nn

from psizero.train.average import RunningAverage


def test_the_average_follows_constant_weights_and_smooths_jumps():
    network = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(network.weight)
    average = RunningAverage(network, decay=0.99)
    for step in range(2000):
        nn.init.constant_(network.weight, float(step % 2))
        average.update(network, step)
    assert abs(average.weights()["weight"].item() - 0.5) < 0.01


def test_at_the_start_the_average_forgets_the_initial_weights_quickly():
    network = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(network.weight)
    average = RunningAverage(network, decay=0.999)
    nn.init.ones_(network.weight)
    for step in range(30):
        average.update(network, step)
    assert average.weights()["weight"].item() > 0.95


def test_the_average_is_a_copy():
    network = nn.Linear(1, 1)
    average = RunningAverage(network)
    before = average.weights()["weight"].clone()
    nn.init.constant_(network.weight, 7.0)
    assert torch.equal(average.weights()["weight"], before)
