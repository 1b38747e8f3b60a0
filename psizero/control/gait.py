"""The reference gait: where both soles should be, by the command and a clock; for many robots at once.

A trained policy adds to it. So the policy starts from a robot that already squats, leans and
lifts its feet, and learns in tens of millions of steps, not in billions, to do it without falling.

Standing, the feet stay under the centre of mass. Stepping starts when a velocity is commanded
or when the robot falls further than feet on the spot can catch, first with the foot on the
side it is moved to. A swinging foot is put down ahead of where the robot drifts (Raibert 1986).
"""

from dataclasses import dataclass

import numpy as np

LEFT_THEN_RIGHT = np.array([0.0, 0.5])[:, None]
"""By how much of a cycle each leg's phase runs ahead, (2, 1)."""
FADE_IN, FADE_IN_THROWN = 5.0, 50.0
"""How fast steps grow to full size (1/s), and how fast when the robot is thrown: its first step must be a whole one."""
NARROWEST = 0.06
"""Least way from the middle to a sole before a step aside (m): feet never cross."""
_ARRAYS = ("phase", "stepping", "amplitude", "_steps", "_placement", "_capture", "_drift")


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitConfig:
    """Numbers of the reference gait."""

    period: float = 0.7
    """Left step and right step together (s)."""
    lift: float = 0.05
    """Height of the sole in mid-swing (m)."""
    half_width: float = 0.11
    """Sole to the middle when standing (m)."""
    sway: float = 0.02
    """How far the pelvis moves over the standing foot (m)."""
    placement: float = 0.08
    """How far ahead a foot is put down per speed in excess of the command (m per m/s)."""
    farthest: float = 0.25
    """Largest such placement (m)."""
    hurry: float = 0.85
    """By how much faster the clock runs when the robot is thrown: a step that comes late comes too late."""
    thrown: tuple[float, float] = (0.5, 1.0)
    """Excess of speed at which a robot begins to count as thrown, and from which it is so wholly (m/s)."""
    reach: tuple[float, float] = (0.1, 0.19)
    """How far from the middle of the feet, ahead and aside, the capture point may be before a robot steps (m).

    Soles end at 8.5 cm ahead. What leaves them for a moment because an arm swings comes back by itself;
    who steps for it is elsewhere afterwards, and who waits longer than this tips over."""
    stagger: float = 0.09
    """How far off (m) the feet may be from where they stand when stepping ends: who leans and turns puts them wider."""
    stop_speed: float = 0.25
    """Speed below which stepping ends when no velocity is commanded (m/s)."""
    dead_band: float = 0.06
    """Commanded speeds (m/s, rad/s) below which a robot stands."""


