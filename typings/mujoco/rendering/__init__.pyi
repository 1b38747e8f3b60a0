from __future__ import annotations
from . import classic
__all__: list[str] = ['classic']
