"""The plugin `vla_eval_psizero`: the real harness runs our tasks with the shipped policy behind `psizero serve`.

Needs an environment with vla-eval 0.8, psizero and the plugin; PSIZERO_VLA_EVAL_PLUGIN is its Python.
"""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from psizero.cli.policies import policy_of
from psizero.evaluate.rollout import EpisodeRequest, run_episode
from psizero.runtime.contract import Contract
from psizero.runtime.wire_vla_eval import VlaEvalWire
from tests.runtime.served import serving

PEER = Path(__file__).with_name("vla_eval_harness.py")
PLUGIN = Path(__file__).parents[2] / "plugins" / "vla_eval_psizero"


def test_the_settings_name_the_class_of_the_distribution():
    name = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["name"]
    source, settings = PLUGIN / name / "__init__.py", (PLUGIN / "psizero.yaml").read_text()
    assert settings.count(f'benchmark: "{name}:PsizeroTasks"') == 2
    assert "class PsizeroTasks(" in source.read_text()


@pytest.mark.parametrize("mode", ["sync", "live"])
def test_the_harness_sees_a_policy_do_our_task_as_the_evaluation_does(mode, tmp_path):
    python = os.environ.get("PSIZERO_VLA_EVAL_PLUGIN")
    if python is None:
        pytest.skip("PSIZERO_VLA_EVAL_PLUGIN names no Python with vla-eval 0.8, psizero and vla_eval_psizero")
    ready = policy_of(None)()
    assert ready.fork is not None
    ours = run_episode(ready, EpisodeRequest(task="pick_bottle", seed=1))
    assert ours.success
    contract = Contract(name="tiny", layout=ready.layout, rows=ready.rows, max_promised=ready.max_promised)
    with serving(ready.fork, wire=VlaEvalWire, contract=contract) as wire:
        params = {"tasks": ["pick_bottle"], "first_seed": 1}
        entry = {"benchmark": "vla_eval_psizero:PsizeroTasks", "mode": mode, "hz": 30.0, "params": params}
        code = [python, str(PEER), f"ws://127.0.0.1:{wire.port}", json.dumps(entry)]
        done = subprocess.run(code, capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["mismatches"] == []
    assert 0 < told["episode"]["steps"] <= 450
    if mode == "sync":  # in live mode a slow computer may be too late for the task
        assert told["episode"]["metrics"]["success"]
        assert told["episode"]["steps"] / 30 == pytest.approx(ours.seconds, rel=0.25)
