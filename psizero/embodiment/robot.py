"""`RobotSpec`: the joints of a robot with their limits, motors and rest pose.

Pure tables; what the bodies look like is in `mjcf.py`.
"""

from dataclasses import dataclass

import numpy as np

from psizero.errors import LayoutError


@dataclass(frozen=True, slots=True, kw_only=True)
class JointSpec:
    """One actuated hinge."""

    name: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotSpec:
    """A robot as a table: joints in the order of its motors, and groups of them by name."""

    name: str
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
        """Return one figure of every joint as an array (J,), e.g. `column("lower")`."""
        return np.array([getattr(joint, figure) for joint in self.joints])
