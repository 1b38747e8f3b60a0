"""The bars that legs must reach, each with what was measured and by which rule."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from psizero.evaluate.locomotion_measures import merged
from psizero.evaluate.locomotion_scripts import push_name
from psizero.evaluate.score import wilson

FEW = 0.05
"""Errors are those of episodes that lasted; when more than this share fell, their bar is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar."""

    name: str
    bar: str
    """What is asked for, in words."""
    measured: str
    """What came, in words."""
    passed: bool
    rule: str
    """How it was measured."""


def bars(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all bars whose scripts have run; `figures` are those of `locomotion_measures` by script."""
    made = (
        _no_falls(figures, "no fall without pushes", ("course",)),
        *_tracking(figures),
        *_standing(figures),
        _pushed(figures, 300, "no fall", lambda rate: rate == 1.0),
        _pushed(figures, 450, "≥ 90 %", lambda rate: rate >= 0.9),
        _pushed(figures, 600, "> 33 %", lambda rate: rate > 1.0 / 3.0),
        _no_falls(figures, "no fall with 2 kg in each hand", ("payload",)),
        _survives(figures, "rough ground ±2 cm", ("rough",)),
        _survives(figures, "slope of 8°", ("slope",)),
        _cost(figures),
    )
    return [asdict(bar) for bar in made if bar is not None]


def _no_falls(figures: Mapping[str, Any], name: str, scripts: tuple[str, ...]) -> Bar | None:
    survived, trials = merged(figures, scripts)
    if not trials:
        return None
    return Bar(
        name=name,
        bar="0 falls",
        measured=f"{trials - survived} of {trials} fell{_interval(survived, trials)}",
        passed=survived == trials,
        rule="episodes of the 48 s script",
    )


def _survives(figures: Mapping[str, Any], name: str, scripts: tuple[str, ...]) -> Bar | None:
    survived, trials = merged(figures, scripts)
    if not trials:
        return None
    return Bar(
        name=name,
        bar="≥ 95 %",
        measured=_share(survived, trials),
        passed=survived >= 0.95 * trials,
        rule="episodes without a fall, from random places and headings",
    )


def _pushed(figures: Mapping[str, Any], force: int, bar: str, passes: Callable[[float], bool]) -> Bar | None:
    survived, trials = merged(figures, tuple(push_name(force, way) for way in ("standing", "walking")))
    if not trials:
        return None
    return Bar(
        name=f"push of {force} N",
        bar=bar,
        measured=_share(survived, trials),
        passed=passes(survived / trials),
        rule="0.08 s on the torso from any side, standing and walking; on its feet four seconds later",
    )


def _tracking(figures: Mapping[str, Any]) -> list[Bar]:
    asked = (
        ("velocity", "velocity", ("vx", "vy"), 0.08, 1.0, "m/s"),
        ("turning", "yaw_rate", ("yaw_rate",), 0.08, 1.0, "rad/s"),
        ("posture", "height", ("height",), 2.5, 100.0, "cm"),
        ("posture", "roll", ("roll",), 4.0, float(np.rad2deg(1.0)), "°"),
        ("posture", "pitch", ("pitch",), 4.0, float(np.rad2deg(1.0)), "°"),
        ("posture", "yaw", ("yaw",), 4.0, float(np.rad2deg(1.0)), "°"),
    )
    made = []
    for script, number, axes, limit, scale, unit in asked:
        levels = [level for level in figures.get(script, {}).get("levels", []) if level["axis"] in axes]
        errors = {
            level["name"]: level["errors"][number]["error"]["mean"] * scale
            for level in levels
            if level["errors"][number]["error"] is not None
        }
        if not levels:
            continue
        worst = max(errors, key=lambda name: errors[name]) if errors else ""
        fell, trials = figures[script]["falls"], figures[script]["trials"]
        words = "nobody left to measure"
        if errors:
            words = (
                f"{errors[worst]:.3g} {unit} at {worst}; mean {np.mean([*errors.values()]):.3g}{_fell(fell, trials)}"
            )
        made.append(
            Bar(
                name=f"error of {number.replace('_', ' ')}",
                bar=f"≤ {limit:g} {unit}",
                measured=words,
                passed=bool(fell <= FEW * trials and errors[worst] <= limit),
                rule="the worst level; size of the mean error of its last 2 s, mean over episodes",
            )
        )
    return made


def _standing(figures: Mapping[str, Any]) -> list[Bar]:
    asked = (
        ("still", "drift_cm_per_min", "drift when standing", 5.0, "cm/min"),
        ("still", "drift_deg_per_min", "turn when standing", 3.0, "°/min"),
        ("heading", "heading_error_deg", "heading loop", 3.0, "°"),
    )
    made = []
    for script, number, name, limit, unit in asked:
        if script not in figures:
            continue
        spread = figures[script][number]
        fell, trials = figures[script]["falls"], figures[script]["trials"]
        words = "nobody left to measure"
        if spread is not None:
            words = f"{spread['p95']:.3g} {unit}; mean {spread['mean']:.3g}, worst {spread['worst']:.3g}"
            words += _fell(fell, trials)
        made.append(
            Bar(
                name=name,
                bar=f"≤ {limit:g} {unit}",
                measured=words,
                passed=bool(spread is not None and fell <= FEW * trials and spread["p95"] <= limit),
                rule="19 of 20 episodes",
            )
        )
    return made


def _cost(figures: Mapping[str, Any]) -> Bar | None:
    if "course" not in figures:
        return None
    walking = figures["course"]["walking_forward"]
    cost, legs = walking["cost_of_transport"], walking["cost_of_transport_legs_and_waist"]
    words = "nobody walked"
    if cost is not None:
        words = f"{cost['mean']:.2f} with the moving arms, {legs['mean']:.2f} without"
    return Bar(
        name="cost of transport",
        bar="≤ 1.1",
        measured=words,
        passed=bool(cost is not None and cost["mean"] <= 1.1),
        rule="sum of |torque x speed| of all joints over weight x way, forward at 0.5 m/s, mean",
    )


def _fell(fell: int, trials: int) -> str:
    return f"; {fell} of {trials} fell" if fell else ""


def _share(survived: int, trials: int) -> str:
    return f"{100 * survived / trials:.1f} % ({survived} of {trials}{_interval(survived, trials)})"


def _interval(survived: int, trials: int) -> str:
    low, high = wilson(survived, trials)
    return f"; 95 % interval of survival {100 * low:.1f} to {100 * high:.1f} %"
