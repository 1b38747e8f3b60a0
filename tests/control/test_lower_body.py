import numpy as np
import pytest

from psizero.control.lower_body import (
    COMMAND_LOWER,
    COMMAND_UPPER,
    FRAME,
    FRAME_SIZE,
    HISTORY,
    LowerBody,
    Senses,
    driven_joints,
    sensed_joints,
)
from psizero.control.pelvis import pelvis_bend
from psizero.embodiment.g1 import G1
from psizero.embodiment.kinematics import BatchKinematics
from psizero.geometry import from_rpy, to_matrix

PLACE = {name: index for index, name in enumerate(G1.joint_names)}
REST = G1.column("rest")[[PLACE[name] for name in sensed_joints(G1)]]


def senses(positions: np.ndarray = REST, quaternion: np.ndarray | None = None, count: int = 1) -> Senses:
    turn = np.array([1.0, 0.0, 0.0, 0.0]) if quaternion is None else quaternion
    return Senses(
        world_from_pelvis=np.tile(turn, (count, 1)),
        angular_velocity=np.zeros((count, 3)),
        positions=np.tile(positions, (count, 1)),
        velocities=np.zeros((count, 29)),
    )


def command(**numbers: float) -> np.ndarray:
    names = ("vx", "vy", "yaw_rate", "height", "roll", "pitch", "yaw")
    return np.array([[numbers.get(name, 0.74 if name == "height" else 0.0) for name in names]])


def part(seen: np.ndarray, name: str, instant: int = HISTORY - 1) -> np.ndarray:
    start = sum(size for other, size in FRAME[: [item for item, _ in FRAME].index(name)])
    return seen[0, instant * FRAME_SIZE + start : instant * FRAME_SIZE + start + dict(FRAME)[name]]


def test_the_frame_holds_the_contract_of_86_numbers_first() -> None:
    names = [name for name, _ in FRAME]
    assert names[:6] == [
        "command", "angular_velocity", "gravity", "joint_positions", "joint_velocities", "last_action",
    ]  # fmt: skip
    assert sum(size for _, size in FRAME[:6]) == 86
    assert len(driven_joints(G1)) == 15 and len(sensed_joints(G1)) == 29
    assert sensed_joints(G1)[:15] == driven_joints(G1)


def test_history_runs_from_old_to_new_and_begins_full_of_the_first_instant() -> None:
    body = LowerBody(G1, 1)
    body.reset(np.arange(1))
    first = body.observe(command(height=0.70), senses(), 0.02).copy()
    for instant in range(HISTORY):
        np.testing.assert_array_equal(part(first, "command", instant), part(first, "command"))
    second = body.observe(command(height=0.60), senses(), 0.02)
    # To within what is asked for on top, because legs at rest are higher than both.
    assert part(second, "command", HISTORY - 1)[3] == pytest.approx((0.60 - 0.68) * 5, abs=0.03)
    assert part(second, "command", HISTORY - 2)[3] == pytest.approx((0.70 - 0.68) * 5, abs=0.03)


def test_a_robot_at_rest_feels_its_height_gravity_and_no_velocity() -> None:
    body = LowerBody(G1, 1)
    body.reset(np.arange(1))
    for _ in range(5):
        seen = body.observe(command(), senses(), 0.02)
    assert body.height[0] == pytest.approx(0.75, abs=0.003)
    np.testing.assert_allclose(body.velocity, 0, atol=1e-12)
    np.testing.assert_allclose(part(seen, "gravity"), (0, 0, -1), atol=1e-6)
    np.testing.assert_allclose(part(seen, "joint_positions"), 0, atol=1e-6)


def test_velocity_is_that_of_a_pelvis_over_feet_that_stand() -> None:
    """Legs that swing back together at a known speed mean a pelvis that goes ahead at it, whatever the heading."""
    names = sensed_joints(G1)
    tree = BatchKinematics(G1, names)
    for yaw in (0.0, 2.0):
        body = LowerBody(G1, 1)
        body.reset(np.arange(1))
        quaternion = from_rpy(0.0, 0.0, yaw)
        feet: list[float] = []
        for step in range(25):
            q = REST.copy()
            for side in ("left", "right"):
                q[names.index(f"{side}_hip_pitch_joint")] += 0.3 * step * 0.02
                q[names.index(f"{side}_ankle_pitch_joint")] -= 0.3 * step * 0.02
            body.observe(command(), senses(q, quaternion), 0.02)
            feet.append(tree.solve(q[None]).site("left_foot")[0, 0])
        speed = -(feet[-1] - feet[-2]) / 0.02
        assert abs(speed) > 0.1
        assert body.velocity[0, 0] == pytest.approx(speed, rel=0.15)
        assert abs(body.velocity[1, 0]) < 0.01
        # Who leans moves the pelvis, and still stands where it stood.
        assert abs(feet[-1] - feet[0]) > 0.05
        np.testing.assert_allclose(body.drift.missed, 0, atol=0.003)


