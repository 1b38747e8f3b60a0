import numpy as np

from psizero.control.legs import LEG_JOINTS, LegInverse
from psizero.embodiment.g1 import G1
from psizero.embodiment.kinematics import BatchKinematics

NAMES = tuple(f"{side}_{part}_joint" for side in ("left", "right") for part in LEG_JOINTS)


def flat(yaws: np.ndarray) -> np.ndarray:
    """Return rotations (2, 3, 3, N) of level feet."""
    result = np.zeros((2, 3, 3, yaws.shape[1]))
    result[:, 0, 0] = result[:, 1, 1] = np.cos(yaws)
    result[:, 1, 0], result[:, 0, 1] = np.sin(yaws), -np.sin(yaws)
    result[:, 2, 2] = 1
    return result


def reached(soles: np.ndarray, yaws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance (2, N) m of the soles from where they should be, and their turn (2, N) rad off."""
    rotations = flat(yaws)
    joints = LegInverse(G1).solve(soles, rotations, yaws)
    pose = BatchKinematics(G1, NAMES).solve(joints)
    miss, turn = [], []
    for index, side in enumerate(("left", "right")):
        miss.append(np.linalg.norm(pose.site(f"{side}_foot") - soles[index], axis=0))
        trace = np.einsum("ijn,ijn->n", pose.rotation(f"{side}_ankle_roll_link"), rotations[index])
        turn.append(np.arccos(np.clip((trace - 1) / 2, -1, 1)))
    return np.array(miss), np.array(turn)


def steps(count: int, ahead: float, aside: float, turn: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    soles = np.empty((2, 3, count))
    soles[:, 0] = rng.uniform(-ahead, ahead, (2, count))
    soles[:, 1] = np.array([[0.12], [-0.12]]) + rng.uniform(-aside, aside, (2, count))
    soles[:, 2] = -rng.uniform(0.62, 0.74, (2, count))
    return soles, rng.uniform(-turn, turn, (2, count))


def test_a_standing_robots_feet_are_met_within_millimetres() -> None:
    soles, yaws = steps(50, 0.02, 0.01, 0.0)
    miss, turn = reached(soles, yaws)
    assert miss.max() < 0.003
    assert np.percentile(turn, 95) < 0.01


def test_a_walking_robots_feet_are_met_within_a_centimetre_or_two() -> None:
    soles, yaws = steps(500, 0.1, 0.04, 0.15)
    miss, turn = reached(soles, yaws)
    assert np.median(miss) < 0.006
    assert np.percentile(miss, 95) < 0.016
    assert np.median(turn) < 0.02


def test_joints_stay_in_range_even_for_what_no_leg_can_reach() -> None:
    soles, yaws = steps(200, 1.0, 0.5, 1.0)
    joints = LegInverse(G1).solve(soles, flat(yaws), yaws)
    place = {name: index for index, name in enumerate(G1.joint_names)}
    columns = [place[name] for name in NAMES]
    assert np.isfinite(joints).all()
    assert (joints >= G1.column("lower")[columns] - 1e-12).all()
    assert (joints <= G1.column("upper")[columns] + 1e-12).all()


def test_a_deep_squat_needs_the_feet_ahead_and_a_tall_stand_does_not() -> None:
    legs, heights = LegInverse(G1), np.array([0.48, 0.55, 0.75])
    ahead = legs.least_forward(heights, np.zeros(3))
    assert (np.diff(ahead) < 0).all()
    assert ahead[0] > 0.05
    assert ahead[2] < 0
    # A pelvis that leans ahead brings the hips back, and the feet with them.
    leaning = legs.least_forward(heights, np.full(3, 0.4))
    assert (leaning[:2] < ahead[:2] - 0.03).all()
    soles = np.zeros((2, 3, 1))
    soles[:, 0] = ahead[0] + 0.005
    soles[:, 1] = np.array([[0.12], [-0.12]])
    soles[:, 2] = -0.48
    miss, turn = reached(soles, np.zeros((2, 1)))
    assert miss.max() < 0.01
    assert turn.max() < 0.05
