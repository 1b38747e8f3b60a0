import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from psizero.errors import PolicyError, StorageError
from psizero.model.psi0_checkpoint import Settings, export_checkpoint, find_checkpoint, import_checkpoint
from psizero.model.psi0_folder import Psi0Folder
from tests.model import reference_run


def imported(source: Path, out: Path, **settings) -> Psi0Folder:
    return import_checkpoint(find_checkpoint(source, Settings(**settings)), out)


def content(folder: Path) -> dict[str, str]:
    """Digest of every file, by path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def raw(weights: dict[str, torch.Tensor]) -> dict[str, tuple[torch.dtype, tuple, bytes]]:
    return {
        name: (value.dtype, tuple(value.shape), value.reshape(-1).view(torch.uint8).numpy().tobytes())
        for name, value in weights.items()
    }


def without_prefix(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """An expert and a backbone have no name in common."""
    return {name.removeprefix("action_header.").removeprefix("vlm_model."): value for name, value in weights.items()}


def write_side_by_side(root: Path, **_) -> Path:
    reference_run.write_backbone(root, files=3)
    return reference_run.write_expert(root)


SOURCES = {
    "run": reference_run.write_run,
    "run in bfloat16": lambda root: reference_run.write_run(root, dtype=torch.bfloat16),
    "expert": reference_run.write_expert,
    "expert in bfloat16": lambda root: reference_run.write_expert(root, dtype=torch.bfloat16),
    "expert beside a backbone in three files": write_side_by_side,
}
each_source = pytest.mark.parametrize("write", SOURCES.values(), ids=SOURCES.keys())


@each_source
def test_import_export_import_gives_the_same_folder_byte_for_byte(write, tmp_path):
    first = imported(write(tmp_path / "reference"), tmp_path / "first")
    export_checkpoint(first, tmp_path / "exported")
    imported(tmp_path / "exported", tmp_path / "second")
    assert content(tmp_path / "first") == content(tmp_path / "second")
    assert len(content(tmp_path / "first")) >= 6


@each_source
def test_every_number_of_the_weights_is_the_one_that_came(write, tmp_path):
    source = write(tmp_path / "reference")
    given = {name: value for path in source.rglob("*.safetensors") for name, value in load_file(path).items()}
    exported = load_file(export_checkpoint(imported(source, tmp_path / "policy"), tmp_path / "exported"))
    assert raw(without_prefix(exported)) == raw(without_prefix(given))


@each_source
def test_run_files_come_back_byte_for_byte_and_secrets_are_left_behind(write, tmp_path):
    source = write(tmp_path / "reference")
    export_checkpoint(imported(source, tmp_path / "policy"), tmp_path / "exported")
    for name in ("run_config.json", "argv.txt", "stats_psi0.json"):
        if (source / name).is_file():
            assert (tmp_path / "exported" / name).read_bytes() == (source / name).read_bytes()
    assert not list(tmp_path.glob("policy/**/envs.txt"))


def test_an_exported_run_lies_where_the_reference_looks_for_it(tmp_path):
    source = reference_run.write_run(tmp_path / "reference", step=30_000)
    weights = export_checkpoint(imported(source, tmp_path / "policy"), tmp_path / "exported")
    assert weights == tmp_path / "exported" / "checkpoints" / "ckpt_30000" / "model.safetensors"
    assert set(load_file(weights)) == set(load_file(source / "checkpoints" / "ckpt_30000" / "model.safetensors"))


def test_a_run_means_its_newest_checkpoint(tmp_path):
    source = reference_run.write_run(tmp_path / "reference", step=9_000)
    shutil.copytree(source / "checkpoints" / "ckpt_9000", source / "checkpoints" / "ckpt_10000")
    assert find_checkpoint(source).step == 10_000
    assert find_checkpoint(source / "checkpoints" / "ckpt_9000").step == 9_000
    assert "run_config.json" in find_checkpoint(source / "checkpoints" / "ckpt_9000").run_files


def test_an_expert_and_a_backbone_from_elsewhere_make_one_policy(tmp_path):
    expert = reference_run.write_expert(tmp_path / "expert")
    backbone = reference_run.write_backbone(tmp_path / "backbone", files=2)
    policy = imported(expert / "action_header.safetensors", tmp_path / "policy", vlm=backbone)
    assert policy.parts.backbone == reference_run.BACKBONE
    assert set(policy.verbatim("backbone")) == {"tokenizer.json", "config.json"}
    whole = imported(reference_run.write_run(tmp_path / "run"), tmp_path / "other")
    assert policy.card()["weights"] == whole.card()["weights"]


def test_a_tokenizer_from_elsewhere_takes_the_place_of_every_file_of_another(tmp_path):
    backbone = reference_run.write_backbone(tmp_path / "backbone")
    (words := tmp_path / "words").mkdir()
    for name in ("vocab.json", "merges.txt", "config.json"):
        (words / name).write_text("{}")
    expert = reference_run.write_expert(tmp_path / "expert")
    policy = imported(expert, tmp_path / "policy", vlm=backbone, tokenizer=words)
    kept = policy.verbatim("backbone")
    assert set(kept) == {"vocab.json", "merges.txt", "config.json"}
    assert kept["config.json"].read_bytes() == (backbone / "config.json").read_bytes()
    run = imported(reference_run.write_run(tmp_path / "run"), tmp_path / "other", tokenizer=words)
    assert set(run.verbatim("backbone")) == {"vocab.json", "merges.txt"}


def test_a_folder_without_a_tokenizer_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(PolicyError, match=r"holds no tokenizer: expected tokenizer\.json or vocab\.json"):
        find_checkpoint(reference_run.write_run(tmp_path / "run"), Settings(tokenizer=tmp_path / "empty"))


def test_what_the_files_do_not_tell_survives_an_export(tmp_path):
    (tmp_path / "expert").mkdir()
    source = tmp_path / "expert" / "action_header.safetensors"
    save_file(reference_run.expert_weights(), source)
    stats = tmp_path / "any_name.json"
    stats.write_text(json.dumps({"action": reference_run.statistics(28)}))
    policy = imported(source, tmp_path / "first", stats=stats, stage="posttrain", heads=4)
    assert (policy.parts.expert.heads, policy.parts.contract.actions) == (4, "delta")
    export_checkpoint(policy, tmp_path / "exported")
    imported(tmp_path / "exported", tmp_path / "second")
    assert content(tmp_path / "first") == content(tmp_path / "second")


def test_the_recorded_expert_is_imported_and_gives_back_its_very_bytes(shared_data, tmp_path):
    source = shared_data / "golden" / "expert_small.action_header.safetensors"
    stats = reference_run.write_expert(tmp_path / "other") / "stats_psi0.json"
    policy = imported(source, tmp_path / "policy", stats=stats, heads=4)
    assert sum(stored.numel for stored in policy.tensors.values()) == 1_435_256
    exported = load_file(export_checkpoint(policy, tmp_path / "exported"))
    assert raw(exported) == raw(load_file(source))


def test_the_same_name_in_two_files_is_refused(tmp_path):
    run, expert = reference_run.write_run(tmp_path / "run"), reference_run.write_expert(tmp_path / "expert")
    with pytest.raises(PolicyError, match="both hold"):
        find_checkpoint(expert, Settings(vlm=run))


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ([], "holds no checkpoint"),
        (["config.json"], "holds no checkpoint"),
        (["pytorch_model.bin", "config.json"], "is a pickle"),
        (["checkpoints/ckpt_5/optimizer.pt"], "is a pickle"),
    ],
)
def test_a_folder_without_weights_says_what_was_looked_for(files, line, tmp_path):
    (tmp_path / "folder").mkdir()
    for name in files:
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_text("{}")
    with pytest.raises(PolicyError, match=line):
        find_checkpoint(tmp_path / "folder")
    with pytest.raises(PolicyError, match="no checkpoint"):
        find_checkpoint(tmp_path / "nowhere")


def test_a_checkpoint_that_does_not_fit_writes_nothing(tmp_path):
    source = reference_run.write_expert(tmp_path / "expert")
    weights = reference_run.expert_weights()
    weights.pop("obs_proj.views_proj.bias")
    save_file(weights, source / "action_header.safetensors")
    with pytest.raises(PolicyError, match=r"1 missing tensor\(s\), first action_header.obs_proj.views_proj.bias"):
        imported(source, tmp_path / "policy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["expert"]


def test_what_is_there_is_never_replaced(tmp_path):
    first = imported(reference_run.write_expert(tmp_path / "expert"), tmp_path / "policy")
    before = content(tmp_path / "policy")
    for attempt in (
        lambda: imported(tmp_path / "expert", tmp_path / "policy"),
        lambda: export_checkpoint(first, tmp_path / "policy"),
    ):
        with pytest.raises(StorageError, match="is there already"):
            attempt()
    assert content(tmp_path / "policy") == before


def test_weights_that_get_lost_while_they_are_copied_leave_nothing_behind(tmp_path):
    backbone = reference_run.write_backbone(tmp_path / "backbone", files=2)
    found = find_checkpoint(reference_run.write_expert(tmp_path / "expert"), Settings(vlm=backbone))
    (backbone / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(PolicyError, match="is missing"):
        import_checkpoint(found, tmp_path / "policy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backbone", "expert"]
