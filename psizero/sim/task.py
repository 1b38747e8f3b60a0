"""A task: a seeded scene, an instruction in words, and a judge.

A judge watches the physics at every control step, so that "held for a second" means
a second without a gap, and "left alone" means at no time moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from psizero.control.heading import HeadingConfig
from psizero.control.system_zero import SystemZero
from psizero.control.whole_body import WholeBodyController
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError
from psizero.geometry import Pose, from_rpy
from psizero.registry import Registry
from psizero.sim import scene
from psizero.sim.predicates import Fallen, Lifted, MovedFromStart, Placed
from psizero.sim.scene import PROPS, SECOND_TABLE, Prop, table_top, two_tables
from psizero.sim.sim_robot import PICTURE_SIZE, SimRobot, WorldClock
from psizero.sim.world import World

JUDGE_RATE = 60.0
"""How often the judge looks (Hz)."""

ACROSS, ALONG = 0.10, 0.08
"""Props start within ± this of their nominal place, across (x) and along (y) the table (m)."""
ROBOT_SHIFT = 0.03
"""The robot starts within ± this of the origin, in x and in y (m)."""
HAND_GAP = 0.10
"""Bottle and box stand at least this far apart (m): a hand must fit between them."""
HANDS_FIRST = HeadingConfig(start=float(np.deg2rad(12.0)), stop=float(np.deg2rad(4.0)), patience=1.0)
"""An arm that reaches out twists the pelvis by five degrees: no reason to step while the hand is at work."""
TABLE_SHIFT, TABLE_TURN = 0.05, float(np.deg2rad(5.0))
"""The second table stands within ± this of its nominal place, in x and in y (m), and yaw (rad)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStatus:
    """What the judge has seen up to now."""

    success: bool
    subtasks: Mapping[str, bool]
    failure: str | None
    """Why it can no longer succeed; `None` while it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked, in which words, and which prop is meant."""

    name: str
    prop: str
    hands: tuple[str, ...]
    """Sides whose hands must hold the prop."""
    instructions: tuple[str, ...]
    """Paraphrases; an episode draws one."""
    lift: float = 0.15
    """How high the prop must be lifted (m)."""
    hold: float = 1.0
    """For how long it must stay up, or stand where it was put (s)."""
    place_on: str | None = None
    """Table that the prop must be carried to and put on; `None`: lifting is all."""
    time_limit: float = 15.0
    """Seconds of an episode."""

    @property
    def walks(self) -> bool:
        """Whether the robot must walk, in a scene with two tables."""
        return self.place_on is not None


PICK_BOTTLE = Task(
    name="pick_bottle",
    prop="bottle",
    hands=("right",),
    instructions=(
        "pick up the bottle",
        "lift the blue bottle with one hand",
        "grab the bottle and hold it up",
        "take the bottle from the table",
        "please pick the bottle up",
        "raise the bottle",
        "get the blue bottle",
        "pick the bottle up and hold it in the air",
    ),
)
HUG_BOX = Task(
    name="hug_box",
    prop="box",
    hands=("left", "right"),
    instructions=(
        "lift the box with both arms",
        "pick up the box",
        "hug the red box and lift it",
        "take the box with two hands",
        "please raise the box with both hands",
        "grab the red box and hold it up",
        "get the box off the table",
        "lift the big box and keep it up",
    ),
)
WALK_AND_PLACE = Task(
    name="walk_and_place",
    prop="bottle",
    hands=("right",),
    instructions=(
        "carry the bottle to the green table",
        "take the bottle to the other table and put it down",
        "pick up the bottle, walk to the green table and place it there",
        "bring the blue bottle to the green table",
        "put the bottle on the green table",
        "move the bottle to the other table",
        "please carry the bottle over to the green table",
        "walk to the green table and set the bottle down on it",
    ),
    lift=0.05,
    hold=0.5,
    place_on=SECOND_TABLE,
    time_limit=40.0,
)
TASKS: Registry[Task] = Registry("task", {task.name: task for task in (PICK_BOTTLE, HUG_BOX, WALK_AND_PLACE)})


class TaskEpisode:
    """One seeded try at one task: a robot to drive, a clock to wait on, a judge to ask.

    Time passes only in `clock.sleep_until`, which also lets the judge look.
    """

    def __init__(
        self, task: Task, seed: int, world: World, instruction: str, *, pace: float, walking_legs: bool = False
    ) -> None:
        self.task = task
        self.seed = seed
        self.instruction = instruction
        self.walking_legs = walking_legs or task.walks
        """Whether System-0 moves the legs, or they only stand."""
        self.world = world
        self.robot = SimRobot(world, PICTURE_SIZE)
        self._clock = WorldClock(world, pace)
        self._next_look = world.time + 1 / JUDGE_RATE
        other = next(prop.name for prop in PROPS if prop.name != task.prop)
        self._lifted = Lifted(world, task.prop, task.hands, height=task.lift, hold=task.hold)
        self._moved = MovedFromStart(world, other)
        self._fallen = Fallen(world)
        self._placed = Placed(world, task.prop, task.place_on, still=task.hold) if task.place_on else None
        judges = (self._lifted, self._placed, self._moved, self._fallen)
        self._judges = tuple(judge for judge in judges if judge is not None)

    @property
    def time_limit(self) -> float:
        """Seconds after which the episode ends."""
        return self.task.time_limit

    @property
    def clock(self) -> "TaskEpisode":
        """The episode itself: its `now` and `sleep_until` are those of a `Clock`."""
        return self

    def controller(self) -> WholeBodyController:
        """Return what turns actions into commands here: on legs that walk (System-0), or that only stand."""
        lower_body = SystemZero(G1) if self.walking_legs else None
        return WholeBodyController(G1, G1_DEX3, lower_body=lower_body, heading=HANDS_FIRST)

    def now(self) -> float:
        """Simulated time (s)."""
        return self._clock.now()

    def sleep_until(self, deadline: float) -> None:
        """Simulate until `deadline` (s), judging on the way."""
        while self._next_look <= deadline:
            self._clock.sleep_until(self._next_look)
            for judge in self._judges:
                judge.look()
            self._next_look += 1 / JUDGE_RATE
        self._clock.sleep_until(deadline)

    def status(self) -> TaskStatus:
        """Return the judgement up to now; success needs the other prop left alone."""
        failure = None
        if self._fallen.seen:
            failure = "the robot fell"
        elif self._lifted.lost:
            failure = f"the {self.task.prop} fell off the table"
        elif self._moved.seen:
            failure = f"the {self._moved.prop} was moved"
        lifted, placed = self._lifted, self._placed
        last = {"brought": placed.brought, "placed": placed.placed} if placed else {"held": lifted.held}
        return TaskStatus(
            success=all(last.values()) and failure is None,
            subtasks={"touched": lifted.touched, "lifted": lifted.lifted}
            | last
            | {"other_left_alone": not self._moved.seen},
            failure=failure,
        )


