"""Mean, deviation, range and quantiles of a data set's numbers, in one pass over its episodes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np

from psizero.data.episode import Episode
from psizero.errors import DataError


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


def episode_stats(episodes: Iterable[Episode]) -> EpisodeStats:
    """Return the statistics over all frames of all episodes, which are visited once.

    Only states and actions are held, a few hundred bytes a frame, so quantiles are
    exact; read the episodes without their cameras to be quick.
    """
    states, actions = [], []
    for episode in episodes:
        states.append(episode.state)
        actions.append(episode.action)
    if not states:
        raise DataError("statistics need at least one episode, got none; record one first")
    return EpisodeStats(
        state=vector_stats(np.concatenate(states)),
        action=vector_stats(np.concatenate(actions)),
    )
