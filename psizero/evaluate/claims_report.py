"""`claims.json` -> a page with a table for each claim, and a plot; arms that were not run are named as such.

The content, as `psizero recipe claims` writes it: `settings`, `task`, `command`, `hours`, and `claims`, each with
`letter`, `question`, `how`, `paper` and `arms`. An arm has `name`, `stages` (names with optimizer steps), `samples`,
`delay_ticks`, `mode` and `trainings`: one entry for each, with `successes` scene by scene, median `seconds` of a
success and `jump` at chunk boundaries, or `None` if it was not run yet.
"""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from psizero.data.atomic_file import write_file
from psizero.evaluate.claims_plot import Bar, bars_plot
from psizero.evaluate.paired import PairedDifference
from psizero.evaluate.score import Score

PAGE, PLOT = "claims.md", "images/claims.png"

Arm = Mapping[str, Any]
Claim = Mapping[str, Any]

_HEADINGS = (
    "arm",
    "steps",
    "successes of each training",
    "rate (95 %)",
    "difference to the first row (95 %)",
    "scenes won, lost",
    "time of a success",
    "jump at chunk boundaries",
)


def write_report(folder: Path, content: Mapping[str, Any]) -> Path:
    """Write page and plot into a folder; return the page's path."""
    groups = {f"({claim['letter']}) {claim['question']}": _bars(claim) for claim in content["claims"]}
    write_file(folder / PLOT, bars_plot(groups))
    write_file(folder / PAGE, markdown(content).encode())
    return folder / PAGE


def markdown(content: Mapping[str, Any]) -> str:
    """Return the page."""
    settings = content["settings"]
    done, planned = _counts(content)
    lines = [
        "# The paper's claims, in small",
        "",
        *_wrapped(
            "Claims of the Psi0 paper (arXiv 2603.12263), tried again from nothing on two cores: a simulated G1, the "
            f"task `{content['task']}`, a network of 2.5 million weights. What comes out holds for these alone."
        ),
        "",
        *(
            [f"**Unfinished: {done} of the {planned} trainings in these tables have been tried.**", ""]
            if done < planned
            else []
        ),
        "## How it is measured",
        "",
        *_rules(settings, content["claims"]),
        "",
        f"![Success rates of all arms]({PLOT})",
        "",
        *(line for claim in content["claims"] for line in _section(claim)),
        "## Do it again",
        "",
        "```sh",
        content["command"],
        f"{content['command']} --report   # the page alone, of what is there",
        "```",
        "",
        *_wrapped(
            f"It is planned for {content['hours']:.1f} hours on two idle cores and goes on where it was stopped. After "
            "each step it writes this page to `page/` in its folder, and all numbers to `claims.json`."
        ),
        "",
    ]
    return "\n".join(lines)


def _rules(settings: Mapping[str, Any], claims: Sequence[Claim]) -> list[str]:
    samples = sorted({arm["samples"] for claim in claims for arm in claim["arms"]})
    told = " and ".join(f"{count:,}" for count in samples)
    differences = sum(len(claim["arms"]) - 1 for claim in claims)
    rules = (
        f"Every arm learns from {told} observations, all its stages together, and last from the same "
        f"{settings['demonstrations']} demonstrations of the task.",
        f"Every arm is trained {settings['trainings']} times, with seeds 0 to {settings['trainings'] - 1}.",
        f"Every training is tried in the same {settings['episodes']} scenes, which nothing was learned from.",
        "Rates have the exact interval of Clopper and Pearson, over all trainings.",
        "Differences are paired scene by scene (Agresti and Min 2005). Their interval says how sure they are for these "
        "trainings in other scenes; how much trainings differ is seen in the successes of each.",
        f"There are {differences} differences below; of twenty such intervals, one misses the truth by chance.",
    )
    return [line for rule in rules for line in _wrapped(rule, first="- ")]


