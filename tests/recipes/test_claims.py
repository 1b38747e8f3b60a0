"""The plan of the claims: equal budgets, the same demonstrations last, nothing done twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from psizero.errors import ConfigError
from psizero.recipes.claims import TASK, Sizes, claims, hours
from psizero.recipes.recipe import Demonstrations, Evaluation, HumanVideo
from psizero.train.config import FinetuneConfig, PosttrainConfig, PretrainConfig, StageConfig

LETTERS = tuple("abcdef")


def plan(letters=(), **sizes):
    return claims(Path("runs/claims"), letters, Sizes(**sizes))


def chain(policy, steps):
    """Return the stages that end in the folder `policy`, the last one first."""
    by_folder = {step.out: step for step in steps if isinstance(step, StageConfig)}
    found = [by_folder[policy]]
    while getattr(found[-1], "begin_with", None) is not None:
        found.append(by_folder[found[-1].begin_with])
    return found


def test_every_arm_of_every_claim_learns_from_equally_many_observations():
    made = plan()
    assert tuple(claim.letter for claim in made.claims) == LETTERS
    steps = [step for _, step in made.recipe.steps]
    for claim in made.claims:
        for arm in claim.arms:
            assert arm.samples == 32 * Sizes().steps
            for evaluation in arm.evaluations:
                stages = chain(evaluation.policy, steps)
                assert sum(stage.step_limit * stage.batch_size for stage in stages) == arm.samples
                told = {"pretrain": PretrainConfig, "posttrain": PosttrainConfig, "finetune": FinetuneConfig}
                assert [(told[name], count) for name, count in arm.stages] == [
                    (type(stage), stage.step_limit) for stage in reversed(stages)
                ]


def test_arms_differ_in_what_is_asked_and_in_nothing_else():
    made = plan(trainings=1)
    steps = [step for _, step in made.recipe.steps]
    last = {
        (claim.letter, arm.name): chain(arm.evaluations[0].policy, steps)[0]
        for claim in made.claims
        for arm in claim.arms
    }
    data = {name: step.data for name, step in last.items()}
    assert set(data.values()) == {data["f", "one task"], data["f", "two tasks"]}
    assert data["f", "two tasks"][0] == data["f", "one task"][0]
    on, off = last["e", "RTC on"], last["e", "RTC off"]
    assert off == replace(on, out=off.out, objective=replace(on.objective, no_delay=1.0))
    plain, joint = last["b", "plain DiT"], last["b", "MM-DiT"]
    assert plain == replace(joint, out=plain.out, size="tiny_naive")
    tried = [step for step in steps if isinstance(step, Evaluation)]
    assert {(step.task, step.episodes) for step in tried} == {(TASK, 100)}
    assert {step.delay_ticks for step in tried} == {0, 6}


def test_a_step_comes_behind_what_it_reads_and_only_once():
    made = plan()
    written = set()
    for _, step in made.recipe.steps:
        match step:
            case Evaluation():
                assert step.policy in written
            case StageConfig():
                assert {Path(str(item).partition("=")[0]) for item in step.data} <= written
                assert getattr(step, "begin_with", None) in {None, *written}
        if isinstance(step, StageConfig | Evaluation):
            assert step.out not in written
        written.add(step.out)


def test_only_what_the_chosen_claims_need_is_done():
    made = plan(("b",), trainings=1)
    assert [type(step) for _, step in made.recipe.steps] == [Demonstrations, *2 * [FinetuneConfig, Evaluation]]
    tenth = {step.out.name: step.episodes for _, step in plan(("d",)).recipe.steps if isinstance(step, HumanVideo)}
    assert tenth == {"people": 50, "people_tenth": 5}


def test_the_whole_fits_into_six_hours_and_has_the_trials_that_a_claim_needs():
    assert hours(plan().recipe) <= 6.0
    assert Sizes().episodes >= 100


def test_an_unknown_claim_and_an_empty_plan_are_refused():
    with pytest.raises(ConfigError, match="unknown claim 'g'; known: a, b"):
        plan(("g",))
    with pytest.raises(ConfigError, match="10 or more"):
        Sizes(steps=5)
