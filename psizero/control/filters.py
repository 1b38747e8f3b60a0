"""Smoothing and limiting of numbers that are sampled at a fixed rate."""

import numpy as np


class LowPass:
    """First-order low pass of vectors at a fixed rate.

    >>> smooth = LowPass(cutoff=1e9, rate=60.0)
    >>> smooth(np.array([2.0])).round(6).tolist()
    [2.0]
    """

    def __init__(self, *, cutoff: float, rate: float) -> None:
        """Pass what changes slower than `cutoff` (Hz), sampled at `rate` (Hz)."""
        self._share = 1.0 - float(np.exp(-2.0 * np.pi * cutoff / rate))
        self._value: np.ndarray | None = None

    def reset(self) -> None:
        """Forget the past; the next value passes unchanged."""
        self._value = None

    def __call__(self, value: np.ndarray) -> np.ndarray:
        """Take one sample, return the smoothed one."""
        if self._value is None:
            self._value = np.array(value, np.float64)
        else:
            self._value = self._value + self._share * (value - self._value)
        return self._value


def stoppable_speed(distance: np.ndarray, acceleration: np.ndarray, period: float) -> np.ndarray:
    """Return the fastest speed for one more step after which one can still stop within `distance`.

    Exact for speeds that change once per `period` (s) by at most `acceleration * period`.
    With n the speed in units of `acceleration * period`, stopping takes n + (n-1) + ... steps
    of `acceleration * period**2`; solved for n with m whole steps of braking.
    """
    unit = acceleration * period**2
    far = np.maximum(distance, 0.0) / unit
    whole = np.floor((np.sqrt(1.0 + 8.0 * far) - 1.0) / 2.0)
    return (far / (whole + 1.0) + whole / 2.0) * acceleration * period


class FollowLimit:
    """Follows a moving target within range, speed and acceleration, without overshoot at the range.

    A target that keeps the limits is followed exactly. One that jumps is caught up with and
    braked for. Speeds and accelerations are differences from step to step.
    """

    def __init__(
        self, *, lower: np.ndarray, upper: np.ndarray, speed: np.ndarray, acceleration: np.ndarray, period: float
    ) -> None:
        """Take limits per number (N,), in units of the number, per s and per s²; `period` in s."""
        self._lower, self._upper = lower, upper
        self._speed, self._acceleration = speed, acceleration
        self._period = period
        self._position = lower.copy()
        self._velocity = np.zeros_like(lower)
        self._last_target: np.ndarray | None = None

    @property
    def position(self) -> np.ndarray:
        """(N,) where the follower is; a copy."""
        return self._position.copy()

    @property
    def velocity(self) -> np.ndarray:
        """(N,) per s, of the last step; a copy."""
        return self._velocity.copy()

    def reset(self, position: np.ndarray) -> None:
        """Start anew at rest at `position` (N,), which lies within the range."""
        self._position = np.array(position, np.float64)
        self._velocity = np.zeros_like(self._position)
        self._last_target = None

    def follow(self, target: np.ndarray) -> np.ndarray:
        """Move one step towards `target` (N,), which lies within the range; return the new position."""
        period = self._period
        last = target if self._last_target is None else self._last_target
        self._last_target = np.array(target, np.float64)
        target_velocity = (target - last) / period
        # A jump says nothing about where the target will go.
        target_velocity = np.where(np.abs(target_velocity) > self._speed, 0.0, target_velocity)
        gap = target - self._position - target_velocity * period
        catch_up = np.sign(gap) * stoppable_speed(np.abs(gap), self._acceleration, period)
        return self._step(target_velocity + catch_up, target)

    def brake(self) -> np.ndarray:
        """Slow down one step as fast as allowed; return the new position."""
        self._last_target = None
        return self._step(np.zeros_like(self._velocity), None)

    def _step(self, velocity: np.ndarray, target: np.ndarray | None) -> np.ndarray:
        period, change = self._period, self._acceleration * self._period
        above = stoppable_speed(self._upper - self._position, self._acceleration, period)
        below = stoppable_speed(self._position - self._lower, self._acceleration, period)
        fastest = np.minimum(np.minimum(self._speed, above), self._velocity + change)
        slowest = np.maximum(np.maximum(-self._speed, -below), self._velocity - change)
        velocity = np.clip(velocity, slowest, fastest)
        position = np.clip(self._position + velocity * period, self._lower, self._upper)
        if target is not None:
            # Rounding must not change a target that is met.
            position = np.where(np.abs(position - target) < 1e-12, target, position)
        self._velocity = (position - self._position) / period
        self._position = position
        return position.copy()
