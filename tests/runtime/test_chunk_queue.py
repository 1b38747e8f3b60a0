import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.embodiment.layout import Field, VectorLayout
from psizero.errors import PolicyError
from psizero.runtime.ask import should_ask
from psizero.runtime.chunk_queue import FADE_TICKS, SLOW_DOWN_TICKS, ChunkQueue
from psizero.types import ActionChunk

LAYOUT = VectorLayout("toy", (Field("arm", ("a",), "rad"), Field("base_velocity", ("vx",), "m/s")))


def chunk_that_counts(asked_at: int, length: int = 30, speed: float = 0.5) -> ActionChunk:
    """A chunk whose arm at tick t is the number t: any gap or repeat shows."""
    arm = np.arange(asked_at, asked_at + length, dtype=np.float32)
    return ActionChunk(values=np.stack([arm, np.full_like(arm, speed)], axis=1), start_tick=asked_at)


def fresh_queue() -> ChunkQueue:
    queue = ChunkQueue(LAYOUT)
    queue.reset(np.array([-1.0, 0.0], np.float32))
    return queue


def run(queue: ChunkQueue, ticks: int) -> np.ndarray:
    return np.array([queue.next_action().values for _ in range(ticks)])


@given(delay=st.integers(0, 14), min_executed=st.integers(1, 10))
def test_every_tick_gets_its_own_action_while_the_delay_is_below_half_a_chunk(delay, min_executed):
    queue = fresh_queue()
    queue.put(chunk_that_counts(0))
    asked: int | None = None
    last_asked = 0
    for tick in range(200):
        if asked is None and should_ask(
            since_asked=tick - last_asked, rows_left=queue.rows_left, delay=delay, min_executed=min_executed
        ):
            asked = last_asked = tick
        if asked is not None and tick - asked >= delay:
            assert queue.put(chunk_that_counts(asked))
            asked = None
        assert queue.next_action().values[0] == tick


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=30), st.integers(1, 12))
def test_lost_late_swapped_and_doubled_answers_never_make_a_jump(arrivals, length):
    """A step is that of the chunk, plus a third at most of what it ever had to catch up."""
    queue = fresh_queue()
    queue.put(chunk_that_counts(0, length))
    last, behind = -1.0, 0.0
    for tick in range(120):
        for asked, delay in arrivals:
            if asked + delay == tick:
                if queue.put(chunk_that_counts(asked, length)):
                    behind = max(behind, tick - 1 - last)
                assert not queue.put(chunk_that_counts(asked, length))
        arm = float(queue.next_action().values[0])
        assert abs(arm - last) <= 1 + behind / 3 + 1e-4
        behind = max(behind, tick - arm)
        last = arm


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=10))
def test_the_newest_asked_wins_in_whatever_order_answers_come(arrivals):
    queue = fresh_queue()
    run(queue, 41)
    for asked, _ in sorted(arrivals, key=lambda pair: pair[1]):
        queue.put(chunk_that_counts(asked, 50))
    assert queue.asked_at == max(asked for asked, _ in arrivals)


@given(executed=st.integers(0, 60), count=st.integers(0, 50), length=st.integers(1, 30))
def test_what_is_promised_is_what_runs_bit_for_bit(executed, count, length):
    queue = fresh_queue()
    queue.put(chunk_that_counts(0, length))
    run(queue, executed)
    promised = queue.promised(count)
    np.testing.assert_array_equal(promised, run(queue, count).reshape(count, 2))


def test_a_chunk_that_agrees_with_the_plan_takes_over_without_a_trace():
    queue = fresh_queue()
    queue.put(chunk_that_counts(0))
    run(queue, 14)
    queue.put(chunk_that_counts(10))
    np.testing.assert_array_equal(run(queue, 26), chunk_that_counts(10).values[4:])


