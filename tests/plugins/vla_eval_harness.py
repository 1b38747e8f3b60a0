"""Runs in an environment with vla-eval and a plugin of ours: the harness, the plugin's benchmark, our server.

python vla_eval_harness.py URL ENTRY, an entry of vla-eval's `benchmarks` in JSON; the last line it prints is JSON.
"""

import json
import logging
import sys

mismatches: list[str] = []


class Mismatches(logging.Handler):
    """Remembers what the harness says about specifications that differ."""

    def emit(self, record):
        if "Spec" in record.getMessage() and record.levelno >= logging.WARNING:
            mismatches.append(record.getMessage())


if __name__ == "__main__":
    from vla_eval import api

    url, entry = sys.argv[1:]
    logging.basicConfig(level=logging.INFO)
    logging.getLogger().addHandler(Mismatches())
    (result,) = api.run({"benchmarks": [json.loads(entry)]}, server_url=url, no_save=True, docker=False)
    (episode,) = [episode for task in result["tasks"] for episode in task["episodes"]]
    print(json.dumps({"episode": episode, "mismatches": mismatches}, default=str))
