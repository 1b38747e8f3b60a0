"""Off-screen pictures of a MuJoCo world, without a screen, from any thread.

OpenGL contexts belong to one thread, so all drawing happens in one thread of its
own per process. EGL is tried first, then OSMesa; the variable MUJOCO_GL, when set to
`egl` or `osmesa`, decides instead.
"""

import importlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import mujoco
import numpy as np

from psizero.errors import RenderError

MAX_HEIGHT, MAX_WIDTH = 480, 640


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="psizero-draw")


def _open_context() -> Any:
    wanted = os.environ.get("MUJOCO_GL", "").lower().strip()
    tried: list[str] = []
    for backend in (wanted,) if wanted in ("egl", "osmesa") else ("egl", "osmesa"):
        try:
            return importlib.import_module(f"mujoco.{backend}").GLContext(MAX_WIDTH, MAX_HEIGHT)
        except Exception as error:  # each driver fails in a way of its own
            tried.append(f"{backend}: {error}".splitlines()[0])
            # PyOpenGL fixes its platform at the first import; forget it, or the next backend cannot load.
            os.environ.pop("PYOPENGL_PLATFORM", None)
            for name in [name for name in sys.modules if name.partition(".")[0] == "OpenGL"]:
                del sys.modules[name]
    raise RenderError(
        f"no off-screen OpenGL ({'; '.join(tried)}); on Debian: apt-get install -y libegl1 libgl1 libgl1-mesa-dri"
    )


class Painter:
    """Draws one model; a picture is uint8 (height, width, 3).

    Shadows, reflections and multi-sampling are off: in software they cost ten
    times more than all the rest.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        self._model = model
        self._ready = False

    def picture(self, data: mujoco.MjData, camera: str, height: int, width: int, *, pretty: bool = False) -> np.ndarray:
        """Return what `camera` sees; `data` must not change meanwhile. `pretty` draws shadows."""
        if not (0 < height <= MAX_HEIGHT and 0 < width <= MAX_WIDTH):
            raise RenderError(f"a picture may be up to {MAX_HEIGHT} x {MAX_WIDTH}, got {height} x {width}")
        return _thread().submit(self._draw, data, camera, height, width, pretty).result()

    def close(self) -> None:
        """Free the graphics memory; safe to call twice."""
        if self._ready:
            self._ready = False
            _thread().submit(self._free).result()

    def _open(self) -> None:
        self._gl = _open_context()
        self._gl.make_current()
        self._scene = mujoco.MjvScene(self._model, maxgeom=1000)
        self._option = mujoco.MjvOption()
        self._context = mujoco.MjrContext(self._model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._ready = True

    def _free(self) -> None:
        self._gl.make_current()
        self._context.free()
        self._gl.free()

    def _draw(self, data: mujoco.MjData, camera: str, height: int, width: int, pretty: bool) -> np.ndarray:
        if not self._ready:
            self._open()
        self._gl.make_current()
        index = mujoco.mj_name2id(self._model, mujoco.mjtObj.mjOBJ_CAMERA, camera)
        if index < 0:
            names = [self._model.camera(i).name for i in range(self._model.ncam)]
            raise RenderError(f"the world has no camera {camera!r}; it has {names}")
        view = mujoco.MjvCamera()
        view.type = mujoco.mjtCamera.mjCAMERA_FIXED
        view.fixedcamid = index
        mujoco.mjv_updateScene(self._model, data, self._option, None, view, mujoco.mjtCatBit.mjCAT_ALL, self._scene)
        for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
            self._scene.flags[flag] = pretty
        area = mujoco.MjrRect(0, 0, width, height)
        mujoco.mjr_render(area, self._scene, self._context)
        pixels = np.empty((height, width, 3), np.uint8)
        mujoco.mjr_readPixels(pixels, None, area, self._context)
        return np.ascontiguousarray(pixels[::-1])
