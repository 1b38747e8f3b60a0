"""Success rates in groups, as a picture: a bar with its interval for each arm, and a dot for each training."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 1000, 320, 40, 20, 50
"""Width of the picture, and the margins of the drawing area (pixels)."""
_ROW, _HEADING, _HALF_BAR, _HALF_END, _DOT = 30, 40, 9, 5, 4
"""Height of a row and of a group's heading, half a bar, half a whisker's end, radius of a dot (pixels)."""
_INK, _FAINT, _FILL, _MARK = "#222222", "#dddddd", "#9ecae1", "#d95f02"
_FONT, _SMALL = 16, 14
"""Sizes of letters (pixels)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One arm."""

    name: str
    rate: float
    interval: tuple[float, float]
    """95 % interval of the rate."""
    points: tuple[float, ...]
    """Rate of each training; none if the arm was not run."""


def bars_plot(groups: Mapping[str, Sequence[Bar]]) -> bytes:
    """Return a PNG with the bars of each group below its heading, from 0 to 100 %."""
    height = _TOP + _BOTTOM + sum(_HEADING + _ROW * len(bars) for bars in groups.values())
    picture = Image.new("RGB", (_WIDTH, height), "white")
    draw = ImageDraw.Draw(picture)
    small = ImageFont.load_default(_SMALL)
    for percent in range(0, 101, 20):
        x = _x(percent / 100)
        draw.line((x, _TOP, x, height - _BOTTOM), fill=_FAINT)
        draw.text((x, height - _BOTTOM + 8), f"{percent} %", fill=_INK, font=small, anchor="ma")
    y = _TOP
    for heading, bars in groups.items():
        draw.text((10, y + _HEADING // 2), heading, fill=_INK, font=ImageFont.load_default(_FONT), anchor="lm")
        y += _HEADING
        for bar in bars:
            _draw_bar(draw, bar, y + _ROW // 2, small)
            y += _ROW
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def _draw_bar(draw: ImageDraw.ImageDraw, bar: Bar, y: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    draw.text((_LEFT - 12, y), bar.name, fill=_INK, font=font, anchor="rm")
    if not bar.points:
        draw.text((_LEFT + 8, y), "not run yet", fill=_INK, font=font, anchor="lm")
        return
    draw.rectangle((_x(0.0), y - _HALF_BAR, _x(bar.rate), y + _HALF_BAR), fill=_FILL)
    low, high = (_x(end) for end in bar.interval)
    draw.line((low, y, high, y), fill=_INK, width=2)
    for end in (low, high):
        draw.line((end, y - _HALF_END, end, y + _HALF_END), fill=_INK, width=2)
    for point in bar.points:
        x = _x(point)
        draw.ellipse((x - _DOT, y - _DOT, x + _DOT, y + _DOT), outline=_MARK, width=2)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
