"""The nouns that cross borders between folders, and the two protocols.

Each folder is an arrow between two of these types. Units: metres, radians,
seconds; quaternions wxyz; pictures uint8 (H, W, 3). Poses are named
`a_from_b`: they take a point given in frame b and return it in frame a.

Frame `stance`: on the floor midway between the feet, x forward, y left, z up.
It does not move while the robot stands, so a target in it means the same to the
operator, to the robot and to the data. Where the robot walks, it goes with it: its
heading is the pelvis's, and no place in it means a place in the room.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import numpy as np

from psizero.geometry import Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the robot sensed at one instant.

    `state` is what a policy may see besides pictures and words, in the order of
    `PolicyLayout.state`; the whole-body controller fills it in, because part of it
    is the previous command.
    """

    time: float
    """Clock time at which joints were read (s)."""
    tick: int = 0
    """Tick of the policy's rate in which it was taken."""
    joint_positions: np.ndarray
    """(J,) rad, in the robot's joint order."""
    joint_velocities: np.ndarray
    """(J,) rad/s."""
    world_from_pelvis: np.ndarray
    """(4,) orientation of the pelvis by the IMU, wxyz."""
    pelvis_angular_velocity: np.ndarray
    """(3,) rad/s in the pelvis frame, by the IMU."""
    images: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Pictures by camera name, uint8 (H, W, 3)."""
    image_times: Mapping[str, float] = field(default_factory=dict)
    """Clock time at which each picture was taken (s)."""
    state: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    """(S,) float32, in the order of the layout's state."""
    instruction: str = ""
    """What the robot is asked to do, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChunk:
    """A plan: one action per tick from `start_tick` on."""

    values: np.ndarray
    """(T, A) float32 in physical units, in the order of `PolicyLayout.action`."""
    start_tick: int
    """Tick at which row 0 is due."""


Lead = Literal["exact", "identity", "ramp"]
"""By a pull through the network's derivative, by a pull straight at the plan, or by starting from the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """How a network that was not trained to keep promises is led from the present plan into the next."""

    plan: np.ndarray
    """(n, A) actions that are planned from the observation's tick on; those past its end are free."""
    promised: int
    """How many of them run while the answer is computed."""
    how: Lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One row of a plan: what to do in one tick."""

    values: np.ndarray
    """(A,) float32 in physical units."""
    tick: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeBodyTarget:
    """Where a person wants the robot's head and hands to be; `None` means "as you are"."""

    stance_from_head: Pose | None = None
    stance_from_left_wrist: Pose | None = None
    stance_from_right_wrist: Pose | None = None
    left_fingers: np.ndarray | None = None
    """(7,) joint angles of the left hand (rad), in the robot's order."""
    right_fingers: np.ndarray | None = None
    """(7,) joint angles of the right hand (rad), in the robot's order."""
    pelvis_height: float | None = None
    """Height of the pelvis over the floor (m)."""
    torso_rpy: np.ndarray | None = None
    """(3,) roll, pitch, yaw of the torso relative to the stance (rad)."""
    base_velocity: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) vx, vy in m/s and yaw rate in rad/s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointCommand:
    """What the motors get: torque = stiffness (position - q) - damping q' + torque."""

    positions: np.ndarray
    """(J,) rad."""
    stiffness: np.ndarray
    """(J,) N m/rad."""
    damping: np.ndarray
    """(J,) N m s/rad."""
    torques: np.ndarray
    """(J,) feed-forward, N m."""
    valid_until: float
    """Clock time (s) after which the receiver damps by itself."""
    balancing: bool = False
    """Legs and waist keep the robot from falling step by step: nobody on the way may blend or freeze them."""
    fault: str = ""
    """What was wrong with the action it should have been made from, in words; empty if nothing was."""


class Policy(Protocol):
    """Observation -> ActionChunk: a network, a server far away, a scripted expert."""

    def reset(self) -> None:
        """Forget the past: a new episode or a new instruction begins."""

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on whose first rows are `promised`, (d, A).

        The promised actions run while the chunk is computed; d may be 0.
        """
        ...


@runtime_checkable
class SteeredPolicy(Policy, Protocol):
    """A policy that can be led by a plan while it draws its chunk."""

    def steer(self, observation: Observation, steering: Steering) -> ActionChunk:
        """Answer with a chunk from `observation.tick` on that goes on from the plan; its promised rows come first."""
        ...


class Robot(Protocol):
    """JointCommand -> Observation: a simulated body or a real one."""

    def observe(self) -> Observation:
        """Return the newest observation at once; never wait for a camera."""
        ...

    def command(self, command: JointCommand) -> None:
        """Send one command that has passed `control.safety`."""

    def stop(self) -> None:
        """Damp every joint; works in any state and may be called twice."""
