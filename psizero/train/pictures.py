"""Which pictures are in memory together, and who decodes them: each process for itself, or one for its computer."""

import secrets
from dataclasses import dataclass
from typing import Any

import torch

from psizero.data.memory import room_for, window_for
from psizero.data.shared_folder import find_shared_folder, make_shared_folder, room
from psizero.data.shared_pictures import SharedPictures
from psizero.data.stream import Decode
from psizero.model.config import ModelConfig
from psizero.train.parallel import PATIENCE, Here, processes_here, same_for_all, sum_of_all, wait_for_all
from psizero.train.trainee import ExampleForm

_WINDOW = "window"
"""What a checkpoint calls the number of frames that are shuffled together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictures:
    """What a stage is told of the pictures that it learns from."""

    window: int | None = None
    """About how many frames are shuffled together; all of them if `None`."""
    shared: SharedPictures | None = None
    """Those of the processes of this computer; `None` if each decodes for itself."""

    def share(self, name: str, decode: Decode) -> Decode:
        """Return what decodes the episodes that all processes know by a name."""
        return decode if self.shared is None else self.shared.share(name, decode)


def plan_pictures(
    settings: dict[str, Any], frames: int, form: ExampleForm | ModelConfig, memory: float | None
) -> Pictures:
    """Choose how many frames are shuffled together, and remember it in a checkpoint's settings; meet to share pictures.

    A training that is resumed keeps its window, so that the same examples come, on another computer too.

    Args:
        settings: Of the training.
        frames: How many there are to learn from.
        form: Of the pictures.
        memory: Most for pictures (GB), if the user has said so.
    """
    height, width = form.image_size
    frame_bytes = 3 * form.cameras * height * width
    settled = _WINDOW in settings
    window = settings[_WINDOW] if settled else window_for(frames, frame_bytes, memory)
    least = room_for(frames, frame_bytes, window)
    if not settled and memory is None:
        least //= 2  # a window half as large does, too
    here = processes_here()
    shared = _share(here, least)
    if not settled:
        alone = 1 if shared else here.number
        files = {} if shared is None else {"room": room(shared.folder)}
        window = window_for(frames, frame_bytes, memory, sharing=alone, **files)
        settings[_WINDOW] = int(same_for_all(window or 0)) or None  # each process finds another amount of free memory
    return Pictures(window=settings[_WINDOW], shared=shared)


def _share(here: Here, least: int) -> SharedPictures | None:
    """Meet the other processes of this computer where `least` bytes are free; `None` if some process cannot."""
    name = f"{int(same_for_all(secrets.randbits(52))):013x}-{here.first}"
    if here.number > 1 and here.me == 0:
        make_shared_folder(name, least)
    wait_for_all()
    folder = find_shared_folder(name) if here.number > 1 else None
    shared = None
    if folder is not None:
        shared = SharedPictures(folder, processes=here.number, patience=PATIENCE.total_seconds())
    lacking = here.number > 1 and shared is None
    # All or none: who cannot see the folder never takes what is in it. None leaves before all have come.
    return None if sum_of_all(torch.tensor(float(lacking))) else shared
