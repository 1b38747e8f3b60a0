from dataclasses import replace

import numpy as np
import pytest

from psizero.control.lower_body import SLEW
from psizero.embodiment.g1 import G1
from psizero.evaluate.locomotion_director import Timetable, asked
from psizero.evaluate.locomotion_run import Recording, _arms_at, _push_at, run_script
from psizero.evaluate.locomotion_scripts import SCRIPTS, Level, Script, push_name
from tests.evaluate.stiff_walker import StiffWalker

STEP = Script(
    title="a step of velocity and a push",
    seconds=1.0,
    director=lambda seeds, rate: Timetable(np.array([0.0, 0.2]), np.stack([asked(), asked(vx=0.5)])),
    levels=(Level(name="all", axis="vx", begin=0.0, end=1.0, steady=0.4),),
    push_times=(0.0,),
    push_force=(100.0, 200.0),
)


def run(seeds: list[int], script: Script = STEP, **settings) -> tuple[Recording, StiffWalker]:
    walker = StiffWalker(len(seeds))
    return run_script(script, walker, G1, np.array(seeds), threads=1, **settings), walker


def test_an_episode_is_its_seeds_alone():
    together, _ = run([3, 4])
    alone, _ = run([4])
    again, _ = run([4])
    np.testing.assert_array_equal(alone.film, again.film)
    np.testing.assert_array_equal(together.place[:, 1], alone.place[:, 0])
    np.testing.assert_array_equal(together.power[:, 1], alone.power[:, 0])
    assert (together.pushes[:, 0] != together.pushes[:, 1]).any()
    assert (np.hypot(together.pushes[..., 1], together.pushes[..., 2]) <= 200.0).all()


@pytest.mark.parametrize("rate", [50.0, 60.0])
def test_the_walker_is_told_the_command_no_faster_than_it_may_change(rate):
    recording, walker = run([0], rate=rate)
    told = np.stack(walker.told)[:, 0]
    assert len(told) == rate
    assert np.abs(np.diff(told, axis=0)).max(0) == pytest.approx(np.where(np.arange(7) == 0, SLEW / rate, 0.0))
    assert told[-1, 0] == pytest.approx(0.5)
    np.testing.assert_allclose(recording.goal[-1, 0], asked(vx=0.5), rtol=1e-6)


def test_after_its_fall_nothing_is_said_of_a_robot():
    script = replace(STEP, seconds=3.0, push_force=(900.0, 900.0))
    recording, _ = run([0, 1], script)
    assert recording.falls == 2
    assert all(recording.reasons)
    for index, time in enumerate(recording.fell_at):
        last = round(time * 50)
        for values in (recording.following[:, index, 0], recording.place[:, index, 0]):
            assert np.isfinite(values[: last - 1]).all()
            assert np.isnan(values[last:]).all()


def test_arms_reach_every_drawn_pose_in_a_straight_line():
    poses = np.random.default_rng(0).normal(size=(4, 2, 14))
    np.testing.assert_array_equal(_arms_at(poses, 2.0), poses[2])
    np.testing.assert_allclose(_arms_at(poses, 1.25), 0.75 * poses[1] + 0.25 * poses[2])


def test_a_push_lasts_its_eighty_milliseconds_and_no_longer():
    pushes = np.array([[[2.003, 300.0, 0.0, 0.0]]])
    active = [tick for tick in range(150) if _push_at(pushes, tick / 50)[0, 0] > 0]
    assert len(active) == 4
    assert active[0] == 101


def test_every_script_can_be_made_and_covers_its_own_levels():
    for name, make in SCRIPTS.items():
        script = make()
        assert all(0 <= level.begin < level.end <= script.seconds + 1e-9 for level in script.levels), name
        assert script.director(np.arange(2), 50.0).wanted_place(0.0) is None or name in ("heading", "tour")
    assert SCRIPTS["course"]().seconds == 48.0
    assert [level.name for level in SCRIPTS["course"]().levels][6] == "squat"
    assert SCRIPTS[push_name(450, "walking")]().push_force == (450, 450)
    assert SCRIPTS["payload"]().payload == 2.0
