"""`psizero posttrain`: data sets of humanoids in, a policy folder to finetune from out."""

from typing import Annotated

import tyro

from psizero.train.config import PosttrainConfig


def posttrain(config: Annotated[PosttrainConfig, tyro.conf.arg(name="")]) -> None:
    """Train an action expert on data sets of one or more humanoids, each in its share."""
    from psizero.train.posttrain import posttrain as run  # torch loads here, not at --help

    run(config)
