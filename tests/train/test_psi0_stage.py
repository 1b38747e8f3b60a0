"""The stages train Psi0's network: from an import, from a Qwen3-VL, from each other, and their folders are policies."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console
from safetensors.torch import save_file

from psizero.data.augment import AugmentConfig
from psizero.data.frames import read_frames
from psizero.data.lerobot import LeRobotDataset, LeRobotWriter
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import EVERYDAY_G1, G1_DEX3, HUMAN
from psizero.errors import ConfigError, PolicyError
from psizero.types import Observation

pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")

from psizero.model.backbone import VisionLanguage
from psizero.model.psi0_checkpoint import Settings, export_checkpoint, find_checkpoint, import_checkpoint
from psizero.model.psi0_expert import TIME_SCALE
from psizero.model.psi0_folder import KEPT_WEIGHTS, read_psi0_folder
from psizero.model.psi0_network import Psi0Network
from psizero.model.psi0_policy import load_psi0_policy
from psizero.model.tensor_file import read_tensors
from psizero.train import psi0_start
from psizero.train.average import RunningAverage
from psizero.train.config import FinetuneConfig, ObjectiveConfig, PosttrainConfig
from psizero.train.examples import Examples
from psizero.train.finetune import finetune
from psizero.train.objective import draw, flow_loss
from psizero.train.optimizer import make_optimizer
from psizero.train.posttrain import posttrain
from psizero.train.psi0_trainee import Psi0Trainee, begin_psi0
from tests.model import psi0_run, reference_run

STILL = AugmentConfig(shift=0, brightness=0.0, contrast=0.0, colour=0.0, state_noise=0.0)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """An imported policy, and recordings of the robot that it is for."""
    root = tmp_path_factory.mktemp("psi0_stage")
    psi0_run.write_policy(root)
    with LeRobotWriter(root / "data", G1_DEX3) as writer:
        for seed in range(3):
            writer.append(synthetic_episode(seed, length=8))
    return root


def settings(root, out, **changes) -> FinetuneConfig:
    plain = {
        "data": (root / "data",),
        "size": "psi0",
        "begin_with": root / "policy",
        "backbone": "frozen",
        "steps": 2,
        "batch_size": 2,
        "holdout": 0.0,
        "precision": "float32",
        "logger": "none",
        "augment": STILL,
    }
    return FinetuneConfig(out=out, **{**plain, **changes})


def trained(config, said=None) -> Path:
    run = finetune if isinstance(config, FinetuneConfig) else posttrain
    run(config, console=Console(file=said or io.StringIO(), width=400))
    return config.out


def weights(folder) -> dict[str, torch.Tensor]:
    return dict(read_tensors(read_psi0_folder(folder).tensors))


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> set[str]:
    """Names of tensors that are equal in both, bit for bit."""
    assert set(first) == set(second)
    return {
        name for name in first if first[name].dtype == second[name].dtype and torch.equal(first[name], second[name])
    }


def trainee_of(root, **changes) -> Psi0Trainee:
    return begin_psi0(settings(root, root / "nowhere", **changes), G1_DEX3, {}, Console(quiet=True))


def learnable(root, trainee, **changes) -> Examples:
    data = LeRobotDataset(root / "data")
    frames = read_frames([(data, number) for number in range(3)])
    trainee.measure(frames)
    return Examples(settings(root, root / "nowhere", **changes), trainee, frames, None)


@pytest.fixture(scope="module")
def finetuned(root, tmp_path_factory) -> tuple[Path, str]:
    said = io.StringIO()
    out = tmp_path_factory.mktemp("finetuned") / "policy"
    return trained(settings(root, out, holdout=0.34), said), said.getvalue()


def test_an_imported_policy_is_finetuned_and_is_a_policy_of_the_same_kind(root, finetuned):
    out, said = finetuned
    before, after = weights(root / "policy"), weights(out)
    assert f"begins with {len(before)} of {len(before)} weights from {root / 'policy'}\n" in said
    alike = same(before, after)
    fixed = {"action_header.time_ins_embed.w", "action_header.obs_proj.enc_pos.pe"}
    unused = {name for name in before if "blocks.1.attn.add_q_proj" in name}  # the last block asks nothing of it
    assert {name for name in before if name.startswith("vlm_model.")} | fixed | unused == alike
    assert (out / KEPT_WEIGHTS).is_file()
    card = read_psi0_folder(out).card()
    assert card["step"] == 2 and [len(kept) for kept in card["held_out"].values()] == [1]
    assert card["weights"]["vlm_model"] == read_psi0_folder(root / "policy").card()["weights"]["vlm_model"]
    measured = [json.loads(line) for line in (out / "training" / "metrics.jsonl").read_text().splitlines()]
    assert {"held_out_loss", "held_out_error"} <= set(measured[-1])


def test_its_scaling_is_that_of_the_data_and_it_answers(root, finetuned):
    policy = load_psi0_policy(finetuned[0], device=torch.device("cpu"), dtype=torch.float32)
    card = read_psi0_folder(finetuned[0]).card()
    (held_out,) = next(iter(card["held_out"].values()))
    data = LeRobotDataset(root / "data")
    learned = np.concatenate([data.read(index, cameras=()).action for index in range(3) if index != held_out])
    assert np.array_equal(policy.parts.action.low, learned.min(0))
    assert np.array_equal(policy.parts.action.high, learned.max(0))
    assert policy.layout == G1_DEX3 and policy.max_promised == 7
    seen = Observation(
        time=0.0,
        tick=0,
        joint_positions=np.zeros(43),
        joint_velocities=np.zeros(43),
        world_from_pelvis=np.array([1.0, 0, 0, 0]),
        pelvis_angular_velocity=np.zeros(3),
        images={"head": np.zeros((120, 160, 3), np.uint8)},
        state=np.zeros(32, np.float32),
        instruction="pick the bottle",
    )
    chunk = policy.act(seen, learned[:3])
    assert chunk.values.shape == (psi0_run.EXPERT.chunk, 36) and np.isfinite(chunk.values).all()
    assert np.array_equal(chunk.values[:3], learned[:3])


def test_exported_and_imported_again_it_is_the_same_policy(finetuned, tmp_path):
    out = finetuned[0]
    export_checkpoint(read_psi0_folder(out), tmp_path / "run")
    again = import_checkpoint(find_checkpoint(tmp_path / "run"), tmp_path / "again")
    first, second = read_psi0_folder(out), read_psi0_folder(tmp_path / "again")
    assert len(same(weights(out), weights(again.path))) == len(weights(out))
    assert (first.parts.contract, first.parts.layout, first.parts.expert, first.parts.step) == (
        second.parts.contract,
        second.parts.layout,
        second.parts.expert,
        second.parts.step,
    )
    assert (out / "stats.json").read_bytes() == (again.path / "stats.json").read_bytes()
    assert first.card()["weights"] == second.card()["weights"]


def write_hugging_face(folder: Path, tokenizer: Path) -> Path:
    """Write a Qwen3-VL of toy size with the real tokenizer."""
    config = replace(
        psi0_run.BACKBONE, shape=replace(psi0_run.BACKBONE.shape, vocabulary=151_680), picture_token=151_655
    )
    shutil.copytree(tokenizer, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    generator = torch.Generator().manual_seed(6)
    tensors = {name: torch.randn(size, generator=generator) / 4 for name, size in config.shape.shapes().items()}
    save_file({name: value.bfloat16() for name, value in tensors.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config.to_json()))
    return folder


def test_an_expert_is_posttrained_over_a_qwen_from_hugging_face_and_a_task_is_learned_from_it(
    root, shared_data, tmp_path, monkeypatch
):
    monkeypatch.setattr(psi0_start, "PAPER_SIZE", replace(psi0_run.EXPERT, positions=200))
    qwen = write_hugging_face(tmp_path / "qwen", shared_data / "tokenizer_qwen")
    with LeRobotWriter(tmp_path / "everyday", EVERYDAY_G1) as writer:
        writer.append(synthetic_episode(0, length=8, layout=EVERYDAY_G1))
    said = io.StringIO()
    mix = PosttrainConfig(
        data=(f"{root / 'data'}=1", f"{tmp_path / 'everyday'}=1"),
        out=tmp_path / "stage",
        size="psi0",
        begin_with=qwen,
        backbone="frozen",
        steps=1,
        batch_size=4,
        holdout=0.0,
        precision="float32",
        objective=ObjectiveConfig(draws=1, no_delay=1.0),
    )
    stage = trained(mix, said)
    found = read_psi0_folder(stage)
    assert "anew: action_header\n" in said.getvalue()
    assert found.parts.contract.max_delay == 0, "it never learned to go on from promised actions"
    assert (found.parts.contract.image_height, found.parts.contract.image_width) == (240, 320)
    task = trained(settings(root, tmp_path / "task", begin_with=stage, steps=1))
    card = read_psi0_folder(task).card()
    assert card["begun_with"]["anew"] == [] and card["begun_with"]["folder"] == str(stage.resolve())
    assert read_psi0_folder(task).parts.contract.max_delay == 7
    shape, kept = found.parts.backbone, weights(task)["vlm_model.model.visual.pos_embed.weight"]
    assert shape is not None and shape.vocabulary == 151_680 and kept.dtype == torch.bfloat16


def test_of_the_reference_s_posttraining_only_what_means_the_same_is_taken_over(root, tmp_path):
    run = shutil.copytree(root / "run", tmp_path / "run")
    config = json.loads((run / "run_config.json").read_text())
    config["data"]["transform"]["repack"]["use_delta_actions"] = True
    config["data"]["transform"]["field"]["normalize_state"] = False
    (run / "run_config.json").write_text(json.dumps(config))
    folder = import_checkpoint(find_checkpoint(run, Settings(layout="g1_dex3")), tmp_path / "before").path
    start = psi0_start.find_start(folder, G1_DEX3)
    assert start.expert.chunk == 30, "that of a policy, whatever the earlier one had"
    left_out = {name.removeprefix("action_header.") for name in set(weights(folder)) - set(start.tensors)}
    assert left_out == {
        "action_proj_in.dec_pos",
        *(f"action_proj_in.ac_proj.{layer}.{kind}" for layer in (0, 2) for kind in ("weight", "bias")),
        *(
            f"{layer}.{kind}"
            for layer in ("action_proj_out.linear", "obs_proj._obs_proc.1")
            for kind in ("weight", "bias")
        ),
    }


class _Interrupted(Console):
    """A console on which somebody presses Ctrl-C when the first checkpoint is told."""

    def print(self, *objects, **options):
        if "held_out_loss" in str(objects):
            raise KeyboardInterrupt


@pytest.mark.parametrize("backbone", ["frozen", "tuned"])
def test_a_training_in_two_parts_is_the_training_in_one(backbone, root, tmp_path):
    plain = {"steps": 3, "holdout": 0.34, "backbone": backbone}
    whole, parts = (settings(root, tmp_path / name, **plain) for name in ("whole", "parts"))
    trained(whole)
    with pytest.raises(KeyboardInterrupt):
        finetune(replace(parts, save_minutes=1e-9), console=_Interrupted(file=io.StringIO()))
    trained(replace(parts, resume=True, begin_with=None))
    first, second = weights(whole.out), weights(parts.out)
    assert len(same(first, second)) == len(first)
    learned = {
        name for name, value in weights(root / "policy").items() if not torch.equal(value.to(first[name]), first[name])
    }
    assert any(name.startswith("action_header.") for name in learned)
    assert any(name.startswith("vlm_model.model.visual") for name in learned) is (backbone == "tuned")
    assert read_psi0_folder(parts.out).card()["begun_with"] == read_psi0_folder(whole.out).card()["begun_with"]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_kept_features_give_the_losses_of_the_backbone_itself(precision, root, tmp_path):
    trainee = trainee_of(root, precision=precision)
    through = learnable(root, trainee, precision=precision)
    kept = learnable(root, trainee, precision=precision, features=tmp_path / "features")
    for step in range(3):
        first, second = (examples.loss(trainee.network, step).item() for examples in (through, kept))
        assert second == pytest.approx(first, abs=1e-5 if precision == "float32" else 5e-3)
    assert through.loss(trainee.network, 0).item() == through.loss(trainee.network, 0).item(), "dropout is of the step"


@pytest.mark.parametrize(("precision", "kind"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)])
def test_a_frozen_backbone_computes_in_the_precision_of_the_stage_as_the_policy_will(precision, kind, root):
    trainee = trainee_of(root, precision=precision)
    network = trainee.network
    assert {weight.dtype for weight in network.backbone.parameters()} == {kind}
    assert {weight.dtype for weight in network.parameters()} == {torch.float32}, "what learns is not rounded"
    assert not any(name.startswith("vlm_model.") for name in network.state_dict())
    policy = read_psi0_folder(root / "policy").load_backbone(dtype=kind)
    pictures = torch.randint(0, 256, (1, 1, *trainee.form.image_size, 3), dtype=torch.uint8)
    ids = trainee.words(["pick"])
    with torch.autocast("cpu", torch.bfloat16, enabled=kind == torch.bfloat16):
        seen = network.backbone(pictures, ids).tokens
    assert seen.dtype == kind
    assert torch.equal(seen, policy(pictures, ids).tokens)


def test_a_tuned_backbone_learns_in_bfloat16_activations_and_float32_weights(root):
    trainee = trainee_of(root, backbone="tuned", precision="bfloat16")
    learnable(root, trainee, backbone="tuned", precision="bfloat16").loss(trainee.network, 0).backward()
    seen = trainee.network.backbone.model.visual.patch_embed.proj.weight.grad
    assert seen is not None and seen.dtype == torch.float32 and seen.abs().max() > 0


def test_the_loss_on_one_batch_falls(root):
    trainee = trainee_of(root)
    examples = learnable(root, trainee, objective=ObjectiveConfig(draws=4, blind=0.0), batch_size=4)
    optimizer = make_optimizer(trainee.network, settings(root, root).optimizer)
    for group in optimizer.param_groups:
        group["lr"] = 3e-3
    losses = []
    for _ in range(30):
        loss = examples.loss(trainee.network, 0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]
    average = RunningAverage(trainee.network)
    measured = trainee.with_weights(average.weights())
    assert isinstance(measured, Psi0Network) and measured.backbone is trainee.network.backbone, "4 GB need no copy"


def test_the_plain_loss_is_that_on_the_velocity_and_padding_changes_nothing(root):
    network = trainee_of(root).network.eval()
    chunk, numbers, context = psi0_run.EXPERT.chunk, 36, psi0_run.EXPERT.context_size
    config = ObjectiveConfig(draws=1, no_delay=1.0, promise_noise=0.0, blind=0.0, weight_power=2.0)
    draws = draw(torch.Generator().manual_seed(0), batch=2, rows=chunk, numbers=numbers, max_delay=0, config=config)
    draws = replace(draws, sigma=draws.sigma.clamp(min=0.1))
    tokens, state, action = torch.randn(2, 9, context), torch.randn(2, 36), torch.randn(2, chunk, numbers)
    known = torch.ones(2, numbers, dtype=torch.bool)
    seen = VisionLanguage(tokens, torch.ones(2, 9, dtype=torch.bool), tokens.mean(1))
    loss = flow_loss(network, seen, state, action, known, draws, config)
    expert = network.action_header
    noisy = (1 - draws.sigma[..., None]) * action + draws.sigma[..., None] * draws.noise
    velocity = expert(noisy, TIME_SCALE * draws.sigma, expert.observe(tokens, state))
    assert loss.item() == pytest.approx((velocity - (draws.noise - action)).square().mean().item(), rel=1e-4)
    longer = torch.cat([tokens, torch.randn(2, 3, context)], dim=1)
    padded = VisionLanguage(longer, torch.arange(12).expand(2, -1) < 9, tokens.mean(1))
    assert flow_loss(network, padded, state, action, known, draws, config).item() == pytest.approx(
        loss.item(), rel=1e-5
    )


def test_what_cannot_be_begun_with_is_one_line(root, tmp_path):
    with pytest.raises(ConfigError, match="begins with weights that have learned to see: name an imported policy or"):
        settings(root, tmp_path, begin_with=None, backbone="tuned")
    with pytest.raises(PolicyError, match=r"no folder .* to begin with"):
        trained(settings(root, tmp_path / "out", begin_with=tmp_path / "nowhere"))
    own = trained(settings(root, tmp_path / "own", size="tiny", begin_with=None, backbone="tuned", steps=1))
    with pytest.raises(PolicyError, match="holds PsiZero's own network, not that of Psi0"):
        trained(settings(root, tmp_path / "out", begin_with=own))
    with pytest.raises(PolicyError, match="holds the network of Psi0; begin with it by --size psi0"):
        trained(settings(root, tmp_path / "out", size="tiny"))
    with pytest.raises(PolicyError, match="is a checkpoint of the reference; make a policy of it first"):
        trained(settings(root, tmp_path / "out", begin_with=root / "run" / "checkpoints" / "ckpt_40000"))
    alone = reference_run.write_expert(tmp_path / "expert")
    expert = import_checkpoint(find_checkpoint(alone), tmp_path / "alone").path
    with pytest.raises(PolicyError, match="holds the action expert alone; import it with --vlm FOLDER"):
        trained(settings(root, tmp_path / "out", begin_with=expert))
    with LeRobotWriter(tmp_path / "people", HUMAN) as writer:
        writer.append(synthetic_episode(0, length=4, layout=HUMAN))
    with pytest.raises(ConfigError, match=r"has places for 36 numbers of a state .* layout 'human' has 48 and 48"):
        trained(settings(root, tmp_path / "out", data=(tmp_path / "people",)))
    assert not (tmp_path / "out").exists()
