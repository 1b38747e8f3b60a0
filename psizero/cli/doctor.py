"""`psizero doctor`: what works on this computer, and what to install where something does not.

Drawing and encoding are really tried, each in a process of its own: a broken
graphics driver may end the process that loads it.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from psizero.errors import ConfigError

ENOUGH_DISK = 2e9
"""Free bytes under which a few hundred episodes and a policy may not fit."""

_DRAW = "from psizero.cli.doctor import draw_test_picture; draw_test_picture()"
_ENCODE = """
import numpy as np
from psizero.data.video import encode_video
print(f"h264, {len(encode_video(np.zeros((2, 64, 64, 3), np.uint8), 30))} bytes for two black frames")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The state of one thing that PsiZero uses."""

    thing: str
    state: str
    """What was found, in a few words."""
    works: bool
    essential: bool = True
    """Without it no verb works; otherwise only some do."""
    advice: str = ""
    """What to type where it does not work."""


def doctor() -> None:
    """Tell what works on this computer and what to install; exit status 1 if something essential lacks."""
    findings = list(examine())
    table = Table(title="This computer", title_justify="left")
    for heading in ("", "thing", "state", "what to do"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        mark = "[green]✓" if finding.works else "[red]✗" if finding.essential else "[yellow]–"
        table.add_row(mark, finding.thing, escape(finding.state), "" if finding.works else escape(finding.advice))
    Console().print(table)
    lacking = [finding.thing for finding in findings if finding.essential and not finding.works]
    if lacking:
        raise ConfigError(f"this computer lacks {', '.join(lacking)}; the table tells what to do")


def draw_test_picture() -> None:
    """Draw a red ball off screen and look whether it is red; `RenderError` tells what to install."""
    import mujoco

    from psizero.errors import RenderError
    from psizero.sim.rendering import Painter

    model = mujoco.MjModel.from_xml_string("""
        <mujoco><worldbody>
          <light pos="0 0 3"/> <geom size="0.5" rgba="1 0 0 1"/>
          <camera name="front" pos="0 -2 0" xyaxes="1 0 0 0 0 1"/>
        </worldbody></mujoco>""")
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    painter = Painter(model)
    red, green, blue = painter.picture(data, "front", 32, 32)[16, 16].astype(int)
    painter.close()
    if red <= green + blue:
        raise RenderError(f"a red ball came out as ({red}, {green}, {blue}); try MUJOCO_GL=osmesa")
    print("a test picture came out right")


def examine() -> Iterator[Finding]:
    """Look at everything that PsiZero uses, quick things first."""
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Finding(
        thing="Python",
        state=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        works=fits,
        advice="use Python 3.11, 3.12 or 3.13",
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding(
        thing="processor cores", state=str(cores), works=cores >= 2, essential=False, advice="expect it to be slow"
    )
    yield _graphics_processor()
    free = shutil.disk_usage(Path.cwd()).free
    yield Finding(
        thing="free disk",
        state=f"{free / 1e9:.0f} GB",
        works=free > ENOUGH_DISK,
        advice="free some space, 2 GB at least",
    )
    for library in ("mujoco", "mink", "pyarrow", "av"):
        yield _library(library, essential=True, advice="pip install psizero")
    for library in ("torch", "safetensors"):
        yield _library(library, essential=False, advice='pip install "psizero[train]" to train or to run a policy')
    yield _library("viser", essential=False, advice='pip install "psizero[viewer]" to watch `psizero run` in a browser')
    packages = "on Debian, as root: apt-get install libegl1 libgl1 libgl1-mesa-dri"
    yield _tried("off-screen pictures", _DRAW, advice=packages)
    yield _tried("video encoder", _ENCODE, advice="pip install --force-reinstall av")


def _library(name: str, *, essential: bool, advice: str) -> Finding:
    try:
        return Finding(thing=name, state=version(name), works=True, essential=essential)
    except PackageNotFoundError:
        return Finding(thing=name, state="not installed", works=False, essential=essential, advice=advice)


def _graphics_processor() -> Finding:
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        answer = ""
    state = "; ".join(answer.splitlines()) or "none"
    return Finding(
        thing="NVIDIA GPU", state=state, works=bool(answer), essential=False, advice="nothing: the tiny size needs none"
    )


def _tried(thing: str, code: str, *, advice: str) -> Finding:
    try:
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return Finding(thing=thing, state="no answer within two minutes", works=False, advice=advice)
    lines = (result.stdout if result.returncode == 0 else result.stderr).strip().splitlines()
    state = lines[-1] if lines else f"ended with status {result.returncode}"
    return Finding(thing=thing, state=state, works=result.returncode == 0, advice=advice)
