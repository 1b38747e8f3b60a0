"""Which number of a state or action vector means what.

This is the only module that knows an index. The rest of the code asks by name,
so a robot with other hands is one new table, and no other edit:

    >>> layout = VectorLayout("toy", (Field("arm", ("a", "b"), "rad"), Field("base", ("vx",), "m/s")))
    >>> layout.slice_of("base")
    slice(2, 3, None)
    >>> layout.names
    ('arm.a', 'arm.b', 'base.vx')

Sources: the G1 vectors of the Psi0 reference implementation (36-number action,
32-number state), its EgoDex hand space (48 numbers), and the Unitree data sets
with Inspire hands (26 numbers).
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import accumulate

import numpy as np

from psizero.errors import LayoutError
from psizero.registry import Registry


@dataclass(frozen=True, slots=True)
class Field:
    """A named run of numbers of one unit."""

    name: str
    parts: tuple[str, ...]
    unit: str

    @property
    def size(self) -> int:
        """How many numbers the field holds."""
        return len(self.parts)


@dataclass(frozen=True, slots=True)
class VectorLayout:
    """Fields in order: the meaning of every number of one vector."""

    name: str
    fields: tuple[Field, ...]

    @property
    def size(self) -> int:
        """How many numbers the vector holds."""
        return sum(field.size for field in self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """One name per number, `field.part`."""
        return tuple(f"{field.name}.{part}" for field in self.fields for part in field.parts)

    def slice_of(self, name: str) -> slice:
        """Return where the field `name` lies; `LayoutError` names the nearest field."""
        place = _places(self).get(name)
        if place is not None:
            return place
        names = [field.name for field in self.fields]
        close = difflib.get_close_matches(name, names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise LayoutError(f"layout {self.name!r} has no field {name!r}; it has {names}.{hint}")

    def get(self, vector: np.ndarray, name: str) -> np.ndarray:
        """Return the numbers of one field, a view of (..., size)."""
        return vector[..., self.slice_of(name)]

    def pack(self, values: Mapping[str, np.ndarray | float | Sequence[float]]) -> np.ndarray:
        """Return the (size,) float32 vector of all fields; a missing or extra field is an error."""
        names = [field.name for field in self.fields]
        if set(values) != set(names):
            raise LayoutError(f"layout {self.name!r} needs the fields {names}, got {sorted(values)}")
        result = np.empty(self.size, np.float32)
        for name, value in values.items():
            result[self.slice_of(name)] = value
        return result

    def unpack(self, vector: np.ndarray) -> dict[str, np.ndarray]:
        """Return every field by name; the vector may have leading axes."""
        if vector.shape[-1] != self.size:
            raise LayoutError(f"layout {self.name!r} holds {self.size} numbers, got {vector.shape[-1]}")
        return {field.name: self.get(vector, field.name) for field in self.fields}


@cache
def _places(layout: VectorLayout) -> dict[str, slice]:
    """Return where each field lies; asked in every tick, so found once."""
    ends = list(accumulate(field.size for field in layout.fields))
    return {field.name: slice(end - field.size, end) for field, end in zip(layout.fields, ends, strict=True)}


@dataclass(frozen=True, slots=True)
class PolicyLayout:
    """The contract between a data set, a policy and a robot: what goes in, what comes out, how often."""

    name: str
    state: VectorLayout
    action: VectorLayout
    rate: float
    """Actions per second (Hz)."""
    cameras: tuple[str, ...]

    def to_json(self) -> dict:
        """Return plain dictionaries and lists, for a file."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping) -> "PolicyLayout":
        """Read what `to_json` wrote; anything else is a `LayoutError`."""
        try:
            return PolicyLayout(
                name=data["name"],
                state=_vector_from_json(data["state"]),
                action=_vector_from_json(data["action"]),
                rate=float(data["rate"]),
                cameras=tuple(data["cameras"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LayoutError(f"not a layout: {error!r}; expected name, state, action, rate, cameras") from error

    def check_same(self, other: "PolicyLayout", *, whose: str) -> None:
        """Refuse `other` unless names, cameras and rate are the same; the message names the first difference."""
        if other.rate != self.rate:
            raise LayoutError(
                f"{whose} has layout {other.name!r} at {other.rate:g} Hz, expected {self.name!r} at {self.rate:g} Hz; "
                "use a data set and a policy of the same rate"
            )
        for part, mine, theirs in (
            ("state", self.state.names, other.state.names),
            ("action", self.action.names, other.action.names),
            ("cameras", self.cameras, other.cameras),
        ):
            if mine == theirs:
                continue
            first = next((i for i, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]), None)
            what = (
                f"{len(theirs)} numbers instead of {len(mine)}"
                if first is None
                else f"number {first} is {theirs[first]!r} instead of {mine[first]!r}"
            )
            raise LayoutError(
                f"{whose} has layout {other.name!r}, expected {self.name!r}: in its {part}, {what}; "
                "use a data set and a policy of the same robot"
            )


def _vector_from_json(data: Mapping) -> VectorLayout:
    fields = tuple(Field(f["name"], tuple(f["parts"]), f["unit"]) for f in data["fields"])
    return VectorLayout(data["name"], fields)


_ARM = ("shoulder_pitch", "shoulder_roll", "shoulder_yaw", "elbow", "wrist_roll", "wrist_pitch", "wrist_yaw")
# The two hands differ in the order of middle and index, as on the hardware bus.
_LEFT_HAND = ("thumb_0", "thumb_1", "thumb_2", "middle_0", "middle_1", "index_0", "index_1")
_RIGHT_HAND = ("thumb_0", "thumb_1", "thumb_2", "index_0", "index_1", "middle_0", "middle_1")
_UPPER_BODY = (
    Field("left_hand", _LEFT_HAND, "rad"),
    Field("right_hand", _RIGHT_HAND, "rad"),
    Field("left_arm", _ARM, "rad"),
    Field("right_arm", _ARM, "rad"),
    Field("torso_rpy", ("roll", "pitch", "yaw"), "rad"),
    Field("pelvis_height", ("z",), "m"),
)

PSI0_ACTION = VectorLayout(
    "psi0_action",
    (
        *_UPPER_BODY,
        Field("base_velocity", ("vx", "vy"), "m/s"),
        Field("yaw_rate", ("vyaw",), "rad/s"),
        Field("target_yaw", ("yaw",), "rad"),
    ),
)
"""36 numbers; `target_yaw` is relative to the yaw at the start of the session."""

PSI0_STATE = VectorLayout("psi0_state", _UPPER_BODY)
"""32 numbers: measured hands and arms, then the torso and height of the previous command."""


def _human_hand(side: str) -> tuple[Field, ...]:
    xyz = ("x", "y", "z")
    tips = tuple(f"{finger}_{axis}" for finger in ("thumb", "index", "middle", "ring", "little") for axis in xyz)
    rotation = tuple(f"c{column}{row}" for column in (0, 1) for row in range(3))
    return (
        Field(f"{side}_wrist", xyz, "m"),
        Field(f"{side}_wrist_rotation", rotation, "1"),
        Field(f"{side}_fingertips", tips, "m"),
    )


HUMAN_HANDS = VectorLayout("human_hands", (*_human_hand("left"), *_human_hand("right")))
"""48 numbers of both human hands; rotations are the first two columns of the matrix, column after column."""


def _human_hand_step(side: str) -> tuple[Field, ...]:
    pose = _human_hand(side)
    turn = Field(f"{side}_wrist_turn", ("roll", "pitch", "yaw"), "rad")
    unused = Field(f"{side}_unused", ("0", "1", "2"), "1")
    return (Field(f"{side}_wrist_step", pose[0].parts, "m"), turn, unused, replace(pose[2], name=f"{side}_tips_step"))


HUMAN_HANDS_STEP = VectorLayout("human_hands_step", (*_human_hand_step("left"), *_human_hand_step("right")))
"""48 numbers: how both hands move in one step, seen from the head camera of the step's first frame.

Places of wrists and fingertips by their difference, wrists turned by extrinsic angles about x, y and z;
the three numbers behind them are zero throughout. That is what Psi0 is pre-trained on.
"""

HUMAN = PolicyLayout("human", HUMAN_HANDS, HUMAN_HANDS, 30.0, ("head",))
"""A person with a camera on the head: hands in the camera's frame, and where they are one frame later."""

HUMAN_STEPS = PolicyLayout("human_steps", HUMAN_HANDS, HUMAN_HANDS_STEP, 10.0, ("head",))
"""The same person as Psi0 is pre-trained on: how the hands move in the next tenth of a second."""

G1_DEX3 = PolicyLayout("g1_dex3", PSI0_STATE, PSI0_ACTION, 30.0, ("head",))
"""The G1 with Dex3 hands as Psi0 sees it."""

_INSPIRE = tuple(
    f"k{side}{part}"
    for kind in ("Arm", "Hand")
    for side in ("Left", "Right")
    for part in (
        ("ShoulderPitch", "ShoulderRoll", "ShoulderYaw", "Elbow", "WristRoll", "WristPitch", "WristYaw")
        if kind == "Arm"
        else ("HandPinky", "HandRing", "HandMiddle", "HandIndex", "HandThumbBend", "HandThumbRotation")
    )
)
_INSPIRE_FIELDS = (
    Field("left_arm", _INSPIRE[:7], "rad"),
    Field("right_arm", _INSPIRE[7:14], "rad"),
    Field("left_hand", _INSPIRE[14:20], "1"),
    Field("right_hand", _INSPIRE[20:], "1"),
)
G1_INSPIRE = PolicyLayout(
    "g1_inspire",
    VectorLayout("g1_inspire_state", _INSPIRE_FIELDS),
    VectorLayout("g1_inspire_action", _INSPIRE_FIELDS),
    30.0,
    ("cam_high",),
)
"""The G1 with Inspire hands as in Unitree's public data sets: 14 arm joints (rad), 12 finger openings (0..1)."""

PSI0_SIMPLE_ACTION = VectorLayout(
    "psi0_simple_action",
    tuple(Field("turning", ("flag",), "1") if f.name == "yaw_rate" else f for f in PSI0_ACTION.fields),
)
"""The 36 numbers of the simulator SIMPLE: in place of the yaw rate, a flag that is 1 while the robot turns."""

G1_SIMPLE = PolicyLayout("g1_simple", PSI0_STATE, PSI0_SIMPLE_ACTION, 50.0, ("egocentric",))
"""The G1 with Dex3 hands in SIMPLE, as its data sets for Psi0 hold it."""

_G1_JOINTS = VectorLayout("g1_joints", _UPPER_BODY[:4])
EVERYDAY_G1 = PolicyLayout("everyday_g1", _G1_JOINTS, _G1_JOINTS, 30.0, ("egocentric",))
"""The G1 in Humanoid Everyday: 28 joints of hands and arms, no legs, no torso."""

_H1_HAND = ("pinky", "ring", "middle", "index", "thumb_0", "thumb_1")
_H1_JOINTS = VectorLayout(
    "h1_joints",
    (
        Field("left_inspire_hand", _H1_HAND, "rad"),
        Field("right_inspire_hand", _H1_HAND, "rad"),
        *_UPPER_BODY[2:4],
    ),
)
EVERYDAY_H1 = PolicyLayout("everyday_h1", _H1_JOINTS, _H1_JOINTS, 30.0, ("egocentric",))
"""The H1 with Inspire hands in Humanoid Everyday: 12 finger and 14 arm joints.

Arm joints are taken to be those of the G1 in the same order, as the reference takes them; nobody has checked.
"""

LAYOUTS: Registry[PolicyLayout] = Registry(
    "layout",
    {layout.name: layout for layout in (G1_DEX3, G1_INSPIRE, G1_SIMPLE, EVERYDAY_G1, EVERYDAY_H1, HUMAN)},
)


def vector_from_names(label: str, names: Sequence[str]) -> VectorLayout:
    """Return the layout of a foreign vector whose numbers are called `names`.

    Known vectors are recognized by their names; `field.part` names are split;
    anything else becomes one field, so that every data set can be trained on.
    """
    names = tuple(names)
    for layout in LAYOUTS.values():
        for vector in (layout.state, layout.action):
            if names in (vector.names, tuple(part for field in vector.fields for part in field.parts)):
                return vector
    fields: list[Field] = []
    for name in names:
        field_name, _, part = name.rpartition(".")
        if fields and fields[-1].name == (field_name or "all"):
            fields[-1] = Field(fields[-1].name, (*fields[-1].parts, part), "unknown")
        else:
            fields.append(Field(field_name or "all", (part,), "unknown"))
    if len({field.name for field in fields}) < len(fields):
        # Fields that are not in one piece cannot be sliced.
        fields = [Field("all", names, "unknown")]
    return VectorLayout(label, tuple(fields))
