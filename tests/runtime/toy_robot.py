"""A peer for the loop: point masses that follow their commands, on a clock that is told the time."""

import threading

import numpy as np

from psizero.clock import Clock
from psizero.embodiment.layout import Field, PolicyLayout, VectorLayout
from psizero.embodiment.robot import Hinge, JointSpec, RobotSpec, SiteSpec
from psizero.types import ActionChunk, JointCommand, Observation

STATE = VectorLayout("toy_state", (Field("left_arm", ("a", "b"), "rad"),))
ACTION = VectorLayout("toy_action", (Field("left_arm", ("a", "b"), "rad"), Field("base_velocity", ("vx",), "m/s")))
LAYOUT = PolicyLayout("toy", STATE, ACTION, 30.0, ("head",))


HINGE = Hinge("x", -2.0, 2.0, velocity=10.0, effort=10.0, armature=0.01, stiffness=50.0, damping=2.0, rest=0.0)

SPEC = RobotSpec(
    name="toy",
    bodies=(),
    sites=(),
    head_camera=SiteSpec(name="head", body="torso", position=(0.0, 0.0, 0.0)),
    head_camera_fovy=1.0,
    joints=(JointSpec("a", HINGE), JointSpec("b", HINGE)),
    groups={"left_arm": ("a", "b")},
    standing_height=1.0,
)


class ToyRobot:
    """Two masses that are where they were told to be at the last command."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.positions = np.array([0.3, -0.2])
        self.sent: list[JointCommand] = []
        self.stopped = False

    def observe(self) -> Observation:
        return Observation(
            time=self._clock.now(),
            joint_positions=self.positions,
            joint_velocities=np.zeros(2),
            world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
            pelvis_angular_velocity=np.zeros(3),
            images={"head": np.zeros((4, 4, 3), np.uint8)},
        )

    def command(self, command: JointCommand) -> None:
        self.sent.append(command)
        self.positions = command.positions

    def stop(self) -> None:
        self.stopped = True


class ToyController:
    """Hands the arm values on as joint positions."""

    def __init__(self) -> None:
        self.values: list[np.ndarray] = []

    def reset(self, observation: Observation) -> None:
        self.values.clear()

    def state(self, observation: Observation) -> np.ndarray:
        return observation.joint_positions.astype(np.float32)

    def command(self, action: np.ndarray, observation: Observation, now: float) -> JointCommand:
        self.values.append(action)
        return JointCommand(
            positions=ACTION.get(action, "left_arm").astype(np.float64),
            stiffness=np.full(2, 50.0),
            damping=np.full(2, 2.0),
            torques=np.zeros(2),
            valid_until=now + 0.1,
        )


class RampPolicy:
    """Goes on from what was promised, or from the state, with the same step in every tick."""

    def __init__(self, step: float = 0.01, length: int = 30) -> None:
        self.step, self.length = step, length
        self.asked: list[tuple[int, int, str]] = []
        """(tick, promised rows, instruction) of every question."""
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.asked.append((observation.tick, len(promised), observation.instruction))
        start = promised[-1, :2] if len(promised) else observation.state
        rows = np.zeros((self.length, 3), np.float32)
        rows[: len(promised)] = promised
        count = np.arange(1, self.length - len(promised) + 1, dtype=np.float32)
        rows[len(promised) :, :2] = start + self.step * count[:, None]
        rows[len(promised) :, 2] = 0.4
        return ActionChunk(values=rows, start_tick=observation.tick)


class Gate:
    """Holds policies back until it is told to let them go on.

    Every test has a gate of its own: what one has left over would open that of another too early.
    """

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.heard: list[tuple[int, str]] = []
        """(tick, instruction) of what the policies were asked, in order."""

    def policy(self) -> "GatedPolicy":
        """Make a policy that this gate holds back."""
        return GatedPolicy(self)


class GatedPolicy(RampPolicy):
    """Answers only when its gate lets it."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self.gate = gate

    def act(self, observation: Observation, promised: np.ndarray) -> ActionChunk:
        self.gate.heard.append((observation.tick, observation.instruction))
        self.gate.begun.release()
        assert self.gate.go.acquire(timeout=10)
        return super().act(observation, promised)
