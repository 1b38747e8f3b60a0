"""Checkpoints as the Psi0 reference leaves them, of some kilobytes, with numbers that differ everywhere."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from psizero.model.psi0_expert import Psi0Expert, Psi0ExpertConfig
from psizero.model.qwen_shapes import QwenShape

EXPERT = Psi0ExpertConfig(blocks=2, width=64, heads=1, inner=96, chunk=4, context_size=48, positions=20, frequencies=8)
BACKBONE = QwenShape(
    vocabulary=192,
    width=48,
    layers=3,
    heads=4,
    key_heads=2,
    head_width=16,
    hidden=64,
    vision_width=32,
    vision_layers=6,
    vision_hidden=40,
    vision_positions=36,
    taps=3,
)
LOW, HIGH = -1 / 3, 0.1
"""Bounds that no float32 holds exactly."""


def expert_weights(dtype: torch.dtype = torch.float32) -> dict[str, torch.Tensor]:
    torch.manual_seed(5)
    return {name: value.detach().to(dtype).clone() for name, value in Psi0Expert(EXPERT).state_dict().items()}


def backbone_weights(dtype: torch.dtype = torch.bfloat16) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(6)
    return {name: torch.randn(shape, generator=generator).to(dtype) for name, shape in BACKBONE.shapes().items()}


def statistics(size: int) -> dict[str, list[float]]:
    """Every statistic of every number is another one."""
    steps = np.arange(size) / 7
    starts = {"min": LOW, "max": HIGH + 9, "q01": LOW / 2, "q99": HIGH + 8, "mean": HIGH, "std": 1.0}
    return {name: (start + steps).tolist() for name, start in starts.items()}


def run_config(**changes: object) -> dict:
    """What the reference writes beside a fine-tuned policy, bounds filled up to 36 numbers."""
    action, states = statistics(36), statistics(32)
    field = {
        "stat_path": "meta/stats_psi0.json",
        "stat_action_key": "action",
        "stat_state_key": "states",
        "action_norm_type": "bounds",
        "use_norm_mask": False,
        "normalize_state": True,
        "action_min": action["min"],
        "action_max": action["max"],
        "state_min": [*states["min"], 0.0, 0.0, 0.0, 0.0],
        "state_max": [*states["max"], 0.0, 0.0, 0.0, 0.0],
        "pad_action_dim": 36,
        "pad_state_dim": 36,
    }
    model = {
        "action_dim": 36,
        "odim": 36,
        "action_chunk_size": EXPERT.chunk,
        "view_feature_dim": EXPERT.context_size,
        "rtc": True,
        "max_delay": 8,
        "eval_diffusion_steps": 10,
        "noise_scheduler": "flow",
        "use_film": False,
        "combined_temb": False,
        "nhead": 24,
    }
    transform = {"field": field, "repack": {"pad_action_dim": 36}, "model": {"resize": {"size": [180, 320]}}}
    return {"model": model | changes, "data": {"transform": transform}}


def write_run(root: Path, *, dtype: torch.dtype = torch.float32, step: int = 40_000) -> Path:
    """Write a fine-tuned policy: one file of weights with prefixes, far below the files of its run."""
    weights = {f"action_header.{name}": value for name, value in expert_weights(dtype).items()}
    weights |= {f"vlm_model.{name}": value for name, value in backbone_weights().items()}
    checkpoint = root / "checkpoints" / f"ckpt_{step}"
    checkpoint.mkdir(parents=True)
    save_file(weights, checkpoint / "model.safetensors", metadata={"format": "pt"})
    (root / "run_config.json").write_text(json.dumps(run_config(), indent=4))
    (root / "argv.txt").write_text("finetune_real_psi0_config --model.rtc\n")
    (root / "envs.txt").write_text("TOKEN=secret\n")
    return root


def write_expert(root: Path, *, dtype: torch.dtype = torch.float32) -> Path:
    """Write an expert alone, its statistics beside it; numbers in a form that a JSON writer would not choose."""
    root.mkdir(parents=True, exist_ok=True)
    save_file(expert_weights(dtype), root / "action_header.safetensors")
    text = json.dumps({"action": statistics(36), "states": statistics(32)})
    (root / "stats_psi0.json").write_text(text.replace("1.0,", "1.000E+0,"))
    return root


def write_backbone(root: Path, *, files: int = 1) -> Path:
    """Write a backbone as Hugging Face does, in one file or in several with an index."""
    root.mkdir(parents=True, exist_ok=True)
    weights = backbone_weights()
    if files == 1:
        save_file(weights, root / "model.safetensors", metadata={"format": "pt"})
    else:
        places = {name: f"model-{1 + i % files:05}-of-{files:05}.safetensors" for i, name in enumerate(weights)}
        for file in set(places.values()):
            save_file({name: weights[name] for name in places if places[name] == file}, root / file)
        index = {"metadata": {"total_size": 0}, "weight_map": places}
        (root / "model.safetensors.index.json").write_text(json.dumps(index))
    (root / "tokenizer.json").write_text("{}")
    (root / "config.json").write_text('{"model_type": "qwen3_vl"}')
    return root
