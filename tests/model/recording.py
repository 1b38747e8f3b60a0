"""Recordings in the layout of other people's, made from numbers of our own: what the format is, in one place."""

import json
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

from psizero.model.flow import euler_schedule
from psizero.model.golden import analytic_velocity
from psizero.model.guidance import Guidance, guide, row_weights
from psizero.model.sampler import promise_first, reference_schedule, walk
from tests.model.small_expert import SMALL, noisy_chunk, seen, small_expert

DELAY = 2


def record_expert(folder: Path) -> str:
    """Write the three files of a small expert and return their prefix."""
    expert, noisy = small_expert(), noisy_chunk()
    context, state = seen()
    mask = torch.ones(2, 7, dtype=torch.bool)
    mask[1, 5:] = False
    generator = torch.Generator().manual_seed(3)
    scalar = 1000.0 * torch.rand(2, generator=generator)
    rows = 1000.0 * torch.rand(2, SMALL.chunk, generator=generator)
    previous = torch.rand(2, SMALL.chunk, SMALL.action_size, generator=generator)
    sigmas = reference_schedule(4)
    with torch.no_grad():
        observation = expert.observe(context, state)
        velocity = expert.flow(observation)
        promise = promise_first(previous, torch.full((2,), DELAY))
        recorded = {
            "in/noisy_actions": noisy,
            "in/state": state,
            "in/time_per_token": rows,
            "in/time_scalar": scalar,
            "in/vlm_mask": mask.long(),
            "in/vlm_tokens": context,
            "out/rtc_prefix_sample_4": walk(velocity, noisy, sigmas, promise),
            "out/rtc_prev_actions": previous,
            "out/sample_4": walk(velocity, noisy, sigmas),
            "out/sigmas_4": sigmas,
            "out/timesteps_4": 1000.0 * sigmas[:-1],
            "out/velocity_per_token_time": expert(noisy, rows, observation, mask),
            "out/velocity_scalar_time": expert(noisy, scalar, observation, mask),
            "out/velocity_scalar_time_no_mask": expert(noisy, scalar, observation),
        }
    prefix = folder / "expert"
    weights = expert.state_dict()
    sizes = {"heads": SMALL.heads, "rtc_delay": DELAY, "params": sum(weight.numel() for weight in weights.values())}
    safetensors.torch.save_file(dict(weights), f"{prefix}.action_header.safetensors")
    safetensors.torch.save_file(recorded, f"{prefix}.io.safetensors")
    Path(f"{prefix}.json").write_text(json.dumps(sizes))
    return str(prefix)


def record_guidance(folder: Path) -> Path:
    """Write guidance on a small analytic field."""
    generator = torch.Generator().manual_seed(4)
    shapes = {"obs": (2, 3), "previous": (2, 6, 2), "noise": (2, 6, 2)}
    shapes |= {"weight_M1": (12, 8), "weight_c1": (8,), "weight_K": (3, 8), "weight_M2": (8, 12)}
    recorded = {name: 0.5 * torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    velocity, noise = analytic_velocity(recorded), recorded["noise"]
    guided = guide(velocity, recorded["previous"], Guidance(delay=2, end=5))
    results = {
        "plain_3": walk(velocity, noise, euler_schedule(3)),
        "guided_n4_exp_d2_end5_beta5": walk(guided, noise, euler_schedule(4)),
        "mask_linear_2_5_6": row_weights(Guidance(delay=2, end=5, schedule="linear"), 6),
    }
    path = folder / "guidance.npz"
    np.savez(path, **{name: value.numpy() for name, value in (recorded | results).items()})
    return path
