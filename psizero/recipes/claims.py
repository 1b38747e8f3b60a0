"""The claims of the Psi0 paper (arXiv 2603.12263) in small: every arm from nothing, all with the same budget.

An arm is a way of training. Whatever its stages are, they learn from equally many observations together, so
pre-training has to be better than as much fine-tuning. All arms learn the same demonstrations of the same task
last and are tried in the same scenes. Each is trained several times with other seeds, the same ones for all,
because two trainings of one arm differ too.

The task is to lift a box with both arms. Human video shows people at this and at another task, picking a bottle;
humanoid data are the robot at that other task alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from psizero.errors import ConfigError
from psizero.recipes.recipe import Demonstrations, Evaluation, HumanVideo, Recipe, Step
from psizero.registry import Registry
from psizero.train.config import FinetuneConfig, ObjectiveConfig, PosttrainConfig, PretrainConfig, StageConfig

TASK, OTHER_TASK = "hug_box", "pick_bottle"
DELAY_TICKS = 6
"""Delay where it is asked what a delay costs: 200 ms, the most that the paper trains for."""

_PEOPLE, _TENTH, _HUMANOID = "people", "people_tenth", OTHER_TASK
_SHARE_OF_PRETRAINING = _SHARE_OF_POSTTRAINING = 0.3
_WITH_HUMANOID = 30_000 / 230_000
"""Share of humanoid data in pre-training: 30,000 of the paper's 230,000 steps."""
_BATCH = 32
_SAMPLES_PER_SECOND = 170.0
"""Observations learned from on two cores of an AMD EPYC, `docs/log.md`, 2026-11-23; a Xeon with AMX took 243."""
_SECONDS = {HumanVideo: 0.5, Demonstrations: 1.2, Evaluation: 1.6}
"""Time of an episode with two processes (s). 517 demonstrations took ten minutes (docs/train_shipped_policy.md); a clip
took 0.6 s of one core, before it is encoded, an episode that succeeds 1.8 s; half of them are taken to fail, late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way of training, as a row of a claim's table."""

    name: str
    stages: tuple[tuple[str, int], ...]
    """Names of the stages with their optimizer steps."""
    samples: int
    """Observations learned from, all stages together."""
    evaluations: tuple[Evaluation, ...]
    """One for each training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A comparison of arms with the first of them."""

    letter: str
    question: str
    how: str
    """How it is tried here."""
    paper: str
    """What the paper found."""
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPlan:
    """All that is to be done, and what is to be read from it."""

    recipe: Recipe
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How a policy comes to be, and how it is tried."""

    policy: str
    """Name of its folder; ways with the same one share it."""
    pretrained_on: Mapping[str, float] | None = None
    """Data sets of stage 1 with their shares."""
    posttrained: bool = False
    tasks: tuple[str, ...] = (TASK,)
    size: str = "tiny"
    promises: bool = True
    """Whether it learns to go on from actions that are promised already."""
    delay_ticks: int = 0
    mode: str = "prefix"


_SCRATCH = _Way(policy="scratch")
_HUMAN = _Way(policy="human", pretrained_on={_PEOPLE: 1.0})
_BOTH = _Way(policy="both", pretrained_on={_PEOPLE: 1.0 - _WITH_HUMANOID, _HUMANOID: _WITH_HUMANOID})
_FULL = replace(_BOTH, policy="full", posttrained=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A claim before its arms are laid out."""

    text: str
    how: str
    paper: str
    ways: Mapping[str, _Way]
    """By the name of the arm; the first one is what the others are compared with."""


