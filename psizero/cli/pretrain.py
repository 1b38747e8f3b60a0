"""`psizero pretrain`: video of people in, a backbone for the stages behind it out."""

from typing import Annotated

import tyro

from psizero.train.config import PretrainConfig


def pretrain(config: Annotated[PretrainConfig, tyro.conf.arg(name="")]) -> None:
    """Train a backbone on video of people to say where their hands go next."""
    from psizero.train.pretrain import pretrain as run  # torch loads here, not at --help

    run(config)
