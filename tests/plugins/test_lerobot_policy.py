"""The plugin `lerobot_policy_psizero`, driven by lerobot's own commands.

Needs an environment with lerobot (tried: 0.4.4), psizero and the plugin; PSIZERO_LEROBOT_PLUGIN is its Python.
"""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch

from psizero.cli.policies import shipped_policy
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.model.policy_folder import load_policy
from psizero.model.words import encode_words

PEER = Path(__file__).with_name("lerobot_policy_peer.py")
PLUGIN = Path(__file__).parents[2] / "plugins" / "lerobot_policy_psizero"


def test_the_distribution_has_the_name_of_its_module_and_a_prefix_that_lerobot_looks_for():
    name = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["name"]
    assert re.fullmatch("lerobot_policy_[a-z]+", name)
    assert (PLUGIN / name / "__init__.py").exists()


@pytest.fixture
def lerobot(tmp_path):
    python = os.environ.get("PSIZERO_LEROBOT_PLUGIN")
    if not python:
        pytest.skip("PSIZERO_LEROBOT_PLUGIN names no Python with lerobot, psizero and lerobot_policy_psizero")

    def run(*arguments):
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [python, str(PEER), *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr

    return run


@pytest.fixture
def dataset(tmp_path):
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        for seed in range(3):
            writer.append(synthetic_episode(seed, length=40, image_size=(96, 128)))
    return tmp_path / "set"


def test_lerobot_train_learns_goes_on_and_lerobot_eval_runs_what_came_of_it(tmp_path, lerobot, dataset):
    data = ["--dataset.repo_id=psizero/peer", f"--dataset.root={dataset}", "--dataset.video_backend=pyav"]
    few = ["--batch_size=8", "--num_workers=0", "--log_freq=10", "--save_freq=20", "--seed=1"]
    policy = ["--policy.type=psizero", "--policy.device=cpu", "--policy.push_to_hub=false"]
    quick = ["--policy.scheduler_warmup_steps=2"]
    told = lerobot("train", *data, *few, *policy, *quick, "--steps=20", f"--output_dir={tmp_path / 'run'}")
    losses = [float(value) for value in re.findall(r"loss:([0-9.]+)", told)]
    assert len(losses) == 2 and losses[1] < losses[0], told[-2000:]
    last = tmp_path / "run" / "checkpoints" / "last" / "pretrained_model"
    settings = json.loads((last / "config.json").read_text())
    assert (settings["type"], settings["network"]["action_size"]) == ("psizero", 36)
    lerobot("train", f"--config_path={last / 'train_config.json'}", "--resume=true", "--steps=22")
    lerobot(
        "eval", "--env.type=psizero_reach", f"--policy.path={last}", "--policy.device=cpu", f"--output_dir={tmp_path}",
        "--eval.n_episodes=2", "--eval.batch_size=2",
    )  # fmt: skip
    result = json.loads((tmp_path / "eval_info.json").read_text())
    assert result["overall"]["pc_success"] == 100.0


def test_a_policy_of_ours_says_the_same_in_lerobot(tmp_path, lerobot, dataset):
    ours = load_policy(shipped_policy())
    lerobot("same", dataset, shipped_policy(), tmp_path / "said.npz")
    said, config = np.load(tmp_path / "said.npz"), ours.config
    words = encode_words([str(said["task"])], max_words=config.max_words, vocabulary=config.vocabulary)
    with torch.no_grad():
        shown = ours.network.encode(
            torch.from_numpy(said["picture"])[None, None],
            torch.from_numpy(words),
            torch.from_numpy(ours.normalizers.state.normalize(said["state"]))[None],
        )
        noise = torch.from_numpy(said["noise"])[None]
        free = ours.network.sample(shown, noise)[0].numpy()
        promised = torch.from_numpy(ours.normalizers.action.normalize(said["left"][:4]))[None]
        led = ours.network.sample(shown, noise, promised)[0].numpy()
    np.testing.assert_allclose(said["free"], ours.normalizers.action.denormalize(free), atol=2e-4)
    np.testing.assert_allclose(said["led"], ours.normalizers.action.denormalize(led), atol=2e-4)
    np.testing.assert_array_equal(said["led"][:4], said["left"][:4])
    assert np.abs(said["led"][4:] - said["free"][4:]).max() > 1e-3, "promises matter"
    assert said["picked"].shape == (16, config.action_size)
