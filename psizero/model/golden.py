"""Numbers recorded from other people's code, and how far ours are from them.

An expert is three files: PREFIX.action_header.safetensors (weights, named as in
released checkpoints), PREFIX.io.safetensors (`in/...` and `out/...`) and
PREFIX.json (`heads`, `rtc_delay`, `params`). Guidance is one NPZ file: a small
analytic velocity field, noise, a previous chunk, and results whose names tell
their settings.

An error is the largest difference of an output, relative to its largest recorded
number. All is computed in float32.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from psizero.errors import DataError
from psizero.model.flow import Velocity, euler_schedule
from psizero.model.guidance import Guidance, MaskSchedule, guide, row_weights
from psizero.model.psi0_expert import TIME_SCALE, Psi0Expert, Psi0ExpertConfig, load_expert
from psizero.model.sampler import promise_first, reference_schedule, walk
from psizero.model.tensor_file import read_tensor_names, read_tensors

EXPERT_TOLERANCE, GUIDANCE_TOLERANCE = 1e-5, 1e-4
"""Errors that float32 explains: of one network, and of the backward passes of a guided walk."""

_NAME = re.compile(r"(timesteps|sigmas|sample|rtc_prefix_sample)_(\d+)|velocity_(scalar|per_token)_time(_no_mask)?")
_GUIDED = re.compile(r"guided_n(\d+)_(exp|linear|ones|zeros)_d(\d+)_end(\d+)_beta(\d+(?:\.\d+)?)")
_PLAIN = re.compile(r"plain_(\d+)")
_MASK = re.compile(r"mask_(exp|linear|ones|zeros)_(\d+)_(\d+)_(\d+)")
_FIELD = ("obs", "previous", "noise", "weight_M1", "weight_c1", "weight_K", "weight_M2")


def expert_errors(prefix: str) -> dict[str, float]:
    """Return the error of each recorded output of an expert, by its name."""
    sizes = _read_json(Path(f"{prefix}.json"))
    weights, recorded = (
        dict(read_tensors(read_tensor_names(Path(f"{prefix}.{part}.safetensors")))) for part in ("action_header", "io")
    )
    expert = load_expert({name: weight.float() for name, weight in weights.items()}, heads=sizes["heads"])
    count = sum(weight.numel() for weight in expert.state_dict().values())
    if count != sizes["params"]:
        raise DataError(f"{prefix}.json tells of {sizes['params']} numbers, the weights beside it are {count}")
    inputs = _inputs(expert.config, recorded)
    outputs = {name.removeprefix("out/"): value for name, value in recorded.items() if name.startswith("out/")}
    previous = outputs.pop("rtc_prev_actions", torch.zeros_like(inputs["noisy_actions"]))
    if previous.shape != inputs["noisy_actions"].shape:
        raise DataError(f"out/rtc_prev_actions has the shape {tuple(previous.shape)}, no chunk's; record it again")
    with torch.no_grad():
        compute = _expert_outputs(expert, inputs, previous, sizes["rtc_delay"])
        return {name: _error(name, compute(name), value) for name, value in _nonempty(outputs, prefix).items()}


def _expert_outputs(
    expert: Psi0Expert, inputs: Mapping[str, Tensor], previous: Tensor, delay: int
) -> Callable[[str], Tensor]:
    """Return a function from the name of an output to our numbers for it."""
    noisy, mask = inputs["noisy_actions"], inputs["vlm_mask"].bool()
    observation = expert.observe(inputs["vlm_tokens"], inputs["state"])
    promise = promise_first(previous, torch.full((len(noisy),), delay))

    def compute(name: str) -> Tensor:
        match = _NAME.fullmatch(name)
        if match is None:
            raise DataError(f"unknown recorded output out/{name}; was it made by another version?")
        kind, steps, time, unmasked = match.groups()
        if time:
            shown = None if unmasked else mask
            return expert(noisy, inputs["time_scalar" if time == "scalar" else "time_per_token"], observation, shown)
        sigmas = reference_schedule(int(steps))
        if kind in ("timesteps", "sigmas"):
            return sigmas if kind == "sigmas" else TIME_SCALE * sigmas[:-1]
        # The reference samples one observation at a time, without padding, and gives no mask.
        return walk(expert.flow(observation), noisy, sigmas, promise if kind == "rtc_prefix_sample" else None)

    return compute


def _inputs(config: Psi0ExpertConfig, recorded: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the inputs by name, after checking that they fit the expert and each other."""
    tokens = recorded.get("in/vlm_tokens", torch.zeros(0, 0, 0))
    batch, count = tokens.shape[:2] if tokens.ndim == 3 else (0, 0)
    expected = {
        "noisy_actions": (batch, config.chunk, config.action_size),
        "state": (batch, config.state_size),
        "time_per_token": (batch, config.chunk),
        "time_scalar": (batch,),
        "vlm_mask": (batch, count),
        "vlm_tokens": (batch, count, config.context_size),
    }
    for name, shape in expected.items():
        if f"in/{name}" not in recorded:
            raise DataError(f"the recording has no in/{name}; it needs {', '.join(expected)}")
        came = tuple(recorded[f"in/{name}"].shape)
        if came != shape:
            raise DataError(f"in/{name} has the shape {came}, the weights beside it need {shape}; record both again")
    return {name: recorded[f"in/{name}"].float() for name in expected}


