"""Runs in an environment with vla-eval: its own harness, a toy benchmark of ours, our server on the other side.

python vla_eval_peer.py URL sync|live; the last line it prints is a msgpack map in hex.
"""

import logging
import sys

import msgpack
import numpy as np
from vla_eval import api
from vla_eval.benchmarks.base import StepBenchmark, StepResult, repeat_last_hold
from vla_eval.specs import IMAGE_RGB, LANGUAGE, DimSpec

mismatches: list[str] = []


class Reach(StepBenchmark):
    """Two joints that are where they were told to be; done when the first has turned by 0.3 rad."""

    def __init__(self, send_state: bool = False) -> None:
        super().__init__()
        assert send_state, "the server asks for the state"

    def get_tasks(self):
        return [{"name": "wave"}, {"name": "greet"}]

    def reset(self, task):
        self.joints = np.zeros(2)
        self.largest = 0.0
        return self.joints

    def step(self, action):
        given = np.asarray(action["actions"])
        assert given.shape == (3,)
        self.largest = max(self.largest, float(np.abs(given[:2] - self.joints).max()))
        self.joints = given[:2].astype(float)
        return StepResult(obs=self.joints, reward=0.0, done=bool(self.joints[0] > 0.3), info={})

    def make_obs(self, raw_obs, task):
        picture = np.zeros((48, 64, 3), np.uint8)
        return {"images": {"agentview": picture}, "state": raw_obs, "task_description": task["name"]}

    def get_step_result(self, step_result):
        return {"success": bool(step_result.done and self.largest < 0.05)}

    def get_hold_action(self, last_action):
        return repeat_last_hold(last_action, 3)

    def get_metadata(self):
        return {"max_steps": 200}

    def get_action_spec(self):
        return {"left_arm": DimSpec("left_arm", 2, "rad"), "base_velocity": DimSpec("base_velocity", 1, "m/s")}

    def get_observation_spec(self):
        return {"image": IMAGE_RGB, "state": DimSpec("state", 2, "toy_state"), "language": LANGUAGE}


class Mismatches(logging.Handler):
    """Remembers what the harness says about specifications that differ."""

    def emit(self, record):
        if "Spec" in record.getMessage() and record.levelno >= logging.WARNING:
            mismatches.append(record.getMessage())


if __name__ == "__main__":
    url, mode = sys.argv[1:]
    logging.basicConfig(level=logging.INFO)
    logging.getLogger().addHandler(Mismatches())
    sys.modules["reach"] = sys.modules["__main__"]
    entry = {"benchmark": "reach:Reach", "mode": mode, "hz": 30.0, "episodes_per_task": 2}
    (result,) = api.run({"benchmarks": [entry]}, server_url=url, no_save=True, docker=False)
    episodes = [episode for task in result["tasks"] for episode in task["episodes"]]
    told = {
        "successes": float(np.mean([episode["metrics"]["success"] for episode in episodes])),
        "server": result["server_info"]["model_server"],
        "mismatches": mismatches,
        "stale": max(episode.get("rt_metrics", {}).get("stale_action_ratio", 0.0) for episode in episodes),
    }
    print(msgpack.packb(told).hex())
