"""The command `psizero`: one verb per stage of the circle.

A verb is imported only when it is called, so that help comes at once. An error
that the user can mend is one line on stderr and exit status 1; anything else is a
defect of ours and shows its traceback.
"""

import errno
import sys
from collections.abc import Callable, Sequence

from psizero import __version__
from psizero.errors import PsiZeroError
from psizero.registry import Registry

VERBS: Registry[str] = Registry(
    "verb",
    {
        "demo": "Watch a learned robot at work, then go once round the whole circle at toy size.",
        "doctor": "Tell what works on this computer and what to install.",
        "collect": "Record demonstrations of a task by the scripted operator.",
        "data info": "Show what a data set holds.",
        "data check": "Look for damage in a data set.",
        "data fetch": "Name the public data sets and download one.",
        "finetune": "Train a policy on one or more data sets.",
        "evaluate": "Measure a policy on seeded episodes of a task, or on recorded ones.",
        "verify": "Compare numbers with those recorded from the reference.",
        "locomotion train": "Teach the legs to stand, squat, turn and walk, by reinforcement learning.",
        "locomotion evaluate": "Measure the legs: walking, squatting, turning, pushes, loads, rough ground.",
        "run": "Run a policy live, with a viewer in the browser.",
        "serve": "Serve a policy to robots over the network.",
        "model fetch": "Name the public checkpoints and download one.",
        "import": "Make a policy of a checkpoint of the Psi0 reference; every name and shape is checked.",
        "export": "Write an imported policy back in the form of the reference.",
    },
)
"""What each verb does, in the order of the story."""

_GROUPS = frozenset(name.split()[0] for name in VERBS if " " in name)
"""First words of verbs that have two."""

_PLAIN_ANSWERS = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder with --out",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another folder with --out",
    errno.EROFS: "the disk is read-only; choose another folder with --out",
    errno.EACCES: "no permission; choose a folder of your own with --out",
}

_EXTRAS = {
    "huggingface_hub": "fetch",
    "jaxtyping": "train",
    "onnx": "train",
    "safetensors": "train",
    "tensorboard": "train",
    "torch": "train",
    "viser": "viewer",
    "zmq": "zmq",
}
"""Libraries that not everybody needs, and the extra that brings them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb with the given arguments (those of the process by default) and exit."""
    try:
        _dispatch(list(sys.argv[1:] if arguments is None else arguments))
    except PsiZeroError as error:
        sys.exit(f"psizero: {error}")
    except OSError as error:
        if error.errno not in _PLAIN_ANSWERS:
            raise
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(f"psizero: {where}{_PLAIN_ANSWERS[error.errno]}")
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        sys.exit(f'psizero: {error.name} is not installed; try pip install "psizero[{_EXTRAS[error.name]}]"')
    except KeyboardInterrupt:
        print("psizero: stopped", file=sys.stderr)
        sys.exit(130)


def _dispatch(arguments: list[str]) -> None:
    match arguments:
        case [] | ["--help" | "-h" | "help", *_]:
            print(_help(""))
        case ["--version", *_]:
            print(f"psizero {__version__}")
        case [group] | [group, "--help" | "-h", *_] if group in _GROUPS:
            print(_help(f"{group} "))
        case [group, verb, *rest] if group in _GROUPS:
            _call(f"{group} {verb}", rest)
        case [verb, *rest]:
            _call(verb, rest)


def _help(prefix: str) -> str:
    shown = [name for name in VERBS if name.startswith(prefix)]
    lines = [f"    {name:20}{VERBS[name]}" for name in shown]
    head = "PsiZero: teach a humanoid to use its hands, from demonstration to score.\n"
    tail = f"\n`psizero {prefix}VERB --help` tells the settings of one verb. Start with `psizero doctor`."
    return "\n".join([head, f"usage: psizero {prefix}VERB ...\n", *lines, tail])


def _call(name: str, arguments: list[str]) -> None:
    _ = VERBS[name]  # a typo is answered with the nearest verb, before anything is loaded

    import tyro

    tyro.cli(_load(name), prog=f"psizero {name}", args=arguments)


def _load(name: str) -> Callable[..., None]:
    """Import the function behind a verb."""
    match name:
        case "demo":
            from psizero.cli.demo import demo as verb
        case "doctor":
            from psizero.cli.doctor import doctor as verb
        case "collect":
            from psizero.cli.collect import collect as verb
        case "finetune":
            from psizero.cli.finetune import finetune as verb
        case "evaluate":
            from psizero.cli.evaluate import evaluate as verb
        case "verify":
            from psizero.cli.verify import verify as verb
        case "run":
            from psizero.cli.run import run as verb
        case "serve":
            from psizero.cli.serve import serve as verb
        case "import":
            from psizero.cli.checkpoint import import_ as verb
        case _:
            verb = _load_the_rest(name)
    return verb


def _load_the_rest(name: str) -> Callable[..., None]:
    """Import the function behind `export` or a verb of two words."""
    match name:
        case "export":
            from psizero.cli.checkpoint import export as verb
        case "data info":
            from psizero.cli.data import info as verb
        case "data check":
            from psizero.cli.data import check as verb
        case "data fetch":
            from psizero.cli.fetch import fetch_data as verb
        case "model fetch":
            from psizero.cli.fetch import fetch_model as verb
        case "locomotion train":
            from psizero.cli.locomotion_train import train as verb
        case _:
            from psizero.cli.locomotion import evaluate as verb
    return verb
