"""From episodes to rates one can defend: exact intervals, no normal approximation.

>>> score = Score.of([True] * 8 + [False] * 2)
>>> score.rate, [round(end, 3) for end in score.interval]
(0.8, [0.444, 0.975])
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import lgamma

import numpy as np

from psizero.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How often something succeeded."""

    episodes: int
    successes: int

    @staticmethod
    def of(outcomes: Iterable[bool]) -> "Score":
        """Count outcomes."""
        counted = list(outcomes)
        return Score(episodes=len(counted), successes=sum(counted))

    @property
    def rate(self) -> float:
        """Share of successes; 0 of no episodes."""
        return self.successes / self.episodes if self.episodes else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of Clopper and Pearson."""
        return clopper_pearson(self.successes, self.episodes)


def clopper_pearson(successes: int, episodes: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of a rate: it holds the true rate at least as often as it says.

    Its ends are the rates at which a count this high, or this low, has probability
    (1 - confidence) / 2; found by bisection of the binomial distribution.
    """
    if not 0 <= successes <= episodes:
        raise ConfigError(f"{successes} successes of {episodes} episodes is impossible")
    if not 0.0 < confidence < 1.0:
        raise ConfigError(f"a confidence lies between 0 and 1, got {confidence}; try 0.95")
    tail = (1.0 - confidence) / 2.0
    at_least = _probabilities(np.arange(successes, episodes + 1), episodes)
    at_most = _probabilities(np.arange(successes + 1), episodes)
    low = 0.0 if successes == 0 else _bisect(lambda rate: at_least(rate) < tail)
    high = 1.0 if successes == episodes else _bisect(lambda rate: at_most(rate) >= tail)
    return low, high


def median_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float] | None:
    """Return two of the values that have the true median between them, at least as often as `confidence` says.

    By ranks alone, whatever the distribution; too few values have no such interval.

    >>> median_interval([3.0, 1.0, 2.0, 9.0, 5.0, 4.0])
    (1.0, 9.0)
    """
    ordered = sorted(values)
    at_most = [float(_probabilities(np.arange(count + 1), len(ordered))(0.5)) for count in range(len(ordered) // 2)]
    left_out = sum(share <= (1.0 - confidence) / 2.0 for share in at_most)
    return (ordered[left_out - 1], ordered[-left_out]) if left_out else None


def wilson(successes: int, episodes: int) -> tuple[float, float]:
    """Return the 95 % interval of Wilson (1927): narrower than the exact one, right on average.

    >>> [round(end, 3) for end in wilson(98, 100)]
    [0.93, 0.994]
    """
    if not 0 <= successes <= episodes or episodes == 0:
        raise ConfigError(f"{successes} successes of {episodes} episodes has no interval")
    z, rate = 1.959964, successes / episodes
    middle = (rate + z * z / (2 * episodes)) / (1 + z * z / episodes)
    half = z / (1 + z * z / episodes) * float(np.sqrt(rate * (1 - rate) / episodes + z * z / (4 * episodes**2)))
    # Rounding alone would keep the ends from 0 and 1.
    return 0.0 if successes == 0 else middle - half, 1.0 if successes == episodes else middle + half


def _probabilities(counts: np.ndarray, episodes: int) -> Callable[[float], float]:
    """Return the probability that one of these counts is seen, as a function of the rate."""
    ways = np.array([lgamma(episodes + 1) - lgamma(k + 1) - lgamma(episodes - k + 1) for k in counts])

    def probability(rate: float) -> float:
        return float(np.exp(ways + counts * np.log(rate) + (episodes - counts) * np.log1p(-rate)).sum())

    return probability


def _bisect(is_below: Callable[[float], bool]) -> float:
    """Return where `is_below` turns from true to false within (0, 1)."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if is_below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
