"""What a training tells while it runs: a bar with the time left, a file of numbers, curves if wanted."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from psizero.data.atomic_file import make_folder
from psizero.train.config import Logger
from psizero.train.curves import open_curves


class Metrics:
    """Context manager that shows progress and appends lines to `metrics.jsonl`."""

    def __init__(
        self, folder: Path | None, *, logger: Logger, console: Console | None = None, figure: str = "loss"
    ) -> None:
        """Write into `folder`, if given; `figure` names the number that is shown beside the bar."""
        self._path = None if folder is None else folder / "metrics.jsonl"
        self._curves = None
        if folder is not None:
            make_folder(folder)
            self._curves = open_curves(logger, folder)
        self._bar = Progress(
            TextColumn("training"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn(f"step {{task.fields[step]}}  {figure} {{task.fields[figure]}}"),
            console=console or Console(stderr=True),
        )
        self._task = self._bar.add_task("training", total=1.0, step=0, figure="-")

    def __enter__(self) -> "Metrics":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()
        if self._curves is not None:
            self._curves.close()

    def show(self, progress: float, step: int, figure: float) -> None:
        """Move the bar to `progress` (0..1)."""
        self._bar.update(self._task, completed=progress, step=step, figure=f"{figure:.4f}")

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Append one line of numbers."""
        if self._path is None:
            return
        with open(self._path, "a") as file:
            file.write(json.dumps({"step": step, **{name: round(value, 6) for name, value in values.items()}}) + "\n")
        if self._curves is not None:
            self._curves.write(step, values)

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(text, highlight=False)
