import pytest
import torch
import torch.nn.functional as F
from torch import nn

from psizero.model.onednn_linear import OneDnnLinear, can_onednn, use_onednn

needs_onednn = pytest.mark.skipif(not can_onednn(torch.zeros(1)), reason="this torch has no oneDNN")


def layer(*, bias: bool = True) -> nn.Linear:
    return nn.Linear(24, 40, bias=bias).requires_grad_(False)


@needs_onednn
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(7, 24), (2, 5, 24), (3, 2, 5, 24)])
def test_a_changed_layer_gives_the_same_numbers(bias, shape):
    plain, tokens = layer(bias=bias), torch.randn(shape)
    want = plain(tokens)
    assert torch.allclose(OneDnnLinear(plain)(tokens), want, atol=1e-6)
    assert torch.allclose(OneDnnLinear(plain, gelu=True)(tokens), F.gelu(want, approximate="tanh"), atol=1e-6)


@needs_onednn
def test_tokens_need_not_lie_behind_each_other_in_memory():
    plain, tokens = layer(), torch.randn(24, 6).T
    assert torch.allclose(OneDnnLinear(plain)(tokens), plain(tokens), atol=1e-6)


@needs_onednn
def test_all_linear_layers_of_a_network_are_changed_and_nothing_else():
    network = nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(6), nn.Sequential(nn.Linear(6, 3))).requires_grad_(False)
    tokens = torch.randn(5, 4)
    want = network(tokens)
    use_onednn(network)
    assert torch.allclose(network(tokens), want, atol=1e-6)
    assert not any(isinstance(module, nn.Linear) for module in network.modules())
    assert isinstance(network[1], nn.LayerNorm)


def test_only_weights_of_a_cpu_and_of_two_types_can_be_changed():
    assert not can_onednn(torch.zeros(1, device="meta"))
    assert not can_onednn(torch.zeros(1, dtype=torch.float64))


@needs_onednn
@pytest.mark.parametrize("gelu", [False, True])
def test_a_changed_layer_has_the_derivative_of_the_plain_one(gelu):
    plain, tokens, pull = layer(), torch.randn(2, 5, 24, requires_grad=True), torch.randn(2, 5, 40)
    result = plain(tokens)
    (want,) = torch.autograd.grad(F.gelu(result, approximate="tanh") if gelu else result, tokens, pull)
    (got,) = torch.autograd.grad(OneDnnLinear(plain, gelu=gelu)(tokens), tokens, pull)
    assert torch.allclose(got, want, atol=1e-5)
