import math

import pytest
import torch
from hypothesis import given, strategies as st

from psizero.errors import ConfigError
from psizero.model.flow import euler_schedule
from psizero.model.guidance import Guidance, guide, ramp, row_weights
from psizero.model.sampler import SamplerConfig, sample, walk
from tests.model.small_expert import noisy_chunk, seen, small_expert

MIX = torch.randn(30, 30, generator=torch.Generator().manual_seed(0)).double() / 5.0


def bent(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """A velocity whose every number depends on every number of its chunk."""
    return torch.tanh(x.flatten(1) @ MIX).unflatten(1, x.shape[1:]) + sigma[..., None]


def chunks(batch: int = 2) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return a noisy chunk, a previous one and a flow time."""
    generator = torch.Generator().manual_seed(6)
    x, previous = torch.randn(2, batch, 5, 6, generator=generator).double()
    return x, previous, torch.full((batch, 5), 0.4).double()


def test_weights_are_those_of_the_paper_s_code():
    def weights(schedule):
        return row_weights(Guidance(delay=2, end=6, schedule=schedule), 10).tolist()

    assert weights("linear") == pytest.approx([1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0, 0])
    assert weights("exp") == pytest.approx([1, 1, 0.571, 0.287, 0.114, 0.026, 0, 0, 0, 0], abs=1e-3)
    assert weights("zeros") == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert weights("ones") == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]


@given(delay=st.integers(0, 12), end=st.integers(0, 12), schedule=st.sampled_from(["exp", "linear", "ones", "zeros"]))
def test_weights_start_at_1_never_rise_and_are_0_from_the_end_on(delay, end, schedule):
    weights = row_weights(Guidance(delay=delay, end=end, schedule=schedule), 12)
    assert torch.allclose(weights[: min(delay, end)], torch.tensor(1.0))
    assert (weights.diff() <= 1e-6).all()
    assert (weights[end:] == 0).all()


def test_the_exact_pull_goes_through_the_whole_derivative_of_the_estimate():
    x, previous, sigma = chunks(batch=1)
    guidance = Guidance(delay=1, end=4, limit=100.0)
    weights = row_weights(guidance, 5).double()[:, None]

    def estimate(flat):
        here = flat.view_as(x)
        return (here - 0.4 * bent(here, sigma)).flatten()

    jacobian = torch.autograd.functional.jacobian(estimate, x.flatten())
    missing = (weights * (previous - estimate(x.flatten()).view_as(x))).flatten()
    strength = (0.4**2 + 0.6**2) / (0.4 * 0.6)
    expected = bent(x, sigma) - strength * (jacobian.T @ missing).view_as(x)
    assert torch.allclose(guide(bent, previous, guidance)(x, sigma), expected, atol=1e-9)


def test_the_identity_pulls_straight_at_what_is_missing():
    x, previous, sigma = chunks()
    guidance = Guidance(delay=1, end=4, limit=100.0, jacobian="identity")
    weights = row_weights(guidance, 5).double()[:, None]
    strength = (0.4**2 + 0.6**2) / (0.4 * 0.6)
    missing = weights * (previous - (x - 0.4 * bent(x, sigma)))
    assert torch.allclose(guide(bent, previous, guidance)(x, sigma), bent(x, sigma) - strength * missing, atol=1e-9)


@given(sigma=st.floats(0.0, 1.0))
def test_both_are_the_same_where_the_velocity_does_not_depend_on_the_chunk(sigma):
    x, previous, _ = chunks()
    times = torch.full((2, 5), sigma).double()

    def even(x, sigma):
        return torch.ones_like(x)

    exact, identity = (
        guide(even, previous, Guidance(delay=2, end=5, jacobian=kind))(x, times) for kind in ("exact", "identity")
    )
    assert torch.allclose(exact, identity, atol=1e-12)
    assert exact.isfinite().all()


@pytest.mark.parametrize("jacobian", ["exact", "identity"])
def test_a_weight_of_zero_everywhere_changes_nothing(jacobian):
    x, previous, sigma = chunks()
    assert torch.equal(guide(bent, previous, Guidance(delay=0, end=0, jacobian=jacobian))(x, sigma), bent(x, sigma))


@pytest.mark.parametrize("jacobian", ["exact", "identity"])
@pytest.mark.parametrize("schedule", ["exp", "linear", "ones", "zeros"])
def test_a_guided_chunk_of_the_network_begins_like_the_previous_one(jacobian, schedule):
    expert, noise = small_expert(), noisy_chunk()
    with torch.no_grad():
        velocity = expert.flow(expert.observe(*seen()))
        previous = sample(velocity, -noise, SamplerConfig())
        guided = guide(velocity, previous, Guidance(delay=2, end=4, schedule=schedule, jacobian=jacobian))
        far = (sample(velocity, noise, SamplerConfig()) - previous).abs().mean(-1)
        near = (sample(guided, noise, SamplerConfig()) - previous).abs().mean(-1)
    assert (near[:, :2] < 0.2 * far[:, :2]).all()
    assert (near[:, 4] > 0.5 * far[:, 4]).all()


def test_exact_guidance_leaves_no_gradients_behind():
    expert, noise = small_expert(), noisy_chunk()
    with torch.no_grad():
        velocity = expert.flow(expert.observe(*seen()))
        chunk = walk(guide(velocity, torch.zeros_like(noise), Guidance(delay=1, end=3)), noise, euler_schedule(2))
    assert not chunk.requires_grad
    assert all(parameter.grad is None for parameter in expert.parameters())


def test_without_derivatives_only_the_identity_works():
    x, previous, sigma = chunks()
    with torch.inference_mode():
        straight = guide(bent, previous, Guidance(delay=1, end=3, jacobian="identity"))(x, sigma)
        with pytest.raises(ConfigError, match=r"use torch.no_grad\(\) or jacobian identity"):
            guide(bent, previous, Guidance(delay=1, end=3))(x, sigma)
    assert straight.isfinite().all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"delay": -1}, "0 or more; got -1 and 3"),
        ({"limit": float("nan")}, "limit must be a finite number"),
        ({"limit": -1.0}, "limit must be a finite number, 0 or more; got -1.0"),
    ],
)
def test_settings_out_of_range_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        Guidance(**({"delay": 1, "end": 3} | settings))


def test_guidance_beyond_the_chunk_is_refused():
    with pytest.raises(ConfigError, match="a chunk has 5 rows, guidance asks for delay 2, end 6"):
        guide(bent, chunks()[1], Guidance(delay=2, end=6))


def test_the_ramp_keeps_promised_rows_frees_those_past_the_plan_and_slows_what_lies_between():
    noise, previous, times = chunks(batch=1)
    slower, start = ramp(bent, noise, previous, Guidance(delay=1, end=4))
    assert torch.equal(start[:, :4], previous[:, :4]) and torch.equal(start[:, 4:], noise[:, 4:])
    share = (slower(noise, times) / bent(noise, times))[0, :, 0]
    # Rows 1 to 3 lie a quarter, a half and three quarters of the way from the last promised row to the first free one.
    full = 1 - math.exp(-6.0)
    expected = [0.0, *((1 - math.exp(-6.0 * t)) / full for t in (0.25, 0.5, 0.75)), 1.0]
    assert share.tolist() == pytest.approx(expected)
    assert torch.equal(walk(slower, start, euler_schedule(4).double())[:, 0], previous[:, 0])
