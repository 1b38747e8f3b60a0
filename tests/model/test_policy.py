from dataclasses import replace

import numpy as np
import pytest
import torch

from psizero.data.normalize import Normalizer
from psizero.embodiment.layout import Field, PolicyLayout, VectorLayout
from psizero.errors import ConfigError, LayoutError, PolicyError
from psizero.model.policy import FlowPolicy, Normalizers
from psizero.types import Observation, Steering
from tests.model.small_network import SMALL, small_network


def vector(name, size):
    return VectorLayout(name, (Field("arm", tuple(f"j{i}" for i in range(size)), "rad"),))


LAYOUT = PolicyLayout("toy", vector("toy_state", 5), vector("toy_action", 6), 30.0, ("head", "wrist"))
NORMALIZERS = Normalizers(
    state=Normalizer(low=-np.ones(5), high=np.ones(5)),
    action=Normalizer(low=np.linspace(-3, -2, 6), high=np.array([5.0, 5.0, 5.0, 5.0, 5.0, -2.0])),
)


def toy_policy(seed=0):
    return FlowPolicy(small_network(), layout=LAYOUT, normalizers=NORMALIZERS, seed=seed)


def observation(tick=7, **changes):
    rng = np.random.default_rng(0)
    pictures = {camera: rng.integers(0, 256, (60, 80, 3), np.uint8) for camera in LAYOUT.cameras}
    seen = Observation(
        time=tick / 30,
        tick=tick,
        joint_positions=np.zeros(3),
        joint_velocities=np.zeros(3),
        world_from_pelvis=np.array([1.0, 0, 0, 0]),
        pelvis_angular_velocity=np.zeros(3),
        images=pictures,
        state=np.linspace(-1, 1, 5, dtype=np.float32),
        instruction="pick up the bottle",
    )
    return replace(seen, **changes)


@pytest.mark.parametrize("delay", range(SMALL.max_delay + 1))
def test_the_chunk_begins_now_and_its_promised_rows_come_back_bit_for_bit(delay):
    promised = np.random.default_rng(1).normal(size=(delay, 6)).astype(np.float32)
    chunk = toy_policy().act(observation(), promised)
    assert chunk.start_tick == 7
    assert chunk.values.shape == (8, 6) and chunk.values.dtype == np.float32
    assert np.array_equal(chunk.values[:delay], promised)
    assert np.isfinite(chunk.values).all()


def test_promised_actions_change_what_comes_after_them():
    first = toy_policy().act(observation(), np.zeros((2, 6), np.float32))
    second = toy_policy().act(observation(), np.ones((2, 6), np.float32))
    assert not np.allclose(first.values[2:], second.values[2:])


def test_the_same_seed_gives_the_same_chunks_and_leaves_torch_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    policy, again = toy_policy(seed=4), toy_policy(seed=4)
    nothing = np.zeros((0, 6), np.float32)
    chunks = [policy.act(observation(), nothing).values for _ in range(2)]
    assert not np.array_equal(*chunks), "noise moves on"
    assert np.array_equal(again.act(observation(), nothing).values, chunks[0])
    policy.reset()
    assert np.array_equal(policy.act(observation(), nothing).values, chunks[0])
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled()


def test_a_number_that_never_changes_in_the_data_is_returned_exactly():
    assert (toy_policy().act(observation(), np.zeros((0, 6), np.float32)).values[:, 5] == -2.0).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": {}}, "head"),
        ({"state": np.zeros(32, np.float32)}, "5 numbers"),
        ({"state": np.full(5, np.nan, np.float32)}, "finite"),
    ],
)
def test_another_robot_is_refused(changes, message):
    with pytest.raises(LayoutError, match=message):
        toy_policy().act(observation(**changes), np.zeros((0, 6), np.float32))


