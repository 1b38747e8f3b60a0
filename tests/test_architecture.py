"""House rules that a linter cannot know."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import psizero

ROOT = Path(psizero.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
REPOSITORY = ROOT.parent
TORCH_SIDE = ("psizero.model.", "psizero.train.", "psizero.rl.", "psizero.data.loader", "psizero.__main__")

DISTRIBUTIONS = {"PIL": "pillow"}
"""Distributions that are not called like the module that they hold."""

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def protocol_methods() -> set[str]:
    """Names of methods whose promise is told once, by a protocol or an abstract base class."""
    names = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in {"Protocol", "ABC"} for base in node.bases):
                names |= {function.name for function in node.body if isinstance(function, ast.FunctionDef)}
    return names


PROTOCOL_METHODS = protocol_methods()


@each_file
def test_file_is_short_well_named_and_introduces_itself(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    assert path.stem not in {"utils", "util", "misc", "common", "helpers"}, "name the noun it is about"
    if path.name == "__init__.py" and path.parent != ROOT:
        assert not text, "an __init__ below the top stays empty: importing one file must not import its neighbours"
    else:
        assert ast.get_docstring(ast.parse(text))


@each_file
def test_function_fits_on_a_screen(path):
    for function in functions(ast.parse(path.read_text())):
        assert (function.end_lineno or 0) - function.lineno < 60, function.name


@each_file
def test_every_public_name_says_what_it_does(path):
    def undocumented(body: list[ast.stmt], *, inside: str) -> Iterator[str]:
        for node in body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            told_by_protocol = inside and node.name in PROTOCOL_METHODS
            if not ast.get_docstring(node) and not told_by_protocol:
                yield inside + node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, inside=f"{node.name}.")

    assert list(undocumented(ast.parse(path.read_text()).body, inside="")) == []


@each_file
def test_every_argument_and_result_is_typed(path):
    for function in functions(ast.parse(path.read_text())):
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        untyped = [a.arg for a in named if a.annotation is None and a.arg not in {"self", "cls"}]
        assert not untyped, f"{function.name}: {untyped}"
        assert function.returns is not None, function.name


@each_file
def test_nothing_is_unpickled(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name.split(".")[0] for alias in node.names} | {
                (getattr(node, "module", "") or "").split(".")[0]
            }
            assert not names & {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
        if isinstance(node, ast.Call):
            settings = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            if ast.unparse(node.func) == "torch.load":
                assert settings.get("weights_only") == "True"
            assert settings.get("allow_pickle", "False") == "False"


@each_file
def test_no_path_of_one_machine(path):
    assert not re.search(r"[\"'](/home/|/root/|/work/|/mnt/|/Users/)", path.read_text())


DOORS = {"psizero.data.egodex": "human", "psizero.side_by_side": "ray"}
"""Files that reach for the libraries of an extra."""


def test_every_library_is_declared_where_it_is_needed():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in requirements}

    for path in FILES:
        module = ".".join(("psizero", *path.relative_to(ROOT).with_suffix("").parts))
        # The command line may reach for what is optional, inside a function; the other robot-side files may not.
        allowed = names(project["dependencies"])
        if module.startswith((*TORCH_SIDE, "psizero.cli.")):
            allowed |= names(extras["train"])
        if module.startswith("psizero.model."):
            allowed |= names(extras["qwen"])
        allowed |= names(extras.get(DOORS.get(module, ""), []))
        if module.startswith("psizero.cli."):
            allowed |= names(extras["viewer"]) | names(extras["fetch"])
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {(node.module or "").split(".")[0]}
            else:
                continue
            outside = {DISTRIBUTIONS.get(name, name) for name in imported - set(sys.stdlib_module_names) - {"psizero"}}
            assert outside <= allowed, f"{module} imports {outside - allowed}"


def test_the_robot_side_loads_where_torch_is_missing():
    modules = [".".join(("psizero", *path.relative_to(ROOT).with_suffix("").parts)) for path in FILES]
    light = [name.removesuffix(".__init__") for name in modules if not name.startswith(TORCH_SIDE)]
    code = f"import importlib, sys; sys.modules['torch'] = None; [importlib.import_module(n) for n in {light}]"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)


def test_help_loads_no_heavy_library():
    code = """
import sys
from psizero.cli.main import main
main(["--help"])
heavy = {"torch", "mujoco", "mink", "transformers", "pyarrow", "av", "numpy", "viser"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL)


def test_the_packaged_policies_are_small_and_hold_no_code():
    files = [path for path in (ROOT / "policies").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 20e6
    assert {path.suffix for path in files} <= {".safetensors", ".json", ".md", ".onnx"}
