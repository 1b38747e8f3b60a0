"""A run of the Psi0 reference that can be asked for chunks: a checkpoint and a tokenizer of some kilobytes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from psizero.embodiment.layout import PSI0_ACTION
from psizero.model.psi0_checkpoint import find_checkpoint, import_checkpoint
from psizero.model.psi0_expert import Psi0Expert
from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_picture import vision_tokens
from psizero.model.qwen_prompt import PADDING, PICTURE
from tests.model import reference_run

PICTURE_SIZE = (64, 96)
TOKENS = vision_tokens(*PICTURE_SIZE)
WORDS = ("?", "user", "assistant", "pick", "hug", "the", "bottle", "box")
SPECIAL = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", PICTURE, PADDING)
EXPERT = replace(reference_run.EXPERT, chunk=12, positions=TOKENS + 64)
BACKBONE = QwenConfig(
    shape=replace(reference_run.BACKBONE, vocabulary=len(WORDS) + len(SPECIAL)),
    vision_heads=2,
    taps=(1, 3, 4),
    rope_sections=(4, 2, 2),
    picture_token=len(WORDS) + SPECIAL.index(PICTURE),
)
LOW = np.full(PSI0_ACTION.size, -0.05)
HIGH = np.full(PSI0_ACTION.size, 0.15)
LOW[PSI0_ACTION.slice_of("pelvis_height")], HIGH[PSI0_ACTION.slice_of("pelvis_height")] = 0.7, 0.76
HIGH[PSI0_ACTION.slice_of("base_velocity")] = LOW[PSI0_ACTION.slice_of("base_velocity")] = 0.0
"""Bounds of actions near a robot that stands; it never walked."""


def write_tokenizer(folder: Path) -> None:
    """Write one that knows some words and the control tokens of Qwen."""
    words = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token=WORDS[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(list(SPECIAL))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_run(root: Path) -> Path:
    """Write a fine-tuned policy of the real G1, with the files of its backbone beside it."""
    torch.manual_seed(5)
    generator = torch.Generator().manual_seed(6)
    shapes = BACKBONE.shape.shapes()
    # Fresh weights hardly listen: larger ones let a few words among many vision tokens change the chunk.
    expert = {
        name: value * (2 if name.endswith("weight") else 1) for name, value in Psi0Expert(EXPERT).state_dict().items()
    }
    weights = {f"action_header.{name}": value for name, value in expert.items()}
    weights |= {f"vlm_model.{name}": torch.randn(size, generator=generator) / 4 for name, size in shapes.items()}
    checkpoint = root / "checkpoints" / "ckpt_40000"
    checkpoint.mkdir(parents=True)
    save_file(weights, checkpoint / "model.safetensors", metadata={"format": "pt"})
    config = reference_run.run_config(action_chunk_size=EXPERT.chunk, eval_diffusion_steps=4)
    transform = config["data"]["transform"]
    transform["model"]["resize"]["size"] = list(PICTURE_SIZE)
    transform["field"] |= {"action_min": LOW.tolist(), "action_max": HIGH.tolist()}
    (root / "run_config.json").write_text(json.dumps(config))
    write_tokenizer(root / "backbone")
    (root / "backbone" / "config.json").write_text(json.dumps(BACKBONE.to_json()))
    return root


def write_policy(root: Path) -> Path:
    """Import such a run and return the policy folder."""
    return import_checkpoint(find_checkpoint(write_run(root / "run")), root / "policy").path
