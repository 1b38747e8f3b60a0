"""`psizero finetune`: data sets in, a policy folder out."""

from typing import Annotated

import tyro

from psizero.train.config import FinetuneConfig


def finetune(config: Annotated[FinetuneConfig, tyro.conf.arg(name="")]) -> None:
    """Train a policy on one or more data sets of one robot."""
    from psizero.train.finetune import finetune as run  # torch loads here, not at --help

    run(config)
