"""The plain DiT: as large as MM-DiT, with an observation that its layers leave as it is."""

from dataclasses import replace

import torch

from psizero.model.action_expert import ActionExpert
from psizero.model.config import SIZES
from psizero.model.network import FlowNetwork
from tests.model.small_network import SMALL, observation_batch

NAIVE = replace(SMALL, expert="naive_dit")


def moved_expert() -> ActionExpert:
    """An expert in which nothing is zero any more, so that every path carries something."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        expert = ActionExpert(NAIVE)
        with torch.no_grad():
            for parameter in expert.parameters():
                parameter.add_(0.1 * torch.randn_like(parameter))
    return expert.eval()


def estimate(expert, context, mask, noisy):
    shown = expert.show(context, mask, torch.ones(len(context), NAIVE.width))
    return expert.estimate(noisy, torch.full(noisy.shape[:2], 0.5), shown)


def test_it_has_as_many_weights_as_mm_dit():
    counts = {}
    for name in ("tiny", "tiny_naive"):
        network = ActionExpert(SIZES[name])
        counts[name] = sum(parameter.numel() for parameter in network.parameters())
    assert abs(counts["tiny_naive"] / counts["tiny"] - 1) < 0.01


def test_actions_see_each_other_and_the_context_but_no_padding():
    expert = moved_expert()
    generator = torch.Generator().manual_seed(1)
    context = torch.randn(1, 5, NAIVE.width, generator=generator)
    noisy = torch.randn(1, NAIVE.chunk, NAIVE.action_size, generator=generator)
    mask = torch.tensor([[True, True, True, True, False]])
    plain = estimate(expert, context, mask, noisy)
    for place, seen in ((0, True), (4, False)):
        other = context.clone()
        other[:, place] *= -1.0
        assert ((estimate(expert, other, mask, noisy) - plain).abs().max() > 1e-4) == seen
    other = noisy.clone()
    other[:, 0] += 1.0
    assert (estimate(expert, context, mask, other) - plain)[:, -1].abs().max() > 1e-4


def test_no_layer_changes_the_observation():
    expert = moved_expert()
    context, mask = torch.randn(1, 5, NAIVE.width), torch.ones(1, 5, dtype=torch.bool)
    for block in expert.context_blocks:
        assert block(context, mask)[0] is context


def test_a_network_with_it_learns_and_samples():
    network = FlowNetwork(NAIVE)
    batch = observation_batch()
    shown = network.encode(batch["images"], batch["words"], batch["state"])
    chunk = network.sample(shown, torch.randn(3, NAIVE.chunk, NAIVE.action_size))
    assert chunk.shape == (3, NAIVE.chunk, NAIVE.action_size)
    estimated = network.expert.estimate(chunk.detach(), torch.full(chunk.shape[:2], 0.5), shown)
    (estimated - 1).square().sum().backward()
    head = network.expert.head.weight.grad
    assert head is not None and head.abs().sum() > 0
