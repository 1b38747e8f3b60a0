"""What legs are asked to do: scripts of commands, pushes, loads and grounds.

Every episode has its own seed: it decides the motion of the arms, where and when pushes come
from, and the way-points of a tour. Same seed, same episode, whatever runs beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from psizero.evaluate.locomotion_arena import FLAT, Ground, Rough, Slope
from psizero.evaluate.locomotion_director import Director, HeadingSteps, Timetable, Tour, asked
from psizero.registry import Registry

PUSH_SECONDS = 0.08
PUSH_WINDOW = 0.7
"""A push comes up to this much (s) later than its earliest time, so that it meets every phase of a step."""


PUSH_FORCES = (300, 450, 600)
"""N."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A stretch of a script in which one command holds, and whose second half is measured."""

    name: str
    axis: str
    """Name of the number of the command that is told from its neighbours, or "" for none."""
    begin: float
    """s."""
    end: float
    """s."""
    steady: float = 2.0
    """Length of what is measured at its end (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One kind of episode."""

    title: str
    seconds: float
    """Length of an episode (s)."""
    director: Callable[[np.ndarray, float], Director]
    """Makes what gives the commands, from the episodes' seeds (N,) and the ticks per second (Hz)."""
    levels: tuple[Level, ...] = ()
    """Stretches over which errors are measured."""
    push_times: tuple[float, ...] = ()
    """Earliest times of pushes on the torso (s)."""
    push_force: tuple[float, float] = (0.0, 0.0)
    """Range that the force of a push is drawn from (N); its direction is any horizontal one."""
    payload: float = 0.0
    """kg in each hand."""
    ground: Ground = field(default=FLAT)
    scattered: bool = False
    """Start at random places and headings, not at the origin."""


def _timetable(parts: tuple[tuple[str, str, np.ndarray], ...], each: float) -> tuple[Timetable, tuple[Level, ...]]:
    """Return commands that hold for `each` (s) one after the other, and their levels."""
    levels = tuple(
        Level(name=name, axis=axis, begin=number * each, end=(number + 1) * each)
        for number, (name, axis, _) in enumerate(parts)
    )
    return Timetable(np.arange(len(parts)) * each, np.stack([goal for _, _, goal in parts])), levels


def _script(title: str, parts: tuple[tuple[str, str, np.ndarray], ...], each: float, payload: float = 0.0) -> Script:
    table, levels = _timetable(parts, each)
    return Script(
        title=title, seconds=each * len(parts), director=lambda seeds, rate: table, levels=levels, payload=payload
    )


_COURSE = (
    ("stand", "", asked()),
    ("forward", "vx", asked(vx=0.5)),
    ("back", "vx", asked(vx=-0.4)),
    ("side", "vy", asked(vy=0.3)),
    ("turn", "yaw_rate", asked(yaw_rate=0.6)),
    ("mixed", "", asked(vx=0.3, vy=0.15, yaw_rate=0.3)),
    ("squat", "height", asked(height=0.5)),
    ("stand again", "", asked()),
)
"""48 s; eight parts of 6 s."""


def _each(axis: str, *values: float, unit: str = "") -> tuple[tuple[str, str, np.ndarray], ...]:
    return tuple((f"{axis} {value:g}", axis, asked(**{axis: value})) for value in values)


def _course() -> Script:
    return _script("48 s: stand, walk, turn, squat", _COURSE, 6.0)


def _payload() -> Script:
    return _script("the same with 2 kg in each hand", _COURSE, 6.0, payload=2.0)


def _velocity() -> Script:
    levels = (*_each("vx", 0.25, 0.5, -0.2, -0.4), *_each("vy", 0.15, 0.3, -0.15, -0.3))
    return _script("steps of velocity", levels, 5.0)


def _turning() -> Script:
    return _script("steps of yaw rate", _each("yaw_rate", 0.3, 0.6, -0.3, -0.6), 5.0)


def _posture() -> Script:
    levels = (
        *_each("height", 0.74, 0.65, 0.57, 0.5),
        *_each("roll", 0.15, 0.3, -0.15, -0.3),
        *_each("pitch", 0.2, 0.45, 0.8, -0.2),
        *_each("yaw", 0.4, 0.8, -0.4, -0.8),
    )
    return _script("steps of height and torso", levels, 5.0)


def _still() -> Script:
    return Script(
        title="stand still for a minute",
        seconds=62.0,
        director=lambda seeds, rate: Timetable(np.zeros(1), asked()[None]),
    )


def _heading() -> Script:
    return Script(
        title="turn to ±90° by the heading loop",
        seconds=24.0,
        director=lambda seeds, rate: HeadingSteps(len(seeds), rate=rate, each=6.0),
        levels=tuple(
            Level(name=name, axis="", begin=6.0 * number, end=6.0 * number + 6.0, steady=1.0)
            for number, name in enumerate(("to 90°", "back to 0°", "to -90°", "back to 0° again"))
        ),
    )


def push_name(force: int, way: str) -> str:
    """Return the name of the script in which a robot, "standing" or "walking", is pushed."""
    return f"push_{force}_{way}"


def _push(force: int, way: str) -> Callable[[], Script]:
    goal = asked(vx=0.3) if way == "walking" else asked()
    return lambda: Script(
        title=f"pushed with {force} N {way}",
        seconds=6.0 + PUSH_WINDOW,
        director=lambda seeds, rate: Timetable(np.zeros(1), goal[None]),
        push_times=(2.0,),
        push_force=(force, force),
    )


_OUTDOORS = (
    ("stand", "", asked()),
    ("forward", "", asked(vx=0.4)),
    ("back", "", asked(vx=-0.3)),
    ("turn", "", asked(yaw_rate=0.5)),
    ("both", "", asked(vx=0.3, yaw_rate=0.3)),
)


def _outdoors(title: str, ground: Callable[[], Ground]) -> Callable[[], Script]:
    def script() -> Script:
        table, levels = _timetable(_OUTDOORS, 3.2)
        return Script(
            title=title,
            seconds=16.0,
            director=lambda seeds, rate: table,
            levels=levels,
            ground=ground(),
            scattered=True,
        )

    return script


def _tour() -> Script:
    return Script(
        title="tour of 18 way-points, a push on each leg of it",
        seconds=Tour.POINTS * Tour.EACH,
        director=lambda seeds, rate: Tour(seeds),
        push_times=tuple(Tour.EACH * number + 1.5 for number in range(Tour.POINTS)),
        push_force=(0.0, 300.0),
    )


SCRIPTS: Registry[Callable[[], Script]] = Registry(
    "script",
    {
        "course": _course,
        "velocity": _velocity,
        "turning": _turning,
        "posture": _posture,
        "still": _still,
        "heading": _heading,
        **{push_name(force, way): _push(force, way) for force in PUSH_FORCES for way in ("standing", "walking")},
        "payload": _payload,
        "rough": _outdoors("rough ground, ±2 cm", Rough),
        "slope": _outdoors("slope of 8°", lambda: Slope(angle=float(np.deg2rad(8.0)))),
        "tour": _tour,
    },
)
"""All scripts by name, in the order in which they run."""
