"""How a person steers with two thumb-sticks: pushes towards where the robot should be, late and not quite evenly.

Sticks are velocities, so a person watches what way is left and lets go a little before it is
done. Small misses are left alone: nobody makes a robot step for two centimetres.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class SteeringConfig:
    """How fast, how soon and how exactly a person steers; each triple is forward, left, turn."""

    fastest: tuple[float, float, float] = (0.42, 0.18, 0.55)
    """As far as the sticks are pushed (m/s, m/s, rad/s)."""
    slowest: tuple[float, float, float] = (0.12, 0.10, 0.18)
    """The least push that moves the robot (m/s, m/s, rad/s)."""
    ease: tuple[float, float, float] = (0.9, 0.9, 1.1)
    """Speed per way left: where the push gets less (1/s)."""
    begin: tuple[float, float, float] = (0.07, 0.08, 0.14)
    """A miss that is worth a push (m, m, rad)."""
    end: tuple[float, float, float] = (0.03, 0.04, 0.05)
    """A miss at which the stick is let go (m, m, rad)."""
    delay: float = 0.15
    """From seeing to pushing (s)."""
    average: float = 0.25
    """Over which time a person averages what sways with every step (s)."""
    lag: float = 0.2
    """Time a thumb takes for most of its way (s)."""
    turn_first: float = 0.6
    """A turn left over which a person does nothing but turn (rad)."""


class Thumbsticks:
    """Steers by the way that is left; says when there is none."""

    def __init__(self, rng: np.random.Generator, config: SteeringConfig | None = None) -> None:
        """Draw a person's temper: some push harder than others."""
        self._config = config or SteeringConfig()
        self._rng = rng
        self._fastest = np.array(self._config.fastest) * np.exp(rng.normal(scale=0.08, size=3))
        self._unevenness = np.zeros(3)
        self._pushing = np.zeros(3, bool)
        self._seen: deque[tuple[float, np.ndarray]] = deque()
        self._way: np.ndarray | None = None
        self._still_since: float | None = None
        self.velocity = np.zeros(3)
        """(3,) vx, vy in m/s and yaw rate in rad/s."""

    def set_out(self) -> None:
        """Begin another way: what was seen before counts no more."""
        self._seen.clear()
        self._way = None
        self._pushing[:] = False
        self._still_since = None

    def arrived(self, now: float, stay: float) -> bool:
        """Whether at `now` (s) nothing has been left to do for `stay` (s)."""
        return self._still_since is not None and now - self._still_since >= stay

    def steer(self, way: np.ndarray | None, now: float, dt: float) -> None:
        """Push for the way left (3,): m forward, m left, rad to turn, as seen from the robot; `None`: let go."""
        config = self._config
        wish = np.zeros(3)
        if way is not None:
            self._seen.append((now, way))
            while len(self._seen) > 1 and self._seen[1][0] <= now - config.delay:
                self._seen.popleft()
            late = self._seen[0][1]
            share = 1 - np.exp(-dt / config.average)
            before = late if self._way is None else self._way
            self._way = smooth = before + share * (late - before)
            wish = self._push(smooth)
            if self._pushing.any():
                self._still_since = None
            elif self._still_since is None:
                self._still_since = now
        keep = np.exp(-dt / 0.5)
        self._unevenness = keep * self._unevenness + np.sqrt(1 - keep**2) * 0.05 * self._rng.normal(size=3)
        self.velocity = self.velocity + (1 - np.exp(-dt / config.lag)) * (wish * (1 + self._unevenness) - self.velocity)
        # Springs bring a stick that nobody holds to the middle.
        self.velocity[(wish == 0) & (np.abs(self.velocity) < 0.02)] = 0.0

    def _push(self, way: np.ndarray) -> np.ndarray:
        config, size = self._config, np.abs(way)
        self._pushing = np.where(self._pushing, size > config.end, size > config.begin)
        speed = np.clip(size * config.ease, config.slowest, self._fastest)
        speed[:2] *= np.clip(2.0 - 2.0 * size[2] / config.turn_first, 0.0, 1.0)
        return np.where(self._pushing, np.sign(way) * speed, 0.0)
