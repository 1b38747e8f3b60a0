"""The page of an episode holds everything it shows, and loads nothing."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np

from psizero.data.synthetic import synthetic_episode
from psizero.data.view import write_view
from psizero.embodiment.layout import G1_DEX3


class Tags(HTMLParser):
    """Every tag with its attributes; an end that fits no beginning is an error."""

    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "img", "input"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def view(tmp_path, episode):
    path = tmp_path / "view.html"
    write_view(episode, G1_DEX3, path, title="set, episode 0")
    tags = Tags()
    tags.feed(path.read_text())
    assert tags.open == []
    return path.read_text(), tags.seen


def test_every_number_has_a_curve_and_every_camera_its_pictures(tmp_path):
    page, tags = view(tmp_path, synthetic_episode(0, length=200, image_size=(24, 32)))
    curves = [attributes["points"] for tag, attributes in tags if tag == "polyline"]
    assert len(curves) == 36 + 32
    assert all(len(points.split()) == 200 for points in curves)
    places = np.array([pair.split(",") for points in curves for pair in points.split()], float)
    assert places.min() >= 0
    assert places[:, 0].max() <= 560 and places[:, 1].max() <= 120
    assert all(f"<h2>{field.name} " in page for field in G1_DEX3.action.fields)
    data = json.loads(re.search(r'type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert len(data["cameras"]["head"]) == len(data["times"]) == 150
    assert not re.search(r"%[A-Z]+%", page)


def test_nothing_is_loaded_from_anywhere(tmp_path):
    page, tags = view(tmp_path, synthetic_episode(0, length=5, image_size=(24, 32)))
    sources = [value for _, attributes in tags for name, value in attributes.items() if name in {"src", "href"}]
    assert sources
    assert all(source.startswith("data:") for source in sources)
    assert "http" not in page and "@import" not in page and "url(" not in page


def test_words_of_a_recording_cannot_become_part_of_the_page(tmp_path):
    evil = "</script><script>alert(1)</script>"
    episode = replace(synthetic_episode(0, length=1, image_size=(24, 32)), instruction=evil, info={"who": evil})
    page, tags = view(tmp_path, episode)
    assert len([tag for tag, _ in tags if tag == "script"]) == 2
    assert "alert" in page
