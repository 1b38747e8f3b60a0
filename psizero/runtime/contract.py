"""What a served policy and its robot must agree on, told at connect.

Values travel in physical units both ways: the server normalizes, and nobody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import LayoutError, WireError


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One policy, as its server announces it."""

    name: str
    """What the policy is called."""
    layout: PolicyLayout
    """Meaning and unit of every number, cameras, rate."""
    rows: int
    """Ticks that a chunk is long."""
    max_promised: int
    """Most promised actions that an answer goes on from."""
    steers: bool = False
    """Whether the policy can be led by a plan while it draws its chunk."""
    picture_size: tuple[int, int] | None = None
    """Height and width (pixels) that the policy looks at; larger pictures only cost time."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "layout": self.layout.to_json(),
            "rows": self.rows,
            "max_promised": self.max_promised,
            "steers": self.steers,
            "picture_size": None if self.picture_size is None else list(self.picture_size),
            "units": "physical",
        }

    @staticmethod
    def from_json(data: object) -> "Contract":
        """Read what `to_json` wrote; anything else is a `WireError`."""
        try:
            assert isinstance(data, Mapping)
            size = data["picture_size"]
            return Contract(
                name=str(data["name"]),
                layout=PolicyLayout.from_json(data["layout"]),
                rows=int(data["rows"]),
                max_promised=int(data["max_promised"]),
                steers=bool(data.get("steers", False)),  # servers from before it do not tell
                picture_size=None if size is None else (int(size[0]), int(size[1])),
            )
        except (AssertionError, LayoutError, KeyError, TypeError, ValueError, IndexError) as error:
            raise WireError(f"the server announced no contract that can be read: {error!r}") from error

    def check_robot(self, robot: PolicyLayout, *, whose: str) -> None:
        """Refuse a robot of another layout, rate, camera or unit; the message names the first difference."""
        self.layout.check_same(robot, whose=whose)
        for mine, theirs in ((self.layout.state, robot.state), (self.layout.action, robot.action)):
            for field, other in zip(mine.fields, theirs.fields, strict=True):
                if field.unit != other.unit:
                    raise LayoutError(
                        f"{whose} counts {other.name!r} in {other.unit}, the policy {self.name} in {field.unit}; "
                        "convert it on the robot"
                    )
