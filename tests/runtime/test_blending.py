import numpy as np

from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.blending import MOST_SLOW_DOWN_TICKS, SLOW_DOWN_TICKS, Blending


def test_a_plan_that_runs_away_ends_in_a_bounded_slow_down_and_stands() -> None:
    blending = Blending(G1_DEX3.action, 30.0)
    for speed, most in ((0.0, SLOW_DOWN_TICKS), (1.0, MOST_SLOW_DOWN_TICKS), (1e6, MOST_SLOW_DOWN_TICKS)):
        rows = blending.slow_down(np.full(G1_DEX3.action.size, speed), np.full(G1_DEX3.action.size, speed))
        assert SLOW_DOWN_TICKS <= len(rows) <= most
        assert (rows[-1][blending.is_rate] == 0).all()
        assert np.isfinite(rows).all()
