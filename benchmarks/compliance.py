"""When does a robot do what it is told now, and no longer what it was told before?

A window is a few ticks. At its first tick the policy is asked twice what it would do from this very
state, with no plan to go on from and with the same noise: once in the old situation, once in the new one.
What ran in the window lies somewhere on the way from the one answer to the other:

>>> old, new = np.zeros((2, 1)), np.ones((2, 1))
>>> share_of_new(np.full((2, 1), 0.75), old, new)
0.75

The robot complies from the first of `IN_A_ROW` windows in succession in which what ran was nearer to the
new answer (above a half), windows counted by their last tick. Windows in which both answers are the same
tell nothing and are passed over.
"""

from collections.abc import Sequence

import numpy as np

WINDOW = 10
"""Ticks of a window: a third of a second. Shorter ones drown in noise; longer ones see a change late."""
LEAST_DIFFERENCE = 0.01
"""How far two answers must lie apart to tell anything (rad, root mean square over the arms' joints and the window)."""
IN_A_ROW = 5
"""Windows that must agree: a sixth of a second, so that one lucky window does not count."""


def share_of_new(ran: np.ndarray, old: np.ndarray, new: np.ndarray) -> float | None:
    """Return where (W, J) actions lie between two answers, 0 the old one, 1 the new one; None if they are the same."""
    way = (np.asarray(new, np.float64) - old).ravel()
    if np.sqrt(np.mean(way**2)) < LEAST_DIFFERENCE:
        return None
    return float((ran - old).ravel() @ way / (way @ way))


def complied(shares: Sequence[float | None]) -> int | None:
    """Return the first of `IN_A_ROW` telling windows in succession that are nearer to the new answer; None if none is.

    >>> complied([0.1, None, 0.9, 0.2, 0.8, 0.9, None, 1.0, 1.1, 0.7])
    4
    """
    run: list[int] = []
    for place, share in enumerate(shares):
        if share is None:
            continue
        run = [*run, place] if share > 0.5 else []
        if len(run) == IN_A_ROW:
            return run[0]
    return None
