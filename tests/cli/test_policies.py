"""Any policy folder opens by its name alone, whichever network is in it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from psizero.cli.main import main
from psizero.cli.policies import policy_of, shipped_policy
from psizero.errors import PolicyError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Path:
    pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")
    from tests.model import psi0_run

    return psi0_run.write_policy(tmp_path_factory.mktemp("imported"))


def test_the_shipped_policy_opens_without_a_name():
    ready = policy_of(None)()
    assert ready.name == "tiny (shipped)"
    assert (ready.layout.name, ready.max_promised) == ("g1_dex3", 7)


def test_an_imported_checkpoint_opens_by_its_folder(imported):
    ready = policy_of(imported)()
    assert ready.name == str(imported)
    assert (ready.layout.name, ready.max_promised, ready.picture_size) == ("g1_dex3", 7, None)


def test_an_imported_checkpoint_runs_as_it_is_typed(imported, capsys):
    main(["run", "--task", "pick_bottle", "--policy", str(imported), "--no-viewer", "--seconds", "0.4"])
    assert "0.4 s" in capsys.readouterr().out


def test_without_the_extra_one_line_says_what_to_install(imported, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)  # python's own way to say: not there
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--task", "pick_bottle", "--policy", str(imported), "--no-viewer"])
    line = str(stopped.value.code)
    assert "`pip install psizero[qwen]`" in line
    assert "\n" not in line


def test_naming_a_policy_loads_no_network(tmp_path):
    code = (
        "import sys, pathlib; from psizero.cli.policies import policy_of; policy_of(pathlib.Path(sys.argv[1])); "
        "assert not {'torch', 'transformers', 'tokenizers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)


def test_a_folder_that_is_none_is_one_line(tmp_path):
    with pytest.raises(PolicyError, match="psizero import"):
        policy_of(tmp_path / "nowhere")
    with pytest.raises(PolicyError, match="holds no whole policy"):
        policy_of(tmp_path)()
    (tmp_path / "config.json").write_text(json.dumps({"network": "another"}))
    for name in ("layout.json", "stats.json"):
        (tmp_path / name).write_text((shipped_policy() / name).read_text())
    with pytest.raises(PolicyError, match="holds the network 'another'"):
        policy_of(tmp_path)()
