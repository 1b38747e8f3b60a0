"""A training writes its Psi0 policy folder: once what stays, then again and again what learns.

A backbone that is frozen is 4 GB that no step changes. It is copied when the training
begins, into a file of its own, and later checkpoints write the expert alone. Each file
appears whole or not at all; the weights that learn come last.

The form is that of `psi0_folder`: what `psizero import` writes and `psizero export` reads.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from psizero.data.atomic_file import make_folder, whole_file, write_file
from psizero.model.policy_files import CARD, DIGEST, WEIGHTS, digest_of, json_bytes
from psizero.model.psi0_folder import KEPT_WEIGHTS, Psi0Parts, files_of
from psizero.model.psi0_weights import BACKBONE, EXPERT
from psizero.model.tensor_file import (
    StoredTensor,
    combined_digest,
    digests_of,
    read_metadata,
    read_tensor_names,
    store_tensors,
    write_tensors,
)

_NUMBERS = "psizero.numbers"
"""Key in the header of a kept backbone: the SHA-256 of its weights."""


def begin_psi0_folder(
    folder: Path,
    parts: Psi0Parts,
    backbone: Mapping[str, StoredTensor],
    *,
    files: Mapping[str, Mapping[str, bytes]],
) -> None:
    """Write what a training does not change: settings, the files of a backbone, and its weights if it is frozen.

    Args:
        folder: The policy, which has no weights that learn yet.
        parts: All of it but its weights.
        backbone: Weights to keep, by their names with prefix; none if the backbone learns.
        files: Further files, by sub-folder (`RUN_FILES`, `BACKBONE_FILES`), then by name.
    """
    settings = files_of(parts)
    for name, content in settings.items():
        write_file(folder / name, content)
    for kind, named in files.items():
        for name, content in named.items():
            write_file(folder / kind / name, content)
    place, digest = folder / KEPT_WEIGHTS, digest_of(settings)
    if not backbone:
        place.unlink(missing_ok=True)  # of a training that was given up before its first checkpoint
    elif (
        not place.is_file()
        or read_metadata(place).get(DIGEST) != digest
        or set(read_tensor_names(place)) != set(backbone)
    ):
        make_folder(folder)
        with whole_file(place) as unfinished:
            total = combined_digest(backbone, digests_of(backbone))
            write_tensors(unfinished, backbone, metadata={DIGEST: digest, _NUMBERS: total, "format": "pt"})


def renew_psi0_folder(
    folder: Path, parts: Psi0Parts, weights: Mapping[str, torch.Tensor], *, card: Mapping[str, Any]
) -> None:
    """Write the weights that learn, by their names with prefixes, and the card, into a folder that was begun.

    The expert is kept in float32, a backbone in bfloat16, as in the released checkpoints.
    """
    kinds = {name: torch.float32 if name.startswith(EXPERT) else torch.bfloat16 for name in weights}
    rounded = {name: value.detach().to(kinds[name]).cpu() for name, value in weights.items()}
    told: dict[str, str] = {}
    if (folder / KEPT_WEIGHTS).is_file():
        told[BACKBONE.rstrip(".")] = read_metadata(folder / KEPT_WEIGHTS)[_NUMBERS]
    with whole_file(folder / WEIGHTS) as unfinished:
        mark = {DIGEST: digest_of(files_of(parts)), "format": "pt"}
        digests = store_tensors(unfinished, rounded, metadata=mark)
        stored = read_tensor_names(unfinished)
        for part in (EXPERT, BACKBONE):
            own = {name: tensor for name, tensor in stored.items() if name.startswith(part)}
            if own:
                told[part.rstrip(".")] = combined_digest(own, digests)
        plain = json.loads(json.dumps(card, default=str))
        write_file(folder / CARD, json_bytes({**plain, "step": parts.step, "weights": told}))
