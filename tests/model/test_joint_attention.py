import torch

from psizero.model.joint_attention import ContextAttention, JointAttention


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
