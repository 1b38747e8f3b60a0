"""What a Psi0 policy agreed on with its robot: layout, bounds, pictures, delays; read from the run that trained it.

The run is described by `run_config.json` beside a checkpoint; released ones hold
the bounds of their numbers in it. Without one, the statistics file and the stage
tell the same. Sources: the reference implementation (github.com/physical-superintelligence-lab/Psi0
@15d7d3a; `config/model_psi0.py` and `config/transform.py` of a later version, @5236e63).

    stage       actions                    bounds     state
    finetune    absolute, 36 numbers       min, max   min, max, 32 numbers
    posttrain   steps from row to row, 28  q01, q99   as it is
"""

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np

from psizero.data.bounds import Bounds, Constant, Method, bounds_of_lists, bounds_of_stats
from psizero.embodiment.layout import G1_DEX3, PSI0_ACTION, PSI0_STATE, Field, PolicyLayout, VectorLayout
from psizero.errors import DataError, PolicyError
from psizero.model.psi0_expert import Psi0ExpertConfig
from psizero.registry import Registry

Stage = Literal["finetune", "posttrain"]
"""What the expert was trained on last: one task, or the data of many robots."""

_JOINTS = PSI0_STATE.fields[:4]
"""Hands and arms."""
_UPPER_BODY = VectorLayout("g1_upper_body", _JOINTS)
_SIMPLE_ACTION = VectorLayout(
    "simple_action",
    tuple(Field("turning", ("flag",), "1") if field.name == "yaw_rate" else field for field in PSI0_ACTION.fields),
)

PSI0_LAYOUTS: Registry[PolicyLayout] = Registry(
    "layout",
    {
        "g1_dex3": G1_DEX3,
        "g1_upper_body": PolicyLayout("g1_upper_body", _UPPER_BODY, _UPPER_BODY, 30.0, ("head",)),
        "simple": PolicyLayout("simple", PSI0_STATE, _SIMPLE_ACTION, 50.0, ("head",)),
    },
)
"""Robots of Psi0's checkpoints: the real G1; its hands and arms alone; the one in SIMPLE, where number 34 is a flag."""

STAGE_LAYOUT: Mapping[Stage, str] = {"finetune": "g1_dex3", "posttrain": "g1_upper_body"}
"""The usual layout of a stage."""

