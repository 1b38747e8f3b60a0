"""Runs in an environment with vla-eval, psizero and the plugin: the harness, our tasks, our server.

python vla_eval_psizero_peer.py URL sync|live; the last line it prints is JSON.
"""

import json
import logging
import sys

from vla_eval import api

mismatches: list[str] = []


class Mismatches(logging.Handler):
    """Remembers what the harness says about specifications that differ."""

    def emit(self, record):
        if "Spec" in record.getMessage() and record.levelno >= logging.WARNING:
            mismatches.append(record.getMessage())


if __name__ == "__main__":
    url, mode = sys.argv[1:]
    logging.basicConfig(level=logging.INFO)
    logging.getLogger().addHandler(Mismatches())
    params = {"tasks": ["pick_bottle"], "first_seed": 1}
    entry = {"benchmark": "vla_eval_psizero:PsizeroTasks", "mode": mode, "hz": 30.0, "params": params}
    (result,) = api.run({"benchmarks": [entry]}, server_url=url, no_save=True, docker=False)
    (episode,) = [episode for task in result["tasks"] for episode in task["episodes"]]
    print(json.dumps({"episode": episode, "mismatches": mismatches}, default=str))
