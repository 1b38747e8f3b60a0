"""`psizero locomotion`: legs that are trained, and a judge that says how well they walk."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from psizero.errors import ConfigError

if TYPE_CHECKING:
    from psizero.evaluate.locomotion_judge import MakeWalker, Verdict

FILMED = ("course", "push_450_standing")
"""Scripts of which a film is made."""
QUICK = 10
"""Episodes per script with --quick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeConfig:
    """Let legs walk, turn, squat, be pushed and carry, in seeded episodes while the arms do anything."""

    out: Path
    """Folder for results.json, report.html and videos; new, empty, or one with an older report."""

    policy: Path | None = None
    """ONNX file of the legs; the one in the package if left out."""

    against: tuple[Path, ...] = ()
    """Other people's policies to judge in the same way, each a JSON description beside its ONNX file."""

    seeds: int = 100
    """Episodes per script."""

    first_seed: int = 0
    """Seed of the first episode; the others follow."""

    scripts: tuple[str, ...] = ()
    """Scripts to run; all of them if left out."""

    quick: bool = False
    """Ten episodes per script, whatever --seeds says."""

    rate: float = 50.0
    """Commands per second (Hz); 60 is the rate of the product's loop."""

    threads: int = 0
    """Threads for physics; 0: all cores. The results do not depend on it."""

    video: bool = True
    """Film one episode of the 48 s script and one of a push of 450 N."""

    def __post_init__(self) -> None:
        if self.seeds < 1 or self.first_seed < 0:
            raise ConfigError(f"seeds must be 1 or more, first-seed 0 or more; got {self.seeds} and {self.first_seed}")


def evaluate(config: Annotated[JudgeConfig, tyro.conf.arg(name="")]) -> None:
    """Measure the legs' policy against its bars."""
    import numpy as np

    from psizero.embodiment.g1 import G1
    from psizero.evaluate.locomotion_judge import judge
    from psizero.evaluate.locomotion_report import write_locomotion_report
    from psizero.evaluate.locomotion_scripts import SCRIPTS
    from psizero.evaluate.results import head, prepare_folder, write_json

    names = config.scripts or tuple(SCRIPTS)
    durations = {name: SCRIPTS[name]().seconds for name in names}
    walkers = _walkers(config)
    prepare_folder(config.out)
    seeds = config.first_seed + np.arange(QUICK if config.quick else config.seeds)
    verdicts = []
    with _progress() as progress:
        for name, (make_walker, rate) in walkers.items():
            bar = progress.add_task(name, total=sum(durations.values()), note="")

            def tell(script: str, share: float, falls: int, bar: Any = bar) -> None:
                before = sum(durations[other] for other in names[: names.index(script)])
                note = f"{script}: {falls} of {len(seeds)} fell"
                progress.update(bar, completed=before + share * durations[script], note=note)

            verdicts.append(
                judge(name, make_walker, G1, names, seeds, rate=rate, threads=config.threads, progress=tell)
            )
            progress.update(bar, note="")
    content = head(verdicts[0].name, _settings(config)) | {"locomotion": [verdict.to_json() for verdict in verdicts]}
    write_json(config.out, content)
    console = Console()
    films = _films(config.out, verdicts[0], console) if config.video else {}
    report = write_locomotion_report(config.out, content, verdicts, films)
    for entry in content["locomotion"]:
        console.print(_bar_table(entry))
    console.print(_script_table(verdicts))
    console.print(f"Report: {report}", soft_wrap=True)


def _films(folder: Path, verdict: "Verdict", console: Console) -> dict[str, bytes]:
    """Film the first episode of those scripts that have run; tell why where no picture can be drawn."""
    import numpy as np

    from psizero.data.atomic_file import write_file
    from psizero.embodiment.g1 import G1
    from psizero.errors import RenderError
    from psizero.evaluate.locomotion_film import film
    from psizero.evaluate.locomotion_scripts import SCRIPTS

    films = {}
    for name in FILMED:
        if name not in verdict.recordings:
            continue
        script, recording = SCRIPTS[name](), verdict.recordings[name]
        with console.status(f"filming: {script.title}"):
            try:
                video = film(script, recording, G1)
            except RenderError as error:
                console.print(f"No film: {error}", soft_wrap=True)
                return {}
        write_file(folder / f"{name}.mp4", video)
        ending = "" if np.isnan(recording.fell_at[0]) else f", fell after {recording.fell_at[0]:.1f} s"
        films[f"{script.title}, seed {int(recording.seeds[0])}{ending}"] = video
    return films


def _walkers(config: JudgeConfig) -> "dict[str, tuple[MakeWalker, float]]":
    """Return by name how each walker is made and at how many commands a second it is judged (Hz)."""
    from psizero.control.locomotion import SHIPPED, LocomotionPolicy
    from psizero.embodiment.g1 import G1
    from psizero.evaluate.foreign_policy import Description, ForeignPolicy

    path = config.policy or SHIPPED
    slowest, fastest = LocomotionPolicy.load(path, G1).card.rates
    if not slowest <= config.rate <= fastest:
        raise ConfigError(f"{path} answers {slowest:g} to {fastest:g} times a second, got --rate {config.rate:g}")
    walkers: dict[str, tuple[MakeWalker, float]] = {
        path.stem: (lambda count: LocomotionPolicy.load(path, G1, count), config.rate)
    }
    for rival in config.against:
        about = Description.read(rival, G1)
        if about.name in walkers:
            raise ConfigError(f'two policies are called {about.name!r}; give {rival} another "name"')
        ForeignPolicy(about, G1, 1)
        walkers[about.name] = (partial(ForeignPolicy, about, G1), about.rate)
    return walkers


def _bar_table(entry: dict[str, Any]) -> Table:
    passed = sum(bar["passed"] for bar in entry["bars"])
    table = Table(title=f"{entry['name']}: {passed} of {len(entry['bars'])} bars", title_justify="left")
    for heading in ("", "bar", "asked", "measured"):
        table.add_column(heading)
    for bar in entry["bars"]:
        table.add_row(
            "[green]✓[/]" if bar["passed"] else "[red]✗[/]", bar["name"], bar["bar"], bar["measured"].replace("[", "(")
        )
    return table


def _script_table(verdicts: "list[Verdict]") -> Table:
    table = Table(title="Episodes without a fall", title_justify="left")
    table.add_column("script")
    for verdict in verdicts:
        table.add_column(verdict.name, justify="right")
    for script, figures in verdicts[0].figures.items():
        shares = (f"{v.figures[script]['survived']} of {v.figures[script]['trials']}" for v in verdicts)
        table.add_row(figures["title"], *shares)
    return table


def _settings(config: JudgeConfig) -> dict[str, Any]:
    """Return the settings in plain types, without what cannot change a result."""
    return {
        "seeds": QUICK if config.quick else config.seeds,
        "first_seed": config.first_seed,
        "rate_hz": config.rate,
        "scripts": list(config.scripts) or "all",
        "against": [path.stem for path in config.against],
    }


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
