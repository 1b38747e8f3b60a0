import numpy as np
import pytest

from psizero.errors import ConfigError
from psizero.geometry import Pose
from psizero.teleop.device import ReplayDevice
from psizero.teleop.operator import OperatorFrame


def frame(time: float) -> OperatorFrame:
    return OperatorFrame(
        time=time,
        head=Pose(np.array([0.0, 0.0, 1.6])),
        left_wrist=Pose(np.array([0.5, 0.2, 1.4])),
        right_wrist=Pose(np.array([0.5, -0.2, 1.4])),
        left_curl=np.zeros(3),
        right_curl=np.zeros(3),
    )


def test_a_replay_never_gives_a_frame_from_the_future():
    device = ReplayDevice([frame(time) for time in (1.0, 1.1, 1.2)])
    assert device.poll(0.9) is None
    for now, expected in ((1.0, 1.0), (1.19, 1.1), (7.0, 1.2)):
        played = device.poll(now)
        assert played is not None
        assert played.time == expected


def test_frames_out_of_order_are_refused():
    with pytest.raises(ConfigError, match="order of their times"):
        ReplayDevice([frame(2.0), frame(1.0)])
