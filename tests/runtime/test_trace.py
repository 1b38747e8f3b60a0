import numpy as np
import pytest

from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.trace import TickRecord, Trace, arm_columns, jump_ratio, percentiles
from tests.runtime.toy_robot import ACTION


def record(tick: int, arm: float, chunk: int, *, holding: bool = False, delay: int | None = None) -> TickRecord:
    return TickRecord(
        tick=tick,
        action=np.float32([arm, arm, 9.0 * tick]),
        state=np.zeros(2, np.float32),
        lateness=0.001 * tick,
        chunk=chunk,
        row=tick - chunk,
        holding=holding,
        delay=delay,
        compute_seconds=None if delay is None else 0.02,
        gate="active",
    )


def trace_of(*records: TickRecord) -> Trace:
    trace = Trace(ACTION)
    for item in records:
        trace.add(item)
    return trace


def test_the_jump_at_a_boundary_is_told_from_the_steps_within_chunks():
    trace = trace_of(record(0, 0.0, 0, delay=0), record(1, 0.1, 0), record(2, 0.4, 2, delay=3), record(3, 0.5, 2))
    summary = trace.summary()
    np.testing.assert_allclose(summary.boundary_steps, [0.3], rtol=1e-6)
    np.testing.assert_allclose(summary.inner_steps, [0.1, 0.1], rtol=1e-5)
    assert jump_ratio(summary.boundary_steps, summary.inner_steps) == pytest.approx(3.0, rel=1e-4)
    assert summary.delay_ticks == (0, 3)
    assert summary.compute_ms == (20.0, 20.0)
    assert summary.jerk == pytest.approx(0.4, rel=1e-5)  # steps 0.1, 0.3, 0.1


def test_a_hold_counts_neither_as_a_jump_nor_as_a_step():
    trace = trace_of(record(0, 0.0, -1, holding=True), record(1, 0.0, -1, holding=True), record(2, 0.5, 2))
    summary = trace.summary()
    assert len(summary.boundary_steps) == len(summary.inner_steps) == 0
    assert summary.holding_ticks == 2
    assert jump_ratio(summary.boundary_steps, summary.inner_steps) is None


def test_the_arms_of_the_g1_are_its_fourteen_arm_joints():
    names = np.array(G1_DEX3.action.names)[arm_columns(G1_DEX3.action)]
    assert len(names) == 14
    assert all(name.startswith(("left_arm.", "right_arm.")) for name in names)


def test_lateness_is_told_in_milliseconds():
    jitter = trace_of(*(record(tick, 0.0, 0) for tick in range(5))).summary().jitter_ms
    assert jitter["p50"] == pytest.approx(2.0)
    assert jitter["max"] == pytest.approx(4.0)


def test_percentiles_of_nothing_are_zero():
    assert percentiles(np.zeros(0))["p99"] == 0.0
