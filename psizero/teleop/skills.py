"""What the scripted operator knows: each task as a row of strokes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from psizero.geometry import Pose, from_rpy, rotate, to_rpy
from psizero.sim.scene import (
    BOTTLE,
    BOX_HALF,
    SECOND_HALF,
    SECOND_TABLE,
    TABLE_HALF,
    TABLE_NEAR_EDGE,
    TABLE_TOP,
)
from psizero.teleop.sight import SIDES, Sight

Wrists = dict[str, Pose]
"""Poses `stance_from_wrist` by side."""

_BOTTLE_IN_HAND = np.array([0.112, 0.054, 0.0])
"""Where the axis of a bottle lies in the right wrist's frame when the palm touches it (m)."""
_BOX_AHEAD = 0.165
"""How far a box's centre is ahead of the wrists when the thumbs are behind it (m)."""
_PALM = 0.017
"""How far the palm's surface is inward of the wrist's axis (m)."""
_CARRY = Pose(np.array([0.13, -0.22, 1.03]))
"""Where the right wrist carries a bottle: near the body, over tables and boxes."""
_ROOM = 0.52
"""How far a table's edge must be ahead before a robot that carries something turns (m)."""
_SAG = 0.02
"""How far a hand comes down below where it is held, on legs that walk (m)."""
_EASY = np.array([[0.20, -0.32, 0.0], [0.37, -0.05, 1.0]])
"""Between which places (m) things are put down without leaning."""
_REACH = 0.18
"""How far ahead the edge of a table is that one works at (m)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One stroke of a movement: where both wrists go, how far the fingers close, where the robot walks."""

    name: str
    seconds: float
    """How long hands and fingers take."""
    goal: Callable[[Wrists], Wrists] | None = None
    """Where wrists go, from where they were before; asked anew each time because things move; `None`: stay."""
    over: str | None = None
    """What the hands' places belong to, so that hands stay there when the robot sways; `None`: to the robot."""
    curl: Mapping[str, float] = field(default_factory=dict)
    """Finger curl at the end by side, 0 open to 1 closed; sides left out keep theirs."""
    way: Callable[[], np.ndarray] | None = None
    """Way left (3,) m forward, m left, rad to turn; the stroke lasts until there is none; `None`: stand."""
    stay: float = 0.0
    """How long there must be no way left (s); 0: the next stroke may begin before the robot stands."""
    done: Callable[[], bool] = lambda: True
    """What a person waits for before the next stroke, if it does not take too long."""
    missed: Callable[[], bool] = lambda: False
    """Whether it was in vain: then a person begins anew with the first stroke, a few times."""
    look: str | None = None
    """What to look at; `None`: the thing the task is about."""


def strokes_of(task: str, sight: Sight) -> list[Stroke]:
    """Return how a person who sees `sight` does a task."""
    return {"pick_bottle": _pick_bottle, "hug_box": _hug_box, "walk_and_place": _walk_and_place}[task](sight)


def _pick_bottle(sight: Sight) -> list[Stroke]:
    return [
        *_grasp_bottle(sight),
        Stroke(name="lift", seconds=1.1, goal=_raise(0.20, "right"), over="table"),
        Stroke(name="hold", seconds=1.6),
    ]


def _grasp_bottle(sight: Sight, way: Callable[[], np.ndarray] | None = None) -> list[Stroke]:
    def bottle() -> Pose:
        """Return the bottle's middle with the heading of the hand that comes from the right shoulder."""
        place = sight.see("bottle").position
        heading = np.clip(0.6 * np.arctan2(place[1] + 0.14, place[0] + 0.05), -0.6, 0.4)
        return Pose(np.array([place[0], place[1], TABLE_TOP + 0.085]), from_rpy(0.0, 0.0, heading))

    def near(back: float, right: float, up: float) -> Callable[[Wrists], Wrists]:
        # On legs that walk the body gives way under an arm that reaches out.
        sag = 0.0 if way is None else _SAG
        offset = -_BOTTLE_IN_HAND + np.array([-back, -right, up + sag])
        return lambda _: {"right": bottle() * Pose(offset)}

    return [
        Stroke(name="go", seconds=1.1, goal=near(0.12, 0.03, 0.15), over="table", way=way, curl={"right": 0.0}),
        Stroke(name="down", seconds=0.7, goal=near(0.10, 0.02, 0.01), over="table", way=way),
        Stroke(name="reach", seconds=0.8, goal=near(0.0, 0.0, 0.0), over="table", way=way),
        Stroke(name="close", seconds=0.6, goal=_stay, over="table", curl={"right": 1.0}),
    ]


