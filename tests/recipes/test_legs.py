import json
from dataclasses import replace

import pytest

from psizero.cli.recipe import DONE, follow
from psizero.errors import ConfigError
from psizero.recipes.legs import legs
from psizero.recipes.recipe import Recipe
from psizero.rl.config import PPOConfig


def test_the_second_part_begins_with_the_first_and_goes_anywhere(tmp_path):
    steps = dict(legs(tmp_path, seed=3).steps)
    assert list(steps) == ["walk", "rough"]
    assert steps["rough"].begin_with == steps["walk"].out
    assert steps["rough"].environment.rough and not steps["walk"].environment.rough
    assert {step.seed for step in steps.values()} == {3}


def test_legs_are_trained_in_two_parts_and_a_part_that_was_stopped_goes_on(tmp_path, monkeypatch):
    from psizero.train.locomotion import LocomotionTraining

    ppo = PPOConfig(horizon=4, epochs=1, minibatches=1)
    small = tuple(
        (name, replace(step, robots=4, steps=32, ppo=ppo, save_minutes=1e-9)) for name, step in legs(tmp_path).steps
    )
    recipe = Recipe(out=tmp_path, steps=small)
    iterate, calls = LocomotionTraining.iterate, []

    def stopped(training):
        calls.append(training.steps)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return iterate(training)

    monkeypatch.setattr(LocomotionTraining, "iterate", stopped)
    with pytest.raises(KeyboardInterrupt):
        follow(recipe)
    assert list(json.loads((tmp_path / DONE).read_text())) == ["walk"]
    follow(recipe)
    # Two rounds of 16 steps on level ground, one more, a stop, and only the last one again.
    assert calls == [0, 16, 32, 48, 48]
    assert (tmp_path / "rough" / "system0.onnx").exists()
    follow(recipe)
    assert len(calls) == 5


def test_no_steps_are_refused():
    with pytest.raises(ConfigError, match="1 or more"):
        legs(walk_steps=0)
