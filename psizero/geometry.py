"""Rotations as quaternions (wxyz) and poses named `a_from_b`.

Angles in rad, lengths in m. `roll, pitch, yaw` turn about x, y, z in this order
about the fixed axes, the convention of the G1 and of Psi0.
"""

from dataclasses import dataclass, field

import numpy as np


def _identity() -> np.ndarray:
    return np.array([1.0, 0.0, 0.0, 0.0])


@dataclass(frozen=True, slots=True)
class Pose:
    """Position and orientation of frame b as seen from frame a.

    >>> a_from_b = Pose(np.array([1.0, 0.0, 0.0]), from_rpy(0.0, 0.0, np.pi / 2))
    >>> (a_from_b * a_from_b.inverse()).position.round(6).tolist()
    [0.0, 0.0, 0.0]
    """

    position: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) m."""
    orientation: np.ndarray = field(default_factory=_identity)
    """(4,) unit quaternion wxyz."""

    def __mul__(self, other: "Pose") -> "Pose":
        """Chain `a_from_b * b_from_c` to `a_from_c`."""
        return Pose(self.apply(other.position), multiply(self.orientation, other.orientation))

    def apply(self, point: np.ndarray) -> np.ndarray:
        """Return the (3,) point, given in frame b, in frame a."""
        return self.position + rotate(self.orientation, point)

    def inverse(self) -> "Pose":
        """Return `b_from_a`."""
        back = conjugate(self.orientation)
        return Pose(-rotate(back, self.position), back)

    def matrix(self) -> np.ndarray:
        """Return the (4, 4) homogeneous matrix."""
        result = np.eye(4)
        result[:3, :3] = to_matrix(self.orientation)
        result[:3, 3] = self.position
        return result


def normalize(q: np.ndarray) -> np.ndarray:
    """Return the quaternion at unit length."""
    return q / np.linalg.norm(q)


def conjugate(q: np.ndarray) -> np.ndarray:
    """Return the inverse rotation of a unit quaternion."""
    return q * np.array([1.0, -1.0, -1.0, -1.0])


def multiply(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the rotation "first q, then p"."""
    pw, px, py, pz = p
    qw, qx, qy, qz = q
    return np.array(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ]
    )


def rotate(q: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Rotate a (3,) vector by a unit quaternion."""
    # Written out: `np.cross` takes forty times as long on three numbers.
    w, x, y, z = q.tolist()
    a, b, c = vector.tolist()
    i, j, k = 2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a)
    return np.array([a + w * i + y * k - z * j, b + w * j + z * i - x * k, c + w * k + x * j - y * i])


def to_matrix(q: np.ndarray) -> np.ndarray:
    """Return the (3, 3) rotation matrix of a unit quaternion."""
    w, x, y, z = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def from_matrix(matrix: np.ndarray) -> np.ndarray:
    """Return the unit quaternion of a (3, 3) rotation matrix (Shepperd's method)."""
    m = matrix
    choices = np.array([np.trace(m), m[0, 0], m[1, 1], m[2, 2]])
    best = int(np.argmax(choices))
    if best == 0:
        q = np.array([1 + choices[0], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]])
    else:
        i = best - 1
        j, k = (i + 1) % 3, (i + 2) % 3
        q = np.zeros(4)
        q[0] = m[k, j] - m[j, k]
        q[1 + i] = 1 + m[i, i] - m[j, j] - m[k, k]
        q[1 + j] = m[j, i] + m[i, j]
        q[1 + k] = m[k, i] + m[i, k]
    return normalize(q)


def from_rpy(roll: float, pitch: float, yaw: float) -> np.ndarray:
    """Return the quaternion of roll, pitch, yaw (rad) about the fixed x, y, z axes.

    >>> from_rpy(0.0, 0.0, np.pi).round(6).tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    cr, sr = np.cos(roll / 2), np.sin(roll / 2)
    cp, sp = np.cos(pitch / 2), np.sin(pitch / 2)
    cy, sy = np.cos(yaw / 2), np.sin(yaw / 2)
    return np.array(
        [
            cr * cp * cy + sr * sp * sy,
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
        ]
    )


def to_rpy(q: np.ndarray) -> np.ndarray:
    """Return (3,) roll, pitch, yaw (rad); pitch within ± pi/2."""
    w, x, y, z = q
    roll = np.arctan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    pitch = np.arcsin(np.clip(2 * (w * y - z * x), -1.0, 1.0))
    yaw = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    return np.array([roll, pitch, yaw])


def exp(vector: np.ndarray) -> np.ndarray:
    """Return the quaternion of a (3,) rotation vector (rad)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return normalize(np.concatenate([[1.0], 0.5 * vector]))
    return np.concatenate([[np.cos(angle / 2)], np.sin(angle / 2) / angle * vector])


def log(q: np.ndarray) -> np.ndarray:
    """Return the (3,) rotation vector (rad) of a unit quaternion, at most pi long."""
    if q[0] < 0:
        q = -q
    sine = float(np.linalg.norm(q[1:]))
    if sine < 1e-9:
        return 2.0 * q[1:]
    return 2.0 * np.arctan2(sine, q[0]) / sine * q[1:]


def slerp(p: np.ndarray, q: np.ndarray, share: float) -> np.ndarray:
    """Turn from p towards q by `share` in [0, 1], along the shorter way."""
    return multiply(p, exp(share * log(multiply(conjugate(p), q))))


def interpolate(start: Pose, end: Pose, share: float) -> Pose:
    """Move from `start` towards `end` by `share` in [0, 1]: straight line and shortest turn."""
    position = (1 - share) * start.position + share * end.position
    return Pose(position, slerp(start.orientation, end.orientation, share))


def angle_between(p: np.ndarray, q: np.ndarray) -> float:
    """Return the angle (rad) of the rotation that turns p into q."""
    return float(np.linalg.norm(log(multiply(conjugate(p), q))))
