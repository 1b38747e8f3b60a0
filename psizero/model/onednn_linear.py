"""Linear layers for a CPU: weights in the order in which oneDNN multiplies them, a GELU in the same kernel.

Plain layers bring their weights into that order in every call. The operators are those
that torch.compile emits for CPUs; here nothing is compiled. Results are the same but
for rounding.

torch has no derivative of these operators and would go on without, silently: `_Differentiable` has it.

Letters in shapes: I numbers in, O numbers out.
"""

from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class OneDnnLinear(nn.Module):
    """Computes what a linear layer does, on request with a GELU (tanh approximation); cannot be trained or saved."""

    def __init__(self, layer: nn.Linear, *, gelu: bool = False) -> None:
        """Take the weights of `layer` over; it is not needed any more."""
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.data)
        self._bias = None if layer.bias is None else layer.bias.data
        self._gelu = gelu

    def forward(self, tokens: Float[Tensor, "*B I"]) -> Float[Tensor, "*B O"]:
        """Transform each token by itself."""
        if tokens.requires_grad and torch.is_grad_enabled():
            return _Differentiable.apply(tokens, self)
        return self.multiply(tokens, gelu=self._gelu)

    def multiply(self, tokens: Float[Tensor, "*B I"], *, gelu: bool) -> Float[Tensor, "*B O"]:
        """Compute the layer with or without its GELU, and nothing for a derivative."""
        attribute, algorithm = ("gelu", "tanh") if gelu else ("none", "")
        return torch.ops.mkldnn._linear_pointwise(tokens, self._weight, self._bias, attribute, [], algorithm)

    def pulled_back(self, gradient: Float[Tensor, "*B O"], tokens: Float[Tensor, "*B I"]) -> Float[Tensor, "*B I"]:
        """Return the derivative of `gradient` times the result, by the tokens."""
        if self._gelu:
            with torch.enable_grad():
                before = self.multiply(tokens.detach(), gelu=False).requires_grad_()
                (gradient,) = torch.autograd.grad(F.gelu(before, approximate="tanh"), before, gradient)
        return gradient @ self._weight.to_dense()


class _Differentiable(torch.autograd.Function):
    """The layer for whoever wants a derivative by the tokens."""

    @staticmethod
    def forward(ctx: Any, tokens: Tensor, layer: OneDnnLinear) -> Tensor:
        ctx.layer = layer
        ctx.save_for_backward(tokens)
        return layer.forward(tokens)  # gradients are off in here

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (tokens,) = ctx.saved_tensors
        return ctx.layer.pulled_back(gradients[0], tokens), None


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
