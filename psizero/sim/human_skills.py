"""What a person does for each task, as a row of beats; the props are those of the robot's tasks."""

from collections.abc import Mapping

import numpy as np

from psizero.embodiment.human_hand import SIDES
from psizero.geometry import Pose, from_rpy
from psizero.sim.human_grasp import FLAT, OPEN, RELAXED, around_bottle, beside_box, upright_hand
from psizero.sim.human_motion import Beat
from psizero.sim.human_person import Person
from psizero.sim.scene import BOTTLE, SECOND_HALF, SECOND_TABLE, TABLE_TOP

WORDS: Mapping[str, tuple[str, ...]] = {
    "pick_bottle": (
        "reach for the bottle and lift it off the table",
        "use the right hand to pick up the blue bottle",
        "take hold of the bottle and raise it",
        "grasp the bottle, then hold it above the table",
        "pick the blue bottle up from the wooden table",
        "hold up the bottle with the right hand",
    ),
    "hug_box": (
        "put a hand on each side of the box and lift it",
        "use both hands to pick up the red box",
        "take the box between the hands and raise it",
        "press the box between both palms, then hold it above the table",
        "lift the red box off the wooden table with two hands",
        "hold up the box with both hands",
    ),
    "walk_and_place": (
        "pick up the bottle, carry it to the green table and put it down",
        "use the right hand to take the bottle to the green table",
        "bring the bottle over to the second table and set it down",
        "walk with the blue bottle to the green table and leave it there",
        "move the blue bottle from the wooden table to the green one",
        "take the bottle across and stand it on the green table",
    ),
}
"""How people's videos are described, besides the words that the robot hears."""


