"""What System-0 is paid for: one small function per term, one weight each.

All terms are per second; the environment multiplies by the length of a step. Figures are ours,
the ideas are those of published tasks: tracking kernels (HOMIE, AGILE), feet by a clock
(holosoma), smoothness (AGILE).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psizero.control.lower_body import AHEAD


@dataclass(slots=True, kw_only=True)
class Moment:
    """All that the terms look at; arrays over N robots."""

    command: np.ndarray
    """(N, 7) as in `control.lower_body`."""
    velocity: np.ndarray
    """(N, 3) of the pelvis in its heading frame (m/s)."""
    smooth_velocity: np.ndarray
    """(N, 3) vx, vy and yaw rate, low-passed over about half a step."""
    missed: np.ndarray
    """(3, N) way and turn that the robot is behind its command (m, m, rad), as in `control.drift`."""
    angular_velocity: np.ndarray
    """(N, 3) in the pelvis frame (rad/s)."""
    height: np.ndarray
    """(N,) of the pelvis over the ground (m)."""
    torso_error: np.ndarray
    """(N, 3) rotation vector from the wanted to the true torso (rad)."""
    lean: np.ndarray
    """(N, 2) horizontal part of the pelvis's up-axis less the wanted one."""
    stepping: np.ndarray
    """(N,) whether the clock runs."""
    capture: np.ndarray
    """(2, N) where the feet would have to be to stop the mass, off those that bear it (m)."""
    swinging: np.ndarray
    """(2, N) whether a foot should be in the air."""
    touching: np.ndarray
    """(2, N) whether a foot bears weight."""
    lift_error: np.ndarray
    """(2, N) height of the soles over the ground less the clock's (m)."""
    foot_speed: np.ndarray
    """(2, N) horizontal speed of the soles (m/s)."""
    foot_tilt: np.ndarray
    """(2, N) sine of the angle between sole and ground."""
    feet_apart: np.ndarray
    """(N,) sideways distance of the feet (m)."""
    torque: np.ndarray
    """(N, 15) N m."""
    joint_velocity: np.ndarray
    """(N, 15) rad/s."""
    joint_acceleration: np.ndarray
    """(N, 15) rad/s²."""
    over_range: np.ndarray
    """(N,) sum of what targets and joints are outside 95 % of their range (rad)."""
    action: np.ndarray
    """(N, 15)."""
    action_change: np.ndarray
    """(N, 15) against the last action."""
    action_bend: np.ndarray
    """(N, 15) change of that change."""


def _kernel(square: np.ndarray, wide: float, narrow: float) -> np.ndarray:
    """A wide bell to find the way and a narrow one to arrive."""
    return 0.5 * np.exp(-square / wide**2) + 0.5 * np.exp(-square / narrow**2)


def _velocity(m: Moment) -> np.ndarray:
    error = ((m.smooth_velocity[:, :2] - m.command[:, :2]) ** 2).sum(1)
    return _kernel(error, 0.5, 0.1)


def _yaw_rate(m: Moment) -> np.ndarray:
    return _kernel((m.smooth_velocity[:, 2] - m.command[:, 2]) ** 2, 0.6, 0.15)


def _place(m: Moment) -> np.ndarray:
    """Errors of speed that average out; swings of the arms hide them from the term for speed."""
    return _kernel((m.missed[:2] ** 2).sum(0), 0.2, 0.05)


def _heading(m: Moment) -> np.ndarray:
    return _kernel(m.missed[2] ** 2, 0.3, 0.05)


def _height(m: Moment) -> np.ndarray:
    return _kernel((m.height - m.command[:, 3]) ** 2, 0.1, 0.025)


def _torso(m: Moment) -> np.ndarray:
    return _kernel((m.torso_error**2).sum(1), 0.35, 0.09)


def _contacts(m: Moment) -> np.ndarray:
    """Feet are down or up as the clock says."""
    right = np.where(m.swinging, ~m.touching, m.touching)
    return right.mean(0)


def _lift(m: Moment) -> np.ndarray:
    """Soles are as high as the clock says; without it a robot learns to stand on both feet for ever."""
    return np.exp(-(m.lift_error**2) / 0.03**2).mean(0)


def _slip(m: Moment) -> np.ndarray:
    """Not squared: soles that creep by centimetres a second are what carries a robot away that should stand."""
    return (np.minimum(m.foot_speed, 0.3) * m.touching).sum(0)


def _balance(m: Moment) -> np.ndarray:
    """A mass that stays over the soles asks for no step."""
    off = ((m.capture - np.array([[AHEAD], [0.0]])) ** 2).sum(0)
    return np.where(m.stepping, 0.0, np.minimum(off, 0.02))


def _stand_still(m: Moment) -> np.ndarray:
    speed = (np.minimum(m.joint_velocity[:, :12] ** 2, 25.0)).sum(1)
    return np.where(m.stepping, 0.0, speed)


TERMS: dict[str, tuple[float, Callable[[Moment], np.ndarray]]] = {
    "alive": (1.0, lambda m: np.ones(len(m.height))),
    "velocity": (9.0, _velocity),
    "yaw_rate": (2.0, _yaw_rate),
    "place": (4.0, _place),
    "heading": (2.0, _heading),
    "height": (1.5, _height),
    "torso": (2.5, _torso),
    "contacts": (1.5, _contacts),
    "lift": (2.0, _lift),
    "lean": (-6.0, lambda m: (m.lean**2).sum(1)),
    "rise": (-0.5, lambda m: np.minimum(m.velocity[:, 2] ** 2, 4.0)),
    "roll_pitch_rate": (-0.05, lambda m: np.minimum((m.angular_velocity[:, :2] ** 2).sum(1), 40.0)),
    "slip": (-2.0, _slip),
    "foot_tilt": (-0.6, lambda m: (m.foot_tilt**2).sum(0)),
    "feet_apart": (-12.0, lambda m: np.maximum(0.16 - m.feet_apart, 0.0)),
    "balance": (-20.0, _balance),
    "stand_still": (-0.004, _stand_still),
    "torque": (-1.5e-5, lambda m: (m.torque**2).sum(1)),
    # Who is about to fall may spend what it takes.
    "power": (-2.5e-2, lambda m: np.minimum(np.abs(m.torque * m.joint_velocity).sum(1), 300.0)),
    "acceleration": (-1.0e-7, lambda m: np.minimum((m.joint_acceleration**2).sum(1), 5e6)),
    "over_range": (-3.0, lambda m: m.over_range),
    "action": (-0.004, lambda m: (m.action**2).sum(1)),
    "action_change": (-0.03, lambda m: (m.action_change**2).sum(1)),
    "action_bend": (-0.012, lambda m: (m.action_bend**2).sum(1)),
}
"""Name -> weight per second and term."""
FALL = -12.0
"""Paid once, for a fall."""


def rewards(moment: Moment) -> dict[str, np.ndarray]:
    """Return every weighted term (N,) per second."""
    return {name: weight * term(moment) for name, (weight, term) in TERMS.items()}
