"""A walker that holds the rest pose as stiffly as the robot's table allows, whatever it is told."""

import numpy as np

from psizero.control.lower_body import Senses, driven_joints
from psizero.embodiment.g1 import G1


class StiffWalker:
    def __init__(self, count: int) -> None:
        place = {name: index for index, name in enumerate(G1.joint_names)}
        self.joints = driven_joints(G1)
        driven = [place[name] for name in self.joints]
        self.stiffness, self.damping = G1.column("stiffness")[driven], G1.column("damping")[driven]
        self.rest = np.tile(G1.column("rest")[driven], (count, 1))
        self.told: list[np.ndarray] = []

    def reset(self, ids: np.ndarray | None = None) -> None:
        self.told = []

    def act(self, command: np.ndarray, senses: Senses, dt: float) -> np.ndarray:
        self.told.append(command.copy())
        return self.rest
