"""Other people's legs under the same judge: an ONNX file, and a JSON description of what goes in and out.

    {
      "policy": "walk.onnx",                     a path, from the description's own folder
      "rate": 50,                                answers per second (Hz)
      "action": {
        "joints": ["left_hip_pitch_joint", ...], in the network's order
        "default": [-0.3, ...],                  rad; one number stands for all, here and below
        "scale": 0.25,                           rad per 1 of the answer
        "clip": 100,                             largest answer
        "stiffness": [...], "damping": [...]     N m/rad, N m s/rad
      },
      "observation": {
        "joints": [...], "default": [...],       of positions and velocities; those of the action if left out
        "history": 1,                            instants, from old to new
        "by_part": false,                        true: first the history of the first part, then of the second, ...
        "parts": [
          {"name": "angular_velocity", "scale": 0.25},
          {"name": "command", "numbers": ["vx", "vy"], "scale": 2.0},
          {"name": "constant", "value": [0.0]}, ...
        ]
      },
      "gait": {"period": 1.0, "offsets": [0.0, 0.5], "standing": 0.5}
    }

Parts are named in `PARTS`; gravity and angular velocity are in the pelvis frame. The numbers of the
command that no part names are not understood and so ignored. Phases are in cycles; a robot that is asked
for no velocity stands with all phases at `standing`, or goes on where that is left out. Arms in the
action are the judge's: what the policy wants of them is dropped, though it still sees it as its last action.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from psizero.control.lower_body import COMMAND, Senses, sensed_joints
from psizero.embodiment.robot import RobotSpec
from psizero.errors import PolicyError
from psizero.evaluate.locomotion_world import rotations

PARTS = (
    "last_action",
    "angular_velocity",
    "gravity",
    "joint_positions",
    "joint_velocities",
    "command",
    "sin_phase",
    "cos_phase",
    "constant",
)
"""What an observation can be made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an observation."""

    name: str
    scale: np.ndarray
    """What it is multiplied by, one number or one per element."""
    numbers: tuple[int, ...] = ()
    """For "command": places in the command."""
    value: tuple[float, ...] = ()
    """For "constant"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a foreign policy sees and answers."""

    name: str
    policy: Path
    rate: float
    """Hz."""
    joints: tuple[str, ...]
    """All joints of the answer."""
    default: np.ndarray
    """(A,) rad."""
    scale: np.ndarray
    """(A,) rad per 1."""
    clip: float
    stiffness: np.ndarray
    """(A,) N m/rad."""
    damping: np.ndarray
    """(A,) N m s/rad."""
    seen_joints: tuple[str, ...]
    seen_default: np.ndarray
    """rad."""
    history: int
    by_part: bool
    parts: tuple[Part, ...]
    period: float
    """Of the gait (s)."""
    offsets: np.ndarray
    """Phases at the start of a walk (cycles)."""
    standing: float | None
    """Phase of all legs when standing (cycles)."""

    @staticmethod
    def read(path: Path, robot: RobotSpec) -> "Description":
        """Read a description; whatever is missing or does not fit the robot is named."""
        try:
            return _description(path, json.loads(path.read_text()), robot)
        except (OSError, ValueError) as error:
            raise PolicyError(f"{path} is no description of a policy: {error}; see psizero.evaluate.foreign_policy") \
                from error  # fmt: skip
        except PolicyError as error:
            raise PolicyError(f"{path}: {error}") from error


class ForeignPolicy:
    """A described network as a `Walker` for `count` robots."""

    def __init__(self, description: Description, robot: RobotSpec, count: int) -> None:
        self._about, self._count = description, count
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                description.policy.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # a missing file, or whatever the library raises for a damaged one
            reason = str(error).splitlines()[0][:200]
            raise PolicyError(f"{description.policy} is no ONNX file that can be run: {reason}") from error
        arms = {name for side in ("left", "right") for name in robot.groups[f"{side}_arm"]}
        self._kept = np.array([index for index, name in enumerate(description.joints) if name not in arms])
        self.joints = tuple(description.joints[index] for index in self._kept)
        """Joints of the targets: those of the answer that are no arms."""
        self.stiffness, self.damping = description.stiffness[self._kept], description.damping[self._kept]
        place = {name: index for index, name in enumerate(sensed_joints(robot))}
        self._seen = np.array([place[name] for name in description.seen_joints])
        self._check()
        self.reset()

    def reset(self, ids: np.ndarray | None = None) -> None:
        """Forget the past of all robots; `ids` must be all of them."""
        about = self._about
        self._answer = np.zeros((self._count, len(about.joints)))
        self._phase = np.tile(about.offsets, (self._count, 1))
        self._stands = np.ones(self._count, bool)
        self._frames: list[list[np.ndarray]] = []

    def act(self, command: np.ndarray, senses: Senses, dt: float) -> np.ndarray:
        """Return targets (N, len(joints)) rad."""
        about = self._about
        self._advance(command, dt)
        frame = [self._part(part, command, senses) for part in about.parts]
        self._frames = [*self._frames, frame] if self._frames else [frame] * about.history
        self._frames = self._frames[-about.history :]
        order = zip(*self._frames, strict=True) if about.by_part else self._frames
        seen = np.concatenate([part for group in order for part in group], axis=1).astype(np.float32)
        self._answer = np.clip(self._run(seen), -about.clip, about.clip)
        return (about.default + about.scale * self._answer)[:, self._kept]

    def _run(self, seen: np.ndarray) -> np.ndarray:
        entry = self._session.get_inputs()[0]
        rows = [seen] if not isinstance(entry.shape[0], int) else list(seen[:, None])
        return np.concatenate([np.asarray(self._session.run(None, {entry.name: row})[0]) for row in rows])

    def _advance(self, command: np.ndarray, dt: float) -> None:
        about = self._about
        self._phase = (self._phase + dt / about.period) % 1.0
        if about.standing is not None:
            stands = (np.hypot(command[:, 0], command[:, 1]) < 0.01) & (np.abs(command[:, 2]) < 0.01)
            self._phase[stands] = about.standing
            self._phase[self._stands & ~stands] = about.offsets
            self._stands = stands

    def _part(self, part: Part, command: np.ndarray, senses: Senses) -> np.ndarray:
        about = self._about
        match part.name:
            case "last_action":
                values = self._answer
            case "angular_velocity":
                values = senses.angular_velocity
            case "gravity":
                values = -rotations(senses.world_from_pelvis)[:, 2]
            case "joint_positions":
                values = senses.positions[:, self._seen] - about.seen_default
            case "joint_velocities":
                values = senses.velocities[:, self._seen]
            case "command":
                values = command[:, list(part.numbers)]
            case "sin_phase":
                values = np.sin(2 * np.pi * self._phase)
            case "cos_phase":
                values = np.cos(2 * np.pi * self._phase)
            case _:
                values = np.tile(part.value, (self._count, 1))
        return values * part.scale

    def _check(self) -> None:
        """Ask once: a network of other sizes is refused with both sizes."""
        about, inputs = self._about, self._session.get_inputs()
        if len(inputs) != 1:
            raise PolicyError(
                f"{about.policy} has {len(inputs)} inputs; one that holds the whole observation is needed"
            )
        self.reset()
        still = Senses(
            world_from_pelvis=np.tile([1.0, 0.0, 0.0, 0.0], (self._count, 1)),
            angular_velocity=np.zeros((self._count, 3)),
            positions=np.zeros((self._count, 29)),
            velocities=np.zeros((self._count, 29)),
        )
        try:
            self.act(np.zeros((self._count, len(COMMAND))), still, 1.0 / about.rate)
        except Exception as error:  # sizes that do not fit: the library and numpy have their own words for it
            sizes = [self._part(part, np.zeros((self._count, 7)), still).shape[1] for part in about.parts]
            told = about.history * sum(sizes)
            raise PolicyError(
                f"{about.policy} takes {inputs[0].shape} and answers {self._session.get_outputs()[0].shape}; its "
                f"description says {told} numbers in ({dict(zip([p.name for p in about.parts], sizes, strict=True))}"
                f" x {about.history}) and {len(about.joints)} out"
            ) from error


def _description(path: Path, data: dict[str, Any], robot: RobotSpec) -> Description:
    action, seen = _get(data, "action", dict), _get(data, "observation", dict)
    joints = _joints(_get(action, "joints", list), robot)
    seen_joints = _joints(seen.get("joints", list(joints)), robot)
    gait = data.get("gait", {})
    default = _numbers(action, "default", len(joints))
    return Description(
        name=data.get("name", path.stem),
        policy=path.parent / _get(data, "policy", str),
        rate=float(_get(data, "rate", (int, float))),
        joints=joints,
        default=default,
        scale=_numbers(action, "scale", len(joints)),
        clip=float(action.get("clip", np.inf)),
        stiffness=_numbers(action, "stiffness", len(joints)),
        damping=_numbers(action, "damping", len(joints)),
        seen_joints=seen_joints,
        seen_default=_numbers(seen, "default", len(seen_joints)) if "default" in seen else default,
        history=int(seen.get("history", 1)),
        by_part=bool(seen.get("by_part", False)),
        parts=tuple(_read_part(part) for part in _get(seen, "parts", list)),
        period=float(gait.get("period", 1.0)),
        offsets=np.array(gait.get("offsets", [0.0, 0.5])),
        standing=gait.get("standing"),
    )


def _read_part(data: dict[str, Any]) -> Part:
    name = _get(data, "name", str)
    if name not in PARTS:
        raise PolicyError(f"unknown part {name!r} of the observation; known: {', '.join(PARTS)}")
    numbers = data.get("numbers", list(COMMAND) if name == "command" else [])
    if unknown := [number for number in numbers if number not in COMMAND]:
        raise PolicyError(f"unknown number {unknown[0]!r} of the command; known: {', '.join(COMMAND)}")
    return Part(
        name=name,
        scale=np.asarray(data.get("scale", 1.0), np.float64),
        numbers=tuple(COMMAND.index(number) for number in numbers),
        value=tuple(data.get("value", ())),
    )


def _get(data: dict[str, Any], key: str, kind: type | tuple[type, ...]) -> Any:
    if not isinstance(data.get(key), kind):
        raise PolicyError(f"{key!r} is missing or of the wrong kind, got {data.get(key)!r}")
    return data[key]


def _numbers(data: dict[str, Any], key: str, count: int) -> np.ndarray:
    values = np.asarray(_get(data, key, (int, float, list)), np.float64)
    if values.shape not in ((), (count,)):
        raise PolicyError(f"{key!r} must be one number or {count}, one per joint, got {values.size}")
    return np.broadcast_to(values, count)


def _joints(names: list[str], robot: RobotSpec) -> tuple[str, ...]:
    known = sensed_joints(robot)
    if unknown := [name for name in names if name not in known]:
        raise PolicyError(f"robot {robot.name!r} has no leg, waist or arm joint {unknown[0]!r}; it has {known}")
    return tuple(names)
