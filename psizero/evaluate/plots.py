"""Small drawings as SVG text: no library, no file, readable in light and dark.

Colours come from the classes of the page that holds them (`report_style.css`).
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

WIDTH, HEIGHT = 460, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 30
"""Margins of the drawing area (pixels)."""


def histogram(counts: Mapping[str, int], *, label: str) -> str:
    """Return bars, one per name, with the count above each; `label` stands under the axis."""
    tallest = max(counts.values(), default=0) or 1
    slot = (WIDTH - LEFT - RIGHT) / max(len(counts), 1)
    bar = min(0.8 * slot, 44.0)
    inside = HEIGHT - TOP - BOTTOM - 14
    parts = [_axis()]
    for place, (name, count) in enumerate(counts.items()):
        middle = LEFT + (place + 0.5) * slot
        height = inside * count / tallest
        top = HEIGHT - BOTTOM - height
        parts.append(
            f'<rect class="bar" x="{middle - bar / 2:.1f}" y="{top:.1f}" width="{bar:.1f}" height="{height:.1f}"/>'
        )
        if count:
            parts.append(_text(middle, top - 4, str(count), "middle"))
        parts.append(_text(middle, HEIGHT - BOTTOM + 13, name, "middle"))
    return _svg([*parts, _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, label, "middle", "label")])


def lines(
    series: Mapping[str, np.ndarray],
    *,
    seconds: float,
    marks: Sequence[float] = (),
    label: str = "s",
    with_zero: bool = False,
) -> str:
    """Return curves over a common axis of 0..`seconds`, each (N,) with NaN as a gap; `marks` are thin uprights."""
    everything = np.concatenate([np.asarray(values, float) for values in series.values()])
    low, high = float(np.nanmin(everything)), float(np.nanmax(everything))
    low = min(low, 0.0) if with_zero else low
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5

    def x_of(share: Any) -> Any:
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y_of(value: Any) -> Any:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [_axis()]
    for mark in marks:
        x = x_of(mark / seconds)
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
    parts += [_text(LEFT - 5, y_of(value) + 4, f"{value:.3g}", "end") for value in np.linspace(low, high, 3)]
    parts += [_text(x_of(share), HEIGHT - BOTTOM + 13, f"{share * seconds:.3g}", "middle") for share in (0.0, 0.5, 1.0)]
    for place, (name, values) in enumerate(series.items()):
        share = np.linspace(0.0, 1.0, len(values))
        path = _path(x_of(share), y_of(np.asarray(values, float)))
        parts.append(f'<path class="line c{place % 8}" d="{path}"><title>{escape(name)}</title></path>')
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, label, "middle", "label"))
    return _svg(parts)


def paths(
    series: Mapping[str, np.ndarray],
    *,
    label: str,
    points: np.ndarray | None = None,
    same_scale: bool = False,
    from_zero_to: float | None = None,
) -> str:
    """Return curves through points (N, 2) x, y; `points` (M, 2) are marked.

    `same_scale`: a metre is as long in y as in x. `from_zero_to`: the y axis goes from 0 to this.
    """
    known = [values for values in (*series.values(), points) if values is not None and len(values)]
    everything = np.concatenate(known) if known else np.zeros((1, 2))
    low, high = np.nanmin(everything, axis=0), np.nanmax(everything, axis=0)
    if from_zero_to is not None:
        low[1], high[1] = 0.0, from_zero_to
    room = np.array([WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM], float)
    size = np.maximum(high - low, 1e-9)
    if same_scale:
        size = room * np.max(size / room)
        low = 0.5 * (low + high) - 0.5 * size

    def at(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        share = (np.asarray(values, float) - low) / size
        return LEFT + share[:, 0] * room[0], HEIGHT - BOTTOM - share[:, 1] * room[1]

    parts = [_axis()]
    for share in (0.0, 0.5, 1.0):
        x, y = low + share * size
        parts.append(_text(LEFT - 5, HEIGHT - BOTTOM - share * room[1] + 4, f"{y:.3g}", "end"))
        parts.append(_text(LEFT + share * room[0], HEIGHT - BOTTOM + 13, f"{x:.3g}", "middle"))
    for place, (name, values) in enumerate(series.items()):
        path = _path(*at(values))
        parts.append(f'<path class="line c{place % 8}" d="{path}"><title>{escape(name)}</title></path>')
    if points is not None:
        for x, y in zip(*at(points), strict=True):
            parts.append(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, label, "middle", "label"))
    return _svg(parts)


def interval_bar(rate: float, interval: tuple[float, float]) -> str:
    """Return a rate as a bar from 0 to 100 % with its interval as a whisker."""
    width, height, y = 220, 26, 10
    low, high = (width * end for end in interval)
    return (
        f'<svg class="interval" viewBox="-4 0 {width + 8} {height}" role="img">'
        f'<rect class="track" x="0" y="{y - 5}" width="{width}" height="10" rx="5"/>'
        f'<rect class="bar" x="0" y="{y - 5}" width="{width * rate:.1f}" height="10" rx="5"/>'
        f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
        f'<line class="whisker" x1="{low:.1f}" x2="{low:.1f}" y1="{y - 6}" y2="{y + 6}"/>'
        f'<line class="whisker" x1="{high:.1f}" x2="{high:.1f}" y1="{y - 6}" y2="{y + 6}"/></svg>'
    )


def legend(names: Sequence[str]) -> str:
    """Return the names of curves beside their colours, in the order of `lines`."""
    items = "".join(f'<span class="key"><i class="c{i % 8}"></i>{escape(name)}</span>' for i, name in enumerate(names))
    return f'<div class="legend">{items}</div>'


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """Return a path that lifts the pen at every gap."""
    commands, pen_down = [], False
    for left, top in zip(x, y, strict=True):
        if not np.isfinite(top):
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{left:.1f} {top:.1f}")
        pen_down = True
    return "".join(commands)


def _axis() -> str:
    floor = HEIGHT - BOTTOM
    return f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}"/>'


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(parts: Sequence[str]) -> str:
    return f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{"".join(parts)}</svg>'
