"""Many G1s learning to stand, squat, turn and walk: commands, disturbances, senses, rewards. Numpy and MuJoCo only."""

from typing import Any

import numpy as np

from psizero.control.drift import Drift
from psizero.control.lower_body import FRAME_SIZE, LowerBody, Senses
from psizero.control.pelvis import bent_pelvis
from psizero.embodiment.g1 import G1
from psizero.rl.commands import CommandStream
from psizero.rl.config import EnvConfig
from psizero.rl.locomotion_reward import FALL, TERMS, Moment, rewards
from psizero.rl.upper_body import ArmMotion
from psizero.rl.vector_world import VectorWorld, quaternion, turned

PRIVILEGED_SIZE = FRAME_SIZE + 15 + 21
"""Numbers that the critic sees: the last frame, the reference, and what no sensor tells."""
PUSH_TIME = 0.08
"""How long a push lasts (s)."""
FOLLOWING = ("velocity", "yaw_rate", "height", "torso")
"""Terms that tell how well a command is followed."""
FOLLOWED_PERFECTLY = sum(TERMS[name][0] for name in FOLLOWING)
GOOD, POOR = 0.58, 0.5
"""Shares of these terms above which life gets harder and below which it gets easier."""
GENTLE = 80.0
"""Hardest push at the lowest level (N)."""
_ARRAYS = ("_age", "_life", "_pushed", "_push_in", "_push_left", "_force", "_bias", "_tilt_bias", "_last_velocity",
           "_actions", "_smooth", "_contact", "_last_soles", "_score", "level")  # fmt: skip
"""All that this class itself remembers."""


