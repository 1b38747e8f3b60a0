"""Meta-World 3.1 as a benchmark of vla-eval 0.8, which has none of its own; one action per step of 1/80 s.

vla-eval finds a benchmark by "module:class", here `vla_eval_metaworld:MetaWorld`. Number n of vla-eval's episodes of
a task has goal n of Meta-World's MT1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from vla_eval.benchmarks.base import StepBenchmark, StepResult
from vla_eval.render import configure_mujoco_render
from vla_eval.specs import IMAGE_RGB, LANGUAGE, DimSpec
from vla_eval.types import Action, EpisodeResult, Observation, Task

if TYPE_CHECKING:  # it imports MuJoCo, which vla-eval tells before how to draw
    from vla_eval_metaworld.world import World


class MetaWorld(StepBenchmark):
    """Tasks by name; an episode ends with its first success or after Meta-World's 500 steps."""

    render_backends: ClassVar[frozenset[str]] = frozenset({"gpu", "cpu"})

    @classmethod
    def configure_render(cls, mode: str) -> dict[str, str]:
        """Draw by OSMesa on "cpu"; on "gpu" by what the variable MUJOCO_GL says."""
        return configure_mujoco_render(mode)

    def __init__(
        self, tasks: Sequence[str] = ("button-press-topdown-v3",), seed: int = 0, send_state: bool = True
    ) -> None:
        """Take names of tasks and the seed of their goals; the state is sent in any case."""
        super().__init__()
        self._tasks, self._seed = list(tasks), seed
        self._world: World | None = None
        self._name = ""

    def get_tasks(self) -> list[Task]:
        """Return the tasks."""
        return [{"name": name} for name in self._tasks]

    def reset(self, task: Task) -> World:
        """Set up the scene of an episode."""
        from vla_eval_metaworld.world import World

        if self._world is None or task["name"] != self._name:
            self.cleanup()
            self._world, self._name = World(task["name"], self._seed), task["name"]
        self._world.reset(task.get("episode_idx", 0))
        return self._world

    def step(self, action: Action) -> StepResult:
        """Run one step."""
        assert self._world is not None, "vla-eval resets before it steps"
        self._world.step(np.asarray(action["actions"]))
        success = self._world.success
        return StepResult(obs=self._world, reward=float(success), done=success, info={})

    def make_obs(self, raw_obs: World, task: Task) -> Observation:
        """Return what the policy may see now."""
        from vla_eval_metaworld.world import CAMERA

        return {
            "images": {CAMERA: raw_obs.picture()},
            "state": raw_obs.state,
            "task_description": raw_obs.instruction,
        }

    def get_step_result(self, step_result: StepResult) -> EpisodeResult:
        """Return how the episode went."""
        return {"success": step_result.obs.success}

    def get_hold_action(self, last_action: Action | None) -> Action:
        """Return an action that keeps the hand where it is and the gripper as tight as it is."""
        effort = 0.0 if last_action is None else last_action["actions"][3]
        return {"actions": np.array([0.0, 0.0, 0.0, effort], np.float32)}

    def get_metadata(self) -> dict[str, Any]:
        """Return the longest episode in steps: Meta-World refuses more."""
        return {"max_steps": 500}

    def get_action_spec(self) -> dict[str, DimSpec]:
        """Return the fields of an action and their units."""
        from vla_eval_metaworld.world import LAYOUT

        return {field.name: DimSpec(field.name, field.size, field.unit) for field in LAYOUT.action.fields}

    def get_observation_spec(self) -> dict[str, DimSpec]:
        """Return what an observation holds."""
        from vla_eval_metaworld.world import LAYOUT

        return {
            "image": IMAGE_RGB,
            "state": DimSpec("state", LAYOUT.state.size, LAYOUT.state.name),
            "language": LANGUAGE,
        }

    def cleanup(self) -> None:
        """Free the graphics memory."""
        if self._world is not None:
            self._world.close()
