"""What `benchmarks/server_overhead.py` counts, on answers made up to the millisecond; and that it runs."""

import numpy as np
import pytest

from benchmarks.server_overhead import RobotReport, _figures_of, _take, measure
from psizero.embodiment.layout import G1_DEX3
from psizero.runtime.ask import AskConfig
from psizero.runtime.codec import encode
from psizero.runtime.executor import Executor, Plea

TICK_MS = 1000.0 / 30.0


def heard(*answers: tuple[float, float]) -> RobotReport:
    """Answers given as (round trip, the server's total) in ms, to questions with three promised actions."""
    report = RobotReport()
    executor = Executor(G1_DEX3.action, rate=G1_DEX3.rate, ask=AskConfig())
    rows = np.zeros((30, G1_DEX3.action.size), np.float32)
    for tick, (whole, total) in enumerate(answers):
        plea = Plea(start_tick=tick, epoch=executor.epoch, promised=rows[:3])
        frame = encode({"actions": rows, "server_timing": {"total_ms": total}, "tick": tick})
        assert _take(report, executor, {tick: (plea, 5.0)}, frame, 5.0 + whole / 1e3)
        executor.next_action()
    return report


def test_an_answer_is_late_behind_the_last_promised_action_and_the_servers_fault_only_if_the_model_was_in_time():
    early, slow_model, slow_server = (99.0, 98.0), (150.0, 120.0), (150.0, 90.0)
    report = heard((500.0, 400.0), early, slow_model, slow_server)
    assert (report.answers, report.late, report.late_by_server) == (4, 2, 1), "nothing runs before the first answer"
    np.testing.assert_allclose(report.beyond_ms, [100, 1, 30, 60], atol=1e-6)
    assert pytest.approx(100.0) == 3 * TICK_MS


def test_memory_that_grows_and_questions_without_an_answer_are_no_good():
    good = {figure.name: figure.good for figure in _figures_of([heard((50.0, 40.0))], [100.0] * 20)}
    assert all(good.values())
    lost = RobotReport(unanswered=1, beyond_ms=[1.0])
    bad = {figure.name for figure in _figures_of([lost], [100.0] * 10 + [120.0]) if not figure.good}
    assert bad == {"robots: without an answer", "its growth"}


def test_the_overhead_of_a_real_server_is_measured():
    figures = {figure.name: figure for figure in measure(questions=70)}
    assert len(figures) == 10 and {figure.unit for figure in figures.values()} == {"ms"}
    for how in ("without pause", "at 30 Hz"):
        name, bare = f"answer at 224 x 224 beyond the model, {how}", f"the websockets library alone, {how}"
        assert 0.0 < figures[f"{name}, p50"].value <= figures[f"{name}, p99"].value <= figures[f"{name}, longest"].value
        assert 0.0 < figures[f"{bare}, p50"].value <= figures[f"{bare}, p99"].value
