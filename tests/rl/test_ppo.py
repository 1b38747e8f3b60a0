import math

import numpy as np
import torch

from psizero.embodiment.g1 import G1
from psizero.rl.actor_critic import ActorCritic, log_probability
from psizero.rl.config import PPOConfig
from psizero.rl.ppo import PPO
from psizero.rl.rollout import Rollout
from psizero.rl.symmetry import Mirror

SEEN, PRIVILEGED = 558, 126


def test_log_probability_is_that_of_independent_gaussians() -> None:
    actions, mean, spread = torch.randn(7, 3), torch.randn(7, 3), torch.tensor([0.5, 1.0, 2.0])
    expected = torch.distributions.Normal(mean, spread).log_prob(actions).sum(-1)
    torch.testing.assert_close(log_probability(actions, mean, spread), expected)


def test_the_actor_is_symmetric_whatever_its_weights() -> None:
    mirror = Mirror(G1)
    network = ActorCritic(SEEN, PRIVILEGED, 15, mirror)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    seen = torch.randn(9, SEEN)
    index, sign = (torch.as_tensor(part) for part in mirror.observation)
    back, back_sign = (torch.as_tensor(part) for part in mirror.action)
    torch.testing.assert_close(network.actor(seen[:, index] * sign), network.actor(seen)[:, back] * back_sign)
    spread = network.spread()
    torch.testing.assert_close(spread, spread[back])


def test_it_starts_at_the_reference() -> None:
    network = ActorCritic(SEEN, PRIVILEGED, 15, Mirror(G1))
    assert float(network.actor(torch.randn(64, SEEN)).detach().abs().max()) < 0.1


def test_it_learns_to_answer_what_is_rewarded() -> None:
    """A bandit: the reward is the closeness of the answer to a function of what is seen."""
    config = PPOConfig(horizon=16, learning_rate=1e-3)
    network = ActorCritic(SEEN, PRIVILEGED, 15, Mirror(G1))
    learner = PPO(network, config, seed=0)
    generator = torch.Generator().manual_seed(1)
    column = [name for name, _ in (("command", 7),)].index("command")

    def reward(seen: torch.Tensor, action: torch.Tensor) -> torch.Tensor:
        # Both knees (joints 3 and 9) as high as the height command of the last frame says.
        wish = seen[:, -93 + column + 3]
        return -((action[:, 3] - 0.5 * wish) ** 2 + (action[:, 9] - 0.5 * wish) ** 2)

    def play() -> float:
        rollout = Rollout(16, 128, SEEN, PRIVILEGED, 15, torch.device("cpu"))
        for step in range(16):
            seen = torch.zeros(128, SEEN)
            seen[:, -93 + 3] = torch.randn(128, generator=generator)
            privileged = torch.zeros(128, PRIVILEGED)
            privileged[:, 3] = seen[:, -93 + 3]
            action, mean, odds = learner.act(seen)
            rollout.seen[step], rollout.privileged[step], rollout.action[step] = seen, privileged, action
            rollout.mean[step], rollout.log_probability[step] = mean, odds
            rollout.value[step] = learner.value(privileged)
            rollout.reward[step] = reward(seen, action)
            rollout.ended[step] = True
        told = learner.update(rollout.batch(torch.zeros(128), config.discount, config.trace))
        assert math.isfinite(told["change"])
        return float(rollout.reward.mean())

    first = play()
    last = [play() for _ in range(40)][-1]
    noise = 2 * float(network.spread()[3].detach() ** 2)
    assert last > 0.5 * first
    assert last > -(noise + 0.25)


def test_the_step_size_falls_when_the_policy_changes_too_much_and_rises_when_too_little() -> None:
    learner = PPO(ActorCritic(SEEN, PRIVILEGED, 15, Mirror(G1)), PPOConfig(), seed=0)
    before = learner.rate
    learner._follow(1.0)
    assert learner.rate < before
    learner._follow(0.0)
    assert np.isclose(learner.rate, before)
    learner._follow(float("nan"))
    assert learner.rate < before
