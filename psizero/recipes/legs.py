"""System-0 from nothing: first the gait on level ground, then strength and exactness everywhere.

The second part is long and careful: more robots, smaller changes of the policy, no reward for
a spread of actions. By the speeds in docs/locomotion.md both take about five hours on two
cores; a run that was stopped goes on where it was.
"""

from pathlib import Path

from psizero.errors import ConfigError
from psizero.recipes.recipe import Recipe
from psizero.rl.config import PPOConfig
from psizero.train.config import LocomotionConfig


def legs(
    out: Path = Path("runs/legs"), walk_steps: int = 50_000_000, rough_steps: int = 100_000_000, seed: int = 0
) -> Recipe:
    """Teach the legs to stand, squat, lean, walk and turn under arms that do anything; from nothing.

    Args:
        out: Folder for both parts; the policy is in its folder `rough`.
        walk_steps: Steps of all robots together on level ground.
        rough_steps: Steps of all robots together on any ground.
        seed: Seed of everything.
    """
    if min(walk_steps, rough_steps) < 1:
        raise ConfigError(f"walk_steps and rough_steps must be 1 or more; got {walk_steps} and {rough_steps}")
    walk = LocomotionConfig(out=out / "walk", steps=walk_steps, seed=seed)
    rough = LocomotionConfig(
        out=out / "rough",
        stage="rough",
        begin_with=walk.out,
        steps=rough_steps,
        robots=1024,
        ppo=PPOConfig(horizon=48, entropy=0.0, change=0.012, lowest_rate=3e-5),
        seed=seed,
    )
    return Recipe(out=out, steps=(("walk", walk), ("rough", rough)))
