"""Which network a stage trains: what `--size` means."""

from typing import Any

from rich.console import Console

from psizero.embodiment.layout import PolicyLayout
from psizero.model.config import PSI0_SIZE
from psizero.train.config import ExpertStageConfig, PretrainConfig
from psizero.train.own_speaker import OwnSpeaker
from psizero.train.own_trainee import begin_own
from psizero.train.psi0_speaker import begin_psi0_speaker
from psizero.train.psi0_trainee import begin_psi0
from psizero.train.speaker import Speaker
from psizero.train.trainee import Trainee


def trainee_of(config: ExpertStageConfig, layout: PolicyLayout, settings: dict[str, Any], console: Console) -> Trainee:
    """Return the network of a stage for data of `layout`; what it begins with goes into `settings`."""
    if config.size == PSI0_SIZE:
        return begin_psi0(config, layout, settings, console)
    return begin_own(config, layout, settings, console)


def speaker_of(config: PretrainConfig, settings: dict[str, Any], console: Console) -> Speaker:
    """Return the network of stage 1; what it begins with goes into `settings`."""
    if config.size == PSI0_SIZE:
        return begin_psi0_speaker(config, settings, console)
    return OwnSpeaker(config)
