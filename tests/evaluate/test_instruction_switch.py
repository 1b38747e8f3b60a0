"""The switch in mid-motion, with a policy whose compliance is known to the tick."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import instruction_switch
from benchmarks.compliance import WINDOW
from benchmarks.instruction_switch import ARMS, Condition, Situations, delays_of, run_switch, summary_of, words_of
from psizero.embodiment.layout import G1_DEX3
from psizero.evaluate.rollout import ReadyPolicy
from psizero.runtime.blending import BLEND_TICKS
from psizero.runtime.control_loop import hold_action
from psizero.sim.task import TASKS, open_task
from psizero.types import ActionChunk, Observation

STEP = 0.004
"""What an arm joint moves per tick (rad)."""


class ObedientPolicy:
    """Moves one elbow at the words of the one task and the other at those of the other, or away if it sees nothing."""

    def __init__(self, stubborn: bool = False) -> None:
        self._stubborn = stubborn
        self._first: str | None = None

    def reset(self) -> None:
        pass

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        words = observation.instruction
        if len(promised) and self._stubborn:
            # Whoever makes promises is stuck to what was said first: the prefix shortcut at its worst.
            self._first = words = self._first or words
        start = promised[-1] if len(promised) else hold_action(G1_DEX3, observation.state)
        rows = np.repeat(start[None], 30, axis=0)
        rows[: len(promised)] = promised
        side = "right_arm" if words in TASKS["pick_bottle"].instructions else "left_arm"
        column = G1_DEX3.action.slice_of(side).start + 3
        rows[len(promised) :, column] += STEP * np.arange(1, 31 - len(promised))
        return ActionChunk(values=rows, start_tick=observation.tick)


def ready(policy: ObedientPolicy) -> ReadyPolicy:
    return ReadyPolicy(
        policy=policy, name="obedient", layout=G1_DEX3, max_promised=7, rows=30, fork=lambda: ObedientPolicy()
    )


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Small differences count, and an episode is over when compliance is decided."""
    monkeypatch.setattr("benchmarks.compliance.LEAST_DIFFERENCE", 1e-4)
    monkeypatch.setattr(instruction_switch, "WATCHED", 30)
    monkeypatch.setattr(instruction_switch, "open_task", quick_task)


def quick_task(*given, **named):
    episode = open_task(*given, **named)
    episode.task = replace(episode.task, time_limit=1.2)
    return episode


CONDITION = Condition(task="pick_bottle", kind="said", mode="prefix", delays="3")


def test_a_policy_that_obeys_complies_as_soon_as_its_answer_has_come_and_is_blended_in():
    ran, delay = run_switch(ready(ObedientPolicy()), (CONDITION, 0)), 3
    assert ran["too_soon"] is False and ran["success"] is False
    assert ran["ticks"] is not None and delay < ran["ticks"] <= delay + BLEND_TICKS + WINDOW


def test_a_policy_that_clings_to_its_promises_never_complies():
    ran = run_switch(ready(ObedientPolicy(stubborn=True)), (CONDITION, 0))
    assert ran["ticks"] is None and ran["too_soon"] is False


def test_situations_show_the_prop_or_not_and_leave_the_world_as_it_is():
    condition = replace(CONDITION, kind="gone")
    episode = open_task("pick_bottle", 0)
    controller = episode.controller()
    controller.reset(episode.robot.observe())
    situations = Situations(episode, condition, controller)
    before = episode.world.save().numbers
    there, gone = (look().images["head"] for look in (situations.old, situations.new))
    np.testing.assert_array_equal(episode.world.save().numbers, before)
    assert np.abs(there.astype(int) - gone).max() > 50
    situations.switch(None)  # pyright: ignore[reportArgumentType]
    still_there, still_gone = (look().images["head"] for look in (situations.old, situations.new))
    np.testing.assert_array_equal(there, still_there)
    np.testing.assert_array_equal(gone, still_gone)


def test_delays_are_the_same_for_a_seed_and_stay_within_a_chunk():
    uneven = [next(delay) for delay in [delays_of("uneven", 5)] for _ in range(300)]
    again = delays_of("uneven", 5)
    assert uneven == [next(again) for _ in range(300)]
    assert min(uneven) == 2 and 4 < max(uneven) <= instruction_switch.LONGEST
    assert len(ARMS) == 14 and words_of("hug_box", 3) in TASKS["hug_box"].instructions


def row(ticks: int | None) -> dict:
    kept = {"seed": 0, "switch": 25, "too_soon": False, "telling": 1.0, "failure": None, "seconds": 1.0}
    return kept | {"ticks": ticks, "success": True}


def test_a_robot_that_never_complies_counts_as_the_slowest():
    figures = summary_of([row(ticks) for ticks in (10, 31, None, None)])
    assert (figures["median"], figures["never"], figures["within_a_second"]) == (None, 0.5, 0.25)
    assert summary_of([row(ticks) for ticks in (10, 12, None)])["median"] == 12
