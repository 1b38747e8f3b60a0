import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from psizero import geometry
from psizero.geometry import Pose

angle = st.floats(-3.1, 3.1)
length = st.floats(-5.0, 5.0)
vectors = st.tuples(length, length, length).map(np.array)
rotations = st.builds(geometry.from_rpy, angle, st.floats(-1.5, 1.5), angle)
poses = st.builds(Pose, vectors, rotations)
shares = st.floats(0.0, 1.0)


def same_rotation(p, q):
    return geometry.angle_between(p, q) == pytest.approx(0.0, abs=1e-6)


@given(rotations, vectors)
def test_a_quaternion_turns_a_vector_as_its_matrix_does(q, vector):
    np.testing.assert_allclose(geometry.rotate(q, vector), geometry.to_matrix(q) @ vector, atol=1e-9)


@given(rotations)
def test_matrix_and_back_is_the_same_rotation(q):
    assert same_rotation(geometry.from_matrix(geometry.to_matrix(q)), q)


@given(rotations)
def test_matrices_are_orthonormal_and_right_handed(q):
    matrix = geometry.to_matrix(q)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


@given(angle, st.floats(-1.5, 1.5), angle)
def test_roll_pitch_yaw_survive_the_way_there_and_back(roll, pitch, yaw):
    np.testing.assert_allclose(geometry.to_rpy(geometry.from_rpy(roll, pitch, yaw)), [roll, pitch, yaw], atol=1e-5)


def test_roll_turns_first_about_the_fixed_axes():
    q = geometry.from_rpy(np.pi / 2, 0.0, np.pi / 2)
    np.testing.assert_allclose(geometry.rotate(q, np.array([0.0, 1.0, 0.0])), [0.0, 0.0, 1.0], atol=1e-9)


@given(rotations)
def test_log_undoes_exp_and_takes_the_shorter_way(q):
    vector = geometry.log(q)
    assert np.linalg.norm(vector) <= np.pi + 1e-9
    assert same_rotation(geometry.exp(vector), q)


@given(st.floats(0.0, 1e-8))
def test_exp_is_smooth_at_no_turn_at_all(tiny):
    np.testing.assert_allclose(geometry.exp(np.array([tiny, 0.0, 0.0])), [1.0, tiny / 2, 0.0, 0.0], atol=1e-15)


@given(poses, poses, vectors)
def test_chained_poses_move_a_point_as_one_after_the_other(a_from_b, b_from_c, point):
    np.testing.assert_allclose((a_from_b * b_from_c).apply(point), a_from_b.apply(b_from_c.apply(point)), atol=1e-9)


@given(poses, vectors)
def test_the_inverse_pose_brings_a_point_back(a_from_b, point):
    np.testing.assert_allclose(a_from_b.inverse().apply(a_from_b.apply(point)), point, atol=1e-9)


@given(poses, vectors)
def test_the_homogeneous_matrix_does_what_the_pose_does(a_from_b, point):
    np.testing.assert_allclose((a_from_b.matrix() @ [*point, 1.0])[:3], a_from_b.apply(point), atol=1e-9)


@given(poses, poses, shares)
def test_interpolation_covers_its_share_of_way_and_turn(start, end, share):
    between = geometry.interpolate(start, end, share)
    way = np.linalg.norm(end.position - start.position)
    assert np.linalg.norm(between.position - start.position) == pytest.approx(share * way, abs=1e-9)
    turn = geometry.angle_between(start.orientation, end.orientation)
    assert geometry.angle_between(start.orientation, between.orientation) == pytest.approx(share * turn, abs=1e-6)
