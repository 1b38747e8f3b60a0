"""Every example runs as its docstring says and is short enough to be read at once."""

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_on_two_screens_and_tells_how_to_run_it(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 80
    assert f"Run: python examples/{path.name}" in text


def test_the_examples_run_in_the_order_of_the_story(tmp_path, monkeypatch):
    arguments_and_results = [
        (["robot.png"], "robot.png"),
        (["episodes"], "episodes/meta/info.json"),
        (["toy", "3"], "toy/policy/model.safetensors"),
        (["toy/policy", "episode.mp4"], "episode.mp4"),
    ]
    monkeypatch.chdir(tmp_path)
    for path, (arguments, result) in zip(EXAMPLES, arguments_and_results, strict=True):
        monkeypatch.setattr(sys, "argv", [str(path), *arguments])
        runpy.run_path(str(path), run_name="__main__")
        assert (tmp_path / result).stat().st_size > 0
