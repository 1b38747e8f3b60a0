import numpy as np
import pytest
from hypothesis import given, strategies as st

from psizero.embodiment.layout import Field, VectorLayout
from psizero.errors import PolicyError
from psizero.runtime.blending import BLEND_TICKS, SLOW_DOWN_TICKS, Blending
from psizero.runtime.chunk_queue import SETTLED_ROWS, ChunkQueue
from psizero.types import ActionChunk

LAYOUT = VectorLayout("toy", (Field("arm", ("a",), "rad"), Field("base_velocity", ("vx",), "m/s")))
SPEED = np.float32(1 / 128)  # per tick; a power of two, so that sums of it are exact
LIMIT = Blending(LAYOUT, 30.0).limit


def chunk_that_counts(asked_at: int, length: int = 30, ahead: float = 0.0) -> ActionChunk:
    """A chunk whose arm at tick t is t steps far: any gap or repeat shows."""
    arm = SPEED * np.arange(asked_at, asked_at + length, dtype=np.float32) + np.float32(ahead)
    return ActionChunk(values=np.stack([arm, np.full_like(arm, 0.5)], axis=1), start_tick=asked_at)


def queue_in_motion(ticks: int = 40) -> ChunkQueue:
    """A queue that has followed the count until it agreed with it, and has 10 rows left."""
    queue = ChunkQueue(LAYOUT, rate=30.0)
    queue.reset(np.zeros(2, np.float32))
    queue.put(chunk_that_counts(0, ticks + 10))
    run(queue, ticks)
    return queue


def run(queue: ChunkQueue, ticks: int) -> np.ndarray:
    return np.array([queue.next_action().values for _ in range(ticks)]).reshape(ticks, 2)


def added_accelerations(actions: np.ndarray) -> np.ndarray:
    """Second differences of the arm and first ones of the velocity, as shares of their limits."""
    arm, velocity = np.abs(np.diff(actions[:, 0], 2)), np.abs(np.diff(actions[1:, 1]))
    return np.stack([arm, velocity], axis=1) / LIMIT


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 40), st.floats(-1, 1), st.integers(1, 40), st.integers(0, 7)),
        max_size=30,
    )
)
def test_whatever_comes_whenever_no_number_is_accelerated_beyond_its_limit(arrivals):
    """Chunks that count have no acceleration of their own: all there is was added."""
    queue = ChunkQueue(LAYOUT, rate=30.0)
    queue.reset(np.zeros(2, np.float32))
    actions = [np.zeros(2, np.float32)] * 2
    for tick in range(120):
        for asked, delay, ahead, length, promise in arrivals:
            if asked == tick:
                queue.promise(promise)
            if asked + delay == tick:
                queue.put(chunk_that_counts(asked, length, ahead))
                assert not queue.put(chunk_that_counts(asked, length, ahead))
        actions.append(queue.next_action().values)
    assert added_accelerations(np.array(actions)).max() <= 1.0 + 1e-3


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=10), st.randoms())
def test_order_loss_of_the_older_and_doubling_of_answers_change_nothing(arrivals, random):
    queues = [queue_in_motion(), queue_in_motion()]
    chunks = [chunk_that_counts(asked, 60, ahead=0.01 * asked) for asked, _ in arrivals]
    newest = max(chunks, key=lambda chunk: chunk.start_tick)
    random.shuffle(chunks)
    for chunk in [*chunks, *chunks]:
        queues[0].put(chunk)
    queues[1].put(newest)
    np.testing.assert_array_equal(run(queues[0], 80), run(queues[1], 80))
    assert queues[0].asked_at == max(0, newest.start_tick)


@given(
    executed=st.integers(0, 60),
    count=st.integers(0, 50),
    later=st.lists(st.tuples(st.integers(0, 60), st.floats(-1, 1)), max_size=5),
)
def test_what_is_promised_is_what_runs_bit_for_bit_whatever_comes_meanwhile(executed, count, later):
    queue = queue_in_motion()
    run(queue, executed)
    promised = queue.promise(count)
    ran = []
    for _ in range(count):
        for asked, ahead in later:
            if asked <= queue.tick:
                queue.put(chunk_that_counts(asked, 120, ahead))
        ran.append(queue.next_action().values)
    np.testing.assert_array_equal(np.array(ran).reshape(count, 2), promised)


@given(behind=st.integers(0, 9), promise=st.integers(0, 7))
def test_a_chunk_that_agrees_with_the_plan_takes_over_without_a_trace(behind, promise):
    queue = queue_in_motion()
    queue.promise(promise)
    queue.put(chunk_that_counts(40 - behind, 60))
    np.testing.assert_array_equal(run(queue, 40), chunk_that_counts(40, 40).values)
    assert queue.running == 40 - behind