class LocomotionEnv:
    """N robots; `step` takes the policy's answers, `observe` tells what they see next."""

    def __init__(self, config: EnvConfig, rng: np.random.Generator, recorded_arms: np.ndarray | None = None) -> None:
        """Make the robots stand; `recorded_arms` (K, 14) rad are poses that the arms take as well."""
        self.config, self._rng = config, rng
        n = config.count
        self.world = VectorWorld(config, rng)
        lower, upper = self.world.lower, self.world.upper
        middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
        self._soft = (middle - 0.95 * half)[:15], (middle + 0.95 * half)[:15]
        self._lower_body = LowerBody(G1, n)
        self._arms = ArmMotion(self.world.rest[15:], lower[15:], upper[15:], n, recorded_arms)
        self._commands = CommandStream(n, walk=config.walk)
        self._drift = Drift(n)
        self.level = np.zeros(n)
        """0..1: how hard each robot is pushed and how wildly its arms move; rises when it does well."""
        self._score = np.zeros(n)
        self._age, self._life = np.zeros(n), np.zeros(n)
        self._pushed = np.zeros(n, bool)
        self._push_in, self._push_left, self._force = np.zeros(n), np.zeros(n), np.zeros((n, 3))
        self._bias, self._tilt_bias = np.zeros((n, 29)), np.zeros((n, 3))
        self._last_velocity, self._actions = np.zeros((n, 15)), np.zeros((3, n, 15))
        self._smooth, self._contact = np.zeros((n, 3)), np.zeros((2, n), bool)
        self._reset(np.arange(n))
        # Not all at once at the end of their lives.
        self._life *= rng.uniform(0.1, 1.0, n)
        self.world.forward()
        self._last_soles = self.world.soles.copy()

    def _reset(self, ids: np.ndarray) -> None:
        """Let the robots `ids` start anew, standing."""
        rng, count = self._rng, len(ids)
        self.world.stand(ids, self.level[ids], rng)
        self._score[ids] = 0.0
        self._age[ids], self._life[ids] = 0.0, rng.uniform(0.7, 1.0, count) * self.config.episode
        # Half of all lives are quiet: who is pushed all the time never learns to be exact.
        self._pushed[ids] = rng.random(count) < 0.5
        self._push_in[ids], self._push_left[ids] = rng.uniform(1.0, 5.0, count), 0.0
        self._bias[ids] = rng.uniform(-0.01, 0.01, (count, 29))
        self._tilt_bias[ids, :2] = rng.uniform(-0.015, 0.015, (count, 2))
        self._last_velocity[ids], self._smooth[ids], self._actions[:, ids] = 0.0, 0.0, 0.0
        self._lower_body.reset(ids)
        self._drift.reset(ids)
        self._arms.reset(ids)
        self._commands.reset(rng, ids)

    def observe(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what policy (N, HISTORY * FRAME_SIZE) and critic (N, PRIVILEGED_SIZE) see, float32."""
        rng, n, world = self._rng, self.config.count, self.world
        senses = Senses(
            world_from_pelvis=turned(world.orientation, self._tilt_bias + rng.normal(scale=0.005, size=(n, 3))),
            angular_velocity=world.angular_velocity + rng.normal(scale=0.05, size=(n, 3)),
            positions=world.joints + self._bias + rng.normal(scale=0.001, size=(n, 29)),
            velocities=world.joint_velocities + rng.normal(scale=0.2, size=(n, 29)),
            arm_torques=world.torque[:, 15:] + rng.normal(scale=0.5, size=(n, 14)),
        )
        seen = self._lower_body.observe(self._commands.now, senses, world.period)
        hidden = np.concatenate(
            [
                world.heading_velocity(),
                self._smooth,
                (world.height() - self._commands.now[:, 3])[:, None] * 10,
                self._contact.T,
                self._force[:, :2] / 300 * (self._push_left > 0)[:, None],
                world.friction[:, None],
                world.payload.T,
                world.delay[:, None],
                self.level[:, None],
                (self._life - self._age)[:, None] / self.config.episode,
                self._push_left[:, None] * 10,
                self._drift.missed.T * 10,
            ],
            axis=1,
        )
        reference = self._lower_body.reference - world.rest[:15]
        privileged = np.concatenate([seen[:, -FRAME_SIZE:], reference, np.clip(hidden, -10, 10)], axis=1)
        return seen, privileged.astype(np.float32)

    def step(self, action: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
        """Apply the answers (N, 15); return reward, fallen, timed out (N,) and the means of the reward's terms.

        Robots that are done start anew.
        """
        period = self.world.period
        legs = self._lower_body.targets(action)
        arms = self._arms.step(self._rng, np.clip(0.3 + 4 * self.level, 0, 1), period)
        self.world.step(np.concatenate([legs, arms], axis=1), self._pushes())
        self._actions = np.stack([np.asarray(action, np.float64), self._actions[0], self._actions[1]])
        terms = rewards(self._moment())
        upright = 1 - 2 * (self.world.orientation[:, 1:3] ** 2).sum(1)
        fallen = (upright < 0.55) | (self.world.height() < 0.32) | self.world.broken()
        self._age += period
        timed_out = (self._age >= self._life) & ~fallen
        reward = np.where(fallen, FALL, sum(terms.values()) * period)
        self._score += period * sum(terms[name] for name in FOLLOWING) / FOLLOWED_PERFECTLY
        self._grade(fallen, timed_out)
        self._commands.step(self._rng, period)
        done = np.flatnonzero(fallen | timed_out)
        if done.size:
            self._reset(done)
        self._last_soles = self.world.soles.copy()
        return reward, fallen, timed_out, {name: float(value.mean()) for name, value in terms.items()}

    def _grade(self, fallen: np.ndarray, timed_out: np.ndarray) -> None:
        """Make it harder for robots that do as they are told for a whole life, easier for those that do not."""
        score = self._score / np.maximum(self._age, 1e-6)
        change = np.where(fallen, -0.05, np.where(score > GOOD, 0.1, np.where(score < POOR, -0.05, 0.0)))
        self.level = np.where(fallen | timed_out, np.clip(self.level + change, 0.0, 1.0), self.level)

    def _pushes(self) -> np.ndarray:
        """Return the force (N, 3) N on each torso during this step."""
        rng = self._rng
        self._push_in -= self.world.period
        self._push_left -= self.world.period
        begin = self._push_in <= 0
        count = int(begin.sum())
        if count:
            direction = rng.uniform(-np.pi, np.pi, count)
            size = (
                self._pushed[begin]
                * rng.uniform(0.3, 1.0, count)
                * (GENTLE + self.level[begin] * (self.config.push - GENTLE))
            )
            self._force[begin, 0], self._force[begin, 1] = size * np.cos(direction), size * np.sin(direction)
            self._push_left[begin], self._push_in[begin] = PUSH_TIME, rng.uniform(2.0, 6.0, count)
        return self._force * (self._push_left > 1e-6)[:, None]

    def _moment(self) -> Moment:
        """Gather what the reward looks at."""
        world = self.world
        period = world.period[:, None]
        velocity, heading = world.heading_velocity(), world.heading()
        keep = np.exp(-period / 0.2)
        now = np.concatenate([velocity[:, :2], world.angular_velocity[:, 2:]], axis=1)
        self._smooth = keep * self._smooth + (1 - keep) * now
        self._drift.correct(self._commands.now.T[:3], velocity.T[:2], heading, self._age == 0, world.period)
        # In rows, as a restored one is: the sum over joints depends on how they lie in memory, in its last digit.
        joint_velocity = np.ascontiguousarray(world.joint_velocities[:, :15])
        acceleration = (joint_velocity - self._last_velocity) / period
        self._last_velocity = joint_velocity
        soles = world.soles
        apart = soles[:, 0, :2] - soles[:, 1, :2]
        self._contact = world.touching
        joints = world.joints[:, :15]
        torso_error, lean = self._torso_errors(heading)
        return Moment(
            command=self._commands.now,
            velocity=velocity,
            smooth_velocity=self._smooth,
            missed=self._drift.missed,
            angular_velocity=world.angular_velocity,
            height=world.height(),
            torso_error=torso_error,
            lean=lean,
            stepping=self._lower_body.gait.stepping,
            capture=self._lower_body.capture,
            swinging=self._lower_body.gait.swinging(),
            touching=self._contact,
            lift_error=world.sole_heights() - self._lower_body.gait.lift(),
            foot_speed=(np.linalg.norm((soles - self._last_soles)[:, :, :2], axis=2) / period).T,
            foot_tilt=world.sole_tilt,
            feet_apart=-np.sin(heading) * apart[:, 0] + np.cos(heading) * apart[:, 1],
            torque=world.torque[:, :15],
            joint_velocity=joint_velocity,
            joint_acceleration=acceleration,
            over_range=(np.maximum(self._soft[0] - joints, 0) + np.maximum(joints - self._soft[1], 0)).sum(1),
            action=self._actions[0],
            action_change=self._actions[0] - self._actions[1],
            action_bend=self._actions[0] - 2 * self._actions[1] + self._actions[2],
        )

    def _torso_errors(self, heading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the torso's error (N, 3) rad and the pelvis's lean off its wanted one (N, 2)."""
        command = self._commands.now
        rpy = command[:, 4:7].copy()
        rpy[:, 2] += heading
        w, x, y, z = self.world.torso.T
        a, b, c, d = quaternion(rpy).T
        # Twice the vector part of true * conjugate(wanted): the rotation vector of a small error.
        vector = np.stack(
            [x * a - w * b + z * c - y * d, y * a - w * c + x * d - z * b, z * a - w * d + y * b - x * c], axis=1
        )
        sign = np.sign(w * a + x * b + y * c + z * d)
        qw, qx, qy, qz = self.world.orientation.T
        up_x, up_y = 2 * (qx * qz + qw * qy), 2 * (qy * qz - qw * qx)
        cosine, sine = np.cos(heading), np.sin(heading)
        ahead, aside = cosine * up_x + sine * up_y, -sine * up_x + cosine * up_y
        lean = np.stack([ahead, aside], axis=1) - bent_pelvis(command.T[3:])[:2, 2].T
        return 2 * vector * sign[:, None], lean

    def _parts(self) -> dict[str, Any]:
        """Return what remembers something for itself."""
        return {
            "world": self.world,
            "body": self._lower_body,
            "arms": self._arms,
            "commands": self._commands,
            "drift": self._drift,
        }

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on, the random numbers' state too."""
        parts = self._parts()
        saved = {f"{part}.{name}": value for part, owner in parts.items() for name, value in owner.save().items()}
        state = self._rng.bit_generator.state["state"]
        numbers = [state[name] >> (64 * half) & (2**64 - 1) for name in ("state", "inc") for half in (0, 1)]
        more = [self._rng.bit_generator.state[name] for name in ("has_uint32", "uinteger")]
        saved["random"] = np.array([*numbers, *more], np.uint64)
        return saved | {name: getattr(self, name).copy() for name in _ARRAYS}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned; the same answers then give the same steps."""
        parts = self._parts()
        for part, owner in parts.items():
            own = {name.removeprefix(f"{part}."): value for name, value in saved.items() if name.startswith(f"{part}.")}
            owner.restore(own)
        for name in _ARRAYS:
            setattr(self, name, saved[name].copy())
        low, high, inc_low, inc_high, has, rest = (int(number) for number in saved["random"])
        self._rng.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": low | high << 64, "inc": inc_low | inc_high << 64},
            "has_uint32": has,
            "uinteger": rest,
        }
