import torch

from psizero.model.psi0_block import JointBlock, Modulation, normalize

WIDTH = 8


def block(*, last: bool) -> JointBlock:
    torch.manual_seed(3)
    return JointBlock(WIDTH, 2, 12, last=last)


def tokens(count: int, seed: int) -> torch.Tensor:
    return torch.randn(1, count, WIDTH, generator=torch.Generator().manual_seed(seed))


def parts(count: int, seed: int) -> torch.Tensor:
    return torch.randn(1, 1, count * WIDTH, generator=torch.Generator().manual_seed(seed))


def test_a_normalized_token_has_mean_shift_and_deviation_one_plus_scale():
    shift, scale = torch.full((1, 1, 64), 0.5), torch.full((1, 1, 64), 1.0)
    wide = torch.randn(1, 3, 64, generator=torch.Generator().manual_seed(0))
    result = normalize(7.0 + 3.0 * wide, shift=shift, scale=scale)
    assert torch.allclose(result.mean(-1), torch.tensor(0.5), atol=1e-5)
    assert torch.allclose(result.std(-1, correction=0), torch.tensor(2.0), atol=1e-4)


def test_the_last_block_is_another_one_whose_observation_gets_scale_before_shift():
    other, last = block(last=False), block(last=True)
    weights = other.state_dict()
    last.load_state_dict({name: weights[name] for name in last.state_dict() if "norm1_obs" not in name}, strict=False)
    action, observation, own, its = tokens(3, 0), tokens(4, 1), parts(6, 2), parts(6, 3)
    shift, scale = its[..., :WIDTH], its[..., WIDTH : 2 * WIDTH]
    expected, _ = other(action, observation, Modulation(own, its), None)
    swapped = Modulation(own, torch.cat([scale, shift], dim=-1))
    result, untouched = last(action, observation, swapped, None)
    assert torch.allclose(result, expected, atol=1e-6)
    assert torch.equal(untouched, observation)


def test_gates_of_zero_leave_both_streams_as_they_are():
    action, observation = tokens(3, 0), tokens(4, 1)
    own, its = parts(6, 2), parts(6, 3)
    for gate in (2, 5):
        own[..., gate * WIDTH : (gate + 1) * WIDTH] = 0.0
        its[..., gate * WIDTH : (gate + 1) * WIDTH] = 0.0
    result = block(last=False)(action, observation, Modulation(own, its), None)
    assert torch.equal(result[0], action) and torch.equal(result[1], observation)


def test_the_observation_looks_at_the_actions():
    action, observation, modulation = tokens(3, 0), tokens(4, 1), Modulation(parts(6, 2), parts(6, 3))
    mixing = block(last=False)
    _, here = mixing(action, observation, modulation, None)
    _, there = mixing(tokens(3, 5), observation, modulation, None)
    assert not torch.allclose(here, there, atol=1e-4)
    mask = torch.tensor([[False] * 3 + [True] * 4])
    _, here = mixing(action, observation, modulation, mask)
    _, there = mixing(tokens(3, 5), observation, modulation, mask)
    assert torch.allclose(here, there, atol=1e-6)
