"""All scripts, one walker after the other: the judge of System-0, and of its rivals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from psizero.embodiment.robot import RobotSpec
from psizero.evaluate.locomotion_bars import bars
from psizero.evaluate.locomotion_measures import script_figures
from psizero.evaluate.locomotion_run import Recording, run_script
from psizero.evaluate.locomotion_scripts import SCRIPTS
from psizero.evaluate.locomotion_world import Walker

MakeWalker = Callable[[int], Walker]
"""Makes a walker for so many robots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the judge found out about one walker."""

    name: str
    figures: Mapping[str, Any]
    """By script."""
    recordings: Mapping[str, Recording]
    """By script."""

    def to_json(self) -> dict[str, Any]:
        """Return every figure, and the bars, in plain types."""
        return {"name": self.name, "bars": bars(self.figures), "scripts": dict(self.figures)}


def judge(
    name: str,
    make_walker: MakeWalker,
    robot: RobotSpec,
    scripts: Sequence[str],
    seeds: np.ndarray,
    *,
    rate: float = 50.0,
    threads: int = 0,
    progress: Callable[[str, float, int], None] = lambda script, share, falls: None,
) -> Verdict:
    """Run the scripts named, one episode for each of `seeds` (N,); `progress` is told script, share done and falls."""
    figures: dict[str, Any] = {}
    recordings: dict[str, Recording] = {}
    for title in scripts:
        script = SCRIPTS[title]()

        def tell(share: float, falls: int, title: str = title) -> None:
            progress(title, share, falls)

        walker = make_walker(len(seeds))
        recording = run_script(script, walker, robot, seeds, rate=rate, threads=threads, progress=tell)
        figures[title], recordings[title] = script_figures(title, script, recording), recording
    return Verdict(name=name, figures=figures, recordings=recordings)
