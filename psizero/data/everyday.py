"""Humanoid Everyday in the form that Psi0 trains on: upper bodies of a G1 with Dex3 hands and of an H1.

Episode type: state and action are the joints of hands and then arms, 28 of the G1
and 26 of the H1, measured and as commanded. The places of wrists and fingertips,
which the files hold as well (in the frame of the robot's base), are left out.

Source: the reference's reader of HE_RAW and its statistics. No published file was at
hand: the reader has been tried on files written here to that description. Where the
reference mirrors an H1's hands in time, files are taken as they say: left comes first.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from psizero.data.episode import Episode
from psizero.data.episode_folders import episode_folders
from psizero.data.fingerprint import fingerprint_of
from psizero.data.image import PictureSize
from psizero.embodiment.layout import EVERYDAY_G1, EVERYDAY_H1, PolicyLayout
from psizero.errors import DataError

Robot = Literal["g1", "h1"]
_LAYOUTS: Mapping[Robot, PolicyLayout] = {"g1": EVERYDAY_G1, "h1": EVERYDAY_H1}
_ARM_JOINTS = 14


class HumanoidEveryday:
    """The episodes of one robot below `root`; those of the other are passed over."""

    def __init__(self, root: Path, robot: Robot) -> None:
        self.layout = _LAYOUTS[robot]
        self._folders = tuple(folder for folder in episode_folders(root) if folder.robot() == robot)
        if not self._folders:
            raise DataError(
                f"no episode of the {robot.upper()} below {root}; expected CATEGORY/TASK/episode_0/data.json"
            )

    @property
    def names(self) -> Sequence[str]:
        """Each episode's folder, from the root."""
        return [folder.name for folder in self._folders]

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one episode; `cameras=()` leaves its pictures out."""
        folder = self._folders[index]
        frames = folder.frames()
        hands = self.layout.state.size - _ARM_JOINTS
        measured = [
            folder.numbers(frames, "states", name, size=size)
            for name, size in (("hand_state", hands), ("arm_state", _ARM_JOINTS))
        ]
        wanted = self.layout.cameras if cameras is None else cameras
        return Episode(
            instruction=folder.instruction,
            state=np.concatenate(measured, axis=1),
            action=folder.numbers(frames, "action", "joint_angles", size=self.layout.action.size),
            timestamps=folder.timestamps(frames, self.layout.rate),
            images={camera: folder.pictures(frames, image_size) for camera in wanted},
        )

    def fingerprint(self, index: int) -> str:
        """Return a digest of the episode's pictures, in their order."""
        folder = self._folders[index]
        return fingerprint_of(folder.picture_files(folder.frames()))


def is_everyday(root: Path, robot: Robot) -> bool:
    """Tell whether the first episode below `root` is one of Humanoid Everyday, of this robot."""
    first = next(iter(episode_folders(root)), None)
    return first is not None and "action" in first.frames()[0] and first.robot() == robot
