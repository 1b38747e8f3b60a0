"""Every example runs as its docstring says and is short enough to be read at once."""

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("examples")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_on_two_screens_and_tells_how_to_run_it(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 80
    assert f"Run: python examples/{path.name}" in text


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("00_hello_robot", ["{folder}/robot.png"], "robot.png"),
        ("01_record_an_episode", ["{folder}/episodes"], "episodes/meta/info.json"),
        ("02_train_a_tiny_policy", ["{folder}/toy", "3"], "toy/policy/model.safetensors"),
        ("03_run_a_policy", ["{folder}/toy/policy", "{folder}/episode.mp4"], "episode.mp4"),
    ],
)
def test_an_example_runs(name, arguments, result, folder, monkeypatch):
    path = next(path for path in EXAMPLES if path.stem == name)
    monkeypatch.setattr(sys, "argv", [str(path), *(argument.format(folder=folder) for argument in arguments)])
    runpy.run_path(str(path), run_name="__main__")
    assert (folder / result).stat().st_size > 0


def test_no_example_is_forgotten():
    assert [path.stem[:2] for path in EXAMPLES] == ["00", "01", "02", "03"]
