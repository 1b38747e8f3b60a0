"""Meta-World 3.1 as a policy of psizero sees it: one camera, where the hand is, and the four numbers of its own action.

Facts of Meta-World (`sawyer_xyz_env.py`): an action is four numbers from -1 to 1, the hand's step along x, y and z in
cm and the effort that closes the gripper; 80 steps are a second; an observation begins with the hand's place (m) and
the gripper's opening (0 to 1). Goals are those of its benchmark MT1: 50 for each seed.

The camera is `corner2`, moved to where published data sets of Meta-World have it (arXiv 2206.14244; LeRobot,
`envs/metaworld.py`) and turned upright, because Meta-World's cameras hang upside down.
"""

from typing import Any

import metaworld
import mujoco
import numpy as np

from psizero.embodiment.layout import Field, PolicyLayout, VectorLayout

CAMERA = "corner2"
CAMERA_PLACE = (0.75, 0.075, 0.7)
"""Where the camera hangs (m)."""
PICTURE = (96, 128)
"""Height and width (pixels): what the tiny network looks at."""

LAYOUT = PolicyLayout(
    "metaworld",
    VectorLayout("metaworld_state", (Field("hand", ("x", "y", "z"), "m"), Field("gripper", ("opening",), "1"))),
    VectorLayout(
        "metaworld_action",
        # One cm in 1/80 s. A unit per second, because it is a velocity: whoever holds makes it zero.
        (Field("hand_velocity", ("x", "y", "z"), "0.8 m/s"), Field("gripper_effort", ("effort",), "1")),
    ),
    80.0,
    (CAMERA,),
)


class World:
    """One task of Meta-World."""

    def __init__(self, task: str, seed: int) -> None:
        """Take the name of a task, such as `reach-v3`, and the seed of its 50 goals."""
        mt1 = metaworld.MT1(task, seed=seed)
        self._goals = mt1.train_tasks
        self._env: Any = mt1.train_classes[task]()
        self._env.model.cam(CAMERA).pos[:] = CAMERA_PLACE
        self._renderer = mujoco.Renderer(self._env.model, *PICTURE)
        for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
            self._renderer.scene.flags[flag] = 0  # in software they cost several times more than all the rest
        self.instruction = task.removesuffix("-v3").replace("-", " ")
        self.most_steps: int = self._env.max_path_length
        self.success = False

    @property
    def goal_count(self) -> int:
        """How many different goals there are."""
        return len(self._goals)

    def reset(self, number: int) -> None:
        """Begin an episode with goal `number`, counted around."""
        self._env.set_task(self._goals[number % len(self._goals)])
        self.full_observation, _ = self._env.reset()
        """(39,) What Meta-World's own policies see."""
        self.success = False

    def step(self, action: np.ndarray) -> None:
        """Run 1/80 s with a (4,) action."""
        self.full_observation, _, _, _, info = self._env.step(np.clip(action, -1.0, 1.0))
        self.success |= bool(info["success"])

    @property
    def state(self) -> np.ndarray:
        """(4,) What a policy may know of the robot."""
        return self.full_observation[:4].astype(np.float32)

    def picture(self) -> np.ndarray:
        """Return what the camera sees, uint8 (H, W, 3)."""
        self._renderer.update_scene(self._env.data, CAMERA)
        return np.ascontiguousarray(self._renderer.render()[::-1, ::-1])

    def close(self) -> None:
        """Free the graphics memory."""
        self._renderer.close()