_METHODS: Mapping[str, Method] = {"bounds": "minmax", "bounds_q99": "quantile"}
_SAME_NETWORK = {"use_film": False, "combined_temb": False, "use_dit": False, "noise_scheduler": "flow"}
_SAME_NETWORK |= {"final_layer_norm": False, "qk_norm": None, "vlm_layer_indices": None}
"""Settings of a run under which the weights mean what `psi0_expert` computes; some do not show in any shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Psi0Contract:
    """What a run settled beside the weights; the defaults are those of the fine-tuned policies of the real G1."""

    image_height: int = 240
    """Height to which a picture is brought before the backbone's own processing (pixels)."""
    image_width: int = 320
    """Width of the same (pixels)."""
    max_delay: int = 7
    """Most promised actions in front of a chunk; 0 if the expert never learned to continue one."""
    euler_steps: int = 10
    """Steps from noise to action."""
    actions: Literal["absolute", "delta"] = "absolute"
    """Whether an action is a target, or the step from the one before."""

    def __post_init__(self) -> None:
        least = {"image_height": 1, "image_width": 1, "max_delay": 0, "euler_steps": 1}
        for name, low in least.items():
            if getattr(self, name) < low:
                raise PolicyError(f"{name} must be {low} or more, got {getattr(self, name)}")

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for a file."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping) -> "Psi0Contract":
        """Read what `to_json` wrote; anything else is a `PolicyError`."""
        names = {field.name for field in fields(Psi0Contract)}
        if set(data) != names:
            raise PolicyError(f"not the contract of a Psi0 policy: expected {sorted(names)}, got {sorted(data)}")
        for name, value in data.items():
            if value not in ("absolute", "delta") if name == "actions" else type(value) is not int:
                raise PolicyError(f"{name} of a Psi0 policy cannot be {value!r}")
        return Psi0Contract(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Psi0Run:
    """What a training run left beside its weights."""

    config: Mapping[str, Any] | None
    """`run_config.json`, parsed."""
    stats: Mapping[str, Any] | None
    """`stats_psi0.json`, parsed: by vector, then by statistic."""
    stage: Stage = "finetune"
    """Stage to assume when there is no `config`."""

    def __post_init__(self) -> None:
        for key, usual in _SAME_NETWORK.items():
            value = self._model.get(key, usual)
            if value != usual:
                raise PolicyError(
                    f"the run was made with {key} = {value!r}, which is another network than the one of Psi0's paper "
                    f"({key} = {usual!r}); import a checkpoint of the paper's network"
                )
        if self._field.get("use_norm_mask"):
            raise PolicyError("the run leaves some numbers unscaled (use_norm_mask), which is not supported")

    @property
    def trained_stage(self) -> Stage:
        """The stage: with a run configuration, what it says; else what was assumed."""
        if self.config is None:
            return self.stage
        return "posttrain" if self._repack.get("use_delta_actions") else "finetune"

    def check_expert(self, expert: Psi0ExpertConfig) -> None:
        """Refuse a run configuration that was written for other weights."""
        told = {"action_dim": expert.action_size, "odim": expert.state_size, "action_chunk_size": expert.chunk}
        told["view_feature_dim"] = expert.context_size
        for key, value in told.items():
            if self._model.get(key, value) != value:
                raise PolicyError(
                    f"the run configuration is of other weights: its {key} is {self._model[key]}, the weights have "
                    f"{value}; name the one that belongs to them with --run-config"
                )

    def contract(self) -> Psi0Contract:
        """Return picture size, delays, steps and the form of actions."""
        size = _branch(self.config, "data", "transform", "model", "resize").get("size", [240, 320])
        height, width = size if isinstance(size, list) and len(size) == 2 else (size, size)
        fine_tuned = self.trained_stage == "finetune"
        delays = self._model.get("max_delay", 8)
        # The reference counts delays 0 .. max_delay - 1.
        learned = self._model.get("rtc", fine_tuned) and type(delays) is int
        return Psi0Contract.from_json(
            {
                "image_height": height,
                "image_width": width,
                "max_delay": delays - 1 if learned else 0,
                "euler_steps": self._model.get("eval_diffusion_steps", 10),
                "actions": "absolute" if fine_tuned else "delta",
            }
        )

    def action_bounds(self, layout: PolicyLayout, expert: Psi0ExpertConfig) -> Bounds:
        """Return how actions are scaled; from the statistics file, the run configuration, or both if they agree."""
        key = self._field.get("stat_action_key", "action")
        return self._bounds("action", key, expert.action_size, "pass").trimmed(layout.action.size)

    def state_bounds(self, layout: PolicyLayout, expert: Psi0ExpertConfig) -> Bounds | None:
        """Return how states are scaled, None if they are taken as they are."""
        if not self._field.get("normalize_state", self.trained_stage == "finetune"):
            return None
        key = self._field.get("stat_state_key", "states")
        return self._bounds("state", key, expert.state_size, "zero").trimmed(layout.state.size)

    def _bounds(self, vector: str, key: str, width: int, constant: Constant) -> Bounds:
        told, counted = None, None
        if self._field.get(f"{vector}_min") is not None:
            low, high = self._field[f"{vector}_min"], self._field[f"{vector}_max"]
            told = bounds_of_lists(low, high, width=width, constant=constant)
        if self.stats is not None:
            if key not in self.stats:
                raise DataError(
                    f"the statistics have no {key!r}, they have {sorted(self.stats)}; name others (--stats)"
                )
            counted = bounds_of_stats(self.stats[key], method=self._method(), width=width, constant=constant)
        if told is not None and counted is not None and not told.same_as(counted):
            raise DataError(
                f"the {vector} bounds in run_config.json are others than those in the statistics file; "
                "name the statistics that the policy was trained with (--stats)"
            )
        found = counted if counted is not None else told
        if found is None:
            raise DataError(
                f"nothing tells how the {vector} is scaled: expected bounds in run_config.json or the file "
                "stats_psi0.json beside the weights; name them with --run-config FILE or --stats FILE"
            )
        return found

    def _method(self) -> Method:
        if self.config is None:
            return "minmax" if self.stage == "finetune" else "quantile"
        name = self._field.get("action_norm_type", "bounds")
        if name not in _METHODS:
            raise PolicyError(f"the run scales by {name!r}; only {sorted(_METHODS)} are supported")
        return _METHODS[name]

    @property
    def _field(self) -> Mapping[str, Any]:
        return _branch(self.config, "data", "transform", "field")

    @property
    def _repack(self) -> Mapping[str, Any]:
        return _branch(self.config, "data", "transform", "repack")

    @property
    def _model(self) -> Mapping[str, Any]:
        return _branch(self.config, "model")


def run_config_of(
    contract: Psi0Contract, expert: Psi0ExpertConfig, action: Bounds, state: Bounds, *, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a `run_config.json` from which `Psi0Run` reads the same contract and bounds again.

    `before` is that of the run whose weights the training began with, if there was one: what is not settled here
    stays. Numbers behind the last one that means something have the bounds 0 and 0, as in the reference.
    """
    config: dict[str, Any] = copy.deepcopy(dict(before))
    _settle(
        config,
        ("model",),
        action_dim=expert.action_size,
        odim=expert.state_size,
        action_chunk_size=expert.chunk,
        view_feature_dim=expert.context_size,
        rtc=contract.max_delay > 0,
        max_delay=contract.max_delay + 1,  # the reference counts delays 0 .. max_delay - 1
        eval_diffusion_steps=contract.euler_steps,
        **_SAME_NETWORK,
    )
    limits = {
        f"{vector}_{end}": np.pad(getattr(bounds, side), (0, bounds.width - bounds.size)).tolist()
        for vector, bounds in (("action", action), ("state", state))
        for end, side in (("min", "low"), ("max", "high"))
    }
    _settle(
        config,
        ("data", "transform", "field"),
        stat_action_key="action",
        stat_state_key="states",
        action_norm_type="bounds",
        use_norm_mask=False,
        normalize_state=True,
        pad_action_dim=expert.action_size,
        pad_state_dim=expert.state_size,
        **limits,
    )
    _settle(config, ("data", "transform", "repack"), use_delta_actions=False, pad_action_dim=expert.action_size)
    size = {"size": [contract.image_height, contract.image_width]}
    _settle(
        config,
        ("data", "transform", "model"),
        resize={**_branch(config, "data", "transform", "model", "resize"), **size},
    )
    return config


def _settle(config: dict[str, Any], path: tuple[str, ...], **values: object) -> None:
    """Set named values at `path`, making what is missing on the way."""
    for key in path:
        if not isinstance(config.get(key), dict):
            config[key] = {}
        config = config[key]
    config.update(values)


def _branch(config: Mapping[str, Any] | None, *path: str) -> Mapping[str, Any]:
    """Return the named values at `path`, none if there are none."""
    found: Any = config or {}
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}
