import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from psizero.errors import ConfigError, DataError
from psizero.model.engine import STAGES, EngineConfig, InferenceEngine, best_kernels
from psizero.model.onednn_linear import can_onednn
from psizero.model.psi0_expert import Psi0Expert
from psizero.model.qwen_backbone import QwenBackbone
from psizero.model.qwen_picture import network_picture, vision_tokens
from psizero.model.sampler import SamplerConfig, draw_noise, promise_first, sample

pytest.importorskip("transformers", reason="the engine runs Qwen3-VL: install psizero[qwen]")

from tests.model import small_expert
from tests.model.small_qwen import CLOSE, OPEN, SMALL, small_qwen

SIZE = (64, 96)
TOKENS = vision_tokens(*SIZE)
EXPERT = replace(small_expert.SMALL, context_size=SMALL.shape.width, positions=TOKENS + 32)
CONFIG = EngineConfig(picture_size=SIZE, prompt_length=TOKENS + 16, sampler=SamplerConfig(steps=4))
DELAYS = [None, *range(1, EXPERT.chunk)]
"""Of promised rows; one row is left to be sampled."""


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (120, 160, 3), np.uint8)


def prompt(words: int = 3) -> np.ndarray:
    return np.array([7, OPEN, *[SMALL.picture_token] * TOKENS, CLOSE, *range(20, 20 + words)])


def small_expert() -> Psi0Expert:
    torch.manual_seed(7)
    return Psi0Expert(EXPERT).eval()


def engine(expert: Psi0Expert | None = None, **changes) -> InferenceEngine:
    return InferenceEngine(small_qwen(), expert or small_expert(), replace(CONFIG, **changes))


def inputs() -> tuple[torch.Tensor, torch.Tensor]:
    """Return a state and noise."""
    generator = torch.Generator().manual_seed(1)
    noise = draw_noise(1, EXPERT.chunk, EXPERT.action_size, generator=generator)[0]
    return torch.randn(EXPERT.state_size, generator=generator), noise


def promised(delay: int | None) -> torch.Tensor | None:
    return None if delay is None else torch.linspace(-1, 1, delay * EXPERT.action_size).unflatten(0, (delay, -1))


@torch.no_grad()
def plain(backbone: QwenBackbone, expert: Psi0Expert, ids: np.ndarray, delay: int | None) -> torch.Tensor:
    """The same chunk without any engine: nothing padded, nothing kept from one step to the next."""
    pixels = torch.from_numpy(network_picture(picture(), SIZE))[None, None]
    context = backbone(pixels, torch.from_numpy(ids)[None, :, None]).tokens
    state, noise = inputs()
    promise = None
    if delay is not None:
        actions = torch.zeros_like(noise)
        actions[:delay] = promised(delay)
        promise = promise_first(actions[None], torch.tensor([delay]))
    flow = expert.flow(expert.observe(context, state[None]))
    return sample(flow, noise[None], CONFIG.sampler, promise)[0]


@pytest.fixture(scope="module")
def eager() -> InferenceEngine:
    return engine()


