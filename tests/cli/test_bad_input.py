"""Every wrong input is answered with one clear line and exit status 1, and harms nothing that was there.

Full and read-only disks are real ones: small file systems in memory that only the tested process sees.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from psizero.cli.main import main
from psizero.data.lerobot import LeRobotWriter
from psizero.data.normalize import Normalizer
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3, G1_INSPIRE, PolicyLayout

ROOT = Path(__file__).parents[2]


def refused(arguments: list[object]) -> str:
    """Return the one line with which the command refuses to go on."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    return one_line(str(stopped.value.code))


def refused_alone(arguments: list[object], *, before: str = "true", after: str = "true", **environment: str) -> str:
    """The same in a process with mounts of its own, between two shell lines and with another environment."""
    shell = f'{before} && {{ "$@"; status=$?; {after}; exit $status; }}'
    own_mounts = ["unshare", "--user", "--map-root-user", "--mount"]
    prefix = [*(own_mounts if "mount" in before else []), "sh", "-c", shell, "sh"]
    command = [*prefix, sys.executable, "-m", "psizero", *map(str, arguments)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | environment)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return one_line(result.stderr.strip().splitlines()[-1])


def one_line(answer: str) -> str:
    assert answer.startswith("psizero: ")
    assert "\n" not in answer
    return answer


