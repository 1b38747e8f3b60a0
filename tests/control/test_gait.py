import numpy as np

from psizero.control.gait import Gait, GaitConfig

DT = np.full(1, 0.02)
STILL = np.zeros((2, 1))
NO_STAGGER = np.zeros(1)
GOES = np.ones(1, bool)


def command(vx: float = 0.0, vy: float = 0.0, yaw_rate: float = 0.0) -> np.ndarray:
    return np.array([[vx], [vy], [yaw_rate]])


def advance(
    gait: Gait,
    velocity: np.ndarray,
    measured: np.ndarray = STILL,
    capture: np.ndarray = STILL,
    seconds: float = 1.0,
) -> None:
    for _ in range(round(seconds / 0.02)):
        gait.advance(velocity, velocity.any(0), measured, capture, NO_STAGGER, DT)


def test_it_stands_until_a_velocity_is_commanded_and_stands_again_after_it() -> None:
    gait = Gait(GaitConfig(), 1)
    advance(gait, command())
    assert not gait.stepping[0] and (gait.clock() == 0).all()
    advance(gait, command(vx=0.3))
    assert gait.stepping[0] and gait.amplitude[0] == 1
    advance(gait, command(), seconds=2.0)
    assert not gait.stepping[0] and gait.amplitude[0] == 0


def test_a_sway_over_the_feet_makes_no_step() -> None:
    gait = Gait(GaitConfig(), 1)
    advance(gait, command(), np.full((2, 1), 0.4), np.array([[0.06], [-0.07]]), seconds=5.0)
    assert not gait.stepping[0]


def test_a_push_starts_a_step_with_the_foot_on_the_side_it_goes_to() -> None:
    for speed, first in ((0.8, 0), (-0.8, 1)):
        gait = Gait(GaitConfig(), 1)
        pushed = np.array([[0.0], [speed]])
        advance(gait, command(), pushed, 0.27 * pushed, seconds=0.2)
        assert gait.stepping[0]
        swinging = gait.swinging()[:, 0]
        assert swinging[first] and not swinging[1 - first]
        soles, _ = gait.feet(command())
        assert soles[first, 1, 0] * np.sign(speed) > GaitConfig().half_width


def test_the_first_step_of_a_thrown_robot_is_a_whole_one() -> None:
    grown = {}
    for speed in (0.3, 1.2):
        gait = Gait(GaitConfig(), 1)
        pushed = np.array([[0.0], [speed]])
        advance(gait, command(), pushed, np.array([[0.0], [0.3]]), seconds=0.04)
        assert gait.stepping[0]
        grown[speed] = gait.amplitude[0]
    assert grown[0.3] < 0.25
    assert grown[1.2] == 1.0


def test_a_foot_bears_from_after_its_landing_to_its_leaving_and_one_at_least_when_the_clock_runs() -> None:
    gait = Gait(GaitConfig(), 1)
    assert gait.bearing().all()
    advance(gait, command(vx=0.3))
    both = 0
    for _ in range(100):
        gait.advance(command(vx=0.3), GOES, STILL, STILL, NO_STAGGER, DT)
        assert not (gait.bearing() & gait.swinging()).any()
        both += gait.bearing().all()
    assert both < 10


def test_feet_stay_apart_and_only_one_is_in_the_air() -> None:
    gait = Gait(GaitConfig(), 1)
    rng = np.random.default_rng(0)
    for _ in range(2000):
        gait.advance(command(0.5, 0.3, 0.5), GOES, *rng.normal(scale=0.6, size=(2, 2, 1)), NO_STAGGER, DT)
        soles, _ = gait.feet(command(0.5, 0.3, 0.5))
        assert soles[0, 1, 0] - soles[1, 1, 0] > 0.05
        assert (soles[:, 2, 0] >= 0).all()
        assert soles[:, 2, 0].min() == 0


def test_over_a_cycle_a_standing_foot_moves_back_as_fast_as_the_robot_goes_ahead() -> None:
    gait = Gait(GaitConfig(), 1)
    velocity = command(vx=0.4)
    advance(gait, velocity, np.array([[0.4], [0.0]]))
    for _ in range(50):
        before = gait.feet(velocity)[0]
        phase = gait.phase[0]
        gait.advance(velocity, GOES, np.array([[0.4], [0.0]]), STILL, NO_STAGGER, DT)
        after = gait.feet(velocity)[0]
        if 0.52 < phase < 0.9:
            np.testing.assert_allclose((after - before)[0, 0, 0] / 0.02, -0.4, atol=0.02)


def test_what_is_saved_goes_on_as_before() -> None:
    gait, other = Gait(GaitConfig(), 1), Gait(GaitConfig(), 1)
    advance(gait, command(vx=0.3), seconds=0.3)
    other.restore(gait.save())
    for each in (gait, other):
        advance(each, command(vx=0.3), seconds=0.3)
    np.testing.assert_array_equal(gait.feet(command(vx=0.3))[0], other.feet(command(vx=0.3))[0])
