"""Recordings of a humanoid in the hand space of human video: how its own hands move in the next tenth of a second.

Episode type: that of `egodex_source.EgoDexSteps`, so that one backbone learns from both. The poses of
the hands follow from the recorded joints (`embodiment.g1_hands`); fingers that the robot lacks are masked.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from psizero.data.egodex_source import EgoDexSteps
from psizero.data.episode import Episode
from psizero.data.image import PictureSize
from psizero.data.source import Source, format_of, open_source
from psizero.embodiment.convert import Conversion
from psizero.embodiment.g1_hands import KNOWN, hands_of_g1
from psizero.embodiment.hand_space import hands_and_steps
from psizero.embodiment.layout import HUMAN_STEPS, PSI0_STATE
from psizero.errors import DataError, LayoutError


class StepSource(Source, Protocol):
    """Episodes in the layout `HUMAN_STEPS`."""

    @property
    def known(self) -> np.ndarray:
        """(48,) bool: which numbers of state and action the body has."""
        ...


class RobotSteps:
    """The episodes of a G1 with Dex3 hands, as steps of its hands."""

    def __init__(self, source: Source, *, root: Path) -> None:
        """Refuse another body; `root` is what errors call the source."""
        recorded = source.layout
        self.layout = HUMAN_STEPS
        self.known = KNOWN
        self._source, self._root = source, root
        self._frames = round(recorded.rate / HUMAN_STEPS.rate)
        self._joints = Conversion.between(recorded.state, PSI0_STATE)
        needed = PSI0_STATE.slice_of("right_arm").stop
        if not self._joints.mask[:needed].all() or len(recorded.cameras) != 1:
            raise LayoutError(
                f"{root} has layout {recorded.name!r} with {len(recorded.cameras)} cameras; a backbone learns from "
                "EgoDex and from a G1 with Dex3 hands and one camera; leave it out"
            )

    @property
    def names(self) -> Sequence[str]:
        """What each episode is called in its source."""
        return self._source.names

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one episode; a trunk that was not recorded is taken to stand still."""
        wanted = self.layout.cameras if cameras is None else cameras
        names = dict(zip(self.layout.cameras, self._source.layout.cameras, strict=True))
        episode = self._source.read(index, image_size=image_size, cameras=[names[camera] for camera in wanted])
        count = len(episode) - self._frames
        if count < 1:
            raise DataError(
                f"episode {self.names[index]} in {self._root} has {len(episode)} frames, expected more than "
                f"{self._frames}; leave it out"
            )
        state, action = hands_and_steps(*hands_of_g1(self._joints.convert(episode.state)), self._frames)
        return Episode(
            instruction=episode.instruction,
            state=np.where(KNOWN, state, np.float32(0)),
            action=np.where(KNOWN, action, np.float32(0)),
            timestamps=episode.timestamps[:count],
            images={camera: episode.images[names[camera]][:count] for camera in wanted},
        )

    def fingerprint(self, index: int) -> str:
        """Return a digest of the recorded pictures."""
        return self._source.fingerprint(index)


def open_steps(root: Path) -> StepSource:
    """Open human video or recordings of a robot, whichever the folder holds, as steps of hands."""
    return EgoDexSteps(root) if format_of(root) == "egodex" else RobotSteps(open_source(root), root=root)
