"""The robot in the browser: its bodies, what it sees, what it is asked, and a reset button.

The page is served to this computer alone. Callbacks come from the threads of the
server; they only leave a note, which the loop picks up when it has time.
"""

import queue
from typing import TYPE_CHECKING

import mujoco
import numpy as np

from psizero.errors import MissingExtraError

if TYPE_CHECKING:
    import viser

    from psizero.sim.world import World

HOST = "127.0.0.1"
SEGMENTS = 20
"""Edges of a round shape."""


class Viewer:
    """Serves one world; `show` sends how it stands now to whoever looks."""

    def __init__(self, world: "World", *, port: int, instruction: str) -> None:
        try:
            import viser
        except ImportError as error:
            raise MissingExtraError(
                "the viewer needs the library viser; install it with `pip install psizero[viewer]`, or use --no-viewer"
            ) from error
        self._server = viser.ViserServer(host=HOST, port=port, label="PsiZero", verbose=False)
        self._words: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._resets: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._bodies = _add_bodies(self._server.scene, world.model)
        self._server.scene.add_grid("/floor", width=6.0, height=6.0, plane="xy")
        self._server.initial_camera.position = (1.5, -1.1, 1.4)
        self._server.initial_camera.look_at = (0.15, 0.0, 0.85)
        self._add_panel(instruction)

    def _add_panel(self, instruction: str) -> None:
        gui = self._server.gui
        self._status = gui.add_markdown("starting")
        self._picture = gui.add_image(np.zeros((120, 160, 3), np.uint8), label="what it sees")
        text = gui.add_text("instruction", instruction)
        gui.add_button("Say").on_click(lambda _: self._words.put(text.value))
        gui.add_button("Reset").on_click(lambda _: self._resets.put(None))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self._server.get_port()}"

    def show(self, world: "World", status: str) -> None:
        """Send poses, head picture and status line; nothing if nobody looks."""
        if not self._server.get_clients():
            return
        with self._server.atomic():
            for index, frame in self._bodies.items():
                frame.position, frame.wxyz = world.data.xpos[index].copy(), world.data.xquat[index].copy()
        self._picture.image = world.picture("head", 120, 160)
        self._status.content = status

    def new_instruction(self) -> str | None:
        """Return the newest instruction that was given since the last call."""
        words = None
        while not self._words.empty():
            words = self._words.get()
        return words

    def reset_wanted(self) -> bool:
        """Tell whether the reset button was pressed since the last call."""
        wanted = False
        while not self._resets.empty():
            self._resets.get()
            wanted = True
        return wanted

    def close(self) -> None:
        """Stop serving."""
        self._server.stop()


def _add_bodies(scene: "viser.SceneApi", model: mujoco.MjModel) -> "dict[int, viser.FrameHandle]":
    """Add one frame per body with its shapes inside; return the frames by body index."""
    frames = {}
    for index in range(1, model.nbody):
        frames[index] = scene.add_frame(f"/bodies/{index}", show_axes=False)
    for geom in range(model.ngeom):
        body = int(model.geom_bodyid[geom])
        if body == 0 or model.geom_rgba[geom, 3] == 0:
            continue
        _add_shape(scene, f"/bodies/{body}/{geom}", model, geom)
    return frames


def _add_shape(scene: "viser.SceneApi", name: str, model: mujoco.MjModel, geom: int) -> None:
    """Add one shape at its place in its body; kinds that the model does not use are left out."""
    place = {"position": model.geom_pos[geom], "wxyz": model.geom_quat[geom]}
    material = int(model.geom_matid[geom])
    rgba = model.mat_rgba[material] if material >= 0 else model.geom_rgba[geom]
    color = np.round(255 * rgba[:3]).astype(np.uint8)
    kind, size = mujoco.mjtGeom(int(model.geom_type[geom])), model.geom_size[geom]
    if kind == mujoco.mjtGeom.mjGEOM_BOX:
        scene.add_box(name, color=color, dimensions=tuple(2 * size), **place)
        return
    profile = _profile(kind, size)
    if profile is not None:
        vertices, faces = _revolve(profile)
        scene.add_mesh_simple(name, vertices=vertices, faces=faces, color=color, **place)


def _profile(kind: mujoco.mjtGeom, size: np.ndarray) -> np.ndarray | None:
    """Return (N, 2) radius and height of a round shape from bottom to top, or None for other shapes."""
    bend = np.linspace(-np.pi / 2, np.pi / 2, SEGMENTS)
    if kind == mujoco.mjtGeom.mjGEOM_SPHERE:
        return size[0] * np.column_stack([np.cos(bend), np.sin(bend)])
    if kind == mujoco.mjtGeom.mjGEOM_CAPSULE:
        height = size[0] * np.sin(bend) + np.where(bend < 0, -size[1], size[1])
        return np.column_stack([size[0] * np.cos(bend), height])
    if kind == mujoco.mjtGeom.mjGEOM_CYLINDER:
        return np.array([[0.0, -size[1]], [size[0], -size[1]], [size[0], size[1]], [0.0, size[1]]])
    return None


def _revolve(profile: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn a (N, 2) profile about z; return vertices (N * SEGMENTS, 3) and triangles (M, 3)."""
    turn = np.linspace(0.0, 2 * np.pi, SEGMENTS, endpoint=False)
    radius, height = profile.T
    ring = np.stack([np.outer(radius, np.cos(turn)), np.outer(radius, np.sin(turn))], axis=-1)  # (N, SEGMENTS, 2)
    tall = np.broadcast_to(height[:, None, None], (*ring.shape[:2], 1))
    vertices = np.concatenate([ring, tall], axis=-1).reshape(-1, 3)
    level, around = np.meshgrid(np.arange(len(profile) - 1), np.arange(SEGMENTS), indexing="ij")
    a, b = level * SEGMENTS + around, level * SEGMENTS + (around + 1) % SEGMENTS
    lower = np.stack([a, b, b + SEGMENTS], axis=-1).reshape(-1, 3)
    upper = np.stack([a, b + SEGMENTS, a + SEGMENTS], axis=-1).reshape(-1, 3)
    return vertices, np.concatenate([lower, upper])
