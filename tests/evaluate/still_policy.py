"""A policy that asks for what is, for tests of everything around a policy."""

from dataclasses import dataclass

import numpy as np

from psizero.embodiment.layout import G1_DEX3
from psizero.evaluate.rollout import ReadyPolicy
from psizero.runtime.control_loop import hold_action
from psizero.types import ActionChunk, Observation


class StillPolicy:
    """Holds the last promised action, or the state."""

    def reset(self) -> None:
        pass

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        last = promised[-1] if len(promised) else hold_action(G1_DEX3, observation.state)
        assert observation.images["head"].dtype == np.uint8
        return ActionChunk(values=np.repeat(last[None], 30, axis=0), start_tick=observation.tick)


@dataclass(frozen=True)
class MakeStillPolicy:
    """The factory, as the command line would give it."""

    name: str = "still"

    def __call__(self) -> ReadyPolicy:
        return ReadyPolicy(policy=StillPolicy(), name=self.name, layout=G1_DEX3, max_promised=7, rows=30)
