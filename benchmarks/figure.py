"""One measured figure, with its unit and the limit that it has to keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A speed, a time or a share, as measured on one computer."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    """Largest value that is good enough, if there is one."""
    at_least: float | None = None
    """Smallest value that is good enough, if there is one."""

    @property
    def good(self) -> bool:
        """Whether the value keeps its limits."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def limit(self) -> str:
        """The limit in words; empty without one."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"


def show(figures: Sequence[Figure]) -> None:
    """Print figures as a table."""
    table = Table()
    for heading in ("figure", "value", "unit", "limit"):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    for figure in figures:
        colour = "" if not figure.limit else "[green]" if figure.good else "[red]"
        table.add_row(figure.name, f"{colour}{figure.value:.4g}", figure.unit, figure.limit)
    Console().print(table)
