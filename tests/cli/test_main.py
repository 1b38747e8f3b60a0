import errno
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import psizero
from psizero.cli import main as command
from psizero.cli.main import VERBS, main
from psizero.errors import DataError


def raising(error):
    def verb() -> None:
        raise error

    return lambda name: verb


def message_of(call, *arguments):
    with pytest.raises(SystemExit) as stopped:
        call(*arguments)
    return stopped.value.code


def test_help_tells_every_verb(capsys):
    main([])
    shown = capsys.readouterr().out
    assert all(name in shown and VERBS[name] in shown for name in VERBS)


def test_help_of_data_tells_its_verbs_alone(capsys):
    main(["data"])
    shown = capsys.readouterr().out
    assert "data check" in shown
    assert "finetune" not in shown


def test_version(capsys):
    main(["--version"])
    assert capsys.readouterr().out == f"psizero {psizero.__version__}\n"


@pytest.mark.parametrize("verb", [["evaluate"], ["data", "check"]])
def test_a_misspelt_verb_is_answered_with_the_nearest_one(verb):
    misspelt = [*verb[:-1], verb[-1][:-2] + verb[-1][-1]]
    assert f"Did you mean {' '.join(verb)!r}?" in message_of(main, misspelt)


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_a_function_of_its_name_with_typed_settings(name):
    verb = command._load(name)
    words = name.replace("-", "_").split()
    # `import` is a word of Python, and two groups may have the same verb.
    assert verb.__name__ in {words[-1], f"{words[-1]}_", "_".join(reversed(words))}
    assert (verb.__doc__ or "").strip()
    signature = inspect.signature(verb)
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_tells_its_settings(name, capsys):
    assert message_of(main, [*name.split(), "--help"]) == 0
    assert f"usage: psizero {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (DataError("no data set at 'x'; try psizero collect"), "psizero: no data set at 'x'; try psizero collect"),
        (OSError(errno.ENOSPC, "No space left on device", "a/b"), "psizero: a/b: the disk is full; free some space"),
        (OSError(errno.EROFS, "Read-only file system"), "psizero: the disk is read-only; choose another folder"),
    ],
)
def test_an_error_that_a_user_can_mend_is_one_line(error, line, monkeypatch):
    monkeypatch.setattr(command, "_load", raising(error))
    answer = message_of(main, ["doctor"])
    assert answer.startswith(line)
    assert "\n" not in answer


def test_a_library_of_an_extra_is_told_with_the_extra(monkeypatch):
    monkeypatch.setattr(command, "_load", raising(ModuleNotFoundError("No module named 'torch'", name="torch")))
    assert message_of(main, ["finetune"]) == 'psizero: torch is not installed; try pip install "psizero[train]"'


def test_extras_are_those_of_the_project():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    for library, extra in command._EXTRAS.items():
        assert any(library in requirement for requirement in project["optional-dependencies"][extra])


def test_a_defect_of_ours_shows_its_traceback(monkeypatch):
    monkeypatch.setattr(command, "_load", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_ctrl_c_ends_with_a_line_and_the_usual_status(monkeypatch, capsys):
    monkeypatch.setattr(command, "_load", raising(KeyboardInterrupt()))
    assert message_of(main, ["doctor"]) == 130
    assert capsys.readouterr().err == "psizero: stopped\n"


def test_the_module_is_the_command():
    result = subprocess.run([sys.executable, "-m", "psizero", "evaluat"], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("psizero: unknown verb 'evaluat'")
    assert len(result.stderr.splitlines()) == 1