def test_a_chunk_that_goes_elsewhere_after_its_promise_fades_over():
    queue = fresh_queue()
    queue.put(chunk_that_counts(0))
    run(queue, 10)
    promised = queue.promised(4)
    run(queue, 4)
    rows = np.concatenate([promised, np.float32([[21.0, 0.5]] * 26)])
    queue.put(ActionChunk(values=rows, start_tick=10))
    actions = run(queue, 26)
    assert actions[0, 0] == pytest.approx(14 + (21 - 14) / (FADE_TICKS + 1))
    np.testing.assert_array_equal(actions[FADE_TICKS:], rows[4 + FADE_TICKS :])


def test_a_chunk_that_expected_another_past_is_faded_in():
    queue = fresh_queue()
    queue.put(chunk_that_counts(0))
    run(queue, 10)
    elsewhere = chunk_that_counts(5)
    queue.put(ActionChunk(values=elsewhere.values + np.float32([7.0, 0.0]), start_tick=5))
    actions = run(queue, FADE_TICKS + 3)[:, 0]
    np.testing.assert_allclose(np.diff(actions)[:FADE_TICKS], 1.0 + 7.0 / (FADE_TICKS + 1), rtol=1e-6)
    np.testing.assert_allclose(actions[FADE_TICKS:], elsewhere.values[5 + FADE_TICKS :, 0][:3] + 7.0)


def test_an_exhausted_queue_slows_to_a_hold_and_never_repeats_a_velocity():
    queue = fresh_queue()
    queue.put(chunk_that_counts(0, length=5))
    actions = run(queue, 5 + SLOW_DOWN_TICKS + 50)
    steps = np.diff(actions[4:, 0])
    assert (np.diff(steps[:SLOW_DOWN_TICKS]) < 0).all()
    assert (np.diff(actions[4 : 4 + SLOW_DOWN_TICKS, 1]) < 0).all()
    np.testing.assert_array_equal(steps[SLOW_DOWN_TICKS:], 0.0)
    np.testing.assert_array_equal(actions[5 + SLOW_DOWN_TICKS :, 1], 0.0)
    assert queue.rows_left == 0


def test_slowing_down_on_demand_starts_from_the_speed_of_now():
    queue = fresh_queue()
    queue.put(chunk_that_counts(0))
    run(queue, 10)
    queue.slow_down()
    actions = run(queue, SLOW_DOWN_TICKS + 5)[:, 0]
    assert actions[0] == 10.0
    assert (np.diff(actions) <= 1.0).all()
    np.testing.assert_array_equal(np.diff(actions)[SLOW_DOWN_TICKS:], 0.0)


def test_before_the_first_chunk_the_robot_holds_as_it_stands():
    queue = ChunkQueue(LAYOUT)
    queue.reset(np.array([0.7, 0.3], np.float32))
    np.testing.assert_array_equal(run(queue, 3), np.float32([[0.7, 0.0]] * 3))


def test_a_chunk_whose_rows_are_all_past_changes_nothing():
    queue = fresh_queue()
    run(queue, 10)
    assert not queue.put(chunk_that_counts(0, length=10))
    assert queue.rows_left == 0


def test_a_number_that_is_not_finite_is_refused_by_its_name():
    chunk = chunk_that_counts(0)
    chunk.values[3, 1] = np.nan
    with pytest.raises(PolicyError, match=r"nan for 'base_velocity.vx' in row 3"):
        fresh_queue().put(chunk)


@pytest.mark.parametrize("shape", [(30, 5), (0, 2), (2,)])
def test_a_chunk_of_another_layout_or_without_rows_is_refused(shape):
    with pytest.raises(PolicyError, match=r"expected \(1 or more ticks, 2\)"):
        fresh_queue().put(ActionChunk(values=np.zeros(shape, np.float32), start_tick=0))


def test_a_chunk_from_the_future_is_refused():
    with pytest.raises(PolicyError, match="from tick 3, but this is tick 0"):
        fresh_queue().put(chunk_that_counts(3))
