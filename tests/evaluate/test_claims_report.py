"""The page of the claims: numbers that follow from the successes, and no word about what was not run."""

import io
import re

import pytest
from PIL import Image

from psizero.evaluate.claims_report import PLOT, markdown, write_report


def training(*successes):
    return {"successes": [bool(success) for success in successes], "seconds": 5.0, "jump": 1.1}


def arm(name, *trainings, **changes):
    plain = {"stages": [["finetune", 10]], "samples": 320, "delay_ticks": 0, "mode": "prefix"}
    return {"name": name, "trainings": list(trainings), **plain, **changes}


def content(*arms):
    claim = {"letter": "a", "question": "Does it help?", "how": "so", "paper": "it does", "arms": list(arms)}
    settings = {"steps": 10, "trainings": 2, "episodes": 20, "clips": 1, "demonstrations": 3}
    command = "psizero recipe claims --out runs/claims"
    return {"settings": settings, "task": "hug_box", "command": command, "hours": 1.0, "claims": [claim]}


WORSE = training(*[0] * 18, 1, 1), training(*[0] * 20)
BETTER = training(*[1] * 16, *[0] * 4), training(*[1] * 18, 0, 0)


def row(page, name):
    (line,) = (line for line in page.splitlines() if line.startswith(f"| {name}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_tells_each_training_rate_difference_and_pairs():
    page = markdown(content(arm("without", *WORSE), arm("with", *BETTER)))
    first, second = row(page, "without"), row(page, "with ")
    assert first[2:4] == ["2, 0 of 20", "5 % (1 to 17)"] and first[4:6] == ["", ""]
    assert second[2:4] == ["16, 18 of 20", "85 % (70 to 94)"]
    assert second[4].startswith("+80.0 (+") and second[5] == "34, 2"
    assert second[6:] == ["5.0 s", "1.10 x the step within"]
    assert re.search(r"\*with\* is better than \*without\* here: the difference is \+\S+ to \+\S+ points", page)
    assert "turn it around" not in page, "all trainings are there"
    assert "not run yet" not in page and "Unfinished" not in page


@pytest.mark.parametrize("swapped", [True, False])
def test_what_contradicts_the_paper_or_proves_nothing_is_said(swapped):
    if swapped:
        page = markdown(content(arm("without", *BETTER), arm("with", *WORSE)))
        assert "*with* is worse than *without* here" in page
    else:
        page = markdown(content(arm("without", *WORSE), arm("with", *reversed(WORSE))))
        assert "*with* and *without* cannot be told apart here" in page


def test_a_missing_arm_or_training_is_named_and_never_counted():
    page = markdown(content(arm("without", WORSE[0], None), arm("with", BETTER[0], BETTER[1]), arm("more", None, None)))
    assert row(page, "without")[2] == "2, missing of 20"
    assert row(page, "with ")[5] == "16, 2", "only the trainings that both have are paired"
    assert row(page, "more")[2] == "not run yet"
    assert "Nothing can be said of *more* yet" in page
    assert "That is after 1 of 2 trainings; the next may turn it around." in page.replace("\n", " ")
    assert "**Unfinished: 3 of the 6 trainings" in page


def test_a_late_arm_says_so():
    page = markdown(content(arm("off", *WORSE, delay_ticks=6, mode="naive")))
    assert row(page, "off")[0] == "off, 6 ticks late, mode `naive`"


def test_page_and_plot_lie_beside_each_other(tmp_path):
    page = write_report(tmp_path, content(arm("without", *WORSE), arm("with", None, None)))
    assert f"]({PLOT})" in page.read_text()
    picture = Image.open(io.BytesIO((tmp_path / PLOT).read_bytes()))
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
    assert picture.width == 1000 and (158, 202, 225) in colours, "a bar is drawn"
