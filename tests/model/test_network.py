import torch

from tests.model.small_network import SMALL, observation_batch, small_network


def noise(count=3):
    return torch.randn(count, SMALL.chunk, SMALL.action_size, generator=torch.Generator().manual_seed(2))


def test_gradients_reach_every_parameter():
    network, batch = small_network(), observation_batch()
    shown = network.encode(**batch, blind=torch.tensor([True, False, False]))
    network.expert(noise(), torch.rand(3, SMALL.chunk), shown).square().sum().backward()
    idle = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert idle == []


def test_an_example_does_not_depend_on_its_neighbours_in_the_batch():
    network, batch = small_network(), observation_batch()
    batch["words"][0, 2:] = 0  # a short instruction beside long ones
    together = network.sample(network.encode(**batch), noise())
    for i in range(3):
        alone = network.sample(
            network.encode(**{name: value[i : i + 1] for name, value in batch.items()}), noise()[i : i + 1]
        )
        assert torch.allclose(together[i : i + 1], alone, atol=1e-4)


def test_every_input_matters():
    network, batch = small_network(), observation_batch()
    before = network.sample(network.encode(**batch), noise())
    for name in batch:
        changed = {**batch, name: batch[name].flip(0)}
        assert not torch.allclose(network.sample(network.encode(**changed), noise()), before, atol=1e-4)


def test_a_blind_policy_does_not_see_the_state():
    network, batch = small_network(), observation_batch()
    blind = torch.ones(3, dtype=torch.bool)
    first = network.encode(**batch, blind=blind)
    second = network.encode(**{**batch, "state": batch["state"] + 5.0}, blind=blind)
    assert torch.equal(network.sample(first, noise()), network.sample(second, noise()))


def test_an_empty_instruction_is_no_accident():
    network, batch = small_network(), observation_batch()
    batch["words"][:] = 0
    assert network.sample(network.encode(**batch), noise()).isfinite().all()