def test_a_chunk_that_goes_elsewhere_after_its_promise_is_blended_in_behind_it():
    queue = queue_in_motion()
    promised = queue.promise(4)
    elsewhere = chunk_that_counts(40, 60, ahead=0.05)
    elsewhere.values[:4] = promised
    queue.put(elsewhere)
    actions = run(queue, 30)
    np.testing.assert_array_equal(actions[:4], promised)
    assert 0 < actions[4, 0] - SPEED * 44 < 0.05 / BLEND_TICKS
    np.testing.assert_array_equal(actions[4 + BLEND_TICKS :], elsewhere.values[4 + BLEND_TICKS : 30])


def test_a_late_chunk_far_away_takes_the_time_that_its_limit_asks_for():
    queue = queue_in_motion()
    queue.put(chunk_that_counts(35, 60, ahead=1.0))
    away = run(queue, 40)[:, 0] - SPEED * np.arange(40, 80)
    needed = np.sqrt(6.0 / (LIMIT[0] / 2))
    assert np.ceil(needed) - 1 <= np.argmax(away > 0.999) <= np.ceil(needed) + 1
    assert (np.diff(away[: int(needed)]) > 0).all()


def test_a_take_over_is_settled_before_the_next_one():
    queue = queue_in_motion()
    queue.put(chunk_that_counts(39, 60, ahead=0.5))
    run(queue, 1)
    settled = queue.planned(SETTLED_ROWS - 1)
    queue.put(chunk_that_counts(40, 60, ahead=-0.5))
    np.testing.assert_array_equal(run(queue, SETTLED_ROWS - 1), settled)


def test_an_exhausted_queue_slows_to_a_hold_and_never_repeats_a_velocity():
    queue = queue_in_motion()
    actions = run(queue, 10 + SLOW_DOWN_TICKS + 50)
    steps = np.diff(actions[9:, 0])
    assert (np.diff(steps[:SLOW_DOWN_TICKS]) < 0).all()
    assert (np.diff(actions[9 : 9 + SLOW_DOWN_TICKS, 1]) < 0).all()
    np.testing.assert_array_equal(steps[SLOW_DOWN_TICKS:], 0.0)
    np.testing.assert_array_equal(actions[10 + SLOW_DOWN_TICKS :, 1], 0.0)
    assert queue.rows_left == 0


def test_a_fast_plan_takes_longer_to_stop():
    queue = ChunkQueue(LAYOUT, rate=30.0)
    rows = np.linspace(0, 29, 30, dtype=np.float32)[:, None] * np.float32([1.0, 0.0])  # 30 rad/s
    queue.reset(rows[0])
    queue.put(ActionChunk(values=rows, start_tick=0))
    moving = np.abs(np.diff(run(queue, 120)[30:, 0])) > 1e-6
    assert moving.sum() > SLOW_DOWN_TICKS
    assert not moving[-10:].any()


def test_slowing_down_on_demand_starts_from_the_speed_of_now_and_breaks_promises():
    queue = queue_in_motion()
    queue.promise(7)
    queue.slow_down()
    steps = np.diff(run(queue, SLOW_DOWN_TICKS + 8)[:, 0])
    assert (steps <= SPEED).all()
    np.testing.assert_array_equal(steps[SLOW_DOWN_TICKS + SETTLED_ROWS :], 0.0)
    assert queue.rows_left == 0


def test_before_the_first_chunk_the_robot_holds_as_it_stands():
    queue = ChunkQueue(LAYOUT, rate=30.0)
    queue.reset(np.array([0.7, 0.3], np.float32))
    np.testing.assert_array_equal(run(queue, 3), np.float32([[0.7, 0.0]] * 3))
    np.testing.assert_array_equal(queue.executed(2), np.float32([[0.7, 0.0]] * 2))


def test_a_chunk_whose_rows_are_all_past_changes_nothing():
    queue = queue_in_motion()
    assert not queue.put(chunk_that_counts(5, length=35))
    assert not queue.put(ActionChunk(values=chunk_that_counts(10, 30).values, start_tick=10))
    np.testing.assert_array_equal(run(queue, 10), chunk_that_counts(40, 10).values)


def test_a_number_that_is_not_finite_is_refused_by_its_name():
    chunk = chunk_that_counts(0)
    chunk.values[3, 1] = np.nan
    with pytest.raises(PolicyError, match=r"nan for 'base_velocity.vx' in row 3"):
        queue_in_motion().put(chunk)


@pytest.mark.parametrize("shape", [(30, 5), (0, 2), (2,)])
def test_a_chunk_of_another_layout_or_without_rows_is_refused(shape):
    with pytest.raises(PolicyError, match=r"expected \(1 or more ticks, 2\)"):
        queue_in_motion().put(ActionChunk(values=np.zeros(shape, np.float32), start_tick=0))


def test_a_chunk_from_the_future_is_refused():
    with pytest.raises(PolicyError, match="from tick 43, but this is tick 40"):
        queue_in_motion().put(chunk_that_counts(43))