class Gait:
    """Clock and foot places of N robots."""

    def __init__(self, config: GaitConfig, count: int) -> None:
        self.config = config
        self.phase = np.zeros(count)
        """0..1; the left foot swings in the first half, the right one in the second."""
        self.stepping = np.zeros(count, bool)
        self.amplitude = np.zeros(count)
        """0 standing ... 1 stepping."""
        self._steps = np.zeros(count)
        self._placement = np.zeros((2, 2, count))
        self._capture = np.zeros((2, count))
        self._drift = np.zeros((2, count))

    def reset(self, ids: np.ndarray) -> None:
        """Let the robots `ids` stand."""
        self.phase[ids] = 0.0
        self.stepping[ids] = False
        self.amplitude[ids] = 0.0
        self._steps[ids] = 0.0
        self._placement[:, :, ids] = 0.0
        self._capture[:, ids] = self._drift[:, ids] = 0.0

    def advance(
        self,
        velocity: np.ndarray,
        moving: np.ndarray,
        measured: np.ndarray,
        capture: np.ndarray,
        stagger: np.ndarray,
        dt: np.ndarray,
    ) -> None:
        """Move the clock by `dt` (N,) s.

        `velocity` (3, N) is commanded vx, vy (m/s) and yaw rate (rad/s), `moving` (N,) tells whether
        the robot is to go there rather than to stand, `measured` (2, N) is the
        velocity of the pelvis (m/s) in its heading frame, `capture` (2, N) its capture point from
        the feet that bear weight (m), `stagger` (N,) how far (m) the feet are from where they are
        when standing.
        """
        config = self.config
        keep = np.exp(-dt / 0.03)
        self._capture = keep * self._capture + (1 - keep) * capture
        # Over half a cycle the sway from foot to foot averages out.
        keep = np.exp(-dt / 0.3)
        self._drift = keep * self._drift + (1 - keep) * measured
        falling = np.hypot(self._capture[0] / config.reach[0], self._capture[1] / config.reach[1]) > 1.0
        starting = ~self.stepping & (moving | falling)
        # The foot towards which the robot goes is the free one.
        leftwards = np.where(falling, self._capture[1], velocity[1] + 0.1 * velocity[2]) >= 0
        self.phase[starting] = np.where(leftwards[starting], 0.0, 0.5)
        self.stepping |= starting
        self._steps[starting] = 0
        excess = measured - velocity[:2]
        begin, whole = config.thrown
        thrown = np.clip((np.hypot(*excess) - begin) / (whole - begin), 0.0, 1.0)
        before = self.phase.copy()
        cycles = (1.0 + config.hurry * thrown) * dt / config.period
        self.phase = np.where(self.stepping, (self.phase + cycles) % 1.0, self.phase)
        landed = self.stepping & ((before < 0.5) != (self.phase < 0.5))
        self._steps += landed
        calm = ~moving & (np.hypot(*self._drift) < config.stop_speed) & (stagger < config.stagger) & (self._steps >= 2)
        self.stepping &= ~(landed & calm)
        rise = (FADE_IN + thrown * (FADE_IN_THROWN - FADE_IN)) * dt
        self.amplitude = np.clip(self.amplitude + np.where(self.stepping, rise, -rise), 0.0, 1.0)
        self._place(np.clip(config.placement * excess, -config.farthest, config.farthest), dt)

    def _place(self, wanted: np.ndarray, dt: np.ndarray) -> None:
        """Let swinging feet aim at an offset (2, N) m; on the ground it is walked off."""
        config = self.config
        swing, stance = self._shares()
        airborne = ((swing > 0.1) & (swing < 0.9) & self.stepping)[:, None]
        chase = np.minimum(1.0, dt / 0.05)
        left = np.maximum((1.0 - stance) * 0.5 * config.period, dt)
        fade = np.where(self.stepping, np.minimum(1.0, dt / left), np.minimum(1.0, dt / 0.3))
        self._placement += np.where(airborne, chase * (wanted - self._placement), -fade[:, None] * self._placement)

    def _shares(self) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each leg (2, N) is in its swing and in its stance, 0..1."""
        phase = (self.phase + LEFT_THEN_RIGHT) % 1.0
        return np.clip(2 * phase, 0.0, 1.0), np.clip(2 * phase - 1, 0.0, 1.0)

    def swinging(self) -> np.ndarray:
        """Return whether each foot (2, N) should be in the air."""
        phase = (self.phase + LEFT_THEN_RIGHT) % 1.0
        return (phase > 0.05) & (phase < 0.45) & (self.amplitude > 0.5)

    def bearing(self) -> np.ndarray:
        """Return which feet (2, N) have come to rest and are not about to leave."""
        phase = (self.phase + LEFT_THEN_RIGHT) % 1.0
        return (phase < 0.03) | (phase > 0.55) | (self.amplitude < 0.5)

    def clock(self) -> np.ndarray:
        """Return sine and cosine of the phase, (2, N), both 0 when standing."""
        angle = 2 * np.pi * self.phase
        return self.amplitude * np.stack([np.sin(angle), np.cos(angle)])

    def feet(self, velocity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return soles (2, 3, N) m around the point under the centre of mass, left first, and headings (2, N) rad.

        z is the lift over the floor. Frame: x where the pelvis heads, z up.
        """
        config = self.config
        swing, stance = self._shares()
        s = np.clip((swing - 0.1) / 0.8, 0.0, 1.0)
        forward = np.where((swing < 1.0), s * s * s * (10 - 15 * s + 6 * s * s) - 0.5, 0.5 - stance)
        stride = 0.5 * config.period * forward * self.amplitude
        side = np.array([1.0, -1.0])[:, None] * config.half_width
        soles = np.empty((2, 3, self.phase.size))
        soles[:, 0] = stride * (velocity[0] - velocity[2] * side) + self._placement[:, 0]
        sway = config.sway * self.amplitude * np.sin(2 * np.pi * self.phase)
        aside = side + self._placement[:, 1]
        aside = np.sign(side) * np.maximum(np.sign(side) * aside, NARROWEST)
        soles[:, 1] = aside + stride * velocity[1] + sway
        soles[:, 2] = self.lift()
        return soles, stride * velocity[2]

    def lift(self) -> np.ndarray:
        """Return how high over the floor each sole (2, N) should be (m)."""
        s = np.clip((self._shares()[0] - 0.1) / 0.8, 0.0, 1.0)
        return self.config.lift * self.amplitude * 16 * s**2 * (1 - s) ** 2

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        return {name: getattr(self, name).copy() for name in _ARRAYS}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name in _ARRAYS:
            setattr(self, name, saved[name].copy())
