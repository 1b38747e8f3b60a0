"""From a few poses that a person passes through to every frame of the movement, head and prop included.

Hands go from pose to pose as human reaches do (minimum jerk, Flash and Hogan 1985), unsteady as a
hand in the air is; the trunk leans as far as the arms need; the head turns, late, to
what is looked at, and sways. A prop that is gripped is carried along: it keeps its place in the
hand to the last digit. Nothing is simulated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from psizero.embodiment.human import HumanMotion, HumanSize, shoulders
from psizero.embodiment.human_hand import SIDES
from psizero.geometry import Pose, from_matrix, from_rpy, interpolate, to_matrix
from psizero.sim.human_person import Person

FPS = 30.0
"""Frames per second, as in EgoDex."""
_EASY_REACH = 0.93
"""Share of an arm's length up to which a person does not lean."""
_MOST_LEAN = 1.0
"""Nobody leans further (rad)."""
_GAZE_LAG = 0.18
"""Time in which the head makes up for two thirds of a glance (s)."""
_SWAY = np.array([0.010, 0.012, 0.012])
"""Sway of the head about x, y, z (rad)."""
_STEPS_PER_SECOND = 1.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One stroke of a movement: where everything is at its end. What is left out stays where it is."""

    name: str
    seconds: float
    wrists: Mapping[str, np.ndarray] = field(default_factory=dict)
    """`world_from_wrist` (4, 4) by side."""
    fingers: Mapping[str, np.ndarray] = field(default_factory=dict)
    """(5, 4) rad by side."""
    base: tuple[float, float, float] | None = None
    """Where the hips are on the floor, x, y (m), and how the body is turned (rad)."""
    look: str | tuple[float, float, float] | None = None
    """Prop or place (m) that is looked at."""
    tremor: float = 1.0
    """Unsteadiness of the hands at the end, as a share of the person's."""
    grip: str | None = None
    """Prop that the hands hold from the end of this beat on."""
    release: bool = False
    """Whether the hands let go of what they hold at the beginning of this beat."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Performance:
    """What happened in N frames."""

    motion: HumanMotion
    world_from_prop: Mapping[str, np.ndarray]
    """(N, 4, 4) by name."""
    beat: tuple[str, ...]
    """Name of the beat of each frame."""


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """The state at the end of a beat; wrists are given in the frame of the hips."""

    base: np.ndarray
    lean: float
    wrists: dict[str, Pose]
    fingers: dict[str, np.ndarray]
    tremor: float


def perform(
    person: Person,
    start: Mapping[str, np.ndarray],
    beats: Sequence[Beat],
    world_from_prop: Mapping[str, Pose],
    hands: tuple[str, ...],
    rng: np.random.Generator,
) -> Performance:
    """Return all frames of a movement that begins with the wrists at `start`; the first of `hands` leads what is held.

    The first beat tells the fingers of both hands; props start at `world_from_prop`.
    """
    lengths = [beat.seconds * person.hurry * np.exp(rng.normal(scale=0.08)) for beat in beats]
    ends = np.maximum(1, np.round(np.cumsum(lengths) * FPS)).astype(int)
    frame = np.arange(ends[-1])
    beat_of = np.searchsorted(ends, frame, side="right")
    begins = np.concatenate([[0], ends[:-1]])
    progress = _minimum_jerk((frame - begins[beat_of] + 1) / (ends - begins)[beat_of])
    keys = _keys(person, start, beats)
    bases = _blend([key.base for key in keys], beat_of, progress)
    hips = _hips(person, bases)
    leans = _blend([key.lean for key in keys], beat_of, progress)
    leans = leans + 0.006 * _smooth(rng, len(frame), 1, 1.2)[:, 0]
    tremor = person.tremor * _blend([key.tremor for key in keys], beat_of, progress)
    wrists = {side: _wrists(side, keys, beat_of, progress, hips, tremor, rng) for side in SIDES}
    fingers = {side: _blend([key.fingers[side] for key in keys], beat_of, progress) for side in SIDES}
    props = _carried(beats, ends, world_from_prop, wrists, hands)
    looks = _looked_at(beats, beat_of, props)
    head = _head(person, hips, leans, looks, rng)
    motion = HumanMotion(
        world_from_hip=hips, lean=leans, world_from_head=head, world_from_wrist=wrists, fingers=fingers
    )
    return Performance(motion=motion, world_from_prop=props, beat=tuple(beats[int(index)].name for index in beat_of))


def _minimum_jerk(share: np.ndarray) -> np.ndarray:
    return share**3 * (10 - 15 * share + 6 * share * share)


def _blend(keys: Sequence[np.ndarray | float], beat_of: np.ndarray, progress: np.ndarray) -> np.ndarray:
    values = np.array(keys)
    share = progress.reshape(-1, *(1,) * (values.ndim - 1))
    return values[beat_of] * (1 - share) + values[beat_of + 1] * share


def _keys(person: Person, start: Mapping[str, np.ndarray], beats: Sequence[Beat]) -> list[_Key]:
    base = np.array([*person.hip[:2], 0.0])
    back = np.linalg.inv(_hips(person, base[None])[0])
    wrists = {side: _to_pose(back @ start[side]) for side in SIDES}
    fingers = dict(beats[0].fingers)
    keys = [_Key(base, _lean_for(person, wrists), wrists, fingers, 1.0)]
    for beat in beats:
        base = base if beat.base is None else np.array(beat.base)
        back = np.linalg.inv(_hips(person, base[None])[0])
        wrists = wrists | {side: _to_pose(back @ pose) for side, pose in beat.wrists.items()}
        fingers = fingers | dict(beat.fingers)
        keys.append(_Key(base, _lean_for(person, wrists), wrists, fingers, beat.tremor))
    return keys


def _hips(person: Person, bases: np.ndarray) -> np.ndarray:
    """Return `world_from_hip` (N, 4, 4); who walks goes up and down a little."""
    result = np.zeros((len(bases), 4, 4))
    result[:, 3, 3] = 1.0
    for pose, base in zip(result, bases, strict=True):
        pose[:3, :3] = to_matrix(from_rpy(0.0, 0.0, float(base[2])))
    speed = np.linalg.norm(np.gradient(bases[:, :2], axis=0), axis=-1) * FPS if len(bases) > 1 else np.zeros(1)
    bob = 0.012 * np.minimum(speed / 0.6, 1.0) * np.sin(2 * np.pi * _STEPS_PER_SECOND / FPS * np.arange(len(bases)))
    result[:, :2, 3] = bases[:, :2]
    result[:, 2, 3] = person.hip[2] + bob
    return result


def _lean_for(person: Person, hip_from_wrist: Mapping[str, Pose]) -> float:
    """Return the least lean (rad) at which both arms reach their wrists."""
    reach = _EASY_REACH * (person.size.upper_arm + person.size.forearm)
    leans = np.linspace(person.lean, _MOST_LEAN, 40)
    free = shoulders(person.size, np.repeat(np.eye(4)[None], len(leans), axis=0), leans)
    far = np.max([np.linalg.norm(free[side] - hip_from_wrist[side].position, axis=-1) for side in SIDES], axis=0)
    near = np.flatnonzero(far <= reach)
    return float(leans[near[0] if len(near) else np.argmin(far)])


def _wrists(
    side: str,
    keys: Sequence[_Key],
    beat_of: np.ndarray,
    progress: np.ndarray,
    hips: np.ndarray,
    tremor: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return `world_from_wrist` (N, 4, 4) of one hand, unsteady."""
    shake = _smooth(rng, len(hips), 6, 0.35) * tremor[:, None]
    result = np.zeros((len(hips), 4, 4))
    for index, (beat, share) in enumerate(zip(beat_of, progress, strict=True)):
        pose = interpolate(keys[beat].wrists[side], keys[beat + 1].wrists[side], float(share))
        # A tremor of 1 mm comes with one of 6 mrad, as that of the scripted operator does.
        turned = to_matrix(from_rpy(*(6.0 * shake[index, 3:])))
        result[index] = hips[index] @ Pose(pose.position + shake[index, :3], pose.orientation).matrix()
        result[index, :3, :3] = result[index, :3, :3] @ turned
    return result


