"""Where legs are judged: the whole robot of `embodiment.mjcf` on a floor, a slope or rough ground.

Friction, solver and step are those of `sim.scene`. Of the robot's shapes only the points that
it stands on collide, so arms may be thrown anywhere; what else comes down is found by its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import mujoco
import numpy as np

from psizero.control.load import PALM
from psizero.embodiment.mjcf import WORLD, add_robot, leave_only_soles, round_soles
from psizero.embodiment.robot import RobotSpec
from psizero.sim.scene import TIMESTEP, look_at


class Ground(Protocol):
    """What the robot stands on."""

    def add(self, spec: mujoco.MjSpec) -> mujoco.MjsGeom:
        """Add it to `spec`; return its shape."""
        ...

    def under(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return its height (m) at places."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A plane that rises along x; flat by default."""

    angle: float = 0.0
    """rad."""

    def add(self, spec: mujoco.MjSpec) -> mujoco.MjsGeom:
        """Add the plane to `spec`."""
        half = -0.5 * self.angle
        return spec.worldbody.add_geom(
            name="ground",
            type=mujoco.mjtGeom.mjGEOM_PLANE,
            size=(30, 30, 0.1),
            quat=(np.cos(half), 0, np.sin(half), 0),
        )

    def under(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the height (m) at places."""
        return np.tan(self.angle) * x


class Rough:
    """A square of random heights, each drawn evenly from ± `amplitude`; around it there is nothing."""

    def __init__(self, amplitude: float = 0.02, tile: float = 0.1, half: float = 12.0) -> None:
        """Take the heights' range (m), the distance of their points (m) and half an edge of the square (m)."""
        self._amplitude, self._tile, self._half = amplitude, tile, half
        count = 2 * round(half / tile) + 1
        # One ground for all; robots start on it in places of their own.
        self._heights = np.random.default_rng(0).uniform(-amplitude, amplitude, (count, count))

    def add(self, spec: mujoco.MjSpec) -> mujoco.MjsGeom:
        """Add the square to `spec`; rows of heights are y."""
        round_soles(spec)
        span = 2 * self._amplitude
        spec.add_hfield(
            name="ground",
            size=(self._half, self._half, span, 0.5),
            nrow=len(self._heights),
            ncol=len(self._heights),
            userdata=((self._heights + self._amplitude) / span).ravel(),
        )
        return spec.worldbody.add_geom(
            name="ground", type=mujoco.mjtGeom.mjGEOM_HFIELD, hfieldname="ground", pos=(0, 0, -self._amplitude)
        )

    def under(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the height (m) at places."""
        last = len(self._heights) - 1.001
        u, v = (np.clip((axis + self._half) / self._tile, 0, last) for axis in (x, y))
        column, row = u.astype(int), v.astype(int)
        u, v, h = u - column, v - row, self._heights
        low = (1 - u) * h[row, column] + u * h[row, column + 1]
        return (1 - v) * low + v * ((1 - u) * h[row + 1, column] + u * h[row + 1, column + 1])


FLAT = Slope()


def arena(
    robot: RobotSpec, ground: Ground, payload: float = 0.0, *, looks: Callable[[mujoco.MjSpec], None] | None = None
) -> mujoco.MjModel:
    """Return robot and ground, with `payload` (kg) in each hand.

    For pictures, `looks` adds to the scene what physics does without, and the shapes, lights and a
    camera that follows are kept. Both models have the same joints: a pose of one can be drawn with the other.
    """
    spec = mujoco.MjSpec()
    spec.modelname = f"{robot.name}_arena"
    spec.option.timestep = TIMESTEP
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10.0
    spec.option.jacobian = mujoco.mjtJacobian.mjJAC_SPARSE
    add_robot(spec, robot)
    if looks is not None:
        _add_looks(spec)
        looks(spec)
    else:
        leave_only_soles(spec)
    shape = ground.add(spec)
    shape.contype, shape.conaffinity = WORLD, 0xFFFF
    if looks is not None:
        shape.material = "floor"
    if payload > 0:
        for side in ("left", "right"):
            held = spec.body(f"{side}_wrist_yaw_link").add_body(name=f"{side}_payload", pos=PALM)
            held.mass, held.ipos = payload, (0, 0, 0)
            held.inertia = np.full(3, 0.4 * payload * 0.05**2)
            held.explicitinertial = True
            if looks is not None:
                held.add_geom(type=mujoco.mjtGeom.mjGEOM_SPHERE, size=(0.05, 0, 0), rgba=(0.8, 0.45, 0.15, 1))
    model = spec.compile()
    # As in the product: a target may leave the joint's range.
    model.actuator_ctrllimited[:] = 0
    return model


def add_arrow(spec: mujoco.MjSpec) -> None:
    """Add an arrow along x whose tip is its origin, to be placed by hand."""
    arrow = spec.worldbody.add_body(name="arrow", mocap=True, pos=(0, 0, -10))
    red = (0.85, 0.2, 0.15, 1.0)
    for start, end, radius in ((-0.55, -0.2, 0.012), (-0.2, -0.12, 0.03)):
        part = arrow.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=(start, 0, 0, end, 0, 0), size=(radius, 0, 0), rgba=red
        )
        part.contype = part.conaffinity = 0


def _add_looks(spec: mujoco.MjSpec) -> None:
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 640, 480
    spec.visual.quality.offsamples = 0
    spec.visual.quality.shadowsize = 1024
    spec.visual.headlight.ambient = (0.4, 0.4, 0.4)
    spec.visual.headlight.diffuse = (0.35, 0.35, 0.35)
    spec.visual.headlight.specular = (0.05, 0.05, 0.05)
    # Squares of half a metre show how far it walks.
    spec.add_texture(
        name="floor",
        type=mujoco.mjtTexture.mjTEXTURE_2D,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_CHECKER,
        rgb1=(0.80, 0.81, 0.82),
        rgb2=(0.70, 0.72, 0.74),
        width=128,
        height=128,
    )
    spec.add_texture(
        name="sky",
        type=mujoco.mjtTexture.mjTEXTURE_SKYBOX,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=(0.93, 0.94, 0.95),
        rgb2=(0.60, 0.65, 0.70),
        width=64,
        height=64,
    )
    floor = spec.add_material(name="floor", texrepeat=(1, 1), texuniform=True)
    floor.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = "floor"
    spec.worldbody.add_light(pos=(1.0, -1.0, 4.0), dir=(-0.2, 0.2, -1.0), diffuse=(0.4, 0.4, 0.4), castshadow=False)
    place = (2.1, -1.9, 0.5)
    spec.body("pelvis").add_camera(
        name="follow",
        pos=place,
        quat=look_at(place, (0.0, 0.0, -0.05)),
        fovy=40,
        mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK,
    )
