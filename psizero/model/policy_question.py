"""Whether a policy can answer a question: pictures, state and promised actions against what it was made for."""

import numpy as np

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import ConfigError, LayoutError
from psizero.types import Observation


def check_question(observation: Observation, promised: np.ndarray, *, layout: PolicyLayout, max_promised: int) -> None:
    """Refuse an observation of another robot, and promised actions (d, A) that are too many or not finite."""
    missing = [camera for camera in layout.cameras if camera not in observation.images]
    if missing:
        raise LayoutError(
            f"the policy looks through {list(layout.cameras)}, the robot shows {sorted(observation.images)}; "
            f"{missing} missing"
        )
    if observation.state.shape != (layout.state.size,):
        raise LayoutError(
            f"the policy needs a state of {layout.state.size} numbers ({layout.state.name}), "
            f"got {observation.state.shape}; use a policy made for this robot"
        )
    if promised.ndim != 2 or promised.shape[1] != layout.action.size:
        raise LayoutError(f"promised actions must be (d, {layout.action.size}), got {promised.shape}")
    if len(promised) > max_promised:
        raise ConfigError(
            f"{len(promised)} actions are promised, the policy was trained for at most {max_promised}; "
            "ask it earlier or on a faster computer"
        )
    if not np.isfinite(observation.state).all() or not np.isfinite(promised).all():
        raise LayoutError("the state and the promised actions must be finite numbers")
