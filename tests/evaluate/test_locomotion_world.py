import mujoco
import numpy as np
import pytest

from psizero.embodiment.g1 import G1
from psizero.evaluate.locomotion_arena import FLAT, Rough, Slope, add_arrow, arena
from psizero.evaluate.locomotion_world import LocomotionWorld
from psizero.geometry import from_rpy
from tests.evaluate.stiff_walker import StiffWalker

ARMS = G1.column("rest")[np.concatenate([G1.indices("left_arm"), G1.indices("right_arm")])]


def world_of(count: int, ground=FLAT, payload: float = 0.0) -> LocomotionWorld:
    world = LocomotionWorld(G1, StiffWalker(count), count, ground, payload, threads=1)
    world.reset(np.zeros((count, 3)))
    return world


def advance(world: LocomotionWorld, steps: int, push: np.ndarray | None = None):
    rest = StiffWalker(world.count).rest
    force = np.zeros((world.count, 3)) if push is None else push
    return world.advance(rest, np.tile(ARMS, (world.count, 1)), force, steps, np.arange(world.count))


@pytest.mark.parametrize("ground", [FLAT, Slope(angle=0.14), Rough(half=1.0)], ids=["flat", "slope", "rough"])
def test_the_ground_is_where_it_says(ground):
    model = arena(G1, ground)
    data = mujoco.MjData(model)
    data.qpos[2] = 50.0
    mujoco.mj_kinematics(model, data)
    places = np.random.default_rng(0).uniform(-0.9, 0.9, (50, 2))
    for x, y in places:
        away = mujoco.mj_ray(
            model, data, np.array([x, y, 5.0]), np.array([0.0, 0.0, -1.0]), None, 1, -1, np.zeros(1, np.int32), None
        )
        # Between its points rough ground is two triangles, which bend away from our smooth surface.
        assert 5.0 - away == pytest.approx(float(ground.under(np.array(x), np.array(y))), abs=0.012)


def test_the_pictures_show_the_same_robot_and_a_payload_weighs_what_it_should():
    plain, loaded, shown = arena(G1, FLAT), arena(G1, FLAT, 2.0), arena(G1, FLAT, 2.0, looks=add_arrow)
    assert loaded.body_mass.sum() - plain.body_mass.sum() == pytest.approx(4.0)
    assert shown.nq == loaded.nq == plain.nq == 7 + 43
    assert [shown.joint(i).name for i in range(shown.njnt)] == [plain.joint(i).name for i in range(plain.njnt)]


def test_only_the_soles_collide_and_friction_gains_and_limits_are_the_products():
    world = world_of(1)
    model = world.model
    meets = {model.geom(i).name for i in range(model.ngeom) if model.geom_contype[i]}
    assert all("sole" in name or name == "ground" for name in meets)
    assert len(meets) == 9
    elbow = model.actuator("left_elbow_joint")
    hinge = next(joint.hinge for joint in G1.joints if joint.name == "left_elbow_joint")
    assert elbow.gainprm[0] == hinge.stiffness
    assert elbow.forcerange[1] == hinge.effort
    assert model.joint("left_elbow_joint").frictionloss[0] == pytest.approx(0.1)
    assert model.opt.timestep == 0.002


def test_robots_start_on_their_feet_where_they_are_put():
    places = np.array([[0.5, -1.0, 0.3], [-2.0, 1.0, 2.0]])
    for ground in (FLAT, Slope(angle=0.14)):
        world = LocomotionWorld(G1, StiffWalker(2), 2, ground, threads=1)
        world.reset(places)
        truth = world.truth()
        np.testing.assert_allclose(truth.place, places, atol=1e-12)
        feet, _ = world.feet()
        over = feet[..., 2] - ground.under(feet[..., 0], feet[..., 1])
        np.testing.assert_allclose(over.min(1), 0.002, atol=1e-9)
        assert world.fallen(truth) == ["", ""]


def test_a_push_gives_the_momentum_of_force_times_time():
    world = world_of(2)
    world.qpos[:, 2] += 1.0  # in the air nothing takes it away
    advance(world, 40, np.array([[300.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    data = mujoco.MjData(world.model)
    speeds = []
    for index in range(2):
        data.qpos[:], data.qvel[:] = world.qpos[index], world._qvel[index]
        mujoco.mj_forward(world.model, data)
        mujoco.mj_subtreeVel(world.model, data)
        speeds.append(data.subtree_linvel[1, 0])
    assert speeds[0] * world.mass == pytest.approx(300.0 * 0.08, rel=1e-3)
    assert speeds[1] == pytest.approx(0.0, abs=1e-6)


def test_the_torso_is_measured_against_the_heading_of_the_pelvis():
    world = world_of(1)
    for yaw in (0.0, 1.2):
        world.reset(np.array([[0.0, 0.0, yaw]]))
        address = world.model.joint("waist_yaw_joint").qposadr[0]
        world.qpos[:, address] = 0.5
        world._batch.forward()
        np.testing.assert_allclose(world.truth().following[0, 4:], (0.0, 0.0, 0.5), atol=1e-9)
    world.qpos[:, 3:7] = from_rpy(0.0, 0.2, 1.2)
    world.qpos[:, address] = 0.0
    world._batch.forward()
    np.testing.assert_allclose(world.truth().following[0, 4:], (0.0, 0.2, 0.0), atol=1e-9)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda q: q.__setitem__(slice(3, 7), from_rpy(0.0, 0.85, 0.0)), "tilted"),
        (lambda q: q.__setitem__(2, 0.3), "sank"),
        (lambda q: q.__setitem__(0, np.nan), "diverged"),
    ],
    ids=["tilted", "sank", "diverged"],
)
def test_a_fall_is_found_and_named(change, reason):
    world = world_of(2)
    change(world.qpos[1])
    with np.errstate(invalid="ignore"):
        assert world.fallen(world.truth()) == ["", reason]


def test_a_knee_on_the_ground_is_a_fall():
    world = world_of(1)
    world.qpos[0, 2] -= 0.33
    world._batch.forward()
    assert world.fallen(world.truth()) == ["knee"]


def test_a_hand_on_the_ground_is_a_fall():
    world = world_of(1)
    world.qpos[0, 3:7] = from_rpy(0.0, 0.7, 0.0)
    bent = {"waist_pitch_joint": 0.5}
    for side in ("left", "right"):
        bent |= {f"{side}_hip_pitch_joint": -2.0, f"{side}_shoulder_pitch_joint": -1.2, f"{side}_elbow_joint": 1.5}
    for name, angle in bent.items():
        world.qpos[0, world.model.joint(name).qposadr[0]] = angle
    world._batch.forward()
    palm = world._site_xpos[0, world._palms, 2].min()
    for over, reasons in ((0.10, [""]), (0.01, ["hand"])):
        world.qpos[0, 2] += over - palm
        palm = over
        world._batch.forward()
        assert world.fallen(world.truth()) == reasons


def test_standing_still_costs_little_and_no_torque_is_at_its_limit():
    world = world_of(2)
    advance(world, 100)
    effort = advance(world, 50)
    assert effort.saturation.max() == 0.0
    assert effort.power.max() < 20.0
    assert (effort.leg_power <= effort.power).all()
    _, loaded = world.feet()
    assert loaded.all()
