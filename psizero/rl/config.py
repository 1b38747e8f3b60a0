"""Settings of System-0's training; no torch and no MuJoCo here, so that `--help` comes at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvConfig:
    """Size and difficulty of the environment."""

    count: int = 512
    """Robots side by side."""
    substeps: int = 2
    """Physics steps per command: 2 is fast, 4 is closer to the robot."""
    rates: tuple[float, float] = (50.0, 60.0)
    """Lowest and highest number of commands per second (Hz)."""
    episode: float = 20.0
    """Longest life of a robot before it starts anew (s)."""
    push: float = 600.0
    """Hardest push on the torso at the highest level (N for 0.08 s)."""
    payload: float = 3.0
    """Heaviest thing in each hand (kg)."""
    rough: bool = False
    """Uneven ground, slopes and low steps instead of a plane."""
    walk: bool = True
    """Velocities too, or only stand, squat and lean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PPOConfig:
    """Numbers of the update."""

    horizon: int = 32
    """Steps of every robot between two updates."""
    epochs: int = 4
    """How often each step is learned from."""
    minibatches: int = 4
    """Parts that the steps of one update are learned in."""
    learning_rate: float = 1e-3
    """Step size at the start; it then follows the change of the policy."""
    highest_rate: float = 2e-3
    """Largest step size."""
    lowest_rate: float = 1e-4
    """Smallest step size."""
    change: float = 0.02
    """Change of the policy per update that is aimed at (KL divergence)."""
    clip: float = 0.2
    """How far the odds of an action may move while it still counts."""
    discount: float = 0.985
    """Worth of a reward one step later."""
    trace: float = 0.95
    """Lambda of generalized advantages: 1 trusts what happened, 0 the critic."""
    entropy: float = 0.0005
    """Reward for a spread of actions."""
    largest_gradient: float = 1.0
    """Longest gradient; a longer one is shortened."""
