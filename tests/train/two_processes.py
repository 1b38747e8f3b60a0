"""What each of the processes does that `test_parallel.py` starts: trainings by their settings, one after the other."""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch.distributed as dist
from torch.distributed.checkpoint import state_dict_saver

from psizero.data import shared_folder
from psizero.data.frames import Frames
from psizero.train.config import FinetuneConfig, ObjectiveConfig, ScaleConfig
from psizero.train.finetune import finetune


def training(
    data: str,
    out: str,
    *,
    resume: bool = False,
    accumulate: int = 1,
    activations: bool = False,
    dies_at: int = 0,
    before: str | None = None,
    features: str | None = None,
    decodes: str,
    sharing_in: str,
    size: str = "tiny",
) -> None:
    """Finetune for four steps, with a checkpoint after each; the last process can be killed in the midst of one.

    Whoever decodes an episode writes a line to `decodes`; pictures are shared in a folder of `sharing_in`.
    """
    config = FinetuneConfig(
        data=(Path(data),),
        out=Path(out),
        steps=4,
        batch_size=4,
        holdout=0.25,
        precision="float32",
        objective=ObjectiveConfig(draws=2),
        scale=ScaleConfig(accumulate=accumulate, checkpoint_activations=activations),
        resume=resume,
        logger="none",
        memory=4e-4,  # three windows of one episode: pictures are streamed
        begin_with=Path(before) if before else None,
        backbone="frozen" if features or size == "psi0" else "tuned",
        size=size,
        features=Path(features) if features else None,
    )
    with pytest.MonkeyPatch.context() as changed:
        if dies_at:
            changed.setattr(state_dict_saver, "save", _deadly(dies_at))
        changed.setattr(Frames, "decode", _told(Path(decodes)))
        changed.setattr(shared_folder, "places", lambda: (Path(sharing_in),))
        finetune(replace(config, save_minutes=1e-9))


def _told(log):
    decode = Frames.decode

    def decode_and_tell(frames, episode, size):
        with open(log, "a") as lines:
            lines.write(f"{len(frames)} {episode}\n")
        return decode(frames, episode, size)

    return decode_and_tell


def _deadly(step):
    save = state_dict_saver.save

    def save_or_die(tensors, *, storage_writer):
        if f"{step:09d}" in str(storage_writer.path):
            if not dist.is_initialized():
                raise KeyboardInterrupt
            if dist.get_rank() == dist.get_world_size() - 1:
                os.kill(os.getpid(), signal.SIGKILL)
        save(tensors, storage_writer=storage_writer)

    return save_or_die


if __name__ == "__main__":
    for values in json.loads(sys.argv[1]):
        training(**values)