def _carried(
    beats: Sequence[Beat],
    ends: np.ndarray,
    world_from_prop: Mapping[str, Pose],
    wrists: dict[str, np.ndarray],
    hands: tuple[str, ...],
) -> dict[str, np.ndarray]:
    """Return the props' poses (N, 4, 4); hands behind the first one keep their places on the prop from the grip on."""
    count = int(ends[-1])
    props = {name: np.repeat(pose.matrix()[None], count, axis=0) for name, pose in world_from_prop.items()}
    held, since = None, 0
    for beat, begin, end in zip(beats, [0, *ends[:-1]], ends, strict=True):
        if held is not None and beat.release:
            _carry(props[held], wrists, hands, since, int(begin))
            held = None
        if beat.grip is not None:
            held, since = beat.grip, int(end) - 1
    if held is not None:
        _carry(props[held], wrists, hands, since, count)
    return props


def _carry(prop: np.ndarray, wrists: dict[str, np.ndarray], hands: tuple[str, ...], since: int, until: int) -> None:
    """Move the prop (N, 4, 4) with the first hand from frame `since` to before `until`; then it stays."""
    lead, *others = hands
    lead_from_prop = np.linalg.inv(wrists[lead][since]) @ prop[since]
    prop[since:until] = wrists[lead][since:until] @ lead_from_prop
    prop[until:] = prop[until - 1]
    for side in others:
        prop_from_wrist = np.linalg.inv(prop[since]) @ wrists[side][since]
        wrists[side][since:until] = prop[since:until] @ prop_from_wrist


