"""`RobotSpec` -> MuJoCo model of capsules and boxes.

Collisions. Every shape meets the world. Of the robot's own shapes, each arm (forearm and
hand) meets the trunk and the other arm, and each thumb meets the fingers; neighbours
on one limb never do, their shapes overlap by design.
"""

import mujoco
import numpy as np

from psizero.embodiment.robot import SOLE_POINTS, BodySpec, RobotSpec, Shape
from psizero.geometry import from_rpy

WORLD, LEFT_ARM, RIGHT_ARM, TRUNK, THUMB = 1, 2, 4, 8, 16
"""Bits of `contype`: what a shape is. `conaffinity`: what it meets."""

_LIGHT = (0.86, 0.87, 0.88, 1.0)
_DARK = (0.16, 0.17, 0.19, 1.0)
_HAND = (0.22, 0.23, 0.26, 1.0)


def add_robot(spec: mujoco.MjSpec, robot: RobotSpec) -> None:
    """Add the robot with a floating base, motors, sensor sites and head camera to `spec`.

    The base stands with its feet on z = 0 and the stance frame at the origin once
    `stand` has set the pose.
    """
    spec.compiler.degree = False  # Joint ranges are in rad; MuJoCo's default would read them as degrees.
    made: dict[str, mujoco.MjsBody] = {"world": spec.worldbody}
    for row in robot.bodies:
        made[row.name] = _add_body(made[row.parent], row)
        if row.parent == "world":
            made[row.name].add_freejoint(name="floating_base")
    for side in ("left", "right"):
        # Two links apart, yet they overlap when the elbow is bent: not a collision of the real arm.
        spec.add_exclude(bodyname1=f"{side}_shoulder_roll_link", bodyname2=f"{side}_elbow_link")
    for joint in robot.joints:
        actuator = spec.add_actuator(name=joint.name, target=joint.name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        hinge = joint.hinge
        actuator.set_to_position(kp=hinge.stiffness, kv=hinge.damping)
        actuator.forcerange = (-hinge.effort, hinge.effort)
        actuator.ctrlrange = (hinge.lower, hinge.upper)
    for site in robot.sites:
        made[site.body].add_site(
            name=site.name, pos=site.position, quat=from_rpy(*site.rpy), size=(0.005,) * 3, group=5
        )
    camera = robot.head_camera
    # A MuJoCo camera looks along -z with y up; ours looks along x with z up.
    looking = np.array([0.5, 0.5, -0.5, -0.5])
    quat = np.zeros(4)
    mujoco.mju_mulQuat(quat, from_rpy(*camera.rpy), looking)
    made[camera.body].add_camera(
        name="head", pos=camera.position, quat=quat, fovy=float(np.rad2deg(robot.head_camera_fovy))
    )


def robot_model(robot: RobotSpec) -> mujoco.MjModel:
    """Return the robot alone, without floor and world: the model that control computes with."""
    spec = mujoco.MjSpec()
    spec.modelname = robot.name
    add_robot(spec, robot)
    return spec.compile()


def stand(model: mujoco.MjModel, data: mujoco.MjData, robot: RobotSpec) -> None:
    """Put the robot into its rest pose with its feet on z = 0 and the stance frame at the origin."""
    data.qpos[model.joint("floating_base").qposadr[0] : model.joint("floating_base").qposadr[0] + 7] = (
        0, 0, robot.standing_height, 1, 0, 0, 0,
    )  # fmt: skip
    for joint in robot.joints:
        data.qpos[model.joint(joint.name).qposadr[0]] = joint.hinge.rest
    mujoco.mj_kinematics(model, data)
    soles = 0.5 * (data.site("left_foot").xpos + data.site("right_foot").xpos)
    address = model.joint("floating_base").qposadr[0]
    data.qpos[address : address + 3] -= soles
    mujoco.mj_kinematics(model, data)


def _add_body(parent: mujoco.MjsBody, row: BodySpec) -> mujoco.MjsBody:
    body = parent.add_body(
        name=row.name,
        pos=row.position,
        quat=row.orientation,
        mass=row.mass,
        ipos=row.com,
        iquat=row.inertia_orientation,
        inertia=row.inertia,
        explicitinertial=True,
    )
    if row.hinge is not None:
        joint = body.add_joint(
            name=row.joint_name,
            type=mujoco.mjtJoint.mjJNT_HINGE,
            axis=[float(row.hinge.axis == axis) for axis in "xyz"],
            range=(row.hinge.lower, row.hinge.upper),
            armature=row.hinge.armature,
        )
        joint.limited = mujoco.mjtLimited.mjLIMITED_TRUE
        # Rubber skin and gears: a finger that nothing drives does not swing.
        joint.frictionloss = 0.02 if "hand" in row.name else 0.1
    for number, shape in enumerate(row.shapes):
        _add_shape(body, row.name, number, shape)
    return body


def _add_shape(body: mujoco.MjsBody, name: str, number: int, shape: Shape) -> None:
    contype, conaffinity = _collision(name, shape)
    common = {
        "name": f"{name}_{number}",
        "rgba": _HAND if shape.kind in ("palm", "finger", "thumb") else _colour(name),
        "mass": 0.0,
    }
    if len(shape.place) == 6:
        geom = body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=shape.place, size=(*shape.size, 0.0, 0.0), **common
        )
    else:
        geom = body.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, pos=shape.place, size=shape.size, **common)
    geom.contype, geom.conaffinity = contype, conaffinity
    if shape.kind in ("palm", "finger", "thumb"):
        # Rubber pads: high friction, and torsional friction because a pad is not a point.
        geom.friction = (1.5, 0.02, 0.0005)
        geom.condim = 4
        geom.priority = 1
    if shape.kind == "foot":
        geom.contype, geom.conaffinity = 0, 0
        _add_sole(body, name)


