import numpy as np

from psizero.rl.upper_body import HELD, HOLD, PACE, ArmMotion


def test_arms_go_anywhere_and_some_stay_there_for_seconds() -> None:
    rng, count = np.random.default_rng(0), 200
    arms = ArmMotion(np.zeros(14), np.full(14, -1.0), np.full(14, 1.0), count)
    arms.reset(np.arange(count))
    dt = np.full(count, 0.05)
    path = np.array([arms.step(rng, np.ones(count), dt) for _ in range(400)])
    assert np.abs(path).max() > 0.95
    stays = (np.abs(np.diff(path, axis=0)).max(2) < 1e-12) & (np.abs(path[1:]).max(2) > 0.3)
    # A share of all poses is held, each on average for the middle of HOLD.
    expected = HELD * sum(HOLD) / (HELD * sum(HOLD) + (1 - HELD) * sum(PACE))
    assert 0.7 * expected < stays.mean() < 1.2 * expected
    assert np.abs(np.diff(path, axis=0)).max() <= 2 * 0.05 / PACE[0] + 1e-9
