"""In which order frames are learned from, so that only some of their pictures need to be in memory.

An epoch shuffles the episodes and cuts them into windows of about equally many frames;
within a window frames come in an order of their own. So each frame comes once per epoch,
and whoever learns needs the pictures of one window, and soon those of the next. What fits
into one window is shuffled as a whole.

Place number n is a function of the seed and n alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from psizero.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """Episodes whose frames come mixed with each other."""

    epoch: int
    index: int
    """Which window of its epoch, from 0."""
    episodes: np.ndarray
    """(e,) int64, rising."""
    first: int
    """Place in the epoch of its first frame."""
    frames: np.ndarray
    """(n,) int64, all of these episodes, in the order in which they come."""


class Order:
    """The frames of some episodes, epoch after epoch."""

    def __init__(self, starts: np.ndarray, *, window: int | None, seed: Sequence[int], first_episode: int = 0) -> None:
        """Shuffle the frames starts[0] .. starts[-1] - 1.

        Args:
            starts: (E + 1,) the first frame of each episode, and the end of the last one.
            window: About how many frames are shuffled together; all of them if `None`.
            seed: What the order depends on.
            first_episode: Number of the episode that begins at starts[0].
        """
        self.count = int(starts[-1] - starts[0])
        self._starts = starts
        self._windows = 1 if window is None else -(-self.count // window)
        self._seed = tuple(seed)
        self._first_episode = first_episode
        self.lost: set[int] = set()
        """Episodes that turned out to be damaged: their frames are replaced by others of their window."""
        self._plans: dict[int, _Plan] = {}
        self._kept: dict[tuple[int, int], Window] = {}

    @property
    def episodes(self) -> range:
        """Numbers of the episodes."""
        return range(self._first_episode, self._first_episode + len(self._starts) - 1)

    @property
    def whole(self) -> bool:
        """Whether all frames are shuffled together."""
        return self._windows == 1

    def windows(self, places: np.ndarray) -> Iterator[tuple[np.ndarray, Window]]:
        """Yield for (n,) places which of them lie in one window, and that window, rising."""
        epochs = places // self.count
        for epoch in np.unique(epochs):
            index = np.searchsorted(self._plan(int(epoch)).ends, places % self.count, side="right")
            for number in np.unique(index[epochs == epoch]):
                yield np.flatnonzero((epochs == epoch) & (index == number)), self.window(int(epoch), int(number))

    def frames(self, places: np.ndarray) -> np.ndarray:
        """Return the frames at (n,) places, (n,)."""
        frames = np.empty(len(places), np.int64)
        for here, window in self.windows(places):
            frames[here] = self.kept(window)[places[here] % self.count - window.first]
        return frames

    def kept(self, window: Window) -> np.ndarray:
        """Return the frames of a window, (n,); those of lost episodes are replaced by the others, in their order."""
        lost = self.lost.intersection(window.episodes.tolist()) if self.lost else ()
        if not lost:
            return window.frames
        gone = np.isin(self.episodes_of(window.frames)[0], list(lost))
        if gone.all():
            raise DataError(f"none of {len(window.episodes)} episodes in a row can be read; see `psizero data check`")
        return np.where(gone, np.resize(window.frames[~gone], len(gone)), window.frames)

    def window(self, epoch: int, index: int) -> Window:
        """Return a window; that behind the last one of its epoch is the first of the next."""
        plan = self._plan(epoch)
        if index == len(plan.episodes):
            return self.window(epoch + 1, 0)
        key = (epoch, index)
        if key not in self._kept:
            episodes = plan.episodes[index]
            frames = np.concatenate([np.arange(*self._starts[episode : episode + 2]) for episode in episodes])
            own = () if len(plan.episodes) == 1 else (index,)
            shuffled = np.random.default_rng([*self._seed, epoch, *own]).permutation(len(frames))
            window = Window(
                epoch=epoch,
                index=index,
                episodes=episodes + self._first_episode,
                first=int(plan.ends[index]) - len(frames),
                frames=frames[shuffled],
            )
            self._kept = {**dict(list(self._kept.items())[-2:]), key: window}
        return self._kept[key]

    def episodes_of(self, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the episodes of (n,) frames, and which of its frames each is, both (n,)."""
        episodes = np.searchsorted(self._starts, frames, side="right") - 1
        return episodes + self._first_episode, frames - self._starts[episodes]

    def _plan(self, epoch: int) -> "_Plan":
        if epoch not in self._plans:
            self._plans = {**dict(list(self._plans.items())[-1:]), epoch: self._drawn(epoch)}
        return self._plans[epoch]

    def _drawn(self, epoch: int) -> "_Plan":
        lengths = np.diff(self._starts)
        if self._windows == 1:
            return _Plan((np.arange(len(lengths)),), np.array([self.count]))
        order = np.random.default_rng([*self._seed, epoch]).permutation(len(lengths))
        middles = lengths[order].cumsum() - lengths[order] / 2
        window = (middles * self._windows / self.count).astype(np.int64)
        episodes = tuple(np.sort(order[window == number]) for number in np.unique(window))
        return _Plan(episodes, np.cumsum([lengths[each].sum() for each in episodes]))


class _Plan(NamedTuple):
    """The windows of an epoch."""

    episodes: tuple[np.ndarray, ...]
    """Of each window, rising, counted from 0."""
    ends: np.ndarray
    """(windows,) the place in the epoch behind the last frame of each."""
