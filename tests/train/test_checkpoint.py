import shutil

import pytest
import torch
from torch import nn

from psizero.errors import PolicyError
from psizero.train.average import RunningAverage
from psizero.train.checkpoint import Progress, load_checkpoint, save_checkpoint
from psizero.train.config import OptimizerConfig
from psizero.train.optimizer import make_optimizer


def parts(seed):
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(3, 4), nn.SiLU(), nn.Linear(4, 2))
    return network, RunningAverage(network), make_optimizer(network, OptimizerConfig())


def run(network, average, optimizer, steps):
    losses = []
    for step in steps:
        data = torch.randn(8, 3, generator=torch.Generator().manual_seed(step))
        loss = network(data).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average.update(network, step)
        losses.append(loss.item())
    return losses


def test_a_resumed_training_continues_bit_for_bit(tmp_path):
    first = parts(0)
    run(*first, range(5))
    save_checkpoint(tmp_path / "state", *first, Progress(step=5, seconds=1.5, settings={"seed": 3}))
    expected = run(*first, range(5, 10))
    second = parts(1)
    progress = load_checkpoint(tmp_path / "state", *second)
    assert progress == Progress(step=5, seconds=1.5, settings={"seed": 3})
    assert run(*second, range(5, 10)) == expected
    for name, value in second[1].weights().items():
        assert torch.equal(value, first[1].weights()[name])


def test_a_fresh_training_can_be_saved_too(tmp_path):
    save_checkpoint(tmp_path / "state", *parts(0), Progress(step=0, seconds=0.0, settings={}))
    assert load_checkpoint(tmp_path / "state", *parts(1)).step == 0


@pytest.mark.parametrize("damage", ["missing", "truncated", "foreign"])
def test_a_damaged_state_is_one_line(tmp_path, damage):
    path = tmp_path / "state"
    save_checkpoint(path, *parts(0), Progress(step=0, seconds=0.0, settings={}))
    if damage == "missing":
        shutil.rmtree(path)
    elif damage == "truncated":
        (file,) = path.glob("*/*.safetensors")
        file.write_bytes(file.read_bytes()[:200])
    else:
        network = nn.Linear(2, 2)
        average, optimizer = RunningAverage(network), make_optimizer(network, OptimizerConfig())
        save_checkpoint(path, network, average, optimizer, Progress(step=1, seconds=0.0, settings={}))
    with pytest.raises(PolicyError, match="state") as caught:
        load_checkpoint(path, *parts(1))
    assert "\n" not in str(caught.value)
