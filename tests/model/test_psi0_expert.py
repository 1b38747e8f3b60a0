import json
from dataclasses import asdict, replace

import pytest
import safetensors.torch
import torch

from psizero.errors import ConfigError, PolicyError
from psizero.model.psi0_expert import (
    PAPER_SIZE,
    TIME_SCALE,
    Psi0Expert,
    Psi0ExpertConfig,
    config_from_shapes,
    load_expert,
)
from tests.model.small_expert import SMALL, noisy_chunk, seen, small_expert


def on_meta(config: Psi0ExpertConfig) -> Psi0Expert:
    with torch.device("meta"):
        return Psi0Expert(config)


def shapes_of(expert: Psi0Expert) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in expert.state_dict().items()}


@pytest.mark.parametrize(("chunk", "count"), [(30, 497_719_256), (16, 497_697_752)])
def test_the_paper_size_has_the_reference_s_count_of_numbers(chunk, count):
    parameters = list(on_meta(replace(PAPER_SIZE, chunk=chunk)).parameters())
    assert sum(parameter.numel() for parameter in parameters) == count
    frozen = sum(parameter.numel() for parameter in parameters if not parameter.requires_grad)
    assert frozen == 5000 * 1536 + 128  # positions, frequencies
    assert count - frozen == {30: 490_039_128, 16: 490_017_624}[chunk]


def test_one_paper_size_block_has_the_reference_s_count_of_numbers():
    blocks = on_meta(PAPER_SIZE).transformer_blocks
    counts = [sum(parameter.numel() for parameter in block.parameters()) for block in blocks]
    assert counts == [84_980_736] * 5 + [54_294_528]


def test_the_paper_size_turns_80_picture_tokens_and_a_state_into_a_chunk_of_velocities():
    expert = on_meta(PAPER_SIZE)
    with torch.device("meta"):
        observation = expert.observe(torch.empty(2, 80, 2048), torch.empty(2, 36))
        velocity = expert(torch.empty(2, 30, 36), torch.empty(2, 30), observation, torch.ones(2, 80, dtype=torch.bool))
    assert observation.shape == (2, 81, 1536)
    assert velocity.shape == (2, 30, 36)


def test_names_are_those_of_released_checkpoints(shared_data):
    recorded = json.loads((shared_data / "golden" / "expert_small.json").read_text())
    shapes = {
        name: tuple(tensor.shape)
        for name, tensor in safetensors.torch.load_file(
            shared_data / "golden" / "expert_small.action_header.safetensors"
        ).items()
    }
    config = config_from_shapes(shapes, heads=recorded["heads"])
    assert shapes_of(on_meta(config)) == shapes
    sizes = {"blocks": "blocks", "width": "width", "heads": "heads", "chunk": "chunk", "action_size": "action_dim"}
    sizes |= {"state_size": "state_dim", "context_size": "vlm_width"}
    assert {ours: asdict(config)[ours] for ours in sizes} == {ours: recorded[its] for ours, its in sizes.items()}


def test_fixed_tables_are_those_of_released_checkpoints(shared_data):
    weights = safetensors.torch.load_file(shared_data / "golden" / "expert_small.action_header.safetensors")
    fresh = Psi0Expert(replace(SMALL, width=96, frequencies=128, positions=5000)).state_dict()
    assert torch.allclose(fresh["time_ins_embed.w"], weights["time_ins_embed.w"], atol=1e-7, rtol=0)
    assert torch.allclose(fresh["obs_proj.enc_pos.pe"], weights["obs_proj.enc_pos.pe"], atol=2e-6, rtol=0)


@pytest.mark.parametrize("config", [PAPER_SIZE, replace(PAPER_SIZE, blocks=12, chunk=16), replace(SMALL, blocks=1)])
def test_sizes_are_read_back_from_shapes(config):
    shapes = shapes_of(on_meta(config))
    assert config_from_shapes(shapes, heads=config.heads) == config
    if config.width == 64 * config.heads:
        assert config_from_shapes(shapes) == config


def test_tensors_of_another_network_are_refused_by_name():
    with pytest.raises(PolicyError, match=r"expected a tensor action_proj_in.dec_pos .* there is none"):
        config_from_shapes({"lm_head.weight": (10, 10)})
    with pytest.raises(PolicyError, match=r"it has the shape \(\)"):
        config_from_shapes({"action_proj_in.dec_pos": ()})
    shapes = shapes_of(on_meta(SMALL))
    with pytest.raises(PolicyError, match="no multiple of 5 heads; try 4 heads"):
        config_from_shapes(shapes, heads=5)
    without_blocks = {
        name: shape for name, shape in shapes.items() if "blocks.1" not in name and "blocks.2" not in name
    }
    weights = {name: torch.zeros(shape) for name, shape in without_blocks.items()}
    with pytest.raises(PolicyError, match=r"transformer_blocks.0.attn.to_add_out.bias is unknown \(6 names"):
        load_expert(weights, heads=2)