_QUESTIONS: Registry[_Question] = Registry(
    "claim",
    {
        "a": _Question(
            text="Does it help to pre-train on human video, and on humanoid data beside it?",
            how="human video shows people at this task and at another; humanoid data are the robot at the other task, "
            "13 % of what pre-training draws, as in the paper",
            paper="2 of 10 without, 6 of 10 with human video, 8 of 10 with both",
            ways={"no pre-training": _SCRATCH, "human video": _HUMAN, "human video and humanoid": _BOTH},
        ),
        "b": _Question(
            text="Is an MM-DiT a better action expert than a plain DiT of the same size?",
            how="both have as many weights, and both get a summary of the observation and a first guess of the chunk",
            paper="0 of 10 with the plain DiT, 2 of 10 with the MM-DiT, neither pre-trained",
            ways={"plain DiT": replace(_SCRATCH, policy="naive", size="tiny_naive"), "MM-DiT": _SCRATCH},
        ),
        "c": _Question(
            text="Does it help to post-train the action expert on humanoid data?",
            how="post-training is on the robot at the other task, on the backbone pre-trained with both kinds of data",
            paper="8 of 10 without, 9 of 10 with it",
            ways={"no post-training": _BOTH, "post-trained": _FULL},
        ),
        "d": _Question(
            text="Does more human video help?",
            how="the tenth are the first clips of each task, learned from just as long",
            paper="1 of 10 with a tenth of it and 8 of 10 with all in one task, 6 and 7 of 10 in another",
            ways={
                "a tenth of the human video": _Way(policy="tenth", pretrained_on={_TENTH: 1.0}),
                "all of it": _HUMAN,
            },
        ),
        "e": _Question(
            text="Does real-time chunking in training (RTC) help where answers are late?",
            how="answers come 200 ms late; without RTC, fine-tuning promises no actions, and a chunk is switched to as "
            "it comes",
            paper="9 of 10 with and without, fewer collisions with it",
            ways={
                "RTC off": replace(_FULL, policy="no_rtc", promises=False, mode="naive", delay_ticks=DELAY_TICKS),
                "RTC on": replace(_FULL, delay_ticks=DELAY_TICKS),
            },
        ),
        "f": _Question(
            text="What does it cost to learn two tasks at once?",
            how="fine-tuning on both tasks takes as many steps as on one, so about half of what it sees is this task; "
            "tried is this task",
            paper="10, 20 and 70 points of success in three tasks, as its figure says",
            ways={"one task": _FULL, "two tasks": replace(_FULL, policy="two_tasks", tasks=(TASK, OTHER_TASK))},
        ),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How large everything is; the defaults are planned for two cores and a night."""

    steps: int = 2500
    """Optimizer steps of each training, all stages together."""
    trainings: int = 3
    """Trainings of each arm, with other seeds."""
    episodes: int = 100
    """Scenes in which each policy is tried."""
    clips: int = 50
    """Clips of people, of each of two tasks."""
    demonstrations: int = 50
    """Demonstrations of the robot, of each of two tasks."""

    def __post_init__(self) -> None:
        if min(self.trainings, self.episodes, self.clips, self.demonstrations) < 1 or self.steps < 10:
            raise ConfigError(f"steps must be 10 or more, everything else 1 or more; got {self}")


def claims(out: Path, letters: tuple[str, ...], sizes: Sizes) -> ClaimsPlan:
    """Lay out what some claims, named by their letters, need; what several of them need is done once."""
    steps: dict[str, Step] = {}
    questions = {letter: _QUESTIONS[letter] for letter in letters or tuple(_QUESTIONS)}
    ways = {way.policy: way for question in questions.values() for way in question.ways.values()}
    for training in range(sizes.trainings):  # all arms once, then all once more: a table is whole early
        for question in questions.values():
            for way in question.ways.values():
                steps |= _steps(out, way, training, sizes)
    used = {TASK, *(task for way in ways.values() for task in (*way.tasks, *(way.pretrained_on or ())))}
    used |= {_HUMANOID for way in ways.values() if way.posttrained}
    recipe = Recipe(out=out, steps=(*_data(out, used, sizes).items(), *steps.items()))
    return ClaimsPlan(
        recipe=recipe,
        claims=tuple(
            Claim(
                letter=letter,
                question=question.text,
                how=question.how,
                paper=question.paper,
                arms=tuple(_arm(name, out, way, sizes) for name, way in question.ways.items()),
            )
            for letter, question in questions.items()
        ),
    )


def hours(recipe: Recipe) -> float:
    """Return about how long a recipe takes on two idle cores (h)."""
    seconds = 0.0
    for _, step in recipe.steps:
        if isinstance(step, StageConfig):
            seconds += (step.step_limit or 0) * step.batch_size / _SAMPLES_PER_SECOND
        elif isinstance(step, HumanVideo | Demonstrations | Evaluation):
            seconds += step.episodes * _SECONDS[type(step)]
    return seconds / 3600


def _data(out: Path, used: set[str], sizes: Sizes) -> dict[str, Step]:
    """Return how the data are made; a tenth of the human video are its first clips, whose seeds are the same."""
    few = max(1, round(sizes.clips / 10))
    steps: dict[str, Step] = {}
    for folder, clips in ((_PEOPLE, sizes.clips), (_TENTH, few)):
        for task in (TASK, OTHER_TASK):
            if folder in used:
                steps[f"{folder}: {task}"] = HumanVideo(task=task, out=out / "data" / folder, episodes=clips)
    for task in (TASK, OTHER_TASK):
        if task in used:
            steps[f"robot: {task}"] = Demonstrations(task=task, out=out / "data" / task, episodes=sizes.demonstrations)
    return steps


def _stages(way: _Way, sizes: Sizes) -> dict[str, int]:
    """Return the optimizer steps of each stage; together they are those of every other way."""
    pretrain = round(_SHARE_OF_PRETRAINING * sizes.steps) if way.pretrained_on else 0
    posttrain = round(_SHARE_OF_POSTTRAINING * sizes.steps) if way.posttrained else 0
    stages = {"pretrain": pretrain, "posttrain": posttrain, "finetune": sizes.steps - pretrain - posttrain}
    return {name: steps for name, steps in stages.items() if steps}


def _steps(out: Path, way: _Way, training: int, sizes: Sizes) -> dict[str, Step]:
    """Return the stages of one training of a way, and its evaluation."""
    folder, data, stages = out / f"training{training}", out / "data", _stages(way, sizes)
    same: dict[str, Any] = {
        "seed": training,
        "batch_size": _BATCH,
        "holdout": 0.0,  # so that trainings of other seeds learn the same demonstrations
        "logger": "none",
        "size": way.size,
    }
    steps: dict[str, Step] = {}
    last: Path | None = None
    if way.pretrained_on:
        last = folder / "backbones" / "_and_".join(way.pretrained_on)
        steps[f"training {training}: pretrain on {' and '.join(way.pretrained_on)}"] = PretrainConfig(
            data=tuple(f"{data / name}={share}" for name, share in way.pretrained_on.items()),
            out=last,
            steps=stages["pretrain"],
            **same,
        )
    if way.posttrained:
        expert = folder / "experts" / "posttrained"
        steps[f"training {training}: posttrain"] = PosttrainConfig(
            data=(str(data / _HUMANOID),), out=expert, begin_with=last, steps=stages["posttrain"], **same
        )
        last = expert
    policy = folder / "policies" / way.policy
    steps[f"training {training}: finetune {way.policy}"] = FinetuneConfig(
        data=tuple(data / task for task in way.tasks),
        out=policy,
        begin_with=last,
        steps=stages["finetune"],
        objective=ObjectiveConfig() if way.promises else ObjectiveConfig(no_delay=1.0),
        **same,
    )
    evaluation = _evaluation(out, way, training, sizes)
    steps[f"training {training}: evaluate {evaluation.out.name}"] = evaluation
    return steps


def _evaluation(out: Path, way: _Way, training: int, sizes: Sizes) -> Evaluation:
    folder = out / f"training{training}"
    late = f"_{way.delay_ticks}_ticks_late" if way.delay_ticks else ""
    return Evaluation(
        policy=folder / "policies" / way.policy,
        out=folder / "evaluations" / f"{way.policy}{late}",
        task=TASK,
        episodes=sizes.episodes,
        delay_ticks=way.delay_ticks,
        mode=way.mode,
    )


def _arm(name: str, out: Path, way: _Way, sizes: Sizes) -> Arm:
    stages = _stages(way, sizes)
    return Arm(
        name=name,
        stages=tuple(stages.items()),
        samples=_BATCH * sum(stages.values()),
        evaluations=tuple(_evaluation(out, way, training, sizes) for training in range(sizes.trainings)),
    )
