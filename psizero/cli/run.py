"""`psizero run`: a policy live, in real time, with a viewer in the browser."""

import math
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import tyro
from rich.console import Console

from psizero.errors import ConfigError

if TYPE_CHECKING:
    from psizero.cli.viewer import Viewer
    from psizero.evaluate.rollout import ReadyPolicy
    from psizero.runtime.worker import PolicyWorker
    from psizero.sim.task import TaskEpisode

SHOW_EVERY = 2
"""Ticks between two pictures in the viewer: 15 a second."""
SAY_EVERY = 30
"""Ticks between two lines on the console: one a second."""
HOLD_TICKS = 30
"""Ticks in which the robot comes to a hold before a failed policy ends the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """Run a policy live in the simulator, at 30 Hz by the clock on the wall."""

    task: str
    """Whose scene is set up and judged, such as pick_bottle."""

    instruction: str | None = None
    """What the robot is asked to do; the task's own words if left out."""

    policy: str | None = None
    """Folder of the policy, or ws://HOST:PORT of one that is served; the one in the package if left out."""

    token_file: Path | None = None
    """File with the word that the server wants to know."""

    mode: str = "prefix"
    """How chunks follow each other: prefix, sync, naive, ensemble, blend, ramp, guidance or guidance_identity."""

    min_executed: int = 10
    """Ticks between two questions to the policy."""

    recorded_camera_age: float = 0.0
    """How much older than its joints a picture was in the recordings the policy learned from (s); 0 in simulation."""

    damp_after: float | None = None
    """Time without an answer, standing still, after which the robot is damped (s); without it, it stands on."""

    seed: int = 0
    """Seed of the scene; a reset takes the next one."""

    walking_legs: bool = False
    """Let System-0 move the legs also in tasks that do not walk."""

    seconds: float | None = None
    """How long to run; without it until Ctrl-C, or until the task is decided when there is no viewer."""

    viewer: bool = True
    """Serve the viewer on this computer."""

    port: int = 8080
    """Port of the viewer; the next free one if it is taken."""

    def __post_init__(self) -> None:
        if self.recorded_camera_age < 0:
            raise ConfigError(f"a picture cannot be taken after it is used, got {self.recorded_camera_age:g} s; try 0")
        if self.seed < 0 or (self.seconds is not None and self.seconds <= 0):
            raise ConfigError(f"seed must be 0 or more and seconds above 0, got {self.seed} and {self.seconds}")


def run(config: Annotated[RunConfig, tyro.conf.arg(name="")]) -> None:
    """Run a policy live, with a viewer in the browser."""
    from psizero.cli import policies
    from psizero.cli.policies import remote_policy
    from psizero.cli.serve import read_token
    from psizero.clock import punctual_thread
    from psizero.runtime.modes import MODES
    from psizero.runtime.worker import PolicyWorker
    from psizero.sim.task import TASKS

    _ = TASKS[config.task], MODES[config.mode]
    if config.policy is not None and config.policy.startswith(("ws://", "wss://")):
        ready = remote_policy(config.policy, read_token(config.token_file))
    else:
        ready = policies.policy_of(None if config.policy is None else Path(config.policy))()
    console = Console()
    with ExitStack() as cleanup:
        worker = PolicyWorker(ready.policy)
        cleanup.callback(worker.close)
        stage = _Stage(config, ready, worker)
        viewer = _open_viewer(config, stage.episode, console)
        if viewer:
            cleanup.callback(viewer.close)
        cleanup.enter_context(punctual_thread())
        _drive(config, stage, viewer, console)


