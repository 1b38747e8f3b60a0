"""A policy on disk: one folder, readable without running anything of it.

    config.json          shape of the network
    layout.json          what each number of its states and actions means
    stats.json           how these numbers are normalized
    card.json            how it was made: data sets, held-out episodes, settings
    model.safetensors    weights (float16), marked with the digest of the three files above

Each file appears whole or not at all, the weights last; weights that were made
for other settings, a damaged or a missing file are one clear `PolicyError`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch

from psizero.data.atomic_file import write_file
from psizero.data.normalize import Normalizer
from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, DataError, LayoutError, PolicyError
from psizero.model.config import ModelConfig
from psizero.model.network import FlowNetwork
from psizero.model.policy import FlowPolicy, Normalizers
from psizero.model.policy_files import (
    CARD,
    CONFIG,
    DIGEST,
    LAYOUT,
    NETWORK,
    STATS,
    WEIGHTS,
    digest_of,
    json_bytes,
    parse_json,
    read_bytes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyParts:
    """All of a policy but its weights."""

    config: ModelConfig
    layout: PolicyLayout
    normalizers: Normalizers


def save_policy(
    folder: Path, parts: PolicyParts, weights: Mapping[str, torch.Tensor], *, card: Mapping[str, Any]
) -> None:
    """Write or renew the policy in `folder`; weights are rounded to float16, the card must be plain JSON."""
    files = {
        CONFIG: json_bytes(parts.config.to_json()),
        LAYOUT: json_bytes(parts.layout.to_json()),
        STATS: json_bytes(
            {"state": parts.normalizers.state.to_json(), "action": parts.normalizers.action.to_json()},
        ),
    }
    for name, content in files.items():
        write_file(folder / name, content)
    write_file(folder / CARD, json_bytes(card))
    small = {name: value.detach().to(torch.float16).contiguous() for name, value in weights.items()}
    write_file(folder / WEIGHTS, safetensors.torch.save(small, metadata={DIGEST: digest_of(files)}))


def load_policy(folder: Path, *, layout: PolicyLayout | None = None, seed: int = 0) -> FlowPolicy:
    """Read a policy; if `layout` is given, refuse one that was made for another robot."""
    parts, digest = _read_parts(Path(folder))
    if layout is not None:
        layout.check_same(parts.layout, whose=f"the policy in {folder}")
    weights = _read_weights(Path(folder) / WEIGHTS, digest)
    network = FlowNetwork(parts.config)
    _fill(network, weights, Path(folder))
    return FlowPolicy(network, layout=parts.layout, normalizers=parts.normalizers, seed=seed)


def read_stage(folder: Path) -> tuple[PolicyParts, dict[str, torch.Tensor]]:
    """Read what any training stage wrote, a whole policy or a backbone alone: its parts, its weights in float32."""
    parts, digest = _read_parts(Path(folder))
    return parts, _read_weights(Path(folder) / WEIGHTS, digest)


def read_card(folder: Path) -> dict[str, Any]:
    """Return how a policy was made, as its trainer wrote it down."""
    return parse_json(Path(folder) / CARD, read_bytes(Path(folder) / CARD))


def _read_parts(folder: Path) -> tuple[PolicyParts, str]:
    """Return all of a policy but its weights, and the digest that the weights must be marked with."""
    if not folder.is_dir():
        raise PolicyError(f"no policy folder {folder}; train one with `psizero finetune`")
    files = {name: read_bytes(folder / name) for name in (CONFIG, LAYOUT, STATS)}
    return _parts(folder, files), digest_of(files)


def _parts(folder: Path, files: Mapping[str, bytes]) -> PolicyParts:
    stats = parse_json(folder / STATS, files[STATS])
    config = parse_json(folder / CONFIG, files[CONFIG])
    if NETWORK in config:
        raise PolicyError(
            f"the policy in {folder} holds the network {config[NETWORK]!r}, expected one trained with "
            "`psizero finetune`; open it with psizero.model.psi0_policy"
        )
    try:
        return PolicyParts(
            config=ModelConfig.from_json(config),
            layout=PolicyLayout.from_json(parse_json(folder / LAYOUT, files[LAYOUT])),
            normalizers=Normalizers(
                state=Normalizer.from_json(stats["state"]), action=Normalizer.from_json(stats["action"])
            ),
        )
    except (ConfigError, DataError, LayoutError, PolicyError, KeyError, TypeError) as error:
        raise PolicyError(f"the policy in {folder} is damaged: {error}; train or fetch it again") from error


def _read_weights(path: Path, digest: str) -> dict[str, torch.Tensor]:
    """Return the weights, after checking that they belong to the other files."""
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            mark = (file.metadata() or {}).get(DIGEST)
            weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (no mapping)
    except FileNotFoundError as error:
        raise PolicyError(f"{path} is missing; train or fetch the policy again") from error
    except (safetensors.SafetensorError, OSError) as error:
        raise PolicyError(f"{path} is damaged ({error}); train or fetch the policy again") from error
    if mark != digest:
        raise PolicyError(
            f"{path} was not made for the {CONFIG}, {LAYOUT} and {STATS} beside it; fetch the whole folder again"
        )
    return weights


def _fill(network: FlowNetwork, weights: Mapping[str, torch.Tensor], folder: Path) -> None:
    if all(name.startswith("backbone.") for name in weights):
        raise PolicyError(
            f"{folder} holds a pre-trained backbone and no policy yet; "
            f"go on with `psizero posttrain --begin-with {folder}`"
        )
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip()
        raise PolicyError(f"{folder / WEIGHTS} does not fit the network of this version: {first}") from error
