"""One episode as a web page of its own: pictures, and every number of state and action over time.

The page holds all it shows and loads nothing. Moving the mouse over a plot, or the
slider, shows the pictures of that moment.
"""

import base64
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from psizero.data.atomic_file import write_file
from psizero.data.episode import Episode
from psizero.embodiment.layout import Field, PolicyLayout

_PICTURES = 150
"""At most so many moments are shown in pictures; about 1 MB a camera."""
_PICTURE_WIDTH = 320
"""Pictures are at most so wide (pixels)."""
_WIDTH, _HEIGHT = 560, 120
"""Size of a plot's inside (pixels)."""
_POINTS = 600
"""At most so many points a curve; of more frames, evenly spread ones are shown."""
_DASHED = ' stroke-dasharray="3 3" opacity="0.7"'
_COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b")


def write_view(episode: Episode, layout: PolicyLayout, path: Path, *, title: str) -> None:
    """Write the page of one episode to `path`."""
    moments = np.unique(np.linspace(0, len(episode) - 1, _PICTURES).round().astype(int))
    cameras = {name: [_data_uri(shown[i]) for i in moments] for name, shown in sorted(episode.images.items())}
    facts = {"frames": len(episode), "seconds": f"{episode.timestamps[-1]:.2f}", "layout": layout.name, **episode.info}
    page = (Path(__file__).parent / "view_page.html").read_text()
    contents = {
        "TITLE": html.escape(title),
        "INSTRUCTION": html.escape(episode.instruction),
        "FACTS": " · ".join(html.escape(f"{name} {value}") for name, value in facts.items()),
        "CAMERAS": "".join(_camera(name, shown[0]) for name, shown in cameras.items()),
        "PLOTS": "".join(_plots(episode, layout)),
        "DATA": json.dumps({"times": episode.timestamps[moments].tolist(), "cameras": cameras}).replace("<", "\\u003c"),
        "WIDTH": str(_WIDTH),
        "END": str(float(episode.timestamps[-1]) or 1.0),
    }
    write_file(path, re.sub("%([A-Z]+)%", lambda place: contents[place[1]], page).encode())


def _camera(name: str, first: str) -> str:
    shown = html.escape(name)
    return f'<figure><img data-camera="{shown}" src="{first}" alt="{shown}"><figcaption>{shown}</figcaption></figure>'


def _data_uri(picture: np.ndarray) -> str:
    image = Image.fromarray(picture)
    image.thumbnail((_PICTURE_WIDTH, _PICTURE_WIDTH))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=70)
    return "data:image/jpeg;base64," + base64.b64encode(target.getvalue()).decode()


def _plots(episode: Episode, layout: PolicyLayout) -> Iterator[str]:
    """Yield one plot per field: its targets as lines, what was measured of the same name as dashes."""
    measured = {field.name: field for field in layout.state.fields}
    for field in layout.action.fields:
        own = measured.pop(field.name, None)
        state = None if own is None else layout.state.get(episode.state, own.name)
        yield _plot(field, episode.timestamps, layout.action.get(episode.action, field.name), state)
    for field in measured.values():
        yield _plot(field, episode.timestamps, None, layout.state.get(episode.state, field.name))


def _plot(field: Field, times: np.ndarray, action: np.ndarray | None, state: np.ndarray | None) -> str:
    curves = [(part, dash) for part, dash in ((state, _DASHED), (action, "")) if part is not None]
    low, high = min(part.min() for part, _ in curves), max(part.max() for part, _ in curves)
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-3)
    chosen = np.unique(np.linspace(0, len(times) - 1, _POINTS).round().astype(int))
    across = times[chosen] / (times[-1] or 1.0) * _WIDTH
    lines = []
    for values, dash in curves:
        for number in range(values.shape[1]):
            height = (_HEIGHT / 2) * (1 - (values[chosen, number] - middle) / half)
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, height, strict=True))
            colour = _COLOURS[number % len(_COLOURS)]
            lines.append(f'<polyline points="{points}" stroke="{colour}"{dash}/>')
    names = "".join(
        f'<span style="color:{_COLOURS[number % len(_COLOURS)]}">{html.escape(part)}</span>'
        for number, part in enumerate(field.parts)
    )
    which = {(True, True): "target, measured dashed", (True, False): "target"}.get(
        (action is not None, state is not None), "measured"
    )
    return (
        f"<section><h2>{html.escape(field.name)} <small>{which}, {html.escape(field.unit)}</small></h2>"
        f'<svg viewBox="-58 -8 {_WIDTH + 66} {_HEIGHT + 16}"><rect width="{_WIDTH}" height="{_HEIGHT}"/>'
        f'<text x="-6" y="6">{middle + half:.3g}</text><text x="-6" y="{_HEIGHT}">{middle - half:.3g}</text>'
        f'{"".join(lines)}<line class="cursor" y2="{_HEIGHT}"/></svg><p>{names}</p></section>'
    )
