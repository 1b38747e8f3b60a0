"""The published settings, and what one H200 changes of them."""

from dataclasses import replace

from psizero.recipes.h200 import h200
from psizero.recipes.paper import paper
from psizero.train.config import ScaleConfig


def test_the_published_numbers_of_observations_come_out():
    seen = {name: step.steps * step.batch_size for name, step in paper().steps}
    # 235.5 million with the 30,000 steps of the second part, 61.4 and 5.12 million: derived from arXiv 2603.12263
    assert seen == {"pretrain": 235_520_000 - 30_000 * 1024, "posttrain": 61_440_000, "finetune": 5_120_000}


def test_the_published_settings_of_the_optimizer_come_out():
    steps = dict(paper().steps)
    assert {name: (step.optimizer.schedule, step.optimizer.betas) for name, step in steps.items()} == {
        "pretrain": ("constant", (0.9, 0.999)),
        "posttrain": ("constant", (0.9, 0.999)),
        "finetune": ("cosine", (0.95, 0.999)),
    }
    assert {(step.size, step.optimizer.rate) for step in steps.values()} == {("psi0", 1e-4)}
    assert steps["posttrain"].backbone == steps["finetune"].backbone == "frozen"


def test_only_what_cannot_be_followed_says_what_is_missing():
    assert "stage 1" in paper().missing and "recipe h200" in paper().missing
    assert h200().missing == ""


def test_an_h200_learns_from_the_same_batches_in_parts(tmp_path):
    published, ours = dict(paper(tmp_path).steps), dict(h200(tmp_path / "backbone", tmp_path).steps)
    assert list(ours) == ["posttrain", "finetune"]
    for name, step in ours.items():
        assert replace(step, scale=ScaleConfig(), begin_with=published[name].begin_with) == published[name]
        assert step.scale.device == "cuda" and step.batch_size % step.scale.accumulate == 0
