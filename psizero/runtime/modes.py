"""How one chunk follows another: the published ways, as small choices within one executor.

A mode says what the policy is told of the plan under way, and what the plan does when
an answer comes. Clock, ticks, epochs, the slow-down when no answer comes and the safety
gate are the same in all of them, so a comparison of modes compares nothing else.

>>> MODES["naiv"]
Traceback (most recent call last):
...
psizero.errors.ConfigError: unknown mode 'naiv'; known: blend, ensemble, guidance, guidance_identity, naive, \
prefix, ramp, sync. Did you mean 'naive'?
"""

from dataclasses import dataclass, replace

import numpy as np

from psizero.errors import ConfigError
from psizero.registry import Registry
from psizero.runtime.ask import AskConfig
from psizero.types import ActionChunk, Lead, Policy, SteeredPolicy

DEFAULT_MODE = "prefix"

ENSEMBLE_DECAY = 0.01
"""How the weight of a chunk falls with its place, the oldest first: exp(-0.01 i), as in ACT's published code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One way to go from chunk to chunk."""

    name: str
    promises: bool = False
    """Whether the policy is told the actions that run meanwhile, and was trained to go on from them."""
    steers: Lead | None = None
    """How the plan leads a network that was not trained for promises; None does not lead it."""
    blends: bool = True
    """Whether a chunk is faded in within the limits of acceleration; else it takes over in the tick it comes."""
    averages: bool = False
    """Whether each tick runs the weighted mean of all chunks that know it."""
    waits: bool = False
    """Whether the plan stands still from a question to its answer, whose row 0 then runs in the tick it comes."""

    def ask(self, config: AskConfig, *, max_promised: int, rows: int) -> AskConfig:
        """Return `config` for a policy with chunks of `rows` ticks, trained to keep `max_promised` promises."""
        if self.promises:
            return config.for_model(max_promised)
        # Guidance holds any number of rows; half a chunk is the longest delay that a chunk can bridge.
        return config.for_model(0) if self.steers is None else replace(config, max_promised=rows // 2)

    def check(self, policy: Policy, name: str) -> None:
        """Refuse a policy, called `name`, that cannot be used in this mode."""
        if self.steers is not None and not isinstance(policy, SteeredPolicy):
            others = ", ".join(mode.name for mode in MODES.values() if mode.steers is None)
            raise ConfigError(
                f"mode {self.name!r} leads the network while it draws a chunk, which the policy {name} does not offer; "
                f"try one of: {others}"
            )


class Ensemble:
    """Temporal ensembling: chunks overlap, and a tick runs their weighted mean, the oldest counting most.

    Source: ACT, arXiv 2304.13705, algorithm 2. ACT asks in every tick; here it is asked as often as the
    settings say, so that its cost is that of the other modes.
    """

    def __init__(self) -> None:
        self._chunks: list[ActionChunk] = []

    def forget(self) -> None:
        """Drop all chunks: an episode or an instruction begins."""
        self._chunks = []

    def merge(self, chunk: ActionChunk) -> ActionChunk:
        """Return the newest chunk with each row averaged over all chunks that have one for its tick."""
        start, rows = chunk.start_tick, len(chunk.values)
        self._chunks = [old for old in self._chunks if old.start_tick + len(old.values) > start] + [chunk]
        total, weight = np.zeros(chunk.values.shape), np.zeros((rows, 1))
        for place, known in enumerate(self._chunks):
            values = known.values[start - known.start_tick :][:rows]
            share = np.exp(-ENSEMBLE_DECAY * place)
            total[: len(values)] += share * values
            weight[: len(values)] += share
        return replace(chunk, values=(total / weight).astype(np.float32))


MODES = Registry(
    "mode",
    {
        mode.name: mode
        for mode in (
            # The policy is trained to go on from promised actions: arXiv 2512.05964, and Psi0, arXiv 2603.12263.
            Mode(name=DEFAULT_MODE, promises=True),
            # What most published runners do: the plan ends after some rows, the robot holds until the answer comes.
            Mode(name="sync", waits=True),
            # Asked beside the loop, switched to at the row that is due: the baseline of arXiv 2506.07339.
            Mode(name="naive", blends=False),
            # arXiv 2304.13705; see `Ensemble`.
            Mode(name="ensemble", blends=False, averages=True),
            # `naive` with what our executor adds by itself: how much of a mode's gain is only a smooth hand-over?
            Mode(name="blend"),
            # The sampler starts from the old plan and moves its rows less the sooner they run: NVIDIA GR00T N1.7.
            Mode(name="ramp", steers="ramp"),
            # A pull towards the old plan while the chunk is drawn, through the network's derivative: arXiv 2506.07339.
            Mode(name="guidance", steers="exact"),
            # The same without the derivative, as LeRobot and others do it.
            Mode(name="guidance_identity", steers="identity"),
        )
    },
)
"""Every mode by its name, as `--mode` takes it."""