def test_a_checkpoint_loads_and_gives_the_same_numbers():
    expert = small_expert()
    weights = expert.state_dict()
    again = load_expert({name: weights[name] for name in reversed(list(weights))}, heads=SMALL.heads)
    assert again.config == SMALL and not again.training
    trained = {name for name, parameter in again.named_parameters() if parameter.requires_grad}
    assert trained == set(weights) - {"time_ins_embed.w", "obs_proj.enc_pos.pe"}
    time = torch.tensor([400.0, 20.0])
    assert torch.equal(
        again(noisy_chunk(), time, again.observe(*seen())), expert(noisy_chunk(), time, again.observe(*seen()))
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda weights: weights.pop("action_proj_out.linear.bias"), "action_proj_out.linear.bias is missing"),
        (lambda weights: weights.update(other=torch.zeros(1)), "other is unknown"),
        (
            lambda weights: weights.update({"action_proj_out.linear.bias": torch.zeros(7)}),
            r"action_proj_out.linear.bias of shape \(6,\), got \(7,\)",
        ),
        (
            lambda weights: weights.update({"action_proj_out.linear.bias": torch.zeros(6, dtype=torch.int64)}),
            "floating-point numbers, got torch.int64",
        ),
    ],
)
def test_a_checkpoint_that_does_not_fit_says_which_tensor(change, message):
    weights = dict(small_expert().state_dict())
    change(weights)
    with pytest.raises(PolicyError, match=message):
        load_expert(weights, heads=SMALL.heads)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"chunk": 0}, "chunk must be 1 or more, got 0"),
        ({"heads": 7}, "no multiple of 7 heads; try 6 heads"),
        ({"width": 27, "heads": 3}, "width must be even"),
        ({"frequencies": 1}, "frequencies must be 2 or more"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        replace(SMALL, **settings)


def test_one_time_for_the_chunk_is_the_same_time_for_every_row():
    expert, noisy = small_expert(), noisy_chunk()
    observation, time = expert.observe(*seen()), torch.tensor([831.0, 3.0])
    rows = time[:, None].expand(-1, SMALL.chunk)
    assert torch.allclose(expert(noisy, time, observation), expert(noisy, rows, observation), atol=1e-6)
    assert torch.allclose(
        expert(noisy, time, observation), expert.flow(observation)(noisy, rows / TIME_SCALE), atol=1e-4
    )


def test_the_observation_is_modulated_by_the_time_of_the_last_row_alone():
    expert = small_expert()
    time = torch.full((1, SMALL.chunk), 500.0)
    middle, last = time.clone(), time.clone()
    middle[0, 2], last[0, -1] = 100.0, 100.0
    base = expert.modulations(time).blocks
    assert all(
        torch.equal(a.observation, b.observation) for a, b in zip(base, expert.modulations(middle).blocks, strict=True)
    )
    assert not torch.equal(base[0].observation, expert.modulations(last).blocks[0].observation)
    changed = (base[0].action != expert.modulations(middle).blocks[0].action).any(-1)[0]
    assert changed.tolist() == [False, False, True, False, False]


def test_padding_is_never_looked_at_and_the_state_always_is():
    expert, noisy, time = small_expert(), noisy_chunk(), torch.full((2,), 700.0)
    context, state = seen()
    mask = torch.ones(2, 7, dtype=torch.bool)
    mask[1, 4:] = False
    other = context.clone()
    other[1, 4:] += 3.0
    padded = expert(noisy, time, expert.observe(context, state), mask)
    assert torch.allclose(padded, expert(noisy, time, expert.observe(other, state), mask), atol=1e-6)
    assert not torch.allclose(padded[1], expert(noisy, time, expert.observe(context, state))[1], atol=1e-4)
    nothing = torch.zeros_like(mask)
    blind = expert(noisy, time, expert.observe(context, state), nothing)
    assert not torch.allclose(blind, expert(noisy, time, expert.observe(context, state + 1.0), nothing), atol=1e-4)


def test_the_state_is_the_last_observation_token_at_the_place_behind_the_padded_text():
    expert = small_expert()
    context, state = seen()
    observation = expert.observe(context, state)
    moved = (expert.observe(context, state + 1.0) != observation).any(-1)
    assert moved[0].tolist() == [False] * 7 + [True]
    places = expert.obs_proj.enc_pos.pe[:, 0]
    longer = expert.observe(torch.cat([context, context], dim=1), state)
    assert torch.allclose(longer[:, -1] - observation[:, -1], places[14] - places[7], atol=1e-6)


def test_more_tokens_than_positions_are_refused():
    expert = small_expert()
    with pytest.raises(ConfigError, match="21 observation tokens, the table of positions has 20"):
        expert.observe(*seen(tokens=SMALL.positions))


def test_rounded_to_bfloat16_it_keeps_its_frequencies_and_nearly_its_answers():
    expert, rounded = small_expert(), small_expert().bfloat16()
    assert torch.equal(rounded.time_ins_embed.w, expert.time_ins_embed.w)
    assert rounded.dtype == torch.bfloat16
    time = torch.tensor([997.0, 431.0])
    exact = expert(noisy_chunk(), time, expert.observe(*seen()))
    near = rounded(noisy_chunk(), time, rounded.observe(*seen()))
    assert near.dtype == torch.float32
    assert (near - exact).abs().max() < 0.03 * exact.abs().max()


def test_gradients_reach_all_that_is_trained_but_the_last_observation_queries():
    expert = small_expert()
    expert(noisy_chunk(), torch.rand(2, SMALL.chunk) * 1000, expert.observe(*seen())).square().sum().backward()
    without = {name for name, parameter in expert.named_parameters() if parameter.grad is None}
    unused = {f"transformer_blocks.{SMALL.blocks - 1}.attn.add_q_proj.{part}" for part in ("weight", "bias")}
    assert without == unused | {"time_ins_embed.w", "obs_proj.enc_pos.pe"}


def test_dropout_is_of_training_alone():
    expert = small_expert()
    assert torch.equal(expert.observe(*seen()), expert.observe(*seen()))
    expert.train()
    assert not torch.equal(expert.observe(*seen()), expert.observe(*seen()))
