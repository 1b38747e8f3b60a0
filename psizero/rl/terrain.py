"""One large field of ground: from flat to rough, slopes and low steps, from one end to the other."""

import numpy as np

TILE = 0.1
"""Distance of the field's points (m)."""
PATCH = 80
"""Points per patch: 8 m."""
LEVELS, KINDS = 5, 4


class Terrain:
    """Heights of `LEVELS` x `KINDS` patches; rows get harder, columns are rough, slope up, slope down, steps."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.heights = np.zeros((LEVELS * PATCH + 1, KINDS * PATCH + 1))
        for level in range(LEVELS):
            hard = level / (LEVELS - 1)
            for kind in range(KINDS):
                rows = slice(level * PATCH, (level + 1) * PATCH + 1)
                columns = slice(kind * PATCH, (kind + 1) * PATCH + 1)
                self.heights[rows, columns] = _patch(rng, kind, hard)
        # Rows of the field are y, columns x.
        self._origin = -0.5 * TILE * (np.array(self.heights.shape[::-1]) - 1)

    def starts(self, rng: np.random.Generator, levels: np.ndarray) -> np.ndarray:
        """Return places (K, 3) m to stand on, in patches up to as hard as the levels (K,) 0..1; a third is flat."""
        hardest = np.minimum((levels * LEVELS + 0.5).astype(int), LEVELS - 1)
        row = np.where(rng.random(levels.size) < 0.33, 0, rng.integers(hardest + 1))
        column = rng.integers(KINDS, size=levels.size)
        place = self._origin + TILE * PATCH * (
            np.stack([column, row], axis=1) + rng.uniform(0.1, 0.9, (levels.size, 2))
        )
        # The highest ground under either foot, whatever the heading.
        around = [self.under(place[:, 0] + x, place[:, 1] + y) for x in (-0.15, 0, 0.15) for y in (-0.15, 0, 0.15)]
        return np.concatenate([place, np.max(around, axis=0)[:, None]], axis=1)

    def under(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the ground's height (N,) m at places, the highest of the points around."""
        column = np.clip(((x - self._origin[0]) / TILE).astype(int), 0, self.heights.shape[1] - 2)
        row = np.clip(((y - self._origin[1]) / TILE).astype(int), 0, self.heights.shape[0] - 2)
        u = np.clip((x - self._origin[0]) / TILE - column, 0, 1)
        v = np.clip((y - self._origin[1]) / TILE - row, 0, 1)
        h = self.heights
        low = (1 - u) * h[row, column] + u * h[row, column + 1]
        return (1 - v) * low + v * ((1 - u) * h[row + 1, column] + u * h[row + 1, column + 1])


def _patch(rng: np.random.Generator, kind: int, hard: float) -> np.ndarray:
    side = np.arange(PATCH + 1) - PATCH / 2
    across, along = np.meshgrid(side * TILE, side * TILE)
    away = np.maximum(np.abs(across), np.abs(along))
    # Patches meet at height 0 and have a flat middle to start on.
    inside = np.clip(away - 0.5, 0, None)
    edge = 0.5 * PATCH * TILE
    if kind == 0:
        ground = rng.uniform(-0.025, 0.025, across.shape) * hard
    elif kind in (1, 2):
        sign = 1 if kind == 1 else -1
        ground = sign * np.tan(np.deg2rad(10.0) * hard) * np.minimum(inside, edge - 0.5 - inside)
    else:
        ground = 0.04 * hard * np.floor(np.minimum(inside, edge - 0.5 - inside) / 0.5)
    ground[away >= edge - 1e-6] = 0.0
    return ground
