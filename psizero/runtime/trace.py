"""What happened in each tick, and the few numbers that sum it up.

The jump at a chunk boundary is the step of the arm joints in the first tick of a
new chunk; it is compared with the steps within chunks. A seamless hand-over has a
ratio near 1.
"""

from dataclasses import dataclass

import numpy as np

from psizero.embodiment.layout import VectorLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class TickRecord:
    """One policy tick as it ran."""

    tick: int
    action: np.ndarray
    """(A,) what was sent."""
    state: np.ndarray
    """(S,) what was measured before it."""
    lateness: float
    """How late the latest control step of this tick began (s)."""
    chunk: int
    """Tick which the chunk in use was asked about; -1 before the first."""
    row: int
    """Row of that chunk; past its end while slowing down or holding."""
    holding: bool
    """Whether the queue had nothing left but to slow down and hold."""
    delay: int | None
    """Ticks the chunk needed that came in this tick and counts; None if none did."""
    compute_seconds: float | None
    """Time the policy took for that chunk (s)."""
    gate: str
    """State of the safety gate after the tick."""
    trouble: str = ""
    """Why the policy cannot be reached, in words; empty if it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSummary:
    """A whole run in a few numbers."""

    ticks: int
    holding_ticks: int
    """Ticks spent slowing down or holding for want of a chunk."""
    jitter_ms: dict[str, float]
    """Lateness of control steps: p50, p95, p99, max (ms)."""
    delay_ticks: tuple[int, ...]
    """Delay of every chunk that was used (ticks)."""
    compute_ms: tuple[float, ...]
    """Time the policy took for each of them (ms)."""
    boundary_steps: np.ndarray
    """(B,) arm step in the first tick of each new chunk (rad, root mean square over joints)."""
    inner_steps: np.ndarray
    """(N,) arm step in every other tick that a chunk provided (rad)."""
    jerk: float
    """Third difference of the arm joints' targets (rad per tick³, root mean square over joints and ticks)."""


class Trace:
    """Collects one record per tick."""

    def __init__(self, action: VectorLayout) -> None:
        self.records: list[TickRecord] = []
        self._arms = arm_columns(action)

    def add(self, record: TickRecord) -> None:
        """Append the record of the newest tick."""
        self.records.append(record)

    @property
    def actions(self) -> np.ndarray:
        """(T, A) what was sent."""
        return np.array([record.action for record in self.records])

    @property
    def states(self) -> np.ndarray:
        """(T, S) what was measured."""
        return np.array([record.state for record in self.records])

    def summary(self) -> TraceSummary:
        """Return the few numbers."""
        boundary, inner = self._steps()
        return TraceSummary(
            ticks=len(self.records),
            holding_ticks=sum(record.holding for record in self.records),
            jitter_ms=percentiles(1e3 * np.array([record.lateness for record in self.records])),
            delay_ticks=tuple(record.delay for record in self.records if record.delay is not None),
            compute_ms=tuple(
                1e3 * record.compute_seconds for record in self.records if record.compute_seconds is not None
            ),
            boundary_steps=boundary,
            inner_steps=inner,
            jerk=self._jerk(),
        )

    def _steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the arm steps at chunk boundaries and within chunks; a hold counts as neither."""
        if len(self.records) < 2:
            return np.zeros(0), np.zeros(0)
        steps = np.sqrt(np.mean(np.diff(self.actions[:, self._arms], axis=0) ** 2, axis=1))  # (T - 1,)
        later, earlier = self.records[1:], self.records[:-1]
        running = np.array([not (a.holding or b.holding) for a, b in zip(earlier, later, strict=True)])
        changed = np.array([a.chunk != b.chunk for a, b in zip(earlier, later, strict=True)])
        return steps[running & changed], steps[running & ~changed]

    def _jerk(self) -> float:
        if len(self.records) < 4:
            return 0.0
        return float(np.sqrt(np.mean(np.diff(self.actions[:, self._arms], n=3, axis=0) ** 2)))


def arm_columns(layout: VectorLayout) -> np.ndarray:
    """Return the columns of the arm joints, or all columns of a vector without arms."""
    names = [field.name for field in layout.fields]
    columns = np.arange(layout.size)
    arms = [columns[layout.slice_of(name)] for name in names if name.endswith("arm")]
    return np.concatenate(arms) if arms else columns


def percentiles(values: np.ndarray) -> dict[str, float]:
    """Return p50, p95, p99 and max; zeros of nothing.

    >>> percentiles(np.array([1.0, 2.0, 3.0]))["p50"]
    2.0
    """
    if len(values) == 0:
        return {"p50": 0.0, "p95": 0.0, "p99": 0.0, "max": 0.0}
    figures = {f"p{share}": float(np.percentile(values, share)) for share in (50, 95, 99)}
    return {**figures, "max": float(np.max(values))}


def jump_ratio(boundary_steps: np.ndarray, inner_steps: np.ndarray) -> float | None:
    """Return the median step at chunk boundaries over the median step within chunks; None without both.

    >>> jump_ratio(np.array([0.2, 0.3, 0.4]), np.array([0.2, 0.2]))
    1.5
    """
    if len(boundary_steps) == 0 or len(inner_steps) == 0 or np.median(inner_steps) <= 0.0:
        return None
    return round(float(np.median(boundary_steps) / np.median(inner_steps)), 6)
