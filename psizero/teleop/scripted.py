"""A scripted operator: does what a person with a headset would do, and nothing else.

It sees where the props are, as a person sees them through the robot's eyes, and moves
its own head, wrists, fingers and thumbs. What it gives out is `OperatorFrame`s of a human-sized
body at 60 Hz, unsteady and never twice the same: it starts late, takes its time or
hurries, aims a little wrong and corrects itself. Like a person it watches the robot's
hand and makes up for what is missing.
"""

import numpy as np

from psizero.geometry import Pose, exp, from_rpy, interpolate, multiply
from psizero.sim.task import TaskEpisode
from psizero.teleop.calibration import Calibration
from psizero.teleop.operator import OperatorFrame
from psizero.teleop.sight import SIDES, Sight
from psizero.teleop.skills import Stroke, strokes_of
from psizero.teleop.thumbsticks import Thumbsticks

_PATIENCE = 2.0
"""How long a person waits for what a stroke should have done (s)."""
_TRIES = 3
"""How often a person begins anew after a stroke in vain."""
_LONGEST_WALK = 12.0
"""How long a person steers before being content with where the robot is (s)."""


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
        self._calibration = calibration
        self._sight = Sight(episode)
        self._noise = {side: Unsteadiness(rng, 0.0025, 0.012) for side in SIDES}
        self._aim_error = {side: rng.normal(scale=0.012, size=3) * (1, 1, 0.5) for side in SIDES}
        # A person's hand is where the robot's hand is when the robot starts to follow.
        self._wrists = {side: self._sight.wrist(side) for side in SIDES}
        self._head = self._sight.head()
        self._stroke_start = dict(self._wrists)
        self._body_from_start: dict[str, Pose] | None = None
        self._lean = self._stroke_lean = 0.0
        self._gaze = self._stroke_gaze = 0.0
        self._curl: dict[str, float] = dict.fromkeys(SIDES, 0.0)
        self._stroke_curl = dict(self._curl)
        self._correction = {side: np.zeros(3) for side in SIDES}
        plan = strokes_of(episode.task.name, self._sight)
        hurry = np.exp(rng.normal(scale=0.12))
        self._strokes = [(stroke, stroke.seconds * hurry * np.exp(rng.normal(scale=0.08))) for stroke in plan]
        self._strokes.insert(0, (Stroke(name="wait", seconds=0.0), rng.uniform(0.05, 0.3)))
        self._sticks = Thumbsticks(rng.spawn(1)[0])
        self._index = self._tries = 0
        self._begin = 0.0
        self._last: float | None = None

    @property
    def finished(self) -> bool:
        """Whether the last stroke is over."""
        return self._index >= len(self._strokes)

    @property
    def stage(self) -> str:
        """Name of the stroke under way."""
        return "done" if self.finished else self._strokes[self._index][0].name

    def poll(self, now: float) -> OperatorFrame:
        """Return where the person's head, wrists, fingers and thumb-sticks are at `now` (s)."""
        if self._last is None:
            self._last = self._begin = now
        dt = now - self._last
        self._last = now
        self._steer(now, dt)
        self._advance(now, dt)
        wrists = {side: self._unsteady(side, dt) for side in SIDES}
        to_operator = self._calibration.operator_from_stance
        return OperatorFrame(
            time=now,
            head=to_operator(self._leaning_head()),
            left_wrist=to_operator(wrists["left"]),
            right_wrist=to_operator(wrists["right"]),
            left_curl=np.full(3, self._curl["left"]),
            right_curl=np.full(3, self._curl["right"]),
            base_velocity=self._sticks.velocity.copy(),
            engaged=True,
        )

    def _steer(self, now: float, dt: float) -> None:
        way = None if self.finished else self._strokes[self._index][0].way
        self._sticks.steer(None if way is None else way(), now, dt)

    def _advance(self, now: float, dt: float) -> None:
        while not self.finished:
            stroke, seconds = self._strokes[self._index]
            share = (now - self._begin) / seconds
            self._move(stroke, minimum_jerk(share))
            if share < 1.0 or not self._is_over(stroke, now, now - self._begin - seconds):
                return
            again = stroke.missed() and self._tries < _TRIES
            self._tries += again
            self._index = 1 if again else self._index + 1
            # A stroke that was not waited for ended between two polls.
            self._begin = max(self._begin + seconds, now - dt)
            self._sticks.set_out()
            self._body_from_start = None
            self._stroke_start, self._stroke_curl = dict(self._wrists), dict(self._curl)
            self._stroke_lean, self._stroke_gaze = self._lean, self._gaze

    def _is_over(self, stroke: Stroke, now: float, waited: float) -> bool:
        there = stroke.way is None or self._sticks.arrived(now, stroke.stay)
        return (there and stroke.done()) or waited > (_PATIENCE if there else _LONGEST_WALK)

    def _move(self, stroke: Stroke, progress: float) -> None:
        """Bring hands, fingers and head `progress` of the way from where the stroke began to where it leads."""
        start = self._stroke_start
        if stroke.over is not None:
            # Seen anew: what the hands were over has not moved when the robot has.
            stance_from_body = self._sight.see(stroke.over)
            start = {side: stance_from_body * pose for side, pose in self._start_over(stroke.over).items()}
        goals = stroke.goal(start) if stroke.goal is not None else {}
        if goals:
            self._lean = self._stroke_lean + (self._lean_towards(goals) - self._stroke_lean) * progress
        if goals or stroke.way is not None:
            self._gaze = self._stroke_gaze + (self._look_at(stroke.look) - self._stroke_gaze) * progress
        for side, goal in goals.items():
            goal = Pose(goal.position + self._aim_error[side] * self._aim_left(stroke.name), goal.orientation)
            self._wrists[side] = interpolate(start[side], goal, progress)
        for side, curl in stroke.curl.items():
            self._curl[side] = self._stroke_curl[side] + (curl - self._stroke_curl[side]) * progress

    def _start_over(self, body: str) -> dict[str, Pose]:
        """Return `body_from_wrist` of both wrists at the beginning of the stroke."""
        if self._body_from_start is None:
            back = self._sight.see(body).inverse()
            self._body_from_start = {side: back * pose for side, pose in self._stroke_start.items()}
        return self._body_from_start

    @staticmethod
    def _aim_left(stroke: str) -> float:
        """How much of the first aim's error is left: near the thing a person sees better."""
        return {"go": 1.0, "down": 0.5, "reach": 0.15}.get(stroke, 0.0)

    @staticmethod
    def _lean_towards(goals: dict[str, Pose]) -> float:
        """Return how far (m) a person's head goes forward to reach the goals: nothing near, more when far."""
        farthest = max(float(pose.position[0]) for pose in goals.values())
        return float(np.clip(0.9 * (farthest - 0.16), 0.0, 0.16))

    def _look_at(self, body: str | None) -> float:
        """Return how far (rad) a person turns the head towards a thing, half of the way to it."""
        place = self._sight.see(body or self._sight.prop).position
        return float(np.clip(0.5 * np.arctan2(place[1], place[0]), -0.4, 0.4))

    def _leaning_head(self) -> Pose:
        # A spine of about half a metre: leaning forward lowers the head and tilts the gaze.
        tilt = self._lean / 0.45
        place = self._head.position + np.array([self._lean, 0.0, -0.5 * tilt * self._lean])
        return Pose(place, multiply(from_rpy(0.0, tilt, self._gaze), self._head.orientation))

    def _unsteady(self, side: str, dt: float) -> Pose:
        wish = self._wrists[side]
        missing = wish.position - self._sight.wrist(side).position
        # Slow visual feedback: within about a second a person makes up for a hand that hangs low.
        self._correction[side] = np.clip(self._correction[side] + 0.8 * dt * missing, -0.03, 0.03)
        shake, turn = self._noise[side].step(dt)
        return Pose(wish.position + self._correction[side] + shake, multiply(exp(turn), wish.orientation))
