"""Several processes train as one does, and what some have saved others go on with."""

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import torch

from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError
from psizero.model.policy_folder import load_policy
from psizero.model.psi0_folder import read_psi0_folder
from psizero.model.tensor_file import read_tensors
from psizero.train.checkpoint import newest_checkpoint
from psizero.train.config import ScaleConfig
from psizero.train.parallel import join, own_rows
from tests.train.two_processes import training

QWEN = importlib.util.find_spec("transformers") is not None
ROOT = Path(__file__).parent.parent.parent


def in_two_processes(*trainings):
    """Run trainings one after the other in two processes, which find each other as under torchrun."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1]), "WORLD_SIZE": "2"}
    command = [sys.executable, "-W", "error", "-m", "tests.train.two_processes", json.dumps(trainings)]
    started = [
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **place, "RANK": str(rank), "LOCAL_RANK": str(rank)})
        for rank in range(2)
    ]
    return [process.wait(timeout=900) for process in started]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A folder of trainings that should be alike: in one process, in two, in parts, resumed by another number."""
    root = tmp_path_factory.mktemp("parallel")
    with LeRobotWriter(root / "data", G1_DEX3) as writer:
        for episode in synthetic_episodes(4, length=5):
            writer.append(episode)
    (root / "memory").mkdir()

    def named(name, memory="memory", **changes):
        files = {"decodes": str(root / f"decodes_{name}"), "sharing_in": str(root / memory)}
        return {"data": str(root / "data"), "out": str(root / name), **files, **changes}

    training(**named("one"))
    training(**named("in_parts", accumulate=2, activations=True))
    kept = {"before": str(root / "one")}
    training(**named("kept_one", **kept, features=str(root / "features_one")))
    with pytest.raises(KeyboardInterrupt):
        training(**named("one_then_two", dies_at=3))
    psi0 = []
    if QWEN:
        from tests.model import psi0_run

        policy = str(psi0_run.write_policy(root / "psi0"))
        training(**named("psi0_parts", size="psi0", before=policy, accumulate=2))
        psi0 = [named("psi0_two", size="psi0", before=policy)]
    ends = in_two_processes(
        named("two"),
        named("apart", memory="missing"),
        *psi0,
        named("kept_two", **kept, features=str(root / "features_two")),
        named("one_then_two", resume=True),
        named("two_then_one", dies_at=3),
    )
    (root / "ends.json").write_text(json.dumps([*ends, newest_checkpoint(root / "two_then_one/training/state").name]))
    training(**named("two_then_one", resume=True))
    return root


ALIKE = [(name, "one") for name in ("two", "apart", "in_parts", "one_then_two", "two_then_one")] + [
    ("kept_two", "kept_one")
]


def check_losses(done, name, alone):
    def lines(folder):
        told = (done / folder / "training" / "metrics.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, told) if "loss" in line]  # the others are of held-out frames

    expected = {line["step"]: line for line in lines(alone)}
    assert [line["step"] for line in lines(alone)] == [1, 2, 3, 4]
    assert len({line["loss"] for line in lines(alone)}) == 4
    assert {line["step"] for line in lines(name)} == set(expected)
    for line in lines(name):
        assert line["loss"] == pytest.approx(expected[line["step"]]["loss"], abs=1e-5)
        assert line["gradient_norm"] == pytest.approx(expected[line["step"]]["gradient_norm"], rel=1e-4)


@pytest.mark.skipif(not QWEN, reason="needs the extra qwen: pip install psizero[qwen]")
def test_two_processes_train_the_network_of_psi0_as_one_does_in_two_parts(done):
    check_losses(done, "psi0_two", "psi0_parts")  # a dropout is drawn for each part, so in as many parts
    first, second = (dict(read_tensors(read_psi0_folder(done / name).tensors)) for name in ("psi0_two", "psi0_parts"))
    assert all(torch.allclose(second[key], value, atol=1e-4) for key, value in first.items())


@pytest.mark.parametrize(("name", "alone"), ALIKE)
def test_the_loss_is_the_same_however_the_work_is_spread(done, name, alone):
    check_losses(done, name, alone)
    first, second = (load_policy(done / folder).network.state_dict() for folder in (alone, name))
    assert all(torch.allclose(second[key], value, atol=2e-3) for key, value in first.items())


def test_two_processes_together_decode_what_one_decodes(done):
    files = (done / f"decodes_{name}" for name in ("one", "two", "apart"))
    alone, together, apart = (Counter(file.read_text().splitlines()) for file in files)
    assert together == alone
    assert apart == alone + alone, "where there is no place for files, each decodes for itself"
    assert {line.split()[0] for line in together} == {"15", "5"}, "frames learned from, and held out"
    assert not list((done / "memory").iterdir())


def test_two_processes_keep_the_features_that_one_keeps(done):
    alone, together = (sorted((done / name).iterdir()) for name in ("features_one", "features_two"))
    assert [path.name for path in alone] == [path.name for path in together] and len(alone) == 4


def test_a_process_killed_while_saving_ends_the_other_one_and_leaves_the_checkpoint_before(done):
    first, second, newest = json.loads((done / "ends.json").read_text())
    assert second == -signal.SIGKILL and first == 1
    assert int(newest) == 2


def test_only_the_last_checkpoint_is_kept(done):
    state = done / "two_then_one" / "training" / "state"
    assert [path.name for path in state.iterdir()] == ["000000004"]


def test_a_batch_that_cannot_be_divided_is_refused_with_one_that_can():
    assert own_rows(6, 3) == [slice(0, 2), slice(2, 4), slice(4, 6)]
    with pytest.raises(ConfigError, match="try --batch-size 9"):
        own_rows(8, 3)
    with pytest.raises(ConfigError, match="accumulate"):
        ScaleConfig(accumulate=0)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_missing_gpu_is_told():
    with pytest.raises(ConfigError, match="no GPU"):
        join(ScaleConfig(device="cuda"))
