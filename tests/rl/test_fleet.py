import os
import signal

import numpy as np
import pytest

from psizero.errors import SimulationError
from psizero.rl.config import EnvConfig
from psizero.rl.fleet import Fleet
from psizero.rl.locomotion_env import LocomotionEnv

ACTIONS = np.random.default_rng(0).normal(scale=0.3, size=(6, 5, 15)).astype(np.float32)
CONFIG = EnvConfig(count=5)


@pytest.fixture
def fleet():
    fleet = Fleet(CONFIG, 3, parts=2)
    yield fleet
    fleet.close()


def step_all(fleet: Fleet, actions: np.ndarray) -> list[np.ndarray]:
    told = []
    for action in actions:
        reward, fallen, timed_out, _ = fleet.step(action)
        told += [reward, fallen, timed_out, *(view.copy() for view in fleet.observe())]
    return told


def test_two_processes_hold_the_robots_that_two_environments_would(fleet: Fleet) -> None:
    envs = [
        LocomotionEnv(EnvConfig(count=count), np.random.default_rng([3, part])) for part, count in enumerate((2, 3))
    ]
    for found, expected in zip(fleet.observe(), zip(*[env.observe() for env in envs], strict=True), strict=True):
        np.testing.assert_array_equal(found, np.concatenate(expected))
    for action in ACTIONS:
        reward, _, _, means = fleet.step(action)
        steps = [env.step(own) for env, own in zip(envs, (action[:2], action[2:]), strict=True)]
        np.testing.assert_array_equal(reward, np.concatenate([one[0] for one in steps]))
        assert means["velocity"] == pytest.approx(0.4 * steps[0][3]["velocity"] + 0.6 * steps[1][3]["velocity"])
        seen = np.concatenate([env.observe()[0] for env in envs])
        np.testing.assert_array_equal(fleet.observe()[0], seen)
    np.testing.assert_array_equal(fleet.period, np.concatenate([env.world.period for env in envs]))


def test_it_goes_on_from_what_was_saved(fleet: Fleet) -> None:
    fleet.set_level(np.linspace(0, 1, 5))
    step_all(fleet, ACTIONS)
    saved = fleet.save()
    expected = step_all(fleet, ACTIONS)
    fleet.restore(saved)
    for before, after in zip(expected, step_all(fleet, ACTIONS), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_allclose(saved["1.level"], [0.5, 0.75, 1.0])


def test_a_process_that_dies_is_told_and_nobody_waits_for_it(fleet: Fleet) -> None:
    (child,) = fleet.processes
    os.kill(child.pid, signal.SIGKILL)
    child.join(10)
    with pytest.raises(SimulationError, match="has died"):
        fleet.step(ACTIONS[0])


def test_an_error_in_a_process_comes_out_here(fleet: Fleet) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        fleet.restore({"0.nothing": np.zeros(1)} | {k: v for k, v in fleet.save().items() if k.startswith("0.")})


def test_closing_ends_the_processes() -> None:
    fleet = Fleet(CONFIG, 0, parts=2)
    fleet.close()
    (child,) = fleet.processes
    child.join(10)
    assert child.exitcode == 0
