"""PsiZero's tasks as a benchmark of vla-eval 0.8: a G1 in MuJoCo, one action per tick of 1/30 s.

vla-eval finds a benchmark by "module:class", here `vla_eval_psizero:PsizeroTasks`. Scenes, words, judge and
safety gate are those of `psizero evaluate`; number n of vla-eval's episodes of a task is its seed n.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from vla_eval.benchmarks.base import StepBenchmark, StepResult
from vla_eval.render import configure_mujoco_render
from vla_eval.specs import IMAGE_RGB, LANGUAGE, DimSpec
from vla_eval.types import Action, EpisodeResult, Observation, Task

from psizero.embodiment.layout import G1_DEX3
from psizero.evaluate.driven import DrivenEpisode
from psizero.sim.task import TASKS


class PsizeroTasks(StepBenchmark):
    """The tasks by name, each in as many scenes as there are episodes."""

    render_backends: ClassVar[frozenset[str]] = frozenset({"gpu", "cpu"})

    @classmethod
    def configure_render(cls, mode: str) -> dict[str, str]:
        """Draw in software on "cpu"; on "gpu" psizero takes what the computer has."""
        return configure_mujoco_render(mode)

    def __init__(
        self, tasks: Sequence[str] = ("pick_bottle", "hug_box"), first_seed: int = 0, send_state: bool = True
    ) -> None:
        """Take names of tasks and the seed of episode 0; the state is sent in any case, a policy cannot do without."""
        super().__init__()
        self._tasks = [TASKS[name] for name in tasks]
        self._first_seed = first_seed
        self._episode: DrivenEpisode | None = None

    def get_tasks(self) -> list[Task]:
        """Return the tasks."""
        return [{"name": task.name} for task in self._tasks]

    def reset(self, task: Task) -> DrivenEpisode:
        """Set up the scene of an episode."""
        self._episode = DrivenEpisode(task["name"], self._first_seed + task.get("episode_idx", 0))
        return self._episode

    def step(self, action: Action) -> StepResult:
        """Run one tick."""
        assert self._episode is not None, "vla-eval resets before it steps"
        self._episode.tick(np.asarray(action["actions"]))
        outcome = self._episode.outcome
        return StepResult(obs=self._episode, reward=float(outcome == "success"), done=outcome is not None, info={})

    def make_obs(self, raw_obs: DrivenEpisode, task: Task) -> Observation:
        """Return what the policy may see now."""
        seen = raw_obs.observe()
        pictures = {camera: seen.images[camera] for camera in G1_DEX3.cameras}
        return {"images": pictures, "state": seen.state, "task_description": seen.instruction}

    def get_step_result(self, step_result: StepResult) -> EpisodeResult:
        """Return how the episode went."""
        return {"success": step_result.obs.outcome == "success"}

    def get_hold_action(self, last_action: Action | None) -> Action:
        """Return an action that goes nowhere."""
        return {"actions": np.zeros(G1_DEX3.action.size, np.float32) if self._episode is None else self._episode.hold}

    def get_metadata(self) -> dict[str, Any]:
        """Return the longest episode in ticks."""
        return {"max_steps": round(max(task.time_limit for task in self._tasks) * G1_DEX3.rate)}

    def get_action_spec(self) -> dict[str, DimSpec]:
        """Return the fields of an action and their units."""
        return {field.name: DimSpec(field.name, field.size, field.unit) for field in G1_DEX3.action.fields}

    def get_observation_spec(self) -> dict[str, DimSpec]:
        """Return what an observation holds."""
        state = G1_DEX3.state
        return {"image": IMAGE_RGB, "state": DimSpec("state", state.size, state.name), "language": LANGUAGE}
