import pytest
import torch
from torch.nn import functional

from psizero.model.attention import attend, hide


@pytest.mark.parametrize("key_heads", [4, 2])
@pytest.mark.parametrize("masked", [None, "tokens", "pairs"])
def test_attention_is_that_of_torch(masked: str | None, key_heads: int) -> None:
    generator = torch.Generator().manual_seed(0)
    queries = torch.randn(2, 4, 5, 8, generator=generator)
    keys, values = torch.randn(2, 2, key_heads, 6, 8, generator=generator)
    mask = None
    if masked == "tokens":
        mask = torch.ones(2, 1, 6, dtype=torch.bool)
        mask[1, :, 4:] = False
    if masked == "pairs":
        mask = torch.ones(2, 5, 6, dtype=torch.bool).tril()
    shown = None if mask is None else mask[:, None]
    expected = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=shown, enable_gqa=True)
    hidden = None if mask is None else hide(mask, queries.dtype)
    assert torch.allclose(attend(queries, keys, values, hidden), expected, atol=1e-6)
