"""Human video as episodes like any robot's: EgoDex behind `data.source.Source`.

Episode type: the state of a frame is where both hands are, the action where they are one
frame later, both in the frame of the head camera at the instant of the state. In the last
frame, which has no later one, the action is the state.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from psizero.data.egodex import FPS, STEP, EgoDexClip, EgoDexDataset
from psizero.data.episode import Episode
from psizero.data.fingerprint import fingerprint_of
from psizero.data.image import PictureSize
from psizero.embodiment.hand_space import hands_and_steps, hands_in_camera
from psizero.embodiment.human import CAMERA
from psizero.embodiment.layout import HUMAN, HUMAN_STEPS
from psizero.errors import DataError


class EgoDexSource:
    """All episodes of EgoDex's format below `root`."""

    def __init__(self, root: Path) -> None:
        self.layout = HUMAN
        self._root = root
        self.clips = EgoDexDataset(root).clips

    @property
    def names(self) -> Sequence[str]:
        """Each episode's HDF5 file, from the root."""
        return [clip.path.relative_to(self._root).as_posix() for clip in self.clips]

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one episode; `cameras=()` leaves its pictures out."""
        clip = _whole(self.clips[index])
        count = len(clip)
        world_from_camera, world = clip.poses(CAMERA).astype(np.float64), clip.hands().astype(np.float64)
        later = world[np.minimum(np.arange(count) + 1, count - 1)]
        wanted = self.layout.cameras if cameras is None else cameras
        return Episode(
            instruction=clip.instruction,
            state=hands_in_camera(world_from_camera, world).astype(np.float32),
            action=hands_in_camera(world_from_camera, later).astype(np.float32),
            timestamps=np.arange(count) / FPS,
            images={camera: clip.pictures(size=image_size) for camera in wanted},
        )

    def fingerprint(self, index: int) -> str:
        """Return a digest of the episode's video."""
        return fingerprint_of([self.clips[index].video])


class EgoDexSteps:
    """The same episodes as steps: the action of a frame is how both hands move in the next `STEP` frames.

    Both ends of a step are seen from the camera of its first frame. The last `STEP` frames, after which
    nothing is known, are left out.
    """

    def __init__(self, root: Path) -> None:
        self.layout = HUMAN_STEPS
        self.known = np.ones(HUMAN_STEPS.action.size, bool)
        """(48,) which numbers of state and action a person has: all."""
        self._source = EgoDexSource(root)

    @property
    def names(self) -> Sequence[str]:
        """Each episode's HDF5 file, from the root."""
        return self._source.names

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one episode; one that is not longer than a step is a `DataError`."""
        clip = _whole(self._source.clips[index])
        count = len(clip) - STEP
        if count < 1:
            raise DataError(f"{clip.path} has {len(clip)} frames, expected more than {STEP}; leave it out")
        camera, world = clip.poses(CAMERA).astype(np.float64), clip.hands().astype(np.float64)
        wanted = self.layout.cameras if cameras is None else cameras
        state, action = hands_and_steps(camera, world, STEP)
        return Episode(
            instruction=clip.instruction,
            state=state,
            action=action,
            timestamps=np.arange(count) / FPS,
            images={view: clip.pictures(0, count, size=image_size) for view in wanted},
        )

    def fingerprint(self, index: int) -> str:
        """Return a digest of the episode's video."""
        return self._source.fingerprint(index)


def _whole(clip: EgoDexClip) -> EgoDexClip:
    problem = next(clip.problems(), None)
    if problem is not None:
        raise DataError(problem)
    return clip
