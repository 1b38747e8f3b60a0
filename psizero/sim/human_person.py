"""People: no two of the same size, skin, clothes, seat and pace."""

from dataclasses import dataclass, field

import numpy as np

from psizero.embodiment.human import HumanSize
from psizero.sim.scene import TABLE_NEAR_EDGE

_SKINS = ((0.96, 0.80, 0.69), (0.91, 0.71, 0.57), (0.82, 0.60, 0.44), (0.68, 0.46, 0.32), (0.50, 0.33, 0.23),
          (0.34, 0.22, 0.16))  # fmt: skip
"""From light to dark; people lie between two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who does it."""

    size: HumanSize = field(default_factory=HumanSize)
    seated: bool = True
    """Whether the person sits at the table."""
    hip: tuple[float, float, float] = (-0.16, 0.0, 0.52)
    """Middle of the hips at the start (m)."""
    lean: float = 0.08
    """How far the trunk leans forward at rest (rad)."""
    skin: tuple[float, float, float] = _SKINS[1]
    """Colour, 0 to 1."""
    sleeve: tuple[float, float, float] = (0.2, 0.3, 0.5)
    """Colour, 0 to 1."""
    sleeve_share: float = 0.7
    """How much of the forearm the sleeve covers."""
    hurry: float = 1.0
    """Durations of all movements are multiplied by this."""
    tremor: float = 0.0015
    """Unsteadiness of a hand in the air (m)."""
    gaze_share: float = 0.9
    """How far the head, not the eyes alone, turns to what is looked at."""


def draw_person(rng: np.random.Generator, *, stands: bool) -> Person:
    """Draw a person, who sits at the table unless the task needs one who `stands`."""
    height = float(np.clip(rng.normal(1.70, 0.09), 1.50, 1.92))
    arm, hand = np.exp(rng.normal(0.0, (0.03, 0.04)))
    size = HumanSize(height=height, arm_scale=float(arm), hand_scale=float(hand))
    seated = not stands and bool(rng.uniform() < 0.75)
    seat = rng.uniform(0.53, 0.60)
    # Who stands at a low table bends knees and back, with the hips a little away from its edge.
    hip = (TABLE_NEAR_EDGE - rng.uniform(0.20, 0.28), rng.uniform(-0.04, 0.04), seat if seated else 0.48 * height)
    tone = rng.uniform(0, len(_SKINS) - 1.001)
    low, high = np.array(_SKINS[int(tone)]), np.array(_SKINS[int(tone) + 1])
    hue, depth = rng.uniform(0.0, 1.0, 3), rng.uniform(0.25, 0.95)
    return Person(
        size=size,
        seated=seated,
        hip=(float(hip[0]), float(hip[1]), float(hip[2])),
        lean=float(rng.uniform(0.05, 0.16) if seated else rng.uniform(0.15, 0.30)),
        skin=_colour(low + (tone % 1.0) * (high - low)),
        sleeve=_colour(depth * (0.35 + 0.65 * hue)),
        sleeve_share=float(rng.choice([0.0, rng.uniform(0.5, 0.92)], p=[0.25, 0.75])),
        hurry=float(np.exp(rng.normal(0.0, 0.15))),
        tremor=float(rng.uniform(0.0008, 0.0022)),
        gaze_share=float(rng.uniform(0.82, 1.0)),
    )


def _colour(values: np.ndarray) -> tuple[float, float, float]:
    red, green, blue = values.tolist()
    return red, green, blue
