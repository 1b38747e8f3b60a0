"""The G1 as the legs' training sees it: 29 joints, four points a foot, fingers stiff, nothing else collides."""

import mujoco
import numpy as np

from psizero.control.lower_body import LEG_DAMPING, LEG_STIFFNESS, WAIST_DAMPING, WAIST_STIFFNESS, sensed_joints
from psizero.embodiment.mjcf import add_robot, leave_only_soles, round_soles
from psizero.embodiment.robot import RobotSpec

FEET = ("left", "right")


def locomotion_model(robot: RobotSpec, terrain: np.ndarray | None = None, tile: float = 1.0) -> mujoco.MjModel:
    """Return the model; its actuators are in the order of `sensed_joints`, its sensors are the feet's touch.

    `terrain` (R, C) are heights in m, one each `tile` (m), centred on the origin; `None` is a plane.
    """
    spec = mujoco.MjSpec()
    spec.modelname = f"{robot.name}_locomotion"
    add_robot(spec, robot)
    leave_only_soles(spec)
    for geom in spec.geoms:
        geom.condim = 3
    if terrain is not None:
        round_soles(spec)
    for actuator in list(spec.actuators):
        spec.delete(actuator)
    joints = sensed_joints(robot)
    for joint in list(spec.joints):
        if joint.name != "floating_base" and joint.name not in joints:
            spec.delete(joint)
        elif joint.name != "floating_base":
            # Dry friction is a constraint per joint, a third of the time; gains and damping are randomized instead.
            joint.frictionloss = 0.0
    hinges = {item.name: item.hinge for item in robot.joints}
    for name, (stiffness, damping) in zip(joints, gains(robot), strict=True):
        actuator = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        actuator.set_to_position(kp=float(stiffness), kv=float(damping))
        actuator.forcerange = (-hinges[name].effort, hinges[name].effort)
    _add_ground(spec, terrain, tile)
    spec.compiler.fusestatic = True
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.jacobian = mujoco.mjtJacobian.mjJAC_SPARSE
    spec.option.iterations, spec.option.ls_iterations = 10, 10
    return spec.compile()


def gains(robot: RobotSpec) -> np.ndarray:
    """Return stiffness and damping (29, 2) of the sensed joints: System-0's own below, the robot's above."""
    place = {name: index for index, name in enumerate(robot.joint_names)}
    arms = [place[name] for name in sensed_joints(robot)[15:]]
    stiffness = [*LEG_STIFFNESS, *LEG_STIFFNESS, *WAIST_STIFFNESS, *robot.column("stiffness")[arms]]
    damping = [*LEG_DAMPING, *LEG_DAMPING, *WAIST_DAMPING, *robot.column("damping")[arms]]
    return np.stack([stiffness, damping], axis=1)


def _add_ground(spec: mujoco.MjSpec, terrain: np.ndarray | None, tile: float) -> None:
    if terrain is None:
        ground = spec.worldbody.add_geom(name="ground", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(0, 0, 1))
    else:
        lowest, highest = float(terrain.min()), float(terrain.max())
        rows, columns = terrain.shape
        span = max(highest - lowest, 1e-3)
        field = spec.add_hfield(
            name="terrain",
            size=(0.5 * tile * (columns - 1), 0.5 * tile * (rows - 1), span, 0.5),
            nrow=rows,
            ncol=columns,
            userdata=((terrain - lowest) / span).ravel(),
        )
        ground = spec.worldbody.add_geom(
            name="ground", type=mujoco.mjtGeom.mjGEOM_HFIELD, hfieldname=field.name, pos=(0, 0, lowest)
        )
    ground.contype, ground.conaffinity = 1, 0xFF
    # Friction is the larger of the two; the soles' own is randomized.
    ground.friction = (0.1, 0.005, 0.0001)
