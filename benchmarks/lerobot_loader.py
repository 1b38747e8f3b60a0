"""Reads a data set with the lerobot library and tells, as JSON, how many examples a second came.

Run by `loader_speed` with the Python of an environment that has lerobot; nothing of
PsiZero is imported here. Arguments: folder, batch size, actions of a chunk.
"""

import functools
import importlib.metadata
import json
import sys
import time

import av
import torch

WORKERS = 2
"""Processes that decode."""
SECONDS = 20.0
"""How long is measured, after the first batches."""


@functools.lru_cache(maxsize=64)
def _opened(path: str):
    container = av.open(path)
    container.streams.video[0].thread_count = 1
    return container


def decode_wanted(path, timestamps, tolerance, backend=None):
    """Return (n, 3, H, W) float pictures at rising times (s): seek to the key frame, convert what is wanted alone."""
    container = _opened(str(path))
    stream = container.streams.video[0]
    container.seek(int(min(timestamps) / stream.time_base), stream=stream, backward=True)
    found, left = [], sorted(timestamps)
    for frame in container.decode(stream):
        while left and frame.time >= left[0] - tolerance:
            found.append(torch.from_numpy(frame.to_ndarray(format="rgb24")).permute(2, 0, 1))
            left.pop(0)
        if not left:
            break
    return torch.stack(found).float() / 255


def choose_decoder():
    """Return what decodes: the library's choice, or what takes the place of torchvision's."""
    try:
        import torchcodec  # noqa: F401  # pyright: ignore[reportMissingImports]
    except (ImportError, OSError, RuntimeError):
        from lerobot.datasets import lerobot_dataset  # pyright: ignore[reportMissingImports]

        lerobot_dataset.decode_video_frames = decode_wanted
        return "PyAV on open files"
    return "torchcodec"


def main(root, batch, chunk):
    """Read for a while and print one line of JSON."""
    decoder = choose_decoder()
    from lerobot.datasets.lerobot_dataset import LeRobotDataset  # pyright: ignore[reportMissingImports]

    backend = "torchcodec" if decoder == "torchcodec" else "pyav"
    rate = LeRobotDataset("psizero/peer", root=root, video_backend=backend).fps
    times = {"action": [row / rate for row in range(chunk)]}
    dataset = LeRobotDataset("psizero/peer", root=root, video_backend=backend, delta_timestamps=times)
    loader = torch.utils.data.DataLoader(dataset, batch_size=batch, shuffle=True, num_workers=WORKERS)
    count, begin = -4, 0.0
    while not begin or time.perf_counter() - begin < SECONDS:
        for examples in loader:
            assert examples["action"].shape[1] == chunk
            count += 1
            if count == 0:
                begin = time.perf_counter()
            if begin and time.perf_counter() - begin >= SECONDS:
                break
    speed = count * batch / (time.perf_counter() - begin)
    print(json.dumps({"version": importlib.metadata.version("lerobot"), "decoder": decoder, "speed": speed}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
