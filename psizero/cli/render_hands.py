"""`psizero data render-hands`: egocentric video of human hands at the robot's tasks, in EgoDex's format."""

import os
from functools import partial
from pathlib import Path

from psizero.errors import ConfigError


def render_hands(
    task: str,
    out: Path,
    episodes: int = 50,
    seed: int = 0,
    workers: int = min(8, os.cpu_count() or 1),
    ray: str | None = None,
    height: int = 120,
    width: int = 160,
) -> None:
    """Render people doing a task, seen from their heads, as EgoDex episodes OUT/TASK/SEED.hdf5 and .mp4.

    Episodes that are there already are not made again.

    Args:
        task: What to do: pick_bottle, hug_box or walk_and_place.
        out: Folder of the data set.
        episodes: How many episodes of this task, one for each seed.
        seed: First seed; each episode takes the next one.
        workers: Processes that work side by side.
        ray: Address of a Ray cluster, such as auto: all of its cores work instead.
        height: Height of the pictures (pixels), even.
        width: Width of the pictures (pixels), even.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from psizero.side_by_side import side_by_side
    from psizero.sim.task import TASKS

    _ = TASKS[task]
    if min(episodes, workers) < 1 or seed < 0:
        got = f"{episodes}, {workers} and {seed}"
        raise ConfigError(f"--episodes and --workers must be 1 or more and --seed 0 or more, got {got}")
    if height % 2 or width % 2:
        raise ConfigError(
            f"--height and --width must be even, got {height} and {width}; video is stored in 2 x 2 blocks"
        )
    wanted = [out / task / f"{number}.hdf5" for number in range(seed, seed + episodes)]
    missing = [path for path in wanted if not path.exists()]
    _check_same_size(next((path for path in wanted if path not in missing), None), (height, width))
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    frames = 0
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(f"rendering {task}", total=episodes, completed=episodes - len(missing))
        render = partial(_render, task, (height, width))
        for count in side_by_side(render, missing, workers=workers, cluster=ray):
            frames += count
            progress.advance(bar)
    told = (
        f"{len(missing)} new episodes of {task} in {out / task} ({frames} frames); {episodes - len(missing)} were there"
    )
    console.print(told, soft_wrap=True, highlight=False)


def _check_same_size(path: Path | None, size: tuple[int, int]) -> None:
    """Refuse to mix pictures of two sizes in one folder."""
    from psizero.data.egodex import EgoDexClip
    from psizero.sim.human_hands import intrinsic

    if path is not None and (abs(EgoDexClip(path).intrinsic - intrinsic(size)) > 1e-3).any():
        raise ConfigError(
            f"{path} has pictures of another size; choose another --out, or the same --height and --width"
        )


def _render(task: str, size: tuple[int, int], path: Path) -> int:
    """Make one episode; its seed is the name of its file. Return how many frames it has."""
    import numpy as np

    from psizero.data.egodex import EgoDexRecording, write_episode
    from psizero.sim.human_hands import intrinsic, perform_task, pictures

    episode = perform_task(task, int(path.stem))
    transforms = episode.egodex_transforms()
    recording = EgoDexRecording(
        transforms=transforms,
        intrinsic=intrinsic(size),
        frames=np.stack(list(pictures(episode, size))),
        attributes={
            "llm_description": episode.instruction,
            "llm_type": "reset",
            "task": task,
            "environment": "rendered by PsiZero",
        },
        confidences={name: np.ones(len(episode), np.float32) for name in transforms},
    )
    write_episode(path, recording)
    return len(episode)
