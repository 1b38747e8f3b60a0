"""What `benchmarks/chunk_modes.py` makes of episodes, without running any but the shortest."""

from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import chunk_modes
from benchmarks.chunk_modes import Condition, conditions, entries_of, run_missing, write_results
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
    assert late["rate_interval"][0] < 100 * 2 / 3 < late["rate_interval"][1]
    assert late["jerk_interval"] is None, "three episodes are too few"


def test_even_delays_are_a_line_and_uneven_ones_are_circles(tmp_path):
    late = [Condition.of("t", "prefix", late) for late in ("0", "6", "2+2")]
    assert [(condition.delay, condition.jitter) for condition in late] == [(0, 0.0), (6, 0.0), (2, 2.0)]
    assert [condition.late for condition in late] == ["0", "6", "2+2"]
    found = {condition: [row(seed, True, jerk=300.0 + seed) for seed in range(6)] for condition in late}
    entries = entries_of(found)
    assert entries[2]["jerk_interval"] == (300.0, 305.0)
    write_results(tmp_path, entries, "still")
    drawn = ElementTree.parse(tmp_path / "chunk_modes_t.svg").getroot()
    lines, circles = (drawn.findall(f"{{http://www.w3.org/2000/svg}}{kind}") for kind in ("polyline", "circle"))
    assert len(lines) == len(circles) == len(chunk_modes.MEASURES)
    assert {len(line.attrib["points"].split()) for line in lines} == {2}


def test_modes_that_cost_more_have_fewer_delays_unless_they_are_named():
    planned = conditions(["t"], ["prefix", "guidance"], None)
    by_mode = {mode: [c.late for c in planned if c.mode == mode] for mode in ("prefix", "guidance")}
    assert by_mode == {"prefix": list(chunk_modes.DELAYS), "guidance": list(chunk_modes.FEW_DELAYS)}
    assert set(chunk_modes.FEW_DELAYS) < set(chunk_modes.DELAYS)
    assert len(conditions(["t"], ["prefix", "guidance"], ["7"])) == 2


def test_a_second_run_goes_on_where_the_first_stopped_and_another_policy_is_refused(tmp_path, monkeypatch):
    policy = StillFolder(folder=tmp_path / "policy")
    policy.folder.mkdir()
    wanted = conditions(["pick_bottle"], ["sync"], ["2", "2+2"])
    ran: list[tuple[str, int]] = []
    plain = Condition.request

    def request(self: Condition, seed: int) -> EpisodeRequest:
        ran.append((self.late, seed))
        return replace(plain(self, seed), time_limit=0.3)

    monkeypatch.setattr(Condition, "request", request)
    first = run_missing(tmp_path, wanted, policy, episodes=1, workers=1)  # pyright: ignore[reportArgumentType]
    both = run_missing(tmp_path, wanted, policy, episodes=2, workers=1)  # pyright: ignore[reportArgumentType]
    assert ran == [("2", 0), ("2+2", 0), ("2", 1), ("2+2", 1)]
    assert all(both[condition][0] == first[condition][0] and both[condition][1]["seed"] == 1 for condition in wanted)
    (policy.folder / "weights").write_text("others")
    with pytest.raises(DataError, match="choose another folder"):
        run_missing(tmp_path, wanted, policy, episodes=2, workers=1)  # pyright: ignore[reportArgumentType]
