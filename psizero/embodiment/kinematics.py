"""Forward kinematics of many robots at once, in numpy: where bodies, feet and the centre of mass are.

Used where one robot or a thousand need the same few frames in every step; for one robot with
Jacobians and limits, MuJoCo and mink are the better tools. Everything is given in the pelvis frame.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from psizero.embodiment.robot import RobotSpec
from psizero.geometry import to_matrix


@dataclass(frozen=True, slots=True)
class _Link:
    """One body as the recursion needs it."""

    parent: int
    """Index of the parent, -1 for the pelvis."""
    position: np.ndarray
    """(3,) origin in the parent's frame (m)."""
    rotation: np.ndarray | None
    """(3, 3) fixed turn against the parent; `None`: no turn."""
    axis: int
    """0, 1, 2 for x, y, z; -1: no hinge that moves."""
    joint: int
    """Column of the joint in `q`."""
    mass: float
    """kg."""
    com: np.ndarray
    """(3,) centre of mass in the body's frame (m)."""


class BatchKinematics:
    """Positions and orientations of the bodies of N robots of one kind."""

    def __init__(self, robot: RobotSpec, joints: tuple[str, ...], *, only: str = "") -> None:
        """Move `joints`, in this order; every other joint stays at its rest angle.

        `only`: leave out all bodies but the pelvis and those with one of these words, "hip|knee", in their name.
        """
        column = {name: index for index, name in enumerate(joints)}
        self._names: dict[str, int] = {}
        links: list[_Link] = []
        for body in robot.bodies:
            if body.parent == "world":
                self._names[body.name] = -1
                self._root_mass, self._root_com = body.mass, np.array(body.com)
                continue
            if not any(word in body.name for word in only.split("|")):
                continue
            fixed = to_matrix(np.array(body.orientation))
            joint = column.get(body.joint_name, -1) if body.hinge is not None else -1
            if body.hinge is not None and joint < 0:
                fixed = fixed @ _turn("xyz".index(body.hinge.axis), body.hinge.rest)
            self._names[body.name] = len(links)
            links.append(
                _Link(
                    parent=self._names[body.parent],
                    position=np.array(body.position),
                    rotation=None if np.allclose(fixed, np.eye(3)) else fixed,
                    axis="xyz".index(body.hinge.axis) if body.hinge is not None and joint >= 0 else -1,
                    joint=joint,
                    mass=body.mass,
                    com=np.array(body.com),
                )
            )
        self._links = tuple(links)
        self._sites = {
            site.name: (self._names[site.body], np.array(site.position))
            for site in robot.sites
            if site.body in self._names
        }
        below: list[list[int]] = [[] for _ in links]
        for index in range(len(links)):
            above = index
            while above >= 0:
                below[above].append(index)
                above = links[above].parent
        self._below = tuple(np.array(indices) for indices in below)
        self.mass = self._root_mass + sum(link.mass for link in links)
        """Mass of the whole robot (kg)."""

    def solve(self, q: np.ndarray) -> "BatchPose":
        """Return where everything is at the joint angles `q` (N, J) rad."""
        columns = np.ascontiguousarray(q.T)
        sines, cosines = np.sin(columns), np.cos(columns)
        rotations: list[np.ndarray] = []
        positions: list[np.ndarray] = []
        identity = np.zeros((3, 3, q.shape[0]))
        identity[(0, 1, 2), (0, 1, 2)] = 1.0
        origin = np.zeros((3, q.shape[0]))
        for link in self._links:
            above = identity if link.parent < 0 else rotations[link.parent]
            start = origin if link.parent < 0 else positions[link.parent]
            positions.append(start + _apply(above, link.position))
            rotation = above if link.rotation is None else _product(above, link.rotation)
            if link.axis >= 0:
                rotation = _about(rotation, link.axis, sines[link.joint], cosines[link.joint])
            rotations.append(rotation)
        return BatchPose(self, positions, rotations)


class BatchPose:
    """Where the bodies of N robots are; made by `BatchKinematics.solve`."""

    def __init__(self, kinematics: BatchKinematics, positions: list[np.ndarray], rotations: list[np.ndarray]) -> None:
        self._kinematics, self._positions, self._rotations = kinematics, positions, rotations

    def site(self, name: str) -> np.ndarray:
        """Return the position (3, N) m of a named frame in the pelvis frame."""
        index, offset = self._kinematics._sites[name]
        return self._positions[index] + _apply(self._rotations[index], offset)

    def position(self, body: str) -> np.ndarray:
        """Return the origin (3, N) m of a body in the pelvis frame."""
        return self._positions[self._kinematics._names[body]]

    def rotation(self, body: str) -> np.ndarray:
        """Return `pelvis_from_body` (3, 3, N)."""
        return self._rotations[self._kinematics._names[body]]

    def com(self) -> np.ndarray:
        """Return the centre of mass (3, N) m of the whole robot in the pelvis frame."""
        tree = self._kinematics
        return (self._moments.sum(0) + (tree._root_mass * tree._root_com)[:, None]) / tree.mass

    def below(self, body: str) -> tuple[float, np.ndarray]:
        """Return the mass (kg) of a body and all that hangs on it, and mass times place (3, N) kg m of them."""
        tree = self._kinematics
        members = tree._below[tree._names[body]]
        return sum(tree._links[index].mass for index in members), self._moments[members].sum(0)

    @cached_property
    def _moments(self) -> np.ndarray:
        """Mass times place (L, 3, N) kg m of every body but the pelvis."""
        parts = zip(self._kinematics._links, self._positions, self._rotations, strict=True)
        return np.stack([link.mass * (position + _apply(rotation, link.com)) for link, position, rotation in parts])


def _turn(axis: int, angle: float) -> np.ndarray:
    """Return the (3, 3) turn by `angle` (rad) about x, y or z."""
    result = np.eye(3)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    result[i, i] = result[j, j] = np.cos(angle)
    result[j, i], result[i, j] = np.sin(angle), -np.sin(angle)
    return result


def _apply(rotations: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Turn a fixed vector (3,) by N rotations (3, 3, N); return (3, N)."""
    return rotations[:, 0] * vector[0] + rotations[:, 1] * vector[1] + rotations[:, 2] * vector[2]


def _product(rotations: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Return (3, 3, N) rotations times one fixed (3, 3) rotation."""
    return np.stack([_apply(rotations, fixed[:, column]) for column in range(3)], axis=1)


def _about(rotations: np.ndarray, axis: int, sine: np.ndarray, cosine: np.ndarray) -> np.ndarray:
    """Return (3, 3, N) rotations followed by turns about their own x, y or z axis."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    result = np.empty_like(rotations)
    result[:, axis] = rotations[:, axis]
    result[:, i] = cosine * rotations[:, i] + sine * rotations[:, j]
    result[:, j] = cosine * rotations[:, j] - sine * rotations[:, i]
    return result
