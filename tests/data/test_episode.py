"""An episode whose parts do not belong together is refused with the part's name."""

from dataclasses import replace

import numpy as np
import pytest

from psizero.data.synthetic import synthetic_episode
from psizero.errors import DataError

EPISODE = synthetic_episode(0, length=5)


def test_a_whole_episode_knows_its_length():
    assert len(EPISODE) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"state": np.zeros((0, 32), np.float32)}, "one frame or more"),
        ({"state": np.zeros((5, 32))}, r"state must be float32 \(5, 32\), got float64"),
        ({"action": np.zeros((4, 36), np.float32)}, r"action must be float32 \(5, 36\), got float32 \(4, 36\)"),
        (
            {"action": np.full((5, 36), np.nan, np.float32)},
            "action holds a number that is not finite, first in frame 0",
        ),
        ({"timestamps": np.zeros(5)}, "frame 1 is not later"),
        ({"timestamps": np.arange(5, dtype=np.float32)}, "timestamps must be float64"),
        ({"images": {"head": np.zeros((5, 8, 8), np.uint8)}}, r"images\['head'\] must be uint8 \(5, H, W, 3\)"),
        ({"images": {"head": np.zeros((5, 8, 8, 3))}}, "got float64"),
        ({"stream_times": {"joints": np.zeros(3)}}, r"stream_times\['joints'\]"),
        ({"info": {"seeds": [1]}}, "must be a bool, int, float or str, got list"),
    ],
)
def test_a_part_that_does_not_fit_is_named(change, message):
    with pytest.raises(DataError, match=message):
        replace(EPISODE, **change)