def test_more_promises_than_it_was_trained_for_are_refused():
    with pytest.raises(ConfigError, match="at most 3"):
        toy_policy().act(observation(), np.zeros((4, 6), np.float32))
    with pytest.raises(LayoutError, match=r"\(d, 6\)"):
        toy_policy().act(observation(), np.zeros((1, 5), np.float32))


def test_parts_that_do_not_fit_are_no_policy():
    with pytest.raises(PolicyError, match="state has 4"):
        FlowPolicy(small_network(), layout=replace(LAYOUT, state=vector("s", 4)), normalizers=NORMALIZERS)
    with pytest.raises(PolicyError, match="2 cameras"):
        FlowPolicy(small_network(), layout=replace(LAYOUT, cameras=("head",)), normalizers=NORMALIZERS)


def plan(rows: int, value: float = 0.5) -> np.ndarray:
    return np.full((rows, 6), value, np.float32) * np.linspace(1.0, 2.0, rows, dtype=np.float32)[:, None]


@pytest.mark.parametrize("how", ["exact", "identity", "ramp"])
def test_a_led_chunk_begins_with_its_promises_and_is_the_same_again(how):
    steering = Steering(plan=plan(6), promised=2, how=how)
    led, again = (toy_policy().steer(observation(), steering).values for _ in range(2))
    np.testing.assert_array_equal(led, again)
    np.testing.assert_array_equal(led[:2], plan(6)[:2])
    assert np.isfinite(led).all() and led.shape == (8, 6)


@pytest.mark.parametrize("how", ["exact", "identity"])
def test_a_pull_brings_rows_that_are_not_promised_nearer_to_the_plan(how):
    led = toy_policy().steer(observation(), Steering(plan=plan(6), promised=2, how=how)).values
    free = toy_policy().act(observation(), np.zeros((0, 6), np.float32)).values
    missed, free_missed = (np.abs(rows[2, :5] - plan(6)[2, :5]).mean() for rows in (led, free))  # the last is fixed
    assert missed < 0.8 * free_missed


def test_the_three_ways_of_leading_a_network_differ_and_the_pull_goes_through_it():
    chunks = [
        toy_policy().steer(observation(), Steering(plan=plan(6), promised=2, how=how)).values
        for how in ("exact", "identity", "ramp")
    ]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(chunks[one][2:6] - chunks[other][2:6]).max() > 1e-4


def test_a_plan_longer_than_a_chunk_is_cut_and_none_leaves_the_network_alone():
    long = toy_policy().steer(observation(), Steering(plan=plan(12), promised=3, how="identity"))
    assert long.values.shape == (8, 6)
    free = toy_policy().act(observation(), np.zeros((0, 6), np.float32)).values
    for how in ("exact", "identity", "ramp"):
        alone = toy_policy().steer(observation(), Steering(plan=np.zeros((0, 6), np.float32), promised=0, how=how))
        np.testing.assert_allclose(alone.values, free, atol=1e-5)


def test_a_state_far_from_every_demonstration_is_told_as_ten_times_its_range():
    chunks = []
    for off in (10.0, 134.0):
        state = np.array([0.1, off, 0.0, -off, 0.0], np.float32)
        chunks.append(toy_policy().act(observation(state=state), np.zeros((0, 6), np.float32)).values)
    assert np.array_equal(*chunks)


@pytest.mark.parametrize("how", ["ramp", "identity", "exact"])
def test_a_plan_that_ran_away_is_told_as_ten_times_its_range_and_still_promised_as_it_is(how):
    middle, half = (NORMALIZERS.action.high + NORMALIZERS.action.low) / 2, 4.0
    led = [
        toy_policy().steer(observation(), Steering(plan=far, promised=2, how=how)).values
        for far in (np.tile(np.float32(middle + off * half), (6, 1)) for off in (40.0, 1e6))
    ]
    assert np.allclose(led[0][2:], led[1][2:], rtol=1e-6)
    assert np.array_equal(led[1][:2], np.tile(np.float32(middle + 1e6 * half), (2, 1)))
