import os
import shutil

import pytest
import torch
from torch import nn

from psizero.model.fused import any_length, fused


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own, while it compiles
@pytest.mark.skipif(shutil.which(os.environ.get("CXX", "g++")) is None, reason="needs a compiler of C++")
def test_a_layer_is_fused_once_for_all_lengths() -> None:
    torch.manual_seed(0)
    layer = nn.Sequential(nn.LayerNorm(32), nn.Linear(32, 32), nn.SiLU()).eval().requires_grad_(False)
    with torch.no_grad():
        fast = fused(layer.forward, torch.device("cpu"))
        for number, length in enumerate((5, 9, 30)):
            tokens = any_length(torch.randn(1, length, 32), 1)
            with torch.compiler.set_stance("default" if number == 0 else "fail_on_recompile"):
                assert torch.allclose(fast(tokens), layer(tokens), atol=1e-6)