def _add_sole(body: mujoco.MjsBody, name: str) -> None:
    """Add the four points that a foot stands on: four spheres are twice as fast as a box."""
    radius = 0.005
    for index, (x, y, z) in enumerate(SOLE_POINTS):
        point = body.add_geom(
            name=f"{name}_sole_{index}",
            type=mujoco.mjtGeom.mjGEOM_SPHERE,
            pos=(x, y, z + radius),
            size=(radius, 0.0, 0.0),
            mass=0.0,
            friction=(1.0, 0.02, 0.0005),
            condim=4,
            group=5,
        )
        point.contype, point.conaffinity = TRUNK, WORLD


def leave_only_soles(spec: mujoco.MjSpec) -> None:
    """Let nothing of a robot collide but the points that it stands on, and feel the load on each foot.

    The sensors are `left_touch` and `right_touch` (N).
    """
    for geom in list(spec.geoms):
        if "sole" not in geom.name:
            spec.delete(geom)
    for side in ("left", "right"):
        name = f"{side}_touch"
        spec.body(f"{side}_ankle_roll_link").add_site(
            name=name, pos=(0.035, 0, -0.03), size=(0.13, 0.06, 0.02), type=mujoco.mjtGeom.mjGEOM_BOX
        )
        site = mujoco.mjtObj.mjOBJ_SITE
        spec.add_sensor(name=name, type=mujoco.mjtSensor.mjSENS_TOUCH, objtype=site, objname=name)


def round_soles(spec: mujoco.MjSpec, radius: float = 0.02) -> None:
    """Make the points that feet stand on larger spheres (m) with the same lowest points, for height fields.

    There, a small sphere that sinks in by a third of its size is pushed out sideways: of 64 robots on a level
    field 20 fell within 3 s with spheres of 5 mm, none with 20 mm (6 ms steps).
    """
    for geom in spec.geoms:
        if "sole" in geom.name:
            geom.pos[2] += radius - geom.size[0]
            geom.size[0] = radius


def _collision(name: str, shape: Shape) -> tuple[int, int]:
    if any(part in name for part in ("hand", "wrist", "elbow")):
        mine, other = (LEFT_ARM, RIGHT_ARM) if name.startswith("left") else (RIGHT_ARM, LEFT_ARM)
        thumb = THUMB if shape.kind == "thumb" else 0
        meets_thumb = THUMB if shape.kind == "finger" else 0
        return mine | thumb, WORLD | other | TRUNK | meets_thumb
    return TRUNK, WORLD | LEFT_ARM | RIGHT_ARM


def _colour(name: str) -> tuple[float, float, float, float]:
    dark = ("hip_roll", "knee", "ankle", "waist", "shoulder_roll", "elbow", "wrist_pitch")
    return _DARK if any(part in name for part in dark) else _LIGHT
