import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from psizero.data.video import count_frames
from psizero.embodiment.g1 import G1
from psizero.evaluate import locomotion_judge
from psizero.evaluate.locomotion_director import Timetable, asked
from psizero.evaluate.locomotion_film import film
from psizero.evaluate.locomotion_judge import Verdict, judge
from psizero.evaluate.locomotion_report import write_locomotion_report
from psizero.evaluate.locomotion_scripts import SCRIPTS, Level, Script
from psizero.evaluate.results import head
from psizero.registry import Registry
from tests.evaluate.stiff_walker import StiffWalker


def short(name: str) -> Script:
    """A second of a script, in which a stiff robot stays up."""
    script = SCRIPTS[name]()
    levels = (Level(name="forward", axis="vx", begin=0.0, end=1.0, steady=0.5),) if name != "tour" else ()
    director = script.director
    if name != "tour":

        def director(seeds: np.ndarray, rate: float) -> Timetable:
            return Timetable(np.zeros(1), asked()[None])

    return Script(
        title=script.title, seconds=1.0 if name != "tour" else 90.0, director=director, levels=levels,
        push_times=(0.2,), push_force=(60.0, 60.0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    names = ("course", "posture", "push_300_standing", "tour")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            locomotion_judge, "SCRIPTS", Registry("script", {name: lambda name=name: short(name) for name in names})
        )
        return [judge(who, StiffWalker, G1, names, np.arange(2), threads=1) for who in ("<ours>", "theirs")]


def content_of(verdicts: list[Verdict]) -> dict:
    return head("<ours>", {"seeds": 2}) | {"locomotion": [verdict.to_json() for verdict in verdicts]}


class Page(HTMLParser):
    """Counts what is open and collects what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "br", "rect", "line", "path", "input", "circle"}:
            self.open.append(tag)
        self.fetched += [value for name, value in attrs if name in {"src", "href"} and not value.startswith("data:")]

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag


def test_every_figure_survives_json_and_none_is_nan(verdicts):
    text = json.dumps(content_of(verdicts), allow_nan=False)
    ours = json.loads(text)["locomotion"][0]
    assert set(ours["scripts"]) == {"course", "posture", "push_300_standing", "tour"}
    assert {bar["name"] for bar in ours["bars"]} >= {"no fall without pushes", "push of 300 N", "cost of transport"}


def test_the_report_is_one_file_that_fetches_nothing(verdicts, tmp_path):
    path = write_locomotion_report(tmp_path, content_of(verdicts), verdicts, {"a <film>": b"\0\0\0"})
    text = path.read_text()
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.fetched == []
    assert re.search(r"url\(|@import|<script|nan", text) is None
    assert "data:video/mp4;base64,AAAA" in text
    assert "&lt;ours&gt;" in text and "<ours>" not in text
    assert "Tour of 18 way-points" in text
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]


def test_a_film_shows_the_whole_episode_fifteen_times_a_second(verdicts, tmp_path):
    script = short("course")
    video = film(script, verdicts[0].recordings["course"], G1, size=(96, 128))
    (tmp_path / "x.mp4").write_bytes(video)
    assert count_frames(tmp_path / "x.mp4") == 17
