import copy
from dataclasses import replace

import pytest
import torch

from psizero.model.expert_steps import ExpertSteps
from psizero.model.psi0_expert import Psi0Expert
from psizero.model.sampler import SamplerConfig, promise_first, sample
from tests.model.small_expert import SMALL, noisy_chunk, seen, small_expert

DELAYS = range(SMALL.chunk)
"""Of promised rows; one row is left to be sampled."""


def promised(delay: int, batch: int = 2):
    return promise_first(noisy_chunk(batch).flip(0) / 2, torch.full((batch,), delay))


@torch.no_grad()
def plain(expert: Psi0Expert, config: SamplerConfig, promise=None) -> torch.Tensor:
    context, state = seen()
    return sample(expert.flow(expert.observe(context, state)), noisy_chunk(), config, promise)


@torch.no_grad()
def stepped(steps: ExpertSteps, promise=None, **padding) -> torch.Tensor:
    context, state = seen()
    return steps.walk(noisy_chunk(), steps.observe(context, state, **padding), promise)


@pytest.mark.parametrize("schedule", ["even", "reference"])
@pytest.mark.parametrize("delay", [None, *DELAYS])
def test_the_chunk_is_that_of_the_plain_sampler_for_each_delay(delay, schedule):
    config = SamplerConfig(schedule=schedule)
    expert = small_expert()
    promise = None if delay is None else promised(delay)
    want = plain(copy.deepcopy(expert), config, promise)
    got = stepped(ExpertSteps(expert, config), promise)
    assert (got - want).abs().max() <= 1e-5
    if promise is not None:
        assert torch.equal(got[:, :delay], promise.actions[:, :delay])


def test_each_chunk_of_a_batch_has_its_own_delay():
    expert, delay = small_expert(), torch.tensor([1, 3])
    promise = promise_first(torch.rand_like(noisy_chunk()), delay)
    got = stepped(ExpertSteps(expert, SamplerConfig()), promise)
    assert (got - plain(copy.deepcopy(expert), SamplerConfig(), promise)).abs().max() <= 1e-5


@pytest.mark.parametrize("blocks", [1, 2])
def test_networks_of_one_and_two_blocks_work_too(blocks):
    torch.manual_seed(2)
    expert = Psi0Expert(replace(SMALL, blocks=blocks)).eval()
    got = stepped(ExpertSteps(expert, SamplerConfig(steps=3)), promised(2))
    assert (got - plain(copy.deepcopy(expert), SamplerConfig(steps=3), promised(2))).abs().max() <= 1e-5


def test_a_chunk_can_be_cut_but_promised_rows_never_are():
    expert, config = small_expert(), SamplerConfig(clip=True)
    promise = promise_first(3 * noisy_chunk(), torch.full((2,), 2))
    got = stepped(ExpertSteps(expert, config), promise)
    assert torch.equal(got[:, :2], promise.actions[:, :2])
    assert got[:, 2:].abs().max() == 1.0
    assert (got - plain(copy.deepcopy(expert), config, promise)).abs().max() <= 1e-5


@torch.no_grad()
def test_padding_behind_the_tokens_changes_nothing_and_the_state_keeps_its_place():
    steps, (context, state) = ExpertSteps(small_expert(), SamplerConfig()), seen()
    want = steps.walk(noisy_chunk(), steps.observe(context, state))
    padded = torch.cat([context, torch.full_like(context, 9.0)[:, :4]], dim=1)
    present = torch.arange(padded.shape[1]).expand(len(padded), -1) < context.shape[1]
    got = steps.walk(noisy_chunk(), steps.observe(padded, state, present))
    assert (got - want).abs().max() <= 1e-5


def test_no_step_asks_for_modulations_again():
    expert = small_expert()
    steps = ExpertSteps(expert, SamplerConfig())
    want = stepped(steps, promised(2))
    for name, weight in expert.named_parameters():
        if "norm1" in name or "adaLN" in name or "time_ins_embed" in name:
            weight.data.fill_(torch.nan)
    assert torch.equal(stepped(steps, promised(2)), want)