def _section(claim: Claim) -> list[str]:
    first = claim["arms"][0]
    rows = [_row(arm, first) for arm in claim["arms"]]
    return [
        f"## ({claim['letter']}) {claim['question']}",
        "",
        *_wrapped(f"Here: {claim['how']}."),
        "",
        f"| {' | '.join(_HEADINGS)} |",
        f"|{'---|' * len(_HEADINGS)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        *(line for arm in claim["arms"][1:] for line in _wrapped(_verdict(arm, first))),
        "",
        *_wrapped(f"The paper: {claim['paper']}."),
        "",
    ]


def _row(arm: Arm, first: Arm) -> list[str]:
    stages = ", ".join(f"{name} {steps:,}" for name, steps in arm["stages"])
    late = f", {arm['delay_ticks']} ticks late, mode `{arm['mode']}`" if arm["delay_ticks"] else ""
    done = _done(arm)
    if not done:
        return [arm["name"] + late, stages, "not run yet", *[""] * (len(_HEADINGS) - 3)]
    counts = ", ".join("missing" if t is None else str(sum(t["successes"])) for t in arm["trainings"])
    score = Score.of(success for training in done for success in training["successes"])
    seconds = [training["seconds"] for training in done if training["seconds"] is not None]
    jumps = [training["jump"] for training in done if training["jump"] is not None]
    found = None if arm is first else _difference(first, arm)
    return [
        arm["name"] + late,
        stages,
        f"{counts} of {len(done[0]['successes'])}",
        f"{100 * score.rate:.0f} % ({_range(score.interval, '.0f')})",
        "" if found is None else f"{100 * found.difference:+.1f} ({_range(found.interval, '+.1f')})",
        "" if found is None else f"{found.won}, {found.lost}",
        f"{np.mean(seconds):.1f} s" if seconds else "–",
        f"{np.mean(jumps):.2f} x the step within" if jumps else "–",
    ]


def _verdict(arm: Arm, first: Arm) -> str:
    found = _difference(first, arm)
    if found is None:
        return f"Nothing can be said of *{arm['name']}* yet: it or *{first['name']}* was not run."
    one, other = f"*{arm['name']}*", f"*{first['name']}*"
    told_apart = found.verdict != "not told apart"
    verdict = f"{one} is {found.verdict} than {other}" if told_apart else f"{one} and {other} cannot be told apart"
    both = sum(None not in pair for pair in zip(arm["trainings"], first["trainings"], strict=True))
    planned = len(arm["trainings"])
    unsure = f" That is after {both} of {planned} trainings; the next may turn it around." if both < planned else ""
    return f"{verdict} here: the difference is {_range(found.interval, '+.1f')} points.{unsure}"


def _difference(first: Arm, second: Arm) -> PairedDifference | None:
    """Compare the trainings that both arms have."""
    pairs = [
        (one["successes"], other["successes"])
        for one, other in zip(first["trainings"], second["trainings"], strict=True)
        if one is not None and other is not None
    ]
    if not pairs:
        return None
    ones, others = zip(*pairs, strict=True)
    return PairedDifference.of(np.array(ones, bool), np.array(others, bool))


def _bars(claim: Claim) -> list[Bar]:
    bars = []
    for arm in claim["arms"]:
        score = Score.of(success for training in _done(arm) for success in training["successes"])
        points = tuple(float(np.mean(training["successes"])) for training in _done(arm))
        bars.append(Bar(name=arm["name"], rate=score.rate, interval=score.interval, points=points))
    return bars


def _counts(content: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many trainings were tried, and how many are planned; one that several claims use counts each time."""
    trainings = [training for claim in content["claims"] for arm in claim["arms"] for training in arm["trainings"]]
    return sum(training is not None for training in trainings), len(trainings)


def _done(arm: Arm) -> list[Mapping[str, Any]]:
    return [training for training in arm["trainings"] if training is not None]


def _range(interval: tuple[float, float], form: str) -> str:
    low, high = (format(100 * end, form) for end in interval)
    return f"{low} to {high}"


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        120,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
