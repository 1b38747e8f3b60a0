"""The numbers of many episodes, one after the other in memory; their pictures stay on disk until they are asked for.

Numbers are small (a few hundred bytes a frame: a thousand hours fit), pictures are not.

Letters in shapes: N frames, E episodes, S state numbers, A action numbers, P data sets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np

from psizero.data.episode import Episode
from psizero.data.image import PictureSize
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import DataError, LayoutError

OnBadEpisode = Literal["refuse", "skip"]
"""What to do with an episode that cannot be read."""


class EpisodeSource(Protocol):
    """A data set: something from which episodes can be read by number."""

    @property
    def layout(self) -> PolicyLayout:
        """What the numbers of its states and actions mean."""
        ...

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return an episode with its pictures at (height, width); without pictures if `cameras` is ()."""
        ...

    def fingerprint(self, index: int) -> str:
        """Return a digest of all that the pictures of an episode are decoded from."""
        ...


class EpisodePlace(NamedTuple):
    """Where an episode comes from."""

    source: EpisodeSource
    number: int


class BadEpisodes:
    """What became of the episodes that cannot be read: the first one ends all, or each is told and left out."""

    def __init__(self, choice: OnBadEpisode = "refuse", tell: Callable[[str], None] = lambda text: None) -> None:
        self.choice: OnBadEpisode = choice
        self._tell = tell

    def meet(self, error: DataError | LayoutError) -> None:
        """Raise the error or tell it, as chosen."""
        if self.choice == "refuse":
            raise DataError(f"{error}, or leave such episodes out: --on-bad-episode skip") from error
        self._tell(f"left out: {error}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """All frames of some episodes, one after the other."""

    episodes: tuple[EpisodePlace, ...]
    """Where the E episodes come from."""
    state: np.ndarray
    """(N, S) float32, physical units."""
    action: np.ndarray
    """(N, A) float32, physical units."""
    last: np.ndarray
    """(N,) int64: the last frame of the episode to which each frame belongs."""
    instruction: np.ndarray
    """(N,) int64: place in `instructions`."""
    instructions: tuple[str, ...]
    part: np.ndarray
    """(N,) int64, rising: from which data set each frame is, if several were joined."""
    state_known: np.ndarray
    """(P, S) bool: False where the body of a data set lacks a number of the state."""
    action_known: np.ndarray
    """(P, A) bool: the same of the action, from which nothing may be learned there."""

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.state)

    @property
    def starts(self) -> np.ndarray:
        """(E + 1,) int64: the first frame of each episode, and N."""
        return np.concatenate([[0], np.unique(self.last) + 1])

    @property
    def cameras(self) -> tuple[str, ...]:
        """Whose pictures there are."""
        return self.episodes[0].source.layout.cameras

    def decode(self, episode: int, size: PictureSize) -> np.ndarray:
        """Return the pictures of one episode at that size: (n, C, H, W, 3) uint8, cameras as in the layout."""
        source, number = self.episodes[episode]
        first, end = self.starts[episode : episode + 2]
        recorded = source.read(number, image_size=size)
        if len(recorded) != end - first:
            raise DataError(f"episode {number} has {len(recorded)} frames, it had {end - first}; start the run again")
        views = [recorded.images[camera] for camera in source.layout.cameras]
        return views[0][:, None] if len(views) == 1 else np.stack(views, axis=1)


def read_frames(
    episodes: Sequence[tuple[EpisodeSource, int]],
    *,
    bad: BadEpisodes | None = None,
    progress: Callable[[int], None] = lambda frames: None,
) -> Frames:
    """Read the numbers of episodes, given as (data set, episode number); `progress` hears of frames read."""
    if not episodes:
        raise DataError("there is no episode to learn from; record some, or hold out fewer")
    bad = bad or BadEpisodes()
    read: list[tuple[EpisodePlace, Episode]] = []
    for source, index in episodes:
        try:
            episode = source.read(index, cameras=())
        except (DataError, LayoutError) as error:
            bad.meet(error)
            continue
        read.append((EpisodePlace(source, index), episode))
        progress(len(episode))
    if not read:
        raise DataError(f"none of {len(episodes)} episodes can be read; see `psizero data check`")
    lengths = np.array([len(episode) for _, episode in read])
    instructions = {words: place for place, words in enumerate(dict.fromkeys(e.instruction for _, e in read))}
    layout = episodes[0][0].layout
    return Frames(
        episodes=tuple(place for place, _ in read),
        state=np.concatenate([episode.state for _, episode in read]),
        action=np.concatenate([episode.action for _, episode in read]),
        last=np.repeat(lengths.cumsum() - 1, lengths),
        instruction=np.repeat([instructions[episode.instruction] for _, episode in read], lengths),
        instructions=tuple(instructions),
        part=np.zeros(lengths.sum(), np.int64),
        state_known=np.ones((1, layout.state.size), bool),
        action_known=np.ones((1, layout.action.size), bool),
    )


def join_frames(parts: Sequence[Frames]) -> Frames:
    """Return the frames of several data sets, one after the other, all in one layout."""
    instructions = {words: place for place, words in enumerate(dict.fromkeys(w for p in parts for w in p.instructions))}
    places = [np.array([instructions[words] for words in part.instructions]) for part in parts]
    frames = np.cumsum([0, *(len(part) for part in parts)])
    data_sets = np.cumsum([0, *(len(part.action_known) for part in parts)])
    return Frames(
        episodes=tuple(place for part in parts for place in part.episodes),
        state=np.concatenate([part.state for part in parts]),
        action=np.concatenate([part.action for part in parts]),
        last=np.concatenate([part.last + start for part, start in zip(parts, frames, strict=False)]),
        instruction=np.concatenate([place[part.instruction] for part, place in zip(parts, places, strict=True)]),
        instructions=tuple(instructions),
        part=np.concatenate([part.part + start for part, start in zip(parts, data_sets, strict=False)]),
        state_known=np.concatenate([part.state_known for part in parts]),
        action_known=np.concatenate([part.action_known for part in parts]),
    )
