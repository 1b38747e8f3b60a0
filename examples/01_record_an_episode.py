"""Record an episode: the scripted operator lifts the bottle through the whole teleoperation pipeline.

Run: python examples/01_record_an_episode.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np

from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.embodiment.layout import G1_DEX3
from psizero.teleop.collect import demonstrate


def main() -> None:
    """Record one episode, read it back and look at what is in it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("runs/example_01")

    demonstration = demonstrate("pick_bottle", seed=0)
    print(f"the operator {'succeeded' if demonstration.success else 'failed: ' + demonstration.reason}")

    with LeRobotWriter(folder, G1_DEX3) as writer:
        index = writer.append(demonstration.episode)

    episode = LeRobotDataset(folder).read(index)
    print(f'"{episode.instruction}": {len(episode.action)} frames, {episode.timestamps[-1]:.1f} s')
    print(f"pictures: {episode.images['head'].shape}, {episode.images['head'].dtype}")

    # Numbers are asked for by name; only the layout knows an index.
    arm = G1_DEX3.action.get(episode.action, "right_arm")
    speed = np.abs(np.diff(arm, axis=0)).max(axis=0) * G1_DEX3.rate
    names = next(field.parts for field in G1_DEX3.action.fields if field.name == "right_arm")
    for name, fastest in zip(names, speed, strict=True):
        print(f"    {name:15} moved at up to {fastest:.2f} rad/s")


if __name__ == "__main__":
    main()
