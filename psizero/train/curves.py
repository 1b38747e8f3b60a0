"""Where the curves of a training are drawn: TensorBoard, trackio or Weights & Biases, loaded when asked for."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from psizero.errors import MissingExtraError
from psizero.train.config import Logger

_PROJECT = "psizero"


class Curves(Protocol):
    """Takes numbers step by step."""

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Add a point to the curve of each name."""
        ...

    def close(self) -> None:
        """Write what is still held back."""
        ...


def open_curves(logger: Logger, folder: Path) -> Curves | None:
    """Return where to draw the curves of the training in `folder`, if anywhere."""
    match logger:
        case "none":
            return None
        case "tensorboard":
            return _TensorBoard(folder)
        case "trackio" | "wandb":
            return _Tracked(logger, folder)


class _TensorBoard:
    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder))

    def write(self, step: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        self._writer.close()


class _Tracked:
    """trackio or wandb: the one has the interface of the other."""

    def __init__(self, library: str, folder: Path) -> None:
        try:
            self._library = importlib.import_module(library)
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"--logger {library} needs the library {library} ({error}); "
                f'install it with `pip install "psizero[{library}]"`'
            ) from error
        name = folder.resolve().parent.name  # the folder of the result, in which the training has its own
        self._run = self._library.init(project=_PROJECT, name=name)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        self._run.log(dict(values), step=step)

    def close(self) -> None:
        self._run.finish()
