"""One example out of an episode: a state, the actions that followed it, and what may be learned of them."""

from dataclasses import dataclass

import numpy as np

from psizero.data.episode import Episode
from psizero.embodiment.convert import Conversion
from psizero.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """What a policy learns from one frame."""

    state: np.ndarray
    """(S,) float32 of the frame itself."""
    state_known: np.ndarray
    """(S,) bool, False where the recorded body lacks the number: it is zero and says nothing."""
    actions: np.ndarray
    """(T, A) float32; row 0 is the action of the frame itself, the last action is repeated past the end."""
    is_padding: np.ndarray
    """(T,) bool, True where an action is such a repetition: nothing should be learned from it."""
    action_known: np.ndarray
    """(A,) bool, False where the recorded body lacks the number: nothing should be learned from it."""

    @property
    def mask(self) -> np.ndarray:
        """(T, A) bool: the numbers of `actions` that a loss may look at."""
        return ~self.is_padding[:, None] & self.action_known


def cut_window(
    state: np.ndarray,
    action: np.ndarray,
    frame: int,
    length: int = 30,
    *,
    state_known: np.ndarray | None = None,
    action_known: np.ndarray | None = None,
) -> Window:
    """Cut the example of `frame` out of an episode's (N, S) states and (N, A) actions; all numbers known by default.

    >>> window = cut_window(np.zeros((3, 1)), np.array([[0.0], [1.0], [2.0]]), frame=1, length=4)
    >>> window.actions[:, 0].tolist(), window.is_padding.tolist()
    ([1.0, 2.0, 2.0, 2.0], [False, False, True, True])
    """
    count = len(action)
    if not 0 <= frame < count or len(state) != count:
        raise DataError(f"no frame {frame} in an episode of {len(state)} states and {count} actions")
    wanted = np.arange(frame, frame + length)
    return Window(
        state=state[frame],
        state_known=np.ones(state.shape[1], bool) if state_known is None else state_known,
        actions=action[np.minimum(wanted, count - 1)],
        is_padding=wanted >= count,
        action_known=np.ones(action.shape[1], bool) if action_known is None else action_known,
    )


def cut_converted(episode: Episode, frame: int, length: int, *, state: Conversion, action: Conversion) -> Window:
    """Cut the example of `frame` in another body's layouts; what that body has and this one lacks is masked."""
    end = frame + length  # no more is carried over than is used
    return cut_window(
        state.convert(episode.state[:end]),
        action.convert(episode.action[:end]),
        frame,
        length,
        state_known=state.mask,
        action_known=action.mask,
    )
