"""`psizero collect`: demonstrations of a task by the scripted operator."""

import os
from itertools import islice
from pathlib import Path

from psizero.errors import ConfigError


def collect(
    task: str,
    out: Path,
    episodes: int = 50,
    seed: int = 0,
    workers: int = min(8, os.cpu_count() or 1),
    ray: str | None = None,
    walking_legs: bool = False,
) -> None:
    """Record demonstrations of a task by the scripted operator, as a LeRobot v3.0 data set.

    A data set that is there already is continued: seeds it holds are not repeated.

    Args:
        task: What to do: pick_bottle, hug_box or walk_and_place.
        out: Folder of the data set.
        episodes: How many successful demonstrations of this task the data set shall hold.
        seed: First seed; each try takes the next one.
        workers: Processes that work side by side.
        ray: Address of a Ray cluster, such as auto: all of its cores work instead.
        walking_legs: Let System-0 move the legs also in tasks that do not walk.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
    from psizero.embodiment.layout import G1_DEX3
    from psizero.sim.task import TASKS
    from psizero.teleop.collect import demonstrations, seeds_from

    _ = TASKS[task]
    if min(episodes, workers) < 1 or seed < 0:
        got = f"{episodes}, {workers} and {seed}"
        raise ConfigError(f"--episodes and --workers must be 1 or more and --seed 0 or more, got {got}")
    console = Console()
    with LeRobotWriter(out, G1_DEX3) as writer:
        taken = _seeds(out, task) if writer.episode_count else frozenset()
        kept, tried = len(taken), 0
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task(f"collecting {task}", total=episodes, completed=kept)
            # An operator who fails more often than not has a defect; better stop than go on for ever.
            most = 2 * (episodes - kept) + 10 if kept < episodes else 0
            seeds = islice(seeds_from(seed, taken), most)
            for demonstration in demonstrations(task, seeds, workers=workers, cluster=ray, walking_legs=walking_legs):
                if kept >= episodes:
                    break
                tried += 1
                if demonstration.success:
                    writer.append(demonstration.episode)
                    kept += 1
                    progress.update(bar, completed=kept)
                else:
                    progress.console.print(f"  seed {demonstration.seed} not kept: {demonstration.reason}")
        frames = sum(entry.length for entry in LeRobotDataset(out).episodes) if writer.episode_count else 0
    if kept < episodes:
        raise ConfigError(f"only {kept} of {episodes} demonstrations of {task} succeeded in {tried} tries")
    told = f"{kept} episodes of {task} in {out} ({frames} frames in all); the operator tried {tried} times"
    following = f"next: psizero data info {out}   or   psizero finetune --data {out} --out POLICY"
    console.print(f"{told}\n{following}", soft_wrap=True, highlight=False)


def _seeds(data: Path, task: str) -> frozenset[int]:
    """Return the seeds of a task's episodes in a data set."""
    from psizero.data.lerobot import LeRobotDataset

    return frozenset(
        int(entry.info["seed"]) for entry in LeRobotDataset(data).episodes if entry.info.get("task") == task
    )
