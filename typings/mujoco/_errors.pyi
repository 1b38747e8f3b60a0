from __future__ import annotations
from mujoco import FatalError
from mujoco import UnexpectedError
__all__: list[str] = ['FatalError', 'UnexpectedError']
