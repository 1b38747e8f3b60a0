"""What Psi0's robots say and hear in JSON, in words of this package.

A question is {"image": {camera: picture}, "instruction", "state", "history", ...}; the state is either
{"states": (1, S)} or {"arm_joints": (14,), "hand_joints": (14,)}, both left then right, as its two
clients send it. "condition", "gt_action", "dataset_name" and "timestamp" are not needed to answer.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import WireError
from psizero.runtime.codec import numbers_of
from psizero.runtime.wire import ECHOED, PLAN, STANDING, pictures_of, state_of

BOTH_SIDES = {"arm_joints": ("left_arm", "right_arm"), "hand_joints": ("left_hand", "right_hand")}
"""Keys of a state that hold the same field of the left and of the right side."""


def message_of(
    told: Mapping[str, Any], layout: PolicyLayout, previous: Mapping[str, np.ndarray] = STANDING
) -> dict[str, Any]:
    """Return in the words of openpi's wire what a robot told; `previous` are commanded fields, if it left them out."""
    known = {key: told[key] for key in (*PLAN, *ECHOED) if key in told}
    pictures = pictures_of(told.get("image"), layout.cameras)
    return {"state": _state(told, layout, previous), "images": pictures, "prompt": told.get("instruction"), **known}


def asks_for_reset(told: Mapping[str, Any]) -> bool:
    """Tell whether an episode begins: the mere presence of the word counts, as in Psi0's server."""
    history = told.get("history")
    return isinstance(history, dict) and "reset" in history


def reply_of(rows: np.ndarray, **more: object) -> dict[str, Any]:
    """Return an answer whose action is `rows`, (T, A), with the keys that Psi0's clients look for."""
    return {"action": rows, "err": 0.0, "traj_image": np.zeros((1, 1, 3), np.uint8), **more}


def _state(told: Mapping[str, Any], layout: PolicyLayout, previous: Mapping[str, np.ndarray]) -> np.ndarray:
    state = told.get("state")
    if not isinstance(state, dict):
        raise WireError("'state' must be an object with 'states', or with 'arm_joints' and 'hand_joints'")
    whole = state.get("states")
    if isinstance(whole, np.ndarray):
        return whole[0] if whole.ndim == 2 and len(whole) == 1 else whole
    fields: dict[str, object] = dict(state)
    for key, (left, right) in BOTH_SIDES.items():
        if key in state:
            numbers = numbers_of(np.ravel(state[key]), key, 1)
            half = len(numbers) // 2
            fields |= {left: numbers[:half], right: numbers[half:]}
    return state_of(fields, layout.state, previous)
