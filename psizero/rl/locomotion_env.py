"""Many G1s learning to stand, squat, turn and walk: commands, disturbances, senses, rewards. Numpy and MuJoCo only.

Robots are the simulations of one `mujoco.batch`, stepped on all cores. Each has its own masses,
friction, motor gains, delay and length of a step, so that what is learned holds for 50 and for
60 commands a second.
"""

from dataclasses import dataclass, replace

import mujoco
import numpy as np
from mujoco.batch import Batch

from psizero.control.lower_body import COMMAND_LOWER, COMMAND_UPPER, FRAME_SIZE, HISTORY, LowerBody, Senses
from psizero.embodiment.g1 import G1
from psizero.rl.commands import CommandStream
from psizero.rl.locomotion_model import FEET, gains, locomotion_model
from psizero.rl.locomotion_reward import FALL, Moment, rewards
from psizero.rl.terrain import Terrain
from psizero.rl.upper_body import ArmMotion

PRIVILEGED_SIZE = FRAME_SIZE + 15 + 18
"""Numbers that the critic sees: the last frame, the reference, and what no sensor tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvConfig:
    """Size and difficulty of the environment."""

    count: int = 512
    """Robots side by side."""
    substeps: int = 2
    """Physics steps per command: 2 is fast, 4 is closer to the robot."""
    threads: int = 0
    """Threads for physics; 0: all cores."""
    rates: tuple[float, float] = (50.0, 60.0)
    """Lowest and highest number of commands per second (Hz)."""
    episode: float = 20.0
    """Longest life of a robot before it starts anew (s)."""
    push: float = 600.0
    """Hardest push on the torso at the highest level (N for 0.08 s)."""
    payload: float = 2.3
    """Heaviest thing in each hand (kg)."""
    rough: bool = False
    """Uneven ground, slopes and low steps instead of a plane."""
    walk: bool = True
    """Velocities too, or only stand, squat and lean."""


class LocomotionEnv:
    """N robots; `step` takes the policy's answers and returns what it sees next."""

    def __init__(self, config: EnvConfig, rng: np.random.Generator, recorded_arms: np.ndarray | None = None) -> None:
        self.config, self._rng = config, rng
        n = config.count
        self.terrain = Terrain(rng) if config.rough else None
        self.model = locomotion_model(G1, None if self.terrain is None else self.terrain.heights)
        self._batch = Batch(self.model, nsim=n, nthread=config.threads)
        for name in ("qpos", "qvel", "ctrl", "xfrc_applied"):
            setattr(self, f"_{name}", self._batch.bind(name))
        for name in ("sensordata", "actuator_force", "xpos", "xquat", "site_xpos", "site_xmat"):
            setattr(self, f"_{name}", self._batch.bind(name))
        self._torso = self.model.body("torso_link").id
        self._feet = [self.model.site(f"{side}_foot").id for side in FEET]
        self._rest = np.array([self.model.qpos0[7 + i] for i in range(29)])
        hinges = {joint.name: joint.hinge for joint in G1.joints}
        names = [self.model.joint(i).name for i in range(1, self.model.njnt)]
        actuators = [self.model.actuator(i).name for i in range(self.model.nu)]
        self._order = np.array([self.model.joint(name).qposadr[0] for name in actuators])
        self._dofs = np.array([self.model.joint(name).dofadr[0] for name in actuators])
        assert len(names) == len(actuators) == 29
        self._rest = np.array([hinges[name].rest for name in actuators])
        lower, upper = (np.array([getattr(hinges[name], side) for name in actuators]) for side in ("lower", "upper"))
        middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
        self._soft = (middle - 0.95 * half)[:15], (middle + 0.95 * half)[:15]
        self._lower_body = LowerBody(G1, n)
        self._arms = ArmMotion(self._rest[15:], lower[15:], upper[15:], n, recorded_arms)
        self._commands = CommandStream(n, walk=config.walk)
        self.level = np.zeros(n)
        """0..1: how hard each robot is pushed and how wildly its arms move; rises when it does not fall."""
        self._randomize()
        self._start_arrays(n)
        self._reset(np.arange(n))
        self._batch.forward()
        self._last_soles = self._site_xpos[:, self._feet].copy()

    # What each robot is like.

    def _randomize(self) -> None:
        """Draw masses, friction, gains, delays and rates, for the life of the environment."""
        rng, n, batch = self._rng, self.config.count, self._batch
        period = 1.0 / rng.uniform(*self.config.rates, n)
        self.period = period
        batch.expand("opt.timestep")[:] = period / self.config.substeps
        friction = batch.expand("geom_friction")
        soles = [i for i in range(self.model.ngeom) if "sole" in self.model.geom(i).name]
        self._friction = rng.uniform(0.4, 1.3, n)
        friction[:, soles, 0] = self._friction[:, None]
        mass = batch.expand("body_mass")
        mass *= rng.uniform(0.95, 1.05, mass.shape)
        mass[:, self._torso] += rng.uniform(-1.0, 2.0, n)
        com = batch.expand("body_ipos")
        com[:, self._torso] += rng.uniform(-1, 1, (n, 3)) * (0.03, 0.02, 0.03)
        self._payload = np.where(rng.random((2, n)) < 0.5, 0.0, rng.uniform(0, self.config.payload, (2, n)))
        both = rng.random(n) < 0.5
        self._payload[1, both] = self._payload[0, both]
        for side, load in zip(FEET, self._payload, strict=True):
            hand = self.model.body(f"{side}_wrist_yaw_link").id
            share = (load / (mass[:, hand] + load))[:, None]
            com[:, hand] += share * (np.array([0.11, 0.0, 0.0]) - com[:, hand])
            mass[:, hand] += load
        batch.set_const()
        stiffness = gains(G1)[:, 0] * rng.uniform(0.9, 1.1, (n, 29))
        damping = gains(G1)[:, 1] * rng.uniform(0.8, 1.2, (n, 29))
        batch.expand("actuator_gainprm")[:, :, 0] = stiffness
        bias = batch.expand("actuator_biasprm")
        bias[:, :, 1], bias[:, :, 2] = -stiffness, -damping
        self._delay = rng.random(n) * 1.2

    def _start_arrays(self, n: int) -> None:
        self._age, self._life = np.zeros(n), self._rng.uniform(0, self.config.episode, n)
        self._push_in, self._push_left = np.zeros(n), np.zeros(n)
        self._force = np.zeros((n, 3))
        self._bias, self._tilt_bias = np.zeros((n, 29)), np.zeros((n, 3))
        self._last_velocity = np.zeros((n, 15))
        self._actions = np.zeros((3, n, 15))
        self._smooth = np.zeros((n, 3))
        self._last_ctrl = np.tile(self._rest, (n, 1))
        self.episode_return, self.falls, self.finished = np.zeros(n), 0, 0
        self._contact = np.zeros((2, n), bool)

    def _reset(self, ids: np.ndarray) -> None:
        """Let the robots `ids` start anew, standing, some of them badly."""
        rng, k = self._rng, len(ids)
        yaw = rng.uniform(-np.pi, np.pi, k)
        place = np.zeros((k, 3)) if self.terrain is None else self.terrain.starts(rng, self.level[ids])
        self._qpos[ids, :2] = place[:, :2] if self.terrain is not None else 0.0
        self._qpos[ids, 2] = 0.755 + place[:, 2]
        lean = rng.normal(scale=0.03, size=(k, 2))
        self._qpos[ids, 3:7] = _quaternion(np.concatenate([lean, yaw[:, None]], axis=1))
        joints = self._rest + rng.normal(scale=0.03, size=(k, 29))
        self._qpos[ids[:, None], self._order] = joints
        self._qvel[ids] = rng.normal(scale=0.05, size=(k, self.model.nv))
        self._qvel[ids, :2] += rng.normal(scale=0.15, size=(k, 2))
        self._ctrl[ids] = self._last_ctrl[ids] = self._rest
        self._xfrc_applied[ids] = 0.0
        self._age[ids], self._life[ids] = 0.0, rng.uniform(0.7, 1.0, k) * self.config.episode
        self._push_in[ids], self._push_left[ids] = rng.uniform(1.0, 5.0, k), 0.0
        self._bias[ids] = rng.uniform(-0.01, 0.01, (k, 29))
        self._tilt_bias[ids] = rng.uniform(-0.015, 0.015, (k, 3)) * (1, 1, 0)
        self._last_velocity[ids], self._smooth[ids], self._actions[:, ids] = 0.0, 0.0, 0.0
        self._lower_body.reset(ids)
        self._arms.reset(ids)
        self._commands.reset(rng, ids)

    # One step.

    def observe(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what the policy sees (N, HISTORY * FRAME_SIZE) and what the critic sees (N, PRIVILEGED_SIZE), float32."""
        rng, n = self._rng, self.config.count
        noise = self._tilt_bias + rng.normal(scale=0.005, size=(n, 3))
        senses = Senses(
            world_from_pelvis=_turned(self._qpos[:, 3:7], noise),
            angular_velocity=self._qvel[:, 3:6] + rng.normal(scale=0.05, size=(n, 3)),
            positions=self._qpos[:, self._order] + self._bias + rng.normal(scale=0.001, size=(n, 29)),
            velocities=self._qvel[:, self._dofs] + rng.normal(scale=0.2, size=(n, 29)),
        )
        seen = self._lower_body.observe(self._commands.now, senses, self.period)
        return seen, self._privileged(seen)

    def _privileged(self, seen: np.ndarray) -> np.ndarray:
        velocity = self._heading_velocity()
        hidden = np.concatenate(
            [
                velocity,
                self._smooth,
                (self._true_height() - self._commands.now[:, 3])[:, None] * 10,
                self._contact.T,
                self._force[:, :2] / 300 * (self._push_left > 0)[:, None],
                self._friction[:, None],
                self._payload.T,
                self._delay[:, None],
                self.level[:, None],
                (self._life - self._age)[:, None] / self.config.episode,
                self._push_left[:, None] * 10,
            ],
            axis=1,
        )
        reference = self._lower_body.reference - self._rest[:15]
        return np.concatenate([seen[:, -FRAME_SIZE:], reference, np.clip(hidden, -10, 10)], axis=1).astype(np.float32)

    def step(self, action: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
        """Apply the answers (N, 15); return reward (N,), fallen (N,), timed out (N,) and means of the reward's terms.

        Robots that are done are reset; call `observe` next.
        """
        dt = self.period
        self._advance_physics(self._lower_body.targets(action))
        self._actions = np.stack([np.asarray(action, np.float64), self._actions[0], self._actions[1]])
        moment = self._moment()
        terms = rewards(moment)
        reward = sum(terms.values()) * dt
        up = 1 - 2 * (self._qpos[:, 4] ** 2 + self._qpos[:, 5] ** 2)
        fallen = (up < 0.55) | (self._true_height() < 0.32) | ~np.isfinite(self._qpos).all(1)
        self._age += dt
        timed_out = (self._age >= self._life) & ~fallen
        reward = np.where(fallen, FALL, reward)
        self.episode_return += reward
        self._grade(fallen, timed_out)
        self._commands.step(self._rng, dt)
        done = np.flatnonzero(fallen | timed_out)
        self.falls += int(fallen.sum())
        self.finished += done.size
        if done.size:
            self._reset(done)
        self._last_soles = self._site_xpos[:, self._feet].copy()
        return reward, fallen, timed_out, {name: float(value.mean()) for name, value in terms.items()}

    def _advance_physics(self, targets: np.ndarray) -> None:
        rng, dt = self._rng, self.period
        self._push_in -= dt
        self._push_left -= dt
        begin = self._push_in <= 0
        if begin.any():
            k = int(begin.sum())
            direction = rng.uniform(-np.pi, np.pi, k)
            size = rng.uniform(0.1, 1.0, k) * (80 + self.level[begin] * (self.config.push - 80))
            self._force[begin, 0], self._force[begin, 1] = size * np.cos(direction), size * np.sin(direction)
            self._push_left[begin], self._push_in[begin] = 0.08, rng.uniform(2.0, 6.0, k)
        self._xfrc_applied[:, self._torso, :3] = self._force * (self._push_left > 0)[:, None]
        width = np.clip(0.15 + 1.3 * self.level, 0, 1)
        arms = self._arms.step(rng, width, dt)
        wanted = np.concatenate([targets, arms], axis=1)
        for number in range(self.config.substeps):
            late = (number < self._delay * self.config.substeps - 0.5)[:, None]
            self._ctrl[:] = np.where(late, self._last_ctrl, wanted)
            self._batch.step()
        self._last_ctrl = wanted

    def _moment(self) -> Moment:
        dt = self.period[:, None]
        velocity = self._heading_velocity()
        keep = np.exp(-dt / 0.2)
        now = np.concatenate([velocity[:, :2], self._qvel[:, 5:6]], axis=1)
        self._smooth = keep * self._smooth + (1 - keep) * now
        joint_velocity = self._qvel[:, self._dofs[:15]]
        acceleration = (joint_velocity - self._last_velocity) / dt
        self._last_velocity = joint_velocity
        soles = self._site_xpos[:, self._feet]
        foot_speed = np.linalg.norm((soles - self._last_soles)[:, :, :2], axis=2) / dt
        up = self._site_xmat[:, self._feet].reshape(-1, 2, 9)[:, :, 8]
        w, x, y, z = self._qpos[:, 3:7].T
        heading = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
        apart = soles[:, 0, :2] - soles[:, 1, :2]
        self._contact = self._sensordata.T > 1.0
        q = self._qpos[:, self._order[:15]]
        wanted = self._lower_body.reference
        torso_error, lean = self._torso_errors(heading)
        del wanted
        return Moment(
            command=self._commands.now,
            velocity=velocity,
            smooth_velocity=self._smooth,
            angular_velocity=self._qvel[:, 3:6],
            height=self._true_height(),
            torso_error=torso_error,
            lean=lean,
            stepping=self._lower_body.gait.stepping,
            swinging=self._lower_body.gait.swinging(),
            touching=self._contact,
            foot_speed=foot_speed.T,
            foot_tilt=np.sqrt(np.maximum(1 - up**2, 0)).T,
            feet_apart=-np.sin(heading) * apart[:, 0] + np.cos(heading) * apart[:, 1],
            torque=self._actuator_force[:, :15],
            joint_velocity=joint_velocity,
            joint_acceleration=acceleration,
            over_range=(np.maximum(self._soft[0] - q, 0) + np.maximum(q - self._soft[1], 0)).sum(1),
            action=self._actions[0],
            action_change=self._actions[0] - self._actions[1],
            action_bend=self._actions[0] - 2 * self._actions[1] + self._actions[2],
        )

    def _torso_errors(self, heading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the torso's error (N, 3) rad and the pelvis's lean off its wanted one (N, 2)."""
        command = self._commands.now
        rpy = command[:, 4:7].copy()
        rpy[:, 2] += heading
        wanted = _quaternion(rpy)
        w, x, y, z = self._xquat[:, self._torso].T
        a, b, c, d = wanted.T
        # true * conjugate(wanted), as a rotation vector; errors are small or the sign tells enough.
        scalar = w * a + x * b + y * c + z * d
        vector = np.stack(
            [x * a - w * b + (z * c - y * d), y * a - w * c + (x * d - z * b), z * a - w * d + (y * b - x * c)], axis=1
        )
        error = 2 * vector * np.sign(scalar)[:, None]
        bend = np.maximum(command[:, 5] - 0.45, 0) + np.minimum(command[:, 5] + 0.45, 0)
        qw, qx, qy, qz = self._qpos[:, 3:7].T
        ux, uy = 2 * (qx * qz + qw * qy), 2 * (qy * qz - qw * qx)
        cosine, sine = np.cos(heading), np.sin(heading)
        ahead, aside = cosine * ux + sine * uy, -sine * ux + cosine * uy
        yaw = command[:, 6]
        return error, np.stack([ahead - np.sin(bend) * np.cos(yaw), aside - np.sin(bend) * np.sin(yaw)], axis=1)

    def _heading_velocity(self) -> np.ndarray:
        w, x, y, z = self._qpos[:, 3:7].T
        heading = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
        vx, vy, vz = self._qvel[:, :3].T
        cosine, sine = np.cos(heading), np.sin(heading)
        return np.stack([cosine * vx + sine * vy, -sine * vx + cosine * vy, vz], axis=1)

    def _true_height(self) -> np.ndarray:
        height = self._qpos[:, 2]
        return height if self.terrain is None else height - self.terrain.under(self._qpos[:, 0], self._qpos[:, 1])

    def _grade(self, fallen: np.ndarray, timed_out: np.ndarray) -> None:
        self.level[timed_out] = np.minimum(self.level[timed_out] + 0.1, 1.0)
        self.level[fallen] = np.maximum(self.level[fallen] - 0.05, 0.0)


def _quaternion(rpy: np.ndarray) -> np.ndarray:
    """Return (N, 4) wxyz of roll, pitch, yaw (N, 3)."""
    (cr, cp, cy), (sr, sp, sy) = np.cos(rpy.T / 2), np.sin(rpy.T / 2)
    return np.stack(
        [
            cr * cp * cy + sr * sp * sy,
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
        ],
        axis=1,
    )


def _turned(quaternions: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Return (N, 4) turned in the world by small rotation vectors (N, 3)."""
    w, x, y, z = quaternions.T
    a, b, c = 0.5 * small.T
    result = np.stack(
        [w - a * x - b * y - c * z, x + a * w + b * z - c * y, y + b * w + c * x - a * z, z + c * w + a * y - b * x],
        axis=1,
    )
    return result / np.linalg.norm(result, axis=1, keepdims=True)
