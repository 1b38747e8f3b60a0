import os
import time
from concurrent.futures import ThreadPoolExecutor

import hypothesis.strategies as st
import pytest
from hypothesis import given

from psizero.clock import MonotonicClock, Rate, SimulatedClock, punctual_thread


def test_the_monotonic_clock_never_wakes_before_the_deadline():
    clock = MonotonicClock()
    deadline = clock.now() + 0.01
    clock.sleep_until(deadline)
    assert clock.now() >= deadline


def test_the_monotonic_clock_does_not_wait_for_a_deadline_in_the_past():
    clock = MonotonicClock()
    clock.sleep_until(clock.now() - 1e6)  # would take eleven days
    assert clock.now() <= time.monotonic()


def test_the_simulated_clock_never_goes_back():
    clock = SimulatedClock(start=3.0)
    clock.sleep_until(2.0)
    assert clock.now() == 3.0


def test_a_late_tick_does_not_shift_the_following_deadlines():
    clock = SimulatedClock()
    rate = Rate(10.0, clock)
    rate.wait()
    clock.sleep_until(clock.now() + 0.15)  # work that takes half a period too long
    assert rate.wait() == pytest.approx(0.05)
    rate.wait()
    assert clock.now() == pytest.approx(0.3)


@given(work=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=50), hertz=st.sampled_from([30.0, 60.0]))
def test_ticks_keep_to_the_grid_and_missed_ones_are_dropped_not_caught_up(work, hertz):
    clock = SimulatedClock()
    rate = Rate(hertz, clock)
    for duration in work:
        clock.sleep_until(clock.now() + duration)
        late = rate.wait()
        due = (clock.now() - late) * hertz
        assert due == pytest.approx(round(due), abs=1e-6)
        after = clock.now()
        rate.wait()
        assert 0.0 < clock.now() - after <= rate.period + 1e-9


def test_a_punctual_thread_is_an_ordinary_one_again_afterwards():
    before = os.sched_getscheduler(0)
    with punctual_thread() as allowed:
        inside = os.sched_getscheduler(0)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(os.sched_getscheduler, 0).result() == before
    assert (inside != before) == allowed
    assert os.sched_getscheduler(0) == before