def test_what_falls_is_the_mass_as_a_whole_and_not_the_pelvis_alone() -> None:
    """Arms that swing ahead over a pelvis at rest carry the capture point with them."""
    names = sensed_joints(G1)
    tree = BatchKinematics(G1, names)
    body = LowerBody(G1, 1)
    body.reset(np.arange(1))
    q, masses = REST.copy(), []
    for _ in range(15):
        for side in ("left", "right"):
            q[names.index(f"{side}_shoulder_pitch_joint")] -= 1.5 * 0.02
        body.observe(command(), senses(q), 0.02)
        masses.append(tree.solve(q[None]).com()[:, 0])
    speed = (masses[-1] - masses[-2])[0] / 0.02
    middle = 0.5 * sum(tree.solve(q[None]).site(f"{side}_foot")[0, 0] for side in ("left", "right"))
    np.testing.assert_allclose(body.velocity, 0, atol=1e-9)
    assert speed > 0.03
    fall_time = np.sqrt((masses[-1][2] + body.height[0]) / 9.81)
    assert body._capture[0, 0] == pytest.approx(masses[-1][0] - middle + speed * fall_time, abs=0.004)


def reference_after(wanted: np.ndarray, seconds: float = 2.0) -> tuple[np.ndarray, LowerBody]:
    """Return the reference (15,) once a body that follows it exactly, with the pelvis as wanted, has settled."""
    bend = pelvis_bend(wanted.T[3:])[0, 0]
    body = LowerBody(G1, 1)
    body.reset(np.arange(1))
    q = REST.copy()
    for _ in range(round(seconds / 0.02)):
        body.observe(wanted, senses(q, from_rpy(0.0, bend, 0.0)), 0.02)
        # The reference leads the joints by what carries the weight; a stiff body would be where it is without.
        q[:15] = body.reference[0] - np.append(body._support[0] / body._stiffness[:12], np.zeros(3))
    return q, body


@pytest.mark.parametrize("height", [0.5, 0.6, 0.7, 0.76])
def test_the_reference_squats_to_the_commanded_height_on_level_feet(height: float) -> None:
    q, body = reference_after(command(height=height))
    assert body.height[0] == pytest.approx(height, abs=0.01)
    pose = BatchKinematics(G1, sensed_joints(G1)).solve(q[None])
    # Deep down the pelvis leans ahead, the torso stays upright.
    lean = to_matrix(from_rpy(0.0, pelvis_bend(command(height=height).T[3:])[0, 0], 0.0))
    for link in ("left_ankle_roll_link", "right_ankle_roll_link", "torso_link"):
        assert (lean @ pose.rotation(link)[:, :, 0])[2, 2] > 0.99
    # The centre of mass is over the feet.
    middle = 0.5 * (pose.site("left_foot") + pose.site("right_foot"))
    assert np.abs((lean @ (pose.com() - middle)[:, 0])[:2]).max() < 0.03


@pytest.mark.parametrize(
    "torso", [(0.3, 0.0, 0.0), (0.0, 0.4, 0.0), (0.0, 0.0, 0.9), (-0.2, 0.3, -0.5), (0.0, 0.8, 0.0)]
)
def test_the_reference_turns_the_torso_as_commanded(torso: tuple[float, float, float]) -> None:
    wanted = command(roll=torso[0], pitch=torso[1], yaw=torso[2], height=0.7)
    q, _ = reference_after(wanted)
    pose = BatchKinematics(G1, sensed_joints(G1)).solve(q[None])
    # The pelvis is as the feet say: level feet, so its orientation is the inverse of theirs.
    foot = pose.rotation("left_ankle_roll_link")[:, :, 0]
    found = foot.T @ pose.rotation("torso_link")[:, :, 0]
    error = found.T @ to_matrix(from_rpy(*torso))
    assert np.arccos(np.clip((np.trace(error) - 1) / 2, -1, 1)) < 0.05


def test_it_steps_for_a_command_above_the_dead_band_and_for_being_off() -> None:
    for told, steps in ((command(), False), (command(vx=0.05), False), (command(vx=0.1), True)):
        body = LowerBody(G1, 1)
        body.reset(np.arange(1))
        for _ in range(10):
            body.observe(told, senses(), 0.02)
        assert body.gait.stepping[0] == steps
    body.drift.reset(np.arange(1))
    for _ in range(150):
        # Told to creep, it stands until it is behind by more than a little.
        body.observe(command(vx=0.05), senses(), 0.02)
    assert body.drift.off[0] and body.gait.stepping[0]


def test_targets_are_the_reference_plus_a_quarter_of_the_answer() -> None:
    body = LowerBody(G1, 1)
    body.reset(np.arange(1))
    body.observe(command(), senses(), 0.02)
    answer = np.random.default_rng(0).normal(scale=0.2, size=(1, 15))
    np.testing.assert_allclose(body.targets(answer), body.reference + 0.25 * answer)
    body.targets(np.full((1, 15), 1e6))
    seen = body.observe(command(), senses(), 0.02)
    assert part(seen, "last_action").max() <= 8.0


def test_the_ranges_contain_what_is_asked_of_a_g1() -> None:
    assert (COMMAND_LOWER < COMMAND_UPPER).all()
    for asked in (command(vx=0.5), command(vx=-0.4), command(vy=0.3), command(yaw_rate=0.6), command(height=0.5)):
        assert (asked >= COMMAND_LOWER).all() and (asked <= COMMAND_UPPER).all()
