"""Unitree G1 with two Dex3-1 hands: 43 actuated joints, as a `RobotSpec`."""

from dataclasses import replace

import numpy as np

from psizero.embodiment.g1_bodies import HALF_BODY
from psizero.embodiment.robot import BodySpec, JointSpec, RobotSpec, Shape, SiteSpec

_LEG = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll")
_ARM = ("shoulder_pitch", "shoulder_roll", "shoulder_yaw", "elbow", "wrist_roll", "wrist_pitch", "wrist_yaw")
_FINGERS = {
    "left": ("thumb_0", "thumb_1", "thumb_2", "middle_0", "middle_1", "index_0", "index_1"),
    "right": ("thumb_0", "thumb_1", "thumb_2", "index_0", "index_1", "middle_0", "middle_1"),
}
GROUPS: dict[str, tuple[str, ...]] = {
    "left_leg": tuple(f"left_{part}_joint" for part in _LEG),
    "right_leg": tuple(f"right_{part}_joint" for part in _LEG),
    "waist": ("waist_yaw_joint", "waist_roll_joint", "waist_pitch_joint"),
    "left_arm": tuple(f"left_{part}_joint" for part in _ARM),
    "left_hand": tuple(f"left_hand_{part}_joint" for part in _FINGERS["left"]),
    "right_arm": tuple(f"right_{part}_joint" for part in _ARM),
    "right_hand": tuple(f"right_hand_{part}_joint" for part in _FINGERS["right"]),
}
"""Joints by group; the groups one after the other are the order of every joint vector."""


def _mirror_shape(shape: Shape) -> Shape:
    place = tuple(-x if index % 3 == 1 else x for index, x in enumerate(shape.place))
    return replace(shape, place=place)


def _mirror(body: BodySpec) -> BodySpec:
    """Reflect a body of the left side at the x-z plane: y, roll and yaw change their sign."""
    hinge = body.hinge
    if hinge is not None and hinge.axis in "xz":
        hinge = replace(hinge, lower=-hinge.upper, upper=-hinge.lower, rest=-hinge.rest)
    x, y, z = body.position
    w, qx, qy, qz = body.orientation
    cx, cy, cz = body.com
    iw, ix, iy, iz = body.inertia_orientation
    return replace(
        body,
        name=body.name.replace("left_", "right_"),
        parent=body.parent.replace("left_", "right_"),
        position=(x, -y, z),
        orientation=(w, -qx, qy, -qz),
        com=(cx, -cy, cz),
        inertia_orientation=(iw, -ix, iy, -iz),
        hinge=hinge,
        shapes=tuple(_mirror_shape(shape) for shape in body.shapes),
    )


def _both_sides() -> tuple[BodySpec, ...]:
    middle = tuple(body for body in HALF_BODY if not body.name.startswith("left_"))
    left = tuple(body for body in HALF_BODY if body.name.startswith("left_"))
    return (*middle, *left, *(_mirror(body) for body in left))


def _spec() -> RobotSpec:
    bodies = _both_sides()
    hinges = {body.joint_name: body.hinge for body in bodies if body.hinge is not None}
    joints = tuple(JointSpec(name, hinges[name]) for group in GROUPS.values() for name in group)
    palms = tuple(
        SiteSpec(name=f"{side}_palm", body=f"{side}_wrist_yaw_link", position=(0.105, sign * -0.05, 0.0))
        for side, sign in (("left", 1), ("right", -1))
    )
    feet = tuple(
        SiteSpec(name=f"{side}_foot", body=f"{side}_ankle_roll_link", position=(0.035, 0.0, -0.035))
        for side in ("left", "right")
    )
    # RealSense D435i: colour stream 640 x 480, about 69 x 54 degrees at 4:3.
    camera = SiteSpec(name="head", body="torso_link", position=(0.0576235, 0.01753, 0.42987), rpy=(0.0, 0.8307767, 0.0))
    imus = (
        SiteSpec(name="imu_in_pelvis", body="pelvis", position=(0.04525, 0.0, -0.08339)),
        SiteSpec(name="imu_in_torso", body="torso_link", position=(-0.03959, -0.00224, 0.14792)),
    )
    return RobotSpec(
        name="g1_dex3",
        bodies=bodies,
        sites=(*imus, *palms, *feet, camera),
        head_camera=camera,
        head_camera_fovy=float(np.deg2rad(54.0)),
        joints=joints,
        groups=GROUPS,
        standing_height=0.75,
    )


G1: RobotSpec = _spec()
"""The robot of `embodiment.layout.G1_DEX3`."""
