"""A few thousand of the traces that `benchmarks/chunk_traces.py` runs by the hundred thousand."""

import numpy as np
import pytest

from benchmarks.chunk_traces import FAULTS, KINDS, QUEUES, count_faults, draw_network, run_trace
from benchmarks.queue_models import OurQueue
from psizero.runtime import chunk_queue


def test_no_trace_shows_a_fault_of_ours():
    random = np.random.default_rng(7)
    networks = [draw_network(random) for _ in range(2000)]
    assert {network.kind for network in networks} == set(KINDS)
    faulty = {network: faults for network in networks if (faults := run_trace(OurQueue, network))}
    assert faulty == {}


def test_the_published_queues_show_the_faults_that_are_known_of_them():
    counts = count_faults(300)
    reference, lerobot = (sum(counts[name].values(), type(counts[name]["jitter"])()) for name in list(QUEUES)[1:])
    assert reference["exit"] > 0, "a promise of 0, 8 or more ticks"
    assert reference["velocity kept"] > 0, "the last action again and again"
    assert lerobot["wrong tick"] > 0, "the latency is trusted, not what was consumed"
    assert lerobot["jump"] > 0
    assert counts["psizero"]["everything"]["any"] == 0
    assert set(reference) <= {*FAULTS, "traces", "any"}


@pytest.mark.parametrize("broken", ["no blend", "promises broken"])
def test_a_broken_executor_is_seen(monkeypatch, broken):
    if broken == "no blend":
        monkeypatch.setattr(chunk_queue.Blending, "offset", lambda self, gap, drift, rows: np.zeros((rows, 2)))
        fault = "jump"
    else:
        # The same traces with promises that nobody keeps.
        monkeypatch.setattr(chunk_queue.ChunkQueue, "promise", lambda self, count: self.planned(count) + 1)
        fault = "broken promise"
    random = np.random.default_rng(7)
    found = set().union(*(run_trace(OurQueue, draw_network(random)) for _ in range(60)))
    assert fault in found
