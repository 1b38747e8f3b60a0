"""Raw teleoperation folders of the Psi0 reference: a real G1 with Dex3 hands, as it was recorded.

Episode type: the state is what the reference trains on, measured hands and arms
and the torso and height commanded one frame before (upright and 0.75 m at first);
the action is the 36 targets of the frame. Legs, inertial sensor, odometry, finger
pressure and depth are in the files and are left out.

Source: the reference's own recorder, merger and converter (Psi0, `real/teleop` and
`scripts/data/raw_to_lerobot.py`). No recorded file was at hand: the reader has been
tried on files written here to that description.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from psizero.data.episode import Episode
from psizero.data.episode_folders import EpisodeFolder, Frame, episode_folders
from psizero.data.fingerprint import fingerprint_of
from psizero.data.image import PictureSize
from psizero.embodiment.layout import PSI0_ACTION, PSI0_STATE, PolicyLayout
from psizero.errors import DataError, LayoutError

CAMERA = "egocentric"
"""The head camera's name in data sets of the reference."""
_LAYOUT = PolicyLayout("g1_dex3", PSI0_STATE, PSI0_ACTION, 30.0, (CAMERA,))
_UPRIGHT = np.array([0.0, 0.0, 0.0, 0.75], np.float32)
"""Torso (rad) and height (m) taken for the command before the first frame."""
_ARMS = slice(15, 29)
"""Arms in the 29 body joints; legs and waist come before them."""


class TeleoperationFolders:
    """Recordings of the G1 below `root`."""

    def __init__(self, root: Path) -> None:
        self.layout = _LAYOUT
        self._folders = tuple(episode_folders(root))
        if not self._folders:
            raise DataError(f"no recording below {root}; expected TASK/episode_0/data.json")

    @property
    def names(self) -> Sequence[str]:
        """Each episode's folder, from the root."""
        return [folder.name for folder in self._folders]

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one episode; `cameras=()` leaves its pictures out."""
        folder = self._folders[index]
        if folder.robot() != "g1":
            raise LayoutError(f"{folder.path} is of another robot than the G1; only its teleoperation can be read")
        frames = folder.frames()
        torso = np.concatenate(
            [
                folder.numbers(frames, "actions", name, size=size)
                for name, size in (("torso_rpy", 3), ("torso_height", 1))
            ],
            axis=1,
        )
        wanted = self.layout.cameras if cameras is None else cameras
        return Episode(
            instruction=folder.instruction,
            state=_state(folder, frames, torso),
            action=_action(folder, frames, torso),
            timestamps=folder.timestamps(frames, self.layout.rate),
            images={camera: folder.pictures(frames, image_size) for camera in wanted},
        )

    def fingerprint(self, index: int) -> str:
        """Return a digest of the episode's pictures, in their order."""
        folder = self._folders[index]
        return fingerprint_of(folder.picture_files(folder.frames()))


def is_teleoperation(root: Path) -> bool:
    """Tell whether the first episode below `root` is a recording of the reference."""
    first = next(iter(episode_folders(root)), None)
    return first is not None and "actions" in first.frames()[0]


def _state(folder: EpisodeFolder, frames: Sequence[Frame], torso: np.ndarray) -> np.ndarray:
    hands, arms = (folder.numbers(frames, "states", name, size=14) for name in ("hand_state", "arm_state"))
    return np.concatenate([hands, arms, np.concatenate([_UPRIGHT[None], torso[:-1]])], axis=1)


def _action(folder: EpisodeFolder, frames: Sequence[Frame], torso: np.ndarray) -> np.ndarray:
    hands = [folder.numbers(frames, "actions", name, size=7) for name in ("left_angles", "right_angles")]
    arms = folder.numbers(frames, "actions", "sol_q", size=29)[:, _ARMS]
    commands = ("torso_vx", "torso_vy", "torso_vyaw", "target_yaw")
    rest = [folder.numbers(frames, "actions", name, size=1) for name in commands]
    return np.concatenate(list(itertools.chain(hands, [arms, torso], rest)), axis=1)
