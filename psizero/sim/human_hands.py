"""Egocentric video of people, made here: human hands do the robot's tasks with the robot's props, seen from the head.

Every pose is known exactly. Props are not simulated: one that is gripped moves with the
hand (`human_motion`). Tables, props and the draws of where they stand are those of the
robot's tasks, in scenes of their own: no seed shows a person what a robot is judged on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from psizero.embodiment.human import ARKIT_FROM_WORLD, CAMERA, HumanMotion, hand_joints, human_joints
from psizero.embodiment.human_hand import SIDES, turn
from psizero.errors import ConfigError, SimulationError
from psizero.geometry import Pose, from_matrix
from psizero.sim.human_body import add_body, in_bone_frames, place_bones
from psizero.sim.human_motion import Performance, perform
from psizero.sim.human_person import Person, draw_person
from psizero.sim.human_skills import WORDS, beats_of, resting_wrists
from psizero.sim.rendering import Painter
from psizero.sim.scene import BOTTLE, BOTTLE_RADIUS, BOX_HALF, SECOND_TABLE, without_robot
from psizero.sim.sim_robot import HEAD_CAMERA, PICTURE_SIZE
from psizero.sim.task import TASKS, Task, draw_props, draw_second_table

_STREAM = 2
"""Scenes of people; those of evaluations are 0 and those of demonstrations 1 (`task.open_task`)."""
_TRIES = 20
"""How often a movement is drawn anew that would go through the prop that is not meant."""
_AROUND = {
    "bottle": np.array([BOTTLE_RADIUS, BOTTLE_RADIUS, BOTTLE.height]) + 0.015,
    "box": np.array(BOX_HALF) + 0.015,
}
"""Half the edges of the room that a prop and a finger's flesh take (m)."""
VIEW = float(np.deg2rad(62.0))
"""Vertical angle of view of the head camera (rad): between the robot's 54 and EgoDex's 72 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HumanEpisode:
    """One person doing one task once, N frames at 30 Hz."""

    task: str
    seed: int
    instruction: str
    person: Person
    performance: Performance
    world_from_joint: Mapping[str, np.ndarray]
    """(N, 4, 4) of the head camera and the 68 joints, under EgoDex's names."""

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.performance.motion)

    def egodex_transforms(self) -> dict[str, np.ndarray]:
        """Return the poses (N, 4, 4) float32 as EgoDex stores them, in a world with y up."""
        return {name: (ARKIT_FROM_WORLD @ pose).astype(np.float32) for name, pose in self.world_from_joint.items()}


def intrinsic(size: tuple[int, int]) -> np.ndarray:
    """Return the (3, 3) matrix of the head camera for pictures of `size` (height, width), in pixels."""
    height, width = size
    focal = height / 2 / np.tan(VIEW / 2)
    return np.array([[focal, 0.0, width / 2], [0.0, focal, height / 2], [0.0, 0.0, 1.0]])


def perform_task(task: str, seed: int) -> HumanEpisode:
    """Let a person do a task once; the same seed gives the same person, scene and numbers."""
    known = TASKS[task]
    if seed < 0:
        raise ConfigError(f"a seed is 0 or more, got {seed}; try {-seed}")
    scene_rng = np.random.default_rng([seed, _STREAM])
    props = draw_props(scene_rng)
    if known.walks:
        props[SECOND_TABLE] = draw_second_table(scene_rng)
    other = next(name for name in _AROUND if name != known.prop)
    for attempt in range(_TRIES):
        rng = np.random.default_rng([seed, _STREAM, sorted(TASKS).index(task), attempt])
        episode = _try(known, seed, props, rng)
        if _leaves_alone(episode, other):
            return episode
    raise SimulationError(
        f"no movement of {task} in the scene of seed {seed} leaves the {other} alone; try another seed"
    )


def _try(task: Task, seed: int, props: Mapping[str, Pose], rng: np.random.Generator) -> HumanEpisode:
    person = draw_person(rng, stands=task.walks)
    words = (*task.instructions, *WORDS[task.name])
    instruction = words[rng.integers(len(words))]
    start = resting_wrists(person, rng)
    # Of the hands that hold the prop the right one leads.
    done = perform(person, start, beats_of(task.name, person, props, rng), props, task.hands[::-1], rng)
    return HumanEpisode(
        task=task.name,
        seed=seed,
        instruction=instruction,
        person=person,
        performance=done,
        world_from_joint=human_joints(person.size, done.motion),
    )


def _leaves_alone(episode: HumanEpisode, prop: str) -> bool:
    """Whether no joint of a hand ever is where the prop is."""
    poses = episode.world_from_joint
    joints = np.stack([poses[name][:, :3, 3] for side in SIDES for name in hand_joints(side)], axis=1)
    world_from_prop = episode.performance.world_from_prop[prop]
    inside = (joints - world_from_prop[:, None, :3, 3]) @ world_from_prop[:, :3, :3]
    return not (np.abs(inside) < _AROUND[prop]).all(-1).any()


def pictures(episode: HumanEpisode, size: tuple[int, int] = PICTURE_SIZE) -> Iterator[np.ndarray]:
    """Yield what the person sees, uint8 (H, W, 3), frame by frame; `size` is height and width."""
    spec = without_robot(two=TASKS[episode.task].walks)
    add_body(spec, episode.person)
    eyes = spec.worldbody.add_body(name=HEAD_CAMERA, mocap=True)
    # A MuJoCo camera looks along -z with y up; EgoDex's looks along z with y down.
    eyes.add_camera(name=HEAD_CAMERA, quat=(0.0, 1.0, 0.0, 0.0), fovy=float(np.rad2deg(VIEW)))
    # Fingers are small in the picture: fewer facets look the same and are drawn faster.
    spec.visual.quality.numslices, spec.visual.quality.numstacks = 14, 8
    model = spec.compile()
    data = mujoco.MjData(model)
    painter = Painter(model)
    bones = in_bone_frames(episode.world_from_joint)
    bones |= {"chest": _chest(episode.performance.motion), HEAD_CAMERA: episode.world_from_joint[CAMERA]}
    try:
        for frame in range(len(episode)):
            place_bones(model, data, {name: poses[frame] for name, poses in bones.items()})
            for name, poses in episode.performance.world_from_prop.items():
                _place_prop(model, data, name, poses[frame])
            mujoco.mj_kinematics(model, data)
            mujoco.mj_camlight(model, data)
            yield painter.picture(data, HEAD_CAMERA, *size)
    finally:
        painter.close()


def _chest(motion: HumanMotion) -> np.ndarray:
    poses = motion.world_from_hip.copy()
    poses[:, :3, :3] = poses[:, :3, :3] @ turn(1, motion.lean)
    return poses


def _place_prop(model: mujoco.MjModel, data: mujoco.MjData, name: str, world_from_prop: np.ndarray) -> None:
    if name == SECOND_TABLE:
        place_bones(model, data, {name: world_from_prop})
        return
    joint = data.joint(name)
    joint.qpos[:3], joint.qpos[3:] = world_from_prop[:3, 3], from_matrix(world_from_prop[:3, :3])
