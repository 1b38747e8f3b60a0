"""Linear layers for a CPU: weights in the order in which oneDNN multiplies them, a GELU in the same kernel.

Plain layers bring their weights into that order in every call. The operators are those
that torch.compile emits for CPUs; here nothing is compiled. Results are the same but
for rounding.

Letters in shapes: I numbers in, O numbers out.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class OneDnnLinear(nn.Module):
    """Computes what a linear layer does, on request with a GELU (tanh approximation); cannot be trained or saved."""

    def __init__(self, layer: nn.Linear, *, gelu: bool = False) -> None:
        """Take the weights of `layer` over; it is not needed any more."""
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.data)
        self._bias = None if layer.bias is None else layer.bias.data
        self._attribute, self._algorithm = ("gelu", "tanh") if gelu else ("none", "")

    def forward(self, tokens: Float[Tensor, "*B I"]) -> Float[Tensor, "*B O"]:
        """Transform each token by itself."""
        return torch.ops.mkldnn._linear_pointwise(
            tokens, self._weight, self._bias, self._attribute, [], self._algorithm
        )


def can_onednn(weight: Tensor) -> bool:
    """Tell whether layers with weights of this type and place can be changed."""
    if weight.device.type != "cpu" or not torch.backends.mkldnn.is_available():
        return False
    return weight.dtype == torch.float32 or (
        weight.dtype == torch.bfloat16 and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )


def use_onednn(network: nn.Module) -> None:
    """Change all linear layers of a network in place; memory is not needed twice."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                setattr(module, name, OneDnnLinear(child))
