import json

import pytest

from psizero.cli.main import main
from tests.control.reference_policy import reference_policy
from tests.evaluate.test_foreign_policy import describe, pick


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    return reference_policy(tmp_path_factory.mktemp("policy") / "reference.onnx")


def refused(*arguments) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(["locomotion", "evaluate", *map(str, arguments)])
    return str(stopped.value.code)


def test_ours_and_theirs_are_judged_in_one_run(policy, tmp_path, capsys):
    out, rival = tmp_path / "out", describe(tmp_path, 0.0 * pick(0, 1, 2))
    asked = ["--seeds", "2", "--threads", "1", "--scripts", "push_450_standing", "--out", str(out)]
    main(["locomotion", "evaluate", "--policy", str(policy), "--against", str(rival), *asked])
    ours, theirs = json.loads((out / "results.json").read_text())["locomotion"]
    assert (ours["name"], theirs["name"]) == ("reference", "walk")
    assert ours["scripts"]["push_450_standing"]["trials"] == 2
    assert sorted(path.name for path in out.iterdir()) == ["push_450_standing.mp4", "report.html", "results.json"]
    said = capsys.readouterr().out
    assert "push of 450 N" in said
    assert "report.html" in said


def test_a_script_that_is_not_there_is_answered_with_those_that_are(policy, tmp_path):
    told = refused("--policy", policy, "--scripts", "courses", "--out", tmp_path / "out")
    assert "unknown script 'courses'" in told and "Did you mean 'course'?" in told


def test_what_cannot_be_judged_is_told_before_the_first_episode(policy, tmp_path):
    out = tmp_path / "out"
    assert "no locomotion policy" in refused("--policy", tmp_path / "none.onnx", "--out", out)
    assert "is no description" in refused("--policy", policy, "--against", tmp_path / "none.json", "--out", out)
    assert "seeds must be 1 or more" in refused("--policy", policy, "--seeds", "0", "--out", out)
    assert "answers 50 to 60 times a second, got --rate 200" in refused(
        "--policy", policy, "--rate", "200", "--out", out
    )
    assert not out.exists()