def guidance_errors(path: Path) -> dict[str, float]:
    """Return the error of each recorded result of guidance, by its name."""
    recorded = _read_npz(path)
    if missing := [name for name in _FIELD if name not in recorded]:
        raise DataError(f"{path} has no {missing[0]}; it needs {', '.join(_FIELD)}")
    field = {name: recorded.pop(name) for name in _FIELD}
    _check_field(path, field)
    return {name: _error(name, _guided(name, field), value) for name, value in _nonempty(recorded, path).items()}


def _check_field(path: Path, field: Mapping[str, Tensor]) -> None:
    """Refuse a velocity field whose parts do not fit."""
    noise, hidden = field["noise"], field["weight_c1"]
    if noise.ndim != 3 or hidden.ndim != 1 or field["obs"].ndim != 2:
        raise DataError(f"{path}: noise must be (batch, rows, numbers), obs (batch, numbers) and weight_c1 one row")
    flat, observed = noise.shape[1] * noise.shape[2], field["obs"].shape[-1]
    expected = {
        "previous": tuple(noise.shape),
        "obs": (len(noise), observed),
        "weight_M1": (flat, len(hidden)),
        "weight_K": (observed, len(hidden)),
        "weight_M2": (len(hidden), flat),
    }
    for name, shape in expected.items():
        if tuple(field[name].shape) != shape:
            raise DataError(f"{path}: {name} has the shape {tuple(field[name].shape)}, the noise needs {shape}")


def _guided(name: str, field: Mapping[str, Tensor]) -> Tensor:
    """Return our numbers for a recorded result."""
    if match := _MASK.fullmatch(name):
        start, end, rows = (int(number) for number in match.groups()[1:])
        return row_weights(Guidance(delay=start, end=end, schedule=_schedule(match[1])), rows)
    velocity = analytic_velocity(field)
    if match := _PLAIN.fullmatch(name):
        return walk(velocity, field["noise"], euler_schedule(int(match[1])))
    if match := _GUIDED.fullmatch(name):
        steps, schedule, delay, end, limit = match.groups()
        guidance = Guidance(delay=int(delay), end=int(end), schedule=_schedule(schedule), limit=float(limit))
        return walk(guide(velocity, field["previous"], guidance), field["noise"], euler_schedule(int(steps)))
    raise DataError(f"unknown recorded result {name!r}; expected plain_N, guided_nN_SCHEDULE_dD_endE_betaB or mask_...")


def _schedule(name: str) -> MaskSchedule:
    match name:
        case "exp" | "linear" | "ones" | "zeros":
            return name
    raise DataError(f"unknown mask schedule {name!r}")


def analytic_velocity(field: Mapping[str, Tensor]) -> Velocity:
    """Return tanh(x M1 + t c1 + o K) M2 in our convention: recorded time t runs from noise (0) to action (1)."""
    from_observation = field["obs"] @ field["weight_K"]

    def velocity(x: Tensor, sigma: Tensor) -> Tensor:
        time = 1.0 - sigma[:, :1]
        hidden = torch.tanh(x.flatten(1) @ field["weight_M1"] + time * field["weight_c1"] + from_observation)
        return -(hidden @ field["weight_M2"]).unflatten(1, x.shape[1:])

    return velocity


def _error(name: str, ours: Tensor, recorded: Tensor) -> float:
    if ours.shape != recorded.shape:
        raise DataError(
            f"{name} was recorded as {tuple(recorded.shape)}, expected {tuple(ours.shape)}; record it again"
        )
    if not recorded.numel():
        raise DataError(f"{name} was recorded without numbers; record it again")
    scale = recorded.abs().max().clamp(min=torch.finfo(torch.float32).tiny)
    return float((ours - recorded.float()).abs().max() / scale)


def _nonempty(outputs: dict[str, Tensor], where: object) -> dict[str, Tensor]:
    if not outputs:
        raise DataError(f"{where} holds no recorded output; nothing can be compared")
    return outputs


def _read_json(path: Path) -> dict[str, int]:
    try:
        data = json.loads(path.read_bytes())
        return {name: int(data[name]) for name in ("heads", "rtc_delay", "params")}
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path} must be JSON with whole numbers heads, rtc_delay and params ({error!r})") from error


def _read_npz(path: Path) -> dict[str, Tensor]:
    try:
        # From memory: numpy does not close a file that turns out to be no archive.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return {name: torch.from_numpy(np.asarray(file[name], dtype=np.float32)) for name in file.files}
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged or no NPZ file of numbers alone; fetch it again") from error


def _unreadable(path: Path, error: OSError) -> DataError:
    reason = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror or error}"
    return DataError(f"{path} {reason}; give the path of a recording")
