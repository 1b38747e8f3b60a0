"""Whoever works, the results are those of one process, in the order of what was asked."""

import os
import subprocess
import sys
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest

from psizero.data.convert import convert_source
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError, PsiZeroError
from psizero.side_by_side import one_thread_for_children, side_by_side


def _square(number: int) -> int:
    if number == 7:
        raise DataError("seven is damaged")
    return number**2


def _threads(_: int) -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


def _exists(path: Path) -> bool:
    return path.exists()


def _die(_: int) -> None:
    os._exit(1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster of Ray on this computer, with two cores."""
    pytest.importorskip("ray", reason="needs the extra psizero[ray]")
    ray = [sys.executable, "-m", "ray.scripts.scripts"]
    start = [*ray, "start", "--head", "--node-ip-address=127.0.0.1", "--port=6391", "--num-cpus=2"]
    quiet = ["--include-dashboard=false", "--disable-usage-stats", "--object-store-memory=100000000"]
    for tries_left in (2, 1, 0):  # a node that is not up within 30 s, on a busy computer, gives up
        begun = subprocess.run([*start, *quiet], capture_output=True, text=True, timeout=300)
        if begun.returncode == 0:
            break
        subprocess.run([*ray, "stop", "--force"], check=True, capture_output=True, timeout=120)
        assert tries_left, begun.stdout + begun.stderr
    try:
        yield "127.0.0.1:6391"
    finally:
        subprocess.run([*ray, "stop", "--force"], check=True, capture_output=True, timeout=120)


@pytest.mark.parametrize("workers", [1, 3])
def test_endless_arguments_are_taken_a_few_at_a_time_and_results_keep_their_order(workers):
    numbers = count(10)
    assert list(islice(side_by_side(_square, numbers, workers=workers), 20)) == [n**2 for n in range(10, 30)]
    assert next(numbers) < 10 + 20 + 4 * workers + 2


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_in_its_turn(workers):
    results = side_by_side(_square, range(6, 9), workers=workers)
    assert next(results) == 36
    with pytest.raises(DataError, match="seven is damaged"):
        next(results)


def test_a_process_that_dies_is_told_in_one_line():
    with pytest.raises(PsiZeroError, match=r"a worker process died.*try --workers 1"):
        list(side_by_side(_die, range(2), workers=2))


def test_children_have_one_thread_and_this_process_keeps_its_own(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert list(side_by_side(_threads, range(2), workers=2)) == ["1", "1"]
    assert "OMP_NUM_THREADS" not in os.environ
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    with one_thread_for_children():
        assert os.environ["OMP_NUM_THREADS"] == "3"
    assert os.environ["OMP_NUM_THREADS"] == "3"


def test_no_worker_is_refused():
    with pytest.raises(ConfigError, match="try --workers 1"):
        side_by_side(_square, [1], workers=0)


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r"psizero\[ray\]"):
        list(side_by_side(_square, [1], cluster="auto"))


def test_without_a_cluster_it_is_said_how_to_start_one():
    pytest.importorskip("ray", reason="needs the extra psizero[ray]")
    with pytest.raises(ConfigError, match="ray start --head"):
        list(side_by_side(_square, [1], cluster="auto"))


def test_a_cluster_gives_what_one_process_gives_in_the_same_folder(cluster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("here").touch()
    numbers = [n for n in range(20) if n != 7]
    assert list(side_by_side(_square, numbers, cluster=cluster)) == [n**2 for n in numbers]
    assert list(side_by_side(_exists, [Path("here"), Path("there")], cluster=cluster)) == [True, False]
    with pytest.raises(DataError, match=r"^seven is damaged$"):
        list(side_by_side(_square, [6, 7], cluster=cluster))


def test_a_data_set_converted_by_a_cluster_is_that_of_one_process(cluster, tmp_path):
    with LeRobotWriter(tmp_path / "set", G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=10):
            writer.append(episode)
    source = LeRobotDataset(tmp_path / "set")
    convert_source(source, tmp_path / "alone")
    convert_source(source, tmp_path / "beside", cluster=cluster)
    alone, beside = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
        for folder in (tmp_path / "alone", tmp_path / "beside")
    )
    assert alone == beside and len(alone) > 6
    np.testing.assert_array_equal(LeRobotDataset(tmp_path / "beside").read(2).state, source.read(2).state)
