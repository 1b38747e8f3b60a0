"""What each of the processes does that `test_shared_pictures.py` starts: take episodes from a common folder."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from psizero.data.frames import BadEpisodes
from psizero.data.order import Order
from psizero.data.shared_pictures import SharedPictures
from psizero.data.stream import Stream
from psizero.errors import DataError, PsiZeroError

LENGTHS = [7, 12, 5, 9, 11, 6, 8, 10]
STARTS = np.concatenate([[0], np.cumsum(LENGTHS)])


class Disk:
    """Episodes whose pictures show the number of their frame; who decodes one writes a line."""

    def __init__(self, log: Path, *, damaged: list[int], dies_in: int | None, stops_in: int | None) -> None:
        self.log = log
        self.damaged = damaged
        self.dies_in = dies_in
        self.stops_in = stops_in

    def decode(self, episode: int) -> np.ndarray:
        with open(self.log, "a") as log:
            log.write(f"{episode}\n")
        if episode == self.dies_in:
            time.sleep(0.5)  # the others wait for it by now
            os.kill(os.getpid(), signal.SIGKILL)
        if episode == self.stops_in:
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.01)  # long enough for the others to ask meanwhile
        if episode in self.damaged:
            raise DataError(f"video {episode}.mp4 cannot be decoded")
        frames = np.arange(STARTS[episode], STARTS[episode + 1], dtype=np.uint8)
        return np.broadcast_to(frames[:, None, None, None, None], (len(frames), 1, 4, 4, 3))


def main(
    folder: str,
    log: str,
    *,
    damaged: list[int],
    processes: int = 2,
    bad: str = "skip",
    patience: float = 60.0,
    dies_in: int | None = None,
    stops_in: int | None = None,
    fails: bool = False,
) -> None:
    """Take three epochs of frames in windows, and print what came."""
    shared = SharedPictures(Path(folder), processes=processes, patience=patience)
    print("in", flush=True)
    sys.stdin.readline()  # until all are in
    disk = Disk(Path(log), damaged=damaged, dies_in=dies_in, stops_in=stops_in)
    told: list[str] = []
    order = Order(STARTS, window=20, seed=(3,))
    stream = Stream(order, shared.share("training", disk.decode), bad=BadEpisodes(bad, told.append), threads=2)
    seen: list[int] = []
    stream.prepare(0)
    for first in range(0, 3 * int(STARTS[-1]), 4):
        frames, pictures = stream.take(np.arange(first, first + 4))
        assert [int(picture.max()) for picture in pictures] == frames.tolist()
        seen += frames.tolist()
    if fails:
        raise RuntimeError("something else went wrong")
    print(json.dumps({"seen": seen, "told": sorted(told)}))


if __name__ == "__main__":
    try:
        main(**json.loads(sys.argv[1]))
    except PsiZeroError as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        sys.exit(1)
