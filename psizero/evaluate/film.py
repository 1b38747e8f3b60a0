"""A small video of an episode, for people."""

from collections.abc import Callable

import numpy as np

from psizero.data.video import encode_video

EVERY = 2
"""Ticks per picture: 15 pictures a second at 30 Hz look smooth and cost half."""
FPS = 15


class Film:
    """Takes a picture every few ticks and makes a video of them."""

    def __init__(self, picture: Callable[[str, int, int], np.ndarray], height: int = 288, width: int = 384) -> None:
        self._picture = picture
        self._size = (height, width)
        self._frames: list[np.ndarray] = []

    def look(self, tick: int) -> None:
        """Take a picture if this tick is one of those shown: from the front, with the head's view in a corner."""
        if tick % EVERY:
            return
        frame = self._picture("front", *self._size).copy()
        height, width = self._size[0] // 3 & ~1, self._size[1] // 3 & ~1
        inset = self._picture("head", height, width)
        frame[-height - 4 : -4, 4 : width + 4] = inset
        self._frames.append(frame)

    def encode(self) -> bytes:
        """Return the mp4."""
        return encode_video(np.stack(self._frames), FPS)
