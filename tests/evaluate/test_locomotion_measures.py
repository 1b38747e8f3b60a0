import numpy as np
import pytest

from psizero.evaluate.locomotion_bars import bars
from psizero.evaluate.locomotion_director import asked
from psizero.evaluate.locomotion_measures import (
    Spread,
    drift,
    effort,
    heading_errors,
    level_errors,
    script_figures,
    survival,
)
from psizero.evaluate.locomotion_run import Recording
from psizero.evaluate.locomotion_scripts import SCRIPTS, Level

RATE = 50.0


def recording_of(seconds: float, count: int = 2, **changes) -> Recording:
    """Robots that do exactly what they are asked, at the origin."""
    ticks = round(seconds * RATE)
    quiet = np.zeros((ticks, count), np.float32)
    parts = {
        "goal": np.tile(asked(), (ticks, count, 1)),
        "following": np.tile(asked(), (ticks, count, 1)),
        "place": np.zeros((ticks, count, 3)),
        "wanted_place": None,
        "fell_at": np.full(count, np.nan),
        "reasons": ("",) * count,
        "pushes": np.zeros((0, count, 4)),
        "film": np.zeros((ticks, 50)),
        "mass": 35.0,
    }
    parts |= dict.fromkeys(("power", "leg_power", "saturation", "bend", "shake", "slip"), quiet)
    return Recording(rate=RATE, seeds=np.arange(count), **(parts | changes))


def test_a_spread_leaves_out_what_was_not_measured():
    spread = Spread.of(np.array([1.0, np.nan, 3.0]))
    assert spread is not None
    assert (spread.mean, spread.worst, spread.trials) == (2.0, 3.0, 2)
    assert Spread.of(np.full(3, np.nan)) is None


def test_survival_counts_the_fallen_and_tells_why():
    found = survival(recording_of(2.0, 3, fell_at=np.array([np.nan, 0.5, 1.0]), reasons=("", "tilted", "tilted")))
    assert (found["falls"], found["trials"], found["survived"]) == (2, 3, 1)
    assert found["reasons"] == {"tilted": 2}
    assert found["mean_survival_s"] == pytest.approx(3.5 / 3, abs=1e-3)
    assert found["fallen_seeds"] == {"1": 0.5, "2": 1.0}


def test_the_error_is_that_of_the_mean_over_the_steady_end_and_angles_wrap():
    following = np.tile(asked(), (200, 2, 1))
    following[:100, :, 0] = 9.0  # before the steady end: not looked at
    following[100:, 0, 0] = np.tile([0.3, -0.1], 50)  # sways, mean 0.1
    following[:, :, 6] = -np.pi + 0.1
    goal = np.tile(asked(yaw=np.pi), (200, 2, 1))
    level = Level(name="x", axis="vx", begin=0.0, end=4.0)
    errors = level_errors(recording_of(4.0, following=following, goal=goal), level)["errors"]
    assert errors["vx"]["error"]["worst"] == pytest.approx(0.1)
    assert errors["vx"]["error"]["mean"] == pytest.approx(0.05)
    assert errors["vx"]["rms"]["worst"] == pytest.approx(np.sqrt(0.05))
    assert errors["velocity"]["error"]["worst"] == pytest.approx(0.1)
    assert errors["yaw"]["error"]["mean"] == pytest.approx(0.1)


def test_drift_is_per_minute_and_counts_whole_turns():
    ticks = round(62.0 * RATE)
    place = np.zeros((ticks, 2, 3))
    place[:, 0, 0] = np.linspace(0.0, 0.0620, ticks)
    place[:, 1, 2] = (np.linspace(0.0, 8.0, ticks) + np.pi) % (2 * np.pi) - np.pi
    found = drift(recording_of(62.0, place=place))
    assert found["drift_cm_per_min"]["worst"] == pytest.approx(6.0, rel=0.02)
    assert found["drift_deg_per_min"]["worst"] == pytest.approx(np.rad2deg(8.0) * 60 / 62, rel=0.02)


def test_cost_of_transport_is_power_over_weight_times_speed():
    ticks = round(4.0 * RATE)
    place = np.zeros((ticks, 2, 3))
    place[:, 0, 0] = 0.5 * np.arange(ticks) / RATE
    power = np.full((ticks, 2), 100.0)
    found = effort(recording_of(4.0, place=place, power=power, leg_power=0.5 * power), 1.0, 4.0)
    expected = 100.0 / (35.0 * 9.81 * 0.5)
    assert found["cost_of_transport"]["mean"] == pytest.approx(expected, rel=0.01)
    assert found["cost_of_transport_legs_and_waist"]["mean"] == pytest.approx(expected / 2, rel=0.01)
    assert found["cost_of_transport"]["trials"] == 1, "who stands has no cost of transport"


def test_the_heading_error_is_taken_when_it_has_settled():
    script = SCRIPTS["heading"]()
    ticks = round(24.0 * RATE)
    wanted = np.zeros((ticks, 1, 3))
    place = np.zeros((ticks, 1, 3))
    place[: round(5.0 * RATE), 0, 2] = 1.0
    place[-1:, 0, 2] = np.deg2rad(50.0)
    found = heading_errors(recording_of(24.0, 1, wanted_place=wanted, place=place), script)
    assert found["heading_error_deg"]["worst"] == pytest.approx(1.0)
    assert found["heading_error_deg"]["trials"] == 4


def figures_of(survived: int, trials: int) -> dict:
    return {"survived": survived, "trials": trials, "falls": trials - survived}


@pytest.mark.parametrize(
    ("script", "survived", "passes"),
    [
        ("push_300_standing", 100, True),
        ("push_300_standing", 99, False),
        ("push_450_walking", 90, True),
        ("push_450_walking", 89, False),
        ("push_600_walking", 34, True),
        ("push_600_walking", 33, False),
        ("payload", 99, False),
        ("payload", 100, True),
        ("rough", 95, True),
        ("slope", 94, False),
    ],
)
def test_the_bars_lie_where_they_should(script, survived, passes):
    (bar,) = bars({script: figures_of(survived, 100)})
    assert bar["passed"] is passes
    assert "95 % interval" in bar["measured"]


def test_perfect_walkers_pass_every_bar_of_following_and_fallen_ones_none():
    for name in ("velocity", "turning", "posture"):
        script = SCRIPTS[name]()
        ticks = round(script.seconds * RATE)
        goal = np.concatenate([script.director(np.arange(1), RATE).goals(tick / RATE, None) for tick in range(ticks)])
        goal = np.repeat(goal[:, None], 2, axis=1)
        perfect = script_figures(name, script, recording_of(script.seconds, goal=goal, following=goal))
        assert [bar["passed"] for bar in bars({name: perfect})] == [True] * (4 if name == "posture" else 1)
        fallen = recording_of(
            script.seconds, goal=goal, following=goal, fell_at=np.array([np.nan, 1.0]), reasons=("", "tilted")
        )
        assert not any(bar["passed"] for bar in bars({name: script_figures(name, script, fallen)}))


def test_the_worst_level_decides():
    script = SCRIPTS["turning"]()
    ticks = round(script.seconds * RATE)
    goal = np.concatenate([script.director(np.arange(1), RATE).goals(tick / RATE, None) for tick in range(ticks)])[
        :, None
    ]
    following = goal.copy()
    following[-100:, :, 2] += 0.09
    (bar,) = bars({"turning": script_figures("turning", script, recording_of(20.0, 1, goal=goal, following=following))})
    assert not bar["passed"]
    assert "0.09 rad/s at yaw_rate -0.6" in bar["measured"]
