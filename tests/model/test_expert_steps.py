import copy

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
