import io
import json

import pytest
import torch
from rich.console import Console
from torch import nn

from psizero.errors import ConfigError
from psizero.train.average import RunningAverage
from psizero.train.config import OptimizerConfig
from psizero.train.loop import Hooks, Limits, TrainingState, train
from psizero.train.metrics import Metrics
from psizero.train.optimizer import make_optimizer


def fresh_state():
    network = nn.Linear(1, 1)
    return TrainingState(
        network=network, optimizer=make_optimizer(network, OptimizerConfig()), average=RunningAverage(network)
    )


def run(folder, state, *, limits, loss=None, save_seconds=1e9, saved=None):
    saved = [] if saved is None else saved
    hooks = Hooks(
        loss=loss or (lambda step, rows: state.network(torch.ones(1, 1)).square().sum()),
        save=lambda state: saved.append(state.step),
        measure=lambda state: {"held_out_loss": 0.5},
    )
    with Metrics(folder, logger="none", console=Console(file=io.StringIO())) as metrics:
        train(
            state,
            hooks,
            limits=limits,
            optimizer=OptimizerConfig(learning_rate=0.1),
            save_seconds=save_seconds,
            batch_size=4,
            metrics=metrics,
        )
    return saved


def test_it_ends_at_the_last_step_and_saves_there(tmp_path):
    state = fresh_state()
    assert run(tmp_path, state, limits=Limits(steps=50, seconds=None)) == [50]
    written = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in written] == [20, 40, 50, 50]
    assert written[-1]["held_out_loss"] == 0.5
    assert written[2]["loss"] < written[0]["loss"]


def test_it_saves_in_between(tmp_path):
    assert run(tmp_path, fresh_state(), limits=Limits(steps=3, seconds=None), save_seconds=0.0) == [1, 2, 3]


def test_the_clock_ends_it_too(tmp_path):
    state = fresh_state()
    state.seconds = 60.0
    assert Limits(steps=None, seconds=120.0).progress(state) == 0.5
    assert Limits(steps=10, seconds=60.0).progress(state) == 1.0
    assert run(tmp_path, state, limits=Limits(steps=None, seconds=60.0)) == []


def test_divergence_is_told_and_not_saved(tmp_path):
    state, saved = fresh_state(), []

    def loss(step, rows):
        return state.network.weight.square().sum() * (torch.nan if step == 2 else 1.0)

    with pytest.raises(ConfigError, match="diverged before step 3"):
        run(tmp_path, state, limits=Limits(steps=9, seconds=None), loss=loss, save_seconds=0.0, saved=saved)
    assert saved == [1, 2]


def test_a_gradient_that_is_not_finite_is_divergence_too(tmp_path):
    state, saved = fresh_state(), []

    def loss(step, rows):
        return (state.network.weight * 0.0).sqrt().sum()  # 0, with a slope that is no number

    with pytest.raises(ConfigError, match="diverged"):
        run(tmp_path, state, limits=Limits(steps=1, seconds=None), loss=loss, saved=saved)
    assert saved == []
