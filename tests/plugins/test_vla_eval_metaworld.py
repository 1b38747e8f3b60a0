"""The plugin `vla_eval_metaworld`: from the scripted policy to what the real harness counts, nothing in between faked.

Needs an environment with vla-eval 0.8, Meta-World 3.1, psizero and the plugin; PSIZERO_METAWORLD is its Python.
"""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

from psizero.cli.policies import policy_of
from psizero.data.lerobot import LeRobotDataset
from psizero.runtime.contract import Contract
from psizero.runtime.wire_vla_eval import VlaEvalWire
from psizero.train.config import FinetuneConfig
from psizero.train.finetune import finetune
from tests.runtime.served import serving

HARNESS = Path(__file__).with_name("vla_eval_harness.py")
PLUGIN = Path(__file__).parents[2] / "plugins" / "vla_eval_metaworld"
TASK = "button-press-topdown-v3"


def test_the_settings_name_the_class_of_the_distribution():
    name = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["name"]
    source, settings = PLUGIN / name / "__init__.py", (PLUGIN / "metaworld.yaml").read_text()
    assert settings.count(f'benchmark: "{name}:MetaWorld"') == 2
    assert "class MetaWorld(" in source.read_text()


@pytest.fixture(scope="module")
def metaworld():
    python = os.environ.get("PSIZERO_METAWORLD")
    if not python:
        pytest.skip(
            "PSIZERO_METAWORLD names no Python with vla-eval 0.8, Meta-World 3.1, psizero and vla_eval_metaworld"
        )

    def run(*arguments):
        environment = {"MUJOCO_GL": "egl", **os.environ, "OMP_NUM_THREADS": "1"}
        code = [python, *map(str, arguments)]
        done = subprocess.run(code, env=environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run


@pytest.fixture(scope="module")
def demonstrations(metaworld, tmp_path_factory):
    folder = tmp_path_factory.mktemp("metaworld") / "button"
    metaworld("-m", "vla_eval_metaworld.record", "--task", TASK, "--out", folder, "--episodes", 2)
    return folder


@pytest.fixture(scope="module")
def policy(demonstrations):
    """A policy that has learned nothing yet, but is one."""
    out = demonstrations.with_name("policy")
    finetune(FinetuneConfig(data=(demonstrations,), out=out, steps=1, batch_size=2, holdout=0.0, logger="none"))
    return out


def test_demonstrations_are_successes_in_the_layout_and_the_numbers_of_meta_world(demonstrations):
    dataset = LeRobotDataset(demonstrations)
    assert (dataset.layout.name, dataset.layout.rate, dataset.layout.cameras) == ("metaworld", 80.0, ("corner2",))
    assert [entry.info["success"] for entry in dataset.episodes] == [True, True]
    episode = dataset.read(0)
    assert episode.action.shape[1] == episode.state.shape[1] == 4
    assert np.abs(episode.action).max() == 1.0
    hand_moves = np.diff(episode.state[:, :3], axis=0).sum(axis=0)
    assert hand_moves[1] > 0.2, "the button is in front of the hand"
    assert episode.instruction == "button press topdown"


@pytest.mark.parametrize("mode", ["sync", "live"])
def test_the_harness_runs_meta_world_with_a_policy_trained_on_its_demonstrations(mode, metaworld, policy):
    ready = policy_of(policy)()
    assert ready.fork is not None
    contract = Contract(name="tiny", layout=ready.layout, rows=ready.rows, max_promised=ready.max_promised)
    entry = {"benchmark": "vla_eval_metaworld:MetaWorld", "mode": mode, "hz": 5.0, "max_steps": 15}
    with serving(ready.fork, wire=VlaEvalWire, contract=contract) as wire:
        told = json.loads(metaworld(HARNESS, f"ws://127.0.0.1:{wire.port}", json.dumps(entry)).splitlines()[-1])
    assert told["mismatches"] == []
    assert "failure_reason" not in told["episode"]
    assert told["episode"]["steps"] == 15
    assert told["episode"]["metrics"]["success"] is False
    if mode == "live":
        assert told["episode"]["rt_metrics"]["update_count"] > 5
