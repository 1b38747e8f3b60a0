"""`psizero verify`: a proof on this computer that the mathematics gives the recorded numbers."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from psizero.errors import ConfigError, PolicyError


def verify(golden: str | None = None, guidance: Path | None = None) -> None:
    """Compare with numbers recorded from the reference. Exit status 1 if one differs.

    Args:
        golden: Start of the three files of a recorded action expert: PREFIX.action_header.safetensors,
            PREFIX.io.safetensors and PREFIX.json.
        guidance: NPZ file with recorded chunk guidance.
    """
    if golden is None and guidance is None:
        raise ConfigError("nothing to compare with; give --golden PREFIX, --guidance FILE.npz or both")

    from psizero.model.golden import EXPERT_TOLERANCE, GUIDANCE_TOLERANCE, expert_errors, guidance_errors

    wrong: list[str] = []
    if golden is not None:
        wrong += _tell(f"Action expert {golden}", expert_errors(golden), EXPERT_TOLERANCE)
    if guidance is not None:
        wrong += _tell(f"Chunk guidance {guidance}", guidance_errors(guidance), GUIDANCE_TOLERANCE)
    if wrong:
        raise PolicyError(
            f"{len(wrong)} recorded output(s) differ: {', '.join(wrong)}; "
            "is the recording whole, and is this an unchanged psizero?"
        )


def _tell(title: str, errors: Mapping[str, float], tolerance: float) -> list[str]:
    """Print one row per output and return the names of those beyond the tolerance."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("recorded output", no_wrap=True)
    table.add_column("largest relative error", justify="right", no_wrap=True)
    wrong = [name for name, error in errors.items() if not error <= tolerance]  # also what is no number
    for name, error in errors.items():
        table.add_row("[red]✗" if name in wrong else "[green]✓", name, f"{error:.1e}")
    table.caption = f"at most {tolerance:.0e} is asked for"
    Console().print(table)
    return wrong
