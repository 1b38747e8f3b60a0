"""`psizero locomotion train`: physics and rewards in, legs out."""

from typing import Annotated

import tyro

from psizero.train.config import LocomotionConfig


def train(config: Annotated[LocomotionConfig, tyro.conf.arg(name="")]) -> None:
    """Teach the legs to stand, squat, turn and walk, by reinforcement learning."""
    from psizero.train.locomotion import train_locomotion as run  # torch loads here, not at --help

    run(config)
