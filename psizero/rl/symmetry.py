"""Left and right are the same: what a mirrored robot sees and does."""

import numpy as np

from psizero.control.lower_body import FRAME, FRAME_SIZE, HISTORY, driven_joints, sensed_joints
from psizero.embodiment.robot import RobotSpec

_SIGNS = {
    "command": (1, -1, -1, 1, -1, 1, -1),
    "angular_velocity": (-1, 1, -1),
    "gravity": (1, -1, 1),
    "clock": (-1, -1),
    "velocity_by_leg": (1, -1),
    "height_by_leg": (1,),
    "capture_point": (1, -1),
}
_HIDDEN = ((0, 1), (1, -1), (2, 1), (3, 1), (4, -1), (5, -1), (6, 1), (8, 1), (7, 1), (9, 1), (10, -1), (11, 1),
           (13, 1), (12, 1), (14, 1), (15, 1), (16, 1), (17, 1))  # fmt: skip
"""Source and sign of each number that only the critic sees."""


class Mirror:
    """Index and sign of every number of observation, critic's view and action of the mirrored robot."""

    def __init__(self, robot: RobotSpec) -> None:
        axis = {joint.name: joint.hinge.axis for joint in robot.joints}
        joints, driven = (_joints(names, axis) for names in (sensed_joints(robot), driven_joints(robot)))
        parts = {"joint_positions": joints, "joint_velocities": joints, "last_action": driven}
        parts |= {name: (np.arange(len(sign)), np.array(sign)) for name, sign in _SIGNS.items()}
        index, sign, start = [], [], 0
        for name, size in FRAME:
            index.append(parts[name][0] + start)
            sign.append(parts[name][1])
            start += size
        frame = np.concatenate(index), np.concatenate(sign)
        self.action = driven
        self.observation = (
            np.concatenate([frame[0] + FRAME_SIZE * number for number in range(HISTORY)]),
            np.tile(frame[1], HISTORY),
        )
        hidden = np.array(_HIDDEN)
        self.privileged = (
            np.concatenate([frame[0], driven[0] + FRAME_SIZE, hidden[:, 0] + FRAME_SIZE + 15]),
            np.concatenate([frame[1], driven[1], hidden[:, 1]]),
        )


def _joints(names: tuple[str, ...], axis: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    place = {name: index for index, name in enumerate(names)}
    swap = {"left_": "right_", "right_": "left_"}
    index, sign = [], []
    for name in names:
        head = next((side for side in swap if name.startswith(side)), None)
        index.append(place[swap[head] + name.removeprefix(head)] if head else place[name])
        sign.append(1 if axis[name] == "y" else -1)
    return np.array(index), np.array(sign)
