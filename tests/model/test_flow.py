import torch
from hypothesis import given, strategies as st

from psizero.model import flow

rates = st.floats(0.0, 1.0)


@given(sigma=rates)
def test_the_path_goes_from_the_action_at_0_to_noise_at_1_with_its_target_velocity(sigma):
    generator = torch.Generator().manual_seed(0)
    action, noise = torch.randn(2, 2, 3, 4, generator=generator).double()
    here = flow.interpolate(action, noise, torch.full((2, 3), sigma, dtype=torch.float64))
    assert torch.equal(flow.interpolate(action, noise, torch.zeros(2, 3)), action)
    assert torch.allclose(flow.interpolate(action, noise, torch.ones(2, 3)), noise)
    assert torch.allclose(here + (1.0 - sigma) * flow.target_velocity(action, noise), noise)


def test_the_schedule_is_even_and_ends_exactly_at_the_action():
    schedule = flow.euler_schedule(10)
    assert schedule[0] == 1.0 and schedule[-1] == 0.0
    assert torch.allclose(schedule.diff(), torch.full((10,), -0.1))


def test_a_perfect_estimate_gives_the_target_velocity_and_is_reached_in_one_step():
    generator = torch.Generator().manual_seed(1)
    action, noise = torch.randn(2, 2, 3, 4, generator=generator)
    sigma = torch.full((2, 3), 0.5)
    velocity = flow.velocity_towards(action, flow.interpolate(action, noise, sigma), sigma)
    assert torch.allclose(velocity, flow.target_velocity(action, noise), atol=1e-6)
    reached = flow.sample(lambda x, s: flow.velocity_towards(action, x, s), noise, steps=1)
    assert torch.allclose(reached, action, atol=1e-6)


def test_the_exact_velocity_of_a_gaussian_carries_noise_to_that_gaussian():
    mean, deviation = 2.0, 0.5

    def velocity(x, sigma):  # E[noise - action | x] of two independent Gaussians
        keep = 1.0 - sigma[..., None]
        variance = (keep * deviation) ** 2 + sigma[..., None] ** 2
        surprise = (x - keep * mean) / variance
        return sigma[..., None] * surprise - (mean + keep * deviation**2 * surprise)

    noise = torch.randn(4000, 1, 1, generator=torch.Generator().manual_seed(2))
    actions = flow.sample(velocity, noise, steps=200)
    assert abs(actions.mean() - mean) < 0.03
    assert abs(actions.std() - deviation) < 0.02


@given(kept=st.integers(0, 5), steps=st.integers(1, 6))
def test_promised_rows_come_back_bit_for_bit_and_are_shown_clean_at_sigma_0(kept, steps):
    generator = torch.Generator().manual_seed(3)
    noise, promised = torch.randn(2, 5, 4, generator=generator), torch.randn(2, kept, 4, generator=generator)
    seen = []

    def velocity(x, sigma):
        seen.append((x[:, :kept].clone(), sigma.clone()))
        return torch.ones_like(x)

    result = flow.sample(velocity, noise, steps=steps, promised=promised)
    assert torch.equal(result[:, :kept], promised)
    assert len(seen) == steps
    for shown, sigma in seen:
        assert torch.equal(shown, promised)
        assert (sigma[:, :kept] == 0).all() and (sigma[:, kept:] > flow.SMALLEST_SIGMA).all()


def test_each_delay_marks_its_own_number_of_rows():
    assert flow.promised_rows(torch.tensor([0, 2, 3]), 3).tolist() == [
        [False, False, False],
        [True, True, False],
        [True, True, True],
    ]
