import numpy as np
import pytest

from psizero.control.leg_odometry import LegOdometry
from psizero.control.legs import LegInverse
from psizero.control.lower_body import sensed_joints
from psizero.embodiment.g1 import G1
from psizero.embodiment.kinematics import BatchKinematics

NAMES = sensed_joints(G1)
TREE = BatchKinematics(G1, NAMES)
REST = G1.column("rest")[[G1.joint_names.index(name) for name in NAMES]]
LEVEL = np.eye(3)[:, :, None]
BOTH = np.ones((2, 1), bool)


def joints(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return joints (29,) for soles at two places (m) under the pelvis, level."""
    soles = np.array([left, right])[:, :, None] + np.array([[0.0, 0.12, -0.7], [0.0, -0.12, -0.7]])[:, :, None]
    q = REST.copy()
    q[:12] = LegInverse(G1).solve(soles, np.tile(LEVEL, (2, 1, 1, 1)), np.zeros((2, 1)))[0]
    return q


def feel(ways: list[tuple[np.ndarray, np.ndarray]], bearing: np.ndarray = BOTH) -> np.ndarray:
    """Return the velocities (T, 3) for soles that go through `ways`, 50 times a second."""
    odometry, found = LegOdometry(1), []
    for tick, way in enumerate(ways):
        fresh = np.full(1, tick == 0)
        found.append(odometry.velocity(LEVEL, TREE.solve(joints(*way)[None]), bearing, fresh, np.full(1, 0.02))[:, 0])
    return np.array(found)


AHEAD = np.array([1.0, 0.0, 0.0])


def test_a_pelvis_over_feet_that_stand_moves_against_them() -> None:
    found = feel([(-0.004 * tick * AHEAD, -0.004 * tick * AHEAD) for tick in range(8)])
    assert found[0].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(found[1:], np.tile(0.2 * AHEAD, (7, 1)), atol=0.03)


@pytest.mark.parametrize("slips", [0, 1])
def test_a_foot_that_slips_beside_one_that_holds_hardly_moves_the_pelvis(slips: int) -> None:
    ways = [
        (0.01 * min(tick, 4) * AHEAD * (slips == 0), 0.01 * min(tick, 4) * AHEAD * (slips == 1)) for tick in range(9)
    ]
    # The mean of both feet would tell of half of the 4 cm.
    assert abs(sum(feel(ways)[:, 0]) * 0.02) < 0.01


def test_a_foot_that_swings_close_to_the_ground_tells_nothing() -> None:
    ways = [(0.01 * tick * AHEAD, np.zeros(3)) for tick in range(8)]
    assert np.abs(feel(ways, np.array([[False], [True]]))).max() < 0.02


def test_what_was_felt_can_be_gone_on_from() -> None:
    first, other, pose = LegOdometry(1), LegOdometry(1), TREE.solve(REST[None])
    first.velocity(LEVEL, pose, BOTH, np.ones(1, bool), np.full(1, 0.02))
    other.restore(first.save())
    moved = TREE.solve(joints(0.003 * AHEAD, 0.003 * AHEAD)[None])
    told = [item.velocity(LEVEL, moved, BOTH, np.zeros(1, bool), np.full(1, 0.02)) for item in (first, other)]
    np.testing.assert_array_equal(*told)
