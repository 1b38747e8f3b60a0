"""`psizero data info` and `psizero data check`: what a data set holds, and whether it is sound."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import tyro
from rich.console import Console
from rich.table import Table

from psizero.errors import DataError

if TYPE_CHECKING:
    from psizero.data.check import Finding

_MARKS = {"error": "[red]✗ error", "warning": "[yellow]! warning", "note": "· note"}
_SHOWN = 12
"""Episode numbers listed per kind of finding."""


def info(root: tyro.conf.Positional[Path]) -> None:
    """Show what a data set holds.

    Args:
        root: Folder of a LeRobot data set, version 2.1 or 3.0.
    """
    from psizero.data.lerobot import LeRobotDataset

    dataset = LeRobotDataset(root)
    layout = dataset.layout
    table = Table(title=f"Data set {root}", title_justify="left", show_header=False)
    table.add_row("format", f"LeRobot {dataset.version}")
    table.add_row("layout", f"{layout.name}: {layout.state.size} state numbers, {layout.action.size} action numbers")
    table.add_row("episodes", f"{len(dataset)}")
    seconds = dataset.frame_count / dataset.fps
    table.add_row("frames", f"{dataset.frame_count} at {dataset.fps:g} Hz, {seconds / 60:.1f} min")
    for camera in dataset.cameras:
        height, width = dataset.features[f"observation.images.{camera}"]["shape"][:2]
        table.add_row("camera", f"{camera}, {width} x {height} pixels")
    for instruction, count in Counter(episode.instruction for episode in dataset.episodes).most_common():
        table.add_row("instruction", f'"{instruction}" in {count} episodes')
    known = [bool(episode.info["success"]) for episode in dataset.episodes if "success" in episode.info]
    table.add_row("success", f"{sum(known)} of {len(known)} episodes" if known else "not recorded")
    Console().print(table)


def check(root: tyro.conf.Positional[Path]) -> None:
    """Look for damage in a data set: files, pictures, times, motion. Exit status 1 if there are errors.

    Args:
        root: Folder of a LeRobot data set, version 2.1 or 3.0.
    """
    from psizero.data.check import check_dataset

    findings = list(check_dataset(root))
    if findings:
        Console().print(_table_of(findings, f"Data set {root}"))
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        raise DataError(f"{root} has {errors} error(s); record or fetch what is damaged again")
    print(f"{root}: no errors")


def _table_of(findings: Sequence["Finding"], title: str) -> Table:
    """One row per kind of finding, the worst first."""
    table = Table(title=title, title_justify="left")
    for heading in ("", "what", "episodes", "first"):
        table.add_column(heading, overflow="fold")
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.severity, finding.kind), []).append(finding)
    order = list(_MARKS)
    for (severity, kind), group in sorted(kinds.items(), key=lambda item: order.index(item[0][0])):
        episodes = sorted({finding.episode for finding in group if finding.episode is not None})
        shown = ", ".join(map(str, episodes[:_SHOWN])) + (", ..." if len(episodes) > _SHOWN else "")
        table.add_row(_MARKS[severity], kind, shown, group[0].message)
    return table
