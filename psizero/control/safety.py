"""The one gate between any source of commands and the motors.

Person, policy and replay all pass `SafetyGate.check`. What comes out is finite,
lies within the joint ranges, and keeps the limits of speed and acceleration from
one call to the next, whatever came in. A command that keeps the limits already
passes unchanged.

What is wrong, and what follows, with legs that only stand and with legs that balance at
every step (`JointCommand.balancing`: System-0):

    wrong                            standing legs             balancing legs
    action missing or not finite     stands as it is; the controller has replaced it, the gate notes it
    command late or not finite       hold                      hold
    sensor late or not finite        hold                      hold
    clock stands, jumps back         hold                      hold
    any of these for long            damp after 0.5 s          damp after 0.2 s
    hold on demand                   all joints stay           arms and hands stay, legs go on balancing
    just armed, or a hold is over    all joints blend          arms and hands blend, legs are obeyed at once
    tilted, or soon                  damp                      damp
    no command at all                the receiver damps when the last one runs out, after 0.1 s

To hold is to slow to a stop with the last gains and torques. "For long" is counted in a bucket that
leaks: each faulty step fills it by one, each good one takes a quarter off, so faults
that come and go damp the robot too if there is one in every four steps.

The gate counts in steps of its own period and not by the clock, so that a clock
that jumps can neither make the robot jump nor keep it from stopping.
"""

from collections import Counter, deque
from dataclasses import dataclass
from enum import Enum

import numpy as np

from psizero.control.filters import FollowLimit
from psizero.embodiment.robot import RobotSpec
from psizero.errors import ConfigError
from psizero.geometry import normalize, rotate
from psizero.types import JointCommand, Observation


