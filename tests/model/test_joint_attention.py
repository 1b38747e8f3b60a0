import torch
from torch.nn import functional

from psizero.model.joint_attention import ContextAttention, JointAttention, attend


def test_attention_is_that_of_torch():
    queries, keys, values = torch.randn(3, 2, 4, 6, 8, generator=torch.Generator().manual_seed(0))
    mask = torch.ones(2, 6, dtype=torch.bool)
    mask[1, 4:] = False
    expected = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask[:, None, None])
    assert torch.allclose(attend(queries, keys, values, mask), expected, atol=1e-6)


def test_padding_cannot_influence_anyone_who_is_not_padding():
    torch.manual_seed(0)
    context_side, action_side = ContextAttention(16, 2), JointAttention(16, 2)
    context, action = torch.randn(2, 5, 16), torch.randn(2, 3, 16)
    mask = torch.ones(2, 5, dtype=torch.bool)
    mask[:, 3:] = False
    louder = context.clone()
    louder[:, 3:] *= 100.0
    results = []
    for tokens in (context, louder):
        mixed, shown = context_side(tokens, mask)
        assert mixed is not None
        results.append((mixed[:, :3], action_side(action, shown, mask)))
    for first, second in zip(*results, strict=True):
        assert torch.equal(first, second)
