from itertools import pairwise

import numpy as np
import pytest

from psizero.control.lower_body import COMMAND_LOWER, COMMAND_UPPER, FRAME_SIZE, HISTORY
from psizero.rl.commands import CommandStream
from psizero.rl.config import EnvConfig
from psizero.rl.locomotion_env import PRIVILEGED_SIZE, LocomotionEnv
from psizero.rl.terrain import LEVELS, PATCH, TILE, Terrain
from psizero.rl.upper_body import ArmMotion


def environment(seed: int = 0, **settings: object) -> LocomotionEnv:
    return LocomotionEnv(EnvConfig(**({"count": 12} | settings)), np.random.default_rng(seed))


def run(env: LocomotionEnv, actions: np.ndarray) -> list[np.ndarray]:
    told = []
    for action in actions:
        reward, *_ = env.step(action)
        told += [reward, *(view.copy() for view in env.observe())]
    return told


def test_views_have_the_promised_sizes_and_no_wild_numbers() -> None:
    env = environment()
    for _ in range(30):
        seen, privileged = env.observe()
        assert seen.shape == (12, HISTORY * FRAME_SIZE) and seen.dtype == np.float32
        assert privileged.shape == (12, PRIVILEGED_SIZE) and privileged.dtype == np.float32
        assert np.abs(seen).max() <= 10 and np.abs(privileged).max() <= 30
        env.step(np.random.default_rng(1).normal(size=(12, 15)))


