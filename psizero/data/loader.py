"""Examples for training: batches by number, from pictures in memory or streamed from disk.

Batch number `step` is always the same batch: order, shifts, light and noise come from
generators made of (seed, step). So a training that resumes needs to remember nothing but
its step to see exactly the examples that would have come next.

Letters in shapes: C cameras, H x W pixels, S state numbers, A action numbers,
B examples of a batch, T actions of a chunk.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise

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
from psizero.data.frames import BadEpisodes, Frames
from psizero.data.image import PictureSize
from psizero.data.mix import Mix
from psizero.data.normalize import Scale
from psizero.data.order import Order
from psizero.data.stream import Share, Stream, alone

ALL_ROWS = slice(None)
"""Of a batch, in place of the share of one process."""
_ORDER, _PICTURES, _STATES = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """What one training step learns from; numbers are normalized."""

    frames: np.ndarray
    """(B,) int64: where each example is in the loader's `Frames`."""
    images: torch.Tensor
    """(B, C, H, W, 3) levels 0..255: uint8 as recorded, float32 if their light was changed; (B, 0) without pictures."""
    state: torch.Tensor
    """(B, S) float32."""
    action: torch.Tensor
    """(B, T, A) float32; past the end of an episode its last action is repeated: the robot holds still."""
    known: torch.Tensor
    """(B, A) bool: False where the recorded body lacks the number; nothing may be learned from it."""
    instruction: torch.Tensor
    """(B,) int64: place in `Frames.instructions`."""

    def to(self, device: torch.device) -> "Batch":
        """Return the same with its tensors on a device."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{n: value.to(device) for n, value in values.items() if isinstance(value, torch.Tensor)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Taken:
    """Which frames a step learns from, all rows."""

    step: int
    frames: np.ndarray
    """(B,) int64."""
    pictures: list[np.ndarray]
    """Of each frame, (C, H, W, 3); of none if the loader has no pictures."""


class Loader:
    """Batches of a fixed size; without a mix, each frame comes once per epoch, in a new order."""

    def __init__(
        self,
        frames: Frames,
        *,
        image_size: PictureSize | None,
        state_scale: Scale,
        action_scale: Scale,
        chunk: int,
        batch_size: int,
        seed: int,
        augment: AugmentConfig,
        mix: Mix | None = None,
        window: int | None = None,
        lost: Iterable[int] = (),
        bad: BadEpisodes | None = None,
        share: Share = alone,
        progress: Callable[[int], None] = lambda frames: None,
    ) -> None:
        """Take the frames to learn from; nothing is decoded before `prepare` or the first batch.

        Args:
            frames: Numbers of all episodes.
            image_size: Of the pictures; `None` gives batches without pictures.
            state_scale: Of states.
            action_scale: Of actions.
            chunk: Actions of an example.
            batch_size: Examples of a batch.
            seed: What order and changes depend on.
            augment: How examples are changed.
            mix: Draws from the joined data sets in shares; its parts are theirs, in the same order.
            window: About how many frames are shuffled together (`memory.window_for`); all of them if `None`.
            lost: Episodes from which nothing is to be learned.
            bad: What to do with an episode whose pictures are damaged.
            share: How the work of decoding is divided among processes.
            progress: Hears how many frames were decoded.
        """
        self._frames = frames
        self._state_scale, self._action_scale = state_scale, action_scale
        self._chunk = chunk
        self._batch_size = batch_size
        self._seed = seed
        self._augment = augment
        self._mix = mix
        self._orders = _orders(frames, window, [seed, _ORDER], mixed=mix is not None)
        for order in self._orders:
            order.lost.update(lost)
        self._streams: list[Stream] = []
        if image_size is not None:
            decode = share(partial(frames.decode, size=image_size))
            bad = bad or BadEpisodes()
            self._streams = [Stream(order, decode, bad=bad, progress=progress) for order in self._orders]
        self._last: _Taken | None = None

    def prepare(self, step: int) -> None:
        """Decode what the batches from `step` on begin with, and look for damage if it is to be refused."""
        first = step * self._batch_size
        places = [first] if self._mix is None else self._mix.counts(first)
        for stream, place in zip(self._streams, places, strict=False):  # there is none without pictures
            stream.prepare(int(place))

    def batch(self, step: int, rows: slice = ALL_ROWS) -> Batch:
        """Return rows of the batch of a step, always the same ones for the same seed, with changed pictures and states.

        Whichever rows are wanted, what is random is drawn for all of them.
        """
        taken = self._take(step)
        frames = taken.frames[rows]
        state = disturb_state(self._generator(_STATES, step), self._state(taken.frames), self._augment)[rows]
        state[:, self._state_scale.size :] = 0.0  # behind the last number there is nothing to disturb
        if not self._streams:
            return self._assemble(frames, None, state)
        rng = self._generator(_PICTURES, step)
        shifts = draw_shifts(rng, len(taken.frames), self._augment)[rows]
        light = draw_light(rng, len(taken.frames), self._augment)[rows]
        return self._assemble(frames, change_light(shifted_pictures(taken.pictures[rows], shifts), light), state)

    def actions(self, step: int) -> torch.Tensor:
        """Return the normalized actions of all rows of the batch of a step, (B, T, A)."""
        return self._actions(self._take(step).frames)

    def known(self, step: int) -> torch.Tensor:
        """Return which numbers of the actions of a step's batch are known, all rows, (B, A) bool."""
        return self._known(self._take(step).frames)

    def plain_batch(self, frames: np.ndarray, pictures: np.ndarray | None = None) -> Batch:
        """Return the examples of given frames, (B,), and their pictures, as they were recorded."""
        return self._assemble(frames, pictures, self._state(frames))

    def _places(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return for each example of a step its part, and its place in the order of that part, each (B,)."""
        numbers = np.arange(step * self._batch_size, (step + 1) * self._batch_size)
        return (np.zeros_like(numbers), numbers) if self._mix is None else self._mix.draw(numbers)

    def _take(self, step: int) -> _Taken:
        """Return what a step learns from; all rows at once, for the parts of a batch may lie in windows gone by."""
        if self._last is None or self._last.step != step:
            parts, places = self._places(step)
            frames = np.empty(len(places), np.int64)
            pictures: list[np.ndarray] = [np.zeros(0, np.uint8)] * len(places)
            for part in np.unique(parts):
                here = np.flatnonzero(parts == part)
                if not self._streams:
                    frames[here] = self._orders[part].frames(places[here])
                    continue
                frames[here], found = self._streams[part].take(places[here])
                for place, picture in zip(here, found, strict=True):
                    pictures[place] = picture
            self._last = _Taken(step=step, frames=frames, pictures=pictures)
        return self._last

    def _generator(self, purpose: int, step: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, purpose, step])

    def _state(self, frames: np.ndarray) -> np.ndarray:
        known = _filled_up(self._frames.state_known[self._frames.part[frames]], self._state_scale)
        # What a body lacks is the middle of its range: it says nothing.
        return np.where(known, self._state_scale.normalize(self._frames.state[frames]), np.float32(0))

    def _actions(self, frames: np.ndarray) -> torch.Tensor:
        rows = np.minimum(frames[:, None] + np.arange(self._chunk), self._frames.last[frames, None])
        return torch.from_numpy(self._action_scale.normalize(self._frames.action[rows]))

    def _known(self, frames: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(_filled_up(self._frames.action_known[self._frames.part[frames]], self._action_scale))

    def _assemble(self, frames: np.ndarray, pictures: np.ndarray | None, state: np.ndarray) -> Batch:
        return Batch(
            frames=frames,
            images=torch.from_numpy(np.zeros((len(frames), 0), np.uint8) if pictures is None else pictures),
            state=torch.from_numpy(state),
            action=self._actions(frames),
            known=self._known(frames),
            instruction=torch.from_numpy(self._frames.instruction[frames]),
        )


def _filled_up(known: np.ndarray, scale: Scale) -> np.ndarray:
    """Return which of a network's numbers are known, (B, width): none behind those that mean something, (B, size)."""
    return np.pad(known, ((0, 0), (0, scale.width - scale.size)))


def _orders(frames: Frames, window: int | None, seed: list[int], *, mixed: bool) -> list[Order]:
    """Return one order over all frames, or one per data set of a mix, each with its share of the window."""
    starts = frames.starts
    if not mixed:
        return [Order(starts, window=window, seed=seed)]
    orders = []
    borders = np.searchsorted(frames.part, np.arange(len(frames.action_known) + 1))
    for part, (first, end) in enumerate(pairwise(borders)):
        own = starts[(starts >= first) & (starts <= end)]
        share = None if window is None else max(1, window * int(end - first) // len(frames))
        first_episode = int(np.searchsorted(starts, first))
        orders.append(Order(own, window=share, seed=[*seed, part], first_episode=first_episode))
    return orders
