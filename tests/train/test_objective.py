from dataclasses import replace

import torch

from psizero.model.network import Sight
from psizero.train.config import ObjectiveConfig
from psizero.train.objective import draw, flow_loss
from tests.model.small_network import SMALL, observation_batch, small_network

CONFIG = ObjectiveConfig(draws=3)
ALL = torch.ones(3, SMALL.action_size, dtype=torch.bool)


def draws_of(count=3, config=CONFIG, seed=0):
    return draw(
        torch.Generator().manual_seed(seed),
        batch=count,
        rows=SMALL.chunk,
        numbers=SMALL.action_size,
        max_delay=SMALL.max_delay,
        config=config,
    )


def shown(rows=slice(None)):
    """What there is to see in the observations, and their state."""
    batch = {name: value[rows] for name, value in observation_batch().items()}
    return {"sight": Sight(batch["images"], batch["words"]), "state": batch["state"]}


def loss_of(action, draws, config=CONFIG):
    network = small_network()
    return flow_loss(network, **shown(), action=action, known=ALL, draws=draws, config=config)


def actions():
    return torch.randn(3, SMALL.chunk, SMALL.action_size, generator=torch.Generator().manual_seed(4))


def test_every_delay_is_drawn_and_none_most_often():
    delays = (draws_of(3000).sigma == 0).sum(1)
    shares = torch.bincount(delays, minlength=4) / len(delays)
    assert len(shares) == SMALL.max_delay + 1
    assert torch.allclose(shares, torch.tensor([0.4, 0.2, 0.2, 0.2]), atol=0.02)


def test_promised_rows_come_first_and_the_others_share_one_flow_time():
    for sigma in draws_of().sigma:
        promised = sigma == 0
        assert not promised.diff().logical_and(promised[1:]).any()
        assert len(sigma[~promised].unique()) == 1


def test_what_is_promised_is_not_learned():
    draws = replace_sigma(draws_of(), delay=3)
    exact = ObjectiveConfig(draws=3, promise_noise=0.0)
    action = actions().requires_grad_()
    # The network must not be blamed for promised rows: only as an input do they touch the loss.
    network = small_network()
    for block in network.expert.action_blocks:
        torch.nn.init.zeros_(block.attention.out.weight)
    flow_loss(network, **shown(), action=action, known=ALL, draws=draws, config=exact).backward()
    assert action.grad is not None
    assert (action.grad[:, :3] == 0).all() and (action.grad[:, 3:] != 0).any()


def test_the_loss_is_a_mean_over_what_is_left_whatever_the_delay():
    network = small_network()
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)  # the estimate is 0, so the error is the action itself
    plain = ObjectiveConfig(draws=3, weight_power=0.0)
    ones = torch.ones(3, SMALL.chunk, SMALL.action_size)
    for delay in range(4):
        loss = flow_loss(
            network, **shown(), action=ones, known=ALL, draws=replace_sigma(draws_of(), delay), config=plain
        )
        assert torch.allclose(loss, torch.tensor(1.0))


def test_numbers_that_a_body_lacks_are_not_learned():
    known = ALL.clone()
    known[1, 2:] = False
    exact = ObjectiveConfig(draws=3, promise_noise=0.0)
    network, draws, action = small_network(), draws_of(), actions()
    for block in network.expert.action_blocks:  # the chunk is an input too: only the loss may remain as a way
        torch.nn.init.zeros_(block.attention.out.weight)
    torch.nn.init.zeros_(network.expert.action_in.weight)
    action.requires_grad_()
    flow_loss(network, **shown(), action=action, known=known, draws=draws, config=exact).backward()
    assert action.grad is not None
    learned = (action.grad != 0).any(1)
    assert torch.equal(learned, known)


def test_with_power_2_it_is_the_velocity_loss_of_flow_matching():
    config = ObjectiveConfig(draws=3, weight_power=2.0, no_delay=1.0, blind=0.0)
    draws, action = draws_of(config=config), actions()
    network, batch = small_network(), observation_batch()
    clean = action.repeat_interleave(3, 0)
    noisy = clean + draws.sigma[..., None] * (draws.noise - clean)
    velocity = network.expert(noisy, draws.sigma, network.encode(**batch).repeat(3))
    sane = draws.sigma[:, 0] > 0.05
    difference = (velocity - (draws.noise - clean)).square().mean((1, 2))
    assert sane.all(), "the seed must not draw a clamped flow time"
    assert torch.allclose(
        flow_loss(network, **shown(), action=action, known=ALL, draws=draws, config=config), difference.mean()
    )


def test_the_same_generator_draws_the_same():
    first, second, other = draws_of(seed=1), draws_of(seed=1), draws_of(seed=2)
    assert torch.equal(first.noise, second.noise) and torch.equal(first.sigma, second.sigma)
    assert not torch.equal(first.noise, other.noise)
    assert loss_of(actions(), first) == loss_of(actions(), second)


def replace_sigma(draws, delay):
    sigma = torch.full_like(draws.sigma, 0.5)
    sigma[:, :delay] = 0.0
    return replace(draws, sigma=sigma, learned=(sigma > 0).sum())


def test_the_shares_of_its_rows_add_up_to_the_loss_of_a_step():
    whole, action, network = draws_of(), actions(), small_network()

    def share(rows):
        return flow_loss(
            network, **shown(rows), action=action[rows], known=ALL[rows], draws=whole.of(rows), config=CONFIG
        )

    parts = share(slice(0, 1)) + share(slice(1, 3))
    assert torch.allclose(parts, share(slice(None)), atol=1e-6)
