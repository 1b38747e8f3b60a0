"""`OperatorFrame`: what a headset, a page or a script knows about the person at one instant."""

from dataclasses import dataclass, field

import numpy as np

from psizero.geometry import Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFrame:
    """Head, wrists and fingers of a person, in metres of a human-sized body.

    Frame `operator`: on the floor under the person, z up; where it looks and stands does
    not matter, the calibration removes it. A head's x axis looks forward. A wrist's
    x axis points along the forearm to the fingers, y left and z up when the palm
    faces inward, for both hands: the right palm faces +y, the left one -y.
    """

    time: float
    """Clock time of arrival (s)."""
    head: Pose
    """`operator_from_head`."""
    left_wrist: Pose
    """`operator_from_left_wrist`."""
    right_wrist: Pose
    """`operator_from_right_wrist`."""
    left_curl: np.ndarray
    """(3,) thumb, index, middle from 0 (open) to 1 (closed); a fourth number swings the thumb, -1..1."""
    right_curl: np.ndarray
    """The same of the right hand."""
    base_velocity: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) vx, vy in m/s and yaw rate in rad/s that the thumb-sticks ask for."""
    engaged: bool = True
    """Clutch: while False the robot stays as it is."""
