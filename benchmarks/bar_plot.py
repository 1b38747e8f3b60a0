"""Stacked bars as an SVG file, without a library for plots."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

COLOURS = ("#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#9d9d9d")
_WIDTH, _LEFT, _BAR, _TOP = 900, 260, 26, 54
"""Width of the picture, of the labels, of a bar, and room for the legend (pixels)."""


def stacked_bars(path: Path, title: str, bars: Mapping[str, Mapping[str, float]], *, parts: Sequence[str]) -> None:
    """Write one bar per entry of `bars`, made of its `parts`; each bar tells its sum."""
    longest = max((sum(bar.values()) for bar in bars.values()), default=0.0) or 1.0
    scale = (_WIDTH - _LEFT - 90) / longest
    height = _TOP + _BAR * len(bars) + 16
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    colours = dict(zip(parts, COLOURS, strict=False))
    for place, part in enumerate(parts):
        x = _LEFT + 100 * place
        lines.append(f'<rect x="{x}" y="30" width="12" height="12" fill="{colours[part]}"/>')
        lines.append(f'<text x="{x + 17}" y="41">{escape(part)}</text>')
    for row, (name, bar) in enumerate(bars.items()):
        x, y = float(_LEFT), _TOP + _BAR * row
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        for part in parts:
            width = scale * bar.get(part, 0.0)
            lines.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" fill="{colours[part]}"/>')
            x += width
        lines.append(f'<text x="{x + 6:.1f}" y="{y + 15}">{sum(bar.values()):.3g}</text>')
    path.write_text("\n".join([*lines, "</svg>"]) + "\n")
