"""Frames <-> mp4: the only door to the video library.

Encoded as H.264 4:2:0 at a quality at which the loss is hard to see, with a key
frame every few frames: a picture from the middle costs a handful of decodings.
"""

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from psizero.data.image import PictureSize, resize_image
from psizero.errors import DataError

KEY_FRAME_EVERY = 6
"""Frames between key frames: random reading decodes at most this many."""
QUALITY = 18
"""x264's constant rate factor; 18 is called visually lossless."""


def encode_video(frames: np.ndarray, fps: float) -> bytes:
    """Return an mp4 of uint8 (N, H, W, 3) frames, frame i shown at exactly i / fps seconds."""
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3 or len(frames) == 0:
        raise DataError(f"a video is made from uint8 (N, H, W, 3), got {frames.dtype} {frames.shape}")
    height, width = frames.shape[1:3]
    if height % 2 or width % 2:
        raise DataError(f"a video needs an even height and width, got {height} x {width}; crop or resize the camera")
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264",
            rate=Fraction(fps).limit_denominator(1001),
            options={"crf": str(QUALITY), "preset": "veryfast", "bf": "0"},
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.gop_size = KEY_FRAME_EVERY
        stream.thread_count = 1
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")))
        container.mux(stream.encode())
    return target.getvalue()


def read_video(
    path: Path, *, start: float = 0.0, stop: float | None = None, size: PictureSize | None = None
) -> np.ndarray:
    """Return the frames shown in [start, stop) seconds (to the end without `stop`), uint8 (N, H, W, 3).

    With `size` (height, width) every frame passes through `resize_image`.
    """
    try:
        frames = [frame if size is None else resize_image(frame, size) for frame in _frames(path, start, stop)]
    except FileNotFoundError as error:
        raise DataError(f"video {path} is missing; delete its episode or fetch the file again") from error
    except (FFmpegError, OSError) as error:
        raise DataError(f"video {path} cannot be decoded ({error}); record or fetch it again") from error
    if not frames:
        raise DataError(f"video {path} shows no frame from {start:.3f} s on; record or fetch it again")
    return np.stack(frames)


def count_frames(path: Path) -> int:
    """Return how many frames a video holds, by reading its packets without decoding them."""
    try:
        with av.open(str(path)) as container:
            return sum(packet.size > 0 for packet in container.demux(video=0))
    except (FFmpegError, OSError, IndexError) as error:
        raise DataError(f"video {path} cannot be read ({error}); record or fetch it again") from error


def _frames(path: Path, start: float, stop: float | None) -> Iterator[np.ndarray]:
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise DataError(f"{path} holds no video")
        stream = container.streams.video[0]
        stream.thread_count = 1
        rate = stream.average_rate
        half = 0.5 / float(rate) if rate else 1e-3
        convert = VideoReformatter()  # one for all frames: to make one takes as long as to use it
        if start > 0 and stream.time_base:
            container.seek(int((start - half) / stream.time_base), stream=stream, backward=True)
        for frame in container.decode(stream):
            time = frame.time or 0.0
            if stop is not None and time >= stop - half:
                return
            if time >= start - half:
                if frame.is_corrupt:  # the decoder has filled a hole with what was around it
                    raise DataError(f"video {path} has a damaged picture at {time:.3f} s; record or fetch it again")
                yield convert.reformat(frame, format="rgb24", threads=1).to_ndarray()
