from dataclasses import replace
from pathlib import Path

import pytest
import torch

from psizero.data.public import CHECKPOINTS
from psizero.model import tensor_file
from psizero.model.psi0_expert import PAPER_SIZE, Psi0Expert
from psizero.model.psi0_weights import BACKBONE, EXPERT, WeightReport, inspect_weights, part_of, with_prefixes
from psizero.model.qwen_shapes import EMBEDDING, QwenShape
from psizero.model.tensor_file import StoredTensor
from tests.model import reference_run


def stored(shapes, dtype: str = "F32") -> dict[str, StoredTensor]:
    """Tensors of which nothing but names and shapes exists."""
    file = Path("model.safetensors")
    return {name: StoredTensor(file=file, name=name, dtype=dtype, shape=tuple(s)) for name, s in shapes.items()}


def whole() -> dict[str, StoredTensor]:
    expert = {f"{EXPERT}{name}": value.shape for name, value in reference_run.expert_weights().items()}
    backbone = {f"{BACKBONE}{name}": shape for name, shape in reference_run.BACKBONE.shapes().items()}
    return stored(expert) | stored(backbone, "BF16")


def report_of(**changes: StoredTensor | None) -> WeightReport:
    tensors = whole() | {name: value for name, value in changes.items() if value is not None}
    return inspect_weights({name: value for name, value in tensors.items() if changes.get(name, value) is not None})


def test_a_whole_checkpoint_fits_and_tells_its_sizes():
    report = inspect_weights(whole())
    assert report.problem() == ""
    assert (report.expert, report.backbone) == (reference_run.EXPERT, reference_run.BACKBONE)


def test_every_tensor_is_counted_once_with_its_type():
    groups = inspect_weights(whole()).groups
    assert sum(group.tensors for group in groups) == len(whole())
    assert sum(group.byte_count for group in groups) == sum(one.byte_count for one in whole().values())
    assert {group.title: group.dtypes for group in groups}["vision-language model: word embedding"] == "BF16 1"


def test_the_paper_size_has_the_published_number_of_parameters():
    with torch.device("meta"):
        expert = Psi0Expert(PAPER_SIZE).state_dict()
    shapes = {f"{EXPERT}{name}": tensor.shape for name, tensor in expert.items()}
    shapes |= {f"{BACKBONE}{name}": shape for name, shape in QwenShape().shapes().items()}
    report = inspect_weights(stored(shapes))
    numbers = {group.title: group.numbers for group in report.groups}
    assert report.problem() == ""
    assert sum(count for title, count in numbers.items() if title.startswith("action expert")) == 497_719_256
    assert numbers["action expert: joint blocks"] == 479_198_208
    assert numbers["action expert: observation input"] == 10_884_096


@pytest.mark.parametrize(
    ("chunk", "parts", "metadata", "byte_count"),
    [
        (30, (EXPERT, BACKBONE), {"format": "pt"}, 6_253_648_840),  # a fine-tuned policy
        (16, (EXPERT,), {}, 1_990_811_480),  # the post-trained expert
        (30, (BACKBONE,), {"format": "pt"}, 4_262_742_488),  # the pre-trained backbone
    ],
)
def test_files_of_these_names_and_shapes_are_as_long_as_the_released_ones(chunk, parts, metadata, byte_count):
    """To the byte, names and places in the header counted in; the sizes are those of CHECKPOINTS."""
    with torch.device("meta"):
        expert = Psi0Expert(replace(PAPER_SIZE, chunk=chunk)).state_dict()
    tensors = stored({f"{EXPERT}{name}": tensor.shape for name, tensor in expert.items()})
    tensors |= stored({f"{BACKBONE}{name}": shape for name, shape in QwenShape().shapes().items()}, "BF16")
    tensors = {name: one for name, one in tensors.items() if name.startswith(parts)}
    tensors = tensors if len(parts) == 2 else part_of(tensors, parts[0])
    order = sorted(tensors, key=lambda name: (-tensors[name].byte_count / tensors[name].numel, name))
    header = tensor_file._header(((name, tensors[name]) for name in order), metadata)
    assert len(header) + sum(one.byte_count for one in tensors.values()) == byte_count
    assert byte_count in {source.byte_count for source in CHECKPOINTS.values()}


def test_a_missing_tensor_is_named():
    lost = f"{EXPERT}transformer_blocks.0.attn.to_q.bias"
    assert report_of(**{lost: None}).missing == (lost,)
    assert report_of(**{lost: None}).problem() == f"1 missing tensor(s), first {lost}"


def test_a_missing_block_in_the_middle_is_named():
    prefix = f"{EXPERT}transformer_blocks.0."
    report = inspect_weights({name: one for name, one in whole().items() if not name.startswith(prefix)})
    assert report.problem() != ""


@pytest.mark.parametrize("foreign", ["optimizer.step", "action_header.state_null", "vlm_model.model.audio.weight"])
def test_a_foreign_tensor_is_named(foreign):
    report = report_of(**stored({foreign: (3,)}))
    assert report.foreign == (foreign,)
    assert report.problem() == f"1 foreign tensor(s), first {foreign}"


def test_a_tensor_of_another_shape_is_told_with_both():
    odd = f"{EXPERT}obs_proj.views_proj.bias"
    assert report_of(**stored({odd: (7,)})).misshapen == (f"{odd}: expected [64], got [7]",)


def test_the_head_may_repeat_the_word_embedding_and_must_be_as_large():
    head = f"{BACKBONE}lm_head.weight"
    shape = reference_run.BACKBONE.shapes()[EMBEDDING]
    assert report_of(**stored({head: shape})).problem() == ""
    assert report_of(**stored({head: (1, 1)})).misshapen


def test_parts_that_stand_alone_get_their_prefix_and_lose_it_again():
    for part in (EXPERT, BACKBONE):
        alone = part_of(whole(), part)
        assert with_prefixes(alone) == {name: one for name, one in whole().items() if name.startswith(part)}
        assert part_of(with_prefixes(alone), part) == alone
    assert with_prefixes(whole()) == whole()


def test_weights_of_something_else_are_no_expert():
    problem = inspect_weights(with_prefixes(stored({"conv1.weight": (64, 3, 7, 7)}))).problem()
    assert problem.startswith("there is no action expert in it")
    assert "no action expert" in inspect_weights({}).problem()
    backbone = {name: one for name, one in whole().items() if name.startswith(BACKBONE)}
    assert "there is no action expert" in inspect_weights(backbone).problem()


def test_an_expert_that_lacks_a_size_is_told_by_the_tensor():
    lost = f"{EXPERT}time_ins_embed.w"
    assert "time_ins_embed.w" in report_of(**{lost: None}).problem()


def test_the_number_of_heads_is_that_which_was_asked_for():
    found = inspect_weights(whole(), heads=4).expert
    assert found is not None
    assert found.heads == 4
    assert "try" in inspect_weights(whole(), heads=5).problem()
