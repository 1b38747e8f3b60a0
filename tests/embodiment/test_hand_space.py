"""The 48 numbers: back and forth without loss, in whichever frame, step by step."""

import numpy as np
import pytest

from psizero.embodiment.hand_space import (
    follow_steps,
    hands_in_camera,
    pack_hands,
    steps_of,
    to_frame,
    unpack_hands,
)
from psizero.embodiment.human_hand import turn
from psizero.embodiment.layout import HUMAN_HANDS, HUMAN_HANDS_STEP


def drawn_hands(rng: np.random.Generator, *leading: int) -> np.ndarray:
    wrists = np.zeros((*leading, 2, 4, 4))
    angles = rng.uniform(-np.pi, np.pi, (3, *leading, 2))
    wrists[..., :3, :3] = turn(2, angles[0]) @ turn(1, angles[1]) @ turn(0, angles[2])
    wrists[..., :3, 3] = rng.normal(size=(*leading, 2, 3))
    wrists[..., 3, 3] = 1.0
    return pack_hands(wrists, rng.normal(size=(*leading, 2, 5, 3)))


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_number_is_where_the_layout_says():
    wrists = np.stack([np.eye(4)] * 2)
    wrists[1, :3, :3] = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    wrists[1, :3, 3] = (10, 11, 12)
    tips = np.arange(30.0).reshape(2, 5, 3)
    vector = pack_hands(wrists, tips)
    assert HUMAN_HANDS.get(vector, "right_wrist").tolist() == [10, 11, 12]
    assert HUMAN_HANDS.get(vector, "right_wrist_rotation").tolist() == [0, 3, 6, 1, 4, 7]
    assert HUMAN_HANDS.get(vector, "left_fingertips").tolist() == list(range(15))
    assert vector[HUMAN_HANDS.names.index("right_fingertips.index_y")] == tips[1, 1, 1]


def test_packing_is_undone_by_unpacking(rng):
    vector = drawn_hands(rng, 4, 5)
    np.testing.assert_allclose(pack_hands(*unpack_hands(vector)), vector, atol=1e-12)


def test_columns_that_a_network_bent_become_a_rotation(rng):
    bent = drawn_hands(rng, 8) + rng.normal(scale=0.05, size=(8, 48))
    rotation = unpack_hands(bent)[0][..., :3, :3]
    np.testing.assert_allclose(
        np.swapaxes(rotation, -1, -2) @ rotation, np.broadcast_to(np.eye(3), (8, 2, 3, 3)), atol=1e-9
    )
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0)


def test_a_camera_that_sees_hands_shows_them_where_the_world_has_them(rng):
    world = drawn_hands(rng, 7)
    world_from_camera = unpack_hands(drawn_hands(rng, 7))[0][:, 0]
    seen = hands_in_camera(world_from_camera, world)
    np.testing.assert_allclose(to_frame(world_from_camera, seen), world, atol=1e-12)
    wrists, tips = unpack_hands(world)
    back = np.linalg.inv(world_from_camera)
    np.testing.assert_allclose(unpack_hands(seen)[0], back[:, None] @ wrists, atol=1e-12)
    in_camera = np.einsum("nij,nsfj->nsfi", back[:, :3, :3], tips) + back[:, None, None, :3, 3]
    np.testing.assert_allclose(unpack_hands(seen)[1], in_camera, atol=1e-12)


def test_a_chunk_is_seen_by_the_one_camera_of_its_beginning(rng):
    world = drawn_hands(rng, 16)
    camera = unpack_hands(drawn_hands(rng, 1))[0][0, 0]
    np.testing.assert_allclose(hands_in_camera(camera, world)[9], hands_in_camera(camera, world[9]), atol=1e-12)


def test_steps_lead_back_to_the_vectors_they_were_taken_from(rng):
    vectors = drawn_hands(rng, 3, 17)
    np.testing.assert_allclose(follow_steps(vectors[:, 0], steps_of(vectors)), vectors, atol=1e-9)


def test_a_step_is_metres_radians_about_fixed_axes_and_three_zeros():
    wrists = np.tile(np.eye(4), (2, 2, 1, 1))
    wrists[0, 0, :3, :3] = turn(1, np.array(0.7))
    wrists[1, 0, :3, :3] = turn(2, np.array(0.3)) @ wrists[0, 0, :3, :3]
    wrists[1, 0, :3, 3] = (0.01, 0.02, 0.03)
    step = steps_of(pack_hands(wrists, np.zeros((2, 2, 5, 3))))[0]
    np.testing.assert_allclose(HUMAN_HANDS_STEP.get(step, "left_wrist_step"), (0.01, 0.02, 0.03))
    np.testing.assert_allclose(HUMAN_HANDS_STEP.get(step, "left_wrist_turn"), (0, 0, 0.3), atol=1e-12)
    assert not step[6:].any()
