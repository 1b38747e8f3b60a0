"""What README and docs say can be typed, followed and found."""

import functools
import re
import shlex
from pathlib import Path

import pytest

from psizero.cli import main as command
from psizero.cli.demo import _ENDING

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
STAGE_HEADINGS = [
    "In one sentence",
    "Try it",
    "What goes in, what comes out",
    "How it works",
    "What can go wrong",
    "Where it is in the code",
]


def shell_lines(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def commands(start: str) -> list[str]:
    """Command lines of README and docs, and those that the demo tells to type next."""
    told = [line.strip() for line in _ENDING.splitlines()]
    lines = {line for page in PAGES for line in shell_lines(page)} | set(told)
    return sorted(line for line in lines if line.startswith(start))


each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pytest.mark.parametrize("line", commands("psizero "))
def test_every_command_is_understood(line, monkeypatch):
    load = command._load
    called = []

    def only_parse(name):
        @functools.wraps(load(name))
        def verb(*_, **settings):
            called.append(name)

        return verb

    monkeypatch.setattr(command, "_load", only_parse)
    command.main(shlex.split(line, comments=True)[1:])
    assert len(called) == 1


@pytest.mark.parametrize("line", commands("make "))
def test_every_make_target_exists(line):
    target = shlex.split(line, comments=True)[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@each_page
def test_every_relative_link_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
    missing = [t for t in targets if not t.startswith(("http://", "https://")) and not (page.parent / t).exists()]
    assert missing == []


@each_page
def test_every_file_that_is_named_exists(page):
    named = re.findall(r"`((?:psizero|docs|tests|examples|benchmarks|\.ci)/[\w./]*)`", page.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_tree_in_the_readme_is_the_tree_on_disk():
    tree = (ROOT / "README.md").read_text().split("## The tree")[1].split("```")[1]
    inside = set(re.findall(r"^    (\w+)/", tree, re.MULTILINE))
    folders = {path.parent.name for path in (ROOT / "psizero").glob("*/__init__.py")}
    assert inside == folders
    assert all((ROOT / name).is_dir() for name in re.findall(r"^(\w+)/", tree, re.MULTILINE))


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "stages").glob("*.md")), ids=lambda page: page.stem)
def test_every_stage_page_has_the_same_headings(page):
    assert re.findall(r"^## (.*)$", page.read_text(), re.MULTILINE) == STAGE_HEADINGS
