"""System-0 on the robot: one ONNX file that says itself what it is for, run on one core without torch.

The file's metadata hold a `PolicyCard` as JSON under the key "psizero". What it says is compared
with the robot and with this version's contract (`lower_body`) before anything moves: a field that
is missing, of another kind or of another value is one `PolicyError` with the field's name.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime

from psizero.control.gait import GaitConfig
from psizero.control.lower_body import (
    ACTION_SCALE,
    COMMAND,
    COMMAND_LOWER,
    COMMAND_MIDDLE,
    COMMAND_SCALE,
    COMMAND_UPPER,
    FRAME,
    FRAME_SIZE,
    HISTORY,
    LEG_DAMPING,
    LEG_STIFFNESS,
    SLEW,
    WAIST_DAMPING,
    WAIST_STIFFNESS,
    LowerBody,
    Senses,
    driven_joints,
    sensed_joints,
)
from psizero.embodiment.robot import RobotSpec
from psizero.errors import PolicyError

METADATA_KEY: Final = "psizero"
OBSERVATION, ACTION = "observation", "action"
"""Names of the network's input (N, HISTORY * FRAME_SIZE) and output (N, 15), both float32."""
SHIPPED = Path(__file__).parents[1] / "policies" / "system0.onnx"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRecord:
    """Where a policy comes from."""

    command: str = ""
    """What was typed to train it."""
    seed: int = 0
    """Seed of the training."""
    steps: int = 0
    """Steps of all robots together."""
    commit: str = ""
    """Version of the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCard:
    """Everything that is known of a locomotion policy; the same names are in the file's JSON."""

    format: int = 2
    """Version of this card, and of all that is under the answers (`control.lower_body`) and is not named in it."""
    robot: str
    """Name of the robot."""
    driven_joints: tuple[str, ...]
    """Joints of the 15 answers."""
    sensed_joints: tuple[str, ...]
    """Joints of the 29 positions and velocities that it sees."""
    rest: tuple[float, ...]
    """Positions of the sensed joints that it sees as 0 (rad)."""
    stiffness: tuple[float, ...]
    """Position gains of the driven joints (N m/rad)."""
    damping: tuple[float, ...]
    """Velocity gains of the driven joints (N m s/rad)."""
    action_scale: float = ACTION_SCALE
    """rad per 1 of the answer."""
    history: int = HISTORY
    """Instants in one observation, from old to new."""
    frame: tuple[tuple[str, int], ...] = FRAME
    """Names and sizes of the parts of one instant."""
    command_names: tuple[str, ...] = COMMAND
    """Numbers of the command."""
    command_lower: tuple[float, ...] = tuple(COMMAND_LOWER.tolist())
    """Smallest command (m/s, rad/s, m, rad)."""
    command_upper: tuple[float, ...] = tuple(COMMAND_UPPER.tolist())
    """Largest command."""
    command_middle: tuple[float, ...] = tuple(COMMAND_MIDDLE.tolist())
    """Command that it sees as 0."""
    command_scale: tuple[float, ...] = tuple(COMMAND_SCALE.tolist())
    """How large it sees one unit of each command."""
    slew: tuple[float, ...] = tuple(SLEW.tolist())
    """Fastest change of each command (its unit per s)."""
    rates: tuple[float, float] = (50.0, 60.0)
    """Lowest and highest number of answers per second (Hz)."""
    gait: GaitConfig = field(default_factory=GaitConfig)
    """The reference gait it adds to."""
    training: TrainingRecord = field(default_factory=TrainingRecord)
    """Where it comes from."""
    measured: Mapping[str, Any] = field(default_factory=dict)
    """What was measured of it: plain JSON."""

    @classmethod
    def made_here(
        cls,
        robot: RobotSpec,
        *,
        gait: GaitConfig | None = None,
        training: TrainingRecord | None = None,
        measured: Mapping[str, Any] | None = None,
    ) -> "PolicyCard":
        """Return the card of a policy that this version of the code has trained for `robot`."""
        sensed = sensed_joints(robot)
        rest = dict(zip(robot.joint_names, robot.column("rest").tolist(), strict=True))
        return cls(
            robot=robot.name,
            driven_joints=driven_joints(robot),
            sensed_joints=sensed,
            rest=tuple(rest[name] for name in sensed),
            stiffness=(*LEG_STIFFNESS, *LEG_STIFFNESS, *WAIST_STIFFNESS),
            damping=(*LEG_DAMPING, *LEG_DAMPING, *WAIST_DAMPING),
            gait=gait or GaitConfig(),
            training=training or TrainingRecord(),
            measured=measured or {},
        )

    def to_json(self) -> str:
        """Return the card as one JSON object."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str, robot: RobotSpec) -> "PolicyCard":
        """Read a card; refuse one that is not for `robot` or not for this version's contract."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise PolicyError(f"its card is no JSON ({error}); {_TRY}") from error
        here = cls.made_here(robot)
        card = _read(here, data, "card")
        for item in fields(here):
            mine, theirs = getattr(here, item.name), getattr(card, item.name)
            if item.name not in _FREE and mine != theirs:
                raise PolicyError(f"its {item.name} {_difference(mine, theirs)}; {_TRY}")
        if min(card.slew) <= 0:
            raise PolicyError(f"its slew must be positive, got {card.slew}; {_TRY}")
        if not 0 < card.rates[0] <= card.rates[1]:
            raise PolicyError(f"its rates must be a lower and a higher one, got {card.rates} Hz; {_TRY}")
        return card


