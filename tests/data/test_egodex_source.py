"""Human video goes the way of every recording: one row per frame, in the camera's frame of that instant."""

import numpy as np
import pytest

from psizero.data.egodex import EgoDexClip, write_episode
from psizero.data.egodex_source import EgoDexSource
from psizero.data.source import format_of, open_source
from psizero.embodiment.layout import HUMAN
from psizero.errors import DataError
from tests.data.test_egodex import COUNT, recording


@pytest.fixture
def folder(tmp_path):
    write_episode(tmp_path / "stack_cups" / "3.hdf5", recording())
    return tmp_path


def test_a_frame_holds_the_hands_now_and_one_frame_later_from_the_same_camera(folder):
    assert format_of(folder) == "egodex"
    source = open_source(folder)
    assert isinstance(source, EgoDexSource)
    assert source.names == ["stack_cups/3.hdf5"] and source.layout is HUMAN
    episode = source.read(0)
    clip = EgoDexClip(folder / "stack_cups" / "3.hdf5")
    for frame in (0, 7, COUNT - 2):
        chunk = clip.chunk(frame, 1, step=1)
        np.testing.assert_allclose(episode.state[frame], chunk.now, atol=1e-6)
        np.testing.assert_allclose(episode.action[frame], chunk.actions[0], atol=1e-6)
    np.testing.assert_array_equal(episode.action[-1], episode.state[-1])
    assert episode.images["head"].shape == (COUNT, 48, 64, 3)
    assert episode.instruction == "stack the cups"


def test_pictures_may_be_left_out_or_shrunk(folder):
    source = EgoDexSource(folder)
    assert source.read(0, cameras=()).images == {}
    assert source.read(0, image_size=(24, 32)).images["head"].shape == (COUNT, 24, 32, 3)


def test_a_damaged_clip_is_named(folder):
    poses = recording().transforms["leftHand"].copy()
    poses[4, 0, 3] = np.nan
    broken = recording(transforms={**recording().transforms, "leftHand": poses})
    write_episode(folder / "stack_cups" / "4.hdf5", broken)
    with pytest.raises(DataError, match=r"4\.hdf5: 'leftHand' is not finite, first in frame 4"):
        EgoDexSource(folder).read(1)
