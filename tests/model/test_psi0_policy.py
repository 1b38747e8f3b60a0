"""An imported checkpoint answers: chunks in physical units, the numbers of its parts, and clear refusals."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError, LayoutError, MissingExtraError, PolicyError
from psizero.evaluate.rollout import EpisodeRequest, ReadyPolicy, run_episode
from psizero.model.psi0_checkpoint import Settings, find_checkpoint, import_checkpoint
from psizero.model.psi0_folder import read_psi0_folder
from psizero.types import Lead, Observation, SteeredPolicy, Steering

pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")

from psizero.model.guidance import Guidance, guide, ramp
from psizero.model.psi0_policy import Psi0Policy, load_psi0_policy
from psizero.model.qwen_picture import network_picture
from psizero.model.qwen_prompt import QwenPrompt, load_qwen_tokenizer
from psizero.model.sampler import SamplerConfig, draw_noise, promise_first, sample
from tests.model import psi0_run, reference_run

NOTHING = np.zeros((0, 36), np.float32)
SHAPE = (psi0_run.EXPERT.chunk, 36)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return psi0_run.write_policy(tmp_path_factory.mktemp("psi0"))


@pytest.fixture(scope="module")
def policy(folder) -> Psi0Policy:
    return load_psi0_policy(folder, device=torch.device("cpu"), dtype=torch.float32)


@pytest.fixture(autouse=True)
def _from_the_seed(request):
    if "policy" in request.fixturenames:
        request.getfixturevalue("policy").seed(0)


def observation(**changes) -> Observation:
    picture = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    seen = Observation(
        time=7 / 30,
        tick=7,
        joint_positions=np.zeros(43),
        joint_velocities=np.zeros(43),
        world_from_pelvis=np.array([1.0, 0, 0, 0]),
        pelvis_angular_velocity=np.zeros(3),
        images={"head": picture},
        state=np.linspace(0, 9, 32, dtype=np.float32),
        instruction="Pick the bottle",
    )
    return replace(seen, **changes)


def promised_rows(count: int) -> np.ndarray:
    """Actions within the bounds, another number everywhere."""
    share = np.random.default_rng(1).uniform(size=(count, 36))
    return (psi0_run.LOW + share * (psi0_run.HIGH - psi0_run.LOW)).astype(np.float32)


@torch.no_grad()
def by_hand(folder: Path, seen: Observation, promised: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """The same chunk from the parts of the folder, one after another, without engine or policy."""
    found = read_psi0_folder(folder)
    parts = found.parts
    assert parts.state is not None
    prompt = QwenPrompt(load_qwen_tokenizer(folder / "backbone"), tokens_per_picture=psi0_run.TOKENS)
    pixels = torch.from_numpy(network_picture(seen.images["head"], psi0_run.PICTURE_SIZE))[None, None]
    context = found.load_backbone(dtype=torch.float32)(pixels, torch.from_numpy(prompt([seen.instruction])))
    expert = found.load_expert()
    tokens = expert.observe(context.tokens, torch.from_numpy(parts.state.normalize(seen.state))[None])
    noise = draw_noise(1, *SHAPE, generator=torch.Generator().manual_seed(seed))
    promise = None
    if len(promised):
        actions = torch.zeros_like(noise)
        actions[0, : len(promised)] = torch.from_numpy(parts.action.normalize(promised))
        promise = promise_first(actions, torch.tensor([len(promised)]))
    return parts.action.denormalize(sample(expert.flow(tokens), noise, SamplerConfig(steps=4), promise)[0].numpy())


@pytest.mark.parametrize("delay", [0, 1, 7])
def test_a_chunk_is_what_backbone_expert_and_sampler_make_of_the_folder_s_parts(delay, folder, policy):
    seen, promised = observation(), promised_rows(delay)
    chunk = policy.act(seen, promised)
    assert np.abs(chunk.values - by_hand(folder, seen, promised)).max() < 1e-5


@pytest.mark.parametrize("delay", range(8))
def test_the_chunk_begins_now_and_its_promised_rows_come_back_bit_for_bit(delay, policy):
    promised = promised_rows(delay)
    promised[:, 0] += 1  # beyond what was ever trained on
    chunk = policy.act(observation(), promised)
    assert chunk.start_tick == 7
    assert chunk.values.shape == SHAPE
    assert chunk.values.dtype == np.float32
    assert np.array_equal(chunk.values[:delay], promised)
    assert np.isfinite(chunk.values).all()


def test_the_same_seed_gives_the_same_chunks_and_leaves_torch_alone(policy):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    first, second = (policy.act(observation(), NOTHING).values for _ in range(2))
    assert not np.array_equal(first, second), "noise moves on"
    policy.reset()
    assert np.array_equal(policy.act(observation(), NOTHING).values, first)
    policy.seed(4)
    assert not np.array_equal(policy.act(observation(), NOTHING).values, first)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    "change",
    [
        {"instruction": "Hug the box"},
        {"images": {"head": np.zeros((120, 160, 3), np.uint8)}},
        {"state": np.linspace(9, 0, 32, dtype=np.float32)},
    ],
    ids=["instruction", "picture", "state"],
)
def test_words_pictures_and_state_change_the_chunk(change, policy):
    chunk = policy.act(observation(), NOTHING).values
    policy.reset()
    assert np.abs(policy.act(observation(**change), NOTHING).values - chunk).max() > 1e-4


def test_promised_actions_change_what_comes_after_them(policy):
    chunk = policy.act(observation(), promised_rows(3)).values
    policy.reset()
    assert not np.allclose(policy.act(observation(), promised_rows(3)[::-1]).values[3:], chunk[3:])


def test_a_number_that_never_changed_in_training_is_returned_exactly(policy):
    assert (G1_DEX3.action.get(policy.act(observation(), NOTHING).values, "base_velocity") == 0).all()


def test_kernels_can_be_chosen_and_give_the_same_chunk(folder, policy):
    eager = load_psi0_policy(folder, device=torch.device("cpu"), dtype=torch.float32, kernels="eager")
    chunk = eager.act(observation(), promised_rows(3)).values
    np.testing.assert_allclose(chunk, policy.act(observation(), promised_rows(3)).values, atol=1e-4)
    with pytest.raises(ConfigError, match="CUDA device"):
        load_psi0_policy(folder, device=torch.device("cpu"), kernels="graph")


def test_an_episode_runs_with_it(folder):
    policy = load_psi0_policy(folder)  # in bfloat16, and on whatever device there is
    ready = ReadyPolicy(
        policy=policy,
        name="psi0",
        layout=policy.layout,
        max_promised=policy.max_promised,
        rows=policy.parts.expert.chunk,
    )
    request = EpisodeRequest(task="pick_bottle", seed=1, delay_ticks=2, time_limit=0.4, film=True)
    result = run_episode(ready, request)
    assert result.outcome == "not done within 0.4 s"
    assert result.actions is not None
    assert result.actions.shape == (12, 36)
    assert set(result.trace.delay_ticks) == {2}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": {}}, "head"),
        ({"state": np.zeros(28, np.float32)}, "32 numbers"),
        ({"state": np.full(32, np.nan, np.float32)}, "finite"),
    ],
)
def test_another_robot_is_refused(changes, message, policy):
    with pytest.raises(LayoutError, match=message):
        policy.act(observation(**changes), NOTHING)


def test_more_promises_than_it_was_trained_for_are_refused(policy):
    with pytest.raises(ConfigError, match="at most 7"):
        policy.act(observation(), promised_rows(8))


def test_an_instruction_that_is_too_long_is_told_by_how_much(policy):
    with pytest.raises(DataError, match="has 40 tokens, this policy reads at most 38; say it in fewer words"):
        policy.act(observation(instruction="pick " * 40), NOTHING)
    assert policy.act(observation(instruction="pick " * 38), NOTHING).values.shape == SHAPE


def test_states_without_bounds_are_taken_as_they_are(folder):
    found = read_psi0_folder(folder)
    bare = load_psi0_policy(folder, dtype=torch.float32, device=torch.device("cpu"))
    scaled = bare.act(observation(), NOTHING).values
    assert found.parts.state is not None
    numbers = found.parts.state.normalize(observation().state)[:32]
    bare.parts = replace(bare.parts, state=None)
    bare.reset()
    assert np.array_equal(bare.act(observation(state=numbers), NOTHING).values, scaled)


def test_a_checkpoint_that_answers_with_steps_is_refused(policy):
    contract = replace(policy.parts.contract, actions="delta")
    with pytest.raises(PolicyError, match="import one that was fine-tuned"):
        Psi0Policy(policy._engine, prompt=policy._prompt, parts=replace(policy.parts, contract=contract))


def test_a_folder_without_a_tokenizer_says_which_files_to_bring(folder, tmp_path):
    bare = shutil.copytree(folder, tmp_path / "policy")
    (bare / "backbone" / "tokenizer.json").unlink()
    with pytest.raises(PolicyError, match=r"holds no tokenizer; import .* --tokenizer FOLDER.* Qwen/"):
        load_psi0_policy(bare)


def test_a_tokenizer_of_another_model_is_refused(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "policy")
    config = json.loads((other / "backbone" / "config.json").read_text())
    (other / "backbone" / "config.json").write_text(json.dumps(config | {"image_token_id": 3}))
    with pytest.raises(PolicyError, match=r"tokenizer .* is of another model"):
        load_psi0_policy(other)


def test_an_expert_alone_asks_for_its_backbone(tmp_path):
    expert = find_checkpoint(reference_run.write_expert(tmp_path / "expert"), Settings())
    with pytest.raises(PolicyError, match="--vlm FOLDER"):
        load_psi0_policy(import_checkpoint(expert, tmp_path / "policy").path)


def test_a_missing_library_is_told_with_the_extra_that_brings_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtraError, match=r"pip install psizero\[qwen\]"):
        load_psi0_policy(folder)


def led_by(plan: np.ndarray, how: Lead, *, promised: int = 2) -> Steering:
    return Steering(plan=plan, promised=promised, how=how)


@torch.no_grad()
def led_by_hand(folder: Path, seen: Observation, steering: Steering) -> np.ndarray:
    """The same led chunk from the parts of the folder: layers as they come, guidance by its own functions."""
    found = read_psi0_folder(folder)
    parts = found.parts
    assert parts.state is not None
    prompt = QwenPrompt(load_qwen_tokenizer(folder / "backbone"), tokens_per_picture=psi0_run.TOKENS)
    pixels = torch.from_numpy(network_picture(seen.images["head"], psi0_run.PICTURE_SIZE))[None, None]
    context = found.load_backbone(dtype=torch.float32)(pixels, torch.from_numpy(prompt([seen.instruction])))
    expert = found.load_expert().requires_grad_(False)
    velocity = expert.flow(expert.observe(context.tokens, torch.from_numpy(parts.state.normalize(seen.state))[None]))
    noise = draw_noise(1, *SHAPE, generator=torch.Generator().manual_seed(0))
    previous = torch.zeros_like(noise)
    previous[0, : len(steering.plan)] = torch.from_numpy(parts.action.normalize(steering.plan))
    guidance = Guidance(
        delay=steering.promised,
        end=len(steering.plan),
        jacobian="exact" if steering.how == "exact" else "identity",
    )
    if steering.how == "ramp":
        velocity, noise = ramp(velocity, noise, previous, guidance)
    else:
        velocity = guide(velocity, previous, guidance)
    values = parts.action.denormalize(sample(velocity, noise, SamplerConfig(steps=4))[0].numpy())
    values[: steering.promised] = steering.plan[: steering.promised]
    return values


@pytest.mark.parametrize("how", ["exact", "identity", "ramp"])
def test_a_led_chunk_is_that_of_guidance_over_the_plain_layers(how, policy, folder):
    steering = led_by(promised_rows(8), how)
    assert isinstance(policy, SteeredPolicy)
    led = policy.steer(observation(), steering).values
    np.testing.assert_array_equal(led[:2], steering.plan[:2])
    np.testing.assert_allclose(led, led_by_hand(folder, observation(), steering), atol=2e-5)


def test_the_three_ways_of_leading_differ_and_without_a_plan_nothing_is_led(policy):
    chunks = []
    for how in ("exact", "identity", "ramp"):
        policy.seed(0)
        chunks.append(policy.steer(observation(), led_by(promised_rows(8), how)).values)
        policy.seed(0)
        alone = policy.steer(observation(), led_by(NOTHING, how, promised=0)).values
        policy.seed(0)
        np.testing.assert_allclose(alone, policy.act(observation(), NOTHING).values, atol=1e-5)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(chunks[one][2:8] - chunks[other][2:8]).max() > 1e-4


def test_a_plan_longer_than_a_chunk_is_cut(policy):
    assert policy.steer(observation(), led_by(promised_rows(20), "identity")).values.shape == SHAPE
