"""A film of the first episode of a script: the whole robot, with an arrow while it is pushed."""

import mujoco
import numpy as np

from psizero.data.video import encode_video
from psizero.embodiment.robot import RobotSpec
from psizero.evaluate.locomotion_arena import add_arrow, arena
from psizero.evaluate.locomotion_run import Recording
from psizero.evaluate.locomotion_scripts import Script
from psizero.geometry import from_rpy
from psizero.sim.rendering import Painter

FPS = 15.0
"""Pictures per second, about (Hz)."""
SHOWN = 0.4
"""For how long a push of 0.08 s is shown (s)."""


def film(script: Script, recording: Recording, robot: RobotSpec, size: tuple[int, int] = (360, 480)) -> bytes:
    """Return an mp4 of the first robot of a recording, (height, width) pixels; it ends where the robot falls."""
    model = arena(robot, script.ground, script.payload, looks=add_arrow)
    data = mujoco.MjData(model)
    torso = model.body("torso_link").id
    end = recording.fell_at[0]
    ticks = recording.between(0.0, recording.seconds if np.isnan(end) else end)
    every = max(1, round(recording.rate / FPS))
    painter = Painter(model)
    try:
        frames = []
        for tick in range(0, ticks.stop, every):
            data.qpos[:] = recording.film[tick]
            mujoco.mj_kinematics(model, data)
            _aim_arrow(data, data.xpos[torso], recording.pushes[:, 0], tick / recording.rate)
            mujoco.mj_kinematics(model, data)
            mujoco.mj_camlight(model, data)
            frames.append(painter.picture(data, "follow", *size))
    finally:
        painter.close()
    return encode_video(np.stack(frames), recording.rate / every)


def _aim_arrow(data: mujoco.MjData, torso: np.ndarray, pushes: np.ndarray, time: float) -> None:
    """Put the arrow's tip to the torso while one of `pushes` (P, 4) is shown, and underground else."""
    data.mocap_pos[0] = (0.0, 0.0, -10.0)
    for begin, x, y, _ in pushes:
        if begin <= time < begin + SHOWN:
            data.mocap_pos[0] = torso + np.array([0.0, 0.0, 0.2])
            data.mocap_quat[0] = from_rpy(0.0, 0.0, float(np.arctan2(y, x)))