def test_the_same_seed_gives_the_same_numbers() -> None:
    actions = np.random.default_rng(2).normal(scale=0.3, size=(25, 12, 15))
    first, second = environment(), environment()
    for env in (first, second):
        env.observe()
    for a, b in zip(run(first, actions), run(second, actions), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("rough", [False, True])
def test_it_goes_on_exactly_where_it_was_saved(rough: bool) -> None:
    actions = np.random.default_rng(3).normal(scale=0.3, size=(40, 12, 15))
    env = environment(rough=rough)
    env.observe()
    run(env, actions[:20])
    saved = env.save()
    expected = run(env, actions[20:])
    # Another start; only the ground is of the same seed, because it is part of the model.
    other = environment(rough=rough)
    other.observe()
    other.restore(saved)
    for a, b in zip(run(other, actions[20:]), expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_robot_without_a_policy_stays_up_for_a_while_and_one_that_folds_falls() -> None:
    env = environment()
    env.observe()
    fallen = np.zeros(12, bool)
    for _ in range(20):
        fallen |= env.step(np.zeros((12, 15)))[1]
        env.observe()
    assert not fallen.any()
    env = environment()
    env.observe()
    limp = np.tile(np.where(np.arange(15) % 6 == 3, 8.0, 0.0), (12, 1))
    for _ in range(80):
        fallen |= env.step(limp)[1]
        env.observe()
    assert fallen.all()


def test_falling_lowers_the_level_and_a_good_life_raises_it() -> None:
    env = environment()
    env.observe()
    env.level[:] = 0.5
    for _ in range(80):
        env.step(np.full((12, 15), 8.0))
        env.observe()
    assert (env.level < 0.5).all()
    env = environment()
    env.observe()
    env._life[:] = 0.05
    env._smooth[:] = 0.0
    for _ in range(4):
        env.step(np.zeros((12, 15)))
        env.observe()
    # They stood as told, for a short life.
    assert (env.level > 0).mean() > 0.5


def test_commands_stay_in_range_and_change_no_faster_than_a_robot_can_follow() -> None:
    rng = np.random.default_rng(4)
    stream = CommandStream(50, walk=True)
    stream.reset(rng, np.arange(50))
    seen = []
    for _ in range(1500):
        before = stream.now.copy()
        stream.step(rng, np.full(50, 0.02))
        assert (np.abs(stream.now - before) <= np.array([1.2, 1.2, 2.5, 0.4, 1.6, 1.6, 1.6]) * 0.02 + 1e-9).all()
        seen.append(stream.now.copy())
    seen = np.concatenate(seen)
    assert (seen >= COMMAND_LOWER - 1e-9).all() and (seen <= COMMAND_UPPER + 1e-9).all()
    # Everything that may be asked is asked.
    assert (seen.min(0)[:6] < COMMAND_LOWER[:6] * 0.9 + 0.1 * COMMAND_UPPER[:6]).all()
    assert (seen[:, :3] == 0).all(1).mean() > 0.15


def test_without_walking_no_velocity_is_commanded() -> None:
    rng = np.random.default_rng(5)
    stream = CommandStream(20, walk=False)
    for _ in range(600):
        stream.step(rng, np.full(20, 0.02))
        assert (stream.now[:, :3] == 0).all()
    assert np.ptp(stream.now[:, 3]) > 0.1


def test_arms_move_in_straight_lines_within_their_range_and_recorded_poses_are_visited() -> None:
    rng = np.random.default_rng(6)
    rest, lower, upper = np.zeros(3), -np.ones(3), np.ones(3)
    recorded = np.array([[0.123, 0.456, 0.789]])
    arms = ArmMotion(rest, lower, upper, 8, recorded)
    arms.reset(np.arange(8))
    path = np.array([arms.step(rng, np.ones(8), np.full(8, 0.02)) for _ in range(2000)])
    assert (np.abs(path) <= 1).all()
    assert np.abs(np.diff(path, axis=0)).max() <= 2 * 0.02 / 0.5 + 1e-9
    assert (np.abs(arms._to - recorded).max(1) < 1e-12).any() or (np.abs(path - recorded).max(2) < 0.03).any()
    still = ArmMotion(rest, lower, upper, 8)
    still.reset(np.arange(8))
    assert np.abs([still.step(rng, np.zeros(8), np.full(8, 0.02)) for _ in range(200)]).max() == 0


def test_the_ground_gets_harder_row_by_row_and_nobody_starts_in_it() -> None:
    terrain = Terrain(np.random.default_rng(7))
    rows = [terrain.heights[level * PATCH : (level + 1) * PATCH] for level in range(LEVELS)]
    height = [float(np.abs(row).max()) for row in rows]
    assert height[0] < 1e-6
    assert all(a < b for a, b in pairwise(height))
    starts = terrain.starts(np.random.default_rng(8), np.linspace(0, 1, 200))
    above = starts[:, 2] - terrain.under(starts[:, 0], starts[:, 1])
    assert (above >= 0).all() and above.max() < 0.08
    # Beginners stand on the flat row.
    assert (starts[:20, 1] < terrain._origin[1] + PATCH * TILE).all() and not starts[:20, 2].any()
    slope = np.diff(terrain.heights, axis=1) / TILE
    assert np.rad2deg(np.arctan(np.abs(slope[-PATCH:, PATCH + 5 : 2 * PATCH - 5]).max())) == pytest.approx(10, abs=0.5)


def test_feet_rest_on_the_ground_that_the_terrain_says_is_there() -> None:
    env = environment(rough=True)
    env.level[:] = np.linspace(0, 1, 12)
    env._reset(np.arange(12))
    env.observe()
    for _ in range(15):
        env.step(np.zeros((12, 15)))
        env.observe()
    down = env.world.touching
    assert down.any(0).all()
    assert np.abs(env.world.sole_heights()[down]).max() < 0.03


def test_who_lags_behind_the_command_is_paid_less() -> None:
    env = environment()
    env.observe()
    env._commands.now[:, 0] = 0.5
    env._commands._goal[:, 0] = 0.5
    env._commands._left[:] = 10.0
    paid = []
    for _ in range(12):
        paid.append(env.step(np.zeros((12, 15)))[3]["place"])
        env.observe()
    assert paid[0] > 1.4 and paid[-1] < 0.8 * paid[0]
    assert env._drift.missed[0].mean() > 0.03


def test_half_of_all_lives_are_quiet() -> None:
    env = environment(count=200)
    env.observe()
    assert 0.3 < env._pushed.mean() < 0.7
    env._push_in[:] = 0.0
    force = np.linalg.norm(env._pushes(), axis=1)
    assert ((force > 0) == env._pushed).all()
