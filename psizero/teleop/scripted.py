"""A scripted operator: does what a person with a headset would do, and nothing else.

It sees where the props are, as a person sees them through the robot's eyes, and moves
its own head, wrists and fingers. What it gives out is `OperatorFrame`s of a human-sized
body at 60 Hz, unsteady and never twice the same: it starts late, takes its time or
hurries, aims a little wrong and corrects itself. Like a person it watches the robot's
hand and makes up for what is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psizero.geometry import Pose, exp, from_rpy, interpolate, multiply, to_rpy
from psizero.sim.scene import BOX_HALF, TABLE_TOP
from psizero.sim.task import TaskEpisode
from psizero.teleop.calibration import Calibration
from psizero.teleop.operator import OperatorFrame

SIDES: tuple[str, ...] = ("left", "right")

_BOTTLE_IN_HAND = np.array([0.112, 0.054, 0.0])
"""Where the axis of a bottle lies in the right wrist's frame when the palm touches it (m)."""
_BOX_AHEAD = 0.165
"""How far a box's centre is ahead of the wrists when the thumbs are behind it (m)."""
_PALM = 0.017
"""How far the palm's surface is inward of the wrist's axis (m)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """One stroke of a movement: where both wrists go, and how far the fingers close."""

    name: str
    seconds: float
    goal: Callable[[], dict[str, Pose]] | None
    """Poses `stance_from_wrist` by side, asked anew each time because things move; `None`: stay."""
    curl: dict[str, float]
    """Finger curl at the end by side, 0 open to 1 closed; sides left out keep theirs."""


class Unsteadiness:
    """Smooth noise of a hand held in the air: an Ornstein-Uhlenbeck process in place and turn."""

    def __init__(self, rng: np.random.Generator, metres: float, radians: float, seconds: float = 0.4) -> None:
        self._rng, self._seconds = rng, seconds
        self._size = np.array([metres] * 3 + [radians] * 3)
        self._value = rng.normal(size=6) * self._size

    def step(self, dt: float) -> tuple[np.ndarray, np.ndarray]:
        """Return an offset (3,) m and a rotation vector (3,) rad, `dt` (s) after the last."""
        keep = np.exp(-dt / self._seconds)
        self._value = keep * self._value + np.sqrt(1 - keep**2) * self._size * self._rng.normal(size=6)
        return self._value[:3], self._value[3:]


def minimum_jerk(share: float) -> float:
    """Return how far a human reach has come after `share` of its time (Flash and Hogan 1985)."""
    s = min(max(share, 0.0), 1.0)
    return s**3 * (10 - 15 * s + 6 * s * s)


class ScriptedOperator:
    """A `Device`: one person doing one task once."""

    def __init__(self, episode: TaskEpisode, calibration: Calibration, rng: np.random.Generator) -> None:
        self._episode, self._calibration, self._rng = episode, calibration, rng
        self._noise = {side: Unsteadiness(rng, 0.0025, 0.012) for side in SIDES}
        self._aim_error = {side: rng.normal(scale=0.012, size=3) * (1, 1, 0.5) for side in SIDES}
        # A person's hand is where the robot's hand is when the robot starts to follow.
        self._start = {side: self._robot_wrist(side) for side in SIDES}
        self._head = self._robot_head()
        self._wrists = dict(self._start)
        self._stroke_start = dict(self._start)
        self._lean = self._stroke_lean = 0.0
        self._gaze = self._stroke_gaze = 0.0
        self._curl: dict[str, float] = dict.fromkeys(SIDES, 0.0)
        self._stroke_curl = dict(self._curl)
        self._correction = {side: np.zeros(3) for side in SIDES}
        self._held: dict[str, Pose] = {}
        plan = {"pick_bottle": self._pick_bottle, "hug_box": self._hug_box}[episode.task.name]()
        hurry = np.exp(rng.normal(scale=0.12))
        self._stages = [(stage, stage.seconds * hurry * np.exp(rng.normal(scale=0.08))) for stage in plan]
        self._stages.insert(0, (_Stage(name="wait", seconds=0, goal=None, curl={}), rng.uniform(0.05, 0.3)))
        self._index = 0
        self._stage_start = 0.0
        self._last: float | None = None

    @property
    def finished(self) -> bool:
        """Whether the last stroke is over."""
        return self._index >= len(self._stages)

    @property
    def stage(self) -> str:
        """Name of the stroke under way."""
        return "done" if self.finished else self._stages[self._index][0].name

    def poll(self, now: float) -> OperatorFrame:
        """Return where the person's head, wrists and fingers are at `now` (s)."""
        if self._last is None:
            self._last = self._stage_start = now
        dt = now - self._last
        self._last = now
        self._advance(now)
        wrists = {side: self._unsteady(side, dt) for side in SIDES}
        to_operator = self._calibration.operator_from_stance
        return OperatorFrame(
            time=now,
            head=to_operator(self._leaning_head()),
            left_wrist=to_operator(wrists["left"]),
            right_wrist=to_operator(wrists["right"]),
            left_curl=np.full(3, self._curl["left"]),
            right_curl=np.full(3, self._curl["right"]),
            engaged=True,
        )

    def _advance(self, now: float) -> None:
        while not self.finished:
            stage, seconds = self._stages[self._index]
            share = (now - self._stage_start) / seconds
            progress = minimum_jerk(share)
            if stage.goal is not None:
                goals = stage.goal()
                self._gaze = self._stroke_gaze + (self._look_at_prop() - self._stroke_gaze) * progress
                self._lean = self._stroke_lean + (self._lean_towards(goals) - self._stroke_lean) * progress
                for side, goal in goals.items():
                    goal = Pose(goal.position + self._aim_error[side] * self._aim_left(stage.name), goal.orientation)
                    self._wrists[side] = interpolate(self._stroke_start[side], goal, progress)
            for side, curl in stage.curl.items():
                self._curl[side] = self._stroke_curl[side] + (curl - self._stroke_curl[side]) * progress
            if share < 1.0:
                return
            self._index += 1
            self._stage_start += seconds
            self._stroke_start, self._stroke_curl = dict(self._wrists), dict(self._curl)
            self._stroke_lean, self._stroke_gaze = self._lean, self._gaze
            self._held = dict(self._wrists)

    @staticmethod
    def _aim_left(stage: str) -> float:
        """How much of the first aim's error is left: near the thing a person sees better."""
        return {"go": 1.0, "down": 0.5, "reach": 0.15}.get(stage, 0.0)

    @staticmethod
    def _lean_towards(goals: dict[str, Pose]) -> float:
        """Return how far (m) a person's head goes forward to reach the goals: nothing near, more when far."""
        farthest = max(float(pose.position[0]) for pose in goals.values())
        return float(np.clip(0.9 * (farthest - 0.16), 0.0, 0.16))

    def _look_at_prop(self) -> float:
        """Return how far (rad) a person turns the head towards the prop, half of the way to it."""
        place = self._see(self._episode.task.prop).position
        return float(np.clip(0.5 * np.arctan2(place[1], place[0]), -0.4, 0.4))

    def _leaning_head(self) -> Pose:
        # A spine of about half a metre: leaning forward lowers the head and tilts the gaze.
        tilt = self._lean / 0.45
        place = self._head.position + np.array([self._lean, 0.0, -0.5 * tilt * self._lean])
        return Pose(place, multiply(from_rpy(0.0, tilt, self._gaze), self._head.orientation))

    def _unsteady(self, side: str, dt: float) -> Pose:
        wish = self._wrists[side]
        missing = wish.position - self._robot_wrist(side).position
        # Slow visual feedback: within about a second a person makes up for a hand that hangs low.
        self._correction[side] = np.clip(self._correction[side] + 0.8 * dt * missing, -0.03, 0.03)
        shake, turn = self._noise[side].step(dt)
        return Pose(wish.position + self._correction[side] + shake, multiply(exp(turn), wish.orientation))

    # What the person sees, in the robot's stance frame.

    def _world_from_stance(self) -> Pose:
        world = self._episode.world
        feet = [world.site(f"{side}_foot") for side in SIDES]
        middle = 0.5 * (feet[0].position + feet[1].position)
        across = feet[0].position - feet[1].position
        return Pose(np.array([middle[0], middle[1], 0.0]), from_rpy(0, 0, np.arctan2(-across[0], across[1])))

    def _see(self, body: str) -> Pose:
        return self._world_from_stance().inverse() * self._episode.world.pose(body)

    def _robot_wrist(self, side: str) -> Pose:
        return self._see(f"{side}_wrist_yaw_link")

    def _robot_head(self) -> Pose:
        return self._world_from_stance().inverse() * self._episode.world.site("head")

    # The two skills.

    def _bottle(self) -> Pose:
        """Return the bottle's middle with the heading of the hand that comes from the right shoulder."""
        place = self._see("bottle").position
        heading = np.clip(0.6 * np.arctan2(place[1] + 0.14, place[0] + 0.05), -0.6, 0.4)
        return Pose(np.array([place[0], place[1], TABLE_TOP + 0.085]), from_rpy(0.0, 0.0, heading))

    def _pick_bottle(self) -> list[_Stage]:
        def near(back: float, right: float, up: float) -> Callable[[], dict[str, Pose]]:
            offset = -_BOTTLE_IN_HAND + np.array([-back, -right, up])
            return lambda: {"right": self._bottle() * Pose(offset)}

        return [
            _Stage(name="go", seconds=1.1, goal=near(0.12, 0.03, 0.15), curl={}),
            _Stage(name="down", seconds=0.7, goal=near(0.10, 0.02, 0.01), curl={}),
            _Stage(name="reach", seconds=0.8, goal=near(0.0, 0.0, 0.0), curl={}),
            _Stage(name="close", seconds=0.6, goal=None, curl={"right": 1.0}),
            _Stage(name="lift", seconds=1.1, goal=self._raise("right"), curl={}),
            _Stage(name="hold", seconds=1.6, goal=None, curl={}),
        ]

    def _hug_box(self) -> list[_Stage]:
        def beside(back: float, apart: float) -> Callable[[], dict[str, Pose]]:
            def goal() -> dict[str, Pose]:
                box = self._see("box")
                # Palms give way by some degrees; hands that follow the box only in part stay where arms are strong.
                yaw = 0.55 * to_rpy(box.orientation)[2]
                middle = Pose(np.array([*box.position[:2], TABLE_TOP + 0.085]), from_rpy(0.0, 0.0, yaw))
                aside = BOX_HALF[1] + _PALM + apart
                return {
                    side: middle * Pose(np.array([-_BOX_AHEAD - back, sign * aside, 0.0]))
                    for side, sign in (("left", 1), ("right", -1))
                }

            return goal

        def short_of() -> dict[str, Pose]:
            # Not closer to the body than elbows can bend.
            room = min(float(pose.position[0]) for pose in beside(0.0, 0.0)().values()) - 0.05
            return beside(float(np.clip(room, 0.0, 0.07)), 0.045)()

        def above() -> dict[str, Pose]:
            return {
                side: Pose(pose.position + np.array([0.0, 0.0, 0.15]), pose.orientation)
                for side, pose in short_of().items()
            }

        return [
            _Stage(name="go", seconds=1.1, goal=above, curl={}),
            _Stage(name="down", seconds=0.7, goal=short_of, curl={}),
            _Stage(name="reach", seconds=0.7, goal=beside(0.0, 0.045), curl={}),
            _Stage(name="squeeze", seconds=0.7, goal=beside(0.0, -0.04), curl={}),
            _Stage(name="lift", seconds=1.2, goal=self._raise(*SIDES), curl={}),
            _Stage(name="hold", seconds=1.6, goal=None, curl={}),
        ]

    def _raise(self, *sides: str) -> Callable[[], dict[str, Pose]]:
        up = np.array([0.0, 0.0, 0.20])
        return lambda: {side: Pose(self._held[side].position + up, self._held[side].orientation) for side in sides}
