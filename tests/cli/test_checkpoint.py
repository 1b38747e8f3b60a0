"""`psizero import` and `psizero export` as they are typed: the report, one line on error, nothing harmed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from psizero.cli.main import main
from tests.model import reference_run

ROOT = Path(__file__).parents[2]


def refused(*arguments: object) -> str:
    """Return the one line with which the command refuses to go on."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    line = str(stopped.value.code)
    assert line.startswith("psizero: ")
    assert "\n" not in line
    return line


def digests(shown: str) -> list[str]:
    return [line.split()[-1] for line in shown.splitlines() if "sha256" in line]


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def run(tmp_path) -> Path:
    return reference_run.write_run(tmp_path / "run")


def test_a_checkpoint_goes_in_and_comes_out_and_the_digests_agree(run, tmp_path, capsys):
    main(["import", str(run), "--out", str(tmp_path / "policy")])
    shown = capsys.readouterr().out
    assert "2 blocks of width 64" in shown
    assert "Qwen3-VL, 3 layers, 192 words" in shown
    assert "320 x 180 pixels" in shown
    assert "run_config.json, argv.txt" in shown
    main(["export", str(tmp_path / "policy"), "--out", str(tmp_path / "exported")])
    main(["import", str(tmp_path / "exported"), "--out", str(tmp_path / "again")])
    assert digests(shown) * 2 == digests(capsys.readouterr().out)
    assert len(digests(shown)) == 2


def test_without_a_folder_to_write_a_checkpoint_is_only_checked(run, capsys):
    main(["import", str(run)])
    assert "all names and shapes fit" in capsys.readouterr().out
    assert sorted(path.name for path in run.parent.iterdir()) == ["run"]


def test_the_report_shows_what_is_missing_foreign_and_of_another_shape(tmp_path, capsys):
    weights = reference_run.expert_weights()
    lost = [name for name in weights if name.startswith("transformer_blocks.1.attn")]
    for name in lost:
        weights.pop(name)
    weights |= {"optimizer.step": torch.zeros(1), "obs_proj.views_proj.bias": torch.zeros(7)}
    save_file(weights, tmp_path / "action_header.safetensors")
    line = refused("import", tmp_path, "--out", tmp_path / "policy")
    assert f"{len(lost)} missing tensor(s), first action_header.transformer_blocks.1.attn.add_k_proj.bias" in line
    shown = capsys.readouterr().out
    assert "missing" in shown
    assert f"... and {len(lost) - 8} more" in shown
    assert "action_header.optimizer.step" in shown
    assert "obs_proj.views_proj.bias: expected [64], got [7]" in shown
    assert not (tmp_path / "policy").exists()


def test_a_pickle_is_refused(tmp_path):
    torch.save(reference_run.expert_weights(), tmp_path / "pytorch_model.bin")
    assert "is a pickle" in refused("import", tmp_path / "pytorch_model.bin")
    assert "is a pickle" in refused("import", tmp_path)


def test_a_checkpoint_that_was_cut_short_is_refused(run, tmp_path):
    weights = run / "checkpoints" / "ckpt_40000" / "model.safetensors"
    os.truncate(weights, weights.stat().st_size - 1)
    assert "cut short" in refused("import", run, "--out", tmp_path / "policy")


def test_a_foreign_checkpoint_is_refused(tmp_path):
    save_file({"conv1.weight": torch.zeros(4, 3, 7, 7)}, tmp_path / "model.safetensors")
    assert "there is no action expert in it" in refused("import", tmp_path, "--out", tmp_path / "policy")


def test_a_checkpoint_whose_scale_nobody_knows_is_refused(tmp_path):
    save_file(reference_run.expert_weights(), tmp_path / "action_header.safetensors")
    assert "--stats FILE" in refused("import", tmp_path)


def test_a_misspelt_robot_is_answered_with_the_nearest_one(run):
    assert "Did you mean 'simple'?" in refused("import", run, "--layout", "simpl")


def test_a_damaged_run_configuration_is_refused(run):
    (run / "run_config.json").write_text('{"model": ')
    assert "run_config.json is damaged" in refused("import", run)


def test_what_is_there_is_left_alone(run, tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "notes.txt").write_text("mine")
    assert "is there already" in refused("import", run, "--out", tmp_path / "policy")
    assert "is there already" in refused("import", run, "--out", tmp_path / "policy" / "notes.txt")
    assert [path.name for path in (tmp_path / "policy").iterdir()] == ["notes.txt"]


def test_only_an_imported_policy_can_be_exported(run, tmp_path):
    assert "no policy folder" in refused("export", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert "holds no whole policy" in refused("export", run, "--out", tmp_path / "out")
    shipped = ROOT / "psizero" / "policies" / "tiny"
    assert "does not hold the network of Psi0" in refused("export", shipped, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_no_half_policy(run, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    shell = f'mount -t tmpfs -o size=64k tmpfs {disk} && {{ "$@"; status=$?; ls -A {disk}; exit $status; }}'
    command = [sys.executable, "-m", "psizero", "import", str(run), "--out", str(disk / "policy")]
    own_mounts = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", shell, "sh"]
    result = subprocess.run([*own_mounts, *command], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.strip().splitlines()[-1].startswith("psizero: cannot write")
    assert "the disk is full" in result.stderr
    assert ".policy.part" not in result.stdout
    assert "\npolicy" not in result.stdout


def test_the_released_form_of_statistics_is_understood(shared_data, tmp_path, capsys):
    save_file(reference_run.expert_weights(), tmp_path / "action_header.safetensors")
    stats = shared_data / "stats" / "he_raw_rel_stats_combined_no_static.json"
    policy = tmp_path / "policy"
    main(["import", str(tmp_path), "--stats", str(stats), "--stage", "posttrain", "--out", str(policy)])
    assert "28 numbers, delta" in capsys.readouterr().out
    assert (policy / "reference" / "stats_psi0.json").read_bytes() == stats.read_bytes()
    low = json.loads((policy / "stats.json").read_text())["action"]["low"]
    quantiles = json.loads(stats.read_text())["action"]["q01"]
    assert torch.tensor(low).equal(torch.tensor(quantiles))
    assert load_file(policy / "model.safetensors").keys() == {
        f"action_header.{name}" for name in reference_run.expert_weights()
    }
