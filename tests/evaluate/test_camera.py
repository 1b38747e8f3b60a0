import numpy as np

from psizero.clock import SimulatedClock
from psizero.evaluate.camera import BrokenCamera
from tests.runtime.toy_robot import ToyRobot


class CountingRobot(ToyRobot):
    """Each picture shows how many were taken before it."""

    count = 0

    def observe(self):
        from dataclasses import replace

        self.count += 1
        return replace(super().observe(), images={"head": np.full((4, 4, 3), self.count, np.uint8)})


def pictures(mode: str, count: int = 3) -> list[np.ndarray]:
    camera = BrokenCamera(CountingRobot(SimulatedClock()), mode, np.random.default_rng(0))
    return [camera.observe().images["head"] for _ in range(count)]


def test_a_normal_camera_passes_every_picture():
    assert [int(picture.max()) for picture in pictures("normal")] == [1, 2, 3]


def test_a_frozen_camera_shows_the_first_picture_for_ever():
    assert [int(picture.max()) for picture in pictures("frozen")] == [1, 1, 1]


def test_a_noisy_camera_shows_nothing_of_the_scene_and_the_same_noise_again():
    first, second, _ = pictures("noise")
    assert first.dtype == np.uint8
    assert first.shape == (4, 4, 3)
    assert (first != second).any()
    np.testing.assert_array_equal(pictures("noise"), pictures("noise"))


def test_one_observation_shows_one_picture_however_often_it_is_looked_at():
    observation = BrokenCamera(CountingRobot(SimulatedClock()), "noise", np.random.default_rng(0)).observe()
    np.testing.assert_array_equal(observation.images["head"], observation.images["head"])


def test_the_rest_of_the_robot_passes_through():
    robot = ToyRobot(SimulatedClock())
    camera = BrokenCamera(robot, "noise", np.random.default_rng(0))
    np.testing.assert_array_equal(camera.observe().joint_positions, robot.positions)
    camera.stop()
    assert robot.stopped
