import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from psizero.errors import ConfigError
from psizero.model.flow import sample as even_sample
from psizero.model.sampler import SamplerConfig, draw_noise, promise_first, reference_schedule, sample, walk
from tests.model.small_expert import SMALL, noisy_chunk, seen, small_expert

MEAN, DEVIATION = 2.0, 0.5


def gaussian_velocity(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """The exact flow to a Gaussian: noise e arrives at MEAN + DEVIATION e."""
    keep = 1.0 - sigma[..., None]
    surprise = (x - keep * MEAN) / ((keep * DEVIATION) ** 2 + sigma[..., None] ** 2)
    return sigma[..., None] * surprise - (MEAN + keep * DEVIATION**2 * surprise)


def test_the_reference_s_ten_flow_times_are_those_it_prints():
    times = (1000 * reference_schedule(10)).tolist()
    assert times == pytest.approx([1000, 889, 778, 667, 556, 445, 334, 223, 112, 1, 0], abs=1e-4)


@given(steps=st.integers(2, 40))
def test_the_reference_s_last_step_is_a_thousandth_and_the_others_are_equal(steps):
    sigmas = reference_schedule(steps).double()
    assert sigmas[0] == 1.0 and sigmas[-1] == 0.0
    assert np.allclose(sigmas.diff()[-1], -0.001, atol=1e-9)
    assert np.allclose(sigmas.diff()[:-1], -0.999 / (steps - 1), atol=1e-6)


@pytest.mark.parametrize("steps", [4, 8, 10])
def test_the_even_schedule_comes_closer_to_the_exact_flow_with_as_many_calls(steps):
    noise = draw_noise(500, 2, 3, generator=torch.Generator().manual_seed(0))
    exact = MEAN + DEVIATION * noise

    def error(**settings):
        return (sample(gaussian_velocity, noise, SamplerConfig(steps=steps, **settings)) - exact).square().mean()

    assert error() < error(schedule="reference")
    # With one call less the even one is as good: the last call of the reference is lost.
    fewer = (sample(gaussian_velocity, noise, SamplerConfig(steps=steps - 1)) - exact).square().mean()
    assert fewer < 1.02 * error(schedule="reference")


def test_the_even_schedule_is_the_one_of_the_default_network():
    expert, noise = small_expert(), noisy_chunk()
    velocity = expert.flow(expert.observe(*seen()))
    with torch.no_grad():
        assert torch.equal(sample(velocity, noise, SamplerConfig(steps=6)), even_sample(velocity, noise, steps=6))


def test_the_network_is_called_once_per_step():
    calls = []

    def velocity(x, sigma):
        calls.append(sigma[0, 0].item())
        return torch.zeros_like(x)

    for schedule in ("even", "reference"):
        calls.clear()
        sample(velocity, noisy_chunk(), SamplerConfig(steps=7, schedule=schedule))
        assert len(calls) == 7 and calls == sorted(calls, reverse=True)


def test_the_same_seed_gives_the_same_chunk():
    expert = small_expert()
    velocity = expert.flow(expert.observe(*seen()))

    def chunk(seed):
        noise = draw_noise(2, SMALL.chunk, SMALL.action_size, generator=torch.Generator().manual_seed(seed))
        with torch.no_grad():
            return sample(velocity, noise, SamplerConfig(steps=3))

    assert torch.equal(chunk(4), chunk(4))
    assert not torch.equal(chunk(4), chunk(5))


@given(first=st.integers(0, 5), second=st.integers(0, 5), clip=st.booleans())
def test_promised_rows_are_shown_clean_at_time_0_and_come_back_bit_for_bit(first, second, clip):
    actions = 3.0 * torch.randn(2, 5, 6, generator=torch.Generator().manual_seed(9))
    promise = promise_first(actions, torch.tensor([first, second]))
    assert promise.kept.sum(1).tolist() == [first, second]

    def velocity(x, sigma):
        assert torch.equal(x[promise.kept], actions[promise.kept])
        assert (sigma[promise.kept] == 0).all() and (sigma[~promise.kept] > 0).all()
        return x + 1.0

    chunk = sample(velocity, noisy_chunk(), SamplerConfig(steps=4, clip=clip), promise)
    assert torch.equal(chunk[promise.kept], actions[promise.kept])


def test_the_reference_s_last_step_moves_promised_rows_by_a_thousandth_of_the_velocity():
    promise = promise_first(torch.ones(2, 5, 6), torch.tensor([2, 2]))
    walked = walk(lambda x, sigma: torch.full_like(x, 5.0), noisy_chunk(), reference_schedule(8), promise)
    assert torch.allclose(walked[:, :2], torch.tensor(1.0 - 0.001 * 5.0), atol=1e-6)


def test_clipping_ends_at_the_range_of_normalized_actions_and_is_off_by_default():
    noise = 5.0 * noisy_chunk()
    still = SamplerConfig(steps=1)
    assert torch.equal(sample(lambda x, sigma: torch.zeros_like(x), noise, still), noise)
    clipped = sample(lambda x, sigma: torch.zeros_like(x), noise, SamplerConfig(steps=1, clip=True))
    assert torch.equal(clipped, noise.clamp(-1, 1))


def test_no_step_at_all_is_refused():
    with pytest.raises(ConfigError, match="steps must be 1 or more, got 0"):
        SamplerConfig(steps=0)
