import json
import re
from errno import ENOSPC
from html.parser import HTMLParser
from pathlib import Path

import pytest

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import StorageError
from psizero.evaluate.report import write_rollout_report
from psizero.evaluate.results import compute_times, head, prepare_folder, task_entry, write_json
from psizero.evaluate.rollout import EpisodeRequest, EpisodeResult, run_episode
from tests.evaluate.still_policy import MakeStillPolicy


@pytest.fixture(scope="module")
def results() -> list[EpisodeResult]:
    ready = MakeStillPolicy()()
    return [
        run_episode(ready, EpisodeRequest(task="pick_bottle", seed=seed, time_limit=0.5, film=seed == 0))
        for seed in (0, 1)
    ]


def content_of(results: list[EpisodeResult]) -> dict:
    return head("<still>", {"delay_ticks": 0, "shift": ()}) | {
        "tasks": [task_entry(results)],
        "timing": {"compute_ms": compute_times(results)},
    }


class Page(HTMLParser):
    """Counts what is open and collects what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "br", "rect", "line", "path", "input"}:
            self.open.append(tag)
        self.fetched += [value for name, value in attrs if name in {"src", "href"} and not value.startswith("data:")]

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag


def test_the_figures_of_a_task_are_complete_and_survive_json(results, tmp_path):
    write_json(tmp_path, content_of(results))
    entry = json.loads((tmp_path / "results.json").read_text())["tasks"][0]
    assert (entry["episodes"], entry["successes"], entry["rate"]) == (2, 0, 0.0)
    assert entry["interval_95"] == [0.0, pytest.approx(0.841886)]
    assert entry["subtasks"] == {"touched": 0, "lifted": 0, "held": 0, "other_left_alone": 2}
    assert [episode["seed"] for episode in entry["per_episode"]] == [0, 1]
    assert entry["per_episode"][0]["outcome"] == "not done within 0.5 s"


def test_two_runs_differ_in_nothing_but_the_time_they_took(results):
    again = [run_episode(MakeStillPolicy()(), result.request) for result in results]
    one, two = content_of(results), content_of(again)
    del one["timing"], two["timing"]
    assert json.dumps(one) == json.dumps(two)


def test_the_report_is_one_file_that_fetches_nothing(results, tmp_path):
    path = write_rollout_report(tmp_path, content_of(results), [results], G1_DEX3)
    text = path.read_text()
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.fetched == []
    assert re.search(r"url\(|@import|<script", text) is None
    assert "data:video/mp4;base64,AAAA" in text
    assert "&lt;still&gt;" in text
    assert "<still>" not in text
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]


def test_an_older_report_is_replaced_but_nothing_else_is_touched(results, tmp_path):
    folder = tmp_path / "report"
    prepare_folder(folder)
    write_json(folder, content_of(results))
    prepare_folder(folder)
    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(StorageError, match=r"holds 'thesis.txt' and is no report of psizero; choose an empty"):
        prepare_folder(other)
    assert (other / "thesis.txt").read_text() == "years of work"


def test_results_of_something_else_are_no_report(tmp_path):
    (tmp_path / "results.json").write_text('{"kind": "tax"}')
    with pytest.raises(StorageError, match="is no report of psizero"):
        prepare_folder(tmp_path)


def test_a_file_in_the_way_is_told_in_one_line(tmp_path):
    path = tmp_path / "out"
    path.write_text("")
    with pytest.raises(StorageError, match="it is a file; choose another folder"):
        prepare_folder(path)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody can write to")
def test_a_folder_that_cannot_be_written_is_told_before_the_first_episode():
    with pytest.raises(StorageError, match="cannot write"):
        prepare_folder(Path("/proc/self/report"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_before_the_first_episode(tmp_path, monkeypatch):
    (tmp_path / ".probe").symlink_to("/dev/full")
    monkeypatch.setattr("psizero.evaluate.results._is_report", lambda path: True)
    with pytest.raises(StorageError, match="the disk is full"):
        prepare_folder(tmp_path)


def test_a_full_disk_leaves_nothing_that_would_stop_the_next_try(tmp_path, monkeypatch):
    def half_written(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half_written)
        with pytest.raises(StorageError):
            prepare_folder(tmp_path / "report")
    prepare_folder(tmp_path / "report")
