"""
Package version metadata for mujoco-core.
"""
from __future__ import annotations
__all__: list[str] = list()
__version__: str = '4.0.0'