@pytest.fixture(scope="module")
def fixed_shapes() -> InferenceEngine:
    """With the shapes that a graph of kernels needs, but not compiled: the checks of shapes cannot be traced."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "compile", lambda work, **settings: work)
        fixed = engine(kernels="compile")
        fixed._padded = True  # as on a GPU
        return fixed


@pytest.fixture(scope="module")
def onednn() -> InferenceEngine:
    if not can_onednn(torch.zeros(1)):
        pytest.skip("this torch has no oneDNN")
    return engine(kernels="onednn")


@pytest.mark.parametrize("kind", ["eager", "onednn", "fixed_shapes"])
@pytest.mark.parametrize("delay", DELAYS)
def test_the_chunk_is_that_of_the_plain_networks_for_each_delay(kind, delay, request):
    fast = request.getfixturevalue(kind)
    ids, (state, noise) = prompt(), inputs()
    fast.look([picture()], ids)
    chunk = fast.act(state, noise, promised(delay))
    want = plain(small_qwen(), small_expert(), ids, delay)
    assert (chunk - want).abs().max() <= 1e-5
    if delay is not None:
        assert torch.equal(chunk[:delay], promised(delay))


@pytest.mark.parametrize("words", [0, 5, 12])
def test_a_prompt_of_any_length_gives_the_chunk_that_it_gives_without_padding(words, fixed_shapes):
    ids, (state, noise) = prompt(words), inputs()
    fixed_shapes.look([picture()], ids)
    want = plain(small_qwen(), small_expert(), ids, None)
    assert (fixed_shapes.act(state, noise) - want).abs().max() <= 1e-5


def test_one_traced_graph_serves_every_prompt_and_every_delay_with_the_same_numbers():
    run = [sys.executable, "-m", "tests.model.traced_engine"]  # where no shape is checked, as for a user
    done = subprocess.run(run, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) <= 1e-5


def test_an_observation_serves_several_chunks(eager):
    ids, (state, noise) = prompt(), inputs()
    eager.look([picture()], ids)
    first, other = eager.act(state, noise), eager.act(state, -noise)
    assert torch.equal(eager.act(state, noise), first)
    assert not torch.allclose(first, other)


def test_padding_that_came_with_a_prompt_changes_nothing(eager):
    state, noise = inputs()
    eager.look([picture()], prompt())
    chunk = eager.act(state, noise)
    eager.look([picture()], np.append(prompt(), [SMALL.padding_token] * 9))
    assert torch.equal(eager.act(state, noise), chunk)


def test_weights_are_moved_together_and_not_copied():
    expert = small_expert()
    before = {name: tensor.clone() for name, tensor in expert.state_dict().items()}
    made = engine(expert)
    after = expert.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    attention = expert.transformer_blocks[0].attn
    assert attention.to_q.weight.untyped_storage().data_ptr() == attention.to_v.weight.untyped_storage().data_ptr()
    assert made.device.type == "cpu"


def test_each_stage_is_timed(eager):
    state, noise = inputs()
    eager.look([picture()], prompt())
    eager.act(state, noise)
    assert tuple(eager.seconds()) == ("picture", "vision", "language", "copy", "expert")
    assert set(eager.seconds()) == set(STAGES)
    assert all(seconds >= 0 for seconds in eager.seconds().values())


def test_bfloat16_is_the_same_chunk_but_for_rounding(eager):
    ids, (state, noise) = prompt(), inputs()
    eager.look([picture()], ids)
    rounded = InferenceEngine(small_qwen().bfloat16(), small_expert().bfloat16(), CONFIG)
    rounded.look([picture()], ids)
    exact, got = eager.act(state, noise), rounded.act(state, noise)
    assert got.dtype == torch.float32
    assert (got - exact).norm() <= 2e-2 * exact.norm()


def test_the_best_way_on_a_cpu_depends_on_the_type_of_weights():
    assert best_kernels(small_expert().double()) == "eager"
    assert best_kernels(small_expert()) == ("onednn" if can_onednn(torch.zeros(1)) else "eager")


def test_what_does_not_fit_is_told_with_what_to_do(eager):
    state, noise = inputs()
    with pytest.raises(ConfigError, match="graphs of kernels need a CUDA device, got cpu; take kernels eager"):
        engine(kernels="graph")
    with pytest.raises(ConfigError, match="need oneDNN and float32 or bfloat16 weights, got "):
        InferenceEngine(small_qwen().double(), small_expert().double(), replace(CONFIG, kernels="onednn"))
    with pytest.raises(ConfigError, match="call look before act"):
        engine().act(state, noise)
    with pytest.raises(ConfigError, match=f"need more than the expert's {EXPERT.positions} positions; lower it"):
        engine(prompt_length=EXPERT.positions)
    with pytest.raises(ConfigError, match="tokens of width 48, the expert wants 40"):
        engine(Psi0Expert(replace(EXPERT, context_size=40)))
    with pytest.raises(ConfigError, match="more than prompt_length"):
        eager.look([picture()], prompt(30))
    with pytest.raises(DataError, match="made for 1 picture"):
        eager.look([picture(), picture()], prompt())
    with pytest.raises(DataError, match=f"give {TOKENS} vision tokens, the prompt has {TOKENS - 1} placeholders"):
        eager.look([picture()], np.delete(prompt(), 2))
    eager.look([picture()], prompt())
    with pytest.raises(ConfigError, match="5 rows are promised of a chunk of 5"):
        eager.act(state, noise, promised(EXPERT.chunk))
    with pytest.raises(ConfigError, match="must be 1 or more, got 0"):
        EngineConfig(pictures=0)
