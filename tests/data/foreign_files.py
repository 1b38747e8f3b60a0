"""Writes recordings in other people's formats, as their descriptions say; every number tells where it belongs."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from psizero.data.video import encode_video


def picture_of(frame: int, size=(32, 48)) -> np.ndarray:
    """A grey picture whose brightness is 4 per frame."""
    return np.full((*size, 3), (20 + 4 * frame) % 240, np.uint8)


def write_teleoperation(task: Path, episodes=2, length=6, first=0):
    """Hands 100 + k, arms 200 + k, body 300 + k of frame f raised by f / 100; torso height 0.7 + f / 100."""
    for number in range(first, first + episodes):
        frames = []
        for f in range(length):
            raised = f / 100
            frames.append(
                {
                    "time": 1000.0 + f / 30 + 0.001 * (f % 2),
                    "robot_type": "g1",
                    "states": {
                        "arm_state": [200 + k + raised for k in range(14)],
                        "leg_state": [0.0] * 15,
                        "hand_state": [100 + k + raised for k in range(14)],
                        "hand_pressure_state": [{"sensor_id": 1, "sensor_type": "A", "usable_readings": [1.0]}],
                        "imu": {"quaternion": [1, 0, 0, 0], "accelerometer": [0] * 3, "gyroscope": [0] * 3},
                    },
                    "actions": {
                        "left_angles": [400 + k + raised for k in range(7)],
                        "right_angles": [500 + k + raised for k in range(7)],
                        "sol_q": [300 + k + raised for k in range(29)],
                        "torso_rpy": [0.1, 0.2, 0.3 + raised],
                        "torso_height": 0.7 + raised,
                        "torso_vx": 0.5,
                        "torso_vy": -0.25,
                        "torso_vyaw": 0.125,
                        "torso_dyaw": 9.0,
                        "target_yaw": 1.5,
                    },
                    "image": f"color/frame_{f:06d}.jpg",
                    "depth": f"depth/frame_{f:06d}.npy.lzma",
                }
            )
        _write_folder(task / f"episode_{number}", frames)


def write_everyday(task: Path, robot="g1", episodes=1, length=5):
    """Measured joint k of frame f is k + f / 100, commanded 50 + k + f / 100."""
    hands = {"g1": 14, "h1": 12}[robot]
    for number in range(episodes):
        frames = [
            {
                "states": {
                    "robot_type": robot,
                    "hand_state": [k + f / 100 for k in range(hands)],
                    "arm_state": [hands + k + f / 100 for k in range(14)],
                },
                "action": {
                    "joint_angles": [50 + k + f / 100 for k in range(hands + 14)],
                    "wrists": {side: {"xyz": [0] * 3, "rpy": [0] * 3} for side in ("left", "right")},
                    "hands": {"left_thumb": {"xyz": [0] * 3, "rpy": [0] * 3}},
                },
                "image": f"color/frame_{f:06d}.jpg",
            }
            for f in range(length)
        ]
        _write_folder(task / f"episode_{number}", frames)


def _write_folder(folder: Path, frames):
    (folder / "color").mkdir(parents=True)
    for f, frame in enumerate(frames):
        Image.fromarray(picture_of(f)).save(folder / frame["image"], quality=95)
    (folder / "data.json").write_text(json.dumps(frames))


def write_simple(root: Path, length=8):
    """One episode as SIMPLE's post-processing leaves it: states k, actions 100 + k, at 50 frames a second."""
    vectors = {"hand_joints": 14, "arm_joints": 14, "leg_joints": 15, "prev_torso_rpy": 3, "prev_height": 1}
    info = {
        "codebase_version": "v2.1",
        "robot_type": "g1",
        "total_episodes": 1,
        "chunks_size": 1000,
        "fps": 50,
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": "videos/chunk-{episode_chunk:03d}/egocentric/episode_{episode_index:06d}.mp4",
        "features": {
            "observation.images.egocentric": {"dtype": "video", "shape": [32, 48, 3], "names": ["height"]},
            **{f"observation.{name}": {"dtype": "float32", "shape": [size]} for name, size in vectors.items()},
            "states": {"dtype": "float32", "shape": [-1]},
            "action": {"dtype": "float32", "shape": [-1]},
            "next.done": {"dtype": "bool", "shape": [1]},
        },
    }
    task = {"task_index": 0, "task": "pick the can"}
    row = {"episode_index": 0, "tasks": [0], "length": length, "robot_type": "g1", "instruction": task}
    files = {"info.json": info, "tasks.jsonl": task, "episodes.jsonl": row, "modality.json": {}}
    (root / "meta").mkdir(parents=True)
    for name, content in files.items():
        (root / "meta" / name).write_text(json.dumps(content))
    columns = {
        "states": [[float(k) for k in range(32)]] * length,
        "action": [[100.0 + k for k in range(36)]] * length,
        "timestamp": np.arange(length) / 50,
        "episode_index": np.zeros(length, np.int64),
        "next.done": np.arange(length) == length - 1,
    }
    for name in ("data/chunk-000", "videos/chunk-000/egocentric"):
        (root / name).mkdir(parents=True)
    pq.write_table(pa.table(columns), root / "data/chunk-000/episode_000000.parquet")
    pictures = np.stack([picture_of(f) for f in range(length)])
    (root / "videos/chunk-000/egocentric/episode_000000.mp4").write_bytes(encode_video(pictures, 50))
