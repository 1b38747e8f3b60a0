"""A recipe: everything that a whole training does, step after step, as settings. It does nothing by itself."""

from dataclasses import dataclass
from pathlib import Path

from psizero.train.config import FinetuneConfig, LocomotionConfig, PosttrainConfig, PretrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanVideo:
    """Rendered people at a task, as `psizero data render-hands` makes them."""

    task: str
    out: Path
    episodes: int
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrations:
    """A task done by the scripted operator, as `psizero collect` records it."""

    task: str
    out: Path
    episodes: int
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A policy in seeded scenes of a task, as `psizero evaluate` measures it; the scenes are those of any policy."""

    policy: Path
    out: Path
    """Folder for `results.json`."""
    task: str
    episodes: int
    delay_ticks: int = 0
    """Ticks (33 ms) from a question to its answer."""
    mode: str = "prefix"
    """How chunks follow each other: a name in `runtime.modes`."""
    time_limit: float | None = None
    """Longest duration of an episode (s); `None` is the task's own."""


Step = HumanVideo | Demonstrations | PretrainConfig | PosttrainConfig | FinetuneConfig | LocomotionConfig | Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Steps in their order, each named; a later one reads what an earlier one has written."""

    out: Path
    """Folder of all results, with the list of the steps that are done."""
    steps: tuple[tuple[str, Step], ...]
    missing: str = ""
    """What must be there before this recipe can be followed and is not, in one line; empty if it can be."""
