"""When to ask for the next chunk, and how late it will be.

>>> delay = DelayEstimate(first=2, cap=7)
>>> for ticks in (1, 3, 2):
...     delay.measured(ticks)
>>> delay.ticks, delay.shortest
(3, 1)
"""

import math
from collections import deque
from dataclasses import dataclass, replace

from psizero.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class AskConfig:
    """How often the policy is asked and how much is promised to it."""

    min_executed: int = 10
    """Ticks between two questions: 0.33 s at 30 Hz; less reacts sooner and computes more."""
    min_promised: int = 1
    """Shortest prefix (ticks): with 1 even an answer that comes at once goes on from the plan, not beside it."""
    max_promised: int = 7
    """Longest prefix the model was trained to agree with (ticks)."""
    window: int = 10
    """How many of the last delays the estimate looks at, so that one slow answer is forgotten."""
    quantile: float = 1.0
    """Share of those delays that the estimate covers; 1 is the longest."""
    margin: float = 0.015
    """An answer that came less than this before its tick counts as a tick later: the next may just miss it (s)."""
    patience: int = 30
    """Ticks after which an answer counts as lost and is asked for again: as long as a chunk of Psi0."""

    def __post_init__(self) -> None:
        if min(self.min_executed, self.window, self.patience) < 1 or not 0 <= self.min_promised <= self.max_promised:
            raise ConfigError(
                "asking needs min_executed, window and patience of 1 or more and "
                f"0 <= min_promised <= max_promised, got {self}"
            )
        if not self.margin >= 0.0:
            raise ConfigError(f"the margin of the delay must be 0 s or more, got {self.margin}; try 0.01")
        if not 0.0 < self.quantile <= 1.0:
            raise ConfigError(f"the quantile of the delay must lie in (0, 1], got {self.quantile}; try 1.0")

    def for_model(self, max_promised: int) -> "AskConfig":
        """Return the same for a model that was trained to agree with at most `max_promised` actions."""
        return replace(
            self,
            min_promised=min(self.min_promised, max_promised),
            max_promised=min(self.max_promised, max_promised),
        )

    def check_chunk(self, rows: int, delay: int) -> None:
        """Refuse chunks of `rows` ticks that cannot bridge answers `delay` ticks late: d <= s <= rows - d.

        d is the delay and s the ticks between two questions, which wait for each other: s is `min_executed` or
        d, whichever is longer. (Real-time chunking, arXiv 2506.07339, section 3.)
        """
        if 2 * delay > rows:
            raise ConfigError(
                f"answers {delay} ticks late need chunks of {2 * delay} rows or more, this policy gives {rows}: "
                f"its plan would run out before the next one comes; try a delay of {rows // 2} or less"
            )
        if self.min_executed > rows - delay:
            raise ConfigError(
                f"asking every {self.min_executed} ticks with answers {delay} late needs chunks of "
                f"{self.min_executed + delay} rows, this policy gives {rows}; try {rows - delay} or fewer ticks"
            )


class DelayEstimate:
    """Ticks from a question to its answer, from the last ones measured, at most `cap`."""

    def __init__(self, *, first: int, cap: int, window: int = 10, quantile: float = 1.0) -> None:
        self._cap = cap
        self._quantile = quantile
        self._first, self._window = first, window
        self._measured: deque[int] = deque(maxlen=window)
        self._expected: deque[int] = deque(maxlen=window)

    def measured(self, ticks: int, *, just_in_time: bool = False) -> None:
        """Remember how many ticks an answer took; after one that came just in time, one more is expected."""
        self._measured.append(ticks)
        self._expected.append(ticks + just_in_time)

    @property
    def ticks(self) -> int:
        """How many actions to promise with the next question."""
        return min(self.uncapped, self._cap)

    @property
    def shortest(self) -> int:
        """How many actions surely run until the answer comes, whatever happens to the plan."""
        return min(min(self._measured, default=self._first), self._cap)

    @property
    def uncapped(self) -> int:
        """How many ticks the next answer will take; above the cap it comes late and is faded in."""
        recent = [self._first, *self._expected][-self._window :]
        return sorted(recent)[math.ceil(self._quantile * len(recent)) - 1]


def should_ask(*, since_asked: int, rows_left: int, delay: int, min_executed: int) -> bool:
    """Tell whether it is time for the next question; no other one may be under way.

    Ask every `min_executed` ticks, and sooner when the rest of the plan would not
    last until the answer: one row is spent now, `delay` more while it is computed.
    """
    return since_asked >= min_executed or rows_left <= delay + 1
