import pytest
import torch
from torch import nn

from psizero.errors import ConfigError
from psizero.train.config import FinetuneConfig, OptimizerConfig
from psizero.train.optimizer import make_optimizer, rate_factor, set_rate


def test_only_matrices_decay():
    network = nn.Sequential(nn.Embedding(3, 4), nn.Linear(4, 5), nn.LayerNorm(5), nn.Conv2d(1, 2, 3))
    optimizer = make_optimizer(network, OptimizerConfig(weight_decay=0.1))
    decaying, steady = optimizer.param_groups
    assert {tuple(p.shape) for p in decaying["params"]} == {(5, 4), (2, 1, 3, 3)}
    assert decaying["weight_decay"] == 0.1 and steady["weight_decay"] == 0.0
    assert len(decaying["params"]) + len(steady["params"]) == len(list(network.parameters()))


def test_the_step_size_rises_then_falls_and_never_leaves_its_range():
    config = OptimizerConfig(warmup=0.1)
    rates = torch.tensor([rate_factor(i / 100, config) for i in range(101)])
    assert (rates[:11].diff() > 0).all() and (rates[10:].diff() < 0).all()
    assert rates.min() == 0.0 and rates.max() == 1.0


def test_a_constant_schedule_stays_where_the_warm_up_ends():
    config = OptimizerConfig(warmup=0.1, schedule="constant")
    assert [rate_factor(progress, config) for progress in (0.0, 0.05, 0.1, 0.5, 1.0)] == [0.0, 0.5, 1.0, 1.0, 1.0]


def test_betas_and_the_step_size_of_a_network_reach_the_optimizer(tmp_path):
    optimizer = make_optimizer(nn.Linear(2, 2), OptimizerConfig(betas=(0.95, 0.999)))
    assert {group["betas"] for group in optimizer.param_groups} == {(0.95, 0.999)}
    given = {"data": (tmp_path,), "out": tmp_path, "size": "psi0", "begin_with": tmp_path}
    assert FinetuneConfig(data=(tmp_path,), out=tmp_path).optimizer.rate == 2e-3
    assert FinetuneConfig(**given).optimizer.rate == 1e-4
    assert FinetuneConfig(**given, optimizer=OptimizerConfig(learning_rate=2e-3)).optimizer.rate == 2e-3


def test_without_a_warm_up_the_first_step_is_the_largest():
    assert rate_factor(0.0, OptimizerConfig(warmup=0.0)) == 1.0


def test_a_set_rate_is_that_of_every_group():
    optimizer = make_optimizer(nn.Linear(2, 2), OptimizerConfig())
    set_rate(optimizer, 0.25)
    assert [group["lr"] for group in optimizer.param_groups] == [0.25, 0.25]


@pytest.mark.parametrize(
    "wrong", [{"learning_rate": 0.0}, {"warmup": 1.0}, {"weight_decay": -1.0}, {"betas": (0.9, 1.0)}]
)
def test_a_senseless_setting_is_refused(wrong):
    with pytest.raises(ConfigError):
        OptimizerConfig(**wrong)


def test_some_weights_get_a_share_of_the_step_size_and_decay_as_the_others():
    network = nn.ModuleDict({"eyes": nn.Linear(2, 3), "ears": nn.Linear(4, 5)})
    optimizer = make_optimizer(network, OptimizerConfig(weight_decay=0.1), {"eyes.": 0.1})
    set_rate(optimizer, 0.5)
    found = {
        tuple(parameter.shape): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    assert found == {(3, 2): (0.05, 0.1), (3,): (0.05, 0.0), (5, 4): (0.5, 0.1), (5,): (0.5, 0.0)}
