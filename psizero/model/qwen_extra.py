"""The libraries of the optional extra `qwen`, asked for when they are needed."""

import importlib

from psizero.errors import MissingExtraError


def need_qwen(library: str) -> None:
    """Raise a `MissingExtraError` that says what to install, unless `library` can be imported."""
    try:
        importlib.import_module(library)
    except ImportError as error:
        raise MissingExtraError(
            f"this needs the library {library} ({error}); install it with `pip install psizero[qwen]`"
        ) from error
