"""The whole circle once: operator, data set, training, policy folder, 30 Hz loop, report."""

import json

import pytest

from psizero.cli.demo import _free
from psizero.cli.main import main
from psizero.cli.policies import policy_of
from psizero.data.lerobot import LeRobotDataset
from psizero.embodiment.layout import G1_DEX3


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder of a demo as short as possible."""
    folder = tmp_path_factory.mktemp("journey") / "demo"
    main(["demo", "--quick", "--out", str(folder)])
    return folder


def test_the_operator_s_demonstrations_are_a_data_set_of_successes(demo):
    dataset = LeRobotDataset(demo / "data")
    assert dataset.layout == G1_DEX3
    assert [episode.info["success"] for episode in dataset.episodes] == [True, True]
    episode = dataset.read(0)
    assert len(episode.images["head"]) == len(episode.action) == len(episode.state)


def test_training_on_them_makes_a_policy_for_this_robot(demo):
    ready = policy_of(demo / "policy")()
    assert ready.layout == G1_DEX3


@pytest.mark.parametrize(("report", "tasks"), [("learned", ["pick_bottle", "hug_box"]), ("report", ["pick_bottle"])])
def test_both_policies_are_measured_and_filmed(demo, report, tasks):
    results = json.loads((demo / report / "results.json").read_text())
    assert [entry["task"] for entry in results["tasks"]] == tasks
    assert all(len(entry["per_episode"]) == 1 for entry in results["tasks"])
    page = (demo / report / "report.html").read_text()
    assert page.count("data:video/mp4") == len(tasks)


def test_a_second_demo_leaves_the_first_alone(tmp_path):
    assert _free(tmp_path / "demo") == tmp_path / "demo"
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo-2").mkdir()
    assert _free(tmp_path / "demo") == tmp_path / "demo-3"
