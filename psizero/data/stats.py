"""Mean, deviation, range and quantiles of a data set's numbers, in one pass over its episodes.

Memory does not grow with the data set; quantiles are exact up to 131,071 frames, and
beyond that as good as `data.quantiles` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from psizero.data.episode import Episode
from psizero.data.quantiles import QuantileSketch
from psizero.errors import DataError

Form = Literal["absolute", "step"]
"""Numbers as recorded, or their change from one frame to the next."""
MOVING = 1e-3
"""Change of a target per frame (its unit) from which on it moves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VectorStats:
    """How each of D numbers is spread over `count` frames; each array (D,) float64 in the number's own unit."""

    mean: np.ndarray
    std: np.ndarray
    min: np.ndarray
    max: np.ndarray
    q01: np.ndarray
    """1 % of the values lie below."""
    q99: np.ndarray
    """1 % of the values lie above."""
    count: int

    def to_json(self) -> dict:
        """Return plain lists, in the names LeRobot uses in its stats.json."""
        lists = {name: getattr(self, name).tolist() for name in _ARRAYS}
        return {**lists, "count": [self.count]}

    @staticmethod
    def from_json(data: Mapping) -> "VectorStats":
        """Read what `to_json` wrote; anything else is a `DataError`."""
        try:
            arrays = {name: np.asarray(data[name], np.float64) for name in _ARRAYS}
            return VectorStats(**arrays, count=int(np.ravel(data["count"])[0]))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError(f"not statistics: {error!r}; expected {list(_ARRAYS)} and count") from error


_ARRAYS = tuple(field.name for field in fields(VectorStats) if field.name != "count")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EpisodeStats:
    """Statistics of states and of actions over the same frames."""

    state: VectorStats
    action: VectorStats

    def to_json(self) -> dict:
        """Return plain dictionaries and lists, for a file."""
        return {"state": self.state.to_json(), "action": self.action.to_json()}

    @staticmethod
    def from_json(data: Mapping) -> "EpisodeStats":
        """Read what `to_json` wrote; anything else is a `DataError`."""
        if not {"state", "action"} <= set(data):
            raise DataError(f"not statistics: expected state and action, got {sorted(data)}")
        return EpisodeStats(
            state=VectorStats.from_json(data["state"]),
            action=VectorStats.from_json(data["action"]),
        )


def vector_stats(values: np.ndarray) -> VectorStats:
    """Return the exact statistics of (N, D) values; N at least 1."""
    if values.ndim != 2 or len(values) == 0:
        raise DataError(f"statistics need values of (frames, numbers) with at least one frame, got {values.shape}")
    exact = values.astype(np.float64)
    q01, q99 = np.quantile(exact, (0.01, 0.99), axis=0)
    return VectorStats(
        mean=exact.mean(axis=0),
        std=exact.std(axis=0),
        min=exact.min(axis=0),
        max=exact.max(axis=0),
        q01=q01,
        q99=q99,
        count=len(exact),
    )


class StreamingStats:
    """Statistics of (N, D) values that come piece by piece, in memory that does not grow with them."""

    def __init__(self) -> None:
        self._count = 0
        self._quantiles = QuantileSketch()

    @property
    def rank_error(self) -> float:
        """Share of all values by which the rank of a quantile may be wrong; 0 is exact."""
        return self._quantiles.rank_error

    def add(self, values: np.ndarray) -> None:
        """Take in (N, D) values."""
        if len(values) == 0:
            return
        exact = values.astype(np.float64)
        count, mean, square = len(exact), exact.mean(axis=0), np.square(exact - exact.mean(axis=0)).sum(axis=0)
        low, high = exact.min(axis=0), exact.max(axis=0)
        if self._count == 0:
            self._mean, self._square, self._low, self._high = mean, square, low, high
        else:  # Chan, Golub and LeVeque 1979: no cancellation, however far the mean is from zero
            total = self._count + count
            away = mean - self._mean
            self._mean = self._mean + away * (count / total)
            self._square = self._square + square + away**2 * (self._count * count / total)
            self._low, self._high = np.minimum(self._low, low), np.maximum(self._high, high)
        self._count += count
        self._quantiles.add(values)

    def result(self) -> VectorStats:
        """Return the statistics of all that came."""
        if self._count == 0:
            raise DataError("statistics need at least one frame, got none; record an episode first")
        q01, q99 = self._quantiles.quantiles((0.01, 0.99))
        level = self._low == self._high  # sums of equal numbers are not always a multiple of them
        return VectorStats(
            mean=np.where(level, self._low, self._mean),
            std=np.where(level, 0.0, np.sqrt(self._square / self._count)),
            min=self._low,
            max=self._high,
            q01=q01,
            q99=q99,
            count=self._count,
        )


def episode_stats(episodes: Iterable[Episode], *, form: Form = "absolute", moving_only: bool = False) -> EpisodeStats:
    """Return the statistics over all frames of all episodes, which are visited once.

    Read the episodes without their cameras to be quick. With `moving_only`, frames
    from which no target moves to the next are left out, as in the statistics that
    Psi0 is post-trained with (which threshold those used is not known).
    """
    state, action = StreamingStats(), StreamingStats()
    for episode in episodes:
        steps = np.diff(episode.action, axis=0)
        moving = np.abs(steps).max(axis=1) >= MOVING if moving_only else np.ones(len(steps), bool)
        if form == "step":
            state.add(np.diff(episode.state, axis=0)[moving])
            action.add(steps[moving])
        else:
            kept = np.append(moving, not moving_only)
            state.add(episode.state[kept])
            action.add(episode.action[kept])
    return EpisodeStats(state=state.result(), action=action.result())


def psi0_stats(stats: EpisodeStats) -> dict[str, Any]:
    """Return statistics in the form of the reference's `meta/stats_psi0.json`: float32, keys `action` and `states`."""
    return {
        key: {name: getattr(part, name).astype(np.float32).tolist() for name in _ARRAYS}
        for key, part in (("action", stats.action), ("states", stats.state))
    }