def _hug_box(sight: Sight) -> list[Stroke]:
    def beside(back: float, apart: float) -> Wrists:
        box = sight.see("box")
        # Palms give way by some degrees; hands that follow the box only in part stay where arms are strong.
        yaw = 0.55 * to_rpy(box.orientation)[2]
        middle = Pose(np.array([*box.position[:2], TABLE_TOP + 0.085]), from_rpy(0.0, 0.0, yaw))
        aside = BOX_HALF[1] + _PALM + apart
        return {
            side: middle * Pose(np.array([-_BOX_AHEAD - back, sign * aside, 0.0]))
            for side, sign in (("left", 1), ("right", -1))
        }

    def short_of(_: Wrists) -> Wrists:
        # Not closer to the body than elbows can bend.
        room = min(float(pose.position[0]) for pose in beside(0.0, 0.0).values()) - 0.05
        return beside(float(np.clip(room, 0.0, 0.07)), 0.045)

    return [
        Stroke(name="go", seconds=1.1, goal=lambda before: _raise(0.15, *SIDES)(short_of(before))),
        Stroke(name="down", seconds=0.7, goal=short_of),
        Stroke(name="reach", seconds=0.7, goal=lambda _: beside(0.0, 0.045)),
        Stroke(name="squeeze", seconds=0.7, goal=lambda _: beside(0.0, -0.04)),
        Stroke(name="lift", seconds=1.2, goal=_raise(0.20, *SIDES)),
        Stroke(name="hold", seconds=1.6),
    ]


def _still_stands(sight: Sight) -> bool:
    """Whether the bottle stands on a table, where a hand that closed beside it has left it."""
    bottle = sight.see("bottle")
    upright = rotate(bottle.orientation, np.array([0.0, 0.0, 1.0]))[2] > 0.95
    return bool(upright and abs(bottle.position[2] - TABLE_TOP - BOTTLE.height) < 0.03)


