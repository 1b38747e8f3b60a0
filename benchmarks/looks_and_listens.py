"""Does the policy look and listen? Success with a broken camera, a moved bottle, late answers and other words.

Run: python -m benchmarks.looks_and_listens [EPISODES [WORD]]   (100 episodes of each kind take about half an hour;
with a word, only the conditions that contain it)
"""

import sys
from collections.abc import Sequence

from benchmarks.figure import Figure, show
from psizero.cli.policies import policy_of
from psizero.evaluate.many import run_episodes
from psizero.evaluate.rollout import EpisodeRequest
from psizero.evaluate.score import Score
from psizero.sim.scene import BOTTLE
from psizero.sim.task import TASKS, open_task

EPISODES = 100
WORKERS = 2
MOVE = 0.10
"""How far the bottle is moved (m), across the table, towards the middle of its range."""


def measure(episodes: int = EPISODES, word: str = "") -> list[Figure]:
    """Run the packaged policy in evaluation scenes 0, 1, ... under every condition."""
    seeds = range(episodes)
    groups = {
        f"{task}, answers {delay} ticks late": [
            EpisodeRequest(task=task, seed=seed, delay_ticks=delay) for seed in seeds
        ]
        for task in ("pick_bottle", "hug_box")
        for delay in (0, 2, 4, 6)
    }
    groups["pick_bottle, bottle moved by 10 cm"] = [_moved(seed) for seed in seeds]
    for task, other in (("pick_bottle", "hug_box"), ("hug_box", "pick_bottle")):
        groups[f"{task} scenes, told to {other}"] = [
            EpisodeRequest(task=task, asked_task=other, seed=seed) for seed in seeds
        ]
        groups[f"{task}, told to {other}, judged as {task}"] = [
            EpisodeRequest(task=task, seed=seed, instruction=TASKS[other].instructions[0]) for seed in seeds
        ]
        groups[f"{task}, camera replaced by noise"] = [
            EpisodeRequest(task=task, seed=seed, camera="noise") for seed in seeds
        ]
    return [_figure(name, requests) for name, requests in groups.items() if word in name]


def _moved(seed: int) -> EpisodeRequest:
    """Move the bottle of a scene so that it stays where bottles have been seen."""
    x = open_task("pick_bottle", seed).world.pose("bottle").position[0]
    return EpisodeRequest(
        task="pick_bottle", seed=seed, shift={"bottle": (-MOVE if x > BOTTLE.place[0] else MOVE, 0.0)}
    )


def _figure(name: str, requests: Sequence[EpisodeRequest]) -> Figure:
    results = run_episodes(policy_of(None), requests, workers=WORKERS)
    score = Score.of(result.success for result in results)
    low, high = score.interval
    blind = "noise" in name or "judged" in name
    figure = Figure(
        name=f"{name}: {score.successes} of {score.episodes} ({100 * low:.0f} to {100 * high:.0f} %)",
        value=100 * score.rate,
        unit="%",
        at_most=20.0 if blind else None,
        at_least=None if blind else 80.0,
    )
    print(figure.name, file=sys.stderr, flush=True)
    return figure


if __name__ == "__main__":
    show(measure(int(sys.argv[1]) if len(sys.argv) > 1 else EPISODES, sys.argv[2] if len(sys.argv) > 2 else ""))
