"""Train a tiny policy on made-up episodes whose right answers are known.

A square wanders over the picture; the words say whether to move with it or against
it. A policy that gets this right has looked and listened.

Run: python examples/02_train_a_tiny_policy.py [FOLDER [STEPS]]
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import INSTRUCTIONS, synthetic_episode, synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.model.policy_folder import load_policy
from psizero.train.config import FinetuneConfig
from psizero.train.finetune import finetune
from psizero.types import Observation


def main() -> None:
    """Write a data set, learn from it, then ask the policy about an episode that it has not seen."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/example_02")
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 300

    with LeRobotWriter(folder / "data", G1_DEX3) as writer:
        for episode in synthetic_episodes(8):
            writer.append(episode)
    finetune(FinetuneConfig(data=(folder / "data",), out=folder / "policy", steps=steps, batch_size=8))

    policy = load_policy(folder / "policy")
    unseen = synthetic_episode(seed=1000)
    seen = Observation(
        time=0.0,
        joint_positions=np.zeros(0),
        joint_velocities=np.zeros(0),
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
        images={"head": unseen.images["head"][20]},
        state=unseen.state[20],
    )
    nothing_promised = np.zeros((0, G1_DEX3.action.size), np.float32)
    for words in INSTRUCTIONS:
        chunk = policy.act(replace(seen, instruction=words), nothing_promised)
        print(f'"{words}": first action starts with {chunk.values[0, :4].round(2)}')
    print(f'right for "{unseen.instruction}": {unseen.action[20, :4].round(2)}')


if __name__ == "__main__":
    main()