_FREE = ("slew", "rates", "gait", "training", "measured")
"""Fields in which policies may differ."""
_TRY = "train or fetch a policy for this robot and this version"


class LocomotionPolicy:
    """System-0 for `count` robots: commands and senses in, joint targets out."""

    def __init__(
        self, session: onnxruntime.InferenceSession, card: PolicyCard, robot: RobotSpec, count: int = 1
    ) -> None:
        """Take what `load` has read."""
        self.card = card
        self.joints = card.driven_joints
        """The 15 joints of the targets."""
        self.stiffness = np.array(card.stiffness)
        """(15,) N m/rad."""
        self.damping = np.array(card.damping)
        """(15,) N m s/rad."""
        self._session = session
        self._count = count
        self._body = LowerBody(robot, count, card.gait)

    @classmethod
    def load(cls, path: Path | None, robot: RobotSpec, count: int = 1) -> "LocomotionPolicy":
        """Read a policy file for `robot`; `None` is the one in the package."""
        path = SHIPPED if path is None else Path(path)
        if not path.is_file():
            raise PolicyError(f"no locomotion policy {path}; make one with `psizero locomotion train`")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library has no public class of its own for a damaged file
            raise PolicyError(f"{path} is no ONNX file that can be run ({_first_line(error)}); {_TRY}") from error
        try:
            text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
            if text is None:
                raise PolicyError(f"it has no metadata {METADATA_KEY!r}; write it with `psizero locomotion export`")
            card = PolicyCard.from_json(text, robot)
            _check_ends(session)
        except PolicyError as error:
            raise PolicyError(f"{path} cannot be used: {error}") from error
        return cls(session, card, robot, count)

    @property
    def body(self) -> LowerBody:
        """What the policy's side of the contract remembers: gait, reference, height and velocity by the legs."""
        return self._body

    def reset(self, ids: np.ndarray | None = None) -> None:
        """Forget the past of the robots `ids`, or of all."""
        self._body.reset(np.arange(self._count) if ids is None else ids)

    def act(self, command: np.ndarray, senses: Senses, dt: np.ndarray | float) -> np.ndarray:
        """Return joint targets (N, 15) rad for commands (N, 7) as in `lower_body`, `dt` s after the last."""
        command = np.clip(command, COMMAND_LOWER, COMMAND_UPPER)
        return self._body.targets(self.answer(self._body.observe(command, senses, dt)))

    def answer(self, observation: np.ndarray) -> np.ndarray:
        """Return the bare network's answer (N, 15) to observations (N, HISTORY * FRAME_SIZE) float32."""
        return np.asarray(self._session.run([ACTION], {OBSERVATION: observation})[0])


def _read(example: Any, data: Any, name: str) -> Any:
    """Return `data` as something of the kind of `example`: dataclass, tuple of the same length, number or text."""
    if is_dataclass(example):
        known = [item.name for item in fields(example)]
        if not isinstance(data, dict):
            raise PolicyError(f"its {name} must be named values, got {_short(data)}; {_TRY}")
        if unlike := sorted(set(known) ^ set(data)):
            kind = "lacks the field" if unlike[0] in known else "has an unknown field"
            raise PolicyError(f"its {name} {kind} {unlike[0]!r}; {_TRY}")
        return type(example)(**{key: _read(getattr(example, key), data[key], key) for key in known})  # pyright: ignore
    if isinstance(example, tuple):
        if not isinstance(data, list) or len(data) != len(example):
            raise PolicyError(f"its {name} must be a list of {len(example)}, got {_short(data)}; {_TRY}")
        return tuple(_read(one, other, name) for one, other in zip(example, data, strict=True))
    if isinstance(example, float) and type(data) in (int, float) and np.isfinite(data):
        return float(data)
    if isinstance(example, dict | str | int) and type(data) is type(example):
        return data
    kind = {float: "a finite number", int: "a whole number", str: "text", dict: "named values"}[type(example)]
    raise PolicyError(f"its {name} must be {kind}, got {_short(data)}; {_TRY}")


def _difference(mine: Any, theirs: Any) -> str:
    """Say in words where two values differ."""
    if isinstance(mine, tuple):
        at = next(index for index, pair in enumerate(zip(mine, theirs, strict=True)) if pair[0] != pair[1])
        return f"must be {mine[at]!r} at place {at}, got {theirs[at]!r}"
    return f"must be {mine!r}, got {theirs!r}"


def _check_ends(session: onnxruntime.InferenceSession) -> None:
    """Refuse a network whose input or output has another name, type or size."""
    for end, (name, size) in (
        (session.get_inputs(), (OBSERVATION, HISTORY * FRAME_SIZE)),
        (session.get_outputs(), (ACTION, 15)),
    ):
        got = [(item.name, item.type, item.shape[-1:]) for item in end]
        if got != [(name, "tensor(float)", [size])]:
            raise PolicyError(f"its network must have one float32 {name!r} of (N, {size}), got {got}; {_TRY}")


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
