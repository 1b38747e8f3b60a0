"""`psizero recipe`: whole trainings from nothing to a policy, by the same functions as the single verbs."""

import functools
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import ParamSpec

from psizero.errors import ConfigError
from psizero.recipes import h200 as h200_recipe, legs as legs_recipe, paper as paper_recipe, tiny as tiny_recipe
from psizero.recipes.recipe import Demonstrations, Evaluation, HumanVideo, Recipe, Step
from psizero.train.config import FinetuneConfig, LocomotionConfig, PosttrainConfig, PretrainConfig

DONE = "done.json"
"""File in the folder of a recipe: the steps that are done, with their settings."""

Settings = ParamSpec("Settings")


def follow(recipe: Recipe, done: Callable[[], None] = lambda: None) -> None:
    """Do one step after the other; what is done already is not repeated, what was stopped goes on.

    `done` is called after each step.
    """
    from rich.console import Console

    from psizero.data.atomic_file import write_file

    if recipe.missing:
        raise ConfigError(f"this recipe cannot be followed here: {recipe.missing}")
    console = Console(stderr=True)
    path = recipe.out / DONE
    finished = json.loads(path.read_text()) if path.exists() else {}
    for number, (name, step) in enumerate(recipe.steps, start=1):
        settings = json.loads(json.dumps(asdict(step), default=str))
        if finished.get(name) == settings:
            console.print(f"{name}: done before", highlight=False)
            continue
        console.rule(f"[bold]{name}[/] ({number} of {len(recipe.steps)})", align="left")
        _do(step)
        finished[name] = settings
        write_file(path, json.dumps(finished, indent=1).encode())
        done()


def _do(step: Step) -> None:
    match step:
        case HumanVideo():
            from psizero.cli.render_hands import render_hands

            render_hands(task=step.task, out=step.out, episodes=step.episodes, seed=step.seed)
        case Demonstrations():
            from psizero.cli.collect import collect

            collect(task=step.task, out=step.out, episodes=step.episodes, seed=step.seed)
        case PretrainConfig():
            from psizero.train.pretrain import pretrain

            pretrain(replace(step, resume=True, begin_with=None) if _begun(step) else step)
        case PosttrainConfig():
            from psizero.train.posttrain import posttrain

            posttrain(replace(step, resume=True, begin_with=None) if _begun(step) else step)
        case FinetuneConfig():
            from psizero.train.finetune import finetune

            finetune(replace(step, resume=True, begin_with=None) if _begun(step) else step)
        case LocomotionConfig():
            from psizero.train.locomotion import STATE, train_locomotion

            begun = (step.out / STATE).exists()
            train_locomotion(replace(step, resume=True, begin_with=None) if begun else step)
        case Evaluation():
            _evaluate(step)


def _evaluate(step: Evaluation) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from psizero.cli.policies import policy_of
    from psizero.evaluate.many import run_episodes
    from psizero.evaluate.results import head, prepare_folder, task_entry, write_json
    from psizero.evaluate.rollout import EpisodeRequest

    make_policy = policy_of(step.policy)
    requests = [
        EpisodeRequest(
            task=step.task, seed=seed, delay_ticks=step.delay_ticks, mode=step.mode, time_limit=step.time_limit
        )
        for seed in range(step.episodes)
    ]
    prepare_folder(step.out)
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(f"episodes of {step.task}", total=len(requests))
        results = run_episodes(make_policy, requests, workers=2, done=lambda result: progress.advance(bar))
    settings = json.loads(json.dumps(asdict(step), default=str))
    write_json(step.out, head(make_policy.name, settings) | {"tasks": [task_entry(results)]})


def _begun(step: PretrainConfig | PosttrainConfig | FinetuneConfig) -> bool:
    from psizero.train.stage import has_begun

    return has_begun(step)


def _followed(recipe: Callable[Settings, Recipe]) -> Callable[Settings, None]:
    """Return the verb of a recipe, with the recipe's own settings and help."""

    @functools.wraps(recipe)
    def verb(*args: Settings.args, **kwargs: Settings.kwargs) -> None:
        follow(recipe(*args, **kwargs))

    return verb


tiny = _followed(tiny_recipe.tiny)
paper = _followed(paper_recipe.paper)
h200 = _followed(h200_recipe.h200)
legs = _followed(legs_recipe.legs)


def list_() -> None:
    """Tell which recipes there are, what their steps are, and what is missing to follow them."""
    from rich.console import Console

    console = Console()
    for recipe in (tiny_recipe.tiny, legs_recipe.legs, paper_recipe.paper, h200_recipe.h200):
        made = recipe()
        what = (recipe.__doc__ or "").splitlines()[0]
        console.print(f"{recipe.__name__}: {what}", highlight=False, soft_wrap=True)
        console.print(f"    steps: {', '.join(name for name, _ in made.steps)}", highlight=False, soft_wrap=True)
        if made.missing:
            console.print(f"    missing: {made.missing}", highlight=False, soft_wrap=True)
    claims = "claims: Try the claims of the Psi0 paper in small; see `psizero recipe claims --help`"
    console.print(claims, highlight=False, soft_wrap=True)