def resting_wrists(person: Person, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw `world_from_wrist` (4, 4) of hands that have nothing to do yet."""
    # Who sits rests them before the table, who stands holds them up.
    height = TABLE_TOP if person.seated else person.hip[2] + 0.05
    result = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        place = (rng.uniform(-0.08, -0.01), sign * rng.uniform(0.20, 0.30), height + rng.uniform(0.06, 0.10))
        turned = from_rpy(-sign * rng.uniform(0.3, 1.0), rng.uniform(-0.2, 0.1), -sign * rng.uniform(0.1, 0.5))
        result[side] = Pose(np.array(place), turned).matrix()
    return result


def beats_of(task: str, person: Person, world_from_prop: Mapping[str, Pose], rng: np.random.Generator) -> list[Beat]:
    """Return how this person does a task once."""
    start = Beat(
        name="wait",
        seconds=rng.uniform(0.1, 0.4),
        fingers={side: RELAXED * rng.uniform(0.7, 1.2) for side in SIDES},
        look=(float(rng.uniform(0.3, 0.5)), float(rng.uniform(-0.2, 0.2)), TABLE_TOP),
    )
    skill = {"pick_bottle": _pick_bottle, "hug_box": _hug_box, "walk_and_place": _walk_and_place}[task]
    return [start, *skill(person, world_from_prop, rng)]


def _pick_bottle(person: Person, world_from_prop: Mapping[str, Pose], rng: np.random.Generator) -> list[Beat]:
    grasp, beats = _grasp_bottle(person, world_from_prop["bottle"], rng)
    lifted = _moved(grasp, back=rng.uniform(0.0, 0.10), up=rng.uniform(0.18, 0.26))
    drifted = _moved(lifted, back=rng.normal(0.0, 0.008), up=rng.normal(0.0, 0.008))
    return [
        *beats,
        Beat(name="lift", seconds=1.0, wrists={"right": lifted}),
        Beat(name="hold", seconds=rng.uniform(1.0, 1.4), wrists={"right": drifted}),
    ]


def _grasp_bottle(person: Person, bottle: Pose, rng: np.random.Generator) -> tuple[np.ndarray, list[Beat]]:
    """Return the wrist's pose (4, 4) at the grip, and the beats up to it."""
    hand = person.size.hand("right")
    x, y, _ = bottle.position - np.array([person.hip[0], -person.size.half_shoulders, 0.0])
    yaw = float(np.arctan2(y, x) + rng.uniform(0.1, 0.5))
    rotation = upright_hand("right", yaw, rng.uniform(0.05, 0.30), rng.uniform(-0.15, 0.15))
    middle = bottle.position + np.array([0.0, 0.0, rng.uniform(-0.005, 0.025)])
    grasp, closed = around_bottle(hand, rotation, middle)
    # Thumb and fingers pass the bottle on its two sides.
    before = grasp @ Pose(np.array([-rng.uniform(0.10, 0.15), 0.0, rng.uniform(0.01, 0.03)])).matrix()
    return grasp, [
        Beat(
            name="go", seconds=0.9, wrists={"right": _moved(before, up=rng.uniform(0.0, 0.05))}, look="bottle",
            fingers={"right": OPEN},
        ),
        Beat(name="reach", seconds=0.55, wrists={"right": grasp}, tremor=0.2),
        Beat(name="close", seconds=0.4, fingers={"right": closed}, tremor=0.0, grip="bottle"),
    ]  # fmt: skip


def _hug_box(person: Person, world_from_prop: Mapping[str, Pose], rng: np.random.Generator) -> list[Beat]:
    box = world_from_prop["box"].matrix()
    back, pitch = rng.uniform(-0.02, 0.04), rng.uniform(-0.08, 0.10)

    def hands(apart: float, further_back: float = 0.0, up: float = 0.0) -> dict[str, np.ndarray]:
        return {
            side: _moved(
                beside_box(person.size.hand(side), box, apart=apart, back=back + further_back, pitch=pitch), up=up
            )
            for side in SIDES
        }

    wide, above = rng.uniform(0.05, 0.09), rng.uniform(0.05, 0.18)
    nearer, up = rng.uniform(0.0, 0.05), rng.uniform(0.18, 0.24)
    lifted = {side: _moved(pose, back=nearer, up=up) for side, pose in hands(0.0).items()}
    drift = rng.normal(0.0, 0.006)
    return [
        Beat(name="go", seconds=0.9, wrists=hands(wide, 0.12, above), look="box", fingers=dict.fromkeys(SIDES, OPEN)),
        Beat(name="reach", seconds=0.6, wrists=hands(0.5 * wide), fingers=dict.fromkeys(SIDES, FLAT), tremor=0.5),
        Beat(name="squeeze", seconds=0.45, wrists=hands(0.0), tremor=0.0, grip="box"),
        Beat(name="lift", seconds=1.1, wrists=lifted),
        Beat(
            name="hold",
            seconds=rng.uniform(1.0, 1.4),
            wrists={side: _moved(pose, up=drift) for side, pose in lifted.items()},
        ),
    ]


def _walk_and_place(person: Person, world_from_prop: Mapping[str, Pose], rng: np.random.Generator) -> list[Beat]:
    grasp, beats = _grasp_bottle(person, world_from_prop["bottle"], rng)
    table = world_from_prop[SECOND_TABLE]
    x, y = person.hip[:2]
    away = (x - rng.uniform(0.25, 0.40), y, 0.0)
    turned = (away[0], away[1] + 0.1, float(np.pi / 2))
    stand = table.apply(np.array([-SECOND_HALF[0] - rng.uniform(0.18, 0.24), rng.uniform(0.0, 0.2), 0.0]))
    heading = float(2 * np.arctan2(table.orientation[3], table.orientation[0]))
    there = (float(stand[0]), float(stand[1]), heading)
    spot = table.apply(np.array([rng.uniform(-0.14, -0.02), rng.uniform(-0.20, -0.02), SECOND_HALF[2] + BOTTLE.height]))
    # The bottle is round: the hand keeps its grip and turns with the body.
    put = Pose(spot, from_rpy(0.0, 0.0, heading)).matrix() @ _moved(grasp, by=-world_from_prop["bottle"].position)
    lifted = _moved(grasp, back=grasp[0, 3] - x - 0.28, up=rng.uniform(0.12, 0.20))
    free = put @ Pose(np.array([-0.12, 0.0, 0.02])).matrix()
    middle = (float(table.position[0]), float(table.position[1]), TABLE_TOP)
    return [
        *beats,
        Beat(name="lift", seconds=0.9, wrists={"right": lifted}),
        Beat(name="back", seconds=1.0, base=away, look=middle),
        Beat(name="turn", seconds=1.4, base=turned),
        Beat(name="walk", seconds=rng.uniform(2.0, 2.6), base=there),
        Beat(name="over", seconds=0.9, wrists={"right": _moved(put, up=0.08)}, look="bottle"),
        Beat(name="down", seconds=0.6, wrists={"right": put}, tremor=0.0),
        Beat(name="open", seconds=0.4, fingers={"right": OPEN}, tremor=0.2, release=True),
        Beat(name="leave", seconds=0.6, wrists={"right": free}),
    ]


def _moved(pose: np.ndarray, *, back: float = 0.0, up: float = 0.0, by: np.ndarray | None = None) -> np.ndarray:
    """Return the pose (4, 4) moved to the person and up, or by a vector in the world (m)."""
    result = pose.copy()
    result[:3, 3] += np.array([-back, 0.0, up]) if by is None else by
    return result
