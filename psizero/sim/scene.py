"""The scenes: robot, floor, table, bottle and box in one MuJoCo model, and the same with a second table to walk to.

World frame: on the floor, x from the robot to the table, y to the robot's left, z up.
The robot's nominal stance frame is the world frame.
"""

from dataclasses import dataclass

import mujoco
import numpy as np

from psizero.embodiment.mjcf import WORLD, add_robot
from psizero.embodiment.robot import RobotSpec
from psizero.geometry import from_matrix, from_rpy

_Place = tuple[float, float, float]

TIMESTEP = 0.002
"""Physics step (s)."""

TABLE_TOP = 0.74
"""Height of the table's surface (m)."""
TABLE_NEAR_EDGE = 0.10
TABLE_HALF = (0.27, 0.62, 0.02)

SECOND_TABLE = "second_table"
SECOND_HALF = (0.27, 0.50, 0.02)
SECOND_PLACE = (-0.40, 1.96)
"""Nominal x, y of the second table's middle (m): step back, turn left, and it is 1.5 m ahead."""
SECOND_YAW = float(np.pi / 2)
"""Nominal yaw of the second table (rad): its x axis points away from who stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prop:
    """A thing on the table that can be moved."""

    name: str
    place: tuple[float, float]
    """Nominal x, y on the table (m)."""
    height: float
    """Height of the body's origin, its centre, over the surface it stands on (m)."""
    yaw_range: float
    """Start yaw is drawn from ± this (rad)."""


BOTTLE = Prop(name="bottle", place=(0.29, -0.25), height=0.075, yaw_range=np.pi)
BOX = Prop(name="box", place=(0.37, 0.08), height=0.09, yaw_range=float(np.deg2rad(20.0)))
PROPS = (BOTTLE, BOX)

BOTTLE_RADIUS = 0.031
BOX_HALF = (0.08, 0.10, 0.09)
"""Half the edges of the box (m): 20 cm wide, too large for a hand that spans 16 cm."""


_CAMERAS = {"front": ((1.75, -1.15, 1.55), (0.15, 0.0, 0.85)), "side": ((0.35, -1.7, 1.3), (0.25, 0.0, 0.9))}
"""Where cameras that watch stand, and what they look at (m)."""
_FAR_CAMERAS = {"front": ((2.4, 2.9, 2.1), (-0.35, 1.0, 0.55)), "side": ((-2.6, 2.3, 1.8), (-0.2, 0.8, 0.7))}
"""The same where the robot walks."""


def table_top(robot: RobotSpec) -> mujoco.MjSpec:
    """Return the scene with one table, not yet compiled."""
    return _scene("table_top", robot, _CAMERAS)


def two_tables(robot: RobotSpec) -> mujoco.MjSpec:
    """Return the same scene with a second table, which can be moved, not yet compiled."""
    spec = _scene("two_tables", robot, _FAR_CAMERAS)
    _add_second_table(spec)
    return spec


def without_robot(*, two: bool) -> mujoco.MjSpec:
    """Return the same room, table and props with nobody in it, with one table or `two`, not yet compiled."""
    spec = _scene("nobody", None, _FAR_CAMERAS if two else _CAMERAS)
    if two:
        _add_second_table(spec)
    return spec


def _scene(name: str, robot: RobotSpec | None, cameras: dict[str, tuple[_Place, _Place]]) -> mujoco.MjSpec:
    spec = mujoco.MjSpec()
    spec.modelname = name
    spec.option.timestep = TIMESTEP
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    # Grips hold by friction alone; this keeps them from creeping.
    spec.option.impratio = 10.0
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 640, 480
    spec.visual.quality.offsamples = 0
    # In software the shadow map of the default size costs a quarter of a second a picture.
    spec.visual.quality.shadowsize = 1024
    spec.visual.map.znear = 0.005
    spec.visual.headlight.ambient = (0.35, 0.35, 0.35)
    spec.visual.headlight.diffuse = (0.35, 0.35, 0.35)
    spec.visual.headlight.specular = (0.05, 0.05, 0.05)
    if robot is not None:
        add_robot(spec, robot)
    _add_room(spec)
    for watcher, (place, target) in cameras.items():
        spec.worldbody.add_camera(name=watcher, pos=place, quat=look_at(place, target), fovy=42)
    _add_table(spec)
    _add_bottle(spec)
    _add_box(spec)
    return spec


def look_at(place: _Place, target: _Place) -> np.ndarray:
    """Return the wxyz orientation of a MuJoCo camera at `place` that looks at `target`, z up."""
    back = np.array(place) - np.array(target)
    back /= np.linalg.norm(back)
    right = np.cross((0.0, 0.0, 1.0), back)
    right /= np.linalg.norm(right)
    return from_matrix(np.column_stack([right, np.cross(back, right), back]))


