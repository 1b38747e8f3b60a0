"""What a person sees through the robot's eyes: where things are, in the robot's stance frame."""

import numpy as np

from psizero.geometry import Pose, from_rpy, to_rpy
from psizero.sim.task import TaskEpisode

SIDES: tuple[str, ...] = ("left", "right")


class Sight:
    """Sees one episode."""

    def __init__(self, episode: TaskEpisode) -> None:
        self._world = episode.world
        self.prop = episode.task.prop
        """Name of the thing the task is about."""

    def see(self, body: str) -> Pose:
        """Return `stance_from_body`."""
        return self._world_from_stance().inverse() * self._world.pose(body)

    def wrist(self, side: str) -> Pose:
        """Return where the robot's wrist is, by side."""
        return self.see(f"{side}_wrist_yaw_link")

    def head(self) -> Pose:
        """Return where the robot's head camera is."""
        return self._world_from_stance().inverse() * self._world.site("head")

    def _world_from_stance(self) -> Pose:
        """Return the frame the robot's hands are commanded in: on the floor under its weight, where the pelvis heads.

        With both feet side by side that is the middle between them; when it walks, feet swing and this does not.
        """
        x, y, _ = self._world.centre_of_mass("pelvis")
        yaw = to_rpy(self._world.pose("pelvis").orientation)[2]
        return Pose(np.array([x, y, 0.0]), from_rpy(0.0, 0.0, yaw))
