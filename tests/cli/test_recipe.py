import pytest

from psizero.cli import recipe as verbs
from psizero.cli.main import main
from psizero.data.lerobot import LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import G1_DEX3
from psizero.recipes.recipe import Recipe
from psizero.train.config import FinetuneConfig, ObjectiveConfig


@pytest.fixture
def recipe(tmp_path):
    with LeRobotWriter(tmp_path / "data", G1_DEX3) as writer:
        writer.append(synthetic_episode(0, length=8))
    few = {"data": (tmp_path / "data",), "steps": 2, "batch_size": 2, "holdout": 0.0, "precision": "float32"}
    few["objective"] = ObjectiveConfig(draws=1)
    first = FinetuneConfig(out=tmp_path / "first", **few)
    second = FinetuneConfig(out=tmp_path / "second", begin_with=first.out, **few)
    return Recipe(out=tmp_path, steps=(("first", first), ("second", second)))


def test_what_was_stopped_goes_on_and_what_is_done_is_not_repeated(recipe, capsys, monkeypatch):
    def stopped(step):
        do(step)
        if step.out.name == "second":
            raise KeyboardInterrupt  # trained, but not yet written down as done

    do = verbs._do
    with monkeypatch.context() as patched:
        patched.setattr(verbs, "_do", stopped)
        with pytest.raises(KeyboardInterrupt):
            verbs.follow(recipe)
    verbs.follow(recipe)
    told = capsys.readouterr().err
    assert "first: done before" in told and "second: done before" not in told
    assert "nothing to do" in told, "the second step went on where it was, and had arrived"
    verbs.follow(recipe)
    assert "second: done before" in capsys.readouterr().err


def test_a_recipe_that_cannot_be_followed_says_in_one_line_what_is_missing():
    with pytest.raises(SystemExit) as ended:
        main(["recipe", "paper"])
    assert "cannot be followed here: stage 1 is 235 million observations" in str(ended.value)
    assert "\n" not in str(ended.value)


def test_the_list_names_steps_and_what_is_missing(capsys):
    main(["recipe", "list"])
    told = capsys.readouterr().out
    assert "steps: people: pick_bottle, people: hug_box, robot: pick_bottle, robot: hug_box, pretrain" in told
    assert told.count("missing: ") == 1
