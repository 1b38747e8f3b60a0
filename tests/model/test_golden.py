import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from psizero.errors import DataError, PolicyError, PsiZeroError
from psizero.model.golden import EXPERT_TOLERANCE, GUIDANCE_TOLERANCE, expert_errors, guidance_errors
from tests.model.recording import record_expert, record_guidance

OUTPUTS = {"sigmas_8", "sigmas_10", "timesteps_8", "timesteps_10", "sample_8", "sample_10", "rtc_prefix_sample_8"}
OUTPUTS |= {"velocity_scalar_time", "velocity_scalar_time_no_mask", "velocity_per_token_time"}


def test_the_expert_gives_the_reference_s_numbers(shared_data):
    errors = expert_errors(str(shared_data / "golden" / "expert_small"))
    assert set(errors) == OUTPUTS
    assert max(errors.values()) < 1e-6 < EXPERT_TOLERANCE


def test_guidance_gives_the_numbers_of_its_authors_code(shared_data):
    errors = guidance_errors(shared_data / "golden" / "rtc_guidance.npz")
    assert len(errors) == 2 + 2 * 4 * 3 * 2 + 4 * 2  # plain; steps, schedules, places, limits; masks
    assert max(errors.values()) < 1e-5 < GUIDANCE_TOLERANCE


def test_our_own_recordings_come_back(tmp_path):
    # To the last bit on some processors; on others the way through a matrix depends on where it lies.
    assert max(expert_errors(record_expert(tmp_path)).values()) < 1e-6
    assert max(guidance_errors(record_guidance(tmp_path)).values()) < 1e-6


def altered_expert(folder: Path, *, weights=None, io=None, sizes=None) -> str:
    """Return the prefix of a recording after changing its parts in place."""
    prefix = record_expert(folder)
    for name, change in (("action_header", weights), ("io", io)):
        tensors = safetensors.torch.load_file(f"{prefix}.{name}.safetensors")
        if change is not None:
            change(tensors)
        safetensors.torch.save_file(tensors, f"{prefix}.{name}.safetensors")
    path = Path(f"{prefix}.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | (sizes or {})))
    return prefix


def test_an_error_is_the_largest_difference_relative_to_the_largest_number(tmp_path):
    def change(io):
        io["out/timesteps_4"][2] += 50.0

    errors = expert_errors(altered_expert(tmp_path, io=change))
    assert errors.pop("timesteps_4") == pytest.approx(0.05)
    assert max(errors.values()) < 1e-6


def test_another_weight_is_noticed_by_every_output_of_the_network(tmp_path):
    def change(weights):
        weights["transformer_blocks.1.attn.add_v_proj.bias"] += 0.1

    errors = expert_errors(altered_expert(tmp_path, weights=change))
    assert {name for name, error in errors.items() if error > EXPERT_TOLERANCE} == {
        name for name in errors if "sample" in name or "velocity" in name
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda io: io.pop("in/state"), "has no in/state; it needs noisy_actions, state"),
        (lambda io: io.pop("in/vlm_tokens"), "in/noisy_actions has the shape|has no in/vlm_tokens"),
        (lambda io: io.update({"in/state": torch.zeros(2, 9)}), r"in/state has the shape \(2, 9\).* need \(2, 4\)"),
        (lambda io: io.update({"out/rtc_prev_actions": torch.zeros(1)}), "out/rtc_prev_actions has the shape"),
        (lambda io: io.update({"out/surprise": torch.zeros(1)}), "unknown recorded output out/surprise"),
        (
            lambda io: io.update({"out/sample_4": torch.zeros(1)}),
            r"sample_4 was recorded as \(1,\), expected \(2, 5, 6\)",
        ),
        (lambda io: [io.pop(name) for name in list(io) if name.startswith("out/")], "holds no recorded output"),
    ],
)
def test_a_recording_that_does_not_fit_says_where(change, message, tmp_path):
    with pytest.raises(DataError, match=message):
        expert_errors(altered_expert(tmp_path, io=change))


def test_sizes_that_do_not_fit_the_weights_are_noticed(tmp_path):
    with pytest.raises(DataError, match="tells of 12 numbers, the weights beside it are"):
        expert_errors(altered_expert(tmp_path, sizes={"params": 12}))
    with pytest.raises(DataError, match="must be JSON with whole numbers heads, rtc_delay and params"):
        expert_errors(altered_expert(tmp_path, sizes={"heads": "many"}))
    with pytest.raises(PolicyError, match=r"action_proj_out.linear.bias is missing"):
        expert_errors(altered_expert(tmp_path, weights=lambda weights: weights.pop("action_proj_out.linear.bias")))


@pytest.mark.parametrize("part", ["json", "action_header.safetensors", "io.safetensors"])
def test_a_missing_or_cut_file_is_named(part, tmp_path):
    path = Path(f"{record_expert(tmp_path)}.{part}")
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(PsiZeroError, match=part):
        expert_errors(str(tmp_path / "expert"))
    path.unlink()
    with pytest.raises(PsiZeroError, match=rf"{part} is missing"):
        expert_errors(str(tmp_path / "expert"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda entries: entries.pop("weight_K"), "has no weight_K"),
        (lambda entries: entries.update(weight_K=np.zeros((4, 8))), r"weight_K has the shape \(4, 8\)"),
        (lambda entries: entries.update(noise=np.zeros(3)), "noise must be"),
        (lambda entries: entries.update(guided_n4_cos_d2_end5_beta5=np.zeros(3)), "unknown recorded result"),
        (lambda entries: entries.update(plain_5=np.zeros(3)), r"plain_5 was recorded as \(3,\)"),
        (lambda entries: entries.update(plain_3=np.array(["text"])), "no NPZ file of numbers"),
        (lambda entries: entries.update(plain_3=np.array([{}], dtype=object)), "no NPZ file of numbers"),
    ],
)
def test_recorded_guidance_that_does_not_fit_says_where(change, message, tmp_path):
    path = record_guidance(tmp_path)
    entries = dict(np.load(path))
    change(entries)
    np.savez(path, **entries)
    with pytest.raises(DataError, match=message):
        guidance_errors(path)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_npz_is_named(content, tmp_path):
    path = tmp_path / "guidance.npz"
    with pytest.raises(DataError, match="is missing"):
        guidance_errors(path)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"guidance.npz is damaged or no NPZ file"):
        guidance_errors(path)
    np.save(tmp_path / "single.npy", np.zeros(3))
    with pytest.raises(DataError, match=r"single.npy is damaged or no NPZ file"):
        guidance_errors(tmp_path / "single.npy")
