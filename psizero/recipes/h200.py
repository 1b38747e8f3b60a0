"""The published recipe on one H200, whose memory is 139 GiB.

The global batches are the published ones; what does not fit at once is gone through in parts. Nothing of
this has been run: the figures are calculated from counts of weights (the reference, at 15d7d3a) alone.

| what | bytes | GB |
|---|---|---|
| backbone of 2,131 M weights, frozen: bfloat16 | 2 each | 4.3 |
| backbone that learns: weight, gradient, two moments, average, each float32 | 20 each | 42.6 |
| logits of 32 answers of 30 words, each one of 153,792: float32, with gradient and copies | 4 x 4 each | 2.4 |
| expert of 490 M weights that learn: weight, gradient, two moments, average, each float32 | 20 each | 9.8 |
| activations of the expert for one observation: 6 blocks of 141 tokens (30 actions, 1 state, 80 of the picture, about
  30 words), 1536 wide, 24 heads, in bfloat16: 34 bytes for each number of a token's width and 5 for each pair of
  tokens and head (arXiv 2205.05198) | 58 M | 0.06 |
| stage 2, 512 of the 2,048 observations at once | | 30 |
| stage 3, all 128 observations at once | | 7.5 |

Together 44 GB in stage 2 and 22 GB in stage 3; the rest is free for what no formula knows. Stage 1 goes
through its 1,024 observations by 32 and computes its layers twice; when it measures, a second network of 8.5 GB
stands beside the first.

At the rate of the published run, 4.3 observations a second on each A100, the 235 million observations of
stage 1 would take more than a year. So it is left out, and stage 2 begins with a released backbone, unless
`qwen` is given: then stage 1 takes a hundredth of the published steps, people first and then robots. That a
backbone is worth beginning with after so few is not known.
"""

from dataclasses import replace
from pathlib import Path

from psizero.recipes.paper import paper
from psizero.recipes.recipe import Recipe
from psizero.train.config import FinetuneConfig, PosttrainConfig, PretrainConfig, ScaleConfig

_PARTS_OF_PRETRAINING = 32
_PARTS_OF_POSTTRAINING = 4
_SHARE_OF_PRETRAINING = 100
"""One of so many published steps of stage 1."""


def h200(
    backbone: Path = Path("checkpoints/psi0/pre.fast.1by1.2601091803.ckpt.ego200k.he30k"),
    out: Path = Path("runs/h200"),
    qwen: Path | None = None,
    egodex: Path = Path("data/egodex"),
    everyday: Path = Path("data/humanoid_everyday"),
    task: Path = Path("data/task"),
) -> Recipe:
    """Train the expert of Psi0 and then a task on one H200, from a released backbone or one trained for it in short.

    Args:
        backbone: A Qwen3-VL with its tokenizer; `psizero model fetch psi0-vlm` gets the released one, to which the
            tokenizer files of Qwen/Qwen3-VL-2B-Instruct belong.
        out: Folder for everything.
        qwen: Qwen3-VL-2B-Instruct with its tokenizer, to train the backbone from in place of taking a released one.
        egodex: EgoDex, for `qwen`.
        everyday: Humanoid Everyday.
        task: Demonstrations of the task.
    """
    if qwen is None:
        published = paper(out=out, everyday=everyday, task=task)
    else:
        published = paper(out=out, qwen=qwen, egodex=egodex, everyday=everyday, task=task)
    steps = []
    for name, step in published.steps:
        if isinstance(step, PretrainConfig) and qwen is not None:
            scale = ScaleConfig(device="cuda", accumulate=_PARTS_OF_PRETRAINING, checkpoint_activations=True)
            assert step.steps is not None
            steps.append((name, replace(step, scale=scale, steps=step.steps // _SHARE_OF_PRETRAINING)))
        elif isinstance(step, PosttrainConfig):
            scale = ScaleConfig(device="cuda", accumulate=_PARTS_OF_POSTTRAINING, compile=True)
            begin_with = backbone if qwen is None else step.begin_with
            steps.append((name, replace(step, begin_with=begin_with, scale=scale)))
        elif isinstance(step, FinetuneConfig):
            steps.append((name, replace(step, scale=ScaleConfig(device="cuda", compile=True))))
    return Recipe(out=out, steps=tuple(steps))
