"""The real loop, client and server through every fault of the network bench; robot and policy are toys.

All faults run side by side, in real time; nothing here depends on how fast the computer is.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks import network
from benchmarks.bad_wire import BadWire, Trouble
from benchmarks.network import FAULTS, Fault, Outage, Recovery, drive, measured, summary_of
from psizero.clock import MonotonicClock
from psizero.control.safety import SafetyGate
from psizero.runtime.blending import Blending
from psizero.runtime.client import ClientConfig, RemotePolicy
from psizero.runtime.control_loop import ControlLoop, LoopConfig
from psizero.runtime.trace import Trace
from psizero.runtime.worker import PolicyWorker
from tests.runtime.served import serving
from tests.runtime.toy_robot import LAYOUT, SPEC, RampPolicy, ToyController, ToyRobot

QUICK = ClientConfig(answer_within=1.0, connect_within=1.0, first_pause=0.02, longest_pause=0.1)
BREAKS, RETURNS, ENDS = 20, 70, 130
"""Ticks of an outage: a plan of 30 rows is at its end in between."""
LONGEST = 1500
"""Ticks after which a robot that still has no plan is a failure."""


@dataclass(frozen=True)
class Ran:
    """What one fault did to the loop."""

    trace: Trace
    recovery: Recovery


class GentlePolicy(RampPolicy):
    """So slow that the arm stays within its joint's range for the whole run."""

    def __init__(self) -> None:
        super().__init__(step=0.004)


def run(fault: Fault) -> Ran:
    """Run the toy through a fault."""
    clock = MonotonicClock()
    with ExitStack() as server, ExitStack() as cleanup:
        port = server.enter_context(serving(GentlePolicy)).port
        wire = cleanup.enter_context(BadWire(port, fault.trouble))
        policy = RemotePolicy(f"ws://127.0.0.1:{wire.port}", LAYOUT, QUICK)
        cleanup.callback(policy.close)
        worker = PolicyWorker(policy)
        cleanup.callback(worker.close)
        loop = ControlLoop(
            robot=ToyRobot(clock),
            clock=clock,
            controller=ToyController(),
            gate=SafetyGate(SPEC),
            worker=worker,
            layout=LAYOUT,
            config=LoopConfig(),
        )

        def start_again() -> None:
            server.enter_context(serving(GentlePolicy, port=port))

        begin, repair = {
            "silence": (wire.silence, wire.mend),
            "death": (server.close, start_again),
        }.get(fault.outage or "", (wire.cut, wire.mend))
        outage = Outage(begin=begin, repair=repair, whole=lambda: True, ticks=(BREAKS, RETURNS))
        loop.start("wave")

        def over() -> bool:
            """A busy computer takes longer until the first answer, or the first after an outage."""
            records = loop.trace.records
            return len(records) >= ENDS and not records[-1].holding and not records[-1].trouble

        recovery = drive(loop, ticks=LONGEST, outage=outage if fault.outage else None, over=over)
        return Ran(trace=loop.trace, recovery=recovery)


@pytest.fixture(scope="module")
def ran() -> dict[str, Ran]:
    with ThreadPoolExecutor(len(FAULTS)) as pool:
        return dict(zip(FAULTS, pool.map(run, FAULTS.values()), strict=True))


@pytest.mark.parametrize("name", FAULTS)
def test_no_fault_of_the_network_ends_the_loop_or_makes_the_robot_jump(ran, name):
    found = measured(ran[name].trace, np.arange(2), LAYOUT.rate)
    assert ENDS <= found["ticks"] < LONGEST
    limit = Blending(LAYOUT.action, LAYOUT.rate).limit[0] * LAYOUT.rate**2
    assert found["bend"] <= limit


def test_the_robot_moves_over_every_wire_that_is_not_broken(ran):
    for name, fault in FAULTS.items():
        if fault.outage is None:
            moved = np.ptp(ran[name].trace.actions[:, 0])
            assert moved > 0.0, name


@pytest.mark.parametrize("name", ["cut", "silence", "death"])
def test_an_outage_ends_in_a_hold_and_the_robot_goes_on_soon_after_it(ran, name):
    records = ran[name].trace.records
    assert records[RETURNS - 1].holding and records[RETURNS - 1].trouble
    assert not records[-1].holding and not records[-1].trouble
    assert ran[name].recovery.down is not None and ran[name].recovery.after is not None
    assert ran[name].recovery.down >= (RETURNS - BREAKS - 1) / LAYOUT.rate
    # Below 1 s on an idle computer; one that waits for the pings of the websocket alone needs 20 s and more.
    assert ran[name].recovery.after < 10.0
    found = measured(ran[name].trace, np.arange(2), LAYOUT.rate)
    assert found["longest_hold"] >= (RETURNS - BREAKS - 30) / LAYOUT.rate


def test_a_late_wire_makes_the_answers_late_by_as_much(ran):
    # In seconds, because a busy computer's loop leaves ticks out.
    took = [record.compute_seconds for record in ran["latency"].trace.records if record.compute_seconds is not None]
    assert took and min(took) >= 2 * FAULTS["latency"].trouble.latency


def test_a_robot_that_does_not_go_on_after_an_outage_is_counted():
    row = {"seed": 0, "success": False, "seconds": 1.0, "outage": True, "recovery": None, "delay": None, "held": 1.0}
    row |= {"longest_hold": 1.0, "inner_step": None, "boundary_step": None, "bend": 0.0, "missed": 0, "ticks": 30}
    row |= {"down": 2.0}
    figures = summary_of([row, row | {"recovery": 0.5}, row | {"recovery": 0.7}, row | {"outage": False}])
    assert (figures["not_recovered"], figures["recovery"], figures["jump"]) == (1, 0.6, None)
    assert figures["longest_recovery"] == 0.7


def test_every_field_of_trouble_is_used_by_some_fault():
    plain = Trouble()
    names = [name for name in Trouble.__dataclass_fields__ if name not in ("stall", "behind")]
    for name in names:
        assert any(getattr(fault.trouble, name) != getattr(plain, name) for fault in network.FAULTS.values()), name
