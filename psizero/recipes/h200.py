"""Stages 2 and 3 of the published recipe on one H200, whose memory is 139 GiB.

The global batches are the published ones; what does not fit at once is gone through in parts. Nothing of
this has been run: the figures are calculated from counts of weights (the reference, at 15d7d3a) alone.

| what | bytes | GB |
|---|---|---|
| backbone of 2,131 M weights, frozen: bfloat16 | 2 each | 4.3 |
| expert of 490 M weights that learn: weight, gradient, two moments, average, each float32 | 20 each | 9.8 |
| activations of the expert for one observation: 6 blocks of 141 tokens (30 actions, 1 state, 80 of the picture, about
  30 words), 1536 wide, 24 heads, in bfloat16: 34 bytes for each number of a token's width and 5 for each pair of
  tokens and head (arXiv 2205.05198) | 58 M | 0.06 |
| stage 2, 512 of the 2,048 observations at once | | 30 |
| stage 3, all 128 observations at once | | 7.5 |

Together 44 GB in stage 2 and 22 GB in stage 3; the rest is free for what no formula knows.
Stage 1 is left out: `psizero pretrain` cannot train a Qwen3-VL. At the rate of the published run, 4.3
observations a second on each A100, its 235 million observations would take more than a year.
"""

from dataclasses import replace
from pathlib import Path

from psizero.recipes.paper import paper
from psizero.recipes.recipe import Recipe
from psizero.train.config import FinetuneConfig, PosttrainConfig, ScaleConfig

_PARTS_OF_POSTTRAINING = 4


def h200(
    backbone: Path = Path("checkpoints/psi0/pre.fast.1by1.2601091803.ckpt.ego200k.he30k"),
    out: Path = Path("runs/h200"),
    everyday: Path = Path("data/humanoid_everyday"),
    task: Path = Path("data/task"),
) -> Recipe:
    """Train the expert of Psi0 and then a task on one H200, from a released backbone.

    Args:
        backbone: A Qwen3-VL with its tokenizer; `psizero model fetch psi0-vlm` gets the released one, to which the
            tokenizer files of Qwen/Qwen3-VL-2B-Instruct belong.
        out: Folder for everything.
        everyday: Humanoid Everyday.
        task: Demonstrations of the task.
    """
    published = paper(out=out, everyday=everyday, task=task)
    steps = []
    for name, step in published.steps:
        if isinstance(step, PosttrainConfig):
            scale = ScaleConfig(device="cuda", accumulate=_PARTS_OF_POSTTRAINING, compile=True)
            steps.append((name, replace(step, begin_with=backbone, scale=scale)))
        elif isinstance(step, FinetuneConfig):
            steps.append((name, replace(step, scale=ScaleConfig(device="cuda", compile=True))))
    return Recipe(out=out, steps=tuple(steps))
