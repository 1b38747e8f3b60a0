"""What the robots are told while they learn, and how fast a command may change."""

import numpy as np

from psizero.control.lower_body import COMMAND_LOWER, COMMAND_UPPER, SLEW

REST = np.array([0.0, 0.0, 0.0, 0.74, 0.0, 0.0, 0.0])


class CommandStream:
    """Commands of N robots that change every few seconds."""

    def __init__(self, count: int, *, walk: bool) -> None:
        self._walk = walk
        self.now = np.tile(REST, (count, 1))
        """(N, 7) as in `control.lower_body`."""
        self._goal = self.now.copy()
        self._left = np.zeros(count)

    def reset(self, rng: np.random.Generator, ids: np.ndarray) -> None:
        """Begin standing, with a first command to come soon."""
        self.now[ids] = self._goal[ids] = REST
        self._left[ids] = rng.uniform(0.0, 1.0, len(ids))

    def step(self, rng: np.random.Generator, dt: np.ndarray) -> None:
        """Move `dt` (N,) s on."""
        self._left -= dt
        due = np.flatnonzero(self._left <= 0)
        if due.size:
            self._goal[due] = self._draw(rng, due.size)
            self._left[due] = rng.uniform(2.0, 6.0, due.size)
        change = SLEW * dt[:, None]
        self.now += np.clip(self._goal - self.now, -change, change)

    def _draw(self, rng: np.random.Generator, k: int) -> np.ndarray:
        command = rng.uniform(COMMAND_LOWER, COMMAND_UPPER, (k, 7))
        kind = rng.random(k)
        stand, turn = kind < (0.3 if self._walk else 1.0), kind > 0.85
        command[stand, :3] = 0.0
        command[turn, :2] = 0.0
        # One direction alone is what people ask for most.
        alone = ~stand & ~turn & (rng.random(k) < 0.5)
        axis = rng.integers(3, size=k)
        for number in range(3):
            command[alone & (axis != number), number] = 0.0
        high = rng.random(k) < np.where(stand, 0.3, 0.6)
        command[high, 3] = rng.uniform(0.70, 0.76, int(high.sum()))
        # Far down is hardest, with things in the hands most of all.
        low = stand & (rng.random(k) < 0.2)
        command[low, 3] = rng.uniform(COMMAND_LOWER[3], 0.55, int(low.sum()))
        walking = ~stand
        command[walking, 3] = np.maximum(command[walking, 3], 0.60)
        command[walking, 3] = np.minimum(command[walking, 3], 0.76)
        upright = rng.random(k) < 0.45
        command[upright, 4:] = 0.0
        command[walking, 4:] *= 0.6
        # Far down the legs have no room left to lean as well.
        deep = np.clip((command[:, 3] - 0.48) / 0.14, 0.3, 1.0)
        command[:, 4:6] *= deep[:, None]
        return command

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        return {name: getattr(self, name).copy() for name in ("now", "_goal", "_left")}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name, value in saved.items():
            setattr(self, name, value.copy())
