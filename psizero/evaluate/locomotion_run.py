"""Script + walker -> what happened: all episodes of a script side by side, tick by tick."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psizero.control.lower_body import SLEW
from psizero.embodiment.robot import RobotSpec
from psizero.evaluate.locomotion_director import STAND
from psizero.evaluate.locomotion_scripts import PUSH_SECONDS, PUSH_WINDOW, Script
from psizero.evaluate.locomotion_world import Effort, LocomotionWorld, Walker
from psizero.sim.scene import TIMESTEP

ARM_PERIOD = 1.0
"""Time from one random pose of the arms to the next (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What happened in N episodes of T ticks; what a robot does after its fall is NaN."""

    rate: float
    """Ticks per second (Hz)."""
    seeds: np.ndarray
    """(N,)"""
    mass: float
    """Of robot and payload (kg)."""
    goal: np.ndarray
    """(T, N, 7) commands that were wanted; the walker gets them slewed."""
    following: np.ndarray
    """(T, N, 7) what was done, in the same terms."""
    place: np.ndarray
    """(T, N, 3) x, y (m) and yaw (rad) of the pelvis."""
    wanted_place: np.ndarray | None
    """(T, N, 3) where it should be, for scripts that know."""
    power: np.ndarray
    """(T, N) W, all joints."""
    leg_power: np.ndarray
    """(T, N) W, joints of the walker."""
    saturation: np.ndarray
    """(T, N) share of the walker's torques at their limit."""
    bend: np.ndarray
    """(T, N) second difference of the walker's targets, mean over its joints (rad)."""
    shake: np.ndarray
    """(T, N) change of the joints' accelerations from tick to tick, mean over the walker's joints (rad/s²)."""
    slip: np.ndarray
    """(T, N) speed over the ground of feet that carry load (m/s); NaN without any."""
    fell_at: np.ndarray
    """(N,) s; NaN for those that stayed up."""
    reasons: tuple[str, ...]
    """Why each fell; empty for those that stayed up."""
    pushes: np.ndarray
    """(P, N, 4) start (s), force (N) in x and y, and 0."""
    film: np.ndarray
    """(T, Q) pose of the first robot, for pictures."""

    @property
    def seconds(self) -> float:
        """Length (s)."""
        return len(self.goal) / self.rate

    @property
    def falls(self) -> int:
        """How many fell."""
        return int(np.isfinite(self.fell_at).sum())

    def between(self, begin: float, end: float) -> slice:
        """Return the ticks of a stretch of time (s)."""
        return slice(round(begin * self.rate), round(end * self.rate))


def run_script(
    script: Script,
    walker: Walker,
    robot: RobotSpec,
    seeds: np.ndarray,
    *,
    rate: float = 50.0,
    threads: int = 0,
    progress: Callable[[float, int], None] = lambda share, falls: None,
) -> Recording:
    """Run one episode for each of `seeds` (N,), with `rate` (Hz) commands a second, on `threads` (0: all cores).

    `progress` is told the share that is done and how many have fallen, now and then.
    """
    count, ticks = len(seeds), round(script.seconds * rate)
    world = LocomotionWorld(robot, walker, count, script.ground, script.payload, threads)
    draws = [_Draws(script, robot, int(seed)) for seed in seeds]
    world.reset(np.stack([draw.start for draw in draws]))
    poses = np.stack([draw.arms for draw in draws], axis=1)
    pushes = np.stack([draw.pushes for draw in draws], axis=1)
    director = script.director(seeds, rate)
    walker.reset()
    log = _Log(ticks, world, walker)
    command = np.tile(STAND, (count, 1))
    alive = np.ones(count, bool)
    truth = world.truth()
    for tick in range(ticks):
        now = tick / rate
        goal = director.goals(now, truth)
        command += np.clip(goal - command, -SLEW / rate, SLEW / rate)
        targets = walker.act(command, world.senses(), 1.0 / rate)
        ids = np.flatnonzero(alive)
        steps = round((tick + 1) / rate / TIMESTEP) - round(tick / rate / TIMESTEP)
        effort = world.advance(targets, _arms_at(poses, now + 1.0 / rate), _push_at(pushes, now), steps, ids)
        truth = world.truth()
        for index, reason in enumerate(world.fallen(truth)):
            if reason and alive[index]:
                alive[index] = False
                log.fall(index, now + 1.0 / rate, reason)
        log.write(tick, rate, goal, targets, director.wanted_place(now), effort, ids, alive)
        if tick % 20 == 0:
            progress(tick / ticks, int((~alive).sum()))
        if not alive.any():
            break
    progress(1.0, int((~alive).sum()))
    return log.close(rate, seeds, pushes)


class _Draws:
    """What the seed of one episode decides."""

    def __init__(self, script: Script, robot: RobotSpec, seed: int) -> None:
        rng = np.random.default_rng((seed, zlib.crc32(script.title.encode())))
        arms = np.concatenate([robot.indices(f"{side}_arm") for side in ("left", "right")])
        lower, upper, rest = (robot.column(figure)[arms] for figure in ("lower", "upper", "rest"))
        number = int(np.ceil(script.seconds / ARM_PERIOD)) + 2
        self.arms = np.concatenate([rest[None], rng.uniform(lower, upper, (number, len(arms)))])
        """(K, 14) poses of the arms (rad), one after the other each `ARM_PERIOD`."""
        self.start = np.zeros(3)
        if script.scattered:
            self.start = np.array([*rng.uniform(-3.0, 3.0, 2), rng.uniform(-np.pi, np.pi)])
        times = np.array(script.push_times) + rng.uniform(0.0, PUSH_WINDOW, len(script.push_times))
        direction = rng.uniform(-np.pi, np.pi, len(times))
        force = rng.uniform(*script.push_force, len(times))
        self.pushes = np.stack(
            [times, force * np.cos(direction), force * np.sin(direction), np.zeros(len(times))], axis=1
        )


def _arms_at(poses: np.ndarray, time: float) -> np.ndarray:
    """Return arms (N, 14) on their straight way from one pose of (K, N, 14) to the next."""
    number, share = divmod(time / ARM_PERIOD, 1.0)
    return poses[int(number)] + share * (poses[int(number) + 1] - poses[int(number)])


def _push_at(pushes: np.ndarray, time: float) -> np.ndarray:
    """Return the forces (N, 3) N at a time (s)."""
    active = (pushes[..., 0] <= time + 1e-9) & (time < pushes[..., 0] + PUSH_SECONDS - 1e-9)
    return (pushes[..., 1:4] * active[..., None]).sum(0)


class _Log:
    """Fills a `Recording`."""

    def __init__(self, ticks: int, world: LocomotionWorld, walker: Walker) -> None:
        count = world.count
        self._world = world
        self._goal, self._following = np.full((2, ticks, count, 7), np.nan, np.float32)
        self._place = np.full((ticks, count, 3), np.nan, np.float32)
        self._wanted = np.full((ticks, count, 3), np.nan, np.float32)
        self._knows_place = False
        self._sums = np.full((6, ticks, count), np.nan, np.float32)
        self._film = np.zeros((ticks, world.model.nq), np.float32)
        self._fell_at, self._reasons = np.full(count, np.nan), [""] * count
        self._targets = np.full((3, count, len(walker.joints)), np.nan)
        self._speed, self._acceleration = np.full((2, count, len(walker.joints)), np.nan)
        self._soles, self._loaded = world.feet()
        self._ticks = ticks

    def fall(self, index: int, time: float, reason: str) -> None:
        self._fell_at[index], self._reasons[index] = time, reason

    def write(
        self,
        tick: int,
        rate: float,
        goal: np.ndarray,
        targets: np.ndarray,
        wanted: np.ndarray | None,
        effort: Effort,
        ids: np.ndarray,
        alive: np.ndarray,
    ) -> None:
        world, up = self._world, np.flatnonzero(alive)
        truth = world.truth()
        self._goal[tick, :] = goal
        self._following[tick, up], self._place[tick, up] = truth.following[up], truth.place[up]
        if wanted is not None:
            self._knows_place = True
            self._wanted[tick] = wanted
        power, leg_power, saturation, bend, shake, slip = self._sums
        power[tick, ids], leg_power[tick, ids] = effort.power, effort.leg_power
        saturation[tick, ids] = effort.saturation
        self._targets = np.stack([targets, self._targets[0], self._targets[1]])
        bend[tick, up] = np.abs(self._targets[0] - 2 * self._targets[1] + self._targets[2]).mean(1)[up]
        speed = world.driven_velocities()
        acceleration = (speed - self._speed) * rate
        shake[tick, up] = np.abs(acceleration - self._acceleration).mean(1)[up]
        self._speed, self._acceleration = speed, acceleration
        soles, loaded = world.feet()
        both = loaded & self._loaded
        moved = np.linalg.norm((soles - self._soles)[..., :2], axis=2) * rate
        with np.errstate(invalid="ignore"):
            slip[tick, up] = ((moved * both).sum(1) / np.where(both.any(1), both.sum(1), np.nan))[up]
        self._soles, self._loaded = soles, loaded
        self._film[tick] = world.qpos[0]

    def close(self, rate: float, seeds: np.ndarray, pushes: np.ndarray) -> Recording:
        power, leg_power, saturation, bend, shake, slip = self._sums
        return Recording(
            rate=rate,
            seeds=seeds,
            mass=self._world.mass,
            goal=self._goal,
            following=self._following,
            place=self._place,
            wanted_place=self._wanted if self._knows_place else None,
            power=power,
            leg_power=leg_power,
            saturation=saturation,
            bend=bend,
            shake=shake,
            slip=slip,
            fell_at=self._fell_at,
            reasons=tuple(self._reasons),
            pushes=pushes,
            film=self._film,
        )
