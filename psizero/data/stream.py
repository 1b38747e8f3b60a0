"""Pictures in the order of training, decoded ahead by threads, in memory that does not grow.

In memory are the episodes of the window that is being learned from, those of the next one
as they come, and a few that are being decoded. If one window holds everything, everything
is decoded once and stays.

Threads are enough: the video library lets go of the interpreter while it decodes.

Which episodes are asked for, and in which order, follows from the places that are taken
and not from how fast anything is: each episode of a window once, unless it is in memory
since the window before or is lost. So processes that take the same places can share what
they decode (`shared_pictures`).
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from itertools import islice

import numpy as np

from psizero.data.frames import BadEpisodes, Frames
from psizero.data.image import PictureSize
from psizero.data.order import Order, Window
from psizero.errors import DataError, LayoutError

Decode = Callable[[int], np.ndarray]
"""Number of an episode -> its pictures, (n, C, H, W, 3) uint8; a `DataError` if they are damaged."""
Share = Callable[[Decode], Decode]
"""What is decoded -> the same, so that one of several processes does it for all (`shared_pictures`)."""

_IN_FLIGHT = 2
"""Episodes per thread, one at work and one waiting: few, so that a run that is ended ends at once."""


def alone(decode: Decode) -> Decode:
    """Share with nobody: the process decodes for itself."""
    return decode


class Stream:
    """Frames of some episodes in the order of training, each with its pictures."""

    def __init__(
        self,
        order: Order,
        decode: Decode,
        *,
        bad: BadEpisodes,
        threads: int | None = None,
        progress: Callable[[int], None] = lambda frames: None,
    ) -> None:
        """Decode with so many threads, with all cores if not given; `progress` hears of frames decoded."""
        self._order = order
        self._decode = decode
        self._bad = bad
        self._threads = threads or os.cpu_count() or 1
        self._progress = progress
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="decode")
        self._window: Window | None = None
        self._frames = np.zeros(0, np.int64)
        self._pictures: dict[int, np.ndarray] = {}
        self._wanted: frozenset[int] = frozenset()
        self._todo: deque[int] = deque()
        self._coming: dict[int, Future[np.ndarray]] = {}

    @property
    def held(self) -> int:
        """How many frames have their pictures in memory."""
        return sum(map(len, self._pictures.values()))

    def prepare(self, place: int) -> None:
        """Decode the window of a place; before that, every episode once if damage is to be refused."""
        if self._bad.choice == "refuse" and not self._order.whole:
            for _, pictures in decoded(self._decode, self._order.episodes, bad=self._bad, threads=self._threads):
                self._progress(len(pictures))
        for _, window in self._order.windows(np.array([place])):
            self._hold(window)

    def take(self, places: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return the frames at (n,) places of the order, (n,), and the pictures of each, (C, H, W, 3).

        A frame of a damaged episode is replaced by another one of its window.
        """
        frames = np.empty(len(places), np.int64)
        pictures: list[np.ndarray] = [np.zeros(0, np.uint8)] * len(places)
        for here, window in self._order.windows(places):
            self._hold(window)
            frames[here] = self._frames[places[here] % self._order.count - window.first]
            episodes, rows = self._order.episodes_of(frames[here])
            for place, episode, row in zip(here, episodes.tolist(), rows.tolist(), strict=True):
                pictures[place] = self._pictures[episode][row]
        return frames, pictures

    def _hold(self, window: Window) -> None:
        """Wait until a window's episodes are decoded, and have those of the next one decoded meanwhile."""
        if window is not self._window:
            self._want(window)
        self._collect()
        own = set(window.episodes.tolist())
        while own & {*self._coming, *self._todo}:
            self._ask()
            wait(self._coming.values(), return_when=FIRST_COMPLETED)
            self._collect()
        self._ask()
        if window is not self._window:
            self._window, self._frames = window, self._order.kept(window)

    def _want(self, window: Window) -> None:
        following = self._order.window(window.epoch, window.index + 1)
        wanted = dict.fromkeys([*window.episodes.tolist(), *following.episodes.tolist()])
        self._wanted = frozenset(wanted)
        self._pictures = {episode: pictures for episode, pictures in self._pictures.items() if episode in wanted}
        known = {*self._pictures, *self._order.lost, *self._coming}
        self._todo = deque(episode for episode in wanted if episode not in known)

    def _ask(self) -> None:
        while self._todo and len(self._coming) < _IN_FLIGHT * self._threads:
            episode = self._todo.popleft()
            self._coming[episode] = self._pool.submit(self._decode, episode)

    def _collect(self) -> None:
        for episode in [episode for episode, future in self._coming.items() if future.done()]:
            future = self._coming.pop(episode)
            try:
                pictures = future.result()
            except (DataError, LayoutError) as error:
                self._bad.meet(error)
                self._order.lost.add(episode)
                continue
            self._progress(len(pictures))
            if episode in self._wanted:
                self._pictures[episode] = pictures


def decoded(
    decode: Decode, episodes: Iterable[int], *, bad: BadEpisodes, threads: int | None = None
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield some episodes with their pictures, in the given order, decoded ahead; those that cannot be are left out."""
    threads = threads or os.cpu_count() or 1
    todo = iter(episodes)
    coming: deque[tuple[int, Future[np.ndarray]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        while True:
            for episode in islice(todo, _IN_FLIGHT * threads - len(coming)):
                coming.append((episode, pool.submit(decode, episode)))
            if not coming:
                return
            episode, future = coming.popleft()
            try:
                pictures = future.result()
            except (DataError, LayoutError) as error:
                bad.meet(error)
                continue
            yield episode, pictures


def read_pictures(
    frames: Frames,
    wanted: np.ndarray,
    size: PictureSize,
    *,
    bad: BadEpisodes,
    share: Share = alone,
    progress: Callable[[int], None] = lambda frames: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of `wanted`, rising, can be read, (n,), and their pictures, (n, C, H, W, 3)."""
    starts = frames.starts
    episode_of = np.searchsorted(starts, wanted, side="right") - 1
    kept, found = [np.zeros(0, np.int64)], []
    episodes = np.unique(episode_of).tolist()
    for episode, pictures in decoded(share(partial(frames.decode, size=size)), episodes, bad=bad):
        here = wanted[episode_of == episode]
        kept.append(here)
        found.append(pictures[here - starts[episode]])
        progress(len(pictures))
    nothing = np.zeros((0, len(frames.cameras), 0, 0, 3), np.uint8)
    return np.concatenate(kept), np.concatenate(found) if found else nothing
