"""`psizero demo`: first a learned robot at work, then every stage of the circle once, at toy size.

A newcomer sees what comes out before how it is made. The circle calls the same
functions as the other verbs; what it prints can be typed.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from rich.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How much of everything the demo does."""

    shown: int
    """Episodes per task of the packaged policy."""
    recorded: int
    """Demonstrations to learn from."""
    minutes: float
    """Time to learn (min)."""
    tried: int
    """Episodes of the policy that was just trained."""


_USUAL = _Size(shown=3, recorded=6, minutes=2.0, tried=2)
_QUICK = _Size(shown=1, recorded=2, minutes=0.1, tried=1)

_ENDING = """
All of it took {minutes:.1f} minutes. Open these in a browser:

    {learned}
    {toy}

The second robot learned from {size.recorded} demonstrations for {size.minutes:g} minutes, so it will hardly succeed;
it shows that every stage works. How the first one was trained: docs/train_shipped_policy.md. What to type next:
{enter}
    psizero collect --task hug_box --episodes 20 --out runs/box
    psizero finetune --data runs/box --out runs/box_policy --minutes 30
    psizero evaluate --policy runs/box_policy --task hug_box --out runs/box_report
    psizero run --task pick_bottle --instruction "pick up the bottle"
"""


def demo(out: Path = Path("runs/demo"), quick: bool = False) -> None:
    """Watch a learned robot at work, then go once round the whole circle at toy size.

    Args:
        out: Folder for everything that is made; if it is there already, the next free number is added.
        quick: Do as little of everything as possible.
    """
    console = Console()
    folder = _free(out)
    begin = time.monotonic()
    size = _QUICK if quick else _USUAL
    console.print(f"Everything goes to {folder}. It takes a few minutes; the robot is simulated by this computer.")
    learned = _show_learned_robot(console, folder, size)
    toy = _go_round(console, folder, size)
    console.rule("[bold]Done")
    minutes = (time.monotonic() - begin) / 60
    text = _ENDING.format(minutes=minutes, learned=learned, toy=toy, size=size, enter=_enter_environment())
    console.print(text, soft_wrap=True, highlight=False)


def _show_learned_robot(console: Console, folder: Path, size: _Size) -> Path:
    from psizero.cli.evaluate import EvaluateConfig, evaluate

    with _stage(console, "A learned robot: camera, words and joints in, actions out"):
        evaluate(
            EvaluateConfig(
                task=("pick_bottle", "hug_box"),
                episodes=size.shown,
                videos=size.shown,
                workers=_workers(),
                out=folder / "learned",
            )
        )
    return folder / "learned" / "report.html"


def _go_round(console: Console, folder: Path, size: _Size) -> Path:
    from psizero.cli.collect import collect
    from psizero.cli.data import check, info
    from psizero.cli.evaluate import EvaluateConfig, evaluate
    from psizero.cli.finetune import finetune
    from psizero.train.config import FinetuneConfig

    data, policy, report = folder / "data", folder / "policy", folder / "report"
    with _stage(console, "Circle 1 of 4: an operator shows the task, the recorder writes it down"):
        collect(task="pick_bottle", out=data, episodes=size.recorded, workers=_workers())
    with _stage(console, "Circle 2 of 4: is the data set sound?"):
        info(data)
        check(data)
    with _stage(console, "Circle 3 of 4: a policy learns from it"):
        finetune(FinetuneConfig(data=(data,), out=policy, minutes=size.minutes))
    with _stage(console, "Circle 4 of 4: the policy tries on scenes that it has never seen"):
        evaluate(
            EvaluateConfig(
                policy=policy,
                task=("pick_bottle",),
                episodes=size.tried,
                videos=size.tried,
                workers=_workers(),
                out=report,
            )
        )
    return report / "report.html"


@contextmanager
def _stage(console: Console, title: str) -> Iterator[None]:
    console.rule(f"[bold]{title}", align="left")
    begin = time.monotonic()
    yield
    console.print(f"[dim]{time.monotonic() - begin:.0f} s[/dim]\n", highlight=False)


def _workers() -> int:
    return min(4, os.cpu_count() or 1)


def _enter_environment() -> str:
    """Return the line that makes `psizero` known to the shell, if it is not."""
    activate = Path(sys.prefix) / "bin" / "activate"
    return "" if shutil.which("psizero") or not activate.is_file() else f"\n    . {os.path.relpath(activate)}"


def _free(out: Path) -> Path:
    """Return `out`, or `out` with the next free number: the result of an earlier demo stays."""
    names = (out if number == 1 else out.with_name(f"{out.name}-{number}") for number in count(1))
    return next(path for path in names if not path.exists())
