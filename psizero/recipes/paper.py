"""The published settings of Psi0, as far as our stages can say them.

Sources: [paper] arXiv 2603.12263, with its supplement; [code] the reference's training configurations
(github.com/physical-superintelligence-lab/Psi0 at 15d7d3a). Where the two differ, the code is followed, as
the released checkpoints come from it. [paper]: 64 A100 for ten days in stage 1, 32 A100 for 30 hours in stage 2.

| what | published | here |
|---|---|---|
| stage 1, processes | 64 [paper] | one: all weights and their moments on one GPU |
| what is learned of an answer | its words, the end of the turn, a line break [code] | not the line break |
| fingers that a robot lacks, in stage 1 | learned to be still [code] | nothing is learned |
| weight decay of the word embedding | 0.01, as all that is neither norm nor bias [code] | none |
| actions of stage 2 | 16 changes of 28 joints [code] | 30 absolute targets, as in stage 3, 28 of 36 known |
| beginning of stage 3 | blocks of the expert alone [code] | all of the expert: numbers mean the same as in stage 2 |
| scaling in stage 2 | q01 and q99, states as they are [code] | minimum and maximum, as in stage 3 |
| saturation, hue | 0.8 to 1.2, 0.05 [code] | strength of each colour 0.9 to 1.1 |
| average of weights | none [code] | what the policy folder gets |
"""

from dataclasses import replace
from pathlib import Path

from psizero.data.augment import AugmentConfig
from psizero.recipes.recipe import Recipe
from psizero.train.config import FinetuneConfig, ObjectiveConfig, OptimizerConfig, PosttrainConfig, PretrainConfig

_MISSING = (
    "stage 1 is 235 million observations on 64 GPUs, and here Qwen3-VL learns in one process; "
    "psizero recipe h200 --qwen FOLDER is all stages on one GPU, with a hundredth of that"
)
_AS_RECORDED = AugmentConfig(shift=0, brightness=0.0, contrast=0.0, colour=0.0, state_noise=0.0)
_STAGE_1 = OptimizerConfig(
    learning_rate=1e-4, schedule="constant", warmup=0.0, betas=(0.9, 0.999), weight_decay=0.01, clip_norm=1.0
)
_STAGE_2 = replace(_STAGE_1, warmup=1_000 / 30_000, weight_decay=0.0)
_STAGE_3 = replace(_STAGE_2, schedule="cosine", warmup=1_000 / 40_000, betas=(0.95, 0.999), weight_decay=1e-6)
"""The optimizers of the stages [code]."""
_PLAIN_FLOW = ObjectiveConfig(draws=1, no_delay=1.0, promise_noise=0.0, blind=0.0, weight_power=2.0)
"""One draw for each observation, the loss on the velocity, no promised actions [code]."""
_EVEN_DELAYS = replace(_PLAIN_FLOW, no_delay=1 / 8)
"""Delays of 0 to 7 actions, all equally often [code]."""


def paper(
    out: Path = Path("runs/paper"),
    qwen: Path = Path("checkpoints/Qwen3-VL-2B-Instruct"),
    egodex: Path = Path("data/egodex"),
    everyday: Path = Path("data/humanoid_everyday"),
    task: Path = Path("data/task"),
) -> Recipe:
    """Train Psi0 with the published settings, on the published data.

    Args:
        out: Folder for everything.
        qwen: Qwen3-VL-2B-Instruct as Hugging Face has it, with its tokenizer.
        egodex: EgoDex, 829 hours [paper].
        everyday: Humanoid Everyday, 31 hours [paper].
        task: Demonstrations of the task, 80 [paper].
    """
    people, backbone = _stage_1(out, qwen=qwen, egodex=egodex, everyday=everyday)
    expert = PosttrainConfig(
        data=(str(everyday),),
        layout="g1_dex3",
        out=out / "expert",
        size="psi0",
        begin_with=backbone.out,
        backbone="frozen",  # [paper]
        steps=30_000,  # [paper]
        batch_size=2048,  # [paper]
        seed=292_285,  # [code]
        holdout=0.0,
        precision="bfloat16",  # [code]
        optimizer=_STAGE_2,
        augment=_AS_RECORDED,  # [code]
        objective=_PLAIN_FLOW,
    )
    policy = FinetuneConfig(
        data=(task,),
        out=out / "policy",
        size="psi0",
        begin_with=expert.out,
        backbone="frozen",  # [paper, code]
        steps=40_000,  # [paper]
        batch_size=128,  # [paper]
        seed=292_285,  # [code]
        holdout=0.0,
        precision="bfloat16",  # [code]
        optimizer=_STAGE_3,
        augment=AugmentConfig(shift=0, brightness=0.2, contrast=0.2, colour=0.1, state_noise=0.0),  # [code]
        objective=_EVEN_DELAYS,
    )
    steps = (("pretrain", people), ("pretrain_robots", backbone), ("posttrain", expert), ("finetune", policy))
    return Recipe(out=out, steps=steps, missing=_MISSING)


def _stage_1(out: Path, *, qwen: Path, egodex: Path, everyday: Path) -> tuple[PretrainConfig, PretrainConfig]:
    """Return the first part, of people, and the second, of robots."""
    people = PretrainConfig(
        data=(str(egodex),),
        out=out / "people",
        size="psi0",
        begin_with=qwen,  # [paper]
        picture=(270, 480),  # [code]; 240 x 360 [paper]
        steps=200_000,  # [paper]
        batch_size=1024,  # [paper]
        seed=7,  # [code]
        holdout=0.0,
        precision="bfloat16",  # [code]
        vocabulary=2048,  # [paper]
        vision_rate=0.1,  # [paper, code]
        optimizer=_STAGE_1,
        augment=_AS_RECORDED,  # [code]
    )
    robots = replace(
        people,
        data=(str(everyday),),
        out=out / "backbone",
        begin_with=people.out,  # its tokenizer and its scale stay, as published [code]
        picture=(240, 320),  # [code]
        steps=30_000,  # [paper]
    )
    return people, robots
