"""Reads or writes a data set with the lerobot library; run by the Python of an environment that has it.

`read ROOT FILE` puts what the library sees of a data set into FILE (npz); `write
ROOT FILE` makes a data set of what FILE holds.
"""

import sys

import numpy as np


def decoder():
    """Name torchcodec where it can be imported: newer versions of torchvision no longer decode ("pyav")."""
    try:
        import torchcodec  # noqa: F401
    except (ImportError, RuntimeError, OSError):
        return "pyav"
    return "torchcodec"


def read(root, file):
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    dataset = LeRobotDataset("psizero/peer", root=root, video_backend=decoder())
    rows = [dataset[index] for index in range(len(dataset))]
    camera = dataset.meta.camera_keys[0]
    np.savez(
        file,
        state=np.stack([row["observation.state"].numpy() for row in rows]),
        action=np.stack([row["action"].numpy() for row in rows]),
        pictures=np.stack([row[camera].permute(1, 2, 0).numpy() * 255 for row in rows]).round().astype(np.uint8),
        episode=np.array([int(row["episode_index"]) for row in rows]),
        task=np.array([row["task"] for row in rows]),
        mean=np.asarray(dataset.meta.stats["action"]["mean"]),
    )


def write(root, file):
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    data = np.load(file)
    features = {
        "observation.state": {"dtype": "float32", "shape": data["state"].shape[1:], "names": None},
        "action": {"dtype": "float32", "shape": data["action"].shape[1:], "names": None},
        "observation.images.head": {
            "dtype": "video",
            "shape": data["pictures"].shape[1:],
            "names": ["height", "width", "channels"],
        },
    }
    dataset = LeRobotDataset.create("psizero/peer", fps=30, features=features, root=root, video_backend=decoder())
    episodes = data["episode"]
    for row, episode in enumerate(episodes):
        dataset.add_frame(
            {
                "observation.state": data["state"][row],
                "action": data["action"][row],
                "observation.images.head": data["pictures"][row],
                "task": str(data["task"][row]),
            }
        )
        if row + 1 == len(episodes) or episodes[row + 1] != episode:
            dataset.save_episode()
    dataset.finalize()


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
