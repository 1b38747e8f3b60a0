"""Examples for training: data sets decoded once into memory, then batches by number.

Batch number `step` is always the same batch: order, shifts and light come from
generators made of (seed, step). So a training that resumes needs to remember
nothing but its step to see exactly the examples that would have come next.

Letters in shapes: N frames, C cameras, H x W pixels, S state numbers, A action
numbers, B examples of a batch, T actions of a chunk, P data sets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
import torch

from psizero.data.augment import (
    AugmentConfig,
    change_light,
    disturb_state,
    draw_light,
    draw_shifts,
    shifted_pictures,
)
from psizero.data.episode import Episode
from psizero.data.mix import Mix
from psizero.data.normalize import Normalizer
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import DataError

ALL_ROWS = slice(None)
"""Of a batch, in place of the share of one process."""
_ORDER, _PICTURES = 0, 1


class EpisodeSource(Protocol):
    """A data set: something from which episodes can be read by number."""

    @property
    def layout(self) -> PolicyLayout:
        """What the numbers of its states and actions mean."""
        ...

    def read(self, index: int, *, image_size: tuple[int, int] | None = None) -> Episode:
        """Return an episode with its pictures at (height, width)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """All frames of some episodes, one after the other."""

    images: np.ndarray
    """(N, C, H, W, 3) uint8, cameras in the layout's order."""
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """What one training step learns from; numbers are normalized."""

    images: torch.Tensor
    """(B, C, H, W, 3) levels 0..255: uint8 as recorded, float32 if their light was changed."""
    state: torch.Tensor
    """(B, S) float32."""
    action: torch.Tensor
    """(B, T, A) float32; past the end of an episode its last action is repeated: the robot holds still."""
    known: torch.Tensor
    """(B, A) bool: False where the recorded body lacks the number; nothing may be learned from it."""
    instruction: torch.Tensor
    """(B,) int64: place in `Frames.instructions`."""

    def to(self, device: torch.device) -> "Batch":
        """Return the same on a device."""
        return Batch(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})


def load_frames(
    episodes: Sequence[tuple[EpisodeSource, int]],
    *,
    image_size: tuple[int, int],
    progress: Callable[[int], None] = lambda frames: None,
) -> Frames:
    """Decode episodes, given as (data set, episode number), into memory; `progress` hears of frames read."""
    if not episodes:
        raise DataError("there is no episode to learn from; record some, or hold out fewer")
    images, states, actions, lasts, instruction_ids = [], [], [], [], []
    instructions: dict[str, int] = {}
    count = 0
    for source, index in episodes:
        episode = source.read(index, image_size=image_size)
        images.append(np.stack([episode.images[camera] for camera in source.layout.cameras], axis=1))
        states.append(episode.state)
        actions.append(episode.action)
        count += len(episode)
        lasts.append(np.full(len(episode), count - 1))
        instruction_ids.append(np.full(len(episode), instructions.setdefault(episode.instruction, len(instructions))))
        progress(len(episode))
    layout = episodes[0][0].layout
    return Frames(
        images=np.concatenate(images),
        state=np.concatenate(states),
        action=np.concatenate(actions),
        last=np.concatenate(lasts),
        instruction=np.concatenate(instruction_ids),
        instructions=tuple(instructions),
        part=np.zeros(count, np.int64),
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
        images=np.concatenate([part.images for part in parts]),
        state=np.concatenate([part.state for part in parts]),
        action=np.concatenate([part.action for part in parts]),
        last=np.concatenate([part.last + start for part, start in zip(parts, frames, strict=False)]),
        instruction=np.concatenate([place[part.instruction] for part, place in zip(parts, places, strict=True)]),
        instructions=tuple(instructions),
        part=np.concatenate([part.part + start for part, start in zip(parts, data_sets, strict=False)]),
        state_known=np.concatenate([part.state_known for part in parts]),
        action_known=np.concatenate([part.action_known for part in parts]),
    )


class Loader:
    """Batches of a fixed size; without a mix, each frame comes once per epoch, in a new order."""

    def __init__(
        self,
        frames: Frames,
        *,
        state_normalizer: Normalizer,
        action_normalizer: Normalizer,
        chunk: int,
        batch_size: int,
        seed: int,
        augment: AugmentConfig,
        mix: Mix | None = None,
    ) -> None:
        """Give `mix` to draw from the joined data sets in shares; its parts are theirs, in the same order."""
        self._frames = frames
        self._mix = mix
        self._starts = np.searchsorted(frames.part, np.arange(len(frames.action_known)))
        # What a body lacks is the middle of its range: it says nothing.
        self._state = np.where(frames.state_known[frames.part], state_normalizer.normalize(frames.state), np.float32(0))
        self._action = action_normalizer.normalize(frames.action)
        self._chunk = chunk
        self._batch_size = batch_size
        self._seed = seed
        self._augment = augment
        self._order: tuple[int, np.ndarray] = (-1, np.zeros(0, np.int64))

    def batch(self, step: int, rows: slice = ALL_ROWS) -> Batch:
        """Return rows of the batch of a step, always the same ones for the same seed, with changed pictures and states.

        Whichever rows are wanted, what is random is drawn for all of them.
        """
        frames = self._frames_of(step)
        rng = np.random.default_rng([self._seed, _PICTURES, step])
        shifts = draw_shifts(rng, len(frames), self._augment)[rows]
        light = draw_light(rng, len(frames), self._augment)[rows]
        state = disturb_state(rng, self._state[frames], self._augment)[rows]
        pictures = change_light(shifted_pictures(self._frames.images, frames[rows], shifts), light)
        return self._assemble(frames[rows], pictures, state)

    def actions(self, step: int) -> torch.Tensor:
        """Return the normalized actions of all rows of the batch of a step, (B, T, A)."""
        return torch.from_numpy(self._action[self._rows(self._frames_of(step))])

    def plain_batch(self, frames: np.ndarray) -> Batch:
        """Return the examples of given frames as they were recorded."""
        return self._assemble(frames, self._frames.images[frames], self._state[frames])

    def _frames_of(self, step: int) -> np.ndarray:
        places = np.arange(step * self._batch_size, (step + 1) * self._batch_size)
        if self._mix is not None:
            parts, frames = self._mix.draw(places)
            return self._starts[parts] + frames
        epochs, places = places // len(self._frames), places % len(self._frames)
        return np.concatenate([self._epoch(int(epoch))[places[epochs == epoch]] for epoch in np.unique(epochs)])

    def _epoch(self, epoch: int) -> np.ndarray:
        if self._order[0] != epoch:
            rng = np.random.default_rng([self._seed, _ORDER, epoch])
            self._order = (epoch, rng.permutation(len(self._frames)))
        return self._order[1]

    def _assemble(self, frames: np.ndarray, pictures: np.ndarray, state: np.ndarray) -> Batch:
        return Batch(
            images=torch.from_numpy(pictures),
            state=torch.from_numpy(state),
            action=torch.from_numpy(self._action[self._rows(frames)]),
            known=torch.from_numpy(self._frames.action_known[self._frames.part[frames]]),
            instruction=torch.from_numpy(self._frames.instruction[frames]),
        )

    def _rows(self, frames: np.ndarray) -> np.ndarray:
        """Return (B, T) frames whose actions are the chunks from `frames` on."""
        return np.minimum(frames[:, None] + np.arange(self._chunk), self._frames.last[frames, None])
