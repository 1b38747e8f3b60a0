"""`psizero recipe claims`: every arm of the paper's claims from nothing, then a page that compares them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from psizero.cli.recipe import follow
from psizero.errors import ConfigError
from psizero.recipes.claims import Arm, ClaimsPlan, Sizes, claims as plan_of, hours
from psizero.recipes.recipe import Evaluation

if TYPE_CHECKING:
    from rich.console import Console

SETTINGS, NUMBERS = "settings.json", "claims.json"
_DEFAULTS = Sizes()


def claims(
    out: Path = Path("runs/claims"),
    claims: tuple[str, ...] = (),
    sizes: Annotated[Sizes, tyro.conf.arg(name="")] = _DEFAULTS,
    report: bool = False,
) -> None:
    """Try the claims of the Psi0 paper in small: equal budgets, the same scenes for all, a page with intervals.

    What was stopped goes on with the same command; more claims can be added to the same folder.

    Args:
        out: Folder for everything.
        claims: Which ones, by their letters a to f; all if not given.
        sizes: How large everything is.
        report: Write the page of what is there, and do nothing else.
    """
    from rich.console import Console

    console = Console(stderr=True)
    plan = plan_of(out, claims, sizes)
    _check_same(out, sizes)
    command = _command(out, claims, sizes)

    def write() -> None:
        _write(plan, sizes, command)

    if not report:
        _tell(plan, sizes, console)
        follow(plan.recipe, done=write)
    console.print(f"the page is {_write(plan, sizes, command)}", highlight=False, soft_wrap=True)


def _check_same(out: Path, sizes: Sizes) -> None:
    """Refuse a folder whose arms are of other sizes, which nothing could be compared with."""
    from psizero.data.atomic_file import write_file

    path, settings = out / SETTINGS, asdict(sizes)
    before = json.loads(path.read_text()) if path.exists() else settings
    if before != settings:
        raise ConfigError(f"{out} was begun with {before}, not {settings}; give the same, or another folder with --out")
    write_file(path, json.dumps(settings, indent=1).encode())


def _tell(plan: ClaimsPlan, sizes: Sizes, console: "Console") -> None:
    """Say what is going to be done, and about how long it takes."""
    from psizero.train.config import StageConfig

    stages = [step for _, step in plan.recipe.steps if isinstance(step, StageConfig)]
    tried = [step for _, step in plan.recipe.steps if isinstance(step, Evaluation)]
    steps = sum(stage.step_limit or 0 for stage in stages)
    told = (
        f"{len(plan.claims)} claims: {len(stages)} trainings of {steps:,} steps in all, {len(tried)} evaluations of "
        f"{sizes.episodes} episodes; about {hours(plan.recipe):.1f} h on two idle cores"
    )
    console.print(told, highlight=False, soft_wrap=True)


def _write(plan: ClaimsPlan, sizes: Sizes, command: str) -> Path:
    """Write what was found so far, for machines and as a page; return the page's path."""
    from psizero.data.atomic_file import write_file
    from psizero.evaluate.claims_report import write_report

    content = {
        "settings": asdict(sizes),
        "task": plan.claims[0].arms[0].evaluations[0].task,
        "command": command,
        "hours": round(hours(plan.recipe), 2),
        "claims": [
            {
                "letter": claim.letter,
                "question": claim.question,
                "how": claim.how,
                "paper": claim.paper,
                "arms": [_arm(arm) for arm in claim.arms],
            }
            for claim in plan.claims
        ],
    }
    write_file(plan.recipe.out / NUMBERS, json.dumps(content, indent=1).encode())
    return write_report(plan.recipe.out / "page", content)


def _arm(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name,
        "stages": arm.stages,
        "samples": arm.samples,
        "delay_ticks": arm.evaluations[0].delay_ticks,
        "mode": arm.evaluations[0].mode,
        "trainings": [_found(evaluation) for evaluation in arm.evaluations],
    }


def _found(evaluation: Evaluation) -> dict[str, Any] | None:
    """Return what came out of one evaluation; `None` if it was not done yet."""
    import numpy as np

    from psizero.evaluate.results import RESULTS

    path = evaluation.out / RESULTS
    if not path.exists():
        return None
    entry = json.loads(path.read_text())["tasks"][0]
    seconds = [episode["seconds"] for episode in entry["per_episode"] if episode["success"]]
    return {
        "successes": [episode["success"] for episode in entry["per_episode"]],
        "seconds": float(np.median(seconds)) if seconds else None,
        "jump": entry["chunk_boundary"]["ratio"],
    }


def _command(out: Path, letters: tuple[str, ...], sizes: Sizes) -> str:
    """Return the command line that does the same."""
    words = [f"psizero recipe claims --out {out}"]
    words += [f"--claims {' '.join(letters)}"] if letters else []
    words += [f"--{name} {value}" for name, value in asdict(sizes).items() if value != getattr(_DEFAULTS, name)]
    return " ".join(words)
