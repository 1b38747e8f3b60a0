"""The published settings, and what one H200 changes of them."""

from dataclasses import replace

from psizero.recipes.h200 import h200
from psizero.recipes.paper import paper
from psizero.train.config import ScaleConfig


def test_the_published_numbers_of_observations_come_out():
    seen = {name: step.steps * step.batch_size for name, step in paper().steps}
    assert seen.pop("pretrain") + seen.pop("pretrain_robots") == 235_520_000  # derived from arXiv 2603.12263
    assert seen == {"posttrain": 61_440_000, "finetune": 5_120_000}


def test_the_published_settings_of_the_optimizer_come_out():
    steps = dict(paper().steps)
    assert {name: (step.optimizer.schedule, step.optimizer.betas) for name, step in steps.items()} == {
        "pretrain": ("constant", (0.9, 0.999)),
        "pretrain_robots": ("constant", (0.9, 0.999)),
        "posttrain": ("constant", (0.9, 0.999)),
        "finetune": ("cosine", (0.95, 0.999)),
    }
    assert {(step.size, step.optimizer.rate) for step in steps.values()} == {("psi0", 1e-4)}
    assert steps["posttrain"].backbone == steps["finetune"].backbone == "frozen"


def test_only_what_cannot_be_followed_says_what_is_missing():
    assert "stage 1" in paper().missing and "recipe h200" in paper().missing
    assert h200().missing == ""


def test_each_stage_begins_with_the_one_before(tmp_path):
    steps = [step for _, step in paper(tmp_path, qwen=tmp_path / "qwen").steps]
    assert [step.begin_with for step in steps] == [tmp_path / "qwen", *(step.out for step in steps[:-1])]


def test_an_h200_learns_from_the_same_batches_in_parts(tmp_path):
    published, ours = dict(paper(tmp_path).steps), dict(h200(tmp_path / "backbone", tmp_path).steps)
    assert list(ours) == ["posttrain", "finetune"]
    for name, step in ours.items():
        assert replace(step, scale=ScaleConfig(), begin_with=published[name].begin_with) == published[name]
        assert step.scale.device == "cuda" and step.batch_size % step.scale.accumulate == 0


def test_an_h200_trains_a_backbone_in_short_if_asked(tmp_path):
    published = dict(paper(tmp_path, qwen=tmp_path / "qwen").steps)
    ours = dict(h200(out=tmp_path, qwen=tmp_path / "qwen").steps)
    assert list(ours) == list(published)
    for name in ("pretrain", "pretrain_robots"):
        step = ours[name]
        assert step.steps * 100 == published[name].steps
        assert replace(step, scale=ScaleConfig(), steps=published[name].steps) == published[name]
        assert step.scale.device == "cuda" and step.batch_size % step.scale.accumulate == 0
    assert ours["posttrain"].begin_with == ours["pretrain_robots"].out
