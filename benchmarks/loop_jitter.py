"""How punctual the control loop is while a policy really computes beside it.

The whole stack runs on the computer's clock: physics, controller, safety gate and the
loop in one thread, the tiny policy in another, asked as it is on a robot.

Run: python -m benchmarks.loop_jitter
"""

from dataclasses import replace

import numpy as np
import torch

from benchmarks.figure import Figure, show
from benchmarks.live_robot import LiveRobot
from psizero.clock import punctual_thread
from psizero.control.safety import SafetyGate
from psizero.control.whole_body import WholeBodyController
from psizero.data.normalize import Normalizer
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.model.config import config_of_size
from psizero.model.network import FlowNetwork
from psizero.model.policy import FlowPolicy, Normalizers
from psizero.runtime.ask import AskConfig
from psizero.runtime.control_loop import ControlLoop, LoopConfig, hold_action
from psizero.runtime.trace import percentiles
from psizero.runtime.worker import PolicyWorker
from psizero.sim.task import open_task
from psizero.types import ActionChunk, Observation

LIMIT_MS = 3.0
SECONDS = 20.0
"""Time that is measured (s)."""
SETTLING_TICKS = 60
"""Ticks before that: first answers of a network are slow."""


class StandingPolicy:
    """Computes as a real policy does, and then asks the robot to stay as it is."""

    def __init__(self) -> None:
        config = config_of_size("tiny", state_size=G1_DEX3.state.size, action_size=G1_DEX3.action.size, cameras=1)
        normalizers = Normalizers(state=_plain(G1_DEX3.state.size), action=_plain(G1_DEX3.action.size))
        self._real = FlowPolicy(FlowNetwork(config), layout=G1_DEX3, normalizers=normalizers)
        self._hold: np.ndarray | None = None

    def reset(self) -> None:
        self._real.reset()
        self._hold = None

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        chunk = self._real.act(observation, promised)
        if self._hold is None:
            self._hold = hold_action(G1_DEX3, observation.state)
        return replace(chunk, values=np.repeat(self._hold[None], len(chunk.values), axis=0))


def measure() -> list[Figure]:
    """Run the loop in real time; return how late its steps came and how late the answers."""
    torch.set_num_threads(1)
    worker = PolicyWorker(StandingPolicy())
    try:
        robot = LiveRobot(open_task("pick_bottle", seed=0))
        loop = ControlLoop(
            robot=robot,
            clock=robot,
            controller=WholeBodyController(G1, G1_DEX3),
            gate=SafetyGate(G1),
            worker=worker,
            layout=G1_DEX3,
            config=LoopConfig(ask=AskConfig(min_executed=4)),
        )
        with punctual_thread():
            loop.start("pick up the bottle")
            for _ in range(SETTLING_TICKS + round(SECONDS * G1_DEX3.rate)):
                loop.step()
        if loop.error:
            raise loop.error
    finally:
        worker.close()
    records = loop.trace.records[SETTLING_TICKS:]
    lateness = percentiles(1e3 * np.array([record.lateness for record in records]))
    compute = percentiles(1e3 * np.array([r.compute_seconds for r in records if r.compute_seconds is not None]))
    return [
        Figure(name="lateness of the control loop, p50", value=lateness["p50"], unit="ms"),
        Figure(name="lateness of the control loop, p99", value=lateness["p99"], unit="ms", at_most=LIMIT_MS),
        Figure(name="chunks computed meanwhile", value=sum(r.delay is not None for r in records), unit=""),
        Figure(name="time for a chunk beside the loop, p95", value=compute["p95"], unit="ms"),
    ]


def _plain(size: int) -> Normalizer:
    """Return a normalizer that changes nothing."""
    return Normalizer(low=-np.ones(size), high=np.ones(size))


if __name__ == "__main__":
    show(measure())
