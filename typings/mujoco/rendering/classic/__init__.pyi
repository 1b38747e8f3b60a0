from __future__ import annotations
from . import gl_context
from . import renderer
__all__: list[str] = ['gl_context', 'renderer']