def fingerprint(folder: Path) -> dict[str, str]:
    """Digest of every file, by path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("bad_input") / "data"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in synthetic_episodes(2, length=40):
            writer.append(episode)
    return root


def untrained_policy(folder: Path, layout: PolicyLayout, *, broken: bool = False) -> Path:
    """Write a policy with random weights, or with weights that are not numbers."""
    import torch

    from psizero.model.config import config_of_size
    from psizero.model.network import FlowNetwork
    from psizero.model.policy import Normalizers
    from psizero.model.policy_folder import PolicyParts, save_policy

    state, action = layout.state.size, layout.action.size
    config = config_of_size("tiny", state_size=state, action_size=action, cameras=len(layout.cameras))
    weights = FlowNetwork(config).state_dict()
    if broken:
        weights = {name: torch.full_like(weight, torch.nan) for name, weight in weights.items()}
    normalizers = Normalizers(
        state=Normalizer(low=-np.ones(state), high=np.ones(state)),
        action=Normalizer(low=-np.ones(action), high=np.ones(action)),
    )
    save_policy(folder, PolicyParts(config=config, layout=layout, normalizers=normalizers), weights, card={})
    return folder


@pytest.mark.parametrize("verb", [["data", "info"], ["data", "check"], ["finetune", "--out", "never", "--data"]])
def test_a_missing_data_set(verb, tmp_path):
    assert "no data set" in refused([*verb, tmp_path / "nowhere"])
    assert not (ROOT / "never").exists()


@pytest.mark.parametrize("part", ["meta/info.json", "data", "videos"])
def test_a_data_set_with_a_part_missing(recorded, part, tmp_path):
    copy = shutil.copytree(recorded, tmp_path / "data")
    damaged = copy / part
    shutil.rmtree(damaged) if damaged.is_dir() else damaged.unlink()
    refused(["data", "check", copy])
    refused(["finetune", "--data", copy, "--out", tmp_path / "policy", "--steps", 2])


def test_a_data_set_whose_numbers_are_cut_off(recorded, tmp_path):
    copy = shutil.copytree(recorded, tmp_path / "data")
    for path in copy.glob("data/**/*.parquet"):
        path.write_bytes(path.read_bytes()[:200])
    refused(["data", "check", copy])
    refused(["finetune", "--data", copy, "--out", tmp_path / "policy", "--steps", 2])


def test_data_sets_of_two_robots(recorded, tmp_path):
    other = tmp_path / "other"
    with LeRobotWriter(other, G1_INSPIRE) as writer:
        for episode in synthetic_episodes(2, length=40, layout=G1_INSPIRE):
            writer.append(episode)
    line = refused(["finetune", "--data", recorded, other, "--out", tmp_path / "policy", "--steps", 2])
    assert "g1_inspire" in line and "g1_dex3" in line


def refused_by_evaluate(policy, tmp_path):
    ways = ["--policy", policy, "--task", "pick_bottle", "--episodes", 1, "--workers", 1, "--out", tmp_path / "report"]
    return refused(["evaluate", *ways])


def test_a_policy_of_another_robot(tmp_path):
    policy = untrained_policy(tmp_path / "policy", G1_INSPIRE)
    line = refused_by_evaluate(policy, tmp_path)
    assert "g1_inspire" in line and "g1_dex3" in line


def test_a_policy_that_answers_with_nan(tmp_path):
    policy = untrained_policy(tmp_path / "policy", G1_DEX3, broken=True)
    line = refused_by_evaluate(policy, tmp_path)
    assert "nan" in line.lower() or "finite" in line


def test_a_missing_policy(tmp_path):
    line = refused(["evaluate", "--policy", tmp_path, "--task", "pick_bottle", "--out", tmp_path / "report"])
    assert "psizero finetune" in line or "fetch" in line


@pytest.mark.parametrize("verb", ["collect", "evaluate", "run"])
def test_an_unknown_task(verb, tmp_path):
    policy = untrained_policy(tmp_path / "policy", G1_DEX3)
    more = {"collect": ["--out", tmp_path / "x"], "evaluate": ["--out", tmp_path / "x", "--policy", policy]}
    task = "pick_bottl"
    line = refused([verb, "--task", task, *more.get(verb, ["--instruction", "x", "--policy", policy])])
    assert "unknown task" in line and "Did you mean 'pick_bottle'?" in line
    assert not (tmp_path / "x" / "meta").exists()


def test_nobody_to_work_is_one_line_before_anything_is_written(tmp_path):
    line = refused(["collect", "--task", "pick_bottle", "--out", tmp_path / "x", "--workers", 0])
    assert "--workers must be 1 or more" in line
    assert not (tmp_path / "x").exists()


COLLECT = ["collect", "--task", "pick_bottle", "--episodes", 1, "--workers", 1, "--out"]


def test_a_computer_that_cannot_draw(tmp_path):
    """No such graphics device is what a computer without OpenGL looks like to MuJoCo."""
    line = refused_alone([*COLLECT, tmp_path / "data"], MUJOCO_GL="egl", MUJOCO_EGL_DEVICE_ID="99")
    assert "apt-get install" in line


@pytest.fixture
def disk(tmp_path) -> Path:
    """A folder to mount on; skips where a process gets no mounts of its own, such as inside some containers."""
    folder = tmp_path / "disk"
    folder.mkdir()
    trial = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    if subprocess.run(trial, capture_output=True).returncode != 0:
        pytest.skip("this system does not let a process mount a file system of its own")
    return folder


def test_a_read_only_disk_when_recording(disk):
    line = refused_alone([*COLLECT, disk / "data"], before=f"mount -t tmpfs -o ro tmpfs {disk}")
    assert "read-only" in line


def test_a_read_only_disk_when_training(recorded, disk):
    arguments = ["finetune", "--steps", 2, "--data", recorded, "--out", disk / "policy"]
    assert "read-only" in refused_alone(arguments, before=f"mount -t tmpfs -o ro tmpfs {disk}")


def test_a_full_disk_leaves_the_episodes_before_as_they_were(recorded, disk, tmp_path):
    after = tmp_path / "after"
    fill = f"cp -r {recorded} {disk}/data && (cat /dev/zero > {disk}/filler 2>/dev/null || true)"
    line = refused_alone(
        [*COLLECT, disk / "data"],
        before=f"mount -t tmpfs -o size=4m tmpfs {disk} && {fill}",
        after=f"cp -r {disk}/data {after}",
    )
    assert "full" in line
    kept, wanted = fingerprint(after), fingerprint(recorded)
    assert {name: kept.get(name) for name in wanted} == wanted
