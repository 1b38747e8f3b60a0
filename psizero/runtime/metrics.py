"""Counters and times of a server, as Prometheus reads them (text format 0.0.4)."""

import threading
from collections import Counter
from dataclasses import dataclass, field

BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Upper ends of the histogram of times (s)."""


@dataclass(slots=True)
class _Times:
    counts: Counter[float] = field(default_factory=Counter)
    total: float = 0.0
    number: int = 0


class Metrics:
    """What happened so far; any thread may count.

    >>> metrics = Metrics()
    >>> metrics.count("questions")
    >>> print(metrics.text(), end="")
    # TYPE psizero_questions_total counter
    psizero_questions_total 1
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._times: dict[str, _Times] = {}
        self._gauges: dict[str, float] = {}

    def count(self, name: str) -> None:
        """Count one event."""
        with self._lock:
            self._counts[name] += 1

    def took(self, name: str, seconds: float) -> None:
        """Note a time (s)."""
        with self._lock:
            times = self._times.setdefault(name, _Times())
            times.number += 1
            times.total += seconds
            for end in BUCKETS:
                times.counts[end] += seconds <= end

    def show(self, name: str, value: float) -> None:
        """Set what a gauge shows."""
        with self._lock:
            self._gauges[name] = value

    def __getitem__(self, name: str) -> int:
        """Return how often an event was counted."""
        with self._lock:
            return self._counts[name]

    def text(self) -> str:
        """Return everything in the text format."""
        lines: list[str] = []
        with self._lock:
            for name, value in sorted(self._counts.items()):
                lines += [f"# TYPE psizero_{name}_total counter", f"psizero_{name}_total {value}"]
            for name, shown in sorted(self._gauges.items()):
                lines += [f"# TYPE psizero_{name} gauge", f"psizero_{name} {shown:g}"]
            for name, times in sorted(self._times.items()):
                full = f"psizero_{name}_seconds"
                lines.append(f"# TYPE {full} histogram")
                lines += [f'{full}_bucket{{le="{end:g}"}} {times.counts[end]}' for end in BUCKETS]
                lines += [f'{full}_bucket{{le="+Inf"}} {times.number}']
                lines += [f"{full}_sum {times.total:g}", f"{full}_count {times.number}"]
        return "".join(f"{line}\n" for line in lines)
