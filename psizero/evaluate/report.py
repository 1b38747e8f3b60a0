"""`report.html`: one file that shows everything and needs nothing beside it.

Videos, drawings and style are inside; it can be mailed, or opened from a memory stick.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from psizero.data.atomic_file import write_file
from psizero.embodiment.layout import PolicyLayout
from psizero.evaluate import plots
from psizero.evaluate.open_loop import OpenLoopResult
from psizero.evaluate.results import REPORT
from psizero.evaluate.rollout import EpisodeResult

JUMP_LIMIT = 1.5
"""Highest jump at a chunk boundary that counts as seamless (in steps within a chunk)."""

SHOWN = ("mode", "delay_ticks", "camera", "instruction", "shift")
"""Settings of an evaluation that stand under its title."""

STILL = 2e-3
"""Numbers that move less than this in a whole episode are not drawn (rad, m, ...)."""


def write_rollout_report(
    folder: Path, content: Mapping[str, Any], results: Sequence[Sequence[EpisodeResult]], layout: PolicyLayout
) -> Path:
    """Write the report of episodes: `content` is that of `results.json`, `results` are by task."""
    overview = "".join(_task_card(entry) for entry in content["tasks"])
    sections = [f'<div class="grid">{overview}</div>']
    for entry, episodes in zip(content["tasks"], results, strict=True):
        sections.append(_task_section(entry, episodes, layout))
    sections.append(_compute_note(content["timing"]["compute_ms"]))
    return write_page(folder, "Evaluation", content, sections, shown=SHOWN)


def write_open_loop_report(
    folder: Path, content: Mapping[str, Any], result: OpenLoopResult, layout: PolicyLayout
) -> Path:
    """Write the report of an open-loop comparison."""
    ratio = result.arms.ratio
    side = "below" if (ratio or 0.0) <= 1.0 else "above"
    verdict = (
        "no baseline to compare with" if ratio is None else f"{100 * abs(1 - ratio):.0f} % {side} the better baseline"
    )
    words = f"arm joints, {result.chunks} chunks of {len(result.episodes)} held-out episodes; {verdict}"
    rows = "".join(_error_row(group, result) for group in (*result.groups, result.arms))
    by_row = plots.lines(
        result.by_row, seconds=len(result.by_row["policy"]) / layout.rate, label="s ahead", with_zero=True
    )
    sections = [
        f'<div class="card"><h3>mean absolute error</h3><div class="big">{result.arms.policy:.4f} '
        f"<small>{escape(result.arms.unit)}</small></div><p>{words}</p></div>",
        '<div class="card wide"><table><tr><th>group</th><th>unit</th><th class="number">policy</th>'
        '<th class="number">hold the state</th><th class="number">mean trajectory</th>'
        f'<th class="number">ratio to the better</th></tr>{rows}</table></div>',
        f'<div class="card wide"><h3>arm error ({escape(result.arms.unit)}) by how far ahead it looks</h3>{by_row}'
        f"{plots.legend(list(result.by_row))}</div>",
        f'<h2>One held-out episode</h2><div class="grid two">{_example_plots(result, layout)}</div>',
    ]
    return write_page(folder, "Open-loop comparison", content, sections, shown=("open_loop", "camera"))


def write_page(
    folder: Path, title: str, content: Mapping[str, Any], sections: Sequence[str], *, shown: Sequence[str]
) -> Path:
    """Put head, sections and origin of `results.json` together; `shown` names the settings under the title."""
    style = Path(__file__).with_name("report_style.css").read_text()
    chips = "".join(
        f'<span class="chip">{escape(name.replace("_", " "))}: {escape(str(value))}</span>'
        for name, value in content["settings"].items()
        if name in shown and value not in (None, (), [])
    )
    origin = {key: content[key] for key in ("policy", "settings", "versions")}
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>PsiZero: {escape(title)}</title><style>{style}</style></head><body>"
        f'<h1>{escape(title)}</h1><div class="soft">policy <code>{escape(content["policy"])}</code></div>'
        f'<div class="chips">{chips}</div>{"".join(sections)}'
        f"<details><summary>Settings and versions</summary><pre>{escape(json.dumps(origin, indent=1))}</pre></details>"
        "</body></html>\n"
    )
    path = folder / REPORT
    write_file(path, page.encode())
    return path


def _task_card(entry: Mapping[str, Any]) -> str:
    low, high = entry["interval_95"]
    return (
        f'<div class="card"><h3>{escape(_title(entry))}</h3><div class="big">{100 * entry["rate"]:.0f} % '
        f"<small>{entry['successes']} of {entry['episodes']}</small></div>"
        f"{plots.interval_bar(entry['rate'], (low, high))}"
        f'<div class="soft">95 % interval {100 * low:.0f} to {100 * high:.0f} %</div></div>'
    )


def _title(entry: Mapping[str, Any]) -> str:
    if entry["task"] == entry["asked_task"]:
        return entry["task"]
    return f"{entry['asked_task']}, asked in the scene of {entry['task']}"


def _task_section(entry: Mapping[str, Any], results: Sequence[EpisodeResult], layout: PolicyLayout) -> str:
    filmed = [result for result in results if result.video is not None]
    parts = [
        f"<h2>{escape(_title(entry))}</h2>",
        f'<div class="grid">{_subtask_card(entry)}{_episode_card(entry)}</div>',
    ]
    if filmed:
        parts.append(f'<div class="grid films">{"".join(_video(result) for result in filmed)}</div>')
    parts.append(f'<div class="grid two below">{_delay_card(entry, layout.rate)}{_jump_card(entry)}</div>')
    if filmed:
        parts.append(f'<div class="grid two below">{_action_plots(filmed[0], layout)}</div>')
    return "".join(parts)


def _subtask_card(entry: Mapping[str, Any]) -> str:
    episodes = entry["episodes"]
    rows = "".join(
        f'<tr><td>{escape(name.replace("_", " "))}</td><td class="number">{count}</td>'
        f'<td class="number">{100 * count / episodes:.0f} %</td></tr>'
        for name, count in entry["subtasks"].items()
    )
    head = '<tr><th>sub-task</th><th class="number">episodes</th><th class="number">share</th></tr>'
    return f'<div class="card"><h3>How far it came</h3><table>{head}{rows}</table></div>'


def _episode_card(entry: Mapping[str, Any]) -> str:
    marks = "".join(
        f'<i class="{"ok" if episode["success"] else ""}" title="seed {episode["seed"]}: {escape(episode["outcome"])}, '
        f'{episode["seconds"]:.1f} s, “{escape(episode["instruction"])}”"></i>'
        for episode in entry["per_episode"]
    )
    rows = "".join(
        f'<tr><td class="{"good" if outcome == "success" else "bad"}">{escape(outcome)}</td>'
        f'<td class="number">{count}</td></tr>'
        for outcome, count in entry["outcomes"].items()
    )
    return (
        f'<div class="card"><h3>Every episode, by seed</h3><div class="strip">{marks}</div>'
        f'<table style="margin-top:12px">{rows}</table></div>'
    )


def _video(result: EpisodeResult) -> str:
    data = base64.b64encode(result.video or b"").decode()
    kind = "good" if result.success else "bad"
    return (
        f'<figure class="card"><video controls muted loop playsinline preload="metadata" '
        f'src="data:video/mp4;base64,{data}"></video><figcaption>“{escape(result.instruction)}”<br>'
        f'seed {result.request.seed}, {result.seconds:.1f} s: <span class="{kind}">{escape(result.outcome)}</span>'
        "</figcaption></figure>"
    )


def _delay_card(entry: Mapping[str, Any], rate: float) -> str:
    drawing = plots.histogram(entry["delay_ticks"], label=f"ticks from question to answer ({1e3 / rate:.0f} ms each)")
    return (
        f'<div class="card"><h3>Inference delay, all chunks</h3>{drawing}<div class="soft">'
        f"{100 * entry['holding_share']:.1f} % of all ticks held for want of a chunk</div></div>"
    )


def _jump_card(entry: Mapping[str, Any]) -> str:
    boundary = entry["chunk_boundary"]
    if boundary["ratio"] is None:
        return '<div class="card"><h3>Jump at chunk boundaries</h3><p>not enough motion to tell</p></div>'
    kind = "good" if boundary["ratio"] <= JUMP_LIMIT else "bad"
    return (
        f'<div class="card"><h3>Jump at chunk boundaries</h3><div class="big {kind}">{boundary["ratio"]:.2f} '
        f"<small>times the step within a chunk</small></div><p>Median step of the arm joints from one tick to the "
        f"next: {1e3 * boundary['jump_rad']:.2f} mrad into a new chunk, "
        f"{1e3 * boundary['step_within_chunk_rad']:.2f} mrad within one. Up to {JUMP_LIMIT:g} counts as seamless.</p>"
        f'<div class="soft">safety gate: {escape(_gate_words(entry["gate_events"]))}</div></div>'
    )


def _gate_words(events: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} in {count} control steps" for kind, count in events.items()) or "nothing to limit"


def _action_plots(result: EpisodeResult, layout: PolicyLayout) -> str:
    """Draw what was sent in one episode, field by field; uprights are the starts of new chunks."""
    if result.actions is None or result.chunks is None:
        return ""
    seconds = len(result.actions) / layout.rate
    starts = np.flatnonzero(np.diff(result.chunks) != 0) + 1
    cards = []
    for field in layout.action.fields:
        values = layout.action.get(result.actions, field.name)
        if np.ptp(values, axis=0).max() < STILL:
            continue
        series = {part: values[:, column] for column, part in enumerate(field.parts)}
        drawing = plots.lines(series, seconds=seconds, marks=list(starts / layout.rate))
        cards.append(
            f'<div class="card"><h3>{escape(field.name.replace("_", " "))} ({escape(field.unit)}), '
            f"seed {result.request.seed}</h3>{drawing}{plots.legend(field.parts)}</div>"
        )
    return "".join(cards)


def _compute_note(compute_ms: Mapping[str, float]) -> str:
    figures = ", ".join(f"{name} {value:.0f} ms" for name, value in compute_ms.items())
    return f'<p class="soft" style="margin-top:32px">Time to compute one chunk on this computer: {figures}.</p>'


def _error_row(group: Any, result: OpenLoopResult) -> str:
    ratio = "–" if group.ratio is None else f"{group.ratio:.2f}"
    kind = "" if group.ratio is None else ("good" if group.ratio < 1 else "bad")
    total = ' class="total"' if group is result.arms else ""
    numbers = "".join(f'<td class="number">{value:.4f}</td>' for value in (group.policy, group.hold, group.mean))
    return (
        f"<tr{total}><td>{escape(group.group.replace('_', ' '))}</td><td>{escape(group.unit)}</td>{numbers}"
        f'<td class="number {kind}">{ratio}</td></tr>'
    )


def _example_plots(result: OpenLoopResult, layout: PolicyLayout) -> str:
    recorded, predicted = result.example["recorded"], result.example["predicted"]
    cards = []
    for field in layout.action.fields:
        where = layout.action.slice_of(field.name)
        if np.ptp(recorded[:, where], axis=0).max() < STILL:
            continue
        moving = where.start + int(np.argmax(np.ptp(recorded[:, where], axis=0)))
        series = {"recorded": recorded[:, moving], "predicted": predicted[:, moving]}
        drawing = plots.lines(series, seconds=len(recorded) / layout.rate)
        name = f"{layout.action.names[moving].replace('_', ' ')} ({field.unit})"
        cards.append(f'<div class="card"><h3>{escape(name)}</h3>{drawing}{plots.legend(list(series))}</div>')
    return "".join(cards)