def _meets_everything(geom: mujoco.MjsGeom) -> None:
    geom.contype, geom.conaffinity = WORLD, 0xFFFF


def _add_room(spec: mujoco.MjSpec) -> None:
    floor = spec.worldbody.add_geom(
        name="floor", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(4, 4, 0.1), rgba=(0.55, 0.57, 0.60, 1)
    )
    _meets_everything(floor)
    spec.worldbody.add_light(pos=(0.6, 0.4, 2.6), dir=(-0.1, -0.15, -1.0), diffuse=(0.5, 0.5, 0.48), castshadow=True)


def _add_table(spec: mujoco.MjSpec) -> None:
    centre = TABLE_NEAR_EDGE + TABLE_HALF[0]
    table = spec.worldbody.add_body(name="table", pos=(centre, 0, TABLE_TOP - TABLE_HALF[2]))
    top = table.add_geom(name="table_top", type=mujoco.mjtGeom.mjGEOM_BOX, size=TABLE_HALF, rgba=(0.80, 0.72, 0.60, 1))
    top.friction = (0.7, 0.01, 0.0005)
    _meets_everything(top)
    for x in (-1, 1):
        for y in (-1, 1):
            leg = table.add_geom(
                type=mujoco.mjtGeom.mjGEOM_BOX,
                size=(0.02, 0.02, TABLE_TOP / 2 - TABLE_HALF[2]),
                pos=(x * (TABLE_HALF[0] - 0.03), y * (TABLE_HALF[1] - 0.03), -TABLE_TOP / 2),
                rgba=(0.35, 0.33, 0.32, 1),
            )
            _meets_everything(leg)


def _add_second_table(spec: mujoco.MjSpec) -> None:
    """Add a table that looks unlike the first, on a panel wide enough to be seen from afar when its top is not."""
    table = spec.worldbody.add_body(
        name=SECOND_TABLE,
        pos=(*SECOND_PLACE, TABLE_TOP - SECOND_HALF[2]),
        quat=from_rpy(0.0, 0.0, SECOND_YAW),
        mocap=True,
    )
    top = table.add_geom(
        name="second_table_top", type=mujoco.mjtGeom.mjGEOM_BOX, size=SECOND_HALF, rgba=(0.28, 0.56, 0.36, 1)
    )
    top.friction = (0.7, 0.01, 0.0005)
    under = TABLE_TOP / 2 - SECOND_HALF[2]
    panel = table.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=(0.02, SECOND_HALF[1] - 0.06, under),
        pos=(0, 0, -SECOND_HALF[2] - under),
        rgba=(0.20, 0.40, 0.27, 1),
    )
    for shape in (top, panel):
        _meets_everything(shape)
    spec.worldbody.add_light(pos=(-0.4, 1.3, 2.6), dir=(0.0, 0.15, -1.0), diffuse=(0.5, 0.5, 0.48), castshadow=True)


def _add_prop(spec: mujoco.MjSpec, prop: Prop) -> mujoco.MjsBody:
    body = spec.worldbody.add_body(name=prop.name, pos=(*prop.place, TABLE_TOP + prop.height))
    body.add_freejoint(name=prop.name)
    return body


def _add_bottle(spec: mujoco.MjSpec) -> None:
    body = _add_prop(spec, BOTTLE)
    hull = body.add_geom(
        name="bottle_hull",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=(BOTTLE_RADIUS, 0.075, 0),
        mass=0.30,
        rgba=(0.10, 0.42, 0.78, 1),
        condim=4,
    )
    _meets_everything(hull)
    looks = (
        ((0, 0, 0.086), (0.013, 0.012), (0.95, 0.95, 0.95, 1)),
        ((0, 0, 0), (BOTTLE_RADIUS + 0.001, 0.025), (0.93, 0.85, 0.2, 1)),
    )
    for place, size, colour in looks:
        part = body.add_geom(type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=(*size, 0), pos=place, rgba=colour, mass=0.005)
        part.contype = part.conaffinity = 0


def _add_box(spec: mujoco.MjSpec) -> None:
    body = _add_prop(spec, BOX)
    hull = body.add_geom(
        name="box_hull",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=BOX_HALF,
        mass=0.60,
        rgba=(0.72, 0.25, 0.16, 1),
        condim=4,
    )
    _meets_everything(hull)
    tape = body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=(BOX_HALF[0] + 0.0005, 0.02, BOX_HALF[2] + 0.0005),
        rgba=(0.95, 0.9, 0.8, 1),
        mass=0.005,
    )
    tape.contype = tape.conaffinity = 0
