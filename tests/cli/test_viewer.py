import urllib.request

import mujoco
import numpy as np
import pytest

from psizero.cli.viewer import Viewer, _profile, _revolve
from psizero.sim.task import open_task

viser = pytest.importorskip("viser", reason="the viewer is an extra")


@pytest.fixture(scope="module")
def viewer():
    viewer = Viewer(open_task("pick_bottle", 0).world, port=18080, instruction="pick up the bottle")
    yield viewer
    viewer.close()


def test_the_page_is_served_to_this_computer_alone(viewer):
    assert viewer.url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(viewer.url) as answer:
        assert b"<html" in answer.read()


def test_every_shape_of_the_world_but_the_floor_is_shown(viewer):
    model = open_task("pick_bottle", 0).world.model
    in_bodies = int(np.count_nonzero(model.geom_bodyid))
    shown = [name for name in viewer._server.scene._handle_from_node_name if name.count("/") == 3]
    assert len(shown) == in_bodies


def test_what_was_asked_in_the_browser_is_obeyed_once(viewer):
    for words in ("wave", "bow"):
        viewer._words.put(words)
    viewer._resets.put(None)
    assert viewer.new_instruction() == "bow"
    assert viewer.new_instruction() is None
    assert viewer.reset_wanted()
    assert not viewer.reset_wanted()


@pytest.mark.parametrize(
    ("kind", "volume"),
    [
        (mujoco.mjtGeom.mjGEOM_SPHERE, 4 / 3 * np.pi * 0.1**3),
        (mujoco.mjtGeom.mjGEOM_CYLINDER, np.pi * 0.1**2 * 0.6),
        (mujoco.mjtGeom.mjGEOM_CAPSULE, np.pi * 0.1**2 * 0.6 + 4 / 3 * np.pi * 0.1**3),
    ],
)
def test_a_round_shape_is_closed_faces_outwards_and_has_its_volume(kind, volume):
    vertices, faces = _revolve(_profile(kind, np.array([0.1, 0.3, 0.0])))
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    found = float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6.0
    assert found == pytest.approx(volume, rel=0.04)
