import pytest
from hypothesis import given, strategies as st

from psizero.errors import ConfigError
from psizero.runtime.ask import AskConfig, DelayEstimate, should_ask


def test_the_estimate_forgets_a_slow_answer_after_its_window():
    delay = DelayEstimate(first=0, cap=7, window=3)
    delay.measured(6)
    assert delay.ticks == 6
    for _ in range(3):
        delay.measured(2)
    assert delay.ticks == 2


@given(st.lists(st.integers(0, 100), max_size=20), st.integers(0, 7))
def test_never_more_is_promised_than_the_model_was_trained_for(delays, cap):
    delay = DelayEstimate(first=2, cap=cap)
    for ticks in delays:
        delay.measured(ticks)
    assert 0 <= delay.ticks <= cap


def test_a_quantile_leaves_out_the_slowest():
    delay = DelayEstimate(first=1, cap=7, quantile=0.5)
    for ticks in (1, 1, 6):
        delay.measured(ticks)
    assert delay.ticks == 1


def test_a_plan_that_would_run_dry_is_renewed_early():
    assert should_ask(since_asked=2, rows_left=5, delay=4, min_executed=10)
    assert not should_ask(since_asked=2, rows_left=6, delay=4, min_executed=10)
    assert should_ask(since_asked=10, rows_left=20, delay=4, min_executed=10)


@pytest.mark.parametrize(
    "setting", [{"min_executed": 0}, {"max_promised": -1}, {"window": 0}, {"quantile": 0.0}, {"margin": -0.01}]
)
def test_an_impossible_setting_is_refused(setting):
    with pytest.raises(ConfigError):
        AskConfig(**setting)


def test_a_model_without_prefix_training_is_promised_nothing():
    config = AskConfig().for_model(0)
    assert (config.min_promised, config.max_promised) == (0, 0)
    assert AskConfig().for_model(20) == AskConfig()


@pytest.mark.parametrize(
    ("settings", "delay", "told"),
    [
        (
            {"min_executed": 10},
            16,
            "16 ticks late need chunks of 32 rows or more, this policy gives 30.*try a delay of 15",
        ),
        ({"min_executed": 25}, 6, "every 25 ticks with answers 6 late needs chunks of 31 rows.*try 24 or fewer ticks"),
    ],
)
def test_chunks_too_short_for_the_delay_are_refused_with_what_would_do(settings, delay, told):
    with pytest.raises(ConfigError, match=told):
        AskConfig(**settings).check_chunk(30, delay)


@pytest.mark.parametrize(("min_executed", "delay"), [(24, 6), (1, 15), (10, 0), (30, 0)])
def test_chunks_that_just_bridge_the_delay_are_accepted(min_executed, delay):
    AskConfig(min_executed=min_executed).check_chunk(30, delay)


def test_what_came_just_in_time_is_expected_later_but_does_not_surely_run_longer():
    delay = DelayEstimate(first=1, cap=7)
    delay.measured(2, just_in_time=True)
    assert (delay.ticks, delay.shortest) == (3, 2)
