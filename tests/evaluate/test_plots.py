from xml.etree import ElementTree

import numpy as np

from psizero.evaluate import plots


def test_every_drawing_is_well_formed():
    wave = np.sin(np.linspace(0, 6, 50))
    for drawing in (
        plots.histogram({"0": 3, "1 & 2": 0}, label="ticks <each>"),
        plots.histogram({}, label="nothing"),
        plots.lines({"a": wave, "b < c": -wave}, seconds=2.0, marks=[0.5]),
        plots.lines({"flat": np.zeros(5)}, seconds=1.0),
        plots.interval_bar(0.5, (0.2, 0.8)),
        plots.paths({"a < b": np.stack([wave, -wave], axis=1)}, label="m", points=np.zeros((2, 2)), same_scale=True),
        plots.paths({"one": np.array([[300.0, 0.0]])}, label="N", from_zero_to=100.0),
    ):
        ElementTree.fromstring(drawing)


def test_a_curve_lifts_the_pen_where_there_is_no_number():
    drawing = plots.lines({"a": np.array([0.0, 1.0, np.nan, 0.0, 1.0])}, seconds=1.0)
    path = next(item for item in ElementTree.fromstring(drawing) if item.tag == "path").attrib["d"]
    assert path.count("M") == 2
    assert "nan" not in path


def test_the_tallest_bar_of_a_histogram_is_the_commonest_value():
    bars = [item for item in ElementTree.fromstring(plots.histogram({"1": 2, "2": 8}, label="")) if item.tag == "rect"]
    heights = [float(bar.attrib["height"]) for bar in bars]
    assert heights[1] == 4 * heights[0]


def test_on_the_same_scale_a_square_stays_a_square():
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    drawing = ElementTree.fromstring(plots.paths({}, label="m", points=square, same_scale=True))
    corners = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in drawing if c.tag == "circle"]
    assert corners[1][0] - corners[0][0] == corners[1][1] - corners[2][1] > 0
