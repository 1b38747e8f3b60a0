import json
from pathlib import Path

import pytest
import torch

from psizero.errors import PolicyError
from psizero.model.policy_folder import load_policy
from psizero.model.psi0_checkpoint import Settings, find_checkpoint, import_checkpoint
from psizero.model.psi0_folder import read_psi0_folder
from psizero.model.qwen_config import QwenConfig
from tests.model import reference_run


@pytest.fixture
def folder(tmp_path) -> Path:
    run = reference_run.write_run(tmp_path / "run")
    return import_checkpoint(find_checkpoint(run), tmp_path / "policy").path


def test_a_folder_tells_its_parts_again(folder):
    parts = read_psi0_folder(folder).parts
    assert (parts.expert, parts.backbone) == (reference_run.EXPERT, reference_run.BACKBONE)
    assert (parts.layout.name, parts.step, parts.contract.image_height) == ("g1_dex3", 40_000, 180)
    assert parts.state is not None
    assert (parts.action.size, parts.state.size) == (36, 32)


def test_the_expert_has_the_weights_of_the_checkpoint(folder):
    expert = read_psi0_folder(folder).load_expert()
    given = reference_run.expert_weights()
    assert all(torch.equal(value, given[name]) for name, value in expert.state_dict().items())
    assert read_psi0_folder(folder).load_expert(torch.bfloat16).dtype == torch.bfloat16


def test_the_backbone_has_the_weights_of_the_checkpoint(tmp_path):
    pytest.importorskip("transformers", reason="needs the extra qwen")
    backbone = reference_run.write_backbone(tmp_path / "backbone")
    shape = {"shape": reference_run.BACKBONE, "vision_heads": 2, "taps": (1, 3, 4), "rope_sections": (4, 2, 2)}
    (backbone / "config.json").write_text(json.dumps(QwenConfig(**shape).to_json()))
    found = find_checkpoint(reference_run.write_expert(tmp_path / "expert"), Settings(vlm=backbone))
    loaded = import_checkpoint(found, tmp_path / "policy").load_backbone().state_dict()
    assert all(torch.equal(loaded[name], value) for name, value in reference_run.backbone_weights().items())


def test_the_backbone_of_an_expert_alone_is_asked_for(tmp_path):
    expert = find_checkpoint(reference_run.write_expert(tmp_path / "expert"))
    with pytest.raises(PolicyError, match="--vlm FOLDER"):
        import_checkpoint(expert, tmp_path / "policy").load_backbone()


@pytest.mark.parametrize("name", ["config.json", "layout.json", "stats.json", "card.json", "model.safetensors"])
def test_a_missing_file_is_one_line(name, folder):
    (folder / name).unlink()
    with pytest.raises(PolicyError, match=f"{name} is missing") as refused:
        read_psi0_folder(folder)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["config.json", "layout.json", "stats.json"])
def test_weights_that_were_made_for_other_settings_are_refused(name, folder):
    (folder / name).write_text((folder / name).read_text() + "\n")
    with pytest.raises(PolicyError, match="was not made for"):
        read_psi0_folder(folder)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("config.json", {"expert": {"blocks": 0}}),
        ("config.json", {"expert": {"depth": 6}}),
        ("config.json", {"expert": None}),
        ("config.json", {"backbone": {"layers": 3}}),
        ("config.json", {"contract": {}}),
        ("layout.json", {"rate": "often"}),
        ("stats.json", {"action": {"low": [0]}}),
        ("card.json", {"step": "last"}),
    ],
)
def test_a_damaged_file_is_one_line(name, change, folder):
    (folder / name).write_text(json.dumps(json.loads((folder / name).read_text()) | change))
    with pytest.raises(PolicyError, match="is damaged") as refused:
        read_psi0_folder(folder)
    assert "\n" not in str(refused.value)


def test_each_kind_of_policy_is_told_from_the_other(folder, tmp_path):
    with pytest.raises(PolicyError, match="holds the network 'psi0'"):
        load_policy(folder)
    (folder / "config.json").write_text("{}")
    with pytest.raises(PolicyError, match="does not hold the network of Psi0"):
        read_psi0_folder(folder)
    with pytest.raises(PolicyError, match="no policy folder"):
        read_psi0_folder(tmp_path / "nowhere")
