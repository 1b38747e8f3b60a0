"""Run a policy: one seeded episode on a simulated clock, with every answer four ticks late, filmed.

Run: python examples/03_run_a_policy.py [POLICY_FOLDER [VIDEO.mp4]]
"""

import sys
from pathlib import Path

from psizero.cli.policies import policy_of
from psizero.evaluate.rollout import EpisodeRequest, run_episode


def main() -> None:
    """Load the policy in a folder (or the packaged one), run it and tell how it went."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    video = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("episode.mp4")

    ready = policy_of(folder)()
    result = run_episode(ready, EpisodeRequest(task="pick_bottle", seed=7, delay_ticks=4, film=True))

    print(f'"{result.instruction}": {result.outcome} after {result.seconds:.1f} s')
    for name, done in result.subtasks.items():
        print(f"    {name:20} {'yes' if done else 'no'}")
    print(f"{len(result.trace.delay_ticks)} chunks; the robot had to wait in {result.trace.holding_ticks} ticks")
    video.write_bytes(result.video or b"")
    print(f"video: {video}")


if __name__ == "__main__":
    main()
