"""The real world and a policy that stands still, driven from outside."""

import numpy as np
import pytest

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import LayoutError
from psizero.evaluate.driven import DrivenEpisode
from psizero.evaluate.rollout import EpisodeRequest, run_episode
from tests.evaluate.still_policy import MakeStillPolicy

READY = MakeStillPolicy()()


def test_the_same_actions_lead_to_the_same_place_as_in_the_loop():
    in_loop = run_episode(READY, EpisodeRequest(task="pick_bottle", seed=1, time_limit=0.5, film=True))
    assert in_loop.actions is not None and in_loop.states is not None
    driven = DrivenEpisode("pick_bottle", 1)
    seen = driven.observe()
    assert seen.instruction == in_loop.instruction and seen.images["head"].dtype == np.uint8
    np.testing.assert_allclose(seen.state, in_loop.states[0], atol=1e-3)
    begin = seen.time
    for action in in_loop.actions:
        driven.tick(action)
    seen = driven.observe()
    assert seen.time - begin == pytest.approx(len(in_loop.actions) / G1_DEX3.rate)
    np.testing.assert_allclose(seen.state, in_loop.states[-1], atol=1e-3)
    assert driven.outcome is None


def test_a_hold_keeps_positions_and_stops_walking():
    driven = DrivenEpisode("pick_bottle", 1)
    action = driven.hold
    velocity = G1_DEX3.action.slice_of("base_velocity")
    assert not action[velocity].any()
    action[velocity] = 0.1
    driven.tick(action)
    action[velocity] = 0.0
    np.testing.assert_array_equal(driven.hold, action)


def test_an_action_of_another_robot_is_refused():
    with pytest.raises(LayoutError, match="has 36 numbers, got \\(3,\\)"):
        DrivenEpisode("pick_bottle", 1).tick(np.zeros(3))
