"""Recordings of any format, read one episode at a time: the formats, and which one a folder holds.

To read another format, write a reader that keeps `Source`'s promises and add it to
`FORMATS`; converting, checking, statistics and viewing then work for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from psizero.data.egodex_source import EgoDexSource
from psizero.data.episode import Episode
from psizero.data.everyday import HumanoidEveryday, is_everyday
from psizero.data.image import PictureSize
from psizero.data.lerobot import LeRobotDataset
from psizero.data.lerobot_format import INFO_FILE
from psizero.data.teleoperation import TeleoperationFolders, is_teleoperation
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import DataError
from psizero.registry import Registry


class Source(Protocol):
    """Episodes that can be read by number, each on its own."""

    @property
    def layout(self) -> PolicyLayout:
        """What the numbers mean, how many frames a second, which cameras."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """What each episode is called in its source; no two the same."""
        ...

    def read(
        self, index: int, *, image_size: PictureSize | None = None, cameras: Sequence[str] | None = None
    ) -> Episode:
        """Return one episode, its pictures at (height, width); damage is a `DataError` that names the file."""
        ...

    def fingerprint(self, index: int) -> str:
        """Return a digest of all that an episode's pictures are decoded from (`fingerprint.of_files`)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way of keeping recordings."""

    what: str
    """A few words for the user."""
    recognizes: Callable[[Path], bool]
    """Tell whether a folder is of this format."""
    open: Callable[[Path], Source]
    """Open such a folder."""


FORMATS: Registry[Format] = Registry(
    "format",
    {
        "lerobot": Format(
            what="LeRobot data set, v2.0 to v3.0, also those of the Psi0 reference and of SIMPLE",
            recognizes=lambda root: (root / INFO_FILE).is_file(),
            open=LeRobotDataset,
        ),
        "teleoperation": Format(
            what="raw teleoperation folders of the Psi0 reference",
            recognizes=is_teleoperation,
            open=TeleoperationFolders,
        ),
        "everyday-g1": Format(
            what="Humanoid Everyday, the episodes of the G1",
            recognizes=lambda root: is_everyday(root, "g1"),
            open=lambda root: HumanoidEveryday(root, "g1"),
        ),
        "everyday-h1": Format(
            what="Humanoid Everyday, the episodes of the H1",
            recognizes=lambda root: is_everyday(root, "h1"),
            open=lambda root: HumanoidEveryday(root, "h1"),
        ),
        "egodex": Format(
            what="EgoDex, people's hands seen from their head",
            recognizes=lambda root: any(root.rglob("*.hdf5")),
            open=EgoDexSource,
        ),
    },
)
"""Formats by name; the first that recognizes a folder opens it."""


def open_source(root: Path, format: str | None = None) -> Source:
    """Open the recordings in `root`, of the format given or of the one that recognizes the folder."""
    return FORMATS[format or format_of(root)].open(root)


def format_of(root: Path) -> str:
    """Return the name of the format that recognizes the folder `root`; a `DataError` if none does."""
    if not root.is_dir():
        raise DataError(f"no data set in {root}: there is no such folder")
    for name, kind in FORMATS.items():
        if kind.recognizes(root):
            return name
    known = "; ".join(f"{name}: {kind.what}" for name, kind in FORMATS.items())
    raise DataError(f"no data set in {root}: expected {INFO_FILE}, or recordings of a known format ({known})")