@cache
def _world(two: bool) -> World:
    """Return this process's world with one table, or `two`: compiling costs more than resetting."""
    return World((two_tables if two else table_top)(G1), G1)


def open_task(
    name: str,
    seed: int,
    instruction: str | None = None,
    *,
    purpose: str = "evaluate",
    shift: Mapping[str, tuple[float, float]] | None = None,
    pace: float = 0.0,
    walking_legs: bool = False,
) -> TaskEpisode:
    """Set up a seeded episode; the one before it in this process ends.

    Scenes of one seed are the same for all tasks, so that only the words differ; a task that
    walks adds a table to it.
    `purpose` keeps the scenes of training (`collect`) and of evaluation apart: the
    same seed gives another scene. `shift` moves props by x, y (m). `pace` 1 lets the
    simulation keep real time. `walking_legs` puts System-0 under the robot also where the task does not walk.
    """
    task = TASKS[name]
    if seed < 0:
        raise ConfigError(f"a seed is 0 or more, got {seed}; try {-seed}")
    props = Registry("prop", {prop.name: prop for prop in PROPS})
    for prop in shift or {}:
        _ = props[prop]
    world = _world(task.walks)
    streams = {"evaluate": 0, "collect": 1}
    scene_rng = np.random.default_rng([seed, streams[purpose]])
    place_everything(world, scene_rng, shift or {})
    if task.walks:
        # Drawn last, so that all else is where it is without this table.
        world.place(SECOND_TABLE, draw_second_table(scene_rng))
    words_rng = np.random.default_rng([seed, streams[purpose], sorted(TASKS).index(name)])
    words = task.instructions[words_rng.integers(len(task.instructions))] if instruction is None else instruction
    return TaskEpisode(task, seed, world, words, pace=pace, walking_legs=walking_legs)


def place_everything(world: World, rng: np.random.Generator, shift: Mapping[str, tuple[float, float]]) -> None:
    """Reset the world and draw the start of robot, bottle and box."""
    world.reset()
    poses = draw_props(rng)
    for name, (x, y) in shift.items():
        poses[name] = Pose(poses[name].position + np.array([x, y, 0.0]), poses[name].orientation)
    world.shift_robot(*rng.uniform(-ROBOT_SHIFT, ROBOT_SHIFT, 2))
    for name, pose in poses.items():
        world.place(name, pose)


def draw_props(rng: np.random.Generator) -> dict[str, Pose]:
    """Draw where bottle and box start, far enough apart; `world_from_prop` by name."""
    while True:
        poses = {prop.name: _draw_pose(prop, rng) for prop in PROPS}
        if _gap(poses["box"], poses["bottle"]) >= HAND_GAP:
            return poses


def _draw_pose(prop: Prop, rng: np.random.Generator) -> Pose:
    x = prop.place[0] + rng.uniform(-ACROSS, ACROSS)
    y = prop.place[1] + rng.uniform(-ALONG, ALONG)
    yaw = rng.uniform(-prop.yaw_range, prop.yaw_range)
    return Pose(np.array([x, y, scene.TABLE_TOP + prop.height]), from_rpy(0.0, 0.0, yaw))


def draw_second_table(rng: np.random.Generator) -> Pose:
    """Draw where the second table stands, `world_from_table`."""
    x, y = np.array(scene.SECOND_PLACE) + rng.uniform(-TABLE_SHIFT, TABLE_SHIFT, 2)
    yaw = scene.SECOND_YAW + rng.uniform(-TABLE_TURN, TABLE_TURN)
    return Pose(np.array([x, y, scene.TABLE_TOP - scene.SECOND_HALF[2]]), from_rpy(0.0, 0.0, yaw))


def _gap(world_from_box: Pose, world_from_bottle: Pose) -> float:
    """Return the free distance (m) between the box and the bottle."""
    place = world_from_box.inverse().apply(world_from_bottle.position)
    outside = np.maximum(np.abs(place[:2]) - np.array(scene.BOX_HALF[:2]), 0.0)
    return float(np.linalg.norm(outside)) - scene.BOTTLE_RADIUS
