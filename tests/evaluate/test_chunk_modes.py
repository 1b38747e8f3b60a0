"""What `benchmarks/chunk_modes.py` makes of episodes, without running any but the shortest."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import chunk_modes
from benchmarks.chunk_modes import Condition, entries_of, run_condition, write_results
from psizero.errors import DataError
from psizero.evaluate.rollout import EpisodeRequest
from tests.evaluate.still_policy import MakeStillPolicy


@dataclass(frozen=True)
class StillFolder(MakeStillPolicy):
    """A still policy that says it has a folder."""

    folder: Path = Path()


def row(seed: int, success: bool, jerk: float = 300.0) -> dict:
    return {
        "seed": seed,
        "success": success,
        "seconds": 5.0 + seed,
        "boundary_step": 0.03,
        "inner_step": 0.01,
        "jerk": jerk,
        "holding": 0.0,
    }


def test_scenes_are_paired_with_those_without_delay(tmp_path):
    found = {
        Condition(task="t", mode="prefix", delay=0): [row(0, True), row(1, True), row(2, False)],
        Condition(task="t", mode="prefix", delay=6): [row(0, True), row(1, False), row(2, True)],
    }
    late = entries_of(found)[1]
    assert (late["successes"], late["won_by_delay"], late["lost_by_delay"]) == (2, 1, 1)
    assert late["seconds"] == 6.0 and late["jump"] == pytest.approx(3.0)
    write_results(tmp_path, entries_of(found), "still")
    lines = ElementTree.parse(tmp_path / "t.svg").getroot().findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == len(chunk_modes.MEASURES)


def test_a_second_run_goes_on_where_the_first_stopped_and_another_policy_is_refused(tmp_path, monkeypatch):
    policy = StillFolder(folder=tmp_path / "policy")
    policy.folder.mkdir()
    condition = Condition(task="pick_bottle", mode="sync", delay=2)
    ran: list[int] = []

    def request(self: Condition, seed: int) -> EpisodeRequest:
        ran.append(seed)
        return EpisodeRequest(task=self.task, seed=seed, delay_ticks=self.delay, mode=self.mode, time_limit=0.3)

    monkeypatch.setattr(Condition, "request", request)
    first = run_condition(tmp_path, condition, policy, episodes=1, workers=1)  # pyright: ignore[reportArgumentType]
    both = run_condition(tmp_path, condition, policy, episodes=2, workers=1)  # pyright: ignore[reportArgumentType]
    assert ran == [0, 1] and both[0] == first[0] and both[1]["seed"] == 1
    (policy.folder / "weights").write_text("others")
    with pytest.raises(DataError, match="choose another folder"):
        run_condition(tmp_path, condition, policy, episodes=2, workers=1)  # pyright: ignore[reportArgumentType]
