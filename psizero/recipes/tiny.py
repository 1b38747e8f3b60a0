"""The three stages from nothing on a laptop with two cores, in about an hour and without a download.

People and the robot do the same two tasks; the robot's task that is learned last is one of them.
Recording 200 demonstrations and rendering 80 clips takes a part of the hour that depends on the
computer; the stages take what they are given here. A training by the clock ends after another
number of steps on another computer.
"""

from pathlib import Path

from psizero.errors import ConfigError
from psizero.recipes.recipe import Demonstrations, HumanVideo, Recipe
from psizero.train.config import FinetuneConfig, PosttrainConfig, PretrainConfig

_TASKS = ("pick_bottle", "hug_box")
_MOST_STEPS_A_MINUTE = 3000
"""Ten times what a fast core does (270 steps a minute, docs/train_shipped_policy.md): so the clock ends a stage."""


def tiny(
    out: Path = Path("runs/tiny"),
    clips: int = 40,
    demonstrations: int = 100,
    pretrain_minutes: float = 12.0,
    posttrain_minutes: float = 14.0,
    finetune_minutes: float = 14.0,
    seed: int = 0,
) -> Recipe:
    """Learn to see from human video, to move from two tasks, and one task well; from nothing, on a laptop.

    Args:
        out: Folder for everything.
        clips: Clips of people, of each task.
        demonstrations: Demonstrations of the robot, of each task.
        pretrain_minutes: Time of stage 1, the backbone.
        posttrain_minutes: Time of stage 2, the action expert.
        finetune_minutes: Time of stage 3, the task.
        seed: Seed of everything.
    """
    if min(clips, demonstrations) < 1 or min(pretrain_minutes, posttrain_minutes, finetune_minutes) <= 0:
        raise ConfigError("clips and demonstrations must be 1 or more, minutes above 0")
    people, robot = out / "people", {task: out / task for task in _TASKS}
    video = (HumanVideo(task=task, out=people, episodes=clips, seed=seed) for task in _TASKS)
    shown = (Demonstrations(task=task, out=robot[task], episodes=demonstrations, seed=seed) for task in _TASKS)
    backbone = PretrainConfig(data=(str(people),), out=out / "backbone", minutes=pretrain_minutes, seed=seed)
    expert = PosttrainConfig(
        data=tuple(str(folder) for folder in robot.values()),
        out=out / "expert",
        begin_with=backbone.out,
        minutes=posttrain_minutes,
        steps=max(1, round(_MOST_STEPS_A_MINUTE * posttrain_minutes)),  # a mix wants to know how many draws there are
        seed=seed,
    )
    policy = FinetuneConfig(
        data=(robot["pick_bottle"],), out=out / "policy", begin_with=expert.out, minutes=finetune_minutes, seed=seed
    )
    return Recipe(
        out=out,
        steps=(
            *((f"people: {step.task}", step) for step in video),
            *((f"robot: {step.task}", step) for step in shown),
            ("pretrain", backbone),
            ("posttrain", expert),
            ("finetune", policy),
        ),
    )
