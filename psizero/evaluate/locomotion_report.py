"""`report.html` of the legs: bars, films, what was followed, pushes, tour; one file that needs nothing beside it."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from psizero.control.lower_body import COMMAND
from psizero.evaluate import plots
from psizero.evaluate.locomotion_judge import Verdict
from psizero.evaluate.locomotion_run import Recording
from psizero.evaluate.locomotion_scripts import PUSH_FORCES, push_name
from psizero.evaluate.report import write_page

UNITS = {"vx": "m/s", "vy": "m/s", "yaw_rate": "rad/s", "height": "m", "roll": "rad", "pitch": "rad", "yaw": "rad"}
DRAWN = {"course": COMMAND, "velocity": COMMAND[:2], "turning": COMMAND[2:3], "posture": COMMAND[3:]}
"""Numbers of the command that are drawn, by script."""
RATE = 8.0
"""Points per second of a drawn curve (Hz): a mean over what lies between keeps the page small."""


def write_locomotion_report(
    folder: Path, content: Mapping[str, Any], verdicts: Sequence[Verdict], films: Mapping[str, bytes]
) -> Path:
    """Write the report: `content` is that of `results.json`, `films` are mp4 by caption."""
    first = verdicts[0]
    sections = [_bars(entry) for entry in content["locomotion"]]
    if films:
        cards = "".join(_film(caption, video) for caption, video in films.items())
        sections.append(f'<h2>In pictures</h2><div class="grid two">{cards}</div>')
    sections += [_pushes(verdicts), _scripts(verdicts)]
    for script, numbers in DRAWN.items():
        if script in first.recordings:
            sections.append(_followed(script, numbers, verdicts))
    if "tour" in first.recordings:
        sections.append(_tour(verdicts))
    sections.append(_rules())
    return write_page(folder, "Locomotion", content, sections, shown=("seeds", "first_seed", "rate_hz"))


def _bars(entry: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><td class="{"good" if bar["passed"] else "bad"}">{"✓" if bar["passed"] else "✗"}</td>'
        f"<td>{escape(bar['name'])}</td><td>{escape(bar['bar'])}</td><td>{escape(bar['measured'])}</td>"
        f'<td class="soft">{escape(bar["rule"])}</td></tr>'
        for bar in entry["bars"]
    )
    passed = sum(bar["passed"] for bar in entry["bars"])
    return (
        f'<div class="card wide"><h3>{escape(entry["name"])}</h3><div class="big">{passed} '
        f"<small>of {len(entry['bars'])} bars</small></div><table><tr><th></th><th></th><th>asked</th>"
        f"<th>measured</th><th>how</th></tr>{rows}</table></div>"
    )


def _film(caption: str, video: bytes) -> str:
    data = base64.b64encode(video).decode()
    return (
        '<figure class="card"><video controls muted loop playsinline preload="metadata" '
        f'src="data:video/mp4;base64,{data}"></video><figcaption>{escape(caption)}</figcaption></figure>'
    )


def _pushes(verdicts: Sequence[Verdict]) -> str:
    """Draw the share that fell against the force, and the intervals."""
    series: dict[str, np.ndarray] = {}
    rows = []
    for verdict in verdicts:
        for way in ("standing", "walking"):
            known = [(force, verdict.figures.get(push_name(force, way))) for force in PUSH_FORCES]
            curve = [(force, 100.0 * (1.0 - entry["survival_rate"])) for force, entry in known if entry is not None]
            if not curve:
                continue
            name = f"{verdict.name}, {way}" if len(verdicts) > 1 else way
            series[name] = np.array(curve, float)
            rows += [_push_row(name, force, entry) for force, entry in known if entry is not None]
    if not series:
        return ""
    drawing = plots.paths(series, label="N for 0.08 s on the torso", from_zero_to=100.0)
    head = '<tr><th></th><th class="number">N</th><th class="number">stayed up</th><th>95 % interval</th></tr>'
    return (
        f'<h2>Pushes</h2><div class="grid two"><div class="card"><h3>Share that fell (%)</h3>{drawing}'
        f'{plots.legend(list(series))}</div><div class="card"><table>{head}{"".join(rows)}</table></div></div>'
    )


def _push_row(name: str, force: int, entry: Mapping[str, Any]) -> str:
    low, high = entry["interval_95"]
    return (
        f'<tr><td>{escape(name)}</td><td class="number">{force}</td><td class="number">{entry["survived"]} of '
        f"{entry['trials']}</td><td>{plots.interval_bar(entry['survival_rate'], (low, high))}</td></tr>"
    )


def _scripts(verdicts: Sequence[Verdict]) -> str:
    """Tell for every script how many stayed up, and what it cost."""
    rows = []
    for script, figures in verdicts[0].figures.items():
        for verdict in verdicts:
            entry = verdict.figures[script]
            effort = entry["whole_script"]
            reasons = ", ".join(f"{count} {reason}" for reason, count in entry["reasons"].items())
            numbers = (
                (effort["power_w"], 1.0, ".0f"),
                (effort["action_bend_rad"], 1e3, ".1f"),
                (effort["acceleration_change_rad_s2"], 1.0, ".1f"),
                (effort["torque_saturation"], 100.0, ".2f"),
                (effort["foot_slip_m_s"], 100.0, ".1f"),
            )
            cells = "".join(
                f'<td class="number">{"–" if spread is None else format(scale * spread["mean"], form)}</td>'
                for spread, scale, form in numbers
            )
            title = figures["title"] + (f", {verdict.name}" if len(verdicts) > 1 else "")
            kind = "good" if not entry["falls"] else "bad"
            rows.append(
                f'<tr><td>{escape(title)}</td><td class="number {kind}">{entry["survived"]} of {entry["trials"]}</td>'
                f"<td>{escape(reasons)}</td>{cells}</tr>"
            )
    heads = ("power (W)", "action bend (mrad)", "acceleration change (rad/s²)", "torque at limit (%)", "slip (cm/s)")
    head = "".join(f'<th class="number">{name}</th>' for name in heads)
    return (
        '<h2>Every script</h2><div class="card wide"><table><tr><th></th><th class="number">stayed up</th>'
        f"<th>why not</th>{head}</tr>{''.join(rows)}</table></div>"
    )


def _followed(script: str, numbers: Sequence[str], verdicts: Sequence[Verdict]) -> str:
    """Draw what was asked and what was done, the median of all that were still up."""
    cards = []
    for number in numbers:
        axis = COMMAND.index(number)
        series = {"asked": _coarse(verdicts[0].recordings[script].goal[:, 0, axis], verdicts[0].recordings[script])}
        for verdict in verdicts:
            recording = verdict.recordings[script]
            series[verdict.name] = _coarse(_median(recording.following[:, :, axis]), recording)
        seconds = verdicts[0].recordings[script].seconds
        drawing = plots.lines(series, seconds=seconds)
        name = number.replace("_", " ")
        cards.append(f'<div class="card"><h3>{name} ({UNITS[number]})</h3>{drawing}{plots.legend(list(series))}</div>')
    title = verdicts[0].figures[script]["title"]
    return f'<h2>{escape(title)}</h2><div class="grid two">{"".join(cards)}</div>{_levels(script, verdicts)}'


def _levels(script: str, verdicts: Sequence[Verdict]) -> str:
    """Tell the steady errors, level by level."""
    rows = []
    for verdict in verdicts:
        for level in verdict.figures[script]["levels"]:
            cells = "".join(_error_cell(level["errors"][name], name) for name in COMMAND)
            title = level["name"] + (f", {verdict.name}" if len(verdicts) > 1 else "")
            rows.append(f"<tr><td>{escape(title.replace('_', ' '))}</td>{cells}</tr>")
    units = ("vx cm/s", "vy cm/s", "yaw rate rad/s", "height cm", "roll °", "pitch °", "yaw °")
    head = "".join(f'<th class="number">{unit}</th>' for unit in units)
    return (
        '<div class="card wide"><h3>Steady error of the last 2 s: |mean|, mean over episodes '
        f"(root mean square)</h3><table><tr><th></th>{head}</tr>{''.join(rows)}</table></div>"
    )


def _error_cell(errors: Mapping[str, Any], name: str) -> str:
    if errors["error"] is None:
        return '<td class="number">–</td>'
    scale = {"vx": 100.0, "vy": 100.0, "yaw_rate": 1.0, "height": 100.0}.get(name, float(np.rad2deg(1.0)))
    form = ".3f" if name == "yaw_rate" else ".1f"
    mean, rms = (format(scale * errors[kind]["mean"], form) for kind in ("error", "rms"))
    return f'<td class="number">{mean} <span class="soft">({rms})</span></td>'


def _tour(verdicts: Sequence[Verdict]) -> str:
    first = verdicts[0].recordings["tour"]
    series = {}
    for verdict in verdicts:
        recording = verdict.recordings["tour"]
        series[verdict.name] = recording.place[:: round(recording.rate / 4), 0, :2]
    assert first.wanted_place is not None
    points = np.unique(first.wanted_place[np.isfinite(first.wanted_place[:, 0, 0]), 0, :2], axis=0)
    drawing = plots.paths(series, label="m", points=points, same_scale=True)
    rows = "".join(_tour_row(verdict) for verdict in verdicts)
    heads = ("completed", "way-points reached", "survival (s)", "off by (cm)", "heading off by (°)", "energy (kJ)")
    head = "".join(f'<th class="number">{name}</th>' for name in heads)
    return (
        f'<h2>Tour of 18 way-points</h2><div class="grid two"><div class="card"><h3>Seed {int(first.seeds[0])}, '
        f"seen from above</h3>{drawing}{plots.legend(list(series))}</div></div>"
        f'<div class="card wide"><table><tr><th></th>{head}</tr>{rows}</table></div>'
    )


def _tour_row(verdict: Verdict) -> str:
    entry = verdict.figures["tour"]
    spreads = (entry["position_error_cm"], entry["yaw_error_deg"], entry["energy_kj"])
    words = (
        f"{100 * entry['tours_completed']:.0f} %",
        f"{100 * entry['way_points_reached']:.0f} %",
        f"{entry['mean_survival_s']:.1f}",
        *("–" if spread is None else f"{spread['mean']:.1f}" for spread in spreads),
    )
    cells = "".join(f'<td class="number">{word}</td>' for word in words)
    return f"<tr><td>{escape(verdict.name)}</td>{cells}</tr>"


def _rules() -> str:
    return (
        "<h2>Rules</h2><p>The whole robot with fingers, 2 ms physics, its own joint friction, torque limits and arm "
        "gains. The arms go to a random pose anywhere in their range each second. A robot has fallen when its pelvis "
        "tilts by more than 0.8 rad, sinks below 0.35 m over the ground, or when a knee or a palm touches the ground. "
        "Shapes of the robot do not collide with each other. Intervals are Wilson's, 95 %.</p>"
    )


def _median(values: np.ndarray) -> np.ndarray:
    """Return the median (T,) over episodes (T, N), NaN where nobody is up."""
    known = np.isfinite(values).any(1)
    result = np.full(len(values), np.nan)
    result[known] = np.nanmedian(values[known], axis=1)
    return result


def _coarse(values: np.ndarray, recording: Recording) -> np.ndarray:
    """Return the means (M,) of blocks of values (T,)."""
    block = max(1, round(recording.rate / RATE))
    whole = len(values) // block * block
    return values[:whole].reshape(-1, block).mean(1)