class _Stage:
    """The scene that is played and the loop that drives it; a reset sets up the next one."""

    def __init__(self, config: RunConfig, ready: "ReadyPolicy", worker: "PolicyWorker") -> None:
        self._config, self._ready, self._worker = config, ready, worker
        self.seed = config.seed
        self._first_delay: int | None = None
        self.set_up(config.instruction)

    def set_up(self, instruction: str | None) -> None:
        """Put robot and props at the start of the present seed and begin."""
        from psizero.control.safety import SafetyGate
        from psizero.embodiment.g1 import G1
        from psizero.embodiment.layout import G1_DEX3
        from psizero.runtime.ask import AskConfig
        from psizero.runtime.control_loop import ControlLoop, LoopConfig
        from psizero.runtime.modes import MODES
        from psizero.sim.task import open_task

        ready, mode = self._ready, MODES[self._config.mode]
        G1_DEX3.check_same(ready.layout, whose=f"the policy {ready.name}")
        mode.check(ready.policy, ready.name)
        self.episode = open_task(self._config.task, self.seed, instruction)
        if self._first_delay is None:
            self._first_delay = _warm_up(ready, self.episode)
        ask = AskConfig(min_executed=self._config.min_executed)
        ask.check_chunk(ready.rows, self._first_delay)
        # Warming up takes seconds, so the scene that keeps real time is opened only now.
        self.episode = open_task(
            self._config.task, self.seed, instruction, pace=1.0, walking_legs=self._config.walking_legs
        )
        self.loop = ControlLoop(
            robot=self.episode.robot,
            clock=self.episode.clock,
            controller=self.episode.controller(),
            gate=SafetyGate(G1),
            worker=self._worker,
            layout=G1_DEX3,
            config=LoopConfig(
                first_delay=self._first_delay,
                ask=mode.ask(ask, max_promised=ready.max_promised, rows=ready.rows),
                mode=mode,
                recorded_camera_age=self._config.recorded_camera_age,
                damp_after=self._config.damp_after,
            ),
        )
        self.loop.start(self.episode.instruction)


def _warm_up(ready: "ReadyPolicy", episode: "TaskEpisode") -> int:
    """Ask a few times for nothing, since first answers are slow; return the delay to expect (ticks)."""
    from psizero.runtime.worker import Question, answer

    ready.policy.reset()
    observation = episode.robot.observe()
    question = Question(
        observation=replace(
            observation,
            images=dict(observation.images),
            state=np.zeros(ready.layout.state.size, np.float32),
            instruction=episode.instruction,
        ),
        promised=np.zeros((0, ready.layout.action.size), np.float32),
    )
    seconds = [answer(ready.policy, question).seconds for _ in range(4)]
    return math.ceil(seconds[-1] * ready.layout.rate)


def _open_viewer(config: RunConfig, episode: "TaskEpisode", console: Console) -> "Viewer | None":
    if not config.viewer:
        return None
    from psizero.cli.viewer import Viewer

    viewer = Viewer(episode.world, port=config.port, instruction=config.instruction or episode.instruction)
    console.print(f"Viewer: {viewer.url} (Ctrl-C ends the run)")
    return viewer


def _drive(config: RunConfig, stage: _Stage, viewer: "Viewer | None", console: Console) -> None:
    """Run tick by tick until time is up, the task is decided or somebody presses Ctrl-C."""
    rate = stage.loop.rate
    ticks, last = 0, None if config.seconds is None else round(config.seconds * rate)
    failed_for = 0
    while last is None or ticks < last:
        record = stage.loop.step()
        status = stage.episode.status()
        ticks += 1
        line = _status_line(stage, record.tick / rate)
        if viewer and ticks % SHOW_EVERY == 0:
            viewer.show(stage.episode.world, line)
            _obey(viewer, stage, console)
        if ticks % SAY_EVERY == 0:
            console.print(line, highlight=False)
        failed_for = failed_for + 1 if stage.loop.error else 0
        if stage.loop.error and failed_for >= HOLD_TICKS and not viewer:
            raise stage.loop.error
        decided = status.success or status.failure or record.tick / rate >= stage.episode.time_limit
        if decided and not viewer and config.seconds is None:
            break
    console.print(_status_line(stage, stage.loop.trace.records[-1].tick / rate), highlight=False)


def _obey(viewer: "Viewer", stage: _Stage, console: Console) -> None:
    """Do what was asked for in the browser since the last look."""
    if (words := viewer.new_instruction()) is not None:
        console.print(f"instruction: {words}", highlight=False)
        stage.loop.say(words)
    if viewer.reset_wanted():
        stage.seed += 1
        console.print(f"reset to seed {stage.seed}", highlight=False)
        stage.set_up(stage.loop.instruction)


def _status_line(stage: _Stage, seconds: float) -> str:
    """Return the state of things in one line."""
    records = stage.loop.trace.records
    last_delay = next((record.delay for record in reversed(records) if record.delay is not None), None)
    status = stage.episode.status()
    done = [name.replace("_", " ") for name, reached in status.subtasks.items() if reached]
    verdict = "success" if status.success else status.failure or ", ".join(done) or "nothing yet"
    delay = "none yet" if last_delay is None else f"{last_delay} ticks"
    trouble = stage.loop.error or records[-1].trouble
    error = f", {trouble}" if trouble else ""
    return f"{seconds:6.1f} s  {verdict}; gate {records[-1].gate}, delay {delay}{error}"
