import time
from dataclasses import replace

import pytest

from psizero.cli import policies
from psizero.cli.main import main
from psizero.errors import PolicyError
from psizero.evaluate.rollout import ReadyPolicy
from tests.evaluate.still_policy import MakeStillPolicy, StillPolicy


class FailingPolicy(StillPolicy):
    """Works while it is warmed up, then no more."""

    def act(self, observation, promised):
        if observation.tick > 0:
            raise PolicyError("the weights are gone")
        return super().act(observation, promised)


class MakeFailingPolicy(MakeStillPolicy):
    def __call__(self) -> ReadyPolicy:
        return replace(super().__call__(), policy=FailingPolicy())


def test_a_run_without_a_browser_tells_how_it_stands(monkeypatch, capsys):
    monkeypatch.setattr(policies, "policy_of", lambda folder: MakeStillPolicy())
    main(["run", "--task", "pick_bottle", "--instruction", "wait", "--seconds", "1.2", "--no-viewer"])
    lines = capsys.readouterr().out.splitlines()
    assert "1.0 s  other left alone; gate active" in lines[0]
    assert len(lines) == 2


def test_a_policy_that_fails_ends_the_run_in_one_line_after_a_hold(monkeypatch, capsys):
    monkeypatch.setattr(policies, "policy_of", lambda folder: MakeFailingPolicy())
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--task", "hug_box", "--seconds", "20", "--no-viewer"])
    assert str(stopped.value.code) == "psizero: the weights are gone"
    assert "gate active" in capsys.readouterr().out


class SlowPolicy(StillPolicy):
    """Thinks longer than half its chunk lasts."""

    def act(self, observation, promised):
        time.sleep(0.6)
        return super().act(observation, promised)


class MakeSlowPolicy(MakeStillPolicy):
    def __call__(self) -> ReadyPolicy:
        return replace(super().__call__(), policy=SlowPolicy())


def test_a_policy_whose_chunks_cannot_bridge_its_delay_is_refused_before_the_robot_moves(monkeypatch):
    monkeypatch.setattr(policies, "policy_of", lambda folder: MakeSlowPolicy())
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--task", "pick_bottle", "--seconds", "1", "--no-viewer"])
    assert "ticks late need chunks of" in str(stopped.value.code)


def test_a_mode_that_the_policy_cannot_do_and_one_that_is_none_are_refused(monkeypatch):
    monkeypatch.setattr(policies, "policy_of", lambda folder: MakeStillPolicy())
    for mode, words in (("ramp", "which the policy still does not offer"), ("synk", "Did you mean 'sync'?")):
        with pytest.raises(SystemExit) as stopped:
            main(["run", "--task", "pick_bottle", "--mode", mode, "--seconds", "1", "--no-viewer"])
        assert words in str(stopped.value.code)
