"""Demonstrations of one task by Meta-World's own scripted policy, as a LeRobot data set of psizero.

python -m vla_eval_metaworld.record --task button-press-topdown-v3 --out data/button
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
from metaworld.policies import ENV_POLICY_MAP

from psizero.data.episode import Episode
from psizero.data.lerobot import LeRobotWriter
from vla_eval_metaworld.world import CAMERA, LAYOUT, World


def demonstrate(world: World, task: str, number: int) -> Episode:
    """Let the scripted policy do the task once with goal `number`, up to its first success."""
    expert = ENV_POLICY_MAP[task]()
    states, actions, pictures = [], [], []
    world.reset(number)
    while not world.success and len(actions) < world.most_steps:
        action = np.clip(expert.get_action(world.full_observation), -1.0, 1.0).astype(np.float32)
        states.append(world.state)
        pictures.append(world.picture())
        actions.append(action)
        world.step(action)
    return Episode(
        instruction=world.instruction,
        state=np.stack(states),
        action=np.stack(actions),
        timestamps=np.arange(len(states)) / LAYOUT.rate,
        images={CAMERA: np.stack(pictures)},
        info={"task": task, "goal": number, "success": world.success},
    )


def record(task: str, out: Path, episodes: int, seed: int) -> None:
    """Write the demonstrations that succeed; each goal is tried once, in order, until there are enough."""
    warnings.filterwarnings("ignore", "Constant", UserWarning)  # its policies ask for more than 1 and are cut to it
    world = World(task, seed)
    if not 1 <= episodes <= world.goal_count:
        raise SystemExit(f"a seed has {world.goal_count} goals, got --episodes {episodes}; try another --seed for more")
    with LeRobotWriter(out, LAYOUT) as writer:
        kept = 0
        for number in range(world.goal_count):
            if kept == episodes:
                break
            episode = demonstrate(world, task, number)
            if episode.info["success"]:
                writer.append(episode)
                kept += 1
    world.close()
    print(f"{kept} demonstrations of {task} in {out}; next: psizero finetune --data {out} --out runs/metaworld")


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="python -m vla_eval_metaworld.record", description=__doc__)
    parser.add_argument("--task", choices=sorted(ENV_POLICY_MAP), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--episodes", type=int, default=50, help="demonstrations to keep, 50 at most")
    parser.add_argument("--seed", type=int, default=1, help="seed of the goals; evaluate with another")
    options = parser.parse_args()
    record(options.task, options.out, options.episodes, options.seed)


if __name__ == "__main__":
    main()
