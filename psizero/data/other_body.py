"""Recordings of one body, read in the layout of another: what both have, and masks for what one lacks."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from psizero.data.episode import Episode
from psizero.data.image import PictureSize
from psizero.data.source import Source
from psizero.embodiment.convert import Conversion
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import LayoutError


class OtherBody:
    """A source whose episodes come in `layout`; numbers are matched by meaning, cameras by their order."""

    def __init__(self, source: Source, layout: PolicyLayout, *, root: Path) -> None:
        """Refuse a source of another rate or number of cameras; `root` is what errors call it."""
        recorded = source.layout
        if recorded.rate != layout.rate or len(recorded.cameras) != len(layout.cameras):
            raise LayoutError(
                f"the data set in {root} has {len(recorded.cameras)} cameras at {recorded.rate:g} Hz, expected "
                f"{len(layout.cameras)} at {layout.rate:g} Hz as in layout {layout.name!r}; leave it out"
            )
        self.layout = layout
        self.state = Conversion.between(recorded.state, layout.state)
        self.action = Conversion.between(recorded.action, layout.action)
        self._source = source

    def __len__(self) -> int:
        """How many episodes there are."""
        return len(self._source.names)

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return an episode; a number that was not recorded is zero."""
        names = dict(zip(self.layout.cameras, self._source.layout.cameras, strict=True))
        wanted = self.layout.cameras if cameras is None else cameras
        episode = self._source.read(index, image_size=image_size, cameras=[names[camera] for camera in wanted])
        return replace(
            episode,
            state=self.state.convert(episode.state),
            action=self.action.convert(episode.action),
            images={camera: episode.images[names[camera]] for camera in wanted},
            stream_times={},
        )

    def fingerprint(self, index: int) -> str:
        """Return the fingerprint of the recorded pictures, which are the same for any body."""
        return self._source.fingerprint(index)