class _Ways:
    """Ways left to where one stands, (3,): m ahead, m to the left, rad to turn."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    def at_table(self) -> np.ndarray:
        """Return the way to where one works at the first table."""
        return self._before("table", TABLE_HALF[0] + TABLE_NEAR_EDGE)

    def from_table(self) -> np.ndarray:
        """Return the way straight back from the first table, wherever along it one stands."""
        along = self._sight.see("table").inverse().position[1]
        return self._before("table", TABLE_HALF[0] + _ROOM, along)

    def to_face(self) -> np.ndarray:
        """Return what is left to turn to look at the second table."""
        return self._before(SECOND_TABLE, 0.0) * (0.0, 0.0, 1.0)

    def to_table(self) -> np.ndarray:
        """Return the way to where one works at the second table."""
        return self._before(SECOND_TABLE, SECOND_HALF[0] + _REACH)

    def _before(self, table: str, away: float, along: float = 0.0) -> np.ndarray:
        """Return the way to a place that looks at a table, m off its middle and m to the left of that."""
        seen = self._sight.see(table)
        place = seen.apply(np.array([-away, along, 0.0]))
        return np.array([place[0], place[1], to_rpy(seen.orientation)[2]])


def _walk_and_place(sight: Sight) -> list[Stroke]:
    put_down, ways = _PutDown(sight), _Ways(sight)

    def to_reach() -> np.ndarray:
        # Whoever reaches the spot stands: steps to and fro would tip over what is being put down.
        return np.zeros(3) if put_down.in_reach() else ways.to_table()

    def carry(_: Wrists) -> Wrists:
        return {"right": _CARRY}

    def to_side(before: Wrists) -> Wrists:
        return {"right": Pose(before["right"].position + np.array([-0.10, -0.04, 0.06]), from_rpy(0.0, 0.0, 0.0))}

    return [
        *_grasp_bottle(sight, ways.at_table),
        Stroke(name="lift", seconds=0.9, goal=_raise(0.22, "right"), over="table", missed=lambda: _still_stands(sight)),
        Stroke(name="carry", seconds=1.0, goal=carry),
        Stroke(name="back", seconds=0.8, way=ways.from_table, look="table"),
        Stroke(name="turn", seconds=0.8, way=ways.to_face, look=SECOND_TABLE),
        Stroke(name="walk", seconds=0.8, way=ways.to_table, stay=0.6, look=SECOND_TABLE),
        # A robot that has just stopped may step back when an arm reaches out; then it is steered there again.
        Stroke(
            name="over",
            seconds=1.0,
            goal=lambda _: put_down.hand(0.06),
            over=SECOND_TABLE,
            way=to_reach,
            done=put_down.is_over,
        ),
        Stroke(
            name="lower",
            seconds=0.9,
            goal=lambda _: put_down.hand(-0.004),
            over=SECOND_TABLE,
            way=to_reach,
            done=put_down.stands,
        ),
        Stroke(name="open", seconds=0.5, goal=_stay, over=SECOND_TABLE, curl={"right": 0.0}),
        Stroke(name="leave", seconds=0.8, goal=_withdraw(0.12, 0.02), over=SECOND_TABLE),
        Stroke(name="rest", seconds=1.0, goal=to_side),
    ]


class _PutDown:
    """Where on the second table a bottle is to stand, and where the hand must be for that."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._table_from_spot: np.ndarray | None = None

    def hand(self, up: float) -> Wrists:
        """Return where the right wrist must be for the bottle to be upright, `up` (m) over its spot."""
        bottle, wrist = self._sight.see("bottle"), self._sight.wrist("right")
        bottle_from_wrist = bottle.inverse() * wrist
        # Whoever cannot reach it waits until the robot is nearer, and does not lean.
        spot = np.clip(self._spot(), _EASY[0], _EASY[1])
        heading = np.clip(0.5 * np.arctan2(spot[1] + 0.14, spot[0] + 0.05), -0.4, 0.3)
        # A bottle is round: it may stand at any yaw, so that of the hand decides.
        upright = from_rpy(0.0, 0.0, heading - to_rpy(bottle_from_wrist.orientation)[2])
        place = np.array([spot[0], spot[1], TABLE_TOP + BOTTLE.height + up])
        return {"right": Pose(place, upright) * bottle_from_wrist}

    def in_reach(self) -> bool:
        """Whether the spot can be reached without leaning."""
        spot = self._spot()
        return bool(((spot >= _EASY[0]) & (spot <= _EASY[1])).all())

    def is_over(self) -> bool:
        """Whether the bottle is where it is to be lowered."""
        away = self._sight.see("bottle").position[:2] - self._spot()[:2]
        return bool(np.hypot(*away) < 0.04)

    def stands(self) -> bool:
        """Whether the bottle has come down on the table."""
        return bool(self._sight.see("bottle").position[2] < TABLE_TOP + BOTTLE.height + 0.004)

    def _spot(self) -> np.ndarray:
        """Return the spot in the stance frame; it is chosen, in easy reach, at the first look."""
        table = self._sight.see(SECOND_TABLE)
        if self._table_from_spot is None:
            spot = table.inverse().apply(np.array([0.30, -0.17, TABLE_TOP]))
            half = np.array(SECOND_HALF[:2])
            self._table_from_spot = np.array([*np.clip(spot[:2], -half + 0.09, half - 0.09), 0.0])
        return table.apply(self._table_from_spot)


def _raise(up: float, *sides: str) -> Callable[[Wrists], Wrists]:
    """Return a goal `up` (m) over where the wrists were."""
    rise = np.array([0.0, 0.0, up])
    return lambda before: {side: Pose(before[side].position + rise, before[side].orientation) for side in sides}


def _stay(before: Wrists) -> Wrists:
    """Return a goal where the right wrist is."""
    return {"right": before["right"]}


def _withdraw(back: float, right: float) -> Callable[[Wrists], Wrists]:
    """Return a goal (m) behind the right wrist and off its palm."""
    offset = np.array([-back, -right, 0.0])

    def goal(before: Wrists) -> Wrists:
        hand = before["right"]
        level = from_rpy(0.0, 0.0, to_rpy(hand.orientation)[2])
        return {"right": Pose(hand.position + rotate(level, offset), hand.orientation)}

    return goal
