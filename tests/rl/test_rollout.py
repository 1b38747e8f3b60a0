import torch

from psizero.rl.rollout import Rollout


def filled(rewards: list[float], values: list[float], ended: list[bool]) -> Rollout:
    rollout = Rollout(len(rewards), 1, 1, 1, 1, torch.device("cpu"))
    rollout.reward[:, 0] = torch.tensor(rewards)
    rollout.value[:, 0] = torch.tensor(values)
    rollout.ended[:, 0] = torch.tensor(ended)
    return rollout


def test_with_trace_1_the_advantage_is_the_discounted_return_less_the_value() -> None:
    rollout = filled([1.0, 2.0, 3.0], [0.5, 0.25, 0.125], [False, False, False])
    found = rollout.advantages(torch.tensor([10.0]), discount=0.9, trace=1.0)[:, 0]
    returns = [1 + 0.9 * (2 + 0.9 * (3 + 0.9 * 10)), 2 + 0.9 * (3 + 0.9 * 10), 3 + 0.9 * 10]
    torch.testing.assert_close(found, torch.tensor(returns) - rollout.value[:, 0])


def test_with_trace_0_the_advantage_is_the_surprise_of_one_step() -> None:
    rollout = filled([1.0, 2.0], [0.5, 0.25], [False, False])
    found = rollout.advantages(torch.tensor([4.0]), discount=0.5, trace=0.0)[:, 0]
    torch.testing.assert_close(found, torch.tensor([1 + 0.5 * 0.25 - 0.5, 2 + 0.5 * 4.0 - 0.25]))


def test_nothing_after_an_end_counts_before_it() -> None:
    calm = filled([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [False, True, False])
    wild = filled([1.0, 2.0, -99.0], [0.0, 0.0, 50.0], [False, True, False])
    for value in (0.0, 1000.0):
        a = calm.advantages(torch.tensor([0.0]), 0.9, 0.9)[:2]
        b = wild.advantages(torch.tensor([value]), 0.9, 0.9)[:2]
        torch.testing.assert_close(a, b)
