"""Following a target within limits of speed and acceleration, one step at a time."""

import math

import numpy as np

from psizero.geometry import Pose, conjugate, exp, log, multiply, normalize


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
        self._last_target = np.full_like(lower, np.nan)

    @property
    def range(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest position, each (N,)."""
        return self._lower, self._upper

    @property
    def position(self) -> np.ndarray:
        """(N,) where the follower is; a copy."""
        return self._position.copy()

    def reset(self, position: np.ndarray) -> None:
        """Start anew at rest at `position` (N,), which lies within the range."""
        self._position = np.array(position, np.float64)
        self._velocity = np.zeros_like(self._position)
        self._last_target = np.full_like(self._position, np.nan)

    def follow(self, target: np.ndarray, *, braking: np.ndarray | None = None) -> np.ndarray:
        """Move one step towards `target` (N,), which lies within the range; return the new position.

        Where `braking` (N,) is true, the target is not looked at.
        """
        period = self._period
        target = target if braking is None else np.where(braking, np.nan, target)
        last = np.where(np.isnan(self._last_target), target, self._last_target)
        self._last_target = np.array(target, np.float64)
        target_velocity = (target - last) / period
        # A jump says nothing about where the target will go.
        target_velocity = np.where(np.abs(target_velocity) > self._speed, 0.0, target_velocity)
        gap = target - self._position - target_velocity * period
        catch_up = np.sign(gap) * stoppable_speed(np.abs(gap), self._acceleration, period)
        return self._step(np.nan_to_num(target_velocity + catch_up, nan=0.0), target)

    def brake(self) -> np.ndarray:
        """Slow down one step as fast as allowed; return the new position."""
        return self.follow(self._position, braking=np.ones(self._position.shape, bool))

    def _step(self, velocity: np.ndarray, target: np.ndarray) -> np.ndarray:
        period, change = self._period, self._acceleration * self._period
        above = stoppable_speed(self._upper - self._position, self._acceleration, period)
        below = stoppable_speed(self._position - self._lower, self._acceleration, period)
        fastest = np.minimum(np.minimum(self._speed, above), self._velocity + change)
        slowest = np.maximum(np.maximum(-self._speed, -below), self._velocity - change)
        velocity = np.clip(velocity, slowest, fastest)
        position = np.clip(self._position + velocity * period, self._lower, self._upper)
        # Rounding must not change a target that is met.
        position = np.where(np.abs(position - target) < 1e-12, target, position)
        self._velocity = (position - self._position) / period
        self._position = position
        return position.copy()


class PoseFollow:
    """Follows a moving pose within limits of speed and acceleration.

    A pose that keeps the limits is followed exactly; one that jumps is approached and braked for.
    """

    def __init__(self, *, speed: float, acceleration: float, turn_speed: float, turn_acceleration: float) -> None:
        """Take limits in m/s, m/s², rad/s and rad/s²."""
        self._limits = ((speed, acceleration), (turn_speed, turn_acceleration))
        self._pose = self._last = Pose()
        self._velocity, self._turn = np.zeros(3), np.zeros(3)

    def reset(self, pose: Pose) -> None:
        """Start anew at rest at `pose`."""
        self._pose = self._last = pose
        self._velocity, self._turn = np.zeros(3), np.zeros(3)

    def follow(self, target: Pose, dt: float) -> Pose:
        """Move one step of `dt` (s) towards `target`; return the new pose."""
        last, pose = self._last, self._pose
        back = conjugate(pose.orientation)
        self._velocity = self._next(
            target.position - pose.position, target.position - last.position, self._velocity, 0, dt
        )
        # Turning is counted in the body's own frame, where both steps are small.
        turned = log(multiply(conjugate(last.orientation), target.orientation))
        self._turn = self._next(log(multiply(back, target.orientation)), turned, self._turn, 1, dt)
        self._last = target
        self._pose = Pose(
            pose.position + dt * self._velocity, normalize(multiply(pose.orientation, exp(dt * self._turn)))
        )
        return self._pose

    def _next(self, gap: np.ndarray, moved: np.ndarray, velocity: np.ndarray, row: int, dt: float) -> np.ndarray:
        """Return the velocity (3,) of this step, `gap` being the way to the target and `moved` its own last step."""
        speed, acceleration = self._limits[row]
        wanted = moved / dt
        if _length(wanted) > speed:
            # A jump says nothing about where the target will go.
            wanted = np.zeros(3)
        rest = gap - dt * wanted
        distance = _length(rest)
        if distance > 1e-12:
            catch_up = float(stoppable_speed(np.array(distance), np.array(acceleration), dt))
            wanted = wanted + catch_up / distance * rest
        return velocity + _at_most(_at_most(wanted, speed) - velocity, acceleration * dt)


def _length(vector: np.ndarray) -> float:
    return math.sqrt(float(vector @ vector))


def _at_most(vector: np.ndarray, length: float) -> np.ndarray:
    """Shorten a vector to `length`, if it is longer."""
    own = _length(vector)
    return vector if own <= length else length / own * vector
