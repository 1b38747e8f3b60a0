"""A policy file that adds nothing to the reference gait: what can be tested before anything is trained."""

import json
from collections.abc import Callable
from pathlib import Path

import onnx
import torch

from psizero.control.locomotion import METADATA_KEY, PolicyCard
from psizero.control.lower_body import FRAME_SIZE, HISTORY
from psizero.embodiment.g1 import G1
from psizero.rl.actor_critic import ActorCritic
from psizero.rl.export_onnx import export
from psizero.rl.symmetry import Mirror


def reference_policy(path: Path) -> Path:
    """Write the file and return its path."""
    network = ActorCritic(HISTORY * FRAME_SIZE, 4, 15, Mirror(G1))
    with torch.no_grad():
        network.actor.network[-1].weight.zero_()
    export(network, path, PolicyCard.made_here(G1), G1)
    return path


def rewrite_card(path: Path, change: Callable[[dict], object] | str) -> None:
    """Change the card in the file's metadata by a function of its JSON, or to a text."""
    model = onnx.load(path)
    (entry,) = [item for item in model.metadata_props if item.key == METADATA_KEY]
    if isinstance(change, str):
        entry.value = change
    else:
        card = json.loads(entry.value)
        change(card)
        entry.value = json.dumps(card)
    onnx.save(model, path)
