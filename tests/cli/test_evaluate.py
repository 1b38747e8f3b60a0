import json

import pytest

from psizero.cli import policies
from psizero.cli.evaluate import EvaluateConfig, _held_out, _training_actions
from psizero.cli.main import main
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.synthetic import synthetic_episodes
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError, PolicyError
from tests.evaluate.still_policy import MakeStillPolicy


@pytest.fixture(autouse=True)
def _still_policy(monkeypatch):
    monkeypatch.setattr(policies, "policy_of", lambda folder: MakeStillPolicy())


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    root = tmp_path_factory.mktemp("open_loop") / "data"
    with LeRobotWriter(root, G1_DEX3) as writer:
        for episode in synthetic_episodes(3, length=40):
            writer.append(episode)
    return root


def test_evaluate_writes_results_and_a_report(tmp_path, capsys):
    out = tmp_path / "report"
    main(["evaluate", "--task", "pick_bottle", "--episodes", "1", "--videos", "0", "--out", str(out)])
    results = json.loads((out / "results.json").read_text())
    assert results["policy"] == "still"
    assert results["tasks"][0]["task"] == "pick_bottle"
    assert results["tasks"][0]["episodes"] == 1
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "results.json"]
    said = capsys.readouterr().out
    assert "0 of 1" in said
    assert "report.html" in said


def test_open_loop_compares_with_both_baselines(recorded, tmp_path, capsys):
    out = tmp_path / "report"
    main(["evaluate", "--open-loop", str(recorded), "--held-out", "2", "--out", str(out)])
    result = json.loads((out / "results.json").read_text())["open_loop"]
    assert result["held_out_episodes"] == [2]
    # A policy that asks for what is cannot be better or worse than the baseline that does the same.
    assert result["arms"]["policy"] == pytest.approx(result["arms"]["hold"])
    assert "mean trajectory" in (out / "report.html").read_text()
    assert "report.html" in capsys.readouterr().out


def test_an_episode_that_is_not_there_is_named(recorded, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", "--open-loop", str(recorded), "--held-out", "9", "--out", str(tmp_path)])
    assert "has no episode 9; it has episodes 0 to 2" in str(stopped.value.code)


def held_out(recorded, seen) -> tuple[int, ...]:
    config = EvaluateConfig(out=recorded.parent / "report", open_loop=recorded)
    return _held_out(config, LeRobotDataset(recorded), seen, "the policy")


def test_held_out_episodes_are_found_though_the_data_set_has_moved(recorded):
    assert held_out(recorded, {str(recorded.resolve()): [1]}) == (1,)
    assert held_out(recorded, {f"/elsewhere/{recorded.name}": [2]}) == (2,)


def test_of_a_data_set_that_was_never_learned_from_all_episodes_are_predicted(recorded, tmp_path):
    namesake = tmp_path / recorded.name
    namesake.mkdir()
    assert held_out(recorded, {"/elsewhere/other": [0]}) == (0, 1, 2)
    assert held_out(recorded, {str(namesake): [0]}) == (0, 1, 2)


def test_a_policy_that_learned_from_every_episode_cannot_be_measured_on_them(recorded):
    with pytest.raises(DataError, match="learned from all episodes"):
        held_out(recorded, {str(recorded.resolve()): []})


def test_the_mean_trajectory_is_that_of_the_episodes_learned_from(recorded):
    dataset = LeRobotDataset(recorded)
    actions = [dataset.read(index, cameras=()).action for index in range(3)]
    learned = list(_training_actions(dataset, (1,), {str(recorded.resolve()): [1]}))
    assert len(learned) == 2
    assert (learned[1] == actions[2]).all()
    # A policy that was trained elsewhere, on data that is gone.
    assert len(list(_training_actions(dataset, (0, 1, 2), {"/elsewhere/other": [0]}))) == 3


@pytest.mark.parametrize("what", [{}, {"task": ("pick_bottle",), "open_loop": "data"}])
def test_it_must_be_clear_what_is_evaluated(what, tmp_path):
    with pytest.raises(ConfigError, match="not both"):
        EvaluateConfig(out=tmp_path, **what)


def test_a_package_without_a_policy_tells_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setattr("psizero.__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(PolicyError, match=r"ships no policy .*psizero finetune.* --policy FOLDER"):
        policies.shipped_policy()
