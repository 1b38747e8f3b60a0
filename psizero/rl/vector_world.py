"""Many G1s in MuJoCo at once, no two quite alike: masses, friction, motors, delay and rate differ."""

import numpy as np
from mujoco.batch import Batch

from psizero.control.load import PALM
from psizero.embodiment.g1 import G1
from psizero.rl.config import EnvConfig
from psizero.rl.locomotion_model import FEET, gains, locomotion_model
from psizero.rl.terrain import TILE, Terrain

STANDING = 0.755
"""Height of the pelvis at which the rest pose just touches the ground (m)."""
_STATE = ("qpos", "qvel", "ctrl", "qacc_warmstart", "xfrc_applied", "time")
_DERIVED = ("sensordata", "actuator_force", "xquat", "site_xpos", "site_xmat")
_DIFFERENT = ("opt.timestep", "geom_friction", "body_mass", "body_ipos", "actuator_gainprm", "actuator_biasprm")


class VectorWorld:
    """The physics of N robots, on one core: others have robots of their own (`fleet`)."""

    def __init__(self, config: EnvConfig, rng: np.random.Generator) -> None:
        """Draw what makes each robot different, for the life of this world."""
        self.count = config.count
        self._substeps = config.substeps
        self.terrain = Terrain(rng) if config.rough else None
        model = locomotion_model(G1, None if self.terrain is None else self.terrain.heights, TILE)
        self._batch = Batch(model, nsim=config.count, nthread=1)
        self._state = {name: self._batch.bind(name) for name in _STATE}
        self._derived = {name: self._batch.bind(name) for name in _DERIVED}
        actuators = [model.actuator(index).name for index in range(model.nu)]
        self._order = np.array([model.joint(name).qposadr[0] for name in actuators])
        self._dofs = np.array([model.joint(name).dofadr[0] for name in actuators])
        hinges = {joint.name: joint.hinge for joint in G1.joints}
        self.rest, self.lower, self.upper = (
            np.array([getattr(hinges[name], figure) for name in actuators]) for figure in ("rest", "lower", "upper")
        )
        self._torso = model.body("torso_link").id
        self._feet = [model.site(f"{side}_foot").id for side in FEET]
        self._soles = [index for index in range(model.ngeom) if "sole" in model.geom(index).name]
        self._hands = [model.body(f"{side}_wrist_yaw_link").id for side in FEET]
        self._last_ctrl = np.tile(self.rest, (config.count, 1))
        self._randomize(config, rng)

    def _randomize(self, config: EnvConfig, rng: np.random.Generator) -> None:
        n, expand = self.count, self._batch.expand
        self.period = 1.0 / rng.uniform(*config.rates, n)
        """Time between two commands (N,) s."""
        expand("opt.timestep")[:] = self.period / self._substeps
        self.friction = rng.uniform(0.5, 1.3, n)
        expand("geom_friction")[:, self._soles, 0] = self.friction[:, None]
        mass, com = expand("body_mass"), expand("body_ipos")
        mass *= rng.uniform(0.95, 1.05, mass.shape)
        mass[:, self._torso] += rng.uniform(-1.0, 2.0, n)
        com[:, self._torso] += rng.uniform(-1, 1, (n, 3)) * (0.03, 0.02, 0.03)
        self.payload = self._draw_payload(config.payload, rng)
        for hand, load in zip(self._hands, self.payload, strict=True):
            share = (load / (mass[:, hand] + load))[:, None]
            com[:, hand] += share * (PALM - com[:, hand])
            mass[:, hand] += load
        self._batch.set_const()
        stiffness = gains(G1)[:, 0] * rng.uniform(0.9, 1.1, (n, 29))
        damping = gains(G1)[:, 1] * rng.uniform(0.8, 1.2, (n, 29))
        expand("actuator_gainprm")[:, :, 0] = stiffness
        bias = expand("actuator_biasprm")
        bias[:, :, 1], bias[:, :, 2] = -stiffness, -damping
        self.delay = rng.uniform(0.0, 1.0, n)
        """Share of a command's time in which the motors still follow the last one (N,)."""

    def _draw_payload(self, heaviest: float, rng: np.random.Generator) -> np.ndarray:
        """Return kg in both hands (2, N): nothing, one thing, or one thing in both."""
        # More often heavy than light: what is heavy is hard.
        load = heaviest * np.sqrt(rng.random((2, self.count)))
        load[rng.random((2, self.count)) < 0.3] = 0.0
        both = rng.random(self.count) < 0.65
        load[1, both] = load[0, both]
        return load

    # Where the robots are.

    @property
    def orientation(self) -> np.ndarray:
        """(N, 4) of the pelvis, wxyz."""
        return self._state["qpos"][:, 3:7]

    @property
    def angular_velocity(self) -> np.ndarray:
        """(N, 3) of the pelvis in its own frame (rad/s)."""
        return self._state["qvel"][:, 3:6]

    @property
    def joints(self) -> np.ndarray:
        """(N, 29) rad."""
        return self._state["qpos"][:, self._order]

    @property
    def joint_velocities(self) -> np.ndarray:
        """(N, 29) rad/s."""
        return self._state["qvel"][:, self._dofs]

    @property
    def torso(self) -> np.ndarray:
        """(N, 4) orientation of the torso, wxyz."""
        return self._derived["xquat"][:, self._torso]

    @property
    def soles(self) -> np.ndarray:
        """(N, 2, 3) m, left first."""
        return self._derived["site_xpos"][:, self._feet]

    @property
    def sole_tilt(self) -> np.ndarray:
        """(2, N) sine of the angle between sole and level."""
        up = self._derived["site_xmat"][:, self._feet].reshape(-1, 2, 9)[:, :, 8]
        return np.sqrt(np.maximum(1 - up**2, 0)).T

    @property
    def touching(self) -> np.ndarray:
        """(2, N) whether a foot bears more than 1 N."""
        return self._derived["sensordata"].T > 1.0

    @property
    def torque(self) -> np.ndarray:
        """(N, 29) N m."""
        return self._derived["actuator_force"]

    def height(self) -> np.ndarray:
        """Return (N,) m of the pelvis over the ground below it."""
        qpos = self._state["qpos"]
        return qpos[:, 2] if self.terrain is None else qpos[:, 2] - self.terrain.under(qpos[:, 0], qpos[:, 1])

    def sole_heights(self) -> np.ndarray:
        """Return (2, N) m of the soles over the ground below them."""
        soles = self.soles
        if self.terrain is None:
            return soles[:, :, 2].T
        return (soles[:, :, 2] - self.terrain.under(soles[:, :, 0], soles[:, :, 1])).T

    def heading(self) -> np.ndarray:
        """Return the pelvis's yaw (N,) rad."""
        w, x, y, z = self.orientation.T
        return np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))

    def heading_velocity(self) -> np.ndarray:
        """Return the pelvis's velocity (N, 3) m/s, x where it heads."""
        heading = self.heading()
        vx, vy, vz = self._state["qvel"][:, :3].T
        cosine, sine = np.cos(heading), np.sin(heading)
        return np.stack([cosine * vx + sine * vy, -sine * vx + cosine * vy, vz], axis=1)

    def broken(self) -> np.ndarray:
        """Return which robots (N,) have numbers that cannot be."""
        return ~np.isfinite(self._state["qpos"].sum(1))

    # What happens to them.

    def step(self, targets: np.ndarray, force: np.ndarray) -> None:
        """Drive all joints to `targets` (N, 29) rad for one command's time, `force` (N, 3) N on the torso."""
        self._state["xfrc_applied"][:, self._torso, :3] = force
        for number in range(self._substeps):
            late = (number < self.delay * self._substeps - 0.5)[:, None]
            self._state["ctrl"][:] = np.where(late, self._last_ctrl, targets)
            self._batch.step()
        self._last_ctrl = targets

    def stand(self, ids: np.ndarray, levels: np.ndarray, rng: np.random.Generator) -> None:
        """Put the robots `ids` on their feet, a little disturbed, on ground as hard as `levels` (K,)."""
        count = len(ids)
        qpos, qvel = self._state["qpos"], self._state["qvel"]
        place = np.zeros((count, 3)) if self.terrain is None else self.terrain.starts(rng, levels)
        place[:, 2] += STANDING
        qpos[ids, :3] = place
        lean = rng.normal(scale=0.03, size=(count, 2))
        yaw = rng.uniform(-np.pi, np.pi, count)
        qpos[ids, 3:7] = quaternion(np.concatenate([lean, yaw[:, None]], axis=1))
        qpos[ids[:, None], self._order] = self.rest + rng.normal(scale=0.03, size=(count, 29))
        qvel[ids] = rng.normal(scale=0.05, size=(count, qvel.shape[1]))
        qvel[ids, :2] += rng.normal(scale=0.15, size=(count, 2))
        self._state["ctrl"][ids] = self._last_ctrl[ids] = self.rest
        self._state["xfrc_applied"][ids] = 0.0
        self._state["qacc_warmstart"][ids] = 0.0

    def forward(self) -> None:
        """Compute all that follows from places and speeds, as after a step."""
        self._batch.forward()

    # Stopping and going on.

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        own = {name: getattr(self, name) for name in ("period", "friction", "payload", "delay", "_last_ctrl")}
        different = {name: self._batch.expand(name) for name in _DIFFERENT}
        return {name: value.copy() for name, value in (own | self._state | different).items()}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned."""
        for name in ("period", "friction", "payload", "delay", "_last_ctrl"):
            setattr(self, name, saved[name].copy())
        for name in _DIFFERENT:
            self._batch.expand(name)[:] = saved[name]
        self._batch.set_const()
        for name in _STATE:
            self._state[name][:] = saved[name]


def quaternion(rpy: np.ndarray) -> np.ndarray:
    """Return (N, 4) wxyz of roll, pitch, yaw (N, 3) rad."""
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


def turned(quaternions: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Return (N, 4) turned in the world by small rotation vectors (N, 3) rad."""
    w, x, y, z = quaternions.T
    a, b, c = 0.5 * small.T
    result = np.stack(
        [w - a * x - b * y - c * z, x + a * w + b * z - c * y, y + b * w + c * x - a * z, z + c * w + a * y - b * x],
        axis=1,
    )
    return result / np.linalg.norm(result, axis=1, keepdims=True)
