import re
from pathlib import Path

import pytest

from psizero.cli import doctor as command
from psizero.cli.doctor import Finding, doctor, examine
from psizero.errors import ConfigError

ROOT = Path(__file__).parents[2]


def test_a_computer_on_which_the_tests_run_lacks_nothing_essential():
    lacking = [finding for finding in examine() if finding.essential and not finding.works]
    assert lacking == []


def test_something_essential_that_lacks_is_named_with_what_to_do(monkeypatch, capsys):
    broken = Finding(thing="video encoder", state="gone", works=False, advice='pip install "av[h264]"')
    wanted = Finding(thing="NVIDIA GPU", state="none", works=False, essential=False, advice="nothing")
    monkeypatch.setattr(command, "examine", lambda: iter([broken, wanted]))
    with pytest.raises(ConfigError, match=r"^this computer lacks video encoder; the table tells what to do$"):
        doctor()
    assert 'pip install "av[h264]"' in capsys.readouterr().out


def test_a_probe_that_fails_shows_the_last_line_of_its_error():
    finding = command._tried("thing", "raise OSError('no such driver')", advice="")
    assert (finding.works, finding.state) == (False, "OSError: no such driver")


def test_set_up_doctor_and_error_name_the_same_packages():
    places = [ROOT / ".ci" / "setup", Path(command.__file__), ROOT / "psizero" / "sim" / "rendering.py"]
    named = {" ".join(re.findall(r"\blib(?:egl|gl|osmesa)[\w-]*", path.read_text())[:3]) for path in places}
    assert len(named) == 1
