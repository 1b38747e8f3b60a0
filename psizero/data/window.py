"""One example out of an episode: the state of a frame and the actions that followed it."""

from dataclasses import dataclass

import numpy as np

from psizero.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """What a policy learns from one frame."""

    state: np.ndarray
    """(S,) float32 of the frame itself."""
    actions: np.ndarray
    """(T, A) float32; row 0 is the action of the frame itself, the last action is repeated past the end."""
    is_padding: np.ndarray
    """(T,) bool, True where an action is such a repetition: nothing should be learned from it."""


def cut_window(state: np.ndarray, action: np.ndarray, frame: int, length: int = 30) -> Window:
    """Cut the example of `frame` out of an episode's (N, S) states and (N, A) actions.

    >>> window = cut_window(np.zeros((3, 1)), np.array([[0.0], [1.0], [2.0]]), frame=1, length=4)
    >>> window.actions[:, 0].tolist(), window.is_padding.tolist()
    ([1.0, 2.0, 2.0, 2.0], [False, False, True, True])
    """
    count = len(action)
    if not 0 <= frame < count or len(state) != count:
        raise DataError(f"no frame {frame} in an episode of {len(state)} states and {count} actions")
    wanted = np.arange(frame, frame + length)
    return Window(state=state[frame], actions=action[np.minimum(wanted, count - 1)], is_padding=wanted >= count)
