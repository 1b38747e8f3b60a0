"""What the arms do while the legs learn: anything, a little at first; recorded motion too where there is some."""

import numpy as np

PACE = (0.6, 1.6)
"""Shortest and longest time for a new pose of the arms (s)."""
HELD = 0.2
"""Share of poses that are then held: whoever works at a table stands for seconds with an arm out."""
HOLD = (1.0, 4.0)
"""Shortest and longest time for that (s)."""


class ArmMotion:
    """Arms of N robots on their way from pose to pose, in straight lines, as in HOMIE's curriculum."""

    def __init__(
        self, rest: np.ndarray, lower: np.ndarray, upper: np.ndarray, count: int, recorded: np.ndarray | None = None
    ) -> None:
        """Take rest pose and range (A,) rad; `recorded` (K, A) rad are poses to go to as well."""
        self._rest, self._lower, self._upper = rest, lower, upper
        self._recorded = recorded
        self._from = np.tile(rest, (count, 1))
        self._to = self._from.copy()
        self._time, self._length = np.zeros(count), np.ones(count)

    def reset(self, ids: np.ndarray) -> None:
        """Put the arms of `ids` at rest."""
        self._from[ids] = self._to[ids] = self._rest
        self._time[ids], self._length[ids] = 0.0, 0.5

    def step(self, rng: np.random.Generator, width: np.ndarray, dt: np.ndarray) -> np.ndarray:
        """Return targets (N, A) rad, `dt` (N,) s later.

        `width` (N,) 0..1 says how much of the joints' range around rest new poses are drawn from.
        """
        self._time += dt
        done = np.flatnonzero(self._time >= self._length)
        if done.size:
            self._from[done] = self._to[done]
            held = rng.random(done.size) < HELD
            self._to[done] = np.where(held[:, None], self._from[done], self._draw(rng, width[done]))
            self._time[done] = 0.0
            self._length[done] = np.where(held, rng.uniform(*HOLD, done.size), rng.uniform(*PACE, done.size))
        share = (self._time / self._length)[:, None]
        return self._from + share * (self._to - self._from)

    def _draw(self, rng: np.random.Generator, width: np.ndarray) -> np.ndarray:
        anywhere = rng.uniform(self._lower, self._upper, (width.size, self._rest.size))
        pose = self._rest + width[:, None] * (anywhere - self._rest)
        if self._recorded is not None:
            seen = rng.random(width.size) < 0.3
            pose[seen] = self._recorded[rng.integers(len(self._recorded), size=int(seen.sum()))]
        # Now and then the arms hold still.
        still = rng.random(width.size) < 0.15
        pose[still] = self._rest
        return pose

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        return {name: getattr(self, name).copy() for name in ("_from", "_to", "_time", "_length")}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name, value in saved.items():
            setattr(self, name, value.copy())
