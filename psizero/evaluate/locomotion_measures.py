"""Recording -> figures: how often it fell, how well it followed, what it cost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from psizero.control.lower_body import COMMAND
from psizero.evaluate.locomotion_director import Tour, difference
from psizero.evaluate.locomotion_run import Recording
from psizero.evaluate.locomotion_scripts import Level, Script
from psizero.evaluate.score import wilson

GRAVITY = 9.81
REACHED = 0.25
"""A way-point counts as reached when its time ends within this distance (m)."""
_DRIFT_WINDOW = 5.0
"""Over which time the place of a standing robot is averaged, so that five poses of the arms are in it (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One figure over many episodes."""

    mean: float
    p95: float
    """19 of 20 episodes are at most here."""
    worst: float
    trials: int
    """Episodes that lasted long enough to be measured."""

    @staticmethod
    def of(values: np.ndarray) -> "Spread | None":
        """Summarize (N,) numbers, leaving out NaN; `None` if nothing is left."""
        known = np.asarray(values, np.float64)[np.isfinite(values)]
        if not known.size:
            return None
        return Spread(
            mean=float(known.mean()), p95=float(np.percentile(known, 95)), worst=float(known.max()), trials=known.size
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain numbers."""
        return {name: round(getattr(self, name), 6) for name in ("mean", "p95", "worst")} | {"trials": self.trials}


def survival(recording: Recording) -> dict[str, Any]:
    """Return falls, and with which certainty."""
    trials = len(recording.seeds)
    low, high = wilson(trials - recording.falls, trials)
    lived = np.where(np.isfinite(recording.fell_at), recording.fell_at, recording.seconds)
    return {
        "trials": trials,
        "falls": recording.falls,
        "survived": trials - recording.falls,
        "survival_rate": round(1.0 - recording.falls / trials, 6),
        "interval_95": [round(low, 6), round(high, 6)],
        "mean_survival_s": round(float(lived.mean()), 3),
        "reasons": dict(Counter(reason for reason in recording.reasons if reason).most_common()),
        "fallen_seeds": {
            str(int(seed)): round(float(time), 2)
            for seed, time in zip(recording.seeds, recording.fell_at, strict=True)
            if np.isfinite(time)
        },
    }


def level_errors(recording: Recording, level: Level) -> dict[str, Any]:
    """Return how far off each number of the command was in the steady end of a level.

    `error` is the size of an episode's mean error, `rms` its root mean square, both over episodes.
    """
    ticks = recording.between(level.end - level.steady, level.end)
    off = recording.following[ticks].astype(np.float64) - recording.goal[ticks]
    off[..., 4:] = difference(off[..., 4:], np.zeros(3))
    mean, rms = off.mean(0), np.sqrt((off**2).mean(0))
    figures = {name: _pair(np.abs(mean[:, axis]), rms[:, axis]) for axis, name in enumerate(COMMAND)}
    figures["velocity"] = _pair(np.hypot(mean[:, 0], mean[:, 1]), np.hypot(rms[:, 0], rms[:, 1]))
    return {"name": level.name, "axis": level.axis, "begin": level.begin, "end": level.end, "errors": figures}


def effort(recording: Recording, begin: float, end: float) -> dict[str, Any]:
    """Return what a stretch of time (s) cost, and how smooth it was; the cost only of those that lasted."""
    ticks = recording.between(begin, end)
    seconds = end - begin
    travelled = np.hypot(*(recording.place[ticks][-1] - recording.place[ticks][0]).T[:2])
    weight = recording.mass * GRAVITY
    with np.errstate(invalid="ignore", divide="ignore"):
        cost = recording.power[ticks].mean(0) * seconds / (weight * travelled)
        leg_cost = recording.leg_power[ticks].mean(0) * seconds / (weight * travelled)
    # Who hardly moves has no cost of moving.
    moved = np.where(travelled > 0.15 * seconds, 1.0, np.nan)
    figures = {
        "cost_of_transport": cost * moved,
        "cost_of_transport_legs_and_waist": leg_cost * moved,
        "action_bend_rad": _nanmean(recording.bend[ticks]),
        "acceleration_change_rad_s2": _nanmean(recording.shake[ticks]),
        "torque_saturation": _nanmean(recording.saturation[ticks]),
        "foot_slip_m_s": _nanmean(recording.slip[ticks]),
        "power_w": _nanmean(recording.power[ticks]),
    }
    return {name: _json(Spread.of(values)) for name, values in figures.items()}


def drift(recording: Recording) -> dict[str, Any]:
    """Return how far a robot that stands has moved (cm) and turned (degrees) in a minute.

    Five seconds after two of settling are compared with the last five: a pelvis that carries swinging arms sways
    by centimetres over feet that do not move, which is no drift.
    """
    start = recording.between(2.0, 2.0 + _DRIFT_WINDOW)
    end = recording.between(recording.seconds - _DRIFT_WINDOW, recording.seconds)
    first, last = recording.place[start].mean(0), recording.place[end].mean(0)
    moved = np.hypot(*(last - first).T[:2])
    yaw = np.unwrap(recording.place[..., 2].astype(np.float64), axis=0)
    turned = np.abs(yaw[end].mean(0) - yaw[start].mean(0))
    minutes = (recording.seconds - 2.0 - _DRIFT_WINDOW) / 60.0
    return {
        "drift_cm_per_min": _json(Spread.of(100 * moved / minutes)),
        "drift_deg_per_min": _json(Spread.of(np.rad2deg(turned) / minutes)),
    }


def heading_errors(recording: Recording, script: Script) -> dict[str, Any]:
    """Return how far (degrees) the heading is off at the end of each of its levels."""
    assert recording.wanted_place is not None
    off = np.abs(difference(recording.wanted_place[..., 2], recording.place[..., 2]))
    by_level = np.stack(
        [off[recording.between(level.end - level.steady, level.end)].mean(0) for level in script.levels]
    )
    return {"heading_error_deg": _json(Spread.of(np.rad2deg(by_level).ravel()))}


def tour_errors(recording: Recording) -> dict[str, Any]:
    """Return how much of the tour was done, and how far off place and heading were at the end of each leg."""
    assert recording.wanted_place is not None
    ends = np.array([recording.between(0.0, (leg + 1) * Tour.EACH).stop - 1 for leg in range(Tour.POINTS)])
    wanted, place = recording.wanted_place[ends], recording.place[ends]
    away = np.linalg.norm((wanted - place)[..., :2], axis=2)
    with np.errstate(invalid="ignore"):
        reached = away < REACHED
    off = np.abs(difference(wanted[..., 2], place[..., 2]))
    return {
        "tours_completed": round(1.0 - recording.falls / len(recording.seeds), 6),
        "way_points_reached": round(float(reached.mean()), 6),
        "position_error_cm": _json(Spread.of(100 * away.ravel())),
        "yaw_error_deg": _json(Spread.of(np.rad2deg(off).ravel())),
        "energy_kj": _json(Spread.of(recording.power.sum(0) / recording.rate / 1e3)),
    }


def script_figures(name: str, script: Script, recording: Recording) -> dict[str, Any]:
    """Return every figure of one script."""
    figures: dict[str, Any] = {"title": script.title, "seconds": script.seconds, **survival(recording)}
    if script.levels and name != "heading":
        figures["levels"] = [level_errors(recording, level) for level in script.levels]
    walking = next((level for level in script.levels if level.name == "forward"), None)
    if walking is not None:
        # The first third is for getting going.
        figures["walking_forward"] = effort(recording, walking.begin + (walking.end - walking.begin) / 3, walking.end)
    figures["whole_script"] = {
        key: value
        for key, value in effort(recording, 0.0, recording.seconds).items()
        if not key.startswith("cost_of_transport")
    }
    if name == "still":
        figures |= drift(recording)
    if name == "heading":
        figures |= heading_errors(recording, script)
    if name == "tour":
        figures |= tour_errors(recording)
    return figures


def merged(figures: Mapping[str, Any], names: tuple[str, ...]) -> tuple[int, int]:
    """Return how many survived, of how many, over several scripts."""
    those = [figures[name] for name in names if name in figures]
    return sum(entry["survived"] for entry in those), sum(entry["trials"] for entry in those)


def _pair(mean: np.ndarray, rms: np.ndarray) -> dict[str, Any]:
    return {"error": _json(Spread.of(mean)), "rms": _json(Spread.of(rms))}


def _json(spread: Spread | None) -> dict[str, Any] | None:
    return None if spread is None else spread.to_json()


def _nanmean(values: np.ndarray) -> np.ndarray:
    """Return means over the first axis of what is not NaN; NaN where nothing is."""
    known = np.isfinite(values)
    return np.where(known, values, 0.0).sum(0) / np.where(known.any(0), known.sum(0), np.nan)
