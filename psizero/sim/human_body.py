"""What a person looks like from the own eyes: arms, sleeves, palms and fingers of simple shapes in a MuJoCo model.

Every bone is a body that only `place_bones` moves: there is no physics in it.
"""

from collections.abc import Iterator, Mapping

import mujoco
import numpy as np

from psizero.embodiment.human import bones_of_wrist, hand_joints
from psizero.embodiment.human_hand import BONE_RADII, SIDES, HandSize
from psizero.geometry import from_matrix
from psizero.sim.human_person import Person

_CAPSULE, _ELLIPSOID = mujoco.mjtGeom.mjGEOM_CAPSULE, mujoco.mjtGeom.mjGEOM_ELLIPSOID
Colour = tuple[float, float, float]


def add_body(spec: mujoco.MjSpec, person: Person) -> None:
    """Add the arms, hands and chest of a person, and the head camera without its view angle."""
    for side in SIDES:
        _add_arm(spec, person, side)
        _add_hand(spec, person, person.size.hand(side))
    size = person.size
    chest = _body(spec, "chest")
    _add(
        chest,
        _ELLIPSOID,
        (0.0, 0.0, 0.55 * size.trunk),
        (0.105, 0.9 * size.half_shoulders, 0.52 * size.trunk),
        person.sleeve,
    )


def place_bones(model: mujoco.MjModel, data: mujoco.MjData, world_from_joint: Mapping[str, np.ndarray]) -> None:
    """Put every bone where its joint is; poses (4, 4) under EgoDex's names, and `chest`."""
    for name, pose in world_from_joint.items():
        index = int(model.body(name).mocapid[0])
        data.mocap_pos[index] = pose[:3, 3]
        data.mocap_quat[index] = from_matrix(pose[:3, :3])


def bone_names() -> Iterator[str]:
    """Yield the joints at which a bone with a look begins."""
    for side in SIDES:
        yield from (f"{side}Arm", f"{side}Forearm", f"{side}Hand")
        fingers = hand_joints(side)[5:]
        yield from (name for index, name in enumerate(fingers) if index % 4 < 3)


def in_bone_frames(world_from_joint: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the poses of all bones that are drawn, hands in the frame of their bones."""
    result = {}
    for name in bone_names():
        side = "left" if name.startswith("left") else "right"
        pose = world_from_joint[name]
        result[name] = pose if name.endswith("rm") else bones_of_wrist(side, pose)
    return result


def _body(spec: mujoco.MjSpec, name: str) -> mujoco.MjsBody:
    return spec.worldbody.add_body(name=name, mocap=True)


def _add(
    body: mujoco.MjsBody, kind: mujoco.mjtGeom, place: tuple[float, ...], size: tuple[float, ...], colour: Colour
) -> None:
    """Add a shape that touches nothing: a capsule between two places, or an ellipsoid."""
    geom = body.add_geom(type=kind, size=(*size, 0.0, 0.0)[:3], rgba=(*colour, 1.0))
    if len(place) == 6:
        geom.fromto = place
    else:
        geom.pos = place
    geom.contype = geom.conaffinity = 0


def _add_arm(spec: mujoco.MjSpec, person: Person, side: str) -> None:
    size, skin = person.size, person.skin
    upper, fore = _body(spec, f"{side}Arm"), _body(spec, f"{side}Forearm")
    _add(upper, _CAPSULE, (0, 0, 0, size.upper_arm, 0, 0), (0.030 * size.height,), person.sleeve)
    covered = person.sleeve_share * size.forearm
    # An arm tapers to the wrist: three capsules, the sleeve wider than the skin in it.
    for begin, end, radius in ((0.0, 0.45, 0.026), (0.45, 0.75, 0.022), (0.75, 1.0, 0.0175)):
        place = (begin * size.forearm, 0, 0, end * size.forearm, 0, 0)
        _add(fore, _CAPSULE, place, (radius * size.height,), skin)
        if covered > begin * size.forearm:
            stop = min(covered, end * size.forearm)
            _add(fore, _CAPSULE, (place[0], 0, 0, stop, 0, 0), (radius * size.height + 0.006,), person.sleeve)


def _add_hand(spec: mujoco.MjSpec, person: Person, hand: HandSize) -> None:
    palm_colour = _shade(person.skin, 1.06)
    palm = _body(spec, f"{hand.side}Hand")
    length = hand.length
    for root, knuckle in zip(hand.roots, hand.knuckles[1:], strict=True):
        _add(palm, _CAPSULE, (*root, *knuckle), (0.068 * length,), person.skin)
    middle = 0.5 * (hand.knuckles[2] + hand.roots[2])
    _add(
        palm,
        _ELLIPSOID,
        tuple(middle - (0, 0, 0.012 * length)),
        (0.24 * length, 0.19 * length, 0.075 * length),
        palm_colour,
    )
    ball = 0.45 * hand.knuckles[0] + 0.55 * (hand.knuckles[1] * (0.75, 0.85, 1.0))
    _add(palm, _ELLIPSOID, tuple(ball), (0.15 * length, 0.08 * length, 0.065 * length), palm_colour)
    joints = hand_joints(hand.side)[5:]
    for finger in range(5):
        for bone in range(3):
            body = _body(spec, joints[4 * finger + bone])
            radius, end = BONE_RADII[finger, bone] * length, hand.bones[finger, bone]
            # The tip of a finger is where its flesh ends, not where its last bone's axis does.
            stop = end - radius if bone == 2 else end
            _add(body, _CAPSULE, (0, 0, 0, max(stop, 0.01), 0, 0), (radius,), person.skin)
            if bone == 2:
                nail = (0.62 * end, 0.0, 0.72 * radius)
                _add(body, _ELLIPSOID, nail, (0.30 * end, 0.62 * radius, 0.34 * radius), _shade(person.skin, 1.18))


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(1.0, factor * value) for value in colour)
    return red, green, blue