def _looked_at(beats: Sequence[Beat], beat_of: np.ndarray, props: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the place (N, 3) that is looked at in each frame (m)."""
    result = np.zeros((len(beat_of), 3))
    look: str | tuple[float, float, float] = next(beat.look for beat in beats if beat.look is not None)
    for index, beat in enumerate(beats):
        look = beat.look or look
        frames = beat_of == index
        result[frames] = props[look][frames, :3, 3] if isinstance(look, str) else look
    return result


def _head(
    person: Person, hips: np.ndarray, leans: np.ndarray, looks: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return `world_from_head` (N, 3, 3)."""
    sway = _smooth(rng, len(leans), 3, 0.8) * _SWAY
    keep = np.exp(-1 / (FPS * _GAZE_LAG))
    place = _eye_places(person.size, hips, leans)
    result = np.zeros((len(leans), 3, 3))
    turned = np.zeros(2)
    for index, (hip, eye, look) in enumerate(zip(hips, place, looks, strict=True)):
        x, y, z = hip[:3, :3].T @ (look - eye)
        wish = person.gaze_share * np.array([np.arctan2(-z, np.hypot(x, y)), np.clip(np.arctan2(y, x), -1.2, 1.2)])
        turned = wish if index == 0 else keep * turned + (1 - keep) * wish
        roll, pitch, yaw = np.array([0.0, *turned]) + sway[index]
        result[index] = hip[:3, :3] @ to_matrix(from_rpy(roll, pitch, yaw))
    return result


def _eye_places(size: HumanSize, hips: np.ndarray, leans: np.ndarray) -> np.ndarray:
    """Return about where the eyes are (N, 3), to know where to look."""
    both = shoulders(size, hips, leans)
    return 0.5 * (both["left"] + both["right"]) + np.array([0.0, 0.0, 0.118 * size.height])


def _smooth(rng: np.random.Generator, count: int, columns: int, seconds: float) -> np.ndarray:
    """Return (count, columns) of smooth noise with deviation 1 that forgets itself in `seconds`."""
    half = int(3 * seconds * FPS)
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / (0.5 * seconds * FPS)) ** 2)
    kernel /= np.sqrt(np.sum(kernel**2))
    white = rng.normal(size=(count + 2 * half, columns))
    return np.stack([np.convolve(column, kernel, mode="valid") for column in white.T], axis=-1)


def _to_pose(matrix: np.ndarray) -> Pose:
    return Pose(matrix[:3, 3].copy(), from_matrix(matrix[:3, :3]))