class GateState(Enum):
    """What the gate does with commands."""

    DISARMED = "disarmed"
    """Motors are limp but damped; commands are ignored."""
    RAMP = "ramp"
    """Blends from the pose the robot has to the pose it is asked to take."""
    ACTIVE = "active"
    """Commands pass, limited."""
    HOLD = "hold"
    """Slows to a stop and stays, with the gains it had; legs that balance go on."""
    DAMP = "damp"
    """Stiffness 0; leaves only by arming again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyConfig:
    """Limits of the gate; a joint's own limits hold where they are tighter."""

    rate: float = 60.0
    """Calls of `check` per second (Hz); speeds are counted at this rate."""
    speed: float = 8.0
    """Fastest joint of the arms (rad/s): a third of what the motors can do."""
    acceleration: float = 150.0
    """Largest acceleration of the arms (rad/s²): lets a 30 Hz plan with corners pass."""
    hand_speed: float = 12.0
    """Fastest finger joint (rad/s)."""
    hand_acceleration: float = 400.0
    """Largest acceleration of a finger joint (rad/s²)."""
    balance_speed: float = 40.0
    """Fastest target of legs and waist (rad/s): the motors' own limits are tighter."""
    balance_acceleration: float = 5000.0
    """Largest acceleration of it (rad/s²): a target ahead of a soft joint is a torque, and may jump."""
    balance_reach: float = 0.3
    """How far beyond a joint's end the target of balancing legs may lie (rad): it is a torque too."""
    balance_gap: float = 0.8
    """Distance to the commanded pose from which legs blend like arms when armed (rad): the robot hangs."""
    ramp_time: float = 1.5
    """Shortest blend at arming (s)."""
    ramp_speed: float = 1.0
    """Fastest joint while blending (rad/s); a far pose takes longer than `ramp_time`."""
    resume_time: float = 0.3
    """Shortest blend after a hold that ended by itself (s)."""
    observation_timeout: float = 0.1
    """Age at which an observation is stale (s)."""
    damp_after: float = 0.5
    """Time in a hold by fault after which the gate damps (s)."""
    balance_damp_after: float = 0.2
    """The same for a robot that balances: with legs that stay as they are it is about to fall (s)."""
    leak: float = 0.25
    """How much of a faulty step is forgiven by a good one."""
    validity: float = 0.1
    """Time after which the receiver of a command damps by itself (s)."""
    tilt: float = 0.8
    """Tilt of the pelvis at which the robot counts as falling (rad)."""
    tilt_soon: float = 1.1
    """The same for the tilt to be expected (rad); of 123 robots that stood 450 or 600 N, 122 stayed below."""
    tilt_horizon: float = 0.1
    """How far ahead the tilt is predicted from its rate (s)."""
    damping_share: float = 1.0
    """Damping when damped, as a share of each joint's own damping gain."""

    def __post_init__(self) -> None:
        for name, setting in self.__dataclass_fields__.items():
            if not getattr(self, name) > 0:
                raise ConfigError(
                    f"safety setting {name!r} must be greater than 0, got {getattr(self, name)}; try {setting.default}"
                )

    def check_rate(self, rate: float) -> None:
        """Refuse to be called `rate` times per second (Hz) if speeds are counted at another rate."""
        if rate != self.rate:
            raise ConfigError(
                f"the safety gate counts speeds at {self.rate:g} Hz, it would be called at {rate:g} Hz; "
                f"try SafetyConfig(rate={rate:g})"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyEvent:
    """Something the gate did not let pass; only its first step is recorded, the rest is counted."""

    time: float
    """Clock time (s)."""
    kind: str
    """`action`, `command`, `stale_command`, `observation`, `clock`, `range`, `limit`, `gain`, `fall` or `state`."""
    detail: str
    """What happened, in words."""


class SafetyGate:
    """Keeps every command within limits and stops the robot when something is wrong."""

    def __init__(self, robot: RobotSpec, config: SafetyConfig | None = None) -> None:
        self.config = config or SafetyConfig()
        self.state = GateState.DISARMED
        self.counters: Counter[str] = Counter()
        """How many steps each kind of event took part in."""
        self._events: deque[SafetyEvent] = deque(maxlen=1000)
        self._running: set[str] = set()
        self._lower, self._upper = robot.column("lower"), robot.column("upper")
        self._stiffness, self._damping = robot.column("stiffness"), robot.column("damping")
        self._effort = robot.column("effort")
        config = self.config
        self._legs = self._per_joint(robot, 0.0, 0.0, 1.0) > 0
        self._limit = FollowLimit(
            lower=self._lower - config.balance_reach * self._legs,
            upper=self._upper + config.balance_reach * self._legs,
            speed=np.minimum(
                self._per_joint(robot, config.speed, config.hand_speed, config.balance_speed), robot.column("velocity")
            ),
            acceleration=self._per_joint(
                robot, config.acceleration, config.hand_acceleration, config.balance_acceleration
            ),
            period=1.0 / config.rate,
        )
        self._limit.reset(robot.column("rest"))
        self._gains = self._stiffness, self._damping
        self._torques = self._start_torques = np.zeros_like(self._lower)
        self._blended = np.ones_like(self._legs)
        self._balancing = False
        self._gap = np.inf
        self._start = self._limit.position
        self._ramp_steps = self._ramp_length = 0
        self._trouble = 0.0
        self._hold_by_fault = False
        self._last_now = -np.inf

    @staticmethod
    def _per_joint(robot: RobotSpec, arms: float, hands: float, legs: float) -> np.ndarray:
        figure = np.full(len(robot.joints), arms)
        for group in robot.groups:
            if "hand" in group:
                figure[robot.indices(group)] = hands
            elif "leg" in group or group == "waist":
                figure[robot.indices(group)] = legs
        return figure

    @property
    def events(self) -> tuple[SafetyEvent, ...]:
        """The latest events, oldest first."""
        return tuple(self._events)

    def arm(self, observation: Observation, now: float) -> None:
        """Begin to blend from the pose the robot has, or holds, to the commanded one.

        Refused, with an event, on a stale or broken observation.
        """
        if fault := self._observation_fault(observation, now):
            self._note("observation", f"not armed: {fault}", now)
            return
        if self.state in (GateState.DISARMED, GateState.DAMP):
            # Limp motors follow nothing, so the sequence of positions starts anew where the robot is.
            self._limit.reset(np.clip(observation.joint_positions, self._lower, self._upper))
        self._running.clear()
        self._trouble = 0.0
        self._last_now = -np.inf
        self._begin_ramp(self.config.ramp_time, now, "armed", gap=self.config.balance_gap)

    def hold(self, now: float) -> None:
        """Slow to a stop and stay so until armed again; nothing if limp.

        Legs that balance go on as the controller tells them: to stop a robot that walks, give that no action.
        """
        if self.state not in (GateState.DISARMED, GateState.DAMP):
            self._hold_by_fault = False
            self._enter(GateState.HOLD, now, "asked to hold")

    def damp(self, now: float) -> None:
        """Make every joint limp but damped until armed again."""
        self._enter(GateState.DAMP, now, "asked to damp")

    def check(self, command: JointCommand, observation: Observation, now: float) -> JointCommand:
        """Return what may be sent to the motors; call once per period, in any state."""
        kind, detail = self._fault(command, observation, now)
        self._last_now = now if np.isfinite(now) else self._last_now
        if kind:
            self._note(kind, detail, now)
        self._running &= {kind, "action", "range", "limit", "gain"}
        if not kind:
            self._balancing = command.balancing
            self._watch_action(command, now)
        self._move_on(kind, detail, now)
        if self.state in (GateState.DISARMED, GateState.DAMP):
            return self._damped(now)
        if kind or (self.state is GateState.HOLD and not self._balancing):
            self._limit.brake()
            # The torques that carried the weight go on carrying it.
            return self._sent(*self._gains, self._torques, now, np.inf)
        return self._follow(command, now)

    def _fault(self, command: JointCommand, observation: Observation, now: float) -> tuple[str, str]:
        """Return kind and detail of the gravest thing that is wrong, or two empty strings."""
        # Deadlines are absolute: after a step that came late the next comes early, up to three quarters of a period.
        if not np.isfinite(now) or now - self._last_now < 0.25 / self.config.rate:
            return "clock", f"checked at {now} s, last at {self._last_now} s, expected {self.config.rate:g} Hz"
        # A robot may fall while other sensors fail.
        imu = self._imu_fault(observation)
        if not imu and (fault := self._fall(observation)):
            return "fall", fault
        if fault := imu or self._observation_fault(observation, now):
            return "observation", fault
        for name in ("positions", "stiffness", "damping", "torques"):
            values = np.asarray(getattr(command, name))
            if values.shape != self._lower.shape or values.dtype.kind not in "fiu":
                return "command", f"{name} are {values.shape} {values.dtype}, expected {self._lower.shape} numbers"
            if not np.isfinite(values).all():
                return "command", f"{name} of joint {int(np.argmin(np.isfinite(values)))} are not finite"
        if not now <= command.valid_until:
            return "stale_command", f"valid until {command.valid_until} s, it is {now} s"
        return "", ""

    def _observation_fault(self, observation: Observation, now: float) -> str:
        age = now - observation.time
        if not abs(age) <= self.config.observation_timeout:
            return f"observation is {age:.3f} s old, allowed is {self.config.observation_timeout} s"
        for name in ("joint_positions", "joint_velocities"):
            values = np.asarray(getattr(observation, name))
            if values.shape != self._lower.shape or not np.isfinite(values).all():
                return f"{name} are {values.shape}, expected {self._lower.shape} finite numbers"
        return self._imu_fault(observation)

    @staticmethod
    def _imu_fault(observation: Observation) -> str:
        for name, shape in (("world_from_pelvis", (4,)), ("pelvis_angular_velocity", (3,))):
            values = np.asarray(getattr(observation, name))
            if values.shape != shape or not np.isfinite(values).all():
                return f"{name} are {values.shape}, expected {shape} finite numbers"
        length = float(np.linalg.norm(observation.world_from_pelvis))
        return "" if 0.9 < length < 1.1 else f"orientation of the pelvis has length {length:.3f}, expected 1"

    def _fall(self, observation: Observation) -> str:
        """Say so if the pelvis leans too far, or will."""
        q = normalize(observation.world_from_pelvis)
        up = rotate(q, np.array([0.0, 0.0, 1.0]))
        tilt = float(np.arccos(np.clip(up[2], -1.0, 1.0)))
        # Rate of the tilt: the part of the turning that moves the up-axis away from vertical.
        turning = rotate(q, np.clip(observation.pelvis_angular_velocity, -100.0, 100.0))
        rate = float(np.cross(turning, up)[:2] @ up[:2]) / max(float(np.linalg.norm(up[:2])), 1e-6)
        ahead = tilt + max(rate, 0.0) * self.config.tilt_horizon
        if tilt > self.config.tilt or ahead > self.config.tilt_soon:
            allowed = f"allowed are {self.config.tilt} and {self.config.tilt_soon} rad"
            return f"pelvis tilted by {tilt:.2f} rad, {ahead:.2f} rad soon, {allowed}"
        return ""

    def _move_on(self, fault: str, detail: str, now: float) -> None:
        """Change the state as the fault of this step, or its absence, demands."""
        if self.state in (GateState.DISARMED, GateState.DAMP):
            return
        config = self.config
        on_demand = self.state is GateState.HOLD and not self._hold_by_fault
        # A hold on demand turns into a fault only when the robot is no longer seen.
        if fault and not (on_demand and fault != "observation"):
            self._trouble += 1.0
        else:
            self._trouble = max(0.0, self._trouble - config.leak)
        patience = config.balance_damp_after if self._balancing else config.damp_after
        if fault == "fall":
            self._enter(GateState.DAMP, now, detail)
        elif fault and self._trouble > patience * config.rate:
            self._enter(GateState.DAMP, now, f"faulty for {patience} s: {detail}")
        elif fault and self.state is not GateState.HOLD:
            self._hold_by_fault = True
            self._enter(GateState.HOLD, now, detail)
        elif not fault and self.state is GateState.HOLD and self._hold_by_fault:
            self._begin_ramp(config.resume_time, now, "fault is over")

    def _follow(self, command: JointCommand, now: float) -> JointCommand:
        """Pass the command on, blended while ramping and limited always."""
        wanted = np.asarray(command.positions, np.float64)
        reach = self.config.balance_reach * self._legs if self._balancing else 0.0
        target = np.clip(wanted, self._lower - reach, self._upper + reach)
        self._watch("range", np.abs(target - wanted), now)
        share = 1.0
        if self.state is GateState.RAMP:
            share = self._ramp_share(target)
            target = np.where(self._blended, self._start + share * (target - self._start), target)
            if share >= 1.0:
                self._enter(GateState.ACTIVE, now, "ramp is done")
        braking = ~self._legs if self.state is GateState.HOLD else np.zeros_like(self._legs)
        position = self._limit.follow(target, braking=braking)
        self._watch("limit", np.where(braking, 0.0, np.abs(position - target)), now)
        stiffness = np.clip(command.stiffness, 0.0, self._stiffness)
        damping = np.clip(command.damping, 0.0, self._damping)
        torques = np.clip(command.torques, -self._effort, self._effort)
        gain_error = np.maximum(np.abs(stiffness - command.stiffness), np.abs(damping - command.damping))
        self._watch("gain", np.maximum(gain_error, np.abs(torques - command.torques)), now)
        torques = self._start_torques + share * (torques - self._start_torques)
        torques = np.where(braking, self._torques, torques)
        self._gains = stiffness, damping
        return self._sent(stiffness, damping, torques, now, command.valid_until)

    def _ramp_share(self, target: np.ndarray) -> float:
        """Return how far the blend is, 0..1, with the speed profile of least jerk."""
        if self._ramp_steps == 0:
            away = np.abs(target - self._start)
            at_once = self._legs & self._balancing & (away[self._legs].max(initial=0.0) < self._gap)
            self._blended = ~at_once
            # 1.875 is the peak speed of a least-jerk path over its mean speed.
            far = 1.875 * float(np.max(away, where=self._blended, initial=0.0)) / self.config.ramp_speed
            self._ramp_length = max(self._ramp_length, int(np.ceil(far * self.config.rate)))
        self._ramp_steps += 1
        t = min(self._ramp_steps / self._ramp_length, 1.0)
        return t**3 * (10.0 + t * (6.0 * t - 15.0))

    def _begin_ramp(self, shortest: float, now: float, detail: str, *, gap: float = np.inf) -> None:
        """Begin to blend; legs that balance blend too where they are further than `gap` (rad) from the command."""
        self._gap = gap
        self._start, self._start_torques = self._limit.position, self._torques
        self._ramp_steps = 0
        self._ramp_length = max(1, int(np.ceil(shortest * self.config.rate)))
        self._enter(GateState.RAMP, now, detail)

    def _damped(self, now: float) -> JointCommand:
        self._limit.brake()
        zeros = np.zeros_like(self._lower)
        return self._sent(zeros, self.config.damping_share * self._damping, zeros, now, np.inf)

    def _sent(
        self, stiffness: np.ndarray, damping: np.ndarray, torques: np.ndarray, now: float, valid_until: float
    ) -> JointCommand:
        self._torques = torques
        return JointCommand(
            positions=self._limit.position,
            stiffness=stiffness,
            damping=damping,
            torques=torques,
            valid_until=min(valid_until, now + self.config.validity),
        )

    def _watch_action(self, command: JointCommand, now: float) -> None:
        """Note that the controller had to do without an action, once per run of steps."""
        if command.fault:
            self._note("action", command.fault, now)
        else:
            self._running.discard("action")

    def _watch(self, kind: str, deviation: np.ndarray, now: float) -> None:
        """Note that a joint was limited, once per run of steps."""
        joint = int(np.argmax(deviation))
        if deviation[joint] > 1e-6:
            self._note(kind, f"joint {joint} limited by {deviation[joint]:.4g}", now)
        else:
            self._running.discard(kind)

    def _note(self, kind: str, detail: str, now: float) -> None:
        self.counters[kind] += 1
        if kind not in self._running:
            self._running.add(kind)
            self._events.append(SafetyEvent(time=now, kind=kind, detail=detail))

    def _enter(self, state: GateState, now: float, detail: str) -> None:
        if state is not self.state:
            self.counters["state"] += 1
            self._events.append(SafetyEvent(time=now, kind="state", detail=f"{state.value}: {detail}"))
        self.state = state
