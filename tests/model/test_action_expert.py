from dataclasses import replace

import pytest
import torch

from psizero.model.action_expert import ActionExpert
from psizero.model.flow import euler_schedule
from tests.model.small_network import SMALL, small_network


def shown_context(expert, seed=0, count=2, tokens=7):
    generator = torch.Generator().manual_seed(seed)
    context = torch.randn(count, tokens, SMALL.width, generator=generator)
    mask = torch.ones(count, tokens, dtype=torch.bool)
    summary = torch.randn(count, SMALL.width, generator=generator)
    return expert.show(context, mask, summary)


def noisy_chunk(seed=5, count=2):
    return torch.randn(count, SMALL.chunk, SMALL.action_size, generator=torch.Generator().manual_seed(seed))


def test_a_fresh_expert_estimates_the_middle_of_every_range():
    expert = ActionExpert(SMALL)
    estimate = expert.estimate(noisy_chunk(), torch.rand(2, SMALL.chunk), shown_context(expert))
    assert torch.equal(estimate, torch.zeros(2, SMALL.chunk, SMALL.action_size))


def test_flow_time_modulates_each_token_by_its_own_value():
    expert = small_network().expert
    for block in expert.action_blocks:  # without looking at each other, tokens can differ by their own time alone
        torch.nn.init.zeros_(block.attention.out.weight)
    shown, noisy = shown_context(expert), noisy_chunk()
    sigma = torch.full((2, SMALL.chunk), 0.5)
    changed = sigma.clone()
    changed[0, 3] = 0.9
    difference = (expert.estimate(noisy, sigma, shown) - expert.estimate(noisy, changed, shown)).abs().sum(-1)
    assert difference[0, 3] > 1e-3
    difference[0, 3] = 0.0
    assert (difference < 1e-6).all()


@pytest.mark.parametrize("kind", ["mm_dit", "naive_dit"])
def test_in_steps_it_says_the_same_at_every_flow_time_of_the_schedule(kind):
    torch.manual_seed(0)
    expert = ActionExpert(replace(SMALL, expert=kind))
    for parameter in expert.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    shown, noisy = shown_context(expert), noisy_chunk()
    velocity = expert.in_steps(shown, 7)
    for now in euler_schedule(7)[:-1]:
        sigma = now.expand(2, SMALL.chunk).clone()
        sigma[1, :3] = 0.0  # promised in one chunk of two
        assert torch.allclose(velocity(noisy, sigma), expert(noisy, sigma, shown), atol=1e-4, rtol=1e-5)


def test_one_shown_context_serves_many_draws_as_if_each_had_its_own():
    expert = small_network().expert
    shown, sigma = shown_context(expert), torch.rand(6, SMALL.chunk, generator=torch.Generator().manual_seed(1))
    noisy = noisy_chunk(count=6)
    together = expert(noisy, sigma, shown.repeat(3))
    for element in range(2):
        alone = shown_context(expert)
        part = slice(3 * element, 3 * element + 3)
        one = type(alone)(
            tuple(type(layer)(layer.keys[[element] * 3], layer.values[[element] * 3]) for layer in alone.layers),
            *(part_of[[element] * 3] for part_of in alone[1:]),
        )
        assert torch.allclose(together[part], expert(noisy[part], sigma[part], one), atol=1e-5)


def test_actions_look_at_each_other_in_both_directions():
    expert = small_network().expert
    shown, noisy = shown_context(expert), noisy_chunk()
    sigma = torch.full((2, SMALL.chunk), 0.5)
    for moved in (0, SMALL.chunk - 1):
        other = noisy.clone()
        other[:, moved] += 1.0
        difference = (expert.estimate(noisy, sigma, shown) - expert.estimate(other, sigma, shown)).abs()
        assert (difference.sum(-1) > 1e-6).all()
