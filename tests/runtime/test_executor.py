import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from psizero.embodiment.layout import Field, VectorLayout
from psizero.runtime.ask import AskConfig
from psizero.runtime.executor import Executor, Plea
from psizero.types import ActionChunk

LAYOUT = VectorLayout("toy", (Field("arm", ("a",), "rad"),))
ROWS = 30


def executor(**settings: int) -> Executor:
    made = Executor(LAYOUT, rate=30.0, ask=AskConfig(**settings))
    made.reset(np.zeros(1, np.float32))
    return made


def answer(plea: Plea, ahead: float = 0.0) -> ActionChunk:
    rows = np.full((ROWS, 1), ahead, np.float32)
    rows[: len(plea.promised)] = plea.promised
    return ActionChunk(values=rows, start_tick=plea.start_tick)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 45), st.floats(-1, 1), st.integers(0, 2)), min_size=40, max_size=40),
    st.integers(0, 4),
)
def test_what_was_promised_ran_bit_for_bit_however_answers_come(fates, age):
    """Fates: how late an answer comes, what it wants, and whether it is lost, comes once or twice."""
    made = executor()
    under_way: list[tuple[int, ActionChunk, int]] = []
    pleas: list[Plea] = []
    ran = []
    for tick in range(120):
        for _, chunk, epoch in [item for item in under_way if item[0] == tick]:
            made.hear(chunk, epoch=epoch)
        if (plea := made.ask(age)) is not None:
            delay, ahead, copies = fates[len(pleas) % len(fates)]
            pleas.append(plea)
            under_way += [(tick + max(delay, 1) + 3 * copy, answer(plea, ahead), plea.epoch) for copy in range(copies)]
        ran.append(made.next_action().values)
    assert len(pleas) >= 4
    for plea in pleas[:-1]:
        done = np.array(ran[plea.start_tick : plea.start_tick + len(plea.promised)])
        np.testing.assert_array_equal(plea.promised, done)


@pytest.mark.parametrize("begin", ["reset", "renew"])
def test_an_answer_of_an_older_epoch_never_runs(begin):
    made = executor()
    old = made.ask()
    assert old is not None
    made.reset(np.zeros(1, np.float32)) if begin == "reset" else made.renew()
    assert not made.hear(answer(old, 0.5), epoch=old.epoch)
    new = made.ask()
    assert new is not None and new.epoch > old.epoch
    assert made.hear(answer(new, 0.1), epoch=new.epoch)
    assert max(made.next_action().values[0] for _ in range(20)) == pytest.approx(0.1)


def test_another_instruction_is_asked_at_once_and_takes_over_as_soon_as_its_answer_comes():
    made = executor()
    first = made.ask()
    assert first is not None
    made.hear(answer(first, 0.1), epoch=first.epoch)
    for _ in range(12):
        made.next_action()
    plea = made.ask()
    made.renew()
    again = made.ask()
    assert plea is not None and again is not None
    made.hear(answer(again, 0.3), epoch=again.epoch)
    for _ in range(4):
        made.next_action()
    assert made.running[0] == 12


def test_a_new_instruction_is_told_no_more_of_the_old_plan_than_surely_runs():
    made, delays, due, fate = executor(), [2, 6, 4], -1, None
    told: list[int] = []
    for tick in range(60):
        if fate is not None and tick == due:
            made.hear(answer(fate), epoch=fate.epoch)
        if (plea := made.ask()) is not None:
            due, fate = tick + delays[len(told) % 3], plea
            told.append(len(plea.promised))
        made.next_action()
    assert max(told[3:]) == 6, "as many as the slowest of the last answers took"
    made.renew()
    lost = made.ask()
    assert lost is not None and len(lost.promised) == 2, "as many as the fastest took"
    made.give_up_waiting()
    first = made.ask()
    assert first is not None and len(first.promised) == 2, "nobody has answered to these words yet"
    made.next_action(), made.next_action(), made.next_action()
    assert made.hear(answer(first, 0.1), epoch=first.epoch)
    later = None
    while later is None:
        made.next_action()
        later = made.ask()
    assert len(later.promised) == 6


def test_only_one_question_is_open_until_patience_is_over():
    made = executor(patience=8)
    asked = []
    for _ in range(30):
        if made.ask() is not None:
            asked.append(made.tick)
        made.next_action()
    assert asked == [0, 8, 16, 24]


def test_an_answer_that_was_given_up_still_counts_until_a_newer_one_comes():
    made = executor(patience=8)
    first = made.ask()
    for _ in range(8):
        made.next_action()
    second = made.ask()
    assert first is not None and second is not None
    assert made.hear(answer(first), epoch=first.epoch)
    assert made.ask() is None, "the second question is still open"
    assert made.hear(answer(second), epoch=second.epoch)
    assert not made.hear(answer(first), epoch=first.epoch)


def test_a_question_known_to_be_lost_is_asked_again_at_once():
    made = executor()
    assert made.ask() is not None
    assert made.ask() is None
    made.give_up_waiting()
    assert made.ask() is not None


def test_a_picture_older_than_a_chunk_gives_a_hold():
    made = executor()
    for tick in range(100):
        if (plea := made.ask(age=tick)) is not None:
            made.hear(answer(plea, 0.2), epoch=plea.epoch)
        made.next_action()
    assert made.holding
    assert made.planned()[0] == made.next_action().values[0]


@pytest.mark.parametrize(("spare", "expected"), [(0.03, 2), (0.0, 3)])
def test_an_answer_at_the_last_moment_lets_the_next_be_expected_later(spare, expected):
    made = executor(min_executed=3)
    plea = made.ask()
    assert plea is not None
    for _ in range(2):
        made.next_action()
    assert made.hear(answer(plea), epoch=plea.epoch, spare=spare)
    made.next_action()
    following = made.ask()
    assert following is not None and len(following.promised) == expected
