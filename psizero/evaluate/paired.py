"""Two ways of doing something in the same scenes: how many more successes, and how sure that is.

Scenes differ more than most ways do, so the difference is taken scene by scene. The interval is that of
Agresti and Min (Statistics in Medicine 24, 2005): of the differences with two made-up scenes beside them, half a scene
for each of the four outcomes that a pair can have. It does not shrink to nothing when no scene differs.

>>> worse, better = np.zeros((1, 100), bool), np.zeros((1, 100), bool)
>>> better[0, :20] = True
>>> found = PairedDifference.of(worse, better)
>>> found.difference, [round(end, 3) for end in found.interval], (found.won, found.lost)
(0.2, [0.117, 0.275], (20, 0))
"""

from dataclasses import dataclass

import numpy as np

from psizero.errors import ConfigError

_Z = 1.959964
"""Half the width of a 95 % interval, in standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """How much more often the second way succeeded than the first, in the same scenes."""

    difference: float
    """Of the two rates."""
    interval: tuple[float, float]
    """95 % interval of it, over scenes; how trainings with other seeds would differ is not in it."""
    won: int
    """Pairs that only the second way succeeded in."""
    lost: int
    """Pairs that only the first way succeeded in."""

    @staticmethod
    def of(first: np.ndarray, second: np.ndarray) -> "PairedDifference":
        """Compare successes, both (R, E) bool: R trainings of each way, tried in the same E scenes."""
        if first.shape != second.shape or first.ndim != 2 or not first.size:
            raise ConfigError(
                f"pairs need as many trainings and scenes of both ways, got {first.shape} and {second.shape}"
            )
        of_scene = second.mean(axis=0) - first.mean(axis=0)
        count = len(of_scene) + 2
        middle = of_scene.sum() / count
        spread = np.sqrt(((np.square(of_scene).sum() + 1) / count - middle**2) / count)
        return PairedDifference(
            difference=float(of_scene.mean()),
            interval=(max(-1.0, float(middle - _Z * spread)), min(1.0, float(middle + _Z * spread))),
            won=int((second & ~first).sum()),
            lost=int((first & ~second).sum()),
        )

    @property
    def verdict(self) -> str:
        """What the interval says about the second way: better, worse, or not told apart."""
        low, high = self.interval
        return "better" if low > 0 else "worse" if high < 0 else "not told apart"
