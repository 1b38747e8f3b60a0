"""`RobotSpec`: the joints of a robot with their limits, motors and rest pose.

Pure tables; what the bodies look like is in `mjcf.py`.
"""

from dataclasses import dataclass

import numpy as np

from psizero.errors import LayoutError


@dataclass(frozen=True, slots=True)
class Hinge:
    """The hinge between a body and its parent, with its motor."""

    axis: str
    """Axis of the body's frame it turns about: "x", "y" or "z"."""
    lower: float
    """Lowest angle (rad)."""
    upper: float
    """Highest angle (rad)."""
    velocity: float
    """Fastest speed the motor allows (rad/s)."""
    effort: float
    """Largest torque (N m)."""
    armature: float
    """Rotor inertia as felt at the joint (kg m²)."""
    stiffness: float
    """Position gain of the joint controller (N m/rad)."""
    damping: float
    """Velocity gain of the joint controller (N m s/rad)."""
    rest: float
    """Angle in the rest pose (rad)."""


@dataclass(frozen=True, slots=True)
class JointSpec:
    """One actuated joint."""

    name: str
    hinge: Hinge


SOLE_POINTS = ((-0.05, 0.025, -0.035), (-0.05, -0.025, -0.035), (0.12, 0.03, -0.035), (0.12, -0.03, -0.035))
"""The four points that a foot stands on, in its own frame, x towards the toes, z up (m)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A simple shape of a link.

    `kind` says what it is for: "capsule" and "box" are links, "palm", "finger" and
    "thumb" grip, "foot" is a box standing on four points.
    """

    kind: str
    place: tuple[float, ...]
    """Two end points (6 numbers) of a capsule, or the centre (3) of a box, in the body's frame (m)."""
    size: tuple[float, ...]
    """Radius of a capsule, or half the edges of a box (m)."""


@dataclass(frozen=True, slots=True)
class BodySpec:
    """One rigid body: where it hangs on its parent, its inertia, hinge and shapes."""

    name: str
    parent: str
    position: tuple[float, float, float]
    """Origin in the parent's frame (m)."""
    orientation: tuple[float, float, float, float]
    """Orientation in the parent's frame, wxyz."""
    mass: float
    """kg."""
    com: tuple[float, float, float]
    """Centre of mass in the body's frame (m)."""
    inertia_orientation: tuple[float, float, float, float]
    """Orientation of the principal axes in the body's frame, wxyz."""
    inertia: tuple[float, float, float]
    """Principal moments (kg m²)."""
    hinge: Hinge | None
    shapes: tuple[Shape, ...]

    @property
    def joint_name(self) -> str:
        """Name of the hinge's joint: the body's, but the torso hangs on the last joint of the waist."""
        return "waist_pitch_joint" if self.name == "torso_link" else self.name.replace("_link", "_joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSpec:
    """A named frame fixed to a body: a sensor, a camera or a place that control aims with."""

    name: str
    body: str
    position: tuple[float, float, float]
    """In the body's frame (m)."""
    rpy: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """In the body's frame (rad)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotSpec:
    """A robot as a table: joints in the order of its motors, and groups of them by name."""

    name: str
    bodies: tuple[BodySpec, ...]
    sites: tuple[SiteSpec, ...]
    head_camera: SiteSpec
    """Where the head camera sits; its x axis looks forward, z up."""
    head_camera_fovy: float
    """Vertical field of view of the head camera (rad)."""
    joints: tuple[JointSpec, ...]
    groups: dict[str, tuple[str, ...]]
    """Names of joints by group (`left_leg`, `waist`, `left_arm`, `left_hand`, ...)."""
    standing_height: float
    """Height of the pelvis over the floor in the rest pose (m)."""

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Names in the order of every joint vector."""
        return tuple(joint.name for joint in self.joints)

    def indices(self, group: str) -> np.ndarray:
        """Return where the joints of a group lie in a joint vector, in the group's order."""
        if group not in self.groups:
            raise LayoutError(f"robot {self.name!r} has no joint group {group!r}; it has {sorted(self.groups)}")
        position = {name: index for index, name in enumerate(self.joint_names)}
        return np.array([position[name] for name in self.groups[group]])

    def column(self, figure: str) -> np.ndarray:
        """Return one figure of every joint's `Hinge` as an array (J,), e.g. `column("lower")`."""
        return np.array([getattr(joint.hinge, figure) for joint in self.joints])
