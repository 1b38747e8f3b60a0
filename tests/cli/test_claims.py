"""The whole plan of the claims at toy size: stopped, gone on with, and told on a page."""

import contextlib
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

pytest.importorskip("tokenizers", reason="needs the extra qwen: pip install psizero[qwen]")
pytest.importorskip("h5py", reason="needs the extra human: pip install psizero[human]")

from psizero.cli import claims as verb
from psizero.cli.main import main
from psizero.cli.recipe import DONE, follow
from psizero.data.egodex import write_episode
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.recipes.claims import OTHER_TASK, TASK, Sizes, claims
from psizero.recipes.recipe import Evaluation
from psizero.sim.human_hands import intrinsic
from psizero.train.config import StageConfig
from tests.data.test_egodex import COUNT, recording

TOY = Sizes(steps=10, trainings=1, episodes=1, clips=1, demonstrations=1)


def small(step):
    """The same step in milliseconds."""
    if isinstance(step, StageConfig):
        return replace(step, steps=1, batch_size=2, precision="float32")
    return replace(step, time_limit=0.1) if isinstance(step, Evaluation) else step


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A toy plan that was stopped in the middle and gone on with, data as if recorded before; what it said."""
    out = tmp_path_factory.mktemp("claims")
    frames = np.random.default_rng(0).integers(0, 255, (COUNT, 120, 160, 3), np.uint8)
    for task in (TASK, OTHER_TASK):
        for people in ("people", "people_tenth"):
            write_episode(
                out / "data" / people / task / "0.hdf5", recording(frames=frames, intrinsic=intrinsic((120, 160)))
            )
        with LeRobotWriter(out / "data" / task, G1_DEX3) as writer:
            writer.append(replace(synthetic_episode(0, length=12), info={"task": task, "seed": 0}))
    plan = claims(out, (), TOY)
    steps = tuple((name, small(step)) for name, step in plan.recipe.steps)
    plan = replace(plan, recipe=replace(plan.recipe, steps=steps))
    left = 12

    def stop():
        nonlocal left
        left -= 1
        if not left:
            verb._write(plan, TOY, "psizero recipe claims")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(plan.recipe, done=stop)
    stopped = json.loads((out / verb.NUMBERS).read_text())
    trained = {path: path.stat().st_mtime_ns for path in out.rglob("model.safetensors")}
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        follow(plan.recipe)
    verb._write(plan, TOY, "psizero recipe claims")
    return plan, stopped, trained, said.getvalue()


def test_a_plan_that_was_stopped_does_nothing_twice(followed):
    plan, _, trained, said = followed
    assert len(trained) >= 3 and all(path.stat().st_mtime_ns == then for path, then in trained.items())
    names = [name for name, _ in plan.recipe.steps]
    assert [name for name in names if f"{name}: done before" in said] == names[:12]
    assert list(json.loads((plan.recipe.out / DONE).read_text())) == names


def test_the_whole_plan_ends_in_a_page_with_every_arm(followed):
    plan, stopped, _, _ = followed
    page = (plan.recipe.out / "page" / "claims.md").read_text()
    for claim in plan.claims:
        assert f"## ({claim.letter}) {claim.question}" in page
    assert "not run yet" not in page and "missing" not in page
    assert (plan.recipe.out / "page" / "images" / "claims.png").read_bytes().startswith(b"\x89PNG")
    tried = [arm["trainings"] for claim in stopped["claims"] for arm in claim["arms"]]
    assert [None] in tried and any(found != [None] for found in tried), "half-way, some arms were told as not run"


def test_a_page_of_nothing_says_that_nothing_was_run(tmp_path, capsys):
    main(["recipe", "claims", "--out", str(tmp_path), "--claims", "b", "--report"])
    page = (tmp_path / "page" / "claims.md").read_text()
    assert page.count("not run yet") == 2 and "**Unfinished: 0 of the 6 trainings" in page
    assert "psizero recipe claims --out" in page and "--claims b" in page


def test_a_folder_keeps_its_sizes(tmp_path):
    main(["recipe", "claims", "--out", str(tmp_path), "--report"])
    with pytest.raises(SystemExit) as ended:
        main(["recipe", "claims", "--out", str(tmp_path), "--report", "--episodes", "7"])
    assert "was begun with" in str(ended.value) and "another folder with --out" in str(ended.value)


def test_the_cost_is_told_before_anything_starts(tmp_path):
    plan = claims(tmp_path, ("b",), Sizes())
    said = io.StringIO()
    verb._tell(plan, Sizes(), Console(file=said, width=200))
    assert said.getvalue().startswith(
        "1 claims: 6 trainings of 15,000 steps in all, 6 evaluations of 100 episodes; about"
    )
