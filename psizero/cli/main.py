"""The command `psizero`: one verb per stage of the circle.

A verb is imported only when it is called, so that help comes at once. An error
that the user can mend is one line on stderr and exit status 1; anything else is a
defect of ours and shows its traceback.
"""

import errno
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

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
        "data view": "Write an episode as a web page: pictures and plots.",
        "data stats": "Show range, mean and quantiles of every number.",
        "data convert": "Make a data set of recordings in other formats.",
        "data mix": "Show what a mix of data sets gives over a training.",
        "data render-hands": "Render egocentric video of human hands at a task, in EgoDex's format.",
        "data fetch": "Name the public data sets and download one.",
        "pretrain": "Train a backbone on video of people, in EgoDex's format.",
        "posttrain": "Train an action expert on data sets of humanoids, to finetune from.",
        "finetune": "Train a policy on one or more data sets.",
        "recipe list": "Show the recipes: whole trainings from nothing to a policy.",
        "recipe tiny": "Follow the recipe for a laptop: human video, robot, task, in about an hour.",
        "recipe legs": "Teach System-0 from nothing: walk, then strength and exactness anywhere, in about five hours.",
        "recipe paper": "Follow the published recipe of Psi0, or tell what is missing for it.",
        "recipe h200": "Follow the published recipe on one H200, or tell what is missing for it.",
        "recipe claims": "Try the claims of the Psi0 paper in small, and write a page with the results.",
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
_PLACES = {
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "collect": "collect:collect",
    "pretrain": "pretrain:pretrain",
    "posttrain": "posttrain:posttrain",
    "finetune": "finetune:finetune",
    "recipe list": "recipe:list_",
    "recipe tiny": "recipe:tiny",
    "recipe legs": "recipe:legs",
    "recipe paper": "recipe:paper",
    "recipe h200": "recipe:h200",
    "recipe claims": "claims:claims",
    "evaluate": "evaluate:evaluate",
    "verify": "verify:verify",
    "run": "run:run",
    "serve": "serve:serve",
    "import": "checkpoint:import_",
    "export": "checkpoint:export",
    "data info": "data:info",
    "data check": "data:check",
    "data view": "data:view",
    "data stats": "data:stats",
    "data convert": "data:convert",
    "data mix": "data:mix",
    "data render-hands": "render_hands:render_hands",
    "data fetch": "fetch:fetch_data",
    "model fetch": "fetch:fetch_model",
    "locomotion train": "locomotion_train:train",
    "locomotion evaluate": "locomotion:evaluate",
}
"""Where in `psizero.cli` the function of each verb is; a module is loaded when its verb is called."""

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
    module, function = _PLACES[name].split(":")
    return getattr(import_module(f"psizero.cli.{module}"), function)
