"""Weights of Qwen3-VL from disk into a `QwenBackbone`: a Hugging Face folder, or a part of a larger checkpoint.

Only safetensors and json are read. Names and shapes are compared before a number is
loaded; then tensors go in one by one, in the type that was asked for, and no random
weights are ever made.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from psizero.errors import PolicyError
from psizero.model.policy_files import CONFIG, parse_json, read_bytes
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_shapes import TIED_HEAD, QwenShape, qwen_shape_of
from psizero.model.tensor_file import INDEX, SINGLE, StoredTensor, read_tensor_names, read_tensors


def load_qwen(
    folder: Path, *, layers: tuple[int, ...] | None = None, dtype: torch.dtype = torch.bfloat16
) -> QwenBackbone:
    """Load a Hugging Face folder of Qwen3-VL, in one file of weights or in several, with its `config.json`."""
    folder = Path(folder)
    weights = next((folder / name for name in (INDEX, SINGLE) if (folder / name).is_file()), None)
    if weights is None:
        raise PolicyError(f"{folder} holds no {SINGLE} and no {INDEX}; name the folder of a Qwen3-VL from Hugging Face")
    config = parse_json(folder / CONFIG, read_bytes(folder / CONFIG))
    return fill_qwen(read_tensor_names(weights), config, layers=layers, dtype=dtype)


def fill_qwen(
    tensors: Mapping[str, StoredTensor],
    config: Mapping[str, Any] | None,
    *,
    layers: tuple[int, ...] | None = None,
    dtype: torch.dtype = torch.bfloat16,
) -> QwenBackbone:
    """Make a backbone of stored tensors by their Hugging Face names.

    `config` is the content of `config.json`; a checkpoint of Psi0 may come without
    and is then Qwen3-VL-2B, which Psi0 was trained from. A head that is stored is
    left where it is.
    """
    body = {name: stored for name, stored in tensors.items() if name != TIED_HEAD}
    shape = qwen_shape_of({name: stored.shape for name, stored in body.items()})
    _compare(shape.shapes(), body)
    if config is None and replace(shape, vocabulary=QwenShape().vocabulary) != QwenShape():
        raise PolicyError(f"these are weights of another Qwen3-VL than the 2B one; put its {CONFIG} beside them")
    made = QwenConfig(shape=shape) if config is None else QwenConfig.from_json(config, shape)
    with torch.device("meta"):  # names without numbers
        backbone = QwenBackbone(made, layers=layers)
    backbone.load_state_dict({name: tensor.to(dtype) for name, tensor in read_tensors(body)}, assign=True)
    return backbone.eval()


def _compare(expected: Mapping[str, tuple[int, ...]], stored: Mapping[str, StoredTensor]) -> None:
    """Raise a `PolicyError` about the first difference between names and shapes."""
    missing, foreign = sorted(set(expected) - set(stored)), sorted(set(stored) - set(expected))
    if missing or foreign:
        what, names = ("lacks", missing) if missing else ("has the foreign", foreign)
        raise PolicyError(
            f"this Qwen3-VL {what} {names[0]} ({len(names)} such tensors); fetch its weights again, whole"
        )
    for name, shape in expected.items():
        if stored[name].shape != shape:
            raise PolicyError(
                f"{name} should be {list(shape)}, got {list(stored[name].shape)}; the weights are not of one model"
            )
