"""Policy x task x seed -> result, on a simulated clock: the same on every computer.

The loop, controller and safety gate are those of a real robot; only the clock is
simulated, and an answer of the policy comes to light exactly as many ticks late as
was asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from psizero.control.safety import GateState, SafetyGate
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3, PolicyLayout
from psizero.errors import ConfigError
from psizero.evaluate.camera import BrokenCamera, CameraMode
from psizero.evaluate.film import Film
from psizero.runtime.ask import AskConfig
from psizero.runtime.control_loop import ControlLoop, LoopConfig
from psizero.runtime.modes import DEFAULT_MODE, MODES
from psizero.runtime.trace import Trace, TraceSummary
from psizero.runtime.worker import SimulatedWorker, uneven_delays
from psizero.sim.task import TASKS, TaskEpisode, open_task
from psizero.types import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPolicy:
    """A policy that can be asked, and what the evaluation must know about it."""

    policy: Policy
    name: str
    """What the report calls it: a path, or a name with a fingerprint."""
    layout: PolicyLayout
    max_promised: int
    """Longest prefix it was trained to agree with (ticks)."""
    rows: int
    """Ticks that one of its chunks is long."""
    picture_size: tuple[int, int] | None = None
    """Height and width it sees (pixels), so that recorded videos are not decoded larger; None keeps them."""
    fork: Callable[[], Policy] | None = None
    """Makes one more with the same weights and a state of its own, for a server; None if it cannot be shared."""


PolicyFactory = Callable[[], ReadyPolicy]
"""Makes a policy in the process that uses it; a function or a frozen dataclass, so that it can be sent and compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRequest:
    """One episode to be run."""

    task: str
    """Whose scene is set up."""
    seed: int
    asked_task: str | None = None
    """Which task is asked for and judged; None is the scene's own."""
    instruction: str | None = None
    """The words; None draws a paraphrase of the task by the seed."""
    delay_ticks: int = 0
    """Ticks from a question to its answer."""
    delay_jitter: float = 0.0
    """Mean of what comes on top (ticks), exponential; the longest delay is what half a chunk bridges."""
    camera: CameraMode = "normal"
    shift: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Props moved by x, y (m) from where the seed puts them."""
    ask: AskConfig = field(default_factory=AskConfig)
    mode: str = DEFAULT_MODE
    """How one chunk follows another: a name in `runtime.modes`."""
    time_limit: float | None = None
    """Longest duration (s); None is the task's own."""
    film: bool = False
    """Whether to keep a video and the actions."""
    walking_legs: bool = False
    """Whether System-0 moves the legs also where the task does not walk."""

    def __post_init__(self) -> None:
        for name in (self.task, self.judged):
            _ = TASKS[name]
        _ = MODES[self.mode]
        if self.delay_ticks < 0 or self.delay_jitter < 0:
            least = min(self.delay_ticks, self.delay_jitter)
            raise ConfigError(f"an answer cannot come {-least:g} ticks before its question; try 0")
        if self.time_limit is not None and self.time_limit <= 0:
            raise ConfigError(
                f"an episode must last longer than 0 s, got {self.time_limit:g}; try None, the task's own"
            )

    @property
    def judged(self) -> str:
        """Name of the task that is asked and judged."""
        return self.asked_task or self.task


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeResult:
    """How one episode went."""

    request: EpisodeRequest
    instruction: str
    success: bool
    outcome: str
    """"success", or why not, in words."""
    subtasks: Mapping[str, bool]
    seconds: float
    """Simulated time from the first question to the end (s)."""
    trace: TraceSummary
    gate: Mapping[str, int]
    """How many control steps each kind of the gate's events took part in."""
    video: bytes | None = None
    """mp4, if it was filmed."""
    actions: np.ndarray | None = None
    """(T, A) what was sent, if it was filmed."""
    states: np.ndarray | None = None
    """(T, S) what was measured, if it was filmed."""
    chunks: np.ndarray | None = None
    """(T,) tick at which the chunk in use was asked, if it was filmed."""


def run_episode(ready: ReadyPolicy, request: EpisodeRequest) -> EpisodeResult:
    """Run one seeded episode to its end: success, failure or the time limit.

    A policy that fails raises its `PolicyError`: a broken policy has no success rate.
    """
    G1_DEX3.check_same(ready.layout, whose=f"the policy {ready.name}")
    request.ask.check_chunk(ready.rows, request.delay_ticks)
    mode = MODES[request.mode]
    mode.check(ready.policy, ready.name)
    episode = open_task(
        request.judged,
        request.seed,
        request.instruction,
        shift=request.shift,
        walking_legs=request.walking_legs,
    )
    gate = SafetyGate(G1)
    loop = ControlLoop(
        robot=BrokenCamera(episode.robot, request.camera, np.random.default_rng([request.seed, 2])),
        clock=episode.clock,
        controller=episode.controller(),
        gate=gate,
        worker=SimulatedWorker(ready.policy, _delays(request, longest=ready.rows // 2)),
        layout=G1_DEX3,
        config=LoopConfig(
            first_delay=request.delay_ticks,
            ask=mode.ask(request.ask, max_promised=ready.max_promised, rows=ready.rows),
            mode=mode,
        ),
    )
    film = Film(episode.world.picture) if request.film else None
    loop.start(episode.instruction)
    begin = episode.clock.now()
    gate.counters.clear()
    limit = episode.time_limit if request.time_limit is None else request.time_limit
    outcome = _drive(loop, episode, gate, film, limit)
    status = episode.status()
    kept = loop.trace if request.film else None
    return EpisodeResult(
        request=request,
        instruction=episode.instruction,
        success=outcome == "success",
        outcome=outcome,
        subtasks=dict(status.subtasks),
        seconds=round(episode.clock.now() - begin, 6),
        trace=loop.trace.summary(),
        gate={kind: count for kind, count in sorted(gate.counters.items()) if kind != "state"},
        video=film.encode() if film else None,
        actions=kept.actions if kept else None,
        states=kept.states if kept else None,
        chunks=_chunks(kept) if kept else None,
    )


def _delays(request: EpisodeRequest, *, longest: int) -> int | Iterator[int]:
    """Return how late answers are, the same for the same seed whatever the mode."""
    if request.delay_jitter == 0.0:
        return request.delay_ticks
    random = np.random.default_rng([request.seed, 3])
    return uneven_delays(request.delay_ticks, request.delay_jitter, longest, random)


def _drive(loop: ControlLoop, episode: TaskEpisode, gate: SafetyGate, film: Film | None, limit: float) -> str:
    """Step until the episode is decided; return the outcome in words."""
    for _ in range(round(limit * G1_DEX3.rate)):
        record = loop.step()
        if film:
            film.look(record.tick)
        if loop.error:
            raise loop.error
        status = episode.status()
        if status.success:
            return "success"
        if status.failure:
            return status.failure
        if gate.state is GateState.DAMP:
            return "the safety gate damped the robot"
    return f"not done within {limit:g} s"


def _chunks(trace: Trace) -> np.ndarray:
    return np.array([record.chunk for record in trace.records])
