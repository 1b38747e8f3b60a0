"""Curves in panels below each other as an SVG file, without a library for plots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from psizero.data.atomic_file import write_file

COLOURS = ("#111111", "#4c78a8", "#e45756", "#f58518", "#9d9d9d", "#54a24b", "#b279a2", "#72b7b2")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _GAP = 760, 190, 60, 170, 40, 46
"""Width of the picture, height of a panel, room left of it and right of it (legend), above and between (pixels)."""

Curve = Sequence[tuple[float, float]]
"""Points x, y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What stands above each other."""

    curves: Mapping[str, Curve]
    """Lines by name."""
    dots: Mapping[str, Curve] = field(default_factory=dict)
    """Single points beside the line of the same name."""


def line_plot(path: Path, title: str, panels: Mapping[str, Panel], *, label: str) -> None:
    """Write one panel per entry, its name above it, with one curve per name; `label` stands under the last x axis."""
    names = list(dict.fromkeys(name for panel in panels.values() for name in (*panel.curves, *panel.dots)))
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    height = _TOP + len(panels) * (_HEIGHT + _GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        _text(10, 20, title, weight="bold"),
    ]
    for place, name in enumerate(names):
        y = _TOP + 22 + 18 * place
        lines.append(f'<rect x="{_WIDTH - _RIGHT + 15}" y="{y - 9}" width="12" height="4" fill="{colours[name]}"/>')
        lines.append(_text(_WIDTH - _RIGHT + 34, y - 3, name))
    for place, (heading, panel) in enumerate(panels.items()):
        lines += _panel(_TOP + place * (_HEIGHT + _GAP) + 16, heading, panel, colours)
    lines.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, height - 6, label, anchor="middle"))
    write_file(path, ("\n".join([*lines, "</svg>"]) + "\n").encode())


def _panel(top: float, heading: str, panel: Panel, colours: Mapping[str, str]) -> list[str]:
    points = [point for curve in (*panel.curves.values(), *panel.dots.values()) for point in curve] or [(0.0, 0.0)]
    right = max(max(x for x, _ in points), 1.0)
    highest = max(max(y for _, y in points), 1e-9)

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x = _LEFT + point[0] / right * (_WIDTH - _LEFT - _RIGHT)
        return x, top + _HEIGHT * (1 - point[1] / highest)

    floor = top + _HEIGHT
    digits = ".3g" if highest < 1000 else ".0f"
    lines = [
        _text(_LEFT, top - 6, heading, weight="bold"),
        f'<path d="M{_LEFT} {top}V{floor}H{_WIDTH - _RIGHT}" fill="none" stroke="#888"/>',
        *(
            _text(_LEFT - 6, at((0, highest * share))[1] + 4, f"{highest * share:{digits}}", anchor="end")
            for share in (0, 1)
        ),
        *(_text(at((x, 0))[0], floor + 15, f"{x:g}", anchor="middle") for x in sorted({x for x, _ in points})),
    ]
    for name, dots in panel.dots.items():
        for x, y in map(at, dots):
            lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{colours[name]}"/>')
    for name, curve in panel.curves.items():
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, curve))
        lines.append(f'<polyline points="{corners}" fill="none" stroke="{colours[name]}" stroke-width="2"/>')
    return lines


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'
